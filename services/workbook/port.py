"""What the rest of the product asks of a place where spreadsheets live."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NewType, Protocol, TypeAlias

from services.tables.sheet import Cell as Cell
from services.tables.sheet import Sheet as Sheet

Row: TypeAlias = Mapping[str, Cell]
"""A row to append, by header; headers the sheet does not have are refused."""

Version = NewType("Version", str)
"""Changes whenever the content may have changed; cheap to ask for."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A spreadsheet as it stood at one version."""

    version: Version
    sheets: Mapping[str, Sheet]


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

    def read(self, spreadsheet: str) -> Snapshot:
        """All sheets of the spreadsheet."""
        ...

    def append(self, spreadsheet: str, rows: Mapping[str, Sequence[Row]]) -> None:
        """Add rows after the last row with content of each sheet named, all of them or none."""
        ...

    def write(self, spreadsheet: str, changes: Sequence[CellChange], seen: Version) -> None:
        """Change cells of the version that was seen, all of them or none.

        SpreadsheetChanged if the spreadsheet is no longer at that version, CellProtected if a cell
        holds a formula. Everything that is not named stays as it is.
        """
        ...
