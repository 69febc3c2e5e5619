"""`spreadsheets.batchUpdate`: all requests or none."""

import random
from typing import Any

from tests.sheets_server import resources
from tests.sheets_server.a1 import on_grid, resolve
from tests.sheets_server.book import Book
from tests.sheets_server.boxes import Rect
from tests.sheets_server.errors import ApiError, invalid
from tests.sheets_server.protection import Guard
from tests.sheets_server.requests import (  # noqa: F401 - each registers its handlers
    cells,
    copying,
    dimensions,
    metadata,
    ranges,
    searching,
    sheets,
)
from tests.sheets_server.requests.base import HANDLERS, Job

Json = dict[str, Any]
WITH_ANSWER = {
    "deleteDimensionGroup",
    "findReplace",
    "deleteDuplicates",
    "trimWhitespace",
    "deleteDeveloperMetadata",
}


def batch_update(book: Book, body: Json, guard: Guard, chance: random.Random) -> Json:
    """Do every request of a batch; if one is refused, the book is as it was."""
    requests = body.get("requests", [])
    if not requests:
        raise invalid("Must specify at least one request.")
    kept = book.snapshot()
    job = Job(book, guard, chance, guard.email)
    try:
        replies = [_one(job, at, request) for at, request in enumerate(requests)]
    except BaseException:
        book.restore(kept)
        book.revision += 1
        raise
    found: Json = {"spreadsheetId": book.book_id, "replies": replies}
    if body.get("includeSpreadsheetInResponse"):
        found["updatedSpreadsheet"] = _whole(book, body)
    return found


def _one(job: Job, at: int, request: Json) -> Json:
    if len(request) != 1:
        raise invalid(
            f"Invalid requests[{at}]: No request set." if not request else "oneof field is already set."
        )
    name, given = next(iter(request.items()))
    handler = HANDLERS.get(name)
    if handler is None:
        raise ApiError(
            501, {"error": {"code": 501, "message": f"{name} is not built here.", "status": "UNIMPLEMENTED"}}
        )
    try:
        reply = handler(job, given)
    except ApiError as error:
        raise invalid(f"Invalid requests[{at}].{name}: {error.message}") from error
    job.book.revision += 1
    return {name: reply} if reply or name in WITH_ANSWER else {}


def _whole(book: Book, body: Json) -> Json:
    asked = body.get("responseRanges", [])
    blocks: dict[int, list[Rect]] = {}
    for text in asked:
        sheet, box = resolve(book, text)
        blocks.setdefault(sheet.sheet_id, []).append(on_grid(sheet, box))
    return resources.described(book, blocks if asked else None, bool(body.get("responseIncludeGridData")))
