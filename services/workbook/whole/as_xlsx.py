"""An exact picture of a spreadsheet at Google as the sheets of an .xlsx file: values, notes, drop-downs."""

import datetime as dt
import re
from collections.abc import Mapping

from services.tables.cells import FIRST_SERIAL_DAY
from services.workbook.cell_values import LAST_COLUMN, LONGEST_TEXT
from services.workbook.google_terms import Json
from services.workbook.port import Cell
from services.workbook.whole.exact import COLUMN_PIXELS, Exact, ExactSheet
from services.workbook.xlsx_new import SheetLayout

_ERRORS = {
    "NULL_VALUE": "#NULL!",
    "DIVIDE_BY_ZERO": "#DIV/0!",
    "VALUE": "#VALUE!",
    "REF": "#REF!",
    "NAME": "#NAME?",
    "NUM": "#NUM!",
    "N_A": "#N/A",
}
_PIXELS_A_LETTER = 7.0
_LONGEST_TITLE = 31
_NO_TITLE = re.compile(r"[\[\]:*?/\\]")
_EPOCH = dt.datetime.combine(FIRST_SERIAL_DAY, dt.time())
_LAST_SERIAL = 2_958_466


def layouts(exact: Exact) -> dict[str, SheetLayout]:
    """The sheets by a title that Excel takes; formulas by the value they showed."""
    found: dict[str, SheetLayout] = {}
    for sheet in exact.sheets:
        title = _NO_TITLE.sub("_", sheet.title)[:_LONGEST_TITLE].strip("'") or "Blad"
        name, number = title, 2
        while name.casefold() in (other.casefold() for other in found):
            name, number = f"{title[: _LONGEST_TITLE - 4]} ({number})", number + 1
        found[name] = _layout(sheet)
    return found


def _layout(sheet: ExactSheet) -> SheetLayout:
    rows = [[_value(cell) for cell in row[:LAST_COLUMN]] for row in sheet.cells]
    width = max(map(len, rows), default=0)
    below = {column: sheet.cell(1, column) for column in range(width)}
    kinds = {column: _format(cell) for column, cell in below.items()}
    return SheetLayout(
        rows=rows,
        widths=[
            sheet.columns.get(column, {}).get("pixelSize", COLUMN_PIXELS) / _PIXELS_A_LETTER
            for column in range(width)
        ],
        choices={column: choices for column, cell in below.items() if (choices := _choices(cell))},
        dates=[column for column, kind in kinds.items() if kind == "DATE"],
        texts=[column for column, kind in kinds.items() if kind == "TEXT"],
        notes={column: note for column in range(width) if (note := sheet.cell(0, column).get("note"))},
    )


def _value(cell: Json) -> Cell:
    shown: Mapping[str, Json] = cell.get("effectiveValue") or cell.get("userEnteredValue") or {}
    if "numberValue" in shown:
        return _number(float(shown["numberValue"]), _format(cell))  # type: ignore[arg-type]
    if "errorValue" in shown:
        return _ERRORS.get(str(shown["errorValue"].get("type")), "#ERROR!")
    value: Cell = shown.get("boolValue", shown.get("stringValue"))  # type: ignore[assignment]
    return value[:LONGEST_TEXT] if isinstance(value, str) else value


def _number(value: float, kind: str) -> Cell:
    """A number as its format means it: a date, a time, or the number itself."""
    if kind not in ("DATE", "TIME", "DATE_TIME") or not 0 <= value < _LAST_SERIAL:
        return value
    moment = _EPOCH + dt.timedelta(milliseconds=round(value * 86_400_000))
    if kind == "TIME" and value < 1:
        return moment.time()
    if kind == "DATE" or moment.time() == dt.time():
        return moment.date() if moment.time() == dt.time() else moment
    return moment


def _format(cell: Json) -> str:
    kind: str = cell.get("userEnteredFormat", {}).get("numberFormat", {}).get("type", "")
    return kind


def _choices(cell: Json) -> tuple[str, ...]:
    condition = cell.get("dataValidation", {}).get("condition", {})
    if condition.get("type") != "ONE_OF_LIST":
        return ()
    return tuple(value.get("userEnteredValue", "") for value in condition.get("values", ()))
