"""Requests that carry cells from one place to another, or put rows in order."""

from dataclasses import replace
from typing import Any

from tests.sheets_server.book import Sheet
from tests.sheets_server.boxes import COLUMNS, ROWS, Rect
from tests.sheets_server.cells import EMPTY, Cell, CellError
from tests.sheets_server.errors import invalid
from tests.sheets_server.formulas.moving import offset
from tests.sheets_server.limits import check_total
from tests.sheets_server.locales import locale_of
from tests.sheets_server.reading import evaluator
from tests.sheets_server.requests.base import Job, Json, handles


def shifted(cell: Cell, rows: int, columns: int) -> Cell:
    """Return a cell as copied so far away."""
    return cell if cell.formula is None else replace(cell, formula=offset(cell.formula, rows, columns))


def pasted(before: Cell, cell: Cell, kind: str, value: Any) -> Cell:
    """Return what stands in a cell after another was pasted over it."""
    if kind == "PASTE_NORMAL":
        return cell
    if kind == "PASTE_VALUES":
        return before.holding(value)
    if kind == "PASTE_FORMULA":
        return before.holding(cell.value, cell.formula)
    if kind == "PASTE_FORMAT":
        return before.formatted(cell.format)
    if kind == "PASTE_NO_BORDERS":
        looks = {name: item for name, item in (cell.format or {}).items() if name != "borders"}
        return cell.formatted(looks)
    if kind == "PASTE_DATA_VALIDATION":
        return replace(before, validation=cell.validation)
    return before


@handles("copyPaste")
def copy_paste(job: Job, request: Json) -> Json:
    """Copy a range onto another, as often as it fits."""
    sheet, source = job.area(request.get("source"), "source")
    target_sheet, target = job.area(request.get("destination"), "destination")
    kind = request.get("pasteType", "PASTE_NORMAL")
    block = _turned(job, sheet, source, request.get("pasteOrientation") == "TRANSPOSE")
    height, width = len(block), len(block[0])
    down, across = max(target.height // height, 1), max(target.width // width, 1)
    area = Rect(target.top, target.top + height * down, target.left, target.left + width * across)
    _fit(target_sheet, area)
    job.guard.cells(target_sheet, area)
    for row in range(area.top, area.bottom):
        changed = {}
        for column in range(area.left, area.right):
            at, across_at = (row - area.top) % height, (column - area.left) % width
            cell, value = block[at][across_at]
            moved = shifted(cell, row - source.top - at, column - source.left - across_at)
            changed[column] = pasted(target_sheet.grid.cell(row, column), moved, kind, value)
        target_sheet.grid.put(row, changed)
    if kind == "PASTE_NORMAL":
        _copy_merges(sheet, source, target_sheet, area)
    return {}


def _turned(job: Job, sheet: Sheet, rect: Rect, transpose: bool) -> list[list[tuple[Cell, Any]]]:
    read = evaluator(job.book).value
    block = [
        [(sheet.grid.cell(row, column), read(sheet, row, column)) for column in range(rect.left, rect.right)]
        for row in range(rect.top, rect.bottom)
    ]
    return [list(line) for line in zip(*block, strict=True)] if transpose else block


def _fit(sheet: Sheet, area: Rect) -> None:
    if area.bottom > sheet.grid.row_count or area.right > sheet.grid.column_count:
        size = f"Max rows: {sheet.grid.row_count}, max columns: {sheet.grid.column_count}"
        raise invalid(f"Range exceeds grid limits. {size}")


def _copy_merges(sheet: Sheet, source: Rect, target: Sheet, area: Rect) -> None:
    rows, columns = area.top - source.top, area.left - source.left
    inside = [rect for rect in sheet.merges if source.covers(rect)]
    target.merges = [rect for rect in target.merges if not rect.overlaps(area)]
    target.merges += [
        Rect(rect.top + rows, rect.bottom + rows, rect.left + columns, rect.right + columns)
        for rect in inside
    ]


@handles("cutPaste")
def cut_paste(job: Job, request: Json) -> Json:
    """Move a range."""
    sheet, source = job.area(request.get("source"), "source")
    at = request.get("destination", {})
    target = job.sheet(at.get("sheetId"))
    top, left = at.get("rowIndex", 0), at.get("columnIndex", 0)
    area = Rect(top, top + source.height, left, left + source.width)
    _fit(target, area)
    job.guard.cells(sheet, source)
    job.guard.cells(target, area)
    kind = request.get("pasteType", "PASTE_NORMAL")
    block = _turned(job, sheet, source, False)
    sheet.grid.change(
        source, lambda cell: EMPTY if kind == "PASTE_NORMAL" else cell.holding(None), kept_only=True
    )
    for row, line in enumerate(block, top):
        before = target.grid
        cells = {
            at: pasted(before.cell(row, at), cell, kind, value) for at, (cell, value) in enumerate(line, left)
        }
        target.grid.put(row, cells)
    return {}


@handles("sortRange")
def sort_range(job: Job, request: Json) -> Json:
    """Put the rows of a range in order."""
    sheet, rect = job.area(request.get("range"))
    if not request.get("sortSpecs"):
        raise invalid("At least one sort spec is required.")
    sort_rows(job, sheet, rect, request["sortSpecs"])
    return {}


def sort_rows(job: Job, sheet: Sheet, rect: Rect, specs: list[Json]) -> None:
    """Put rows in order: numbers, text, booleans, errors, and empty ones always last."""
    job.guard.cells(sheet, rect)
    if any(other.overlaps(rect) and other.height > 1 for other in sheet.merges):
        raise invalid("You can't sort a range with vertical merges.")
    block = sheet.grid.block(rect)
    read = evaluator(job.book).value
    order = list(range(rect.height))
    for spec in reversed(specs):
        column = spec.get("dimensionIndex", 0)
        if not rect.left <= column < rect.right:
            raise invalid(f"Sort column {column} is outside of the range.")
        values = [read(sheet, rect.top + at, column) for at in range(rect.height)]
        filled = [at for at in order if values[at] is not None]
        empty = [at for at in order if values[at] is None]
        down = spec.get("sortOrder") == "DESCENDING"
        order = sorted(filled, key=lambda at: sort_key(values[at]), reverse=down) + empty
    for to, at in enumerate(order):
        cells = [shifted(cell, to - at, 0) for cell in block[at]]
        sheet.grid.put(rect.top + to, dict(enumerate(cells, rect.left)))


def sort_key(value: Any) -> tuple[int, Any]:
    """Return what a value is ordered by."""
    if isinstance(value, CellError):
        return 3, value.text
    if isinstance(value, bool):
        return 2, value
    return (1, value.casefold()) if isinstance(value, str) else (0, value)


@handles("insertRange")
def insert_range(job: Job, request: Json) -> Json:
    """Insert empty cells and push the others away."""
    sheet, rect = job.area(request.get("range"))
    job.guard.cells(sheet, rect)
    grid = sheet.grid
    if request.get("shiftDimension") == ROWS:
        lost = max((at for at in range(len(grid.rows)) if _any(sheet, at, rect)), default=-1) + 1
        rows = max(grid.row_count, lost + rect.height if lost > rect.top else grid.row_count)
        check_total(job.book, sheet, rows, grid.column_count)
        grid.resize(rows, grid.column_count)
        for row in range(rows - 1, rect.top - 1, -1):
            source = row - rect.height
            cells = {
                at: grid.cell(source, at) if source >= rect.top else EMPTY
                for at in range(rect.left, rect.right)
            }
            grid.put(row, cells)
        return {}
    for row in range(rect.top, rect.bottom):
        cells = list(grid.row(row))
        cells += [EMPTY] * (rect.left - len(cells))
        cells[rect.left : rect.left] = [EMPTY] * rect.width
        grid.resize(grid.row_count, max(grid.column_count, len(cells)))
        grid.put_row(row, cells)
    return {}


def _any(sheet: Sheet, row: int, rect: Rect) -> bool:
    return any(cell.filled for cell in sheet.grid.row(row)[rect.left : rect.right])


@handles("deleteRange")
def delete_range(job: Job, request: Json) -> Json:
    """Delete cells and pull the others in."""
    sheet, rect = job.area(request.get("range"))
    job.guard.cells(sheet, rect)
    grid = sheet.grid
    if request.get("shiftDimension") == ROWS:
        for row in range(rect.top, len(grid.rows)):
            grid.put(row, {at: grid.cell(row + rect.height, at) for at in range(rect.left, rect.right)})
    elif request.get("shiftDimension") == COLUMNS:
        for row in range(rect.top, rect.bottom):
            cells = list(grid.row(row))
            del cells[rect.left : rect.right]
            grid.put_row(row, cells)
    else:
        raise invalid("No shift dimension specified.")
    return {}


@handles("pasteData")
def paste_data(job: Job, request: Json) -> Json:
    """Type delimited text."""
    from tests.sheets_server.entering import entered_cell
    from tests.sheets_server.writing import put

    at = request.get("coordinate", {})
    sheet = job.sheet(at.get("sheetId"))
    mark = request.get("delimiter") or "\t"
    rows = [line.split(mark) for line in request.get("data", "").splitlines()]
    top, left = at.get("rowIndex", 0), at.get("columnIndex", 0)
    width = max([len(row) for row in rows] + [0])
    job.guard.cells(sheet, Rect(top, top + len(rows), left, left + width))
    grid = sheet.grid
    grid.resize(max(grid.row_count, top + len(rows)), max(grid.column_count, left + width))
    locale = locale_of(job.book.locale)
    put(sheet, top, left, rows, lambda before, given: entered_cell(before, given, locale))
    return {}
