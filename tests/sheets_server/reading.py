"""Values as `spreadsheets.values` shows them."""

from typing import Any

from tests.sheets_server.a1 import on_grid, range_name, resolve
from tests.sheets_server.book import Book, Sheet
from tests.sheets_server.boxes import Rect
from tests.sheets_server.cells import Cell, CellError, Value, number
from tests.sheets_server.formatting import is_date, shown
from tests.sheets_server.formulas.evaluate import Evaluator
from tests.sheets_server.locales import locale_of

Json = dict[str, Any]
FORMATTED, UNFORMATTED, FORMULA = "FORMATTED_VALUE", "UNFORMATTED_VALUE", "FORMULA"


def evaluator(book: Book) -> Evaluator:
    """Return the evaluator of the book as it is now."""
    kept = getattr(book, "evaluator", None)
    if kept is None or kept[0] != book.revision or kept[1].locale.name != locale_of(book.locale).name:
        kept = (book.revision, Evaluator(book))
        book.evaluator = kept  # type: ignore[attr-defined]
    found: Evaluator = kept[1]
    return found


def number_format(cell: Cell) -> Json | None:
    """Return the cell's own number format."""
    return cell.format.get("numberFormat") if cell.format else None


class Renderer:
    """Turns cells into JSON values by the options of a request."""

    def __init__(self, book: Book, value_option: str | None = None, date_option: str | None = None) -> None:
        self.option = value_option or FORMATTED
        self.dates_as_text = date_option == "FORMATTED_STRING"
        self.locale = locale_of(book.locale)
        self.evaluator = evaluator(book)

    def row(self, sheet: Sheet, row: int, left: int, right: int) -> list[Any]:
        """Return the values of a part of a row, None where a cell is empty; the rest of the row is cut."""
        cells = sheet.grid.row(row)[left:right]
        if self.option == FORMATTED:
            return [self.text(sheet, row, left + at, cell) for at, cell in enumerate(cells)]
        found = []
        for at, cell in enumerate(cells):
            easy = cell.formula is None and cell.format is None and not isinstance(cell.value, CellError)
            found.append(cell.value if easy else self.bare(sheet, row, left + at, cell))
        return found

    def text(self, sheet: Sheet, row: int, column: int, cell: Cell) -> str | None:
        """Return a cell as people see it."""
        if isinstance(cell.value, str):
            return cell.value
        if not cell.filled:
            return None
        value = self.evaluator.value(sheet, row, column, cell)
        return shown(value, number_format(cell), self.locale)

    def bare(self, sheet: Sheet, row: int, column: int, cell: Cell) -> Value:
        """Return a cell's value without looks, or its formula."""
        if self.option == FORMULA and cell.formula is not None:
            return cell.formula
        value = self.evaluator.value(sheet, row, column, cell)
        if isinstance(value, CellError):
            return value.text
        if isinstance(value, bool | str) or value is None:
            return value
        if self.dates_as_text and is_date(number_format(cell)):
            return shown(value, number_format(cell), self.locale)
        return number(value)


def trimmed(items: list[Any]) -> list[Any]:
    """Return a row without its empty end; empty cells before that are empty texts."""
    end = len(items)
    while end and items[end - 1] is None:
        end -= 1
    return ["" if item is None else item for item in items[:end]]


def values_of(sheet: Sheet, rect: Rect, renderer: Renderer, dimension: str | None) -> list[list[Any]]:
    """Return the values of a rectangle as rows or columns, empty ends cut off."""
    bottom = min(rect.bottom, len(sheet.grid.rows))
    rows = [renderer.row(sheet, row, rect.left, rect.right) for row in range(rect.top, bottom)]
    if dimension == "COLUMNS":
        width = max((len(row) for row in rows), default=0)
        rows = [row + [None] * (width - len(row)) for row in rows]
        rows = [list(column) for column in zip(*rows, strict=True)] if rows else []
    found = [trimmed(row) for row in rows]
    while found and not found[-1]:
        found.pop()
    return found


def value_range(book: Book, sheet: Sheet, rect: Rect, options: Json) -> Json:
    """Return a ValueRange."""
    dimension = options.get("majorDimension") or "ROWS"
    dimension = "ROWS" if dimension == "DIMENSION_UNSPECIFIED" else dimension
    renderer = Renderer(book, options.get("valueRenderOption"), options.get("dateTimeRenderOption"))
    found: Json = {"range": range_name(sheet.title, rect), "majorDimension": dimension}
    values = values_of(sheet, rect, renderer, dimension)
    return found | {"values": values} if values else found


def get(book: Book, text: str, options: Json) -> Json:
    """Answer `values.get`."""
    sheet, box = resolve(book, text)
    return value_range(book, sheet, on_grid(sheet, box), options)


def batch_get(book: Book, options: Json) -> Json:
    """Answer `values.batchGet`."""
    found = [get(book, text, options) for text in options.get("ranges", [])]
    return {"spreadsheetId": book.book_id} | ({"valueRanges": found} if found else {})
