"""A sheet, read by its table: typed columns, and a Problem for everything that could not be used.

A column is read through the set of its distinct values, so that a clean column costs a look-up a
cell; only a column where some value breaks a rule is walked cell by cell. Levels, by far the most
cells of a register, become a byte each. A bad cell is blank from
then on; a row whose key is bad or blank is marked to be left out; the sheet is never lost. What takes
other rows or tables to know, doubled keys and references, is `services.tables.references`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.tables.advice import (
    advice_on_cell,
    advice_on_duplicate_column,
    advice_on_missing_column,
    advice_on_missing_sheet,
)
from services.tables.cells import Broken, CellReader, cell_reader, is_blank
from services.tables.levels import whole_numbers
from services.tables.problems import Problem, Rule, column_letter, moment_of, plain_value
from services.tables.schema import Column, Schema, Table, Type
from services.tables.sheet import Sheet


@dataclass(frozen=True, slots=True)
class TypedTable:
    """The rows of one sheet that have something in them.

    `rows[i]` is the spreadsheet's number of row i; `columns[header][i]` its value, None where blank;
    a column of levels holds small whole numbers, 0 where blank. A header that the sheet lacks has a
    column of blanks. `letters` has the headers that are there.
    `unkeyed` are the indices of rows without a good key, which are left out when references have been
    resolved.
    """

    table: Table
    spreadsheet: str
    rows: Sequence[int]
    columns: Mapping[str, Sequence[Any]]
    letters: Mapping[str, str]
    unkeyed: frozenset[int] = frozenset()

    def __len__(self) -> int:
        return len(self.rows)

    def problem(self, index: int, header: str, rule: Rule, advice: str, value: object = None) -> Problem:
        """A problem in one cell of a good row, by the row's index here."""
        found = self.columns[header][index] if value is None else value
        return Problem(
            spreadsheet=self.spreadsheet,
            sheet=self.table.name,
            row=self.rows[index],
            column=self.letters.get(header),
            header=header,
            value=plain_value(found),
            rule=rule,
            advice=advice,
            moment=moment_of(found),
        )

    def only(self, kept: Sequence[int]) -> "TypedTable":
        """The same table with only these rows, by index."""
        return TypedTable(
            self.table,
            self.spreadsheet,
            [self.rows[i] for i in kept],
            {header: [values[i] for i in kept] for header, values in self.columns.items()},
            self.letters,
        )


@dataclass(frozen=True, slots=True)
class Parsed:
    """What came of a sheet."""

    typed: TypedTable
    problems: tuple[Problem, ...]


def parse_sheet(schema: Schema, table: Table, spreadsheet: str, sheet: Sheet | None) -> Parsed:
    """Read one sheet; a sheet that is not there is an empty table and a problem."""
    if sheet is None:
        advice = advice_on_missing_sheet(spreadsheet, table.name)
        problem = Problem(spreadsheet, table.name, None, None, None, None, Rule.MISSING_SHEET, advice)
        return Parsed(_empty(table, spreadsheet), (problem,))
    return _SheetReading(schema, table, spreadsheet, sheet).parsed()


def _empty(table: Table, spreadsheet: str) -> TypedTable:
    return TypedTable(table, spreadsheet, [], {column.header: [] for column in table.columns}, {})


class _SheetReading:
    """One sheet while it is being read."""

    def __init__(self, schema: Schema, table: Table, spreadsheet: str, sheet: Sheet) -> None:
        self.schema, self.table, self.spreadsheet, self.sheet = schema, table, spreadsheet, sheet
        self.problems: list[Problem] = []
        self.header_index = _first_row_with_content(sheet)
        self.positions = self._positions()
        self.indices = self._indices_with_content()
        self.row_numbers = [index + 1 for index in self.indices]

    def parsed(self) -> Parsed:
        bad_keys: set[int] = set()
        columns: dict[str, Sequence[Any]] = {}
        for column in self.table.columns:
            columns[column.header], broken = self._read(column)
            if column.key:
                bad_keys |= broken
        for column in self.table.keys:
            bad_keys |= self._blank_keys(column, columns)
        letters = {header: column_letter(position) for header, position in self.positions.items()}
        typed = TypedTable(
            self.table, self.spreadsheet, self.row_numbers, columns, letters, frozenset(bad_keys)
        )
        return Parsed(typed, tuple(self.problems))

    def _positions(self) -> dict[str, int]:
        """Where each header of the schema stands: its column index."""
        found: dict[str, int] = {}
        known = {column.header for column in self.table.columns}
        for position, values in enumerate(self.sheet.columns):
            header = _header_text(values[self.header_index]) if self.sheet.height else ""
            if header in found:
                advice = advice_on_duplicate_column(header)
                self._say(self.header_index, position, header, header, Rule.DUPLICATE_COLUMN, advice)
            elif header in known:
                found[header] = position
        for column in self.table.columns:
            if column.header not in found:
                advice = advice_on_missing_column(self.table, column)
                self._say(self.header_index, None, column.header, None, Rule.MISSING_COLUMN, advice)
        return found

    def _indices_with_content(self) -> list[int]:
        """Indices of the rows below the headers where some column of the schema is filled in."""
        below = range(self.header_index + 1, self.sheet.height)
        without: Sequence[int] = below
        for position in self.positions.values():
            values = self.sheet.columns[position]
            if without is below and _has_text_in_all(values[below.start :]):
                return list(below)
            without = [index for index in without if is_blank(values[index])]
            if not without:
                return list(below)
        return sorted(set(below).difference(without))

    def _read(self, column: Column) -> tuple[Sequence[Any], set[int]]:
        """The column's values over the rows with content, and the indices of those that broke a rule."""
        if column.header not in self.positions:
            return _packed(column, [None] * len(self.indices)), set()
        cells = self._cells(self.positions[column.header])
        read = self._reader(column)
        required = column.required and not column.key
        values = _read_clean(column, read, cells)
        if values is not None and not (required and None in values):
            return values, set()
        return self._walk(column, read, cells, required)

    def _cells(self, position: int) -> Sequence[Any]:
        values = self.sheet.columns[position]
        first, last = self.header_index + 1, self.sheet.height
        if len(self.indices) == last - first:
            return values[first:]
        return [values[index] for index in self.indices]

    def _reader(self, column: Column) -> CellReader:
        label_allowed = (
            column.reference is not None and self.schema.table(column.reference.table).written_as_label
        )
        return cell_reader(column, self.schema.target(column), label_allowed=label_allowed)

    def _walk(
        self, column: Column, read: CellReader, cells: Sequence[Any], required: bool
    ) -> tuple[Sequence[Any], set[int]]:
        values: list[Any] = []
        broken: set[int] = set()
        for index, cell in enumerate(cells):
            value = None
            try:
                value = read(cell)
                if value is None and required:
                    raise Broken(Rule.REQUIRED)
            except Broken as breach:
                broken.add(index)
                self._say_of_cell(index, column, cell, breach.rule)
            values.append(value)
        return _packed(column, values), broken

    def _blank_keys(self, column: Column, columns: Mapping[str, Sequence[Any]]) -> set[int]:
        """The rows that a key cell left blank costs; without the header all rows are lost."""
        if column.header not in self.positions:
            return set(range(len(self.indices)))
        values, position = columns[column.header], self.positions[column.header]
        if None not in values:
            return set()
        missing: set[int] = set()
        for index, value in enumerate(values):
            blank = value is None and is_blank(self.sheet.columns[position][self.indices[index]])
            if blank and _must_be_filled(column, columns, index):
                missing.add(index)
                self._say_of_cell(index, column, None, Rule.MISSING_KEY)
        return missing

    def _say_of_cell(self, index: int, column: Column, cell: object, rule: Rule) -> None:
        advice = advice_on_cell(rule, column, self.schema.target(column))
        self._say(self.indices[index], self.positions[column.header], column.header, cell, rule, advice)

    def _say(
        self, index: int, position: int | None, header: str, value: object, rule: Rule, advice: str
    ) -> None:
        self.problems.append(
            Problem(
                spreadsheet=self.spreadsheet,
                sheet=self.table.name,
                row=index + 1,
                column=None if position is None else column_letter(position),
                header=header,
                value=None if is_blank(value) else plain_value(value),
                rule=rule,
                advice=advice,
                moment=moment_of(value),
            )
        )


class _Known(dict[Any, Any]):
    """What each distinct cell reads as, found out when it is first met."""

    def __init__(self, read: CellReader) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, cell: Any) -> Any:
        value = self[cell] = self._read(cell)
        return value


def _first_row_with_content(sheet: Sheet) -> int:
    for index in range(sheet.height):
        if any(not is_blank(values[index]) for values in sheet.columns):
            return index
    return 0


def _has_text_in_all(cells: Sequence[Any]) -> bool:
    """Whether every cell is text that is not blank, as a column of ids is."""
    try:
        return all(map(str.strip, cells))
    except TypeError:
        return False


def _header_text(value: object) -> str:
    return " ".join(str(plain_value(value)).split()) if not is_blank(value) else ""


def _read_clean(column: Column, read: CellReader, cells: Sequence[Any]) -> Sequence[Any] | None:
    """The values of a column without a broken cell, through its distinct values; None if one is broken."""
    if (
        column.level
        and (levels := whole_numbers(cells, column.minimum or 0, column.maximum or 255)) is not None
    ):
        return levels
    kinds = set(map(type, cells))
    if column.type is Type.TEXT and kinds == {str} and all(map(str.isalnum, cells)):
        return cells  # text of letters and digits alone reads as it stands
    if bool in kinds and len(kinds) > 1:
        return None  # True equals 1 in a dictionary but not in a sheet
    try:
        if column.level:
            return bytes(map(_Known(lambda cell: read(cell) or 0).__getitem__, cells))
        return list(map(_Known(read).__getitem__, cells))
    except Broken:
        return None


def _packed(column: Column, values: Sequence[Any]) -> Sequence[Any]:
    """The column as it is kept: levels as bytes, everything else as it is."""
    return bytes(value or 0 for value in values) if column.level else values


def _must_be_filled(column: Column, columns: Mapping[str, Sequence[Any]], index: int) -> bool:
    if not column.may_be_blank:
        return True
    return any(columns[header][index] in values for header, values in column.filled_when.items())
