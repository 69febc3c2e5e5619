"""What is wrong in the sheets: where, what, and what to do about it."""

import datetime as dt
import math
from dataclasses import dataclass, field
from enum import StrEnum


class Rule(StrEnum):
    """The rules of the check, as scripts know them."""

    MISSING_SHEET = "missing_sheet"
    MISSING_COLUMN = "missing_column"
    DUPLICATE_COLUMN = "duplicate_column"
    DUPLICATE_KEY = "duplicate_key"
    MISSING_KEY = "missing_key"
    REQUIRED = "required"
    WRONG_TYPE = "wrong_type"
    NOT_A_CHOICE = "not_a_choice"
    UNKNOWN_REFERENCE = "unknown_reference"
    OUT_OF_RANGE = "out_of_range"
    MORE_ANSWERS_THAN_STAFF = "more_answers_than_staff"
    REFERENCE_CYCLE = "reference_cycle"
    OVERLAPPING_ROUNDS = "overlapping_rounds"
    FORMULA_ERROR = "formula_error"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in the sheets.

    `row` is numbered as the spreadsheet numbers it and `column` is its letter; both are None where
    the trouble is not in a cell. `value` is what stands there, in JSON; `advice` says in Swedish what to do.
    Where a date or a time stands there, `value` is its text and `moment` the very thing.
    """

    spreadsheet: str
    sheet: str
    row: int | None
    column: str | None
    header: str | None
    value: str | int | float | bool | None
    rule: Rule
    advice: str
    moment: dt.date | dt.time | None = field(default=None, compare=False)

    @property
    def place(self) -> str:
        """Where it is, as a person says it: "Skolor, cell B7"."""
        if self.row is None or self.column is None:
            return self.sheet if self.row is None else f"{self.sheet}, rad {self.row}"
        return f"{self.sheet}, cell {self.column}{self.row}"


def column_letter(index: int) -> str:
    """The letter of a column, 0 for A, 26 for AA."""
    letters = ""
    index += 1
    while index:
        index, remainder = divmod(index - 1, 26)
        letters = chr(ord("A") + remainder) + letters
    return letters


def moment_of(value: object) -> dt.date | dt.time | None:
    """A cell's value, if it is a date or a time."""
    return value if isinstance(value, dt.date | dt.time) else None


def plain_value(value: object) -> str | int | float | bool | None:
    """A cell's value as JSON and a sentence can show it: dates as ISO text, 3.0 as 3."""
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, float) and math.isfinite(value):
        return int(value) if value.is_integer() else value
    if value is None or isinstance(value, str | int):
        return value
    return str(value)
