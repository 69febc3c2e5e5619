"""`spreadsheets.get`: the spreadsheet as one JSON object."""

from typing import Any

from tests.sheets_server.a1 import on_grid, resolve
from tests.sheets_server.book import LISTS, Book, Sheet
from tests.sheets_server.boxes import COLUMNS, ROWS, Box, Rect
from tests.sheets_server.cells import Cell, CellError, Value, number
from tests.sheets_server.defaults import COLUMN_PIXELS, DEFAULT_FORMAT, ROW_PIXELS
from tests.sheets_server.fields import Mask
from tests.sheets_server.reading import Renderer

Json = dict[str, Any]


def spreadsheet(book: Book, options: Json, mask: Mask | None) -> Json:
    """Return the whole of a book, or the sheets and blocks of the asked ranges."""
    ranges = options.get("ranges", [])
    blocks: dict[int, list[Rect]] = {}
    for text in ranges:
        sheet, box = resolve(book, text)
        blocks.setdefault(sheet.sheet_id, []).append(on_grid(sheet, box))
    return described(book, blocks if ranges else None, _wants_grid(options, mask))


def described(book: Book, blocks: dict[int, list[Rect]] | None, with_grid: bool) -> Json:
    """Return a book with only the sheets that have blocks, or all of them."""
    sheets = []
    for index, sheet in enumerate(book.sheets):
        if blocks is not None and sheet.sheet_id not in blocks:
            continue
        shown = sheet_resource(sheet, index)
        if with_grid:
            asked = blocks[sheet.sheet_id] if blocks is not None else [sheet.grid.whole]
            shown["data"] = [grid_data(book, sheet, rect) for rect in asked]
        sheets.append(shown)
    found: Json = {
        "spreadsheetId": book.book_id,
        "properties": book.properties,
        "sheets": sheets,
        "spreadsheetUrl": f"https://docs.google.com/spreadsheets/d/{book.book_id}/edit",
    }
    if book.named_ranges:
        found["namedRanges"] = book.named_ranges
    if book.metadata:
        found["developerMetadata"] = book.metadata
    return found


def _wants_grid(options: Json, mask: Mask | None) -> bool:
    if mask is None:
        return bool(options.get("includeGridData"))
    if "*" in mask:
        return True
    sheets = mask.get("sheets")
    return sheets is not None and (not sheets or "data" in sheets or "*" in sheets)


def sheet_resource(sheet: Sheet, index: int) -> Json:
    """Return one sheet without its cells."""
    shown: Json = {"properties": sheet.properties(index)}
    if sheet.merges:
        shown["merges"] = [rect.box.to_json(sheet.sheet_id) for rect in sheet.merges]
    if sheet.basic_filter is not None:
        shown["basicFilter"] = sheet.basic_filter
    if sheet.protected:
        shown["protectedRanges"] = sheet.protected
    for name, axis in (("rowGroups", ROWS), ("columnGroups", COLUMNS)):
        if sheet.groups[axis]:
            shown[name] = sheet.groups[axis]
    return shown | {name: sheet.lists[name] for name in LISTS if sheet.lists[name]}


def grid_data(book: Book, sheet: Sheet, rect: Rect) -> Json:
    """Return the cells of a block, and the sizes of its rows and columns."""
    renderer = Renderer(book)
    rows: list[Json] = []
    for row in range(rect.top, min(rect.bottom, len(sheet.grid.rows))):
        cells = sheet.grid.row(row)[rect.left : rect.right]
        values = [
            cell_data(book, sheet, row, rect.left + at, cell, renderer) for at, cell in enumerate(cells)
        ]
        rows.append({"values": values} if values else {})
    while rows and not rows[-1]:
        rows.pop()
    found: Json = {name: at for name, at in (("startRow", rect.top), ("startColumn", rect.left)) if at}
    if rows:
        found["rowData"] = rows
    found["rowMetadata"] = [_size(sheet, ROWS, at) for at in range(rect.top, rect.bottom)]
    found["columnMetadata"] = [_size(sheet, COLUMNS, at) for at in range(rect.left, rect.right)]
    return found


def _size(sheet: Sheet, axis: str, at: int) -> Json:
    return {"pixelSize": ROW_PIXELS if axis == ROWS else COLUMN_PIXELS} | sheet.sizes[axis].get(at, {})


def extended(value: Value) -> Json:
    """Return an ExtendedValue."""
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, int | float):
        return {"numberValue": number(value)}
    if isinstance(value, CellError):
        return {"errorValue": {"type": value.kind, "message": value.message}}
    return {"stringValue": value or ""}


def cell_data(book: Book, sheet: Sheet, row: int, column: int, cell: Cell, renderer: Renderer) -> Json:
    """Return a CellData."""
    if cell.blank:
        return {}
    found: Json = {}
    if cell.filled:
        entered = extended(cell.value) if cell.formula is None else {"formulaValue": cell.formula}
        value = renderer.evaluator.value(sheet, row, column, cell)
        text = renderer.text(sheet, row, column, cell)
        found = {"userEnteredValue": entered, "effectiveValue": extended(value), "formattedValue": text}
    if cell.format:
        found["userEnteredFormat"] = cell.format
    if cell.filled or cell.format:
        found["effectiveFormat"] = effective(cell)
    if cell.note:
        found["note"] = cell.note
    if cell.validation:
        found["dataValidation"] = cell.validation
    return found | (cell.extra or {})


def effective(cell: Cell) -> Json:
    """Return the looks that hold for a cell: its own over the spreadsheet's."""
    own = cell.format or {}
    found: Json = {**DEFAULT_FORMAT, "hyperlinkDisplayType": "PLAIN_TEXT"}
    found["textFormat"] = DEFAULT_FORMAT["textFormat"] | {"fontFamily": "Arial"}
    if isinstance(cell.value, int | float) and not isinstance(cell.value, bool):
        found["horizontalAlignment"] = "RIGHT"
    for name, item in own.items():
        merged = isinstance(item, dict) and isinstance(found.get(name), dict) and "Color" not in name
        found[name] = found[name] | item if merged else item
    return found


def sub_box(sheet: Sheet, given: Json) -> Rect:
    """Return a GridRange of a request cut to the grid."""
    return on_grid(sheet, Box.from_json(given))
