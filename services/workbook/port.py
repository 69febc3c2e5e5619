"""What the rest of the product asks of a place where spreadsheets live."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NewType, Protocol, TypeAlias

from services.tables.sheet import Cell as Cell
from services.tables.sheet import Sheet as Sheet

Row: TypeAlias = Mapping[str, Cell]
"""A row to append, by header; headers the sheet does not have are refused."""

Version = NewType("Version", str)
"""Changes whenever the content may have changed; cheap to ask for."""


Place: TypeAlias = tuple[str, int, int]
"""A cell: sheet, row as the spreadsheet numbers it, column (0 for A)."""

RowNumbers: TypeAlias = Mapping[str, Collection[int]]
"""Rows by sheet, as the spreadsheet numbers them."""

Columns: TypeAlias = Mapping[str, Mapping[str, Sequence[Cell]]]
"""Columns below their headers, by sheet and header."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A spreadsheet as it stood at one version.

    `formulas` are the cells known to hold one; a workbook that does not tell them refuses in `write`.
    """

    version: Version
    sheets: Mapping[str, Sheet]
    formulas: frozenset[Place] = frozenset()


@dataclass(frozen=True, slots=True)
class CellChange:
    """A new value for one cell; `row` as the spreadsheet numbers it, `column` 0 for A."""

    sheet: str
    row: int
    column: int
    value: Cell


class Workbook(Protocol):
    """All spreadsheets of one register, wherever they live; every method may raise WorkbookTrouble.

    Different spreadsheets may be read by several threads at once.
    """

    def spreadsheets(self) -> frozenset[str]:
        """The names of the spreadsheets that exist, such as "vebs" and "svar-2021"."""
        ...

    def version(self, spreadsheet: str) -> Version:
        """The present version, without reading the content. SpreadsheetMissing if it is not there."""
        ...

    def read(self, spreadsheet: str, sheets: Collection[str] | None = None) -> Snapshot:
        """The sheets named, or all, of the spreadsheet; a sheet that is not there is left out.

        It may be some seconds old. Dates may read as their day numbers, and times as parts of a day.
        """
        ...

    def fresh(self, spreadsheet: str, sheets: Collection[str]) -> Snapshot:
        """The sheets as they stand at this moment, to be changed with `write`."""
        ...

    def columns(self, spreadsheet: str, wanted: Mapping[str, Collection[str]]) -> Columns:
        """The columns named, by sheet, as they stand at this moment; what is not there is left out."""
        ...

    def append(self, spreadsheet: str, rows: Mapping[str, Sequence[Row]]) -> None:
        """Add rows after the last row with content of each sheet named, all of them or none.

        OutcomeUnknown where it can't be told whether they were added.
        """
        ...

    def remove(self, spreadsheet: str, rows: RowNumbers, seen: Snapshot) -> None:
        """Empty rows of the fresh snapshot that was seen, by sheet and number, all of them or none.

        Rows that came below meanwhile stay. Looks and notes stay, and no row moves; a formula may stay, but
        not what it showed.
        SpreadsheetChanged if a row concerned or the headers are no longer as they were seen, OutcomeUnknown
        where it can't be told. Copies of what was there may be left until `forget`.
        """
        ...

    def forget(self, spreadsheet: str) -> None:
        """Leave no copy behind of what the spreadsheet held before, but for what its own sheets show.

        Trouble means that there may be one: to be run again, which does no harm.
        """
        ...

    def write(self, spreadsheet: str, changes: Sequence[CellChange], seen: Snapshot) -> None:
        """Change cells of the snapshot that was seen, all of them or none.

        SpreadsheetChanged if the rows concerned are no longer as they were seen, CellProtected if a
        cell holds a formula, OutcomeUnknown where it can't be told. Everything that is not named stays
        as it is.
        """
        ...
