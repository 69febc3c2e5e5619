"""Requests about the spreadsheet and its sheets."""

from tests.sheets_server.book import Sheet
from tests.sheets_server.cells import coloured
from tests.sheets_server.discovery import write_mask
from tests.sheets_server.errors import invalid
from tests.sheets_server.fields import Mask, overlay
from tests.sheets_server.formulas.moving import rename
from tests.sheets_server.grid import Grid
from tests.sheets_server.limits import check_total
from tests.sheets_server.requests.base import Job, Json, handles

OWN_PLACE = ("sheetId", "title", "index", "sheetType", "gridProperties")


def check_title(job: Job, title: str, own: Sheet | None = None) -> None:
    """Refuse a name that is empty, too long or taken."""
    if not title:
        raise invalid("Sheet name cannot be empty.")
    if len(title) > 100:
        raise invalid("The sheet name cannot be greater than 100 characters.")
    other = job.book.sheet_by_title(title)
    if other is not None and other is not own:
        raise invalid(f'A sheet with the name "{title}" already exists. Please enter another name.')


def place(job: Job, sheet: Sheet, index: int | None) -> None:
    """Put a sheet at an index; at the end when there is none."""
    at = len(job.book.sheets) if index is None else index
    if not 0 <= at <= len(job.book.sheets):
        raise invalid(f"The index {at} is out of bounds.")
    job.book.sheets.insert(at, sheet)


def sized(job: Job, given: Json) -> Grid:
    """Return an empty grid of the asked size."""
    rows, columns = given.get("rowCount", 1000), given.get("columnCount", 26)
    if rows < 1 or columns < 1:
        name = "rowCount" if rows < 1 else "columnCount"
        raise invalid(f"gridProperties.{name} must be greater than 0.")
    check_total(job.book, None, rows, columns)
    return Grid(rows, columns)


@handles("addSheet")
def add_sheet(job: Job, request: Json) -> Json:
    """Add a sheet."""
    given = request.get("properties", {})
    number = given.get("sheetId")
    if number is not None and (number < 0 or job.book.sheet_by_id(number)):
        raise invalid(f"A sheet with the id {number} already exists.")
    title = given.get("title") or _next_title(job)
    check_title(job, title)
    sheet = Sheet(job.book.new_sheet_id(job.chance) if number is None else number, title)
    grid = dict(given.get("gridProperties", {}))
    sheet.grid = sized(job, grid)
    sheet.grid_looks = {name: item for name, item in grid.items() if name not in ("rowCount", "columnCount")}
    _check_frozen(sheet)
    sheet.looks = {name: item for name, item in coloured(given).items() if name not in OWN_PLACE}
    place(job, sheet, given.get("index"))
    return {"properties": sheet.properties(job.book.sheets.index(sheet))}


def _next_title(job: Job) -> str:
    count = len(job.book.sheets) + 1
    while job.book.sheet_by_title(f"Sheet{count}"):
        count += 1
    return f"Sheet{count}"


@handles("deleteSheet")
def delete_sheet(job: Job, request: Json) -> Json:
    """Delete a sheet and the names in it."""
    sheet = _known(job, request.get("sheetId"))
    shown = [one for one in job.book.sheets if not one.looks.get("hidden")]
    if len(job.book.sheets) == 1:
        raise invalid("You can't remove all the sheets in a document.")
    if shown == [sheet]:
        raise invalid("You can't remove all the visible sheets in a document.")
    job.guard.sheet(sheet)
    job.book.sheets.remove(sheet)
    job.book.named_ranges = [
        item for item in job.book.named_ranges if item["range"].get("sheetId", 0) != sheet.sheet_id
    ]
    return {}


def _known(job: Job, number: int | None) -> Sheet:
    found = job.book.sheet_by_id(number or 0)
    if found is None:
        raise invalid(f"No sheet with id: {number or 0}")
    return found


@handles("duplicateSheet")
def duplicate_sheet(job: Job, request: Json) -> Json:
    """Copy a sheet within the spreadsheet."""
    source = _known(job, request.get("sourceSheetId"))
    number = request.get("newSheetId")
    if number is not None and job.book.sheet_by_id(number):
        raise invalid(f"A sheet with the id {number} already exists.")
    title = request.get("newSheetName") or job.book.free_title(f"Copy of {source.title}")
    check_title(job, title)
    check_total(job.book, None, source.grid.row_count, source.grid.column_count)
    twin = copy_of(job, source, number, title)
    place(job, twin, request.get("insertSheetIndex", 0))
    return {"properties": twin.properties(job.book.sheets.index(twin))}


def copy_of(job: Job, source: Sheet, number: int | None, title: str) -> Sheet:
    """Return a copy of a sheet under another number and name."""
    twin = source.copy()
    twin.sheet_id = job.book.new_sheet_id(job.chance) if number is None else number
    twin.title = title
    taken = [item["protectedRangeId"] for sheet in job.book.sheets for item in sheet.protected]
    for item in twin.protected:
        item["protectedRangeId"] = job.fresh_id(taken)
        item["range"] = item.get("range", {}) | {"sheetId": twin.sheet_id}
    if twin.basic_filter:
        twin.basic_filter["range"] = twin.basic_filter.get("range", {}) | {"sheetId": twin.sheet_id}
    for groups in twin.groups.values():
        for group in groups:
            group["range"]["sheetId"] = twin.sheet_id
    return twin


@handles("updateSheetProperties")
def update_sheet_properties(job: Job, request: Json) -> Json:
    """Rename, resize, move, hide, freeze or colour a sheet."""
    given = request.get("properties", {})
    sheet = _known(job, given.get("sheetId"))
    mask = write_mask(request.get("fields"), "SheetProperties")
    if "*" in mask:
        mask = {name: {} for name in ("title", "index", "gridProperties", *given) if name != "sheetId"}
        mask = {name: below for name, below in mask.items() if name in given}
    if "title" in mask:
        title = given.get("title", "")
        check_title(job, title, sheet)
        if title != sheet.title:
            rename(job.book, sheet.title, title)
        sheet.title = title
    if "gridProperties" in mask:
        _update_grid(job, sheet, given.get("gridProperties", {}), mask["gridProperties"])
    looks = {name: below for name, below in mask.items() if name not in OWN_PLACE}
    if looks:
        _update_looks(job, sheet, given, looks)
    if "index" in mask:
        _move(job, sheet, given.get("index", 0))
    return {}


def _update_looks(job: Job, sheet: Sheet, given: Json, mask: Mask) -> None:
    before = dict(sheet.looks)
    for name in ("tabColor", "tabColorStyle"):
        if name in mask:
            before.pop("tabColor", None)
            before.pop("tabColorStyle", None)
    looks = overlay(before, given, mask)
    if not looks.get("tabColorStyle", True):
        del looks["tabColorStyle"]
    sheet.looks = coloured(looks)
    if all(one.looks.get("hidden") for one in job.book.sheets):
        raise invalid("You can't hide all the sheets in a document.")


def _move(job: Job, sheet: Sheet, index: int) -> None:
    """Move a sheet; as in Google, indexes count the sheet where it stands before the move."""
    sheets = job.book.sheets
    if not 0 <= index <= len(sheets):
        raise invalid(f"The index {index} is out of bounds.")
    before = sheets.index(sheet)
    sheets.remove(sheet)
    sheets.insert(index - 1 if index > before else index, sheet)


def _update_grid(job: Job, sheet: Sheet, given: Json, mask: Mask) -> None:
    names = mask or {key: {} for key in given}
    size = (sheet.grid.row_count, sheet.grid.column_count)
    rows = given.get("rowCount", 0) if "rowCount" in names else size[0]
    columns = given.get("columnCount", 0) if "columnCount" in names else size[1]
    if rows < 1:
        raise invalid("You can't delete all the rows on the sheet.")
    if columns < 1:
        raise invalid("You can't delete all the columns on the sheet.")
    check_total(job.book, sheet, rows, columns)
    sheet.grid.resize(rows, columns)
    sheet.merges = [rect for rect in sheet.merges if rect.bottom <= rows and rect.right <= columns]
    looks = {name: {} for name in names if name not in ("rowCount", "columnCount")}
    if looks:
        sheet.grid_looks = overlay(sheet.grid_looks, given, looks)
    _check_frozen(sheet)


def _check_frozen(sheet: Sheet) -> None:
    if sheet.grid_looks.get("frozenRowCount", 0) >= sheet.grid.row_count:
        raise invalid("You can't freeze all visible rows on the sheet.")
    if sheet.grid_looks.get("frozenColumnCount", 0) >= sheet.grid.column_count:
        raise invalid("You can't freeze all visible columns on the sheet.")


@handles("updateSpreadsheetProperties")
def update_spreadsheet_properties(job: Job, request: Json) -> Json:
    """Change title, locale, time zone and the like."""
    mask = write_mask(request.get("fields"), "SpreadsheetProperties")
    given = request.get("properties", {})
    if "title" in mask and not given.get("title"):
        raise invalid("Spreadsheet title cannot be empty.")
    if "locale" in mask and not given.get("locale"):
        raise invalid("Unsupported locale: ")
    kept = job.book.properties
    job.book.properties = {**kept, **given} if "*" in mask else kept | overlay(kept, coloured(given), mask)
    return {}
