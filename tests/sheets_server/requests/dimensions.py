"""Requests about rows and columns."""

from tests.sheets_server.book import Sheet
from tests.sheets_server.boxes import COLUMNS, ROWS, Rect, Shift
from tests.sheets_server.defaults import COLUMN_PIXELS
from tests.sheets_server.discovery import write_mask
from tests.sheets_server.errors import invalid
from tests.sheets_server.fields import overlay
from tests.sheets_server.limits import check_total
from tests.sheets_server.reading import Renderer
from tests.sheets_server.requests.base import Job, Json, handles, size_of

NAMES = {ROWS: "row", COLUMNS: "column"}


def grown(sheet: Sheet, axis: str, count: int) -> tuple[int, int]:
    """Return the size of a grid with so many more rows or columns."""
    rows, columns = sheet.grid.row_count, sheet.grid.column_count
    return (rows + count, columns) if axis == ROWS else (rows, columns + count)


@handles("insertDimension")
def insert_dimension(job: Job, request: Json) -> Json:
    """Insert rows or columns."""
    sheet, axis, start, end = job.span(request.get("range"))
    size = size_of(sheet, axis)
    if end is None:
        raise invalid("range.endIndex must be set")
    before = request.get("inheritFromBefore", False)
    if before and start == 0:
        raise invalid("inheritFromBefore cannot be true if inserting at index 0.")
    if start > size or (start == size and not before):
        word = (
            "must be less than the grid size" if not before else "must be less than or equal to the grid size"
        )
        tail = " if inheritFromBefore is false." if not before else "."
        raise invalid(f"range.startIndex[{start}] {word}[{size}]{tail}")
    check_total(job.book, sheet, *grown(sheet, axis, end - start))
    job.guard.sheet(sheet)
    job.book.shift(sheet, Shift(axis, "insert", start, end))
    _inherit(sheet, axis, start, end, start - 1 if before else end)
    return {}


def _inherit(sheet: Sheet, axis: str, start: int, end: int, source: int) -> None:
    """Give inserted rows or columns the looks of their neighbour."""
    grid = sheet.grid
    if axis == ROWS:
        looks = [cell.format for cell in grid.row(source)]
        if any(looks):
            for row in range(start, end):
                grid.put(row, {at: grid.cell(row, at).formatted(look) for at, look in enumerate(looks)})
        return
    for row in range(len(grid.rows)):
        look = grid.cell(row, source).format
        if look:
            grid.put(row, {column: grid.cell(row, column).formatted(look) for column in range(start, end)})


@handles("deleteDimension")
def delete_dimension(job: Job, request: Json) -> Json:
    """Delete rows or columns."""
    sheet, axis, start, end = job.span(request.get("range"))
    size, name = size_of(sheet, axis), NAMES[axis]
    end = size if end is None else end
    worst = start if start >= size else end - 1
    if worst >= size:
        raise invalid(
            f"Cannot delete a {name} that doesn't exist. Tried to delete {name} index {worst} "
            f"but there are only {size} {name}s."
        )
    if end - start >= size:
        raise invalid(f"You can't delete all the {name}s on the sheet.")
    _keep_thawed(sheet, axis, start, end)
    area = (
        Rect(start, end, 0, sheet.grid.column_count)
        if axis == ROWS
        else Rect(0, sheet.grid.row_count, start, end)
    )
    job.guard.cells(sheet, area)
    job.book.shift(sheet, Shift(axis, "delete", start, end))
    return {}


def _keep_thawed(sheet: Sheet, axis: str, start: int, end: int) -> None:
    key, size = f"frozen{NAMES[axis].capitalize()}Count", size_of(sheet, axis)
    frozen = sheet.grid_looks.get(key, 0)
    lost = max(0, min(end, frozen) - start)
    if frozen and size - (end - start) <= frozen - lost:
        raise invalid(f"Sorry, it is not possible to delete all non-frozen {NAMES[axis]}s.")
    if frozen:
        sheet.grid_looks[key] = frozen - lost


@handles("appendDimension")
def append_dimension(job: Job, request: Json) -> Json:
    """Add rows or columns at the end."""
    sheet = job.sheet(request.get("sheetId"))
    axis, count = request.get("dimension", ""), request.get("length", 0)
    if axis not in NAMES:
        raise invalid("No dimension specified.")
    if count < 1:
        raise invalid("length must be greater than 0.")
    size = grown(sheet, axis, count)
    check_total(job.book, sheet, *size)
    job.guard.sheet(sheet)
    sheet.grid.resize(*size)
    return {}


@handles("moveDimension")
def move_dimension(job: Job, request: Json) -> Json:
    """Move rows or columns."""
    sheet, axis, start, end = job.span(request.get("source"))
    end = size_of(sheet, axis) if end is None else end
    to = request.get("destinationIndex", 0)
    if end > size_of(sheet, axis) or to > size_of(sheet, axis):
        raise invalid(f"Cannot move a {NAMES[axis]} that doesn't exist.")
    job.guard.sheet(sheet)
    if not start <= to <= end:
        job.book.shift(sheet, Shift(axis, "move", start, end, to))
    return {}


@handles("updateDimensionProperties")
def update_dimension_properties(job: Job, request: Json) -> Json:
    """Hide rows or columns, or give them a size."""
    mask = write_mask(request.get("fields"), "DimensionProperties")
    sheet, axis, start, end = job.span(request.get("range"))
    size = size_of(sheet, axis)
    end = size if end is None else end
    if end > size:
        raise invalid(f"range.endIndex[{end}] is after last {NAMES[axis]} in sheet[{size}]")
    for at in range(start, end):
        sheet.sizes[axis][at] = overlay(sheet.sizes[axis].get(at, {}), request.get("properties", {}), mask)
        for name in ("hiddenByUser", "hiddenByFilter"):
            if sheet.sizes[axis][at].get(name) is False:
                del sheet.sizes[axis][at][name]
    return {}


@handles("autoResizeDimensions")
def auto_resize_dimensions(job: Job, request: Json) -> Json:
    """Fit rows or columns to their content."""
    sheet, axis, start, end = job.span(request.get("dimensions"))
    if axis == ROWS:
        for at in range(start, size_of(sheet, axis) if end is None else end):
            sheet.sizes[ROWS].get(at, {}).pop("pixelSize", None)
        return {}
    renderer = Renderer(job.book)
    for column in range(start, size_of(sheet, axis) if end is None else end):
        texts = [
            renderer.text(sheet, row, column, cells[column]) or ""
            for row, cells in enumerate(sheet.grid.rows)
            if column < len(cells)
        ]
        longest = max((len(text) for text in texts), default=0)
        width = 7 * longest + 7 if longest else COLUMN_PIXELS
        sheet.sizes[COLUMNS][column] = sheet.sizes[COLUMNS].get(column, {}) | {"pixelSize": width}
    return {}


@handles("addDimensionGroup")
def add_dimension_group(job: Job, request: Json) -> Json:
    """Group rows or columns, one level deeper."""
    sheet, axis, start, end = job.span(request.get("range"))
    end = size_of(sheet, axis) if end is None else end
    depths = _depths(sheet, axis)
    for at in range(start, end):
        depths[at] = depths.get(at, 0) + 1
    if max(depths.values()) > 8:
        raise invalid("The group depth cannot be greater than 8.")
    sheet.grid_looks[f"{NAMES[axis]}GroupControlAfter"] = True
    return _regroup(sheet, axis, depths)


@handles("deleteDimensionGroup")
def delete_dimension_group(job: Job, request: Json) -> Json:
    """Take away one level of a group."""
    sheet, axis, start, end = job.span(request.get("range"))
    end = size_of(sheet, axis) if end is None else end
    depths = _depths(sheet, axis)
    if not any(depths.get(at) for at in range(start, end)):
        raise invalid(f"The {NAMES[axis]} group does not exist for this range.")
    for at in range(start, end):
        depths[at] = max(depths.get(at, 0) - 1, 0)
    return _regroup(sheet, axis, depths)


def _depths(sheet: Sheet, axis: str) -> dict[int, int]:
    found: dict[int, int] = {}
    for group in sheet.groups[axis]:
        for at in range(group["range"].get("startIndex", 0), group["range"]["endIndex"]):
            found[at] = max(found.get(at, 0), group["depth"])
    return found


def _regroup(sheet: Sheet, axis: str, depths: dict[int, int]) -> Json:
    """Rebuild the groups from how deep each row or column lies."""
    groups = []
    for depth in range(1, max(depths.values(), default=0) + 1):
        inside = sorted(at for at, deep in depths.items() if deep >= depth)
        while inside:
            start, end = inside[0], inside[0]
            while inside and inside[0] == end:
                inside.pop(0)
                end += 1
            place = {"sheetId": sheet.sheet_id} if sheet.sheet_id else {}
            span = place | {"dimension": axis, "startIndex": start, "endIndex": end}
            groups.append({"range": span, "depth": depth})
    sheet.groups[axis] = sorted(groups, key=lambda one: (one["depth"], one["range"]["startIndex"]))
    return {"dimensionGroups": sheet.groups[axis]} if groups else {}


@handles("updateDimensionGroup")
def update_dimension_group(job: Job, request: Json) -> Json:
    """Fold a group, or unfold it."""
    mask = write_mask(request.get("fields"), "DimensionGroup")
    given = request.get("dimensionGroup", {})
    sheet, axis, start, end = job.span(given.get("range"))
    for group in sheet.groups[axis]:
        span = (group["range"].get("startIndex", 0), group["range"].get("endIndex"))
        if span == (start, end) and group["depth"] == given.get("depth"):
            if "collapsed" in mask or "*" in mask:
                group["collapsed"] = given.get("collapsed", False)
            return {}
    raise invalid("There is no group with the same range and depth.")
