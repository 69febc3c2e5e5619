"""The values of a sheet, before anything is known of what they mean."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

Cell: TypeAlias = str | int | float | bool | dt.date | dt.datetime | dt.time | None
"""One cell as read: blank is None or "", an error is its text ("#N/A"), a formula is its last value."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The values of one sheet, column by column.

    `columns[c][r - 1]` is the cell in column number c (0 is A) and row r as the spreadsheet
    numbers it; all columns are equally long. The header row is among them.
    """

    columns: tuple[Sequence[Cell], ...]

    @property
    def height(self) -> int:
        """Number of rows, the header row included."""
        return len(self.columns[0]) if self.columns else 0
