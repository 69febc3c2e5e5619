"""The cells of one sheet, kept row by row; rows are tuples, so that a copy of the grid is cheap."""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from tests.sheets_server.boxes import ROWS, Rect, Shift
from tests.sheets_server.cells import EMPTY, Cell

Item = TypeVar("Item")
Row = tuple[Cell, ...]
NO_ROW: Row = ()


class Grid:
    """A table of cells with a size of its own; what is not kept is empty."""

    __slots__ = ("column_count", "row_count", "rows")

    def __init__(self, row_count: int = 1000, column_count: int = 26) -> None:
        self.row_count = row_count
        self.column_count = column_count
        self.rows: list[Row] = []

    def copy(self) -> "Grid":
        """Return a grid with the same rows, to be changed on its own."""
        twin = Grid(self.row_count, self.column_count)
        twin.rows = list(self.rows)
        return twin

    @property
    def whole(self) -> Rect:
        """All of it."""
        return Rect(0, self.row_count, 0, self.column_count)

    def row(self, index: int) -> Row:
        """Return the cells kept in a row; there may be fewer than the grid has columns."""
        return self.rows[index] if index < len(self.rows) else NO_ROW

    def cell(self, row: int, column: int) -> Cell:
        """Return one cell."""
        cells = self.row(row)
        return cells[column] if column < len(cells) else EMPTY

    def put_row(self, index: int, cells: Iterable[Cell]) -> None:
        """Replace a row."""
        kept = list(cells)
        while kept and kept[-1] is EMPTY:
            kept.pop()
        if index >= len(self.rows):
            if not kept:
                return
            self.rows.extend([NO_ROW] * (index + 1 - len(self.rows)))
        self.rows[index] = tuple(kept)

    def put(self, index: int, changed: Mapping[int, Cell]) -> None:
        """Replace some cells of a row."""
        if not changed:
            return
        cells = list(self.row(index))
        cells.extend([EMPTY] * (max(changed) + 1 - len(cells)))
        for column, cell in changed.items():
            cells[column] = EMPTY if cell.blank else cell
        self.put_row(index, cells)

    def put_cell(self, row: int, column: int, cell: Cell) -> None:
        """Replace one cell."""
        self.put(row, {column: cell})

    def change(self, rect: Rect, change: Callable[[Cell], Cell], kept_only: bool = False) -> None:
        """Replace every cell of a rectangle by what `change` makes of it."""
        bottom = min(rect.bottom, len(self.rows)) if kept_only else rect.bottom
        for index in range(rect.top, bottom):
            right = min(rect.right, len(self.row(index))) if kept_only else rect.right
            self.put(index, {column: change(self.cell(index, column)) for column in range(rect.left, right)})

    def block(self, rect: Rect) -> list[list[Cell]]:
        """Return the cells of a rectangle, row by row, in full width."""
        return [
            [self.cell(row, column) for column in range(rect.left, rect.right)]
            for row in range(rect.top, rect.bottom)
        ]

    def last_row(self, left: int = 0, right: int | None = None) -> int:
        """Return the index of the last row with a value or formula, -1 if there is none."""
        for index in range(len(self.rows) - 1, -1, -1):
            if any(cell.filled for cell in self.rows[index][left:right]):
                return index
        return -1

    def resize(self, row_count: int, column_count: int) -> None:
        """Give the grid another size; what falls outside is lost."""
        del self.rows[row_count:]
        if column_count < self.column_count:
            self.rows = [row[:column_count] for row in self.rows]
        self.row_count, self.column_count = row_count, column_count

    def apply(self, shift: Shift) -> None:
        """Insert, delete or move rows or columns."""
        count = shift.end - shift.start
        grown = {"insert": count, "delete": -count, "move": 0}[shift.kind]
        if shift.axis == ROWS:
            self.row_count += grown
            self.rows = self._shifted(self.rows, shift, NO_ROW)
        else:
            self.column_count += grown
            for index, row in enumerate(self.rows):
                self.put_row(index, self._shifted(list(row), shift, EMPTY))

    @staticmethod
    def _shifted(items: list[Item], shift: Shift, empty: Item) -> list[Item]:
        start, end, to = shift.start, shift.end, shift.to
        if shift.kind == "insert":
            if start >= len(items):
                return items
            return [*items[:start], *[empty] * (end - start), *items[start:]]
        if shift.kind == "delete":
            return items[:start] + items[end:]
        padded = items + [empty] * (max(end, to) - len(items))
        block, rest = padded[start:end], padded[:start] + padded[end:]
        at = to - (end - start) if to > start else to
        return rest[:at] + block + rest[at:]
