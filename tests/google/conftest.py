"""One local Google for all tests of a module, empty at the start of each."""

from collections.abc import Iterator

import gspread
import pytest

from tests.sheets_server.client import connect
from tests.sheets_server.serving import LocalGoogle, local_google


@pytest.fixture(scope="module")
def running() -> Iterator[LocalGoogle]:
    with local_google() as server:
        yield server


@pytest.fixture
def google(running: LocalGoogle) -> Iterator[LocalGoogle]:
    """An empty Google; fails the test if an answer was not as the discovery documents say."""
    running.control.reset(seed=1)
    running.control.settings(check_answers=True)
    yield running
    problems = running.control.problems()
    assert (problems["answers"], problems["crashes"]) == ([], [])


@pytest.fixture
def client(google: LocalGoogle) -> gspread.Client:
    found = connect(google.url)
    found.http_client.set_timeout(5)
    return found


@pytest.fixture
def book(client: gspread.Client) -> gspread.Spreadsheet:
    return client.create("Prov")


@pytest.fixture
def sheet(book: gspread.Spreadsheet) -> gspread.Worksheet:
    return book.sheet1
