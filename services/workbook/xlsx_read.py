"""An .xlsx file's values, column by column, by calamine."""

import datetime as dt
import io
import re
from collections.abc import Mapping, Sequence

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum

from services.workbook.port import Cell, Sheet
from services.workbook.xlsx_archive import Archive
from services.workbook.xlsx_guard import damaged, inspect

_ERROR_CELL = re.compile(rb"""(<(?:[\w.-]+:)?c\s[^>]*?\bt\s*=\s*["'])e(?=["'])""")
_DURATION_FORMAT = re.compile(rb"""\[[hms]|numFmtId\s*=\s*["']46["']""", re.IGNORECASE)
_DAY = dt.timedelta(days=1)
_MIDNIGHT = dt.datetime(2000, 1, 1)  # noqa: DTZ001  # only its time of day is used


def read_xlsx(data: bytes, file: str) -> Mapping[str, Sheet]:
    """The worksheets of a file's content by name; SpreadsheetUnreadable if it is damaged or dangerous.

    `file` is the name to use in sentences. Formulas are not computed: they read as they were saved.
    """
    with_errors = inspect(data, file)
    archive = Archive(data, file)
    if with_errors:
        # calamine blanks most error cells and gives up on newer ones (#SPILL!): show them as text.
        shown = {part: _ERROR_CELL.sub(rb"\1str", archive.part(part)) for part in with_errors}
        data = archive.replaced(shown, level=1)
    sheets = _columns(data, file)
    if not sheets:
        raise damaged(file)  # a workbook has at least one sheet
    styles = archive.related("/styles")
    if styles is not None and _DURATION_FORMAT.search(archive.part(styles)):
        sheets = {name: [_without_durations(c) for c in columns] for name, columns in sheets.items()}
    return {name: Sheet(tuple(columns)) for name, columns in sheets.items()}


def _columns(data: bytes, file: str) -> dict[str, list[Sequence[Cell]]]:
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as workbook:
            return {
                sheet.name: _turned(workbook.get_sheet_by_name(sheet.name))
                for sheet in workbook.sheets_metadata
                if sheet.typ == SheetTypeEnum.WorkSheet
            }
    except (CalamineError, OSError, ValueError) as fault:
        raise damaged(file) from fault
    except BaseException as fault:
        # A panic in calamine arrives as a BaseException of a class that cannot be imported.
        if type(fault).__name__ == "PanicException":
            raise damaged(file) from fault
        raise


def _turned(sheet: CalamineSheet) -> list[Sequence[Cell]]:
    """The cells column by column, counted from A1 however much of the sheet's start is blank."""
    return list(zip(*sheet.to_python(skip_empty_area=False), strict=False))  # all rows are equally long


def _without_durations(column: Sequence[Cell | dt.timedelta]) -> Sequence[Cell]:
    """A length of time under a day as a time of day, which it nearly always is; else as a number of days."""
    if dt.timedelta not in set(map(type, column)):
        return column  # type: ignore[return-value]  # just looked
    return tuple(_without_duration(cell) if isinstance(cell, dt.timedelta) else cell for cell in column)


def _without_duration(length: dt.timedelta) -> Cell:
    if dt.timedelta(0) <= length < _DAY:
        return (_MIDNIGHT + length).time()
    return length / _DAY
