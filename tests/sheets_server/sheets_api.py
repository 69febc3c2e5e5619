"""The Sheets service: from a recognised call to its answer."""

from collections.abc import Callable
from typing import Any

from tests.sheets_server import batch, creating, filters, reading, resources, writing
from tests.sheets_server.accounts import SHEETS_READ, SHEETS_WRITE, Token, check_scope
from tests.sheets_server.body import json_body
from tests.sheets_server.book import Book
from tests.sheets_server.discovery import answer_mask, clean_body, clean_query, method
from tests.sheets_server.fields import Mask, select
from tests.sheets_server.files import DriveFile
from tests.sheets_server.google import Google
from tests.sheets_server.protection import Guard
from tests.sheets_server.requests import metadata
from tests.sheets_server.routes import Call

Json = dict[str, Any]
ROOTS = {
    "spreadsheets.create": "spreadsheet",
    "spreadsheets.values.update": "data",
    "spreadsheets.values.append": "data",
}
WRITERS: dict[str, Callable[[Book, Call, Json, Json, Guard], Json]] = {
    "spreadsheets.values.update": lambda book, call, body, options, guard: writing.update(
        book, call.params["range"], body, options, guard
    ),
    "spreadsheets.values.append": lambda book, call, body, options, guard: writing.append(
        book, call.params["range"], body, options, guard
    ),
    "spreadsheets.values.clear": lambda book, call, body, options, guard: writing.clear(
        book, call.params["range"], guard
    ),
    "spreadsheets.values.batchUpdate": lambda book, call, body, options, guard: writing.batch_update(
        book, body, guard
    ),
    "spreadsheets.values.batchClear": lambda book, call, body, options, guard: writing.batch_clear(
        book, body, guard
    ),
    "spreadsheets.values.batchUpdateByDataFilter": lambda book, call, body, options, guard: (
        filters.batch_update(book, body, guard)
    ),
    "spreadsheets.values.batchClearByDataFilter": lambda book, call, body, options, guard: (
        filters.batch_clear(book, body, guard)
    ),
}
READERS: dict[str, Callable[[Book, Call, Json, Json, Mask | None], Json]] = {
    "spreadsheets.get": lambda book, call, body, options, mask: resources.spreadsheet(book, options, mask),
    "spreadsheets.getByDataFilter": lambda book, call, body, options, mask: filters.spreadsheet(
        book, body, mask
    ),
    "spreadsheets.values.get": lambda book, call, body, options, mask: reading.get(
        book, call.params["range"], options
    ),
    "spreadsheets.values.batchGet": lambda book, call, body, options, mask: reading.batch_get(book, options),
    "spreadsheets.values.batchGetByDataFilter": lambda book, call, body, options, mask: filters.batch_get(
        book, body
    ),
    "spreadsheets.developerMetadata.search": lambda book, call, body, options, mask: metadata.search(
        book, body
    ),
    "spreadsheets.developerMetadata.get": lambda book, call, body, options, mask: metadata.find(
        book, int(call.params["number"])
    ),
}


def answer(google: Google, call: Call, token: Token) -> Json:
    """Return the answer to a Sheets call; ApiError if it is refused."""
    check_scope(token, SHEETS_READ if call.kind == "read" else SHEETS_WRITE)
    described = method("sheets.v4", call.operation)
    options = clean_query(call.operation, call.query)
    schema = described["response"]["$ref"]
    mask = answer_mask(options["fields"], schema) if options.get("fields") else None
    body: Json = {}
    if "request" in described:
        body = clean_body(described["request"]["$ref"], json_body(call), ROOTS.get(call.operation, ""))
    found = _done(google, call, body, options, mask)
    return select(found, mask) if mask is not None else found


def _done(google: Google, call: Call, body: Json, options: Json, mask: Mask | None) -> Json:
    if call.operation == "spreadsheets.create":
        return creating.create(google, body, call.user, bool(mask))
    reader = READERS.get(call.operation)
    file, book = google.book_for(call.params["id"], call.user, "reader" if reader else "writer")
    if reader:
        return reader(book, call, body, options, mask)
    guard = google.guard(file, call.user)
    found = _written(google, file, book, call, body, options, guard)
    file.touch(google.clock.now())
    return found


def _written(
    google: Google, file: DriveFile, book: Book, call: Call, body: Json, options: Json, guard: Guard
) -> Json:
    if call.operation == "spreadsheets.batchUpdate":
        found = batch.batch_update(book, body, guard, google.chance)
        file.name = book.title
        return found
    if call.operation == "spreadsheets.sheets.copyTo":
        return creating.copy_to(google, book, int(call.params["sheet"]), body, call.user)
    kept = book.snapshot()
    try:
        return WRITERS[call.operation](book, call, body, options, guard)
    except BaseException:
        book.restore(kept)
        raise
    finally:
        book.revision += 1
