"""Requests that look through cells: find and replace, trim, take away doubles."""

import re

from tests.sheets_server.boxes import ROWS, Rect, Shift
from tests.sheets_server.entering import entered_cell
from tests.sheets_server.errors import invalid
from tests.sheets_server.locales import locale_of
from tests.sheets_server.reading import Renderer
from tests.sheets_server.requests.base import Job, Json, handles


@handles("findReplace")
def find_replace(job: Job, request: Json) -> Json:
    """Replace text, in values as shown or in formulas."""
    wanted = request.get("find", "")
    if not wanted:
        raise invalid("find must not be empty.")
    text = wanted if request.get("searchByRegex") else re.escape(wanted)
    if request.get("matchEntireCell"):
        text = rf"^(?:{text})$"
    try:
        pattern = re.compile(text, 0 if request.get("matchCase") else re.IGNORECASE)
    except re.error as error:
        raise invalid(f"Invalid regular expression: {wanted}") from error
    with_text = request.get("replacement", "")
    if request.get("searchByRegex"):
        with_text = re.sub(r"\$(\d)", r"\\\1", with_text)
    else:
        with_text = with_text.replace("\\", r"\\")
    counts = {
        "valuesChanged": 0,
        "formulasChanged": 0,
        "rowsChanged": 0,
        "sheetsChanged": 0,
        "occurrencesChanged": 0,
    }
    for sheet, rect in _places(job, request):
        rows = 0
        for row in range(rect.top, min(rect.bottom, len(sheet.grid.rows))):
            rows += _replace_row(
                job, sheet, row, rect, (pattern, with_text, bool(request.get("includeFormulas"))), counts
            )
        counts["rowsChanged"] += rows
        counts["sheetsChanged"] += bool(rows)
    return {name: count for name, count in counts.items() if count}


def _places(job: Job, request: Json) -> list[tuple]:
    if "range" in request:
        return [job.area(request["range"])]
    if "sheetId" in request:
        sheet = job.sheet(request["sheetId"])
        return [(sheet, sheet.grid.whole)]
    if request.get("allSheets"):
        return [(sheet, sheet.grid.whole) for sheet in job.book.sheets]
    raise invalid("One of range, sheetId or allSheets must be set.")


def _replace_row(job: Job, sheet, row: int, rect: Rect, what: tuple, counts: Json) -> bool:
    pattern, with_text, formulas = what
    renderer, locale, changed = Renderer(job.book), locale_of(job.book.locale), {}
    for column, cell in enumerate(sheet.grid.row(row)[rect.left : rect.right], rect.left):
        if not cell.filled or (cell.formula is not None and not formulas):
            continue
        text = cell.formula if cell.formula is not None else renderer.text(sheet, row, column, cell)
        new, hits = pattern.subn(with_text, text or "")
        if not hits:
            continue
        job.guard.cells(sheet, Rect(row, row + 1, column, column + 1))
        changed[column] = entered_cell(cell, new, locale)
        counts["occurrencesChanged"] += hits
        counts["valuesChanged" if cell.formula is None else "formulasChanged"] += 1
    sheet.grid.put(row, changed)
    return bool(changed)


@handles("trimWhitespace")
def trim_whitespace(job: Job, request: Json) -> Json:
    """Take away blanks around and between words."""
    sheet, rect = job.area(request.get("range"))
    job.guard.cells(sheet, rect)
    count = 0
    for row in range(rect.top, min(rect.bottom, len(sheet.grid.rows))):
        changed = {}
        for column, cell in enumerate(sheet.grid.row(row)[rect.left : rect.right], rect.left):
            if isinstance(cell.value, str) and " ".join(cell.value.split()) != cell.value:
                changed[column] = cell.holding(" ".join(cell.value.split()))
        count += len(changed)
        sheet.grid.put(row, changed)
    return {"cellsChangedCount": count} if count else {}


@handles("deleteDuplicates")
def delete_duplicates(job: Job, request: Json) -> Json:
    """Delete rows that stand there already."""
    sheet, rect = job.area(request.get("range"))
    columns = [
        at
        for span in request.get("comparisonColumns", [])
        for at in range(span.get("startIndex", 0), span.get("endIndex", rect.right))
    ] or list(range(rect.left, rect.right))
    renderer, seen, doubled = Renderer(job.book), set(), []
    for row in range(rect.top, min(rect.bottom, len(sheet.grid.rows))):
        key = tuple(renderer.text(sheet, row, column, sheet.grid.cell(row, column)) for column in columns)
        if key in seen:
            doubled.append(row)
        seen.add(key)
    job.guard.cells(sheet, rect)
    for row in reversed(doubled):
        job.book.shift(sheet, Shift(ROWS, "delete", row, row + 1))
        job.book.shift(sheet, Shift(ROWS, "insert", sheet.grid.row_count, sheet.grid.row_count + 1))
    return {"duplicatesRemovedCount": len(doubled)} if doubled else {}
