"""Rows of a sheet found by their key, and cells compared by what they mean, not by how they are written."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest

from services.tables.cells import Broken, CellReader, cell_reader, is_blank, read_text
from services.tables.parse import parse_sheet
from services.tables.schema import Column, Schema, Table, Type
from services.workbook.cell_values import as_read, header_text
from services.workbook.port import Cell, Sheet

VERSION = "Version"
"""A table with this column may hold a key several times: each version is a row of its own."""

Meaning = tuple[bool, Cell]
"""What a cell says by its column's type; or False and what stands there, where it breaks the rule."""

Key = tuple[Meaning, ...]


def identity_of(table: Table) -> tuple[Column, ...]:
    """The columns that tell a row that is added from all others: the key, and the version if there is one."""
    versions = (column for column in table.columns if column.header == VERSION)
    return (*table.keys, *versions)


class Meanings:
    """Reads cells of one table as the pages' copy has them, so that 3, 3.0 and "3" are the same."""

    def __init__(self, schema: Schema, table: Table, sheets: Mapping[str, Sheet] | None = None) -> None:
        self._schema, self._table, self._sheets = schema, table, sheets or {}
        self._columns = {column.header: column for column in table.columns}
        self._readers: dict[str, CellReader] = {}
        self._labels: dict[str, Mapping[str, Cell]] = {}

    def of(self, header: str, cell: Cell) -> Meaning:
        """What the cell says in this column; a name where its number is meant says the number."""
        try:
            value: Cell = self._reader(header)(cell)
        except Broken:
            return False, as_read(cell)
        if isinstance(value, str) and (labels := self._labels_for(header)):
            value = labels.get(value.casefold(), value)
        return True, value

    def key(self, headers: Sequence[str], cells: Iterable[Cell]) -> Key:
        """What several cells say together."""
        return tuple(self.of(header, cell) for header, cell in zip(headers, cells, strict=True))

    def written(self, header: str, value: Cell) -> Cell:
        """The value as people write it in this column."""
        column = self._columns.get(header)
        if isinstance(value, bool) and column is not None and column.type is Type.YESNO:
            return "Ja" if value else "Nej"
        return value

    def _reader(self, header: str) -> CellReader:
        if header not in self._readers:
            column = self._columns.get(header)
            if column is None:  # a question's column, which only the round knows
                self._readers[header] = _plain
            else:
                named = _target(self._schema, column) is not None
                reader = cell_reader(column, self._schema.target(column), label_allowed=named)
                self._readers[header] = reader
        return self._readers[header]

    def _labels_for(self, header: str) -> Mapping[str, Cell]:
        if header not in self._labels:
            self._labels[header] = self._read_labels(header)
        return self._labels[header]

    def _read_labels(self, header: str) -> Mapping[str, Cell]:
        column = self._columns.get(header)
        target = _target(self._schema, column) if column is not None else None
        if column is None or target is None or target.label is None or target.name not in self._sheets:
            return {}
        assert column.reference is not None
        typed = parse_sheet(self._schema, target, target.spreadsheet, self._sheets[target.name]).typed
        pairs = list(zip(typed.columns[target.label], typed.columns[column.reference.header], strict=True))
        # The first row of a name counts, as on the pages.
        return {label.casefold(): key for label, key in reversed(pairs) if label is not None}


def named_tables(schema: Schema, table: Table, headers: Iterable[str]) -> set[str]:
    """The tables whose names may stand in these columns instead of their keys."""
    columns = {column.header: column for column in table.columns}
    targets = (_target(schema, columns[header]) for header in headers if header in columns)
    return {target.name for target in targets if target is not None}


def _target(schema: Schema, column: Column) -> Table | None:
    """The table a reference leads to, where it may be written as the row's name."""
    if column.reference is None:
        return None
    target = schema.table(column.reference.table)
    return target if target.written_as_label else None


def _plain(cell: Cell) -> Cell:
    if is_blank(cell):
        return None
    return read_text(cell).strip()


class Grid:
    """A sheet with its header row found: where columns stand, and rows by what is in them."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        rows = range(sheet.height)
        self.header_index = next((r for r in rows if any(not is_blank(v[r]) for v in sheet.columns)), None)
        self.positions: dict[str, int] = {}
        if self.header_index is not None:
            for position, values in enumerate(sheet.columns):
                if text := header_text(values[self.header_index]):
                    self.positions.setdefault(text, position)

    def cell(self, row: int, header: str) -> Cell:
        """What stands in a row, as the spreadsheet numbers it, below a header."""
        return self._sheet.columns[self.positions[header]][row - 1]

    def find(self, headers: Sequence[str], wanted: Iterable[Key], by: Meanings) -> "Found":
        """The numbers of the rows that have each of the keys below these headers."""
        found: dict[Key, list[int]] = {key: [] for key in wanted}
        if self.header_index is None or not set(headers) <= self.positions.keys():
            return found
        columns = [self._sheet.columns[self.positions[h]][self.header_index + 1 :] for h in headers]
        for number, cells in enumerate(zip(*columns, strict=True), self.header_index + 2):
            key = by.key(headers, cells)
            if key in found and not self._is_blank(number):
                found[key].append(number)
        return found

    def filled(self, row: int) -> dict[int, Cell]:
        """The cells of a row that hold something, by column number."""
        cells = ((c, values[row - 1]) for c, values in enumerate(self._sheet.columns))
        return {column: cell for column, cell in cells if not is_blank(cell)}

    def _is_blank(self, row: int) -> bool:
        return not self.filled(row)


Found = dict[Key, list[int]]


def keys_in(columns: Mapping[str, Sequence[Cell]], headers: Sequence[str], by: Meanings) -> list[Key] | None:
    """The keys of a sheet's rows that are not blank, from the top; None where a header is not there."""
    if not set(headers) <= columns.keys():
        return None
    rows = zip_longest(*(columns[header] for header in headers))
    return [by.key(headers, cells) for cells in rows if not all(map(is_blank, cells))]
