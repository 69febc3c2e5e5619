"""What every kind of request needs: the book, the caller, and the refusals they share."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.sheets_server.book import Book, Sheet
from tests.sheets_server.boxes import COLUMNS, ROWS, Box, Rect
from tests.sheets_server.errors import invalid
from tests.sheets_server.protection import Guard

Json = dict[str, Any]


@dataclass
class Job:
    """One batch being done."""

    book: Book
    guard: Guard
    chance: random.Random
    email: str = ""
    notes: list[str] = field(default_factory=list)

    def sheet(self, sheet_id: int | None) -> Sheet:
        """Return a sheet by its number; 0 if none was given."""
        found = self.book.sheet_by_id(sheet_id or 0)
        if found is None:
            raise invalid(f"No grid with id: {sheet_id or 0}")
        return found

    def area(self, given: Json | None, name: str = "range") -> tuple[Sheet, Rect]:
        """Return the sheet and the part of its grid that a GridRange means."""
        if given is None:
            raise invalid(f"{name} is required")
        sheet = self.sheet(given.get("sheetId"))
        box = Box.from_json(given)
        self._check_indexes(box)
        check_start(sheet, "GridRange", (box.top or 0, box.left or 0), ("startRowIndex", "startColumnIndex"))
        return sheet, box.within(sheet.grid.row_count, sheet.grid.column_count)

    @staticmethod
    def _check_indexes(box: Box) -> None:
        spans = (("Row", box.top, box.bottom), ("Column", box.left, box.right))
        for name, start, end in spans:
            if (start or 0) < 0 or (end or 0) < 0:
                raise invalid(f"GridRange indexes must be >= 0: {name.lower()}")
            if end is not None and (start or 0) >= end:
                raise invalid(
                    f"range.start{name}Index[{start or 0}] must be before range.end{name}Index[{end}]"
                )

    def fresh_id(self, taken: list[int]) -> int:
        """Return a number that is not taken."""
        while (found := self.chance.randrange(1, 2**31 - 1)) in taken:
            pass
        return found

    def span(self, given: Json | None) -> tuple[Sheet, str, int, int | None]:
        """Return sheet, axis, start and end of a DimensionRange."""
        given = given or {}
        sheet = self.sheet(given.get("sheetId"))
        axis = given.get("dimension")
        if axis not in (ROWS, COLUMNS):
            raise invalid("No dimension specified.")
        start, end = given.get("startIndex", 0), given.get("endIndex")
        if start < 0 or (end or 0) < 0:
            raise invalid("DimensionRange indexes must be >= 0")
        if end is not None and start >= end:
            raise invalid(f"range.startIndex[{start}] must be before range.endIndex[{end}]")
        if end is None and start >= size_of(sheet, axis):
            raise invalid(
                f"range.startIndex[{start}] is after the last index of the grid[{size_of(sheet, axis) - 1}]"
            )
        return sheet, axis, start, end


def check_start(sheet: Sheet, kind: str, at: tuple[int, int], names: tuple[str, str]) -> None:
    """Refuse a place that starts outside the grid; what ends outside is cut to it."""
    sizes = ((sheet.grid.row_count, "row"), (sheet.grid.column_count, "column"))
    for start, name, (size, word) in zip(at, names, sizes, strict=True):
        if start >= size:
            raise invalid(f"{kind}.{name}[{start}] is after last {word} in grid[{size - 1}]")


def size_of(sheet: Sheet, axis: str) -> int:
    """Return how many rows or columns a sheet has."""
    return sheet.grid.row_count if axis == ROWS else sheet.grid.column_count


Handler = Callable[[Job, Json], Json]
HANDLERS: dict[str, Handler] = {}


def handles(name: str) -> Callable[[Handler], Handler]:
    """Register a function for one kind of request."""

    def register(handler: Handler) -> Handler:
        HANDLERS[name] = handler
        return handler

    return register
