"""Rows that landed twice are found and blanked: a call that was given up may still do its work later."""

import datetime as dt
from collections.abc import Sequence

from services.errors import SpreadsheetChanged
from services.history import LOG
from services.workbook.port import CellChange, Snapshot
from services.writing.deeds import key_from_json
from services.writing.desk import Desk, is_ours
from services.writing.rows import Grid
from services.writing.waiting import Watched

TRIES = 3


class Sweeper:
    """Looks, a few times, at the rows that may land once more."""

    def __init__(self, desk: Desk, looks: Sequence[float]) -> None:
        self._desk, self._looks = desk, looks

    def due(self) -> dict[str, list[Watched]]:
        """The rows to look at now, by spreadsheet."""
        found: dict[str, list[Watched]] = {}
        now = self._desk.clock()
        for row in self._desk.outbox.watched():
            if self._moment(row) <= now:
                found.setdefault(row.spreadsheet, []).append(row)
        return found

    def next_looks(self) -> dict[str, float]:
        """Seconds until a row is to be looked at, by spreadsheet."""
        found: dict[str, float] = {}
        now = self._desk.clock()
        for row in self._desk.outbox.watched():
            seconds = (self._moment(row) - now).total_seconds()
            found[row.spreadsheet] = min(seconds, found.get(row.spreadsheet, seconds))
        return found

    def sweep(self, spreadsheet: str, rows: Sequence[Watched]) -> None:
        """Blank what stands there too often, where it is the very same row, and count the look."""
        for tries in range(TRIES):
            seen = self._desk.workbook.fresh(spreadsheet, {row.sheet for row in rows})
            changes = [change for row in rows for change in self._too_many(row, seen)]
            if not changes:
                break
            try:
                self._desk.workbook.write(spreadsheet, changes, seen)
                break
            except SpreadsheetChanged:
                if tries + 1 == TRIES:
                    raise
        self._desk.outbox.looked(rows, len(self._looks))

    def _moment(self, row: Watched) -> dt.datetime:
        return row.made + dt.timedelta(seconds=self._looks[min(row.looks, len(self._looks) - 1)])

    def _too_many(self, row: Watched, seen: Snapshot) -> list[CellChange]:
        """The cells to blank for one watched row: the first of equal rows stays."""
        if row.sheet not in seen.sheets:
            return []
        grid, by = Grid(seen.sheets[row.sheet]), self._desk.meanings(row.sheet)
        headers = self._desk.identity(row.sheet)
        key = by.key(headers, key_from_json(row.key))
        numbers = grid.find(headers, [key], by)[key]
        surplus = numbers[row.wanted :]
        if row.wanted and row.sheet != LOG:
            surplus = [n for n in surplus if grid.filled(n) == grid.filled(numbers[0])]
        ours = {
            position
            for header, position in grid.positions.items()
            if is_ours(self._desk.schema.table(row.sheet), header)
        }
        return [
            CellChange(row.sheet, number, column, None)
            for number in surplus
            for column in grid.filled(number)
            if column in ours
        ]
