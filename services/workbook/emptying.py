"""Empties sheets of the rows that have been dealt with, however people move them meanwhile."""

import contextlib
from collections.abc import Collection

from services.errors import SpreadsheetChanged, SpreadsheetUnreadable
from services.workbook.cell_values import header_text
from services.workbook.port import Sheet, Snapshot, Workbook
from services.workbook.seen_rows import header_number

_TRIES = 8
"""How often people may be faster than we are."""


def rows_with(spreadsheet: str, seen: Snapshot, header: str, text: str) -> dict[str, list[int]]:
    """The rows that say so below a header, by sheet. SpreadsheetUnreadable where a header is missing."""
    return {name: _rows_with(spreadsheet, name, sheet, (header, text)) for name, sheet in seen.sheets.items()}


def _rows_with(spreadsheet: str, name: str, sheet: Sheet, wanted: tuple[str, str]) -> list[int]:
    header, text = wanted
    top = header_number(sheet)
    if not top:
        return []
    columns = [values for values in sheet.columns if header_text(values[top - 1]) == header]
    if not columns:
        raise SpreadsheetUnreadable(
            spreadsheet,
            f"Kolumnen {header} saknas i bladet {name} i {spreadsheet}; "
            "lägg tillbaka rubriken och försök igen.",
        )
    return [row for row in range(top + 1, sheet.height + 1) if header_text(columns[0][row - 1]) == text]


def empty(workbook: Workbook, spreadsheet: str, sheets: Collection[str], where: tuple[str, str]) -> int:
    """Remove all rows that say so below a header (`where`), and look that none is left; how many there were.

    SpreadsheetChanged where people change the very rows, or new ones come, time and again.
    """
    removed = 0
    for _ in range(_TRIES):
        seen = workbook.fresh(spreadsheet, sheets)
        if missing := sorted(set(sheets) - seen.sheets.keys()):
            raise SpreadsheetUnreadable(
                spreadsheet, f"Bladet {missing[0]} saknas i {spreadsheet}; lägg tillbaka det och försök igen."
            )
        rows = {name: numbers for name, numbers in rows_with(spreadsheet, seen, *where).items() if numbers}
        if not rows:
            return removed
        with contextlib.suppress(SpreadsheetChanged):
            workbook.remove(spreadsheet, rows, seen)
            removed += sum(map(len, rows.values()))
    raise _changing(spreadsheet)


def _changing(spreadsheet: str) -> SpreadsheetChanged:
    return SpreadsheetChanged(
        spreadsheet, f"Någon ändrar i {spreadsheet} just nu, så allt hann inte tas bort; försök igen."
    )
