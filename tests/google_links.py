"""A way to the local Google for setting up and moving, and a small town to move."""

from pathlib import Path

from services.connecting import Link
from services.workbook.google import SheetsClient
from services.workbook.google_accounts import anonymous
from services.workbook.google_book import AddressBook
from tests.on_google import Time
from tests.sheets_server.serving import LocalGoogle


def a_link(google: LocalGoogle, folder: Path, said: list[str] | None = None) -> Link:
    """As the command line opens it, with a clock that only sleeping moves on."""
    client = SheetsClient(anonymous(), Time().pace(), google.url)
    return Link(client, AddressBook({}, folder / "google.toml"), (said if said is not None else []).append)
