"""Whole tables: which rows count, what they say, and everything that is wrong in them."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from .schema import LISTED, TABLES, Table, answer_table
from .sheets import (
    EMPTY,
    Cell,
    Grid,
    Refs,
    Resolver,
    as_code,
    as_integer,
    as_text,
    letter,
    open_spreadsheet,
    parse,
    read_grid,
)

NEEDS_SCHOOL = ("Rektor", "Personal")
CLOSED = ("Stängd", "Publicerad")


class Problem(NamedTuple):
    """One thing that is wrong, where the spreadsheet shows it."""

    spreadsheet: str
    sheet: str
    row: int | None
    column: str | None
    header: str | None
    rule: str


@dataclass(frozen=True)
class Row:
    """A row that counts: its number in the sheet and what its cells mean (a bad cell is blank)."""

    number: int
    values: dict[str, object | None]

    def text(self, header: str) -> str | None:
        """The cell as text."""
        value = self.values.get(header)
        return value if isinstance(value, str) else None

    def integer(self, header: str) -> int | None:
        """The cell as a whole number."""
        value = self.values.get(header)
        return value if isinstance(value, int) else None

    def number_of(self, header: str) -> float | None:
        """The cell as a decimal number."""
        value = self.values.get(header)
        return value if isinstance(value, float) else None

    def day(self, header: str) -> datetime.date | None:
        """The cell as a date."""
        value = self.values.get(header)
        return value if isinstance(value, datetime.date) else None


@dataclass
class TableData:
    """A table as read: good rows in sheet order, where its columns are, and its problems."""

    spreadsheet: str
    sheet: str
    rows: list[Row] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def report(self, rule: str, row: int | None, header: str | None, place: int | None = None) -> None:
        """Note a problem; the column letter is found from the header unless a place is given."""
        if place is None and header is not None:
            place = self.places.get(header)
        column = letter(place) if place is not None else None
        self.problems.append(Problem(self.spreadsheet, self.sheet, row, column, header, rule))


def read_table(spreadsheet: str, table: Table, grid: Grid | None, refs: Refs) -> TableData:
    """Read a sheet, cell by cell, and report what is wrong."""
    data = TableData(spreadsheet, table.sheet)
    if grid is None:
        data.report("missing_sheet", None, None)
        return data
    _find_columns(data, table, grid)
    seen: set[tuple[object, ...]] = set()
    for number, cells in grid.rows:
        known = {h: cells[p] if p < len(cells) else EMPTY for h, p in data.places.items()}
        if all(cell.blank for cell in known.values()):
            continue
        row, good = _read_row(data, table, number, known, refs)
        if not good:
            continue
        key = tuple(row.values.get(column.header) for column in table.keys)
        if table.keys and key in seen:
            data.report("duplicate_key", number, table.keys[0].header)
            continue
        seen.add(key)
        data.rows.append(row)
    return data


def _find_columns(data: TableData, table: Table, grid: Grid) -> None:
    for column in table.columns:
        found = [place for place, header in enumerate(grid.headers) if header == column.header]
        if not found:
            data.report("missing_column", grid.header_row, column.header)
            continue
        data.places[column.header] = found[0]
        for place in found[1:]:
            data.report("duplicate_column", grid.header_row, column.header, place)


def _read_row(
    data: TableData, table: Table, number: int, known: dict[str, Cell], refs: Refs
) -> tuple[Row, bool]:
    """The row, and whether its key is good. Every cell is checked, also in rows that are dropped."""
    row = Row(number, {})
    good = True
    for column in table.columns:
        cell = known.get(column.header)
        if cell is None:  # the header is missing: reported once, in the header row
            good = good and not column.key
            continue
        value, rule = parse(cell, column, refs)
        if rule is None and cell.blank:
            if column.key and not _may_be_blank(table, column.header, row):
                rule = "missing_key"
            elif column.required:
                rule = "required"
        if rule is not None:
            data.report(rule, number, column.header)
            good = good and not column.key
        row.values[column.header] = value
    return row, good


def _may_be_blank(table: Table, header: str, row: Row) -> bool:
    """Only a permission's school may be a blank key, for roles that are not tied to a school."""
    optional = table.sheet == "Behörigheter" and header == "Skolenhetskod"
    return optional and row.text("Roll") not in NEEDS_SCHOOL


class Register:
    """Everything in a folder: the register's tables and the answers of its rounds."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        book = open_spreadsheet(folder, "vebs")
        grids = {sheet: read_grid(book, sheet) for sheet in TABLES}
        self.refs = _references(grids)
        self.tables = {sheet: read_table("vebs", TABLES[sheet], grids[sheet], self.refs) for sheet in TABLES}
        self.rounds = {str(row.text("Omgång")): row for row in self.tables["Omgångar"].rows}

    def rows(self, sheet: str) -> list[Row]:
        """The good rows of a table."""
        return self.tables[sheet].rows

    def questions(self, round_name: str) -> list[Row]:
        """The questions valid in a round, in sheet order."""
        return [row for row in self.rows("Frågor") if _valid(row, round_name)]

    def listed(self, round_name: str) -> dict[str, Row]:
        """The schools that take part in a round, by code."""
        rows = [row for row in self.rows("Skolans omgång") if row.text("Omgång") == round_name]
        return {str(row.text("Skolenhetskod")): row for row in rows}

    def answers(self, round_name: str) -> TableData:
        """The answers of a round (no rows where the file or sheet is missing)."""
        name = f"svar-{round_name}"
        table = answer_table([str(row.text("Fråga")) for row in self.questions(round_name)])
        refs = {LISTED: _among(self.listed(round_name))}
        return read_table(name, table, read_grid(open_spreadsheet(self.folder, name), "Svar"), refs)

    def counted(self, round_name: str) -> dict[str, list[dict[str, int]]]:
        """The counted answers of each listed school: question to level."""
        counted: dict[str, list[dict[str, int]]] = {code: [] for code in self.listed(round_name)}
        if self.rounds[round_name].text("Status") not in CLOSED:
            return counted
        for row in self.answers(round_name).rows:
            code = row.text("Skolenhetskod")
            levels = {h: value for h, value in row.values.items() if isinstance(value, int)}
            if code is not None and levels:
                counted[code].append(levels)
        return counted


def _valid(question: Row, round_name: str) -> bool:
    first, last = question.text("Från omgång"), question.text("Till omgång")
    return (first is None or first <= round_name) and (last is None or round_name <= last)


def _among(codes: Iterable[str]) -> Resolver:
    known = set(codes)

    def resolve(value: object) -> object | None:
        code = as_code(value)
        return code if code in known else None

    return resolve


def _references(grids: dict[str, Grid | None]) -> Refs:
    """How a reference to each table is looked up, from the rows whose own key is good."""

    def keys(sheet: str) -> list[Row]:
        anything: Refs = {column.target: lambda value: value for column in TABLES[sheet].columns}
        return read_table("vebs", TABLES[sheet], grids[sheet], anything).rows

    def texts(sheet: str, header: str) -> Resolver:
        known = {row.text(header) for row in keys(sheet)}
        return lambda value: as_text(value) if as_text(value) in known else None

    areas = keys("Delområden")

    def area(value: object) -> object | None:
        number = as_integer(value)
        by_number = [row.integer("Nr") for row in areas if row.integer("Nr") == number]
        by_name = [row.integer("Nr") for row in areas if row.text("Delområde") == as_text(value)]
        return next(iter(by_number + by_name), None)

    def area_or_all(value: object) -> object | None:
        return "Alla" if str(value).casefold() == "alla" else area(value)

    return {
        "Skolor": _among(str(row.text("Skolenhetskod")) for row in keys("Skolor")),
        "Delområden": area,
        "Delområden eller Alla": area_or_all,
        "Frågor": texts("Frågor", "Fråga"),
        "Regler": texts("Regler", "Regelversion"),
        "Omgångar": texts("Omgångar", "Omgång"),
    }
