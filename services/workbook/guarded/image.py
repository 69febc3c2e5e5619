"""What stood there: reads the answer to an operation, and holds it against what was thought."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.workbook.google_terms import Json
from services.workbook.guarded.cells import Scalar, has_formula, headers_in, same, shown
from services.workbook.guarded.operation import Added, Operation, Place, RowId, Spot

_VALUES = "userEnteredValue,textFormatRuns,userEnteredFormat.numberFormat"
_CELLS = f"data(startRow,startColumn,rowData.values({_VALUES}))"
FIELDS = f"updatedSpreadsheet.sheets(properties(sheetId,title),merges,{_CELLS})"
READ_FIELDS = f"sheets(properties(sheetId,title,gridProperties(rowCount,columnCount)),{_CELLS})"


@dataclass(frozen=True, slots=True)
class Image:
    """The cells of the app's own sheet, and titles and joined cells of the sheets that people see.

    One that was read afterwards knows no titles.
    """

    cells: Mapping[Place, Json]
    titles: Mapping[int, str]
    merges: Mapping[int, Sequence[Json]]

    @classmethod
    def read(cls, sheets: Sequence[Json], scratch: int) -> "Image":
        """From the sheets of an answer."""
        by_gid = {sheet["properties"].get("sheetId", 0): sheet for sheet in sheets}
        cells = {
            (row, column): data
            for part in by_gid.pop(scratch, {}).get("data", ())
            for row, line in enumerate(part.get("rowData", ()), part.get("startRow", 0))
            for column, data in enumerate(line.get("values", ()), part.get("startColumn", 0))
        }
        titles = {gid: sheet["properties"]["title"] for gid, sheet in by_gid.items()}
        return cls(cells, titles, {gid: sheet.get("merges", ()) for gid, sheet in by_gid.items()})

    def has(self, operation: Operation) -> bool:
        """Whether the operation was done: its name stands in its room."""
        return shown(self.cells.get((operation.top, 0), {})) == operation.id

    def stood(self, operation: Operation, number: int) -> tuple[Scalar, ...]:
        """The values of a line just before the change."""
        row, width = operation.top + number, len(operation.lines[number].cells)
        return tuple(shown(self.cells.get((row, column + 1), {})) for column in range(width))

    def kept(self, operation: Operation, spot: Spot) -> Json:
        """What stood in a spot just before the change."""
        return self.cells.get(operation.kept_at(spot), {})


def moved_rows(operation: Operation, image: Image) -> set[RowId]:
    """The rows that did not stand as they were thought to; all of a sheet whose title or header differs."""
    wrong: set[RowId] = set()
    elsewhere = {gid for gid, title in operation.titles if image.titles and image.titles.get(gid) != title}
    for number, line in enumerate(operation.lines):
        found = image.stood(operation, number)
        if not all(cell is None or same(cell, now) for cell, now in zip(line.cells, found, strict=True)):
            wrong.add((line.gid, line.row))
            if line.is_header:
                elsewhere.add(line.gid)
    for spot in operation.spots:
        if spot.source is None and has_formula(image.kept(operation, spot)):
            wrong.add((spot.gid, spot.row))
    return wrong | {(line.gid, line.row) for line in operation.lines if line.gid in elsewhere}


def not_to_be_written(operation: Operation, image: Image) -> Spot | None:
    """The first spot that is hidden by joined cells, or shows a value that a formula elsewhere puts there."""
    for spot in operation.spots:
        number = operation.line_numbers[spot.gid, spot.row]
        value = image.stood(operation, number)[spot.column]
        is_spilt = value != "" and "userEnteredValue" not in image.kept(operation, spot)
        if is_spilt or any(_hides(merge, spot) for merge in image.merges.get(spot.gid, ())):
            return spot
    return None


def _hides(merge: Json, spot: Spot) -> bool:
    top, left = merge.get("startRowIndex", 0), merge.get("startColumnIndex", 0)
    inside = top <= spot.row < merge["endRowIndex"] and left <= spot.column < merge["endColumnIndex"]
    return inside and (spot.row, spot.column) != (top, left)


def misplaced(operation: Operation, image: Image) -> list[Added]:
    """What was added while the headers stood elsewhere than was thought."""
    wrong = []
    for added in operation.added:
        rows = [image.stood(operation, n) for n, line in enumerate(operation.lines) if line.gid == added.gid]
        stands = headers_in(next((row for row in rows if any(value != "" for value in row)), ()))
        is_elsewhere = image.titles and image.titles.get(added.gid) != dict(operation.titles)[added.gid]
        if is_elsewhere or any(stands.get(text) != column for text, column in added.headers):
            wrong.append(added)
    return wrong
