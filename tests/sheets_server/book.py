"""A spreadsheet in memory: its properties, its sheets and what belongs to them."""

import copy
import random
from typing import Any

from tests.sheets_server.boxes import COLUMNS, ROWS, Box, Rect, Shift
from tests.sheets_server.defaults import DEFAULT_FORMAT, THEME
from tests.sheets_server.grid import Grid

Json = dict[str, Any]
LISTS = (
    "conditionalFormats",
    "filterViews",
    "bandedRanges",
    "charts",
    "slicers",
    "developerMetadata",
    "tables",
)


class Sheet:
    """One sheet: a grid with merges, protections, groups, sizes and filters."""

    def __init__(self, sheet_id: int, title: str, grid: Grid | None = None) -> None:
        self.sheet_id = sheet_id
        self.title = title
        self.grid = grid or Grid()
        self.looks: Json = {}
        self.grid_looks: Json = {}
        self.merges: list[Rect] = []
        self.basic_filter: Json | None = None
        self.protected: list[Json] = []
        self.groups: dict[str, list[Json]] = {ROWS: [], COLUMNS: []}
        self.sizes: dict[str, dict[int, Json]] = {ROWS: {}, COLUMNS: {}}
        self.lists: dict[str, list[Json]] = {name: [] for name in LISTS}

    def copy(self) -> "Sheet":
        """Return a sheet of its own with the same content."""
        twin = Sheet(self.sheet_id, self.title, self.grid.copy())
        twin.merges = list(self.merges)
        for name in ("looks", "grid_looks", "basic_filter", "protected", "groups", "sizes", "lists"):
            setattr(twin, name, copy.deepcopy(getattr(self, name)))
        return twin

    def properties(self, index: int) -> Json:
        """Return the sheet's properties as the API shows them."""
        size = {"rowCount": self.grid.row_count, "columnCount": self.grid.column_count}
        shown: Json = {"sheetId": self.sheet_id, "title": self.title, "index": index, "sheetType": "GRID"}
        grid_looks = {name: item for name, item in self.grid_looks.items() if item not in (False, 0)}
        looks = {name: item for name, item in self.looks.items() if item is not False}
        return shown | {"gridProperties": size | grid_looks} | looks

    def shift(self, shift: Shift) -> None:
        """Insert, delete or move rows or columns, with all that hangs on them."""
        self.grid.apply(shift)
        moved = [rect.box.moved(shift) for rect in self.merges]
        rects = [box.within(self.grid.row_count, self.grid.column_count) for box in moved if box]
        self.merges = [rect for rect in rects if rect.height * rect.width > 1]
        self._shift_sizes(shift)
        self.protected = self._shift_ranges(self.protected, shift)
        if self.basic_filter:
            left = self._shift_ranges([self.basic_filter], shift)
            self.basic_filter = left[0] if left else None
        for name in ("filterViews", "bandedRanges"):
            self.lists[name] = self._shift_ranges(self.lists[name], shift)
        for rule in self.lists["conditionalFormats"]:
            spans = [Box.from_json(item).moved(shift) for item in rule.get("ranges", [])]
            rule["ranges"] = [span.to_json(self.sheet_id) for span in spans if span]
        self._shift_groups(shift)

    def _shift_ranges(self, items: list[Json], shift: Shift) -> list[Json]:
        kept = []
        for item in items:
            if "range" not in item:
                kept.append(item)
                continue
            box = Box.from_json(item["range"]).moved(shift)
            if box is not None:
                kept.append(item | {"range": box.to_json(self.sheet_id)})
        return kept

    def _shift_sizes(self, shift: Shift) -> None:
        moved = {shift.index(at): item for at, item in self.sizes[shift.axis].items()}
        self.sizes[shift.axis] = {at: item for at, item in moved.items() if at is not None}

    def _shift_groups(self, shift: Shift) -> None:
        kept = []
        for group in self.groups[shift.axis]:
            span = shift.span(group["range"].get("startIndex", 0), group["range"].get("endIndex"))
            if span is not None:
                kept.append(group | {"range": group["range"] | {"startIndex": span[0], "endIndex": span[1]}})
        self.groups[shift.axis] = kept

    def metadata(self) -> list[tuple[Json, Json]]:
        """Return (metadata, location) of the sheet and its rows and columns."""
        return [(item, item["location"]) for item in self.lists["developerMetadata"]]


class Book:
    """A spreadsheet."""

    def __init__(self, book_id: str, title: str, locale: str = "en_US", zone: str = "Etc/GMT") -> None:
        self.book_id = book_id
        self.properties: Json = {
            "title": title,
            "locale": locale,
            "timeZone": zone,
            "autoRecalc": "ON_CHANGE",
            "defaultFormat": copy.deepcopy(DEFAULT_FORMAT),
            "spreadsheetTheme": copy.deepcopy(THEME),
        }
        self.sheets: list[Sheet] = [Sheet(0, "Sheet1")]
        self.named_ranges: list[Json] = []
        self.metadata: list[Json] = []
        self.revision = 1

    @property
    def title(self) -> str:
        """The spreadsheet's name."""
        return str(self.properties["title"])

    @property
    def locale(self) -> str:
        """The spreadsheet's locale, as `sv_SE`."""
        return str(self.properties["locale"])

    def sheet_by_id(self, sheet_id: int) -> Sheet | None:
        """Return the sheet of that number."""
        return next((sheet for sheet in self.sheets if sheet.sheet_id == sheet_id), None)

    def sheet_by_title(self, title: str) -> Sheet | None:
        """Return the sheet of that name, whatever its capitals."""
        exact = next((sheet for sheet in self.sheets if sheet.title == title), None)
        folded = title.casefold()
        return exact or next((sheet for sheet in self.sheets if sheet.title.casefold() == folded), None)

    def named(self, name: str) -> Json | None:
        """Return the named range of that name."""
        return next((item for item in self.named_ranges if item["name"].casefold() == name.casefold()), None)

    def cell_total(self) -> int:
        """Return how many cells all grids have."""
        return sum(sheet.grid.row_count * sheet.grid.column_count for sheet in self.sheets)

    def shift(self, sheet: Sheet, shift: Shift) -> None:
        """Insert, delete or move rows or columns of a sheet; formulas and names follow."""
        from tests.sheets_server.formulas.moving import follow

        sheet.shift(shift)
        follow(self, sheet, shift)
        kept = []
        for item in self.named_ranges:
            if item["range"].get("sheetId", 0) == sheet.sheet_id:
                box = Box.from_json(item["range"]).moved(shift)
                if box is None:
                    continue
                item = item | {"range": box.to_json(sheet.sheet_id)}
            kept.append(item)
        self.named_ranges = kept

    def snapshot(self) -> dict[str, Any]:
        """Return all that a failed batch must bring back."""
        return {
            "properties": copy.deepcopy(self.properties),
            "sheets": [sheet.copy() for sheet in self.sheets],
            "named_ranges": copy.deepcopy(self.named_ranges),
            "metadata": copy.deepcopy(self.metadata),
        }

    def restore(self, kept: dict[str, Any]) -> None:
        """Go back to a snapshot."""
        for name, item in kept.items():
            setattr(self, name, item)

    def duplicate(self, book_id: str, title: str) -> "Book":
        """Return a copy under another id and title."""
        twin = Book(book_id, title, self.locale)
        twin.restore(self.snapshot())
        twin.properties["title"] = title
        return twin

    def new_sheet_id(self, chance: random.Random) -> int:
        """Return a number no sheet has."""
        while True:
            found = chance.randrange(1, 2**31 - 1)
            if self.sheet_by_id(found) is None:
                return found

    def free_title(self, wanted: str) -> str:
        """Return `wanted`, or the first `wanted 2`, `wanted 3` that no sheet has."""
        title, count = wanted, 1
        while self.sheet_by_title(title) is not None:
            count += 1
            title = f"{wanted} {count}"
        return title
