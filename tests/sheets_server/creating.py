"""`spreadsheets.create` and `sheets.copyTo`."""

from typing import Any

from tests.sheets_server import resources
from tests.sheets_server.book import Book
from tests.sheets_server.errors import invalid
from tests.sheets_server.fields import parse_mask
from tests.sheets_server.google import Google
from tests.sheets_server.protection import Guard
from tests.sheets_server.requests.base import Job
from tests.sheets_server.requests.cells import written
from tests.sheets_server.requests.ranges import add_named_range
from tests.sheets_server.requests.sheets import add_sheet, copy_of

Json = dict[str, Any]


def create(google: Google, body: Json, email: str, with_grid: bool) -> Json:
    """Answer `spreadsheets.create`."""
    given = body.get("properties", {})
    book = Book(google.new_id(), given.get("title") or "Untitled spreadsheet")
    book.properties |= {name: given[name] for name in ("locale", "timeZone", "autoRecalc") if name in given}
    file = google.new_file(book.title, email, book)
    job = Job(book, Guard(book, email, True), google.chance, email)
    if body.get("sheets"):
        book.sheets = []
        for at, sheet in enumerate(body["sheets"]):
            _add(job, sheet, at)
    for named in body.get("namedRanges", []):
        add_named_range(job, {"namedRange": named})
    file.touch(google.clock.now())
    return resources.described(book, None, with_grid)


def _add(job: Job, sheet: Json, at: int) -> None:
    given = dict(sheet.get("properties", {}))
    if not at and "sheetId" not in given and "title" not in given:
        given |= {"sheetId": 0, "title": "Sheet1"}
    add_sheet(job, {"properties": given})
    grid = job.book.sheets[-1].grid
    mask = parse_mask("*")
    for data in sheet.get("data", []):
        top, left = data.get("startRow", 0), data.get("startColumn", 0)
        for row, line in enumerate(data.get("rowData", []), top):
            cells = {
                column: written(grid.cell(row, column), cell, mask)
                for column, cell in enumerate(line.get("values", []), left)
            }
            grid.put(row, cells)


def copy_to(google: Google, book: Book, number: int, body: Json, email: str) -> Json:
    """Answer `sheets.copyTo`."""
    source = book.sheet_by_id(number)
    if source is None:
        raise invalid(f"The sheet id {number} was not found.")
    file, target = google.book_for(body.get("destinationSpreadsheetId", ""), email, "writer")
    job = Job(target, google.guard(file, email), google.chance, email)
    twin = copy_of(job, source, None, target.free_title(f"Copy of {source.title}"))
    target.sheets.append(twin)
    target.revision += 1
    file.touch(google.clock.now())
    return twin.properties(len(target.sheets) - 1)
