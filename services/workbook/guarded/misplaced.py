"""Rows of ours that were added while the headers stood elsewhere: where they are, to be blanked again."""

from collections.abc import Sequence

from services.workbook.guarded.cells import Scalar, row_of, same, scalar
from services.workbook.guarded.operation import Added, Spot
from services.workbook.port import Sheet


def blanks_of(added: Added, sheet: Sheet) -> list[Spot]:
    """A blank for each cell of the rows added; people may have sorted, and moved columns, since."""
    taken: set[int] = set()
    spots = []
    for cells in reversed(added.rows):
        wanted = [(column, value) for column, value, _ in cells if value != ""]
        place = next(
            (
                (row, columns)
                for ask in (_as_added, _moved)
                for row in reversed(range(sheet.height))
                if row not in taken and (columns := ask(wanted, _row(sheet, row)))
            ),
            None,
        )
        if place is not None:
            taken.add(place[0])
            spots += [Spot(added.gid, place[0], column) for column in place[1]]
    return spots


def _row(sheet: Sheet, row: int) -> list[Scalar]:
    return [scalar(value) for value in row_of(sheet, row, len(sheet.columns))]


def _as_added(wanted: Sequence[tuple[int, Scalar]], now: Sequence[Scalar]) -> list[int]:
    """The columns of our values, where each stands where it was put."""
    stands = all(column < len(now) and same(value, now[column]) for column, value in wanted)
    return [column for column, _ in wanted] if stands else []


def _moved(wanted: Sequence[tuple[int, Scalar]], now: Sequence[Scalar]) -> list[int]:
    """The columns of a row that holds our values and nothing else; one value alone would be too little."""
    filled = [column for column, value in enumerate(now) if value != ""]
    left = [value for _, value in wanted]
    for column in filled:
        match = next((value for value in left if same(value, now[column])), None)
        if match is None:
            return []
        left.remove(match)
    return filled if not left and len(filled) > 1 else []
