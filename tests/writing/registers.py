"""A small register to write in, as each kind of workbook, with a writer whose time is moved by hand."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import openpyxl

from services.assembly import INBOX, MAIN
from services.history import CHAIN, HEADERS, LOG, LogRow, log_rows
from services.outbox import Outbox
from services.tables.schema import load_schema
from services.workbook.excel import ExcelFolder
from services.workbook.google import SheetsClient
from services.workbook.google_accounts import anonymous
from services.workbook.google_book import AddressBook
from services.workbook.google_workbook import GoogleWorkbook
from services.workbook.memory import Formula
from services.workbook.pacing import Pace
from services.workbook.port import Cell, Workbook
from services.writing.deeds import NewRow, Outcome, RowChange, SubmissionId
from services.writing.tempo import LOCAL, Tempo
from services.writing.writer import Writer
from tests.sheets_server.serving import LocalGoogle

SCHEMA = load_schema()
PLAN = "Handlingsplan"
UNNI = "unni@example.se"
NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)

Content = Cell | Formula
Sheets = Mapping[str, Mapping[str, Sequence[Sequence[Content]]]]


def headers(sheet: str, *questions: str) -> list[str]:
    return [column.header for column in SCHEMA.table(sheet).columns] + list(questions)


def an_action(id_: str = "a1", **values: Cell) -> dict[str, Cell]:
    usual = {"Omgång": "2021", "Skolenhetskod": "00000001", "Delområde": 1, "Mål": "Ett mål"}
    return {"Insats": id_, **usual, "Aktivitet": "En aktivitet", "Status": "Planerad", **values}


def a_row(sheet: str, values: Mapping[str, Content]) -> list[Content]:
    return [values.get(header, "") for header in headers(sheet)]


def a_register(actions: Sequence[Mapping[str, Content]] = ()) -> dict[str, dict[str, list[list[Content]]]]:
    """The register with these actions; with a note and a column of their own beside them."""
    plan: list[list[Content]] = [[*headers(PLAN), "Egen kolumn"]]
    plan += [[*a_row(PLAN, action), f"anteckning {number}"] for number, action in enumerate(actions)]
    return {
        MAIN: {
            PLAN: plan,
            "Delområden": [headers("Delområden"), [1, "Ledning", ""], [2, "Undervisning", ""]],
            "Närvaro": [headers("Närvaro")],
            LOG: [[*HEADERS, CHAIN]],
        },
        INBOX: {
            "Inkomna": [headers("Inkomna", "L1", "L2")],
            "Deltagande": [headers("Deltagande")],
        },
    }


def an_answer(key: str, version: int = 1, **levels: Cell) -> list[NewRow]:
    """What one person sends in: the answers, and that she has answered."""
    about: dict[str, Cell] = {"Nyckel": key, "Omgång": "2021", "Skolenhetskod": "00000001"}
    return [
        NewRow("Inkomna", {**about, "Version": version, "L1": 3, **levels}, INBOX),
        NewRow("Deltagande", about, INBOX),
    ]


def a_change(
    key: str = "a1", seen: Cell = "Ett mål", new: Cell = "Ett annat mål", field: str = "Mål"
) -> RowChange:
    return RowChange(PLAN, (key,), {field: seen}, {field: new})


class Time:
    """Seconds that pass when somebody sleeps, or when a test says so."""

    def __init__(self) -> None:
        self.seconds = 1_000_000.0

    def monotonic(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.seconds += max(0.0, seconds)

    def now(self) -> dt.datetime:
        return NOW + dt.timedelta(seconds=self.seconds - 1_000_000.0)

    def tempo(self, usual: Tempo = LOCAL) -> Tempo:
        return replace(usual, monotonic=self.monotonic, sleep=self.sleep, chance=lambda: 1.0)


@dataclass
class App:
    """A workbook, an outbox and a writer that writes when the test lets it."""

    workbook: Workbook
    outbox: Outbox
    time: Time
    usual: Tempo = LOCAL

    def __post_init__(self) -> None:
        self.writer = Writer(self.workbook, SCHEMA, self.outbox, self.time.now, self.time.tempo(self.usual))

    def restarted(self) -> "App":
        """What a new process finds: the same workbook and the same file."""
        self.outbox.close()
        return App(self.workbook, Outbox(self.outbox.path), self.time, self.usual)

    def run(self, seconds: float = 300.0) -> None:
        """Let the writer write until nothing waits, or for so long."""
        until = self.time.seconds + seconds
        while (wait := self.writer.once()) is not None and self.time.seconds + wait < until:
            self.time.sleep(wait)

    def do(self, *deeds: NewRow | RowChange, event: str = "Ändring") -> Outcome:
        """Submit, let the writer write, and tell what came of it."""
        return self.after(self.writer.submit(deeds, UNNI, event))

    def after(self, id_: SubmissionId) -> Outcome:
        self.run()
        return self.writer.outcome(id_)

    @property
    def _real(self) -> Workbook:
        """The workbook itself, without whatever happens around the writer's calls."""
        return getattr(self.workbook, "real", self.workbook)

    def rows(self, sheet: str = PLAN, spreadsheet: str = MAIN) -> list[dict[str, Cell]]:
        """The rows that are not blank, by header, without the blank cells."""
        columns = self._real.fresh(spreadsheet, [sheet]).sheets[sheet].columns
        below = list(zip(*columns, strict=True))
        found = [
            {str(header): cell for header, cell in zip(below[0], row, strict=True) if cell not in (None, "")}
            for row in below[1:]
        ]
        return [row for row in found if row]

    def log(self) -> list[LogRow]:
        return log_rows(self._real.fresh(MAIN, [LOG]).sheets[LOG])


def on_disk(folder: Path, sheets: Sheets) -> ExcelFolder:
    """The register as .xlsx files."""
    for name, content in sheets.items():
        book = openpyxl.Workbook()
        book.remove(book.worksheets[0])
        for title, rows in content.items():
            page = book.create_sheet(title)
            for r, row in enumerate(rows, 1):
                for c, cell in enumerate(row, 1):
                    if cell not in (None, ""):
                        page.cell(r, c).value = cell.text if isinstance(cell, Formula) else cell
        book.save(folder / f"{name}.xlsx")
    return ExcelFolder(folder, folder / "state")


def on_google(google: LocalGoogle, sheets: Sheets, journal: Path, pace: Pace | None = None) -> GoogleWorkbook:
    """The register at the local Google."""
    google.control.reset(0)
    ids = {
        name: google.control.spreadsheet(
            name, {title: [[_typed(cell) for cell in row] for row in rows] for title, rows in content.items()}
        )
        for name, content in sheets.items()
    }
    hurried = Pace(clock=lambda: 0.0, sleep=lambda _: None, calls=10**6)
    client = SheetsClient(anonymous(), pace or hurried, google.url)
    return GoogleWorkbook(client, AddressBook(ids), journal=journal)


Opened = Callable[[Sheets], App]


def _typed(cell: Content) -> object:
    """What a person types to get this cell."""
    if isinstance(cell, Formula):
        return cell.text
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return f"'{cell}" if isinstance(cell, str) and cell else cell
