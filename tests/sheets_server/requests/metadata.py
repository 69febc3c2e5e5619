"""Developer metadata: hidden keys on spreadsheets, sheets, rows and columns."""

from typing import Any

from tests.sheets_server.book import Book, Sheet
from tests.sheets_server.errors import invalid, not_found
from tests.sheets_server.requests.base import Job, Json, handles


def every(book: Book) -> list[tuple[list[Json], Json]]:
    """Return every (list it is kept in, item)."""
    found = [(book.metadata, item) for item in book.metadata]
    for sheet in book.sheets:
        kept = sheet.lists["developerMetadata"]
        found += [(kept, item) for item in kept]
    return found


def find(book: Book, number: int) -> Json:
    """Return one item; 404 if there is none."""
    for _, item in every(book):
        if item["metadataId"] == number:
            return item
    raise not_found()


def meets(item: Json, lookup: Json) -> bool:
    """Whether an item meets a lookup."""
    pairs = (("metadataId", "metadataId"), ("metadataKey", "metadataKey"), ("metadataValue", "metadataValue"))
    if any(asked in lookup and item.get(name) != lookup[asked] for asked, name in pairs):
        return False
    place = lookup.get("metadataLocation")
    if place and any(item["location"].get(name) != value for name, value in place.items()):
        return False
    kind = lookup.get("locationType")
    return kind is None or item["location"]["locationType"] == kind


def located(job: Job, given: Json) -> tuple[list[Json], Json]:
    """Return where an item is to be kept, and its location as shown."""
    if given.get("spreadsheet"):
        return job.book.metadata, {"spreadsheet": True, "locationType": "SPREADSHEET"}
    if "dimensionRange" in given:
        sheet, axis, start, end = job.span(given["dimensionRange"])
        if end != start + 1:
            raise invalid("Developer metadata can only be added to a single row or column.")
        kind = "ROW" if axis == "ROWS" else "COLUMN"
        return sheet.lists["developerMetadata"], {
            "dimensionRange": given["dimensionRange"],
            "locationType": kind,
        }
    sheet_: Sheet = job.sheet(given.get("sheetId"))
    return sheet_.lists["developerMetadata"], {"sheetId": sheet_.sheet_id, "locationType": "SHEET"}


@handles("createDeveloperMetadata")
def create_developer_metadata(job: Job, request: Json) -> Json:
    """Attach an item to a spreadsheet, sheet, row or column."""
    given = dict(request.get("developerMetadata", {}))
    if not given.get("metadataKey"):
        raise invalid("A metadata key must be specified.")
    if given.get("visibility", "DEVELOPER_METADATA_VISIBILITY_UNSPECIFIED").endswith("UNSPECIFIED"):
        raise invalid("A metadata visibility must be specified.")
    taken = [item["metadataId"] for _, item in every(job.book)]
    if given.get("metadataId") in taken:
        raise invalid(f"A metadata with the id {given['metadataId']} already exists.")
    given.setdefault("metadataId", job.fresh_id(taken))
    kept, given["location"] = located(job, given.get("location", {}))
    kept.append(given)
    return {"developerMetadata": given}


@handles("updateDeveloperMetadata")
def update_developer_metadata(job: Job, request: Json) -> Json:
    """Change the items that meet a filter."""
    changed = _matching(job.book, request)
    given = request.get("developerMetadata", {})
    for _, item in changed:
        item |= {
            name: given[name] for name in ("metadataKey", "metadataValue", "visibility") if name in given
        }
    return {"developerMetadata": [item for _, item in changed]}


@handles("deleteDeveloperMetadata")
def delete_developer_metadata(job: Job, request: Json) -> Json:
    """Delete the items that meet a filter."""
    gone = _matching(job.book, {"dataFilters": [request.get("dataFilter", {})]})
    for kept, item in gone:
        kept.remove(item)
    return {"deletedDeveloperMetadata": [item for _, item in gone]} if gone else {}


def _matching(book: Book, request: Json) -> list[tuple[list[Json], Json]]:
    lookups = [item.get("developerMetadataLookup", {}) for item in request.get("dataFilters", [])]
    return [(kept, item) for kept, item in every(book) if any(meets(item, lookup) for lookup in lookups)]


def search(book: Book, body: Json) -> Json:
    """Answer `developerMetadata.search`."""
    found: list[Json] = []
    for _, item in _matching(book, body):
        filters: list[Any] = [
            one for one in body.get("dataFilters", []) if meets(item, one.get("developerMetadataLookup", {}))
        ]
        found.append({"developerMetadata": item, "dataFilters": filters})
    return {"matchedDeveloperMetadata": found} if found else {}
