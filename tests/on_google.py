"""Registers in the local Google: as people would have typed them, and the product's own way to them."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

from services.keeping import KeptRounds
from services.last_copies import LastCopies
from services.reading import Reader
from services.tables.schema import load_schema
from services.workbook.google import SheetsClient
from services.workbook.google_accounts import anonymous
from services.workbook.google_book import AddressBook
from services.workbook.google_workbook import GoogleWorkbook
from services.workbook.opening import is_per_round
from services.workbook.pacing import PAGE, Pace, Patience
from tests.people import Sheets
from tests.sheets_server.serving import LocalGoogle

NOON = dt.datetime(2022, 1, 24, 12, tzinfo=dt.UTC)


class Time:
    """A clock that only sleeping, and whoever holds it, moves on."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def pace(self) -> Pace:
        return Pace(clock=self, sleep=self.sleep, chance=lambda: 1.0)

    def today(self) -> dt.datetime:
        """The same as a date: noon is where the clock began."""
        return NOON + dt.timedelta(seconds=self.now - 1000.0)


def typed(cell: object) -> object:
    """A cell as a person types it: text that stays text, dates and numbers as such."""
    if isinstance(cell, dt.date | dt.time):
        return cell.isoformat()
    if isinstance(cell, str) and cell:
        return f"'{cell}"
    return "" if cell is None else cell


def put(google: LocalGoogle, sheets: Sheets, locale: str = "sv_SE") -> dict[str, str]:
    """Make a spreadsheet of each; their ids by name."""
    return {
        name: google.control.spreadsheet(
            name,
            {title: [[typed(cell) for cell in row] for row in rows] for title, rows in grids.items()},
            locale,
        )
        for name, grids in sheets.items()
    }


def a_google_workbook(
    google: LocalGoogle, ids: Mapping[str, str], time: Time | None = None, patience: Patience = PAGE
) -> GoogleWorkbook:
    """As the app opens it, as a new process."""
    client = SheetsClient(anonymous(), (time or Time()).pace(), google.url)
    return GoogleWorkbook(client, AddressBook(ids), is_per_round, patience)


def a_reader(workbook: GoogleWorkbook, state: Path, time: Time) -> Reader:
    """As the app reads it, with what is kept in the state folder."""
    copies = LastCopies(state / "last", time.today)
    return Reader(workbook, load_schema(), KeptRounds(state / "rounds"), copies)


def asked(google: LocalGoogle) -> dict[str, int]:
    """The requests that the server has counted since it was asked last, by operation."""
    counts = google.control.counts()["requests"]
    google.control.clear_counts()
    return {name: counts[name] for name in OPERATIONS if name in counts}


OPERATIONS = ("oauth.token", "drive.files.list", "sheets.get", "sheets.values.batchGet", "sheets.batchUpdate")
