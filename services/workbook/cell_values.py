"""What one cell can hold, and what it reads as once it is stored: the same for every kind of workbook."""

import datetime as dt
import functools
import math
import re
from collections.abc import Collection, Mapping

from services.workbook.port import Cell, Columns, Sheet

LONGEST_TEXT = 32_767
"""Characters in one cell; Excel calls a file with more damaged."""

LAST_ROW = 1_048_576
LAST_COLUMN = 16_383

FIRST_DATE = dt.date(1904, 1, 2)
"""Earlier dates are stored as ISO text: spreadsheet programs disagree about their serial numbers."""

_LARGEST_WHOLE = 2**53
_NOT_CHARACTERS = re.compile("[\ud800-\udfff\ufffe\uffff]")


def as_read(value: Cell) -> Cell:
    """The value as it reads once it is stored.

    Blank and "" read as "", numbers as floats, a datetime at midnight as its date; times keep
    their milliseconds. ValueError for what no spreadsheet can hold.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, dt.date | dt.time):
        return _moment(value)
    if isinstance(value, str):
        return _text(value)
    raise ValueError(f"a cell cannot hold {type(value).__name__}")


def _number(value: float) -> float:
    if not math.isfinite(value):
        raise ValueError(f"a cell cannot hold {value}")
    if isinstance(value, int) and abs(value) > _LARGEST_WHOLE:
        raise ValueError(f"{value} has more digits than a number in a cell; store it as text")
    return float(value)


def _moment(value: dt.date | dt.time) -> Cell:
    if isinstance(value, dt.time | dt.datetime):
        if value.tzinfo is not None:
            raise ValueError(f"a cell has no time zone: {value!r}")
        value = value.replace(microsecond=value.microsecond // 1000 * 1000, fold=0)
    if isinstance(value, dt.time):
        return value
    day = value.date() if isinstance(value, dt.datetime) else value
    if isinstance(value, dt.datetime) and value.time() != dt.time.min:
        return value if day >= FIRST_DATE else value.isoformat(" ")
    return day if day >= FIRST_DATE else day.isoformat()


def _text(value: str) -> str:
    if len(value) > LONGEST_TEXT:
        raise ValueError(f"a cell holds {LONGEST_TEXT} characters, not {len(value)}")
    return _NOT_CHARACTERS.sub("\N{REPLACEMENT CHARACTER}", value)


def is_blank(value: Cell) -> bool:
    """Whether the cell holds nothing."""
    return value is None or value == ""


def header_text(value: Cell) -> str:
    """A header as rows name it: without the spaces around it, a whole number without decimals."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value).strip()


@functools.cache
def column_letters(column: int) -> str:
    """The letters of a column number: 0 is A, 26 is AA."""
    letters = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters


def column_number(letters: str) -> int:
    """The number of a column's letters: A is 0, AA is 26."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def cell_name(row: int, column: int) -> str:
    """The name people know the cell by, such as B12; ValueError outside the sheet."""
    if not (1 <= row <= LAST_ROW and 0 <= column <= LAST_COLUMN):
        raise ValueError(f"no sheet has a cell in row {row}, column {column}")
    return f"{column_letters(column)}{row}"


def columns_of(sheets: Mapping[str, Sheet], wanted: Mapping[str, Collection[str]]) -> Columns:
    """The columns named, by sheet and header, below the first row with content; the first of two counts."""
    return {name: _columns(sheets[name], set(headers)) for name, headers in wanted.items() if name in sheets}


def _columns(sheet: Sheet, wanted: Collection[str]) -> dict[str, list[Cell]]:
    filled = (r for r in range(sheet.height) if any(not is_blank(values[r]) for values in sheet.columns))
    first = next(filled, None)
    found: dict[str, list[Cell]] = {}
    if first is not None:
        for values in sheet.columns:
            if (header := header_text(values[first])) in wanted:
                found.setdefault(header, list(values[first + 1 :]))
    return found
