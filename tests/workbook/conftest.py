"""One register, opened as each of the workbooks there are."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from services.workbook.excel import ExcelFolder
from services.workbook.google import SheetsClient
from services.workbook.google_accounts import anonymous
from services.workbook.google_book import AddressBook
from services.workbook.google_workbook import GoogleWorkbook
from services.workbook.memory import Formula, MemoryWorkbook
from services.workbook.pacing import Pace
from services.workbook.port import Workbook
from tests.sheets_server.serving import LocalGoogle
from tests.workbook.contract import Content, Register, save_with_openpyxl

Opened = Callable[[Register], Workbook]


@pytest.fixture(params=["memory", "excel", "google"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Opened:
    def open_(register: Register) -> Workbook:
        if request.param == "memory":
            return MemoryWorkbook(register)
        if request.param == "google":
            return on_google(request.getfixturevalue("running_google"), register, tmp_path)
        for name, sheets in register.items():
            save_with_openpyxl(tmp_path / f"{name}.xlsx", sheets)
        return ExcelFolder(tmp_path)

    return open_


def on_google(google: LocalGoogle, register: Register, state: Path) -> GoogleWorkbook:
    google.control.reset(0)
    ids = {
        name: google.control.spreadsheet(
            name, {title: [[typed(cell) for cell in row] for row in rows] for title, rows in sheets.items()}
        )
        for name, sheets in register.items()
    }
    client = SheetsClient(anonymous(), Pace(clock=lambda: 0.0, sleep=lambda _: None, calls=10**6), google.url)
    return GoogleWorkbook(client, AddressBook(ids), journal=state)


def typed(cell: Content) -> object:
    """What a person types to get this cell."""
    if isinstance(cell, Formula):
        return cell.text
    if isinstance(cell, dt.date | dt.time):
        return cell.isoformat()
    if isinstance(cell, str) and cell:
        return f"'{cell}"
    return "" if cell is None else cell
