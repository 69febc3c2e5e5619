"""The workbook that lives in memory: the twin of the real ones, for tests and trials."""

import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from services.errors import CellProtected, SpreadsheetChanged, SpreadsheetMissing
from services.workbook.cell_values import as_read, cell_name, columns_of, header_text, is_blank
from services.workbook.port import Cell, CellChange, Columns, Row, RowNumbers, Sheet, Snapshot, Version
from services.workbook.seen_rows import refuse_headers, stand_as_seen


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula and the value it last had."""

    text: str
    value: Cell = ""


Content = Cell | Formula
_Grid = list[list[Content]]


class MemoryWorkbook:
    """Spreadsheets held in memory: `{spreadsheet: {sheet: rows}}`, the header row first among them."""

    def __init__(self, spreadsheets: Mapping[str, Mapping[str, Sequence[Sequence[Content]]]]) -> None:
        self._grids: dict[str, dict[str, _Grid]] = {
            spreadsheet: {
                sheet: [[_stored(cell) for cell in row] for row in rows] for sheet, rows in sheets.items()
            }
            for spreadsheet, sheets in spreadsheets.items()
        }
        self._saves = dict.fromkeys(spreadsheets, 0)
        self._lock = threading.Lock()

    def spreadsheets(self) -> frozenset[str]:
        """The names of the spreadsheets."""
        return frozenset(self._grids)

    def version(self, spreadsheet: str) -> Version:
        """How many times the spreadsheet has been changed."""
        self._sheets(spreadsheet)
        return Version(str(self._saves[spreadsheet]))

    def read(self, spreadsheet: str, sheets: Collection[str] | None = None) -> Snapshot:
        """The sheets named, or all, of the spreadsheet."""
        with self._lock:
            grids = self._sheets(spreadsheet)
            wanted = [name for name in grids if sheets is None or name in sheets]
            formulas = frozenset(
                (name, row, column)
                for name in wanted
                for row, cells in enumerate(grids[name], 1)
                for column, cell in enumerate(cells)
                if isinstance(cell, Formula)
            )
            return Snapshot(
                self.version(spreadsheet), {name: _as_sheet(grids[name]) for name in wanted}, formulas
            )

    def fresh(self, spreadsheet: str, sheets: Collection[str]) -> Snapshot:
        """The sheets as they stand at this moment."""
        return self.read(spreadsheet, sheets)

    def columns(self, spreadsheet: str, wanted: Mapping[str, Collection[str]]) -> Columns:
        """The columns named, by sheet, as they stand at this moment."""
        return columns_of(self.read(spreadsheet, wanted).sheets, wanted)

    def append(self, spreadsheet: str, rows: Mapping[str, Sequence[Row]]) -> None:
        """Add rows after the last row with content of each sheet named, all of them or none."""
        with self._lock:
            sheets = self._sheets(spreadsheet)
            added = [(_grid(sheets, sheet), new) for sheet, rows_ in rows.items() if (new := list(rows_))]
            cells = [(grid, _placed(grid, new)) for grid, new in added]
            for grid, placed in cells:
                for row, column, value in placed:
                    _put(grid, row, column, value)
            if cells:
                self._saves[spreadsheet] += 1

    def write(self, spreadsheet: str, changes: Sequence[CellChange], seen: Snapshot) -> None:
        """Change cells of the snapshot that was seen, all of them or none."""
        with self._lock:
            sheets = self._sheets(spreadsheet)
            if self.version(spreadsheet) != seen.version:
                raise _changed(spreadsheet)
            stored = [(_grid(sheets, change.sheet), change, as_read(change.value)) for change in changes]
            for grid, change, _ in stored:
                _refuse_formula(spreadsheet, grid, change)
            for grid, change, value in stored:
                _put(grid, change.row, change.column, value)
            if stored:
                self._saves[spreadsheet] += 1

    def remove(self, spreadsheet: str, rows: RowNumbers, seen: Snapshot) -> None:
        """Empty rows of the snapshot that was seen, all of them or none."""
        with self._lock:
            sheets = self._sheets(spreadsheet)
            wanted = {name: set(numbers) for name, numbers in rows.items() if numbers}
            for name, numbers in wanted.items():
                refuse_headers(seen, name, numbers)
                if name not in sheets or not stand_as_seen(
                    numbers, seen.sheets[name], _as_sheet(sheets[name])
                ):
                    raise _changed(spreadsheet)
            for name, numbers in wanted.items():
                for number in numbers & set(range(1, len(sheets[name]) + 1)):
                    sheets[name][number - 1] = []
            if wanted:
                self._saves[spreadsheet] += 1

    def forget(self, spreadsheet: str) -> None:
        """There is nothing to forget."""
        self._sheets(spreadsheet)

    def edit(self, spreadsheet: str, sheet: str, row: int, column: int, value: Content) -> None:
        """A person's edit by hand, formulas included; the version changes."""
        with self._lock:
            _put(_grid(self._sheets(spreadsheet), sheet), row, column, _stored(value))
            self._saves[spreadsheet] += 1

    def _sheets(self, spreadsheet: str) -> dict[str, _Grid]:
        try:
            return self._grids[spreadsheet]
        except KeyError:
            raise SpreadsheetMissing(
                spreadsheet, f"Kalkylbladet {spreadsheet} finns inte; lägg tillbaka det och försök igen."
            ) from None


def _stored(cell: Content) -> Content:
    return Formula(cell.text, as_read(cell.value)) if isinstance(cell, Formula) else as_read(cell)


def _shown(cell: Content) -> Cell:
    return cell.value if isinstance(cell, Formula) else cell


def _changed(spreadsheet: str) -> SpreadsheetChanged:
    return SpreadsheetChanged(
        spreadsheet, f"Någon hann spara {spreadsheet} före dig; läs in den igen och gör om ändringen."
    )


def _grid(sheets: dict[str, _Grid], sheet: str) -> _Grid:
    if sheet not in sheets:
        raise ValueError(f"there is no sheet {sheet!r}")
    return sheets[sheet]


def _as_sheet(grid: _Grid) -> Sheet:
    """The values up to the last row and the last column that hold any."""
    filled = [
        (r, c) for r, row in enumerate(grid, 1) for c, cell in enumerate(row, 1) if not is_blank(_shown(cell))
    ]
    height = max((r for r, _ in filled), default=0)
    width = max((c for _, c in filled), default=0)
    return Sheet(
        tuple(
            tuple(_shown(row[column]) if column < len(row) else "" for row in grid[:height])
            for column in range(width)
        )
    )


def _placed(grid: _Grid, rows: Sequence[Row]) -> list[tuple[int, int, Cell]]:
    """Row number, column number and value of every cell to add."""
    filled = [
        r for r, row in enumerate(grid, 1) if any(isinstance(c, Formula) or not is_blank(c) for c in row)
    ]
    if not filled:
        raise ValueError("the sheet has no header row")
    headers: dict[str, int] = {}
    for column, cell in enumerate(grid[filled[0] - 1]):
        headers.setdefault(header_text(_shown(cell)), column)
    headers.pop("", None)
    if unknown := {header for row in rows for header in row} - headers.keys():
        raise ValueError(f"the sheet has no column {sorted(unknown)}")
    return [
        (number, headers[header], as_read(value))
        for number, row in enumerate(rows, filled[-1] + 1)
        for header, value in row.items()
    ]


def _refuse_formula(spreadsheet: str, grid: _Grid, change: CellChange) -> None:
    name = cell_name(change.row, change.column)
    row = grid[change.row - 1] if change.row <= len(grid) else []
    if change.column < len(row) and isinstance(row[change.column], Formula):
        raise CellProtected(
            spreadsheet,
            f"Cellen {name} i bladet {change.sheet} i {spreadsheet} innehåller en formel "
            "och skrivs inte över; ändra den i kalkylbladet.",
        )


def _put(grid: _Grid, row: int, column: int, value: Content) -> None:
    while len(grid) < row:
        grid.append([])
    cells = grid[row - 1]
    cells.extend([""] * (column + 1 - len(cells)))
    cells[column] = value
