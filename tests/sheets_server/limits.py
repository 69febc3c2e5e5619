"""How large a spreadsheet may grow."""

from typing import TYPE_CHECKING

from tests.sheets_server.errors import invalid

if TYPE_CHECKING:
    from tests.sheets_server.book import Book, Sheet

MOST_CELLS = 10_000_000
MOST_COLUMNS = 18_278


def check_total(book: "Book", sheet: "Sheet | None", rows: int, columns: int) -> None:
    """Refuse a size for a sheet (None: a new one) that would take the book over the limit."""
    own = sheet.grid.row_count * sheet.grid.column_count if sheet else 0
    if book.cell_total() - own + rows * columns > MOST_CELLS and rows * columns > own:
        raise invalid(
            "This action would increase the number of cells in the workbook above the limit of "
            f"{MOST_CELLS} cells."
        )
    if columns > MOST_COLUMNS:
        raise invalid(
            "This action would increase the number of columns in the sheet above the limit of "
            f"{MOST_COLUMNS}."
        )
