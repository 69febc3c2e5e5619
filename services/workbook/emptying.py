"""Empties sheets of the rows that have been dealt with, however people move them meanwhile."""

import contextlib
from collections import Counter
from collections.abc import Collection, Hashable, Mapping

from services.errors import SpreadsheetChanged, SpreadsheetUnreadable
from services.workbook.cell_values import header_text
from services.workbook.port import RowNumbers, Sheet, Snapshot, Workbook
from services.workbook.seen_rows import header_number, row_at

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


def remove_seen(workbook: Workbook, spreadsheet: str, rows: RowNumbers, seen: Snapshot) -> int:
    """Remove rows of a snapshot, which may be old, wherever they stand by now; how many were there.

    A row that somebody has changed since is not among them: it stays, and so does every other row.
    """
    computed = {name: _computed(seen, name) for name in rows}
    wanted = {
        name: Counter(_content(seen.sheets[name], row, computed[name]) for row in rows[name]) for name in rows
    }
    for _ in range(_TRIES):
        try:
            workbook.remove(spreadsheet, rows, seen)
            return sum(map(len, rows.values()))
        except SpreadsheetChanged:
            seen = workbook.fresh(spreadsheet, list(wanted))
        rows = {
            name: _standing(seen.sheets[name], sought, computed[name])
            for name, sought in wanted.items()
            if name in seen.sheets
        }
        if not any(rows.values()):
            return 0
    raise _changing(spreadsheet)


def _changing(spreadsheet: str) -> SpreadsheetChanged:
    return SpreadsheetChanged(
        spreadsheet, f"Någon ändrar i {spreadsheet} just nu, så allt hann inte tas bort; försök igen."
    )


def _standing(sheet: Sheet, wanted: Mapping[Hashable, int], computed: Collection[str]) -> list[int]:
    """The numbers of the rows that are among those wanted; of equal ones the first."""
    left = dict(wanted)
    found: list[int] = []
    for row in range(header_number(sheet) + 1, sheet.height + 1):
        content = _content(sheet, row, computed)
        if left.get(content, 0):
            left[content] -= 1
            found.append(row)
    return found


def _content(sheet: Sheet, row: int, computed: Collection[str]) -> Hashable:
    """What a row says, whatever the order of the columns, but for those that are computed."""
    names = _names(sheet)
    return frozenset(
        (names[column], type(cell).__name__, cell)
        for column, cell in enumerate(row_at(sheet, row))
        if cell != "" and names[column] not in computed
    )


def _computed(seen: Snapshot, name: str) -> set[str]:
    """The columns in which people have formulas: what those give is nobody's answer."""
    names = _names(seen.sheets[name])
    return {names[column] for sheet, _, column in seen.formulas if sheet == name and column < len(names)}


def _names(sheet: Sheet) -> list[str]:
    """What each column is called; by its number where it has no header."""
    headers = [header_text(cell) for cell in row_at(sheet, header_number(sheet))]
    headers += [""] * (len(sheet.columns) - len(headers))
    return [header or f"column {number}" for number, header in enumerate(headers)]
