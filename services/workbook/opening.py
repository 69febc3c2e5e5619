"""Opens the register's workbook: the spreadsheets at Google where the settings say so, else the files."""

import hashlib
from functools import lru_cache
from pathlib import Path

from config.settings import GoogleSettings, Settings
from services.tables.schema import ROUND_PLACE, load_schema
from services.workbook.excel import ExcelFolder
from services.workbook.google import SheetsClient
from services.workbook.google_accounts import (
    Account,
    account_of_file,
    account_of_key,
    account_of_surroundings,
    anonymous,
)
from services.workbook.google_book import AddressBook
from services.workbook.google_terms import Usage
from services.workbook.google_workbook import GoogleWorkbook
from services.workbook.pacing import Pace
from services.workbook.port import Workbook

BOOK_FILE = "google.toml"
"""What setting up has found out of the spreadsheets at Google, in the state folder."""


def open_workbook(settings: Settings) -> Workbook:
    """The workbook of these settings. NotConnected where there is no key to Google to be had."""
    if settings.google is None:
        return ExcelFolder(settings.data, settings.state)
    return open_google(settings)


def open_google(settings: Settings, pace: Pace | None = None) -> GoogleWorkbook:
    """The spreadsheets at Google, to which the settings have to say the way."""
    google = settings.google or GoogleSettings()
    client = SheetsClient(_account(google), pace or Pace(), google.base_url)
    return GoogleWorkbook(client, address_book(settings), is_per_round)


def address_book(settings: Settings) -> AddressBook:
    """Which spreadsheet at Google bears which name."""
    google = settings.google or GoogleSettings()
    return AddressBook(google.spreadsheets, settings.state / BOOK_FILE)


def is_per_round(spreadsheet: str) -> bool:
    """Whether a spreadsheet of that name holds one closed round."""
    return spreadsheet.startswith(_round_prefixes())


@lru_cache
def _round_prefixes() -> tuple[str, ...]:
    named = (table.spreadsheet for table in load_schema().tables)
    return tuple({name.partition(ROUND_PLACE)[0] for name in named if ROUND_PLACE in name})


def state_folder(workbook: Workbook, settings: Settings, main: str) -> Path:
    """Where what is kept of this very register belongs, so that two registers never mix."""
    if not isinstance(workbook, GoogleWorkbook):
        return settings.state
    id_ = workbook.book.ids().get(main, "")
    return settings.state / f"google-{hashlib.sha256(id_.encode()).hexdigest()[:16]}"


def link_to(workbook: Workbook, spreadsheet: str, sheet: str | None, cell: str | None) -> str | None:
    """The address of a cell for a person to open; None where there is none."""
    return workbook.link(spreadsheet, sheet, cell) if isinstance(workbook, GoogleWorkbook) else None


def usage_of(workbook: Workbook) -> Usage | None:
    """What has been asked of Google; None where the spreadsheets are files."""
    return workbook.usage() if isinstance(workbook, GoogleWorkbook) else None


def _account(google: GoogleSettings) -> Account:
    if google.key is not None:
        return account_of_key(google.key)
    if google.key_file is not None:
        return account_of_file(google.key_file)
    return anonymous() if google.is_anonymous else account_of_surroundings()
