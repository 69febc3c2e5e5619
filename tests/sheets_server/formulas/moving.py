"""References in formulas follow the rows and columns they point at."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from tests.sheets_server.a1 import column_letters, column_number, quoted
from tests.sheets_server.boxes import ROWS, Shift
from tests.sheets_server.formulas.tokens import tokens

if TYPE_CHECKING:
    from tests.sheets_server.book import Book, Sheet

POINT = re.compile(r"^(\$?)([A-Za-z]{1,3})?(\$?)(\d+)?$")
Spot = tuple[int | None, int | None]
Moved = Callable[[Spot, Spot, bool], tuple[Spot, Spot] | None]
"""What becomes of a reference's two corners (row, column); the flag says whether it is a range."""


def split_title(text: str) -> tuple[str, str]:
    """Split `'My sheet'!A1` into what stands before the address and the address."""
    if "!" not in text:
        return "", text
    title, _, address = text.rpartition("!")
    return title + "!", address


def title_of(prefix: str) -> str:
    """Return the sheet's name from what stands before an address."""
    name = prefix.removesuffix("!")
    return name[1:-1].replace("''", "'") if name.startswith("'") else name


def corner(text: str) -> tuple[Spot, tuple[bool, bool]]:
    """Return (row, column) of an address's corner, and which of the two are fixed by `$`."""
    match = POINT.match(text)
    if match is None:
        raise ValueError(text)
    first, letters, second, digits = match.groups()
    row = int(digits) - 1 if digits else None
    column = column_number(letters) if letters else None
    fixed_row = second == "$" if letters else first == "$" or second == "$"
    return (row, column), (fixed_row, first == "$" and bool(letters))


def spell(spot: Spot, fixed: tuple[bool, bool]) -> str:
    """Return a corner as text."""
    row, column = spot
    text = "" if column is None else ("$" if fixed[1] else "") + column_letters(column)
    return text if row is None else text + ("$" if fixed[0] else "") + str(row + 1)


def rewritten(formula: str, wanted: Callable[[str], bool], moved: Moved, decimal: str = ".") -> str:
    """Return a formula with those references moved whose sheet prefix is wanted."""
    pieces = []
    for token in tokens(formula, decimal):
        prefix, address = split_title(token.text) if token.kind == "ref" else ("", "")
        if token.kind != "ref" or not wanted(prefix):
            pieces.append(token.text)
            continue
        ends = [corner(part) for part in address.split(":")]
        found = moved(ends[0][0], ends[-1][0], len(ends) > 1)
        if found is None:
            pieces.append("#REF!")
            continue
        spelled = [spell(spot, fixed) for spot, (_, fixed) in zip(found, ends, strict=False)]
        pieces.append(prefix + ":".join(spelled))
    return "=" + "".join(pieces)


def shifting(shift: Shift) -> Moved:
    """Return how references follow inserted, deleted or moved rows or columns."""
    at = 0 if shift.axis == ROWS else 1

    def moved(first: Spot, last: Spot, is_range: bool) -> tuple[Spot, Spot] | None:
        start, end = first[at], last[at]
        if not is_range:
            goes = None if start is None else shift.index(start)
            return None if goes is None else (_with(first, at, goes), _with(last, at, goes))
        span = shift.span(start, None if end is None else end + 1)
        if span is None:
            return None
        return _with(first, at, span[0]), _with(last, at, None if span[1] is None else span[1] - 1)

    return moved


def _with(spot: Spot, at: int, value: int | None) -> Spot:
    return (value, spot[1]) if at == 0 else (spot[0], value)


def offset(formula: str, rows: int, columns: int, decimal: str = ".") -> str:
    """Return a formula as copied to a cell so many rows and columns away."""
    pieces = []
    for token in tokens(formula, decimal):
        if token.kind != "ref":
            pieces.append(token.text)
            continue
        prefix, address = split_title(token.text)
        spelled = []
        for part in address.split(":"):
            (row, column), fixed = corner(part)
            row = row if row is None or fixed[0] else row + rows
            column = column if column is None or fixed[1] else column + columns
            spelled.append("#REF!" if min(row or 0, column or 0) < 0 else spell((row, column), fixed))
        pieces.append("#REF!" if "#REF!" in spelled else prefix + ":".join(spelled))
    return "=" + "".join(pieces)


def follow(book: "Book", sheet: "Sheet", shift: Shift) -> None:
    """Let every formula of the book follow a shift in one of its sheets."""
    moved = shifting(shift)
    for other in book.sheets:
        own = other is sheet

        def wanted(prefix: str, own: bool = own) -> bool:
            return title_of(prefix).casefold() == sheet.title.casefold() if prefix else own

        each_formula(other, lambda text, wanted=wanted: rewritten(text, wanted, moved))


def rename(book: "Book", before: str, after: str) -> None:
    """Let every formula follow a sheet's new name."""
    for sheet in book.sheets:

        def renamed(text: str) -> str:
            pieces = []
            for token in tokens(text):
                prefix, address = split_title(token.text) if token.kind == "ref" else ("", "")
                same = prefix and title_of(prefix).casefold() == before.casefold()
                pieces.append(f"{quoted(after)}!{address}" if same else token.text)
            return "=" + "".join(pieces)

        each_formula(sheet, renamed)


def each_formula(sheet: "Sheet", change: Callable[[str], str]) -> None:
    """Put every formula of a sheet through `change`."""
    for index, row in enumerate(sheet.grid.rows):
        changed = {
            column: replace(cell, formula=change(cell.formula))
            for column, cell in enumerate(row)
            if cell.formula is not None
        }
        sheet.grid.put(index, {column: cell for column, cell in changed.items() if cell is not row[column]})
