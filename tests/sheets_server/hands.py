"""What people do in the sheets by hand, between any two requests of the app."""

from collections.abc import Callable
from typing import Any

from tests.sheets_server import batch
from tests.sheets_server.a1 import on_grid, resolve
from tests.sheets_server.accounts import DEFAULT_USER, OWNER
from tests.sheets_server.book import Book, Sheet
from tests.sheets_server.boxes import COLUMNS, ROWS, Rect
from tests.sheets_server.entering import entered_cell
from tests.sheets_server.files import DriveFile, person
from tests.sheets_server.google import Google
from tests.sheets_server.locales import locale_of
from tests.sheets_server.protection import Guard
from tests.sheets_server.reading import Renderer
from tests.sheets_server.writing import put

Json = dict[str, Any]


class Hand:
    """A person with one spreadsheet open; the owner, whom no protection stops."""

    def __init__(self, google: Google, spreadsheet: str) -> None:
        self.google = google
        self.file = self._file(spreadsheet)
        if self.file.book is None:
            raise KeyError(spreadsheet)
        self.book: Book = self.file.book

    def _file(self, spreadsheet: str) -> DriveFile:
        by_id = self.google.files.get(spreadsheet)
        found = by_id or next((file for file in self.google.files.values() if file.name == spreadsheet), None)
        if found is None:
            raise KeyError(f"no spreadsheet {spreadsheet}")
        return found

    def sheet(self, title: str | None) -> Sheet:
        """Return a sheet by name, the first one if none is named."""
        found = self.book.sheet_by_title(title) if title else self.book.sheets[0]
        if found is None:
            raise KeyError(f"no sheet {title}")
        return found

    def do(self, *requests: Json) -> Json:
        """Make changes as the batchUpdate of the owner."""
        guard = Guard(self.book, OWNER, True)
        found = batch.batch_update(self.book, {"requests": list(requests)}, guard, self.google.chance)
        self.file.name = self.book.title
        return found

    def column(self, sheet: Sheet, header: str | int) -> int:
        """Return a column by its header, or by its index."""
        if isinstance(header, int):
            return header
        renderer = Renderer(self.book)
        texts = [renderer.text(sheet, 0, at, cell) for at, cell in enumerate(sheet.grid.row(0))]
        return texts.index(header)

    def find_row(self, sheet: Sheet, key: Any, header: str | int = 0) -> int:
        """Return the first row, from 0, where a column shows that value."""
        column, renderer = self.column(sheet, header), Renderer(self.book)
        for row in range(len(sheet.grid.rows)):
            if renderer.text(sheet, row, column, sheet.grid.cell(row, column)) == str(key):
                return row
        raise KeyError(f"no row {key}")

    def type_in(self, sheet: Sheet, row: int, column: int, values: list[list[Any]]) -> None:
        """Type values, by the locale of the spreadsheet."""
        grid, locale = sheet.grid, locale_of(self.book.locale)
        width = max([len(line) for line in values] + [0])
        grid.resize(max(grid.row_count, row + len(values)), max(grid.column_count, column + width))
        put(sheet, row, column, values, lambda before, given: entered_cell(before, given, locale))
        self.book.revision += 1


def _span(sheet: Sheet, axis: str, start: int, count: int) -> Json:
    return {"sheetId": sheet.sheet_id, "dimension": axis, "startIndex": start, "endIndex": start + count}


def _insert(axis: str) -> Callable[[Hand, Json], Any]:
    return lambda hand, edit: hand.do(
        {
            "insertDimension": {
                "range": _span(hand.sheet(edit.get("sheet")), axis, edit["at"], edit.get("count", 1))
            }
        }
    )


def _delete(axis: str) -> Callable[[Hand, Json], Any]:
    def edit(hand: Hand, given: Json) -> Any:
        sheet = hand.sheet(given.get("sheet"))
        if "key" in given:
            at = hand.find_row(sheet, given["key"], given.get("header", 0))
        else:
            at = hand.column(sheet, given["header"]) if "header" in given else given["at"]
        return hand.do({"deleteDimension": {"range": _span(sheet, axis, at, given.get("count", 1))}})

    return edit


def _move(axis: str) -> Callable[[Hand, Json], Any]:
    def edit(hand: Hand, given: Json) -> Any:
        sheet = hand.sheet(given.get("sheet"))
        at = hand.column(sheet, given["header"]) if "header" in given else given["at"]
        source = _span(sheet, axis, at, given.get("count", 1))
        return hand.do({"moveDimension": {"source": source, "destinationIndex": given["to"]}})

    return edit


def _sort(hand: Hand, edit: Json) -> None:
    sheet = hand.sheet(edit.get("sheet"))
    column = hand.column(sheet, edit["header"] if "header" in edit else edit.get("column", 0))
    rect = Rect(edit.get("from_row", 1), max(sheet.grid.last_row() + 1, 2), 0, sheet.grid.column_count)
    order = "DESCENDING" if edit.get("descending") else "ASCENDING"
    specs = [{"dimensionIndex": column, "sortOrder": order}]
    hand.do({"sortRange": {"range": rect.box.to_json(sheet.sheet_id), "sortSpecs": specs}})


def _type(hand: Hand, edit: Json) -> None:
    """Type in a range (`range`, `value` or `values`), or in the row of a key (`key`, `column`, `value`)."""
    values = edit.get("values", [[edit.get("value")]])
    values = [["" if item is None else item for item in row] for row in values]
    if "range" in edit:
        sheet, box = resolve(hand.book, edit["range"])
        rect = on_grid(sheet, box)
        hand.type_in(sheet, rect.top, rect.left, values)
        return
    sheet = hand.sheet(edit.get("sheet"))
    row = hand.find_row(sheet, edit["key"], edit.get("header", 0)) if "key" in edit else edit["row"]
    hand.type_in(sheet, row, hand.column(sheet, edit["column"]), values)


def _append(hand: Hand, edit: Json) -> None:
    sheet = hand.sheet(edit.get("sheet"))
    hand.type_in(sheet, sheet.grid.last_row() + 1, 0, edit["values"])


def _overwrite(hand: Hand, edit: Json) -> None:
    """The other half of a race: someone else's rows land on the very rows just appended."""
    sheet = hand.sheet(edit.get("sheet"))
    values = edit["values"]
    hand.type_in(sheet, max(sheet.grid.last_row() + 1 - len(values), 0), 0, values)


def _rename_header(hand: Hand, edit: Json) -> None:
    sheet = hand.sheet(edit.get("sheet"))
    hand.type_in(sheet, 0, hand.column(sheet, edit["header"]), [[edit["to"]]])


def _properties(hand: Hand, edit: Json, fields: str, properties: Json) -> None:
    sheet = hand.sheet(edit.get("sheet"))
    given = {"sheetId": sheet.sheet_id} | properties
    hand.do({"updateSheetProperties": {"properties": given, "fields": fields}})


def _protect(hand: Hand, edit: Json) -> None:
    if "range" in edit:
        sheet, box = resolve(hand.book, edit["range"])
        place = box.to_json(sheet.sheet_id)
    else:
        place = {"sheetId": hand.sheet(edit.get("sheet")).sheet_id}
    protected = {"range": place, "editors": {"users": edit.get("editors", [])}}
    hand.do({"addProtectedRange": {"protectedRange": protected}})


def _unprotect(hand: Hand, edit: Json) -> None:
    hand.sheet(edit.get("sheet")).protected.clear()


def _share(hand: Hand, edit: Json) -> None:
    _revoke(hand, edit)
    hand.file.permissions.append(person(edit.get("email", DEFAULT_USER), edit.get("role", "writer")))


def _revoke(hand: Hand, edit: Json) -> None:
    """Take away the sharing, a link for anyone included."""
    email = edit.get("email", DEFAULT_USER)
    kept = [
        item
        for item in hand.file.permissions
        if item.get("emailAddress") != email and item["type"] != "anyone"
    ]
    hand.file.permissions = kept
    if hand.file.owner == email:
        hand.file.owner = OWNER
        hand.file.permissions.append(person(OWNER, "owner"))


def _trash(hand: Hand, edit: Json) -> None:
    del hand.google.files[hand.file.file_id]


EDITS: dict[str, Callable[[Hand, Json], Any]] = {
    "insert_rows": _insert(ROWS),
    "insert_columns": _insert(COLUMNS),
    "delete_rows": _delete(ROWS),
    "delete_columns": _delete(COLUMNS),
    "move_rows": _move(ROWS),
    "move_columns": _move(COLUMNS),
    "sort": _sort,
    "type": _type,
    "append": _append,
    "overwrite": _overwrite,
    "rename_header": _rename_header,
    "delete_header": lambda hand, edit: _rename_header(hand, edit | {"to": ""}),
    "rename_sheet": lambda hand, edit: _properties(hand, edit, "title", {"title": edit["to"]}),
    "hide_sheet": lambda hand, edit: _properties(hand, edit, "hidden", {"hidden": edit.get("hidden", True)}),
    "delete_sheet": lambda hand, edit: hand.do(
        {"deleteSheet": {"sheetId": hand.sheet(edit.get("sheet")).sheet_id}}
    ),
    "add_sheet": lambda hand, edit: hand.do({"addSheet": {"properties": {"title": edit["title"]}}}),
    "protect": _protect,
    "unprotect": _unprotect,
    "share": _share,
    "revoke": _revoke,
    "delete_file": _trash,
    "locale": lambda hand, edit: hand.book.properties.update(locale=edit["to"]),
    "batch_update": lambda hand, edit: hand.do(*edit["requests"]),
}


def make(google: Google, edit: Json) -> Any:
    """Make one hand edit: `{"edit": name, "spreadsheet": id or name, …}`."""
    if edit.get("edit") not in EDITS:
        raise ValueError(f"unknown edit {edit.get('edit')!r}; known: {', '.join(EDITS)}")
    with google.lock:
        hand = Hand(google, edit["spreadsheet"])
        found = EDITS[edit["edit"]](hand, edit)
        hand.book.revision += 1
        hand.file.touch(google.clock.now(), edit.get("lag", google.hand_lag))
        return found
