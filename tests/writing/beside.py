"""A workbook with something happening around its calls: trouble, or a person who edits in between."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TypeVar

from services.workbook.port import CellChange, Columns, Row, Snapshot, Version, Workbook

T = TypeVar("T")

Happening = Callable[[str], None]
"""Told which call it is; it may edit, or raise."""


def nothing(_: str) -> None:
    """All is well."""


class Beside:
    """A real workbook whose calls are each preceded and followed by whatever the test says."""

    def __init__(self, workbook: Workbook) -> None:
        self.real = workbook
        self.before: Happening = nothing
        self.after: Happening = nothing
        self.calls: list[str] = []

    def spreadsheets(self) -> frozenset[str]:
        return self.real.spreadsheets()

    def version(self, spreadsheet: str) -> Version:
        return self.real.version(spreadsheet)

    def read(self, spreadsheet: str, sheets: Collection[str] | None = None) -> Snapshot:
        return self.real.read(spreadsheet, sheets)

    def fresh(self, spreadsheet: str, sheets: Collection[str]) -> Snapshot:
        return self._around("fresh", lambda: self.real.fresh(spreadsheet, sheets))

    def columns(self, spreadsheet: str, wanted: Mapping[str, Collection[str]]) -> Columns:
        return self._around("columns", lambda: self.real.columns(spreadsheet, wanted))

    def append(self, spreadsheet: str, rows: Mapping[str, Sequence[Row]]) -> None:
        self.rows, self.place = rows, spreadsheet
        self._around("append", lambda: self.real.append(spreadsheet, rows))

    def write(self, spreadsheet: str, changes: Sequence[CellChange], seen: Snapshot) -> None:
        self._around("write", lambda: self.real.write(spreadsheet, changes, seen))

    def _around(self, call: str, do: Callable[[], T]) -> T:
        self.calls.append(call)
        self.before(call)
        found = do()
        self.after(call)
        return found
