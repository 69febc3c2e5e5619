"""Opens the register's workbook: the spreadsheets at Google where the settings say so, else the files.

What talks to Google is imported where it is needed: it takes a third of a second, and many a register is
a folder of files.
"""

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from config.settings import GoogleSettings, Settings
from services.tables.schema import ROUND_PLACE, load_schema
from services.workbook.excel import ExcelFolder
from services.workbook.port import Workbook

if TYPE_CHECKING:
    from services.workbook.google_accounts import Account
    from services.workbook.google_book import AddressBook
    from services.workbook.google_terms import Usage
    from services.workbook.google_workbook import GoogleWorkbook
    from services.workbook.pacing import Pace

BOOK_FILE = "google.toml"
"""What setting up has found out of the spreadsheets at Google, in the state folder."""

JOURNAL_FOLDER = "journal"
"""What Google has not answered for yet, in the state folder too."""


def open_workbook(settings: Settings) -> Workbook:
    """The workbook of these settings. NotConnected where there is no key to Google to be had."""
    if settings.google is None:
        return ExcelFolder(settings.data, settings.state)
    return open_google(settings)


def open_google(settings: Settings, pace: "Pace | None" = None) -> "GoogleWorkbook":
    """The spreadsheets at Google, to which the settings have to say the way."""
    from services.workbook.google import SheetsClient
    from services.workbook.google_workbook import GoogleWorkbook
    from services.workbook.pacing import Pace

    google = settings.google or GoogleSettings()
    client = SheetsClient(_account(google), pace or Pace(), google.base_url)
    journal = settings.state / JOURNAL_FOLDER
    return GoogleWorkbook(client, address_book(settings), is_per_round, journal=journal)


def as_google(workbook: Workbook) -> "GoogleWorkbook | None":
    """The workbook, if its spreadsheets are at Google."""
    if isinstance(workbook, ExcelFolder):
        return None
    from services.workbook.google_workbook import GoogleWorkbook

    return workbook if isinstance(workbook, GoogleWorkbook) else None


def address_book(settings: Settings) -> "AddressBook":
    """Which spreadsheet at Google bears which name."""
    from services.workbook.google_book import AddressBook

    google = settings.google or GoogleSettings()
    return AddressBook(google.spreadsheets, settings.state / BOOK_FILE)


def is_per_round(spreadsheet: str) -> bool:
    """Whether a spreadsheet of that name holds one closed round."""
    return spreadsheet.startswith(_round_prefixes())


@lru_cache
def _round_prefixes() -> tuple[str, ...]:
    named = (table.spreadsheet for table in load_schema().tables)
    return tuple({name.partition(ROUND_PLACE)[0] for name in named if ROUND_PLACE in name})


def register_name(workbook: Workbook, settings: Settings, main: str) -> str:
    """What this very register is called among what the app keeps for itself, so that no two ever mix."""
    google = as_google(workbook)
    register = f"google {google.book.ids().get(main, '')}" if google else f"folder {settings.data}"
    return hashlib.sha256(register.encode()).hexdigest()[:16]


def state_folder(workbook: Workbook, settings: Settings, main: str) -> Path:
    """Where what is kept of this very register belongs, so that two registers never mix."""
    google = as_google(workbook)
    if google is None:
        return settings.state
    id_ = google.book.ids().get(main, "")
    return settings.state / f"google-{hashlib.sha256(id_.encode()).hexdigest()[:16]}"


def link_to(workbook: Workbook, spreadsheet: str, sheet: str | None, cell: str | None) -> str | None:
    """The address of a cell for a person to open; None where there is none."""
    google = as_google(workbook)
    return google.link(spreadsheet, sheet, cell) if google else None


def usage_of(workbook: Workbook) -> "Usage | None":
    """What has been asked of Google; None where the spreadsheets are files."""
    google = as_google(workbook)
    return google.usage() if google else None


def _account(google: GoogleSettings) -> "Account":
    from services.workbook import google_accounts as accounts

    if google.key is not None:
        return accounts.account_of_key(google.key)
    if google.key_file is not None:
        return accounts.account_of_file(google.key_file)
    return accounts.anonymous() if google.is_anonymous else accounts.account_of_surroundings()
