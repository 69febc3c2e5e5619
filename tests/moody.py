"""A workbook that some days can't be read, and that remembers what was asked of it."""

import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from services.errors import SpreadsheetMissing, SpreadsheetUnreadable
from services.workbook.memory import MemoryWorkbook
from services.workbook.port import CellChange, Columns, Row, Snapshot, Version


@dataclass
class MoodyWorkbook:
    """Everything is in `inside`; the spreadsheets in `damaged` and `gone` can't be read."""

    inside: MemoryWorkbook
    damaged: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    was_read: list[str] = field(default_factory=list)
    may_go_on: threading.Event = field(default_factory=threading.Event)
    reading_began: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.may_go_on.set()

    def spreadsheets(self) -> frozenset[str]:
        return self.inside.spreadsheets() - self.gone

    def version(self, spreadsheet: str) -> Version:
        self.asked.append(spreadsheet)
        self._refuse(spreadsheet)
        return self.inside.version(spreadsheet)

    def read(self, spreadsheet: str, sheets: Collection[str] | None = None) -> Snapshot:
        """Waits until it may go on, as a slow disk or a slow network makes one wait."""
        self.was_read.append(spreadsheet)
        self.reading_began.set()
        assert self.may_go_on.wait(10)
        self._refuse(spreadsheet)
        return self.inside.read(spreadsheet, sheets)

    def fresh(self, spreadsheet: str, sheets: Collection[str]) -> Snapshot:
        return self.inside.fresh(spreadsheet, sheets)

    def columns(self, spreadsheet: str, wanted: Mapping[str, Collection[str]]) -> Columns:
        return self.inside.columns(spreadsheet, wanted)

    def append(self, spreadsheet: str, rows: Mapping[str, Sequence[Row]]) -> None:
        self.inside.append(spreadsheet, rows)

    def write(self, spreadsheet: str, changes: Sequence[CellChange], seen: Snapshot) -> None:
        self.inside.write(spreadsheet, changes, seen)

    def _refuse(self, spreadsheet: str) -> None:
        if spreadsheet in self.gone:
            raise SpreadsheetMissing(spreadsheet, f"{spreadsheet} finns inte.")
        if spreadsheet in self.damaged:
            raise SpreadsheetUnreadable(spreadsheet, f"{spreadsheet} går inte att läsa.")
