"""One demo register for the whole run; one server and one browser for each worker."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.driving import chromium
from tests.serving import Server, demo_register, serving


@pytest.fixture(scope="session")
def register(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The demo register; read it, don't write it."""
    base = tmp_path_factory.getbasetemp()
    # Each worker has a folder of its own below the run's.
    return demo_register(base if worker_id == "master" else base.parent)


@pytest.fixture(scope="session")
def server(register: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on the demo register."""
    with serving(register, tmp_path_factory.mktemp("server") / "server.log") as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The browser found on this machine."""
    with chromium() as running:
        yield running
