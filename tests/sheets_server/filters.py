"""The same calls with data filters in place of ranges."""

from typing import Any

from tests.sheets_server import reading, resources, writing
from tests.sheets_server.a1 import box_name, on_grid, resolve
from tests.sheets_server.book import Book, Sheet
from tests.sheets_server.boxes import ROWS, Box, Rect
from tests.sheets_server.errors import invalid
from tests.sheets_server.fields import Mask
from tests.sheets_server.protection import Guard
from tests.sheets_server.requests.metadata import every, meets

Json = dict[str, Any]


def places(book: Book, item: Json) -> list[tuple[Sheet, Box]]:
    """Return the places that a data filter means."""
    if "a1Range" in item:
        return [resolve(book, item["a1Range"])]
    if "gridRange" in item:
        sheet = book.sheet_by_id(item["gridRange"].get("sheetId", 0))
        if sheet is None:
            raise invalid(f"No grid with id: {item['gridRange'].get('sheetId', 0)}")
        return [(sheet, Box.from_json(item["gridRange"]))]
    lookup = item.get("developerMetadataLookup")
    if lookup is None:
        raise invalid("Must specify a data filter.")
    found = [_location(book, entry["location"]) for _, entry in every(book) if meets(entry, lookup)]
    return [place for place in found if place is not None]


def _location(book: Book, location: Json) -> tuple[Sheet, Box] | None:
    span = location.get("dimensionRange", {})
    sheet = book.sheet_by_id(span.get("sheetId", location.get("sheetId", 0)))
    if sheet is None:
        return None
    start, end = span.get("startIndex"), span.get("endIndex")
    rows = span.get("dimension") == ROWS
    return sheet, Box(start, end) if rows else Box(None, None, start, end)


def _rects(book: Book, filters: list[Json]) -> list[tuple[Sheet, Rect, list[Json]]]:
    found: list[tuple[Sheet, Rect, list[Json]]] = []
    for item in filters:
        for sheet, box in places(book, item):
            rect = on_grid(sheet, box)
            same = next((known for known in found if known[:2] == (sheet, rect)), None)
            if same:
                same[2].append(item)
            else:
                found.append((sheet, rect, [item]))
    return found


def spreadsheet(book: Book, body: Json, mask: Mask | None) -> Json:
    """Answer `getByDataFilter`."""
    blocks: dict[int, list[Rect]] = {}
    for sheet, rect, _ in _rects(book, body.get("dataFilters", [])):
        blocks.setdefault(sheet.sheet_id, []).append(rect)
    return resources.described(book, blocks, bool(body.get("includeGridData")) or mask is not None)


def batch_get(book: Book, body: Json) -> Json:
    """Answer `values.batchGetByDataFilter`."""
    found = [
        {"valueRange": reading.value_range(book, sheet, rect, body), "dataFilters": items}
        for sheet, rect, items in _rects(book, body.get("dataFilters", []))
    ]
    return {"spreadsheetId": book.book_id} | ({"valueRanges": found} if found else {})


def batch_update(book: Book, body: Json, guard: Guard) -> Json:
    """Answer `values.batchUpdateByDataFilter`."""
    answers = []
    for item in body.get("data", []):
        for sheet, box in places(book, item.get("dataFilter", {})):
            answer = writing.update(book, box_name(sheet, box), item, body, guard)
            answers.append(answer | {"dataFilter": item["dataFilter"]})
    return writing.totals(book, answers)


def batch_clear(book: Book, body: Json, guard: Guard) -> Json:
    """Answer `values.batchClearByDataFilter`."""
    names = [
        writing.clear_range(book, box_name(sheet, rect.box), guard)
        for sheet, rect, _ in _rects(book, body.get("dataFilters", []))
    ]
    return {"spreadsheetId": book.book_id} | ({"clearedRanges": names} if names else {})
