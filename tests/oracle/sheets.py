"""Reading .xlsx files: the grid of a sheet, and what one cell means for a column."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook

from .schema import Column

Resolver = Callable[[object], object | None]
Refs = Mapping[str, Resolver]


class Cell(NamedTuple):
    """A cell's value with text stripped (blank is None), and whether it is a formula error."""

    value: object | None
    error: bool

    @property
    def blank(self) -> bool:
        """True where nobody wrote anything."""
        return self.value is None and not self.error


class Parsed(NamedTuple):
    """What a cell means; `rule` names what is wrong with it, and then there is no value."""

    value: object | None
    rule: str | None


EMPTY = Cell(None, False)


@dataclass(frozen=True)
class Grid:
    """A sheet as it stands: the header row, and every row below it with its own number."""

    header_row: int
    headers: tuple[str | None, ...]
    rows: tuple[tuple[int, tuple[Cell, ...]], ...]


def open_spreadsheet(folder: Path, name: str) -> Workbook | None:
    """The spreadsheet `name` of the folder, or None where there is no such file."""
    path = folder / f"{name}.xlsx"
    return load_workbook(path, data_only=True) if path.exists() else None


def read_grid(book: Workbook | None, sheet: str) -> Grid | None:
    """All cells of a sheet, or None where the sheet is missing."""
    if book is None or sheet not in book.sheetnames:
        return None
    rows = [
        (number, tuple(_cell(cell.value, cell.data_type) for cell in cells))
        for number, cells in enumerate(book[sheet].iter_rows(), start=1)
    ]
    for place, (number, cells) in enumerate(rows):
        if not all(cell.blank for cell in cells):
            headers = tuple(as_text(cell.value) for cell in cells)
            return Grid(number, headers, tuple(rows[place + 1 :]))
    return Grid(1, (), ())


def _cell(value: object, data_type: str) -> Cell:
    if data_type == "e":
        return Cell(value, True)
    if isinstance(value, str):
        value = value.strip() or None
    return Cell(value, False)


def letter(place: int) -> str:
    """The column letter of a place counted from 0."""
    return get_column_letter(place + 1)


def parse(cell: Cell, column: Column, refs: Refs) -> Parsed:
    """What the cell means in this column."""
    if cell.error:
        return Parsed(None, "formula_error")
    if cell.value is None:
        return Parsed(None, None)
    if column.kind == "ref":
        found = refs[column.target](cell.value)
        return Parsed(found, None if found is not None else "unknown_reference")
    value = _READERS[column.kind](cell.value) if column.kind != "choice" else _choice(cell.value, column)
    if value is None:
        return Parsed(None, "not_a_choice" if column.kind in ("choice", "yesno") else "wrong_type")
    if isinstance(value, int) and _outside(value, column):
        return Parsed(None, "out_of_range")
    return Parsed(value, None)


def _outside(value: int, column: Column) -> bool:
    too_low = column.low is not None and value < column.low
    return too_low or (column.high is not None and value > column.high)


def _choice(value: object, column: Column) -> str | None:
    written = str(value).casefold()
    return next((choice for choice in column.choices if choice.casefold() == written), None)


def as_text(value: object) -> str | None:
    """Text; a whole number loses its decimals (2021.0 is "2021")."""
    if value is None:
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value)


def as_integer(value: object) -> int | None:
    """3, 3.0 and the text "3"."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    if isinstance(value, str) and re.fullmatch(r"[+-]?[0-9]+", value):
        return int(value)
    return None


def as_decimal(value: object) -> float | None:
    """3.5, "3.5" and "3,5"."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, str) and re.fullmatch(r"[+-]?[0-9]+([.,][0-9]+)?", value):
        return float(value.replace(",", "."))
    return None


def as_code(value: object) -> str | None:
    """Eight digits as text, or a positive number of at most eight digits, filled up with zeros."""
    if isinstance(value, str):
        return value if re.fullmatch(r"[0-9]{8}", value) else None
    number = as_integer(value)
    return f"{number:08d}" if number is not None and 0 < number < 100_000_000 else None


def as_date(value: object) -> datetime.date | None:
    """A real date, or text such as 2022-01-24."""
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        try:
            return datetime.date.fromisoformat(value)
        except ValueError:
            return None
    return None


def as_time(value: object) -> datetime.time | None:
    """A real time, or text such as 09:30."""
    if isinstance(value, datetime.time):
        return value
    if isinstance(value, datetime.datetime):
        return value.time()
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?", value):
        try:
            return datetime.time.fromisoformat(value.zfill(len(value) + (value[1] == ":")))
        except ValueError:
            return None
    return None


def as_yes(value: object) -> str | None:
    """Ja or Nej; TRUE and FALSE mean the same."""
    return {"ja": "Ja", "true": "Ja", "nej": "Nej", "false": "Nej"}.get(str(value).casefold())


def as_email(value: object) -> str | None:
    """An address, in lower case."""
    text = str(value)
    return text.casefold() if re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", text) else None


def as_url(value: object) -> str | None:
    """A web address."""
    text = str(value)
    return text if re.fullmatch(r"https?://\S+", text, re.IGNORECASE) else None


_READERS: dict[str, Resolver] = {
    "text": as_text,
    "longtext": as_text,
    "code": as_code,
    "integer": as_integer,
    "decimal": as_decimal,
    "date": as_date,
    "time": as_time,
    "yesno": as_yes,
    "email": as_email,
    "url": as_url,
}
