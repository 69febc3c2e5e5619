"""Addresses: A1 and R1C1 notation, quoted sheet names, open-ended and named ranges."""

import re
from typing import TYPE_CHECKING

from tests.sheets_server.boxes import Box, Rect
from tests.sheets_server.errors import invalid

if TYPE_CHECKING:
    from tests.sheets_server.book import Book, Sheet

MAX_COLUMN = 18278
PART = r"\$?([A-Za-z]{1,3})?\$?([1-9]\d{0,7})?"
A1 = re.compile(rf"^{PART}(?:(:){PART})?$")
R1C1 = re.compile(r"^[Rr]([1-9]\d*)[Cc]([1-9]\d*)(?:(:)[Rr]([1-9]\d*)[Cc]([1-9]\d*))?$")
PLAIN_TITLE = re.compile(r"^[A-Za-z_][A-Za-z0-9_]*$")
LIKE_A_CELL = re.compile(
    r"^([A-Za-z]{1,3}[0-9]+|[Rr][0-9]*[Cc][0-9]*|[Rr][0-9]*|[Cc][0-9]*|true|false)$", re.I
)


def column_number(letters: str) -> int:
    """Return the index, from 0, of a column's letters."""
    total = 0
    for letter in letters.upper():
        total = total * 26 + ord(letter) - 64
    return total - 1


def column_letters(index: int) -> str:
    """Return the letters of a column index, from 0."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def quoted(title: str) -> str:
    """Return a sheet's name as Google writes it in a range."""
    if PLAIN_TITLE.match(title) and not LIKE_A_CELL.match(title):
        return title
    return "'" + title.replace("'", "''") + "'"


def cell_name(row: int, column: int) -> str:
    """Return `B3` for row 2, column 1."""
    return f"{column_letters(column)}{row + 1}"


def range_name(title: str, rect: Rect) -> str:
    """Return `Sheet1!A1:B2`, with one address only for a single cell."""
    first = cell_name(rect.top, rect.left)
    if rect.height <= 1 and rect.width <= 1:
        return f"{quoted(title)}!{first}"
    return f"{quoted(title)}!{first}:{cell_name(rect.bottom - 1, rect.right - 1)}"


def read_box(text: str) -> Box | None:
    """Read the part after the sheet's name; None if it is no address."""
    found = R1C1.match(text)
    if found:
        top, left, colon, bottom, right = found.groups()
        last = (int(bottom), int(right)) if colon else (int(top), int(left))
        return ordered(int(top) - 1, int(left) - 1, last[0] - 1, last[1] - 1)
    match = A1.match(text)
    if not match:
        return None
    letters, row, colon, end_letters, end_row = match.groups()
    if not colon:
        if not (letters and row):
            return None
        end_letters, end_row = letters, row
    if not (letters or row) or not (end_letters or end_row):
        return None
    return _box(letters, row, end_letters, end_row)


def _box(letters: str | None, row: str | None, end_letters: str | None, end_row: str | None) -> Box | None:
    numbers = [column_number(item) if item else None for item in (letters, end_letters)]
    rows = [int(item) - 1 if item else None for item in (row, end_row)]
    if any(item is not None and item >= MAX_COLUMN for item in numbers):
        return None
    if (numbers[0] is None) != (numbers[1] is None) and None not in rows:
        return Box(min(filter_none(rows)), max(filter_none(rows)) + 1, next(iter(filter_none(numbers))), None)
    return ordered(rows[0], numbers[0], rows[1], numbers[1])


def filter_none(items: list[int | None]) -> list[int]:
    """Return those that are numbers."""
    return [item for item in items if item is not None]


def ordered(top: int | None, left: int | None, bottom: int | None, right: int | None) -> Box:
    """Return the box between two corners given in any order."""
    if top is not None and bottom is not None and bottom < top:
        top, bottom = bottom, top
    if left is not None and right is not None and right < left:
        left, right = right, left
    if top is None and bottom is not None:
        top, bottom = bottom, None
    if left is None and right is not None:
        left, right = right, None
    return Box(top, None if bottom is None else bottom + 1, left, None if right is None else right + 1)


def split(text: str) -> tuple[str | None, str | None]:
    """Split a range into sheet title and address; either may be missing."""
    if text.startswith("'"):
        match = re.match(r"^'((?:[^']|'')*)'(?:!(.*))?$", text, re.S)
        if not match:
            return None, text
        return match.group(1).replace("''", "'"), match.group(2)
    if "!" in text:
        title, _, address = text.rpartition("!")
        return title, address
    return None, text


def resolve(book: "Book", text: str) -> tuple["Sheet", Box]:
    """Return the sheet and the box that a range names; Google's 400 if there is none."""
    title, address = split(text)
    if title is None and address is not None:
        box = read_box(address)
        if box is not None:
            return book.sheets[0], box
        named = book.named(address)
        if named is not None:
            sheet = book.sheet_by_id(named["range"].get("sheetId", 0))
            if sheet is not None:
                return sheet, Box.from_json(named["range"])
        sheet = book.sheet_by_title(address)
        if sheet is not None:
            return sheet, Box()
        raise invalid(f"Unable to parse range: {text}")
    sheet = book.sheet_by_title(title or "")
    box = Box() if address is None else read_box(address)
    if sheet is not None and box is None:
        box = _named_on(book, sheet, address or "")
    if sheet is None or box is None:
        raise invalid(f"Unable to parse range: {text}")
    return sheet, box


def _named_on(book: "Book", sheet: "Sheet", name: str) -> Box | None:
    """Return the box of a named range that lies on that sheet."""
    named = book.named(name)
    if named is None or named["range"].get("sheetId", 0) != sheet.sheet_id:
        return None
    return Box.from_json(named["range"])


def box_name(sheet: "Sheet", box: Box) -> str:
    """Return a range as named, not cut to the grid; open ends are taken from the grid."""
    top, left = box.top or 0, box.left or 0
    bottom = max(sheet.grid.row_count, top + 1) if box.bottom is None else box.bottom
    right = max(sheet.grid.column_count, left + 1) if box.right is None else box.right
    return range_name(sheet.title, Rect(top, bottom, left, right))


def on_grid(sheet: "Sheet", box: Box) -> Rect:
    """Return the box cut to the grid; a 400 when it starts outside."""
    rows, columns = sheet.grid.row_count, sheet.grid.column_count
    if (box.top or 0) >= rows or (box.left or 0) >= columns:
        raise invalid(
            f"Range ({box_name(sheet, box)}) exceeds grid limits. Max rows: {rows}, max columns: {columns}"
        )
    return box.within(rows, columns)
