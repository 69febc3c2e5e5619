"""What an operation asks of Google: the requests of one batch, in order."""

from collections.abc import Iterator, Sequence

from services.workbook.google_terms import Json
from services.workbook.guarded.cells import cell_data, format_data
from services.workbook.guarded.operation import (
    NUMBER_FORMAT,
    Added,
    Line,
    Operation,
    Place,
    runs,
)

VALUE = "userEnteredValue"
"""Only what stands in a cell: notes, colours, formats and drop-downs stay."""


def requests_of(operation: Operation) -> list[Json]:
    """Make room, name the operation, copy what stands there, and only then write."""
    return [
        *_sizes(operation),
        _cells(operation.scratch, (operation.top, 0), [cell_data(operation.id)], VALUE),
        *({"appendDimension": {"sheetId": g, "dimension": d, "length": n}} for g, d, n in operation.grown),
        *_copies(operation),
        *_values(operation),
        *_looks(operation),
        *(_append(added) for added in operation.added),
    ]


def _sizes(operation: Operation) -> Iterator[Json]:
    """An operation that begins at the top leaves nothing of earlier ones: what is cut off is gone."""
    if operation.top == 0:
        yield sized(operation.scratch, 1, 1)
    yield sized(operation.scratch, operation.bottom, operation.columns)


def sized(gid: int, rows: int, columns: int) -> Json:
    """Give one of the app's own sheets a size."""
    grid = {"rowCount": rows, "columnCount": columns}
    return {
        "updateSheetProperties": {
            "properties": {"sheetId": gid, "gridProperties": grid},
            "fields": "gridProperties(rowCount,columnCount)",
        }
    }


def _copies(operation: Operation) -> Iterator[Json]:
    """The values of the lines, and all that is in the cells to overwrite."""
    for number, height in _together(operation.lines):
        line = operation.lines[number]
        source = area(line.gid, (line.row, 0), len(line.cells), height)
        target = area(operation.scratch, (operation.top + number, 1), len(line.cells), height)
        yield paste(source, target, "VALUES")
    for run in runs(operation.spots):
        first = run[0]
        source = area(first.gid, (first.row, first.column), len(run))
        yield paste(source, area(operation.scratch, operation.kept_at(first), len(run)), "NORMAL")


def _together(lines: Sequence[Line]) -> Iterator[tuple[int, int]]:
    """Rows below each other: the number of the first line, and how many they are."""
    start = 0
    for number in range(1, len(lines) + 1):
        first, before = lines[start], lines[number - 1]
        if number < len(lines):
            now = lines[number]
            is_next = (now.gid, now.row) == (before.gid, before.row + 1)
            if is_next and len(now.cells) == len(first.cells):
                continue
        yield start, number - start
        start = number


def _values(operation: Operation) -> Iterator[Json]:
    for run in runs(tuple(spot for spot in operation.spots if spot.source is None)):
        cells = [cell_data(spot.value) for spot in run]
        yield _cells(run[0].gid, (run[0].row, run[0].column), cells, VALUE)
    for spot in operation.spots:
        if spot.source is not None:
            # The very formula, and an error as an error; formats and joined cells are left alone.
            source, target = area(operation.scratch, spot.source), area(spot.gid, (spot.row, spot.column))
            yield paste(source, target, "FORMULA")
    for block in operation.blocks:
        place = area(block.gid, (block.row, 0), block.width, block.height)
        yield {"repeatCell": {"range": place, "cell": {}, "fields": VALUE}}


def _looks(operation: Operation) -> Iterator[Json]:
    for spot in operation.spots:
        for fields, data in spot.looks.items():
            yield _cells(spot.gid, (spot.row, spot.column), [data], fields)


def _append(added: Added) -> Json:
    has_formats = any(format_ is not None for row in added.rows for _, _, format_ in row)
    rows = []
    for row in added.rows:
        cells: list[Json] = [{} for _ in range(1 + max((column for column, _, _ in row), default=0))]
        for column, value, format_ in row:
            cells[column] = cell_data(value) | format_data(format_)
        rows.append({"values": cells})
    fields = f"{VALUE},{NUMBER_FORMAT}" if has_formats else VALUE
    return {"appendCells": {"sheetId": added.gid, "rows": rows, "fields": fields}}


def area(gid: int, at: Place, width: int = 1, height: int = 1) -> Json:
    """A rectangle as Google names it."""
    return {
        "sheetId": gid,
        "startRowIndex": at[0],
        "endRowIndex": at[0] + height,
        "startColumnIndex": at[1],
        "endColumnIndex": at[1] + width,
    }


def paste(source: Json, target: Json, kind: str) -> Json:
    """A request to copy."""
    return {"copyPaste": {"source": source, "destination": target, "pasteType": f"PASTE_{kind}"}}


def _cells(gid: int, at: Place, cells: Sequence[Json], fields: str) -> Json:
    start = {"sheetId": gid, "rowIndex": at[0], "columnIndex": at[1]}
    return {"updateCells": {"start": start, "rows": [{"values": list(cells)}], "fields": fields}}
