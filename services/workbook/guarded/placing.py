"""Where on a sheet to put things back, and what should stand there."""

from collections.abc import Mapping, Sequence

from services.workbook.guarded.cells import header_row, row_of, same, scalar
from services.workbook.guarded.debts import WrongRow, found_again
from services.workbook.guarded.operation import Line, Spot, with_tops
from services.workbook.port import Sheet


def back_to(gid: int, sheet: Sheet, wrong: Sequence[WrongRow]) -> list[Spot]:
    """The cells of a sheet that are found again, to be put back."""
    taken: set[int] = set()
    spots = []
    for row in wrong:
        found = found_again(row, sheet, taken)
        if found is not None:
            taken.add(found[0])
            spots += [
                Spot(gid, found[0], column, source=debt.source, looks=debt.looks) for debt, column in found[1]
            ]
    return spots


def lines_of(gid: int, sheet: Sheet, spots: Sequence[Spot]) -> list[Line]:
    """The rows down to the headers, and those of the spots, as they were read."""
    width = max([len(sheet.columns), *(spot.column + 1 for spot in spots)])
    header = header_row(sheet)
    tops = set(range(header + 1)) if header is not None else set()
    if not spots:
        return []
    lines = [
        Line(gid, row, tuple(scalar(value) for value in row_of(sheet, row, width)), row in tops)
        for row in sorted(tops | {spot.row for spot in spots})
    ]
    return with_tops(lines, sheet.height - 1)


def stand(lines: Sequence[Line], sheets: Mapping[int, Sheet]) -> bool:
    """Whether the rows of sheets that were read, by number, are what they should be."""
    return all(
        cell is None or same(cell, scalar(now))
        for line in lines
        for cell, now in zip(line.cells, row_of(sheets[line.gid], line.row, len(line.cells)), strict=True)
    )
