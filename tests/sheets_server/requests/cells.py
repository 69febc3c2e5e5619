"""Requests that write cells."""

from dataclasses import replace
from typing import Any

from tests.sheets_server.boxes import Box, Rect
from tests.sheets_server.cells import Cell, CellError, Value, check_length, coloured, number
from tests.sheets_server.discovery import write_mask
from tests.sheets_server.errors import invalid
from tests.sheets_server.fields import Mask, overlay, without_defaults
from tests.sheets_server.limits import check_total
from tests.sheets_server.requests.base import Job, Json, check_start, handles


def entered(given: Json | None) -> tuple[Value, str | None]:
    """Return value and formula of an ExtendedValue."""
    if not given:
        return None, None
    if "formulaValue" in given:
        formula = given["formulaValue"]
        if not formula.startswith("="):
            raise invalid("Invalid value: formulaValue must begin with '='.")
        return None, formula
    if "numberValue" in given:
        return number(given["numberValue"]), None
    if "errorValue" in given:
        return CellError(given["errorValue"].get("message") or "#ERROR!"), None
    value = given.get("boolValue", given.get("stringValue"))
    check_length(value)
    return (None if value == "" else value), None


def written(before: Cell, given: Json, mask: Mask) -> Cell:
    """Return a cell with the masked fields taken from a CellData."""
    cell = before
    every = "*" in mask
    if every or "userEnteredValue" in mask:
        cell = cell.holding(*entered(given.get("userEnteredValue")))
    if every or "userEnteredFormat" in mask:
        cell = cell.formatted(_looks(cell, given, {} if every else mask["userEnteredFormat"]))
    if every or "note" in mask:
        cell = replace(cell, note=given.get("note") or None)
    if every or "dataValidation" in mask:
        cell = replace(cell, validation=without_defaults(given.get("dataValidation")))
    if "textFormatRuns" in mask and given.get("textFormatRuns"):
        cell = replace(cell, extra=(cell.extra or {}) | {"textFormatRuns": given["textFormatRuns"]})
    return cell


def _looks(cell: Cell, given: Json, mask: Mask) -> Json:
    found = overlay(cell.format or {}, coloured(given.get("userEnteredFormat", {})), mask)
    if mask:
        for name in [name for name in mask if name.endswith("Color")]:
            found.pop(name + "Style", None) if name not in found else None
    return coloured(found)


def lines(request: Json) -> list[list[Json]]:
    """Return the cells of a request's rows."""
    return [row.get("values", []) for row in request.get("rows", [])]


@handles("updateCells")
def update_cells(job: Job, request: Json) -> Json:
    """Write cells from a corner, or fill a range."""
    mask = write_mask(request.get("fields"), "CellData")
    rows = lines(request)
    if "range" in request:
        sheet, rect = job.area(request["range"])
        blank: Json = {}
    elif "start" in request:
        start = request["start"]
        sheet = job.sheet(start.get("sheetId"))
        top, left = start.get("rowIndex", 0), start.get("columnIndex", 0)
        check_start(sheet, "GridCoordinate", (top, left), ("rowIndex", "columnIndex"))
        rect = Rect(top, sheet.grid.row_count, left, sheet.grid.column_count)
        blank = {}
    else:
        raise invalid("Must specify either start or range.")
    check_fit(rect, rows)
    if "range" in request:
        rows = [list(row) + [blank] * (rect.width - len(row)) for row in rows]
        rows += [[blank] * rect.width] * (rect.height - len(rows))
    width = max([len(row) for row in rows] + [0])
    job.guard.cells(sheet, Rect(rect.top, rect.top + len(rows), rect.left, rect.left + width))
    for at, row in enumerate(rows, rect.top):
        cells = {
            column: written(sheet.grid.cell(at, column), given, mask)
            for column, given in enumerate(row, rect.left)
        }
        sheet.grid.put(at, cells)
    return {}


def check_fit(rect: Rect, rows: list[list[Json]]) -> None:
    """Refuse data that does not fit where it should go."""
    if rect.top + len(rows) > rect.bottom:
        raise invalid(
            f"Attempting to write row: {rect.bottom}, beyond the last requested row of: {rect.bottom - 1}"
        )
    if any(rect.left + len(row) > rect.right for row in rows):
        raise invalid(
            f"Attempting to write column: {rect.right}, beyond the last requested column of: {rect.right - 1}"
        )


@handles("repeatCell")
def repeat_cell(job: Job, request: Json) -> Json:
    """Write the same cell all over a range."""
    mask = write_mask(request.get("fields"), "CellData")
    sheet, rect = job.area(request.get("range"))
    job.guard.cells(sheet, rect)
    given = request.get("cell", {})
    formula = (given.get("userEnteredValue") or {}).get("formulaValue")
    if formula is None or not ("*" in mask or "userEnteredValue" in mask):
        sheet.grid.change(rect, lambda cell: written(cell, given, mask))
        return {}
    from tests.sheets_server.formulas.moving import offset

    for row in range(rect.top, rect.bottom):
        for column in range(rect.left, rect.right):
            own = {"formulaValue": offset(formula, row - rect.top, column - rect.left)}
            cell = written(sheet.grid.cell(row, column), given | {"userEnteredValue": own}, mask)
            sheet.grid.put_cell(row, column, cell)
    return {}


@handles("appendCells")
def append_cells(job: Job, request: Json) -> Json:
    """Write rows after the last row with data."""
    mask = write_mask(request.get("fields"), "CellData")
    sheet = job.sheet(request.get("sheetId"))
    rows = lines(request)
    top = sheet.grid.last_row() + 1
    width = max([len(row) for row in rows] + [0])
    check_fit(Rect(top, top + len(rows), 0, sheet.grid.column_count), rows)
    job.guard.cells(sheet, Rect(top, top + len(rows), 0, width))
    height = max(sheet.grid.row_count, top + len(rows))
    check_total(job.book, sheet, height, sheet.grid.column_count)
    sheet.grid.resize(height, sheet.grid.column_count)
    for at, row in enumerate(rows, top):
        cells = {
            column: written(sheet.grid.cell(at, column), given, mask) for column, given in enumerate(row)
        }
        sheet.grid.put(at, cells)
    return {}


@handles("setDataValidation")
def set_data_validation(job: Job, request: Json) -> Json:
    """Set or take away a rule, such as a drop-down."""
    sheet, rect = job.area(request.get("range"))
    job.guard.cells(sheet, rect)
    rule = without_defaults(request.get("rule"))
    if rule is not None and "condition" not in rule:
        raise invalid("DataValidationRule.condition is required.")
    sheet.grid.change(rect, lambda cell: replace(cell, validation=rule), kept_only=rule is None)
    return {}


@handles("updateBorders")
def update_borders(job: Job, request: Json) -> Json:
    """Draw lines around and inside a range."""
    sheet, rect = job.area(request.get("range"))
    job.guard.cells(sheet, rect)
    sides: dict[str, Any] = coloured({name: item for name, item in request.items() if name != "range"})
    for row in range(rect.top, rect.bottom):
        for column in range(rect.left, rect.right):
            chosen = {
                "top": sides.get("top" if row == rect.top else "innerHorizontal"),
                "bottom": sides.get("bottom" if row == rect.bottom - 1 else "innerHorizontal"),
                "left": sides.get("left" if column == rect.left else "innerVertical"),
                "right": sides.get("right" if column == rect.right - 1 else "innerVertical"),
            }
            given = {side: look for side, look in chosen.items() if look}
            cell = sheet.grid.cell(row, column)
            borders = {**((cell.format or {}).get("borders") or {}), **given}
            borders = {side: look for side, look in borders.items() if look.get("style") != "NONE"}
            looks = {name: item for name, item in (cell.format or {}).items() if name != "borders"}
            sheet.grid.put_cell(
                row, column, cell.formatted(looks | ({"borders": borders} if borders else {}))
            )
    return {}


@handles("mergeCells")
def merge_cells(job: Job, request: Json) -> Json:
    """Join cells; the first one keeps its content."""
    sheet, rect = job.area(request.get("range"))
    job.guard.cells(sheet, rect)
    _check_whole_merges(sheet.merges, rect)
    kept = [other for other in sheet.merges if not other.overlaps(rect)]
    kind = request.get("mergeType", "MERGE_ALL")
    parts = [rect]
    if kind == "MERGE_ROWS":
        parts = [Rect(row, row + 1, rect.left, rect.right) for row in range(rect.top, rect.bottom)]
    elif kind == "MERGE_COLUMNS":
        parts = [Rect(rect.top, rect.bottom, column, column + 1) for column in range(rect.left, rect.right)]
    for part in parts:
        if part.height * part.width > 1:
            kept.append(part)
            _gather(sheet, part)
    sheet.merges = kept
    return {}


def _gather(sheet: Any, part: Rect) -> None:
    """Keep the first cell's content and empty the others."""
    first = next((cell for row in sheet.grid.block(part) for cell in row if cell.filled), None)

    def emptied(cell: Cell) -> Cell:
        return cell.holding(None)

    sheet.grid.change(part, emptied, kept_only=True)
    if first is not None:
        corner = sheet.grid.cell(part.top, part.left)
        sheet.grid.put_cell(part.top, part.left, corner.holding(first.value, first.formula))


def _check_whole_merges(merges: list[Rect], rect: Rect) -> None:
    if any(other.overlaps(rect) and not rect.covers(other) for other in merges):
        raise invalid("You must select all cells in a merged range to merge or unmerge them.")


@handles("unmergeCells")
def unmerge_cells(job: Job, request: Json) -> Json:
    """Part joined cells."""
    given = request.get("range") or {}
    sheet = job.sheet(given.get("sheetId"))
    rect = Box.from_json(given).within(sheet.grid.row_count, sheet.grid.column_count)
    job.guard.cells(sheet, rect)
    _check_whole_merges(sheet.merges, rect)
    sheet.merges = [other for other in sheet.merges if not other.overlaps(rect)]
    return {}
