"""`values.update`, `values.append`, `values.clear` and their batches."""

from collections.abc import Callable
from typing import Any

from tests.sheets_server import reading
from tests.sheets_server.a1 import column_letters, on_grid, range_name, resolve
from tests.sheets_server.book import Book, Sheet
from tests.sheets_server.boxes import ROWS, Rect, Shift
from tests.sheets_server.cells import EMPTY, Cell
from tests.sheets_server.entering import entered_cell, raw_cell
from tests.sheets_server.errors import invalid
from tests.sheets_server.limits import check_total
from tests.sheets_server.locales import locale_of
from tests.sheets_server.protection import Guard

Json = dict[str, Any]


def rows_of(body: Json) -> list[list[Any]]:
    """Return the body's values as rows, whatever way they were sent."""
    values: list[list[Any]] = body.get("values") or []
    _refuse_nested(values)
    if body.get("majorDimension") != "COLUMNS":
        return values
    height = max((len(column) for column in values), default=0)
    return [[column[row] if row < len(column) else None for column in values] for row in range(height)]


def _refuse_nested(values: list[list[Any]]) -> None:
    for at, row in enumerate(values):
        for place, item in enumerate(row):
            if isinstance(item, list | dict):
                kind = "list_value" if isinstance(item, list) else "struct_value"
                raise invalid(f"Invalid values[{at}][{place}]: {kind} {{\n}}\n")


def setter(book: Book, options: Json) -> Callable[[Cell, Any], Cell]:
    """Return how a value is put in a cell by `valueInputOption`."""
    option = options.get("valueInputOption")
    if option == "RAW":
        return raw_cell
    if option == "USER_ENTERED":
        locale = locale_of(book.locale)
        return lambda before, given: entered_cell(before, given, locale)
    raise invalid("'valueInputOption' is required but not specified")


def put(sheet: Sheet, top: int, left: int, rows: list[list[Any]], enter: Callable[[Cell, Any], Cell]) -> None:
    """Write values from a corner; null leaves a cell as it is."""
    grid = sheet.grid
    for at, row in enumerate(rows, top):
        before = grid.row(at)
        known = len(before)
        changed = {}
        for column, given in enumerate(row, left):
            if given is not None:
                changed[column] = enter(before[column] if column < known else EMPTY, given)
        grid.put(at, changed)


def updated(book: Book, sheet: Sheet, corner: tuple[int, int], rows: list[list[Any]], options: Json) -> Json:
    """Return an UpdateValuesResponse for values just written."""
    top, left = corner
    height, width = max(len(rows), 1), max([len(row) for row in rows] + [1])
    rect = Rect(top, top + height, left, left + width)
    columns = {at for row in rows for at, given in enumerate(row) if given is not None}
    counts = {
        "updatedRows": sum(any(given is not None for given in row) for row in rows),
        "updatedColumns": len(columns),
        "updatedCells": sum(given is not None for row in rows for given in row),
    }
    found: Json = {"spreadsheetId": book.book_id, "updatedRange": range_name(sheet.title, rect)}
    found |= {name: count for name, count in counts.items() if count}
    if options.get("includeValuesInResponse"):
        shown = {
            "valueRenderOption": options.get("responseValueRenderOption"),
            "dateTimeRenderOption": options.get("responseDateTimeRenderOption"),
            "majorDimension": options.get("sentDimension"),
        }
        found["updatedData"] = reading.value_range(book, sheet, rect, shown)
    return found


def update(book: Book, text: str, body: Json, options: Json, guard: Guard) -> Json:
    """Answer `values.update`."""
    enter = setter(book, options)
    sheet, box = resolve(book, text)
    rect = on_grid(sheet, box)
    rows = rows_of(body)
    name = range_name(sheet.title, rect)
    anchor = rect.height == 1 and rect.width == 1
    limit = Rect(rect.top, sheet.grid.row_count, rect.left, sheet.grid.column_count) if anchor else rect
    for at, row in enumerate(rows, rect.top):
        if at >= limit.bottom:
            raise invalid(f"Requested writing within range [{name}], but tried writing to row [{at + 1}]")
        if rect.left + len(row) > limit.right:
            letters = column_letters(limit.right)
            raise invalid(f"Requested writing within range [{name}], but tried writing to column [{letters}]")
    width = max([len(row) for row in rows] + [0])
    guard.cells(sheet, Rect(rect.top, rect.top + len(rows), rect.left, rect.left + width))
    put(sheet, rect.top, rect.left, rows, enter)
    options = options | {"sentDimension": body.get("majorDimension")}
    return updated(book, sheet, (rect.top, rect.left), rows, options)


def batch_update(book: Book, body: Json, guard: Guard) -> Json:
    """Answer `values.batchUpdate`."""
    setter(book, body)
    answers = [update(book, item.get("range", ""), item, body, guard) for item in body.get("data", [])]
    return totals(book, answers)


def totals(book: Book, answers: list[Json]) -> Json:
    """Return a BatchUpdateValuesResponse; a row or column written twice counts once."""
    rows, columns, sheets = set(), set(), set()
    for answer in answers:
        sheet, box = resolve(book, answer["updatedRange"])
        rect = on_grid(sheet, box)
        if not answer.get("updatedCells"):
            continue
        sheets.add(sheet.sheet_id)
        rows |= {(sheet.sheet_id, at) for at in range(rect.top, rect.bottom)}
        columns |= {(sheet.sheet_id, at) for at in range(rect.left, rect.right)}
    counts = {
        "totalUpdatedRows": len(rows),
        "totalUpdatedColumns": len(columns),
        "totalUpdatedCells": sum(answer.get("updatedCells", 0) for answer in answers),
        "totalUpdatedSheets": len(sheets),
    }
    found: Json = {"spreadsheetId": book.book_id} | {name: count for name, count in counts.items() if count}
    return found | ({"responses": answers} if answers else {})


def clear(book: Book, text: str, guard: Guard) -> Json:
    """Answer `values.clear`."""
    return {"spreadsheetId": book.book_id, "clearedRange": clear_range(book, text, guard)}


def clear_range(book: Book, text: str, guard: Guard) -> str:
    """Empty a range; return its name."""
    sheet, box = resolve(book, text)
    rect = on_grid(sheet, box)
    guard.cells(sheet, rect)
    sheet.grid.change(rect, lambda cell: cell.holding(None), kept_only=True)
    return range_name(sheet.title, rect)


def batch_clear(book: Book, body: Json, guard: Guard) -> Json:
    """Answer `values.batchClear`."""
    cleared = [clear_range(book, text, guard) for text in body.get("ranges", [])]
    return {"spreadsheetId": book.book_id} | ({"clearedRanges": cleared} if cleared else {})


def table_in(sheet: Sheet, rect: Rect) -> Rect | None:
    """Return the last table that a range touches: a block of cells with empty ones all around."""
    grid = sheet.grid
    for row in range(min(rect.bottom, len(grid.rows)) - 1, rect.top - 1, -1):
        cells = grid.row(row)
        for column in range(min(rect.right, len(cells)) - 1, rect.left - 1, -1):
            if cells[column].filled:
                return _grown(sheet, row, column)
    return None


def _grown(sheet: Sheet, row: int, column: int) -> Rect:
    """Return the block around a filled cell."""
    grid = sheet.grid

    def any_in_row(at: int, left: int, right: int) -> bool:
        return any(cell.filled for cell in grid.row(at)[max(left, 0) : right])

    top, bottom, left, right = row, row + 1, column, column + 1
    while True:
        before = (top, bottom, left, right)
        while any_in_row(bottom, left - 1, right + 1):
            bottom += 1
        while top > 0 and any_in_row(top - 1, left - 1, right + 1):
            top -= 1
        around = range(max(top - 1, 0), bottom + 1)
        if left > 0 and any(grid.cell(at, left - 1).filled for at in around):
            left -= 1
        if any(grid.cell(at, right).filled for at in around):
            right += 1
        if before == (top, bottom, left, right):
            return Rect(top, bottom, left, right)


def append(book: Book, text: str, body: Json, options: Json, guard: Guard) -> Json:
    """Answer `values.append`."""
    enter = setter(book, options)
    sheet, box = resolve(book, text)
    rect = on_grid(sheet, box)
    rows = rows_of(body)
    table = table_in(sheet, rect)
    top, left = (table.bottom, table.left) if table else (rect.top, rect.left)
    width = max([len(row) for row in rows] + [0])
    if options.get("insertDataOption") == "INSERT_ROWS" and top < sheet.grid.row_count and rows:
        guard.rows(sheet)
        book.shift(sheet, Shift(ROWS, "insert", top, top + len(rows)))
    guard.cells(sheet, Rect(top, top + len(rows), left, left + width))
    size = max(sheet.grid.row_count, top + len(rows)), max(sheet.grid.column_count, left + width)
    check_total(book, sheet, *size)
    sheet.grid.resize(*size)
    put(sheet, top, left, rows, enter)
    options = options | {"sentDimension": body.get("majorDimension")}
    found: Json = {"spreadsheetId": book.book_id, "updates": updated(book, sheet, (top, left), rows, options)}
    return found | ({"tableRange": range_name(sheet.title, table)} if table else {})
