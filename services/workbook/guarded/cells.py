"""A cell as Google's JSON has it: what is sent, what comes back, and when the two are the same."""
# ruff: noqa: DTZ001  # cells have no time zone

import datetime as dt
import math
from collections.abc import Sequence
from typing import Any, TypeAlias

from services.workbook.cell_values import as_read, header_text, is_blank
from services.workbook.google_terms import Json
from services.workbook.port import Cell, Sheet

Scalar: TypeAlias = str | float | bool
"""A cell's value at Google: a blank is "", a date its day number, a time a part of a day."""

Format: TypeAlias = tuple[str, str]
"""A number format: type and pattern."""

FAULTY = "\0"
"""Stands for a value that is an error, such as #N/A: Google words it differently from call to call."""

_EPOCH = dt.datetime(1899, 12, 30)
_DAY = dt.timedelta(days=1)


def stored(value: Cell) -> Scalar:
    """The value as Google keeps it. ValueError for what no spreadsheet can hold."""
    value = as_read(value)
    if isinstance(value, dt.datetime):
        return (value - _EPOCH) / _DAY
    if isinstance(value, dt.date):
        return float((dt.datetime.combine(value, dt.time()) - _EPOCH).days)
    if isinstance(value, dt.time):
        return (dt.datetime.combine(_EPOCH, value) - _EPOCH) / _DAY
    return "" if value is None else value


def format_of(value: Cell) -> Format | None:
    """The number format that shows a date or a time as people read it; None for other values."""
    value = as_read(value)
    if isinstance(value, dt.datetime):
        return "DATE_TIME", f"yyyy-mm-dd {_clock(value.time())}"
    if isinstance(value, dt.date):
        return "DATE", "yyyy-mm-dd"
    return ("TIME", _clock(value)) if isinstance(value, dt.time) else None


def _clock(value: dt.time) -> str:
    if value.microsecond:
        return "hh:mm:ss.000"
    return "hh:mm:ss" if value.second else "hh:mm"


def cell_data(value: Scalar) -> Json:
    """The cell to send, typed: a text can never become a formula, a number or a date."""
    if value == "" and isinstance(value, str):
        return {}
    kind = "boolValue" if isinstance(value, bool) else "numberValue"
    return {"userEnteredValue": {"stringValue" if isinstance(value, str) else kind: value}}


def format_data(format_: Format | None) -> Json:
    """The number format to send."""
    if format_ is None:
        return {}
    return {"userEnteredFormat": {"numberFormat": dict(zip(("type", "pattern"), format_, strict=True))}}


def shown(data: Json) -> Scalar:
    """The value of a cell without a formula, from its CellData."""
    entered: Json = data.get("userEnteredValue", {})
    if "numberValue" in entered:
        return float(entered["numberValue"])
    if "errorValue" in entered:
        return FAULTY
    found: Scalar = entered["boolValue"] if "boolValue" in entered else entered.get("stringValue", "")
    return found


def has_formula(data: Json) -> bool:
    """Whether the cell holds a formula."""
    return "formulaValue" in data.get("userEnteredValue", {})


def same(seen: Scalar, found: Scalar) -> bool:
    """Whether a value of one answer is that of another."""
    if isinstance(seen, bool) or isinstance(found, bool):
        return isinstance(seen, bool) and isinstance(found, bool) and seen == found
    if isinstance(seen, str) or isinstance(found, str):
        if FAULTY in (seen, found):
            return all(isinstance(value, str) and value[:1] in ("#", FAULTY) for value in (seen, found))
        return seen == found
    return math.isclose(seen, found, rel_tol=1e-12, abs_tol=1e-12)


def scalar(value: Any) -> Scalar:
    """A value of a `values` answer."""
    if value is None:
        return ""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    found: Scalar = float(value) if is_number else value
    return found


def sheet_of(columns: Sequence[Sequence[Any]]) -> Sheet:
    """The sheet of a `values` answer: columns equally long, blank ends cut off."""
    found = [[scalar(value) for value in column] for column in columns]
    while found and all(is_blank(value) for value in found[-1]):
        found.pop()
    height = max(
        (row for column in found for row, value in enumerate(column, 1) if not is_blank(value)), default=0
    )
    return Sheet(tuple([*column[:height], *[""] * (height - len(column))] for column in found))


def header_row(sheet: Sheet) -> int | None:
    """The first row with anything in it, counted from 0."""
    return next(
        (row for row in range(sheet.height) if any(not is_blank(values[row]) for values in sheet.columns)),
        None,
    )


def headers_in(row: Sequence[Cell]) -> dict[str, int]:
    """The columns by header; the first of two counts."""
    found: dict[str, int] = {}
    for column, value in enumerate(row):
        if text := header_text(value):
            found.setdefault(text, column)
    return found


def row_of(sheet: Sheet, row: int, width: int) -> tuple[Cell, ...]:
    """A row, from 0, in a given width."""
    if row >= sheet.height:
        return ("",) * width
    cells = tuple(values[row] for values in sheet.columns[:width])
    return cells + ("",) * (width - len(cells))
