"""Rectangles of cells, half open, and how they move when rows and columns do."""

from dataclasses import dataclass
from typing import Any

ROWS, COLUMNS = "ROWS", "COLUMNS"


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle: first row and column, and those just after the last; None is without limit."""

    top: int | None = None
    bottom: int | None = None
    left: int | None = None
    right: int | None = None

    @classmethod
    def from_json(cls, given: dict[str, Any]) -> "Box":
        """Read a GridRange."""
        return cls(
            given.get("startRowIndex"),
            given.get("endRowIndex"),
            given.get("startColumnIndex"),
            given.get("endColumnIndex"),
        )

    def to_json(self, sheet_id: int) -> dict[str, Any]:
        """Write a GridRange; as in Google's answers the number 0 of the first sheet is left out."""
        found: dict[str, Any] = {"sheetId": sheet_id} if sheet_id else {}
        names = ("startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex")
        values = (self.top, self.bottom, self.left, self.right)
        return found | {name: value for name, value in zip(names, values, strict=True) if value is not None}

    def within(self, rows: int, columns: int) -> "Rect":
        """Cut to a grid of that size."""
        bottom = rows if self.bottom is None else min(self.bottom, rows)
        right = columns if self.right is None else min(self.right, columns)
        return Rect(self.top or 0, bottom, self.left or 0, right)

    def moved(self, shift: "Shift") -> "Box | None":
        """Return where the box lies after `shift`, or None when all of it was deleted."""
        start, end = (self.top, self.bottom) if shift.axis == ROWS else (self.left, self.right)
        span = shift.span(start, end)
        if span is None:
            return None
        if shift.axis == ROWS:
            return Box(span[0], span[1], self.left, self.right)
        return Box(self.top, self.bottom, span[0], span[1])


@dataclass(frozen=True, slots=True)
class Rect:
    """A box with all four limits known."""

    top: int
    bottom: int
    left: int
    right: int

    @property
    def height(self) -> int:
        """How many rows it has."""
        return max(self.bottom - self.top, 0)

    @property
    def width(self) -> int:
        """How many columns it has."""
        return max(self.right - self.left, 0)

    @property
    def box(self) -> Box:
        """The same as a Box."""
        return Box(self.top, self.bottom, self.left, self.right)

    def overlaps(self, other: "Rect") -> bool:
        """Whether they share a cell."""
        rows = self.top < other.bottom and other.top < self.bottom
        return rows and self.left < other.right and other.left < self.right

    def holds(self, row: int, column: int) -> bool:
        """Whether the cell lies within."""
        return self.top <= row < self.bottom and self.left <= column < self.right

    def covers(self, other: "Rect") -> bool:
        """Whether all of `other` lies within."""
        rows = self.top <= other.top and other.bottom <= self.bottom
        return rows and self.left <= other.left and other.right <= self.right


@dataclass(frozen=True, slots=True)
class Shift:
    """Rows or columns inserted, deleted or moved."""

    axis: str
    kind: str  # insert, delete or move
    start: int
    end: int
    to: int = 0

    def index(self, at: int) -> int | None:
        """Return where the row or column `at` goes; None if it is deleted."""
        count = self.end - self.start
        if self.kind == "insert":
            return at + count if at >= self.start else at
        if self.kind == "delete":
            if self.start <= at < self.end:
                return None
            return at - count if at >= self.end else at
        return self._moved(at, count)

    def _moved(self, at: int, count: int) -> int:
        target = self.to - count if self.to > self.start else self.to
        if self.start <= at < self.end:
            return target + at - self.start
        without = at - count if at >= self.end else at
        return without + count if without >= target else without

    def span(self, start: int | None, end: int | None) -> tuple[int | None, int | None] | None:
        """Return where a half-open span goes; None if all of it is deleted."""
        count = self.end - self.start
        if self.kind == "insert":
            start = start + count if start is not None and start >= self.start else start
            return start, end + count if end is not None and end > self.start else end
        if self.kind == "delete":
            return self._cut(start, end, count)
        if start is None or end is None:
            return start, end
        moved = [self._moved(at, count) for at in (start, end - 1)]
        return min(moved), max(moved) + 1

    def _cut(self, start: int | None, end: int | None, count: int) -> tuple[int | None, int | None] | None:
        def cut(at: int) -> int:
            return at if at <= self.start else max(self.start, at - count)

        new_start = None if start is None else cut(start)
        new_end = None if end is None else cut(end)
        if new_end is not None and (new_start or 0) >= new_end:
            return None
        return new_start, new_end
