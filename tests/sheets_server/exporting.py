"""`files.export`: a spreadsheet as a file of another kind."""

import csv
import io

import openpyxl

from tests.sheets_server.book import Book
from tests.sheets_server.cells import CellError
from tests.sheets_server.errors import drive_refusal
from tests.sheets_server.files import DriveFile
from tests.sheets_server.reading import Renderer, number_format

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DELIMITERS = {"text/csv": ",", "text/tab-separated-values": "\t"}


def export(file: DriveFile, mime_type: str) -> bytes:
    """Return the file's bytes; Drive's refusal if it can't be made."""
    if file.book is None:
        text = "Export only supports Docs Editors files."
        raise drive_refusal(403, "fileNotExportable", text, "alt")
    if mime_type in DELIMITERS:
        return as_text(file.book, DELIMITERS[mime_type])
    if mime_type == XLSX:
        return as_workbook(file.book)
    if mime_type == "application/pdf":
        return b"%PDF-1.4\n%%EOF\n"
    raise drive_refusal(400, "badRequest", "The requested conversion is not supported.", "convertTo")


def as_text(book: Book, mark: str) -> bytes:
    """Return the first sheet as delimited text."""
    renderer, sheet = Renderer(book), book.sheets[0]
    lines = [renderer.row(sheet, row, 0, sheet.grid.column_count) for row in range(sheet.grid.last_row() + 1)]
    width = max((len(line) for line in lines), default=0)
    while width and not any(line[width - 1 : width] not in ([], [None]) for line in lines):
        width -= 1
    out = io.StringIO()
    writer = csv.writer(out, delimiter=mark, lineterminator="\r\n")
    writer.writerows([(line + [None] * width)[:width] for line in lines])
    return out.getvalue().removesuffix("\r\n").encode()


def as_workbook(book: Book) -> bytes:
    """Return all sheets as an Excel workbook: values, formulas and number formats."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)  # type: ignore[arg-type]
    for sheet in book.sheets:
        page = workbook.create_sheet(sheet.title[:31])
        for row, cells in enumerate(sheet.grid.rows, 1):
            for column, cell in enumerate(cells, 1):
                if not cell.filled:
                    continue
                value = cell.formula or (cell.value.text if isinstance(cell.value, CellError) else cell.value)
                place = page.cell(row, column, value)
                pattern = (number_format(cell) or {}).get("pattern")
                if pattern:
                    place.number_format = pattern
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()
