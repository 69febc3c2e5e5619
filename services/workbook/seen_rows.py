"""Whole rows of a sheet that was read, and whether they still stand there."""

from collections.abc import Collection

from services.workbook.cell_values import is_blank
from services.workbook.port import Cell, Sheet, Snapshot


def header_number(sheet: Sheet) -> int:
    """The number of the header row, the first with anything in it; 0 in an empty sheet."""
    filled = (r for r in range(sheet.height) if any(not is_blank(values[r]) for values in sheet.columns))
    return next(filled, -1) + 1


def row_at(sheet: Sheet, number: int) -> tuple[Cell, ...]:
    """A row as it reads, without the blanks at its end; nothing for one below the last."""
    if not 1 <= number <= sheet.height:
        return ()
    cells = ["" if values[number - 1] is None else values[number - 1] for values in sheet.columns]
    while cells and cells[-1] == "":
        cells.pop()
    return tuple(cells)


def stand_as_seen(numbers: Collection[int], seen: Sheet, now: Sheet) -> bool:
    """Whether these rows, and all down to the headers, are as they were seen."""
    tops = range(1, header_number(seen) + 1)
    return all(_same(row_at(seen, number), row_at(now, number)) for number in (*tops, *numbers))


def _same(one: tuple[Cell, ...], other: tuple[Cell, ...]) -> bool:
    """Equal, and of the same kinds: True is not 1."""
    return one == other and list(map(type, one)) == list(map(type, other))


def refuse_headers(seen: Snapshot, sheet: str, numbers: Collection[int]) -> None:
    """ValueError for a sheet that was not read, or for rows that are not below its headers."""
    if sheet not in seen.sheets:
        raise ValueError(f"there is no sheet {sheet!r} in what was read")
    header = header_number(seen.sheets[sheet])
    if any(not header < number for number in numbers) or not header:
        raise ValueError(f"the headers of {sheet!r} are not to be removed")
