"""Protected ranges: who may change what."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.sheets_server.boxes import Box, Rect
from tests.sheets_server.errors import PROTECTED, invalid

if TYPE_CHECKING:
    from tests.sheets_server.book import Book, Sheet


@dataclass(frozen=True, slots=True)
class Guard:
    """Stands for the caller: may this person change these cells?"""

    book: "Book"
    email: str = ""
    owner: bool = False

    def allowed(self, item: dict[str, Any]) -> bool:
        """Whether the caller may edit a protected range."""
        if item.get("warningOnly") or self.owner:
            return True
        editors = item.get("editors") or {}
        return self.email in editors.get("users", []) or bool(editors.get("domainUsersCanEdit"))

    def cells(self, sheet: "Sheet", rect: Rect) -> None:
        """Refuse a change of cells that are protected from the caller."""
        for item in sheet.protected:
            if self.allowed(item):
                continue
            box = self._box(item)
            area = box.within(
                max(sheet.grid.row_count, rect.bottom), max(sheet.grid.column_count, rect.right)
            )
            free = [Box.from_json(part) for part in item.get("unprotectedRanges", [])]
            inside = any(
                part.within(sheet.grid.row_count, sheet.grid.column_count).covers(rect) for part in free
            )
            if area.overlaps(rect) and not inside:
                raise invalid(PROTECTED)

    def _box(self, item: dict[str, Any]) -> Box:
        named = next(
            (one for one in self.book.named_ranges if one["namedRangeId"] == item.get("namedRangeId")), None
        )
        return Box.from_json(named["range"] if named and "range" not in item else item.get("range", {}))

    def rows(self, sheet: "Sheet") -> None:
        """Refuse a change of the sheet's shape when all of it is protected from the caller."""
        for item in sheet.protected:
            if self._box(item) == Box() and not self.allowed(item):
                raise invalid(PROTECTED)

    sheet = rows
