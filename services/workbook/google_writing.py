"""Appends rows to Google's spreadsheets and changes cells in them, beside the people who edit there."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from services.errors import CellProtected, SpreadsheetChanged
from services.workbook.cell_values import cell_name
from services.workbook.google import SheetsClient
from services.workbook.google_terms import SheetInfo, Target
from services.workbook.guarded.blocks import blocks_of
from services.workbook.guarded.cells import Scalar, format_data, format_of, header_row, row_of, scalar, stored
from services.workbook.guarded.debts import owed
from services.workbook.guarded.guard import Guard, changed
from services.workbook.guarded.headers import Header, lacking, read_headers
from services.workbook.guarded.image import misplaced, not_to_be_written
from services.workbook.guarded.journal import Journal
from services.workbook.guarded.operation import (
    NUMBER_FORMAT,
    Added,
    Line,
    NewCell,
    Operation,
    Spot,
    with_tops,
)
from services.workbook.guarded.placing import stand
from services.workbook.port import Cell, CellChange, Row, RowNumbers, Sheet, Snapshot
from services.workbook.seen_rows import refuse_headers

_TRIES = 4
_MORE_COLUMNS = 4

_Rows = Mapping[str, Sequence[Row]]


class GoogleWriting:
    """Everything about spreadsheets at Google that has to do with changing them."""

    def __init__(self, client: SheetsClient, target: Callable[[str], Target], journal: Path | None) -> None:
        self._client, self._target = client, target
        self._guard = Guard(client, Journal(journal))
        self._headers: dict[str, dict[str, Header | None]] = {}

    def settle(self, target: Target) -> None:
        """Find out what became of a change without an answer, and put right what it did wrong."""
        with self._guard.ready(target):
            return

    def append(self, spreadsheet: str, rows: _Rows) -> None:
        """Add rows after the last row with content of each sheet named, all of them or none."""
        target = self._target(spreadsheet)
        wanted = {sheet: list(new) for sheet, new in rows.items() if new}
        if not wanted:
            return
        with self._guard.ready(target):
            for _ in range(_TRIES):
                operation = self._addition(target, wanted)
                try:
                    image = self._guard.carry_out(target, operation)
                except SpreadsheetChanged:
                    self._forget(target)
                    continue
                if not misplaced(operation, image):
                    self._guard.finish(target)
                    return
                self._guard.take_back(target, operation, image)
                self._guard.finish(target)
                self._forget(target)
            raise changed(target)

    def write(self, spreadsheet: str, changes: Sequence[CellChange], seen: Snapshot) -> None:
        """Change cells of a fresh snapshot, all of them or none."""
        target = self._target(spreadsheet)
        new = {(change.sheet, change.row, change.column): change.value for change in changes}
        for place, value in new.items():
            _refuse(target, seen, place)
            stored(value)
        if not new:
            return
        with self._guard.ready(target):
            operation = self._change(target, new, seen)
            image = self._guard.carry_out(target, operation)
            hidden = not_to_be_written(operation, image)
            if owed([(operation, image)]):
                self._guard.put_back(target, [(operation, image)])
            elif all(spot.value == "" for spot in operation.spots):
                self._guard.forget_copies(target, operation)  # what is taken away is to be gone
            self._guard.finish(target)
        if hidden is not None:
            sheet = dict(operation.titles)[hidden.gid]
            raise _hidden_cell(target, sheet, cell_name(hidden.row + 1, hidden.column))
        if owed([(operation, image)]):
            raise changed(target)

    def remove(self, spreadsheet: str, rows: RowNumbers, seen: Snapshot) -> None:
        """Empty rows of a fresh snapshot, all of them or none."""
        target = self._target(spreadsheet)
        wanted = {sheet: sorted(set(numbers)) for sheet, numbers in rows.items() if numbers}
        for sheet, numbers in wanted.items():
            refuse_headers(seen, sheet, numbers)
        if not wanted:
            return
        with self._guard.ready(target):
            operation = self._removal(target, wanted, seen)
            image = self._guard.carry_out(target, operation)
            is_elsewhere = self._guard.add_again(target, [(operation, image)])
            self._guard.finish(target)
        if is_elsewhere:
            raise changed(target)

    def forget(self, spreadsheet: str) -> None:
        """Leave no copy of what stood in the spreadsheet before in the app's own sheets or on disk."""
        target = self._target(spreadsheet)
        with self._guard.ready(target):
            self._guard.forget(target)

    def _removal(self, target: Target, rows: Mapping[str, Sequence[int]], seen: Snapshot) -> Operation:
        """The operation that empties rows, by sheet and number in order."""
        infos = self._guard.infos(target)
        if any(not _fits(infos, sheet, numbers[-1], 0) for sheet, numbers in rows.items()):
            infos = self._guard.infos(target, again=True)
        if any(not _fits(infos, sheet, numbers[-1], 0) for sheet, numbers in rows.items()):
            raise changed(target)
        lines, blocks = [], []
        for sheet, numbers in rows.items():
            lines += _seen_lines(infos[sheet], [(number, 0) for number in numbers], seen)
            blocks += blocks_of(infos[sheet].gid, numbers, len(seen.sheets[sheet].columns))
        # A row that is emptied by mistake comes back below all others: so look first, and seldom have to.
        now = self._guard.read(target, list(rows))
        if not stand(lines, {infos[sheet].gid: found for sheet, found in now.items()}):
            raise changed(target)
        operation = self._guard.operation(target, list(rows))
        return replace(operation, lines=tuple(lines), blocks=tuple(blocks))

    def _forget(self, target: Target) -> None:
        self._headers.pop(target.id, None)

    def _known_headers(self, target: Target, wanted: Mapping[str, Collection[str]]) -> dict[str, Header]:
        """The headers of those sheets. ValueError where a sheet or a column is not there."""
        kept = self._headers.get(target.id, {})
        if lacking(wanted, kept):
            kept = self._headers[target.id] = {**kept, **read_headers(self._client, target, wanted)}
            self._guard.infos(target, again=True)
        if words := lacking(wanted, kept):
            self._forget(target)
            raise ValueError(words)
        return {sheet: header for sheet in wanted if (header := kept[sheet]) is not None}

    def _addition(self, target: Target, rows: _Rows) -> Operation:
        """The operation that adds the rows. ValueError where a sheet or a column is not there."""
        cells = {
            sheet: [{text: (stored(value), format_of(value)) for text, value in row.items()} for row in new]
            for sheet, new in rows.items()
        }
        wanted = {sheet: {text for row in new for text in row} for sheet, new in rows.items()}
        headers = self._known_headers(target, wanted)
        infos = self._guard.infos(target)
        added, lines = [], []
        for sheet, new in cells.items():
            header, gid = headers[sheet], infos[sheet].gid
            columns = {text: header.columns[text] for text in wanted[sheet]}
            placed: list[tuple[NewCell, ...]] = [
                tuple(sorted((columns[text], *cell) for text, cell in row.items())) for row in new
            ]
            added.append(Added(gid, tuple(columns.items()), tuple(placed)))
            width = max(columns.values(), default=0) + 1
            # One row more, so that a row inserted above the headers is no reason to do it again.
            last = min(header.row + 2, max(infos[sheet].rows, header.row + 1))
            lines += [Line(gid, row, (None,) * width, is_header=True) for row in range(last)]
        operation = self._guard.operation(target, list(cells))
        return replace(operation, added=tuple(added), lines=tuple(lines))

    def _change(self, target: Target, new: Mapping[tuple[str, int, int], Cell], seen: Snapshot) -> Operation:
        """The operation that writes the new values, by sheet, row and column."""
        sheets = list(dict.fromkeys(sheet for sheet, _, _ in new))
        infos = self._guard.infos(target)
        if any(not _fits(infos, *place) for place in new):
            infos = self._guard.infos(target, again=True)
        if any(sheet not in infos for sheet in sheets):
            raise changed(target)
        lines, spots, grown = [], [], []
        for sheet in sheets:
            info, cells = (
                infos[sheet],
                {(r, c): value for (name, r, c), value in new.items() if name == sheet},
            )
            for dimension, size, needed in (
                ("ROWS", info.rows, max(row for row, _ in cells)),
                ("COLUMNS", info.columns, max(column for _, column in cells) + 1),
            ):
                if needed > size:
                    grown.append((info.gid, dimension, needed - size))
            lines += _seen_lines(info, cells, seen)
            spots += [_spot(info.gid, place, value, seen.sheets[sheet]) for place, value in cells.items()]
        operation = self._guard.operation(target, sheets)
        return replace(operation, lines=tuple(lines), spots=tuple(spots), grown=tuple(grown))


def _fits(infos: Mapping[str, SheetInfo], sheet: str, row: int, column: int) -> bool:
    return sheet in infos and row <= infos[sheet].rows and column < infos[sheet].columns


def _seen_lines(info: SheetInfo, cells: Collection[tuple[int, int]], seen: Snapshot) -> list[Line]:
    """The rows concerned, as they were seen: those of the cells, and down to the headers.

    Some columns more are copied with them: what is moved by inserted columns can be found again by all of it.
    """
    sheet = seen.sheets[info.title]
    width = max(len(sheet.columns), *(column + 1 for _, column in cells))
    more = max(0, min(_MORE_COLUMNS, info.columns - width))
    header = header_row(sheet)
    tops = set(range(header + 1)) if header is not None else set()
    lines = [
        Line(
            info.gid,
            row,
            tuple(
                None if (info.title, row + 1, column) in seen.formulas else _scalar(value)
                for column, value in enumerate(row_of(sheet, row, width))
            )
            + (None,) * more,
            is_header=row in tops,
        )
        for row in sorted(tops | {row - 1 for row, _ in cells})
    ]
    return with_tops(lines, info.rows - 1)


def _spot(gid: int, place: tuple[int, int], value: Cell, sheet: Sheet) -> Spot:
    row, column = place[0] - 1, place[1]
    format_ = format_of(value)
    before = row_of(sheet, row, column + 1)[column]
    has_number = isinstance(before, int | float) and not isinstance(before, bool)
    looks = {NUMBER_FORMAT: format_data(format_)} if format_ is not None and not has_number else {}
    return Spot(gid, row, column, stored(value), looks=looks)


def _scalar(value: Cell) -> Scalar:
    """A value that was read; it may be longer than what we write."""
    return scalar(value) if isinstance(value, str | int | float | None) else stored(value)


def _refuse(target: Target, seen: Snapshot, place: tuple[str, int, int]) -> None:
    sheet, row, column = place
    cell = cell_name(row, column)
    if sheet not in seen.sheets:
        raise ValueError(f"there is no sheet {sheet!r} in what was read")
    if place in seen.formulas:
        raise CellProtected(
            target.name,
            f"Cellen {cell} i bladet {sheet} i {target.name} innehåller en formel "
            "och skrivs inte över; ändra den i kalkylbladet.",
        )


def _hidden_cell(target: Target, sheet: str, cell: str) -> CellProtected:
    return CellProtected(
        target.name,
        f"Cellen {cell} i bladet {sheet} i {target.name} är sammanfogad med andra eller fylls av en formel "
        "i en annan cell, och skrivs inte över; ändra den i kalkylbladet.",
    )
