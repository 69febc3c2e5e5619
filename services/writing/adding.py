"""Rows are added in one call for all that waits, and confirmed by reading what they are known by."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from services.assembly import MAIN
from services.errors import (
    DuplicateKey,
    OutcomeUnknown,
    RequestRefused,
    RowTrouble,
    Trouble,
    Unreachable,
    WorkbookTrouble,
)
from services.history import Occasion, key_text, row_as_text
from services.workbook.cell_values import is_blank
from services.workbook.port import Row
from services.writing.deeds import NewRow, key_as_json
from services.writing.desk import Desk, SheetsHeld, Spoiled, absent, missing_column
from services.writing.rows import Grid, Key, Meanings, keys_in
from services.writing.waiting import DeedNumber, OpenDeed, Settled, Watched


@dataclass(frozen=True, slots=True)
class Addition:
    """A row to add: what it is known by, and its cells as people write them."""

    open: OpenDeed
    new: NewRow
    key: Key
    row: Row

    @property
    def number(self) -> DeedNumber:
        """The deed in the outbox."""
        return self.open.number


class Adder:
    """Adds the rows that wait, spreadsheet by spreadsheet."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._known: dict[tuple[str, str], set[Key]] = {}
        self._by: dict[str, Meanings] = {}

    def forget(self) -> None:
        """Somebody else may have added rows."""
        self._known.clear()

    def _meanings(self, sheet: str) -> Meanings:
        if sheet not in self._by:
            self._by[sheet] = self._desk.meanings(sheet)
        return self._by[sheet]

    def add(self, spreadsheet: str, deeds: Sequence[OpenDeed]) -> None:
        """Add the rows that do not stand there yet, and settle all that are seen to stand there.

        Spoiled or SheetsHeld where nothing could be written because of what was asked for.
        """
        each_once: dict[tuple[str, Key], Addition] = {}
        for addition in [self._addition(deed) for deed in deeds]:
            each_once.setdefault((addition.new.sheet, addition.key), addition)  # the second one waits
        to_send = self._not_there_yet(spreadsheet, list(each_once.values()))
        if not to_send:
            return
        try:
            unknown = self._append(spreadsheet, to_send)
        except (ValueError, RequestRefused) as fault:
            self._diagnose(spreadsheet, to_send, fault)
            return
        if self._confirm(spreadsheet, to_send):
            raise unknown or Unreachable(
                spreadsheet, f"Raderna syns inte i {spreadsheet} än; appen ser efter igen och skriver dem då."
            )

    def _addition(self, deed: OpenDeed) -> Addition:
        new = deed.deed
        assert isinstance(new, NewRow)
        by = self._meanings(new.sheet)
        headers = self._desk.identity(new.sheet)
        key = by.key(headers, [new.values.get(header) for header in headers])
        row = {h: by.written(h, value) for h, value in new.values.items() if not is_blank(value)}
        return Addition(deed, new, key, row)

    def _not_there_yet(self, spreadsheet: str, additions: list[Addition]) -> list[Addition]:
        """Those that have to be sent; rows are looked for that may have been, or that others may add."""
        doubtful = [one for one in additions if self._is_doubtful(spreadsheet, one)]
        if not doubtful:
            return additions
        counts = self._look(spreadsheet, doubtful)
        found = {one.number for one in doubtful if (counts[one.new.sheet] or Counter())[one.key]}
        ours = [one for one in doubtful if one.number in found and one.open.sent]
        self._settle(spreadsheet, ours)
        theirs = [one for one in doubtful if one.number in found and not one.open.sent]
        refused = self._compare(spreadsheet, theirs)
        lost = [one for one in doubtful if one.number not in found and one.open.sent]
        self._desk.outbox.watch(self._watched(spreadsheet, one) for one in lost)
        return [one for one in additions if one.number not in found and one.number[0] not in refused]

    def _is_doubtful(self, spreadsheet: str, one: Addition) -> bool:
        if one.open.sent or spreadsheet == MAIN:
            return True
        known = self._known.get((spreadsheet, one.new.sheet))  # only the app writes in the others
        return known is None or one.key in known

    def _append(self, spreadsheet: str, additions: list[Addition]) -> OutcomeUnknown | None:
        """Send the rows; the trouble where it can't be told whether they landed."""
        rows: dict[str, list[Row]] = {}
        for one in additions:
            rows.setdefault(one.new.sheet, []).append(one.row)
        first_time = [one.number for one in additions if not one.open.sent]
        self._desk.outbox.mark_sent(first_time)
        try:
            self._desk.workbook.append(spreadsheet, rows)
        except OutcomeUnknown as unknown:
            return unknown
        except (ValueError, WorkbookTrouble):
            self._desk.outbox.mark_sent(first_time, False)
            raise
        return None

    def _diagnose(self, spreadsheet: str, additions: list[Addition], fault: Exception) -> None:
        """Refuse the rows that the sheets have no columns for; else say what else is wrong."""
        sheets = {one.new.sheet for one in additions}
        seen = self._desk.workbook.fresh(spreadsheet, sheets).sheets
        grids = {name: Grid(sheet) for name, sheet in seen.items()}
        if gone := {name for name in sheets if name not in grids or grids[name].header_index is None}:
            raise absent(spreadsheet, gone) from fault
        refused: dict[DeedNumber, Trouble] = {}
        for one in additions:
            if missing := sorted(one.row.keys() - grids[one.new.sheet].positions.keys()):
                refused[one.number] = RowTrouble(missing_column(one.new.sheet, missing[0]))
        if not refused:
            sentence = f"Raden går inte att skriva i bladet {additions[0].new.sheet}; se över innehållet."
            raise Spoiled(fault if isinstance(fault, RequestRefused) else RowTrouble(sentence)) from fault
        self._desk.settle(Settled(refused=refused))

    def _confirm(self, spreadsheet: str, additions: list[Addition]) -> bool:
        """Settle the rows that stand there now; whether some do not."""
        counts = self._look(spreadsheet, additions)
        times = {one.number: (counts[one.new.sheet] or Counter())[one.key] for one in additions}
        doubled = [one for one in additions if times[one.number] > 1]
        self._desk.outbox.watch(self._watched(spreadsheet, one) for one in doubled)
        self._settle(spreadsheet, [one for one in additions if times[one.number]])
        return not all(times.values())

    def _look(self, spreadsheet: str, additions: Collection[Addition]) -> dict[str, Counter[Key] | None]:
        """How often each key stands in each sheet; None where its column is not there."""
        sheets = sorted({one.new.sheet for one in additions})
        wanted = {sheet: self._desk.identity(sheet) for sheet in sheets}
        columns = self._desk.workbook.columns(spreadsheet, wanted)
        if gone := [sheet for sheet in sheets if sheet not in columns]:
            raise absent(spreadsheet, gone)
        counts: dict[str, Counter[Key] | None] = {}
        for sheet in sheets:
            keys = keys_in(columns[sheet], wanted[sheet], self._meanings(sheet))
            counts[sheet] = None if keys is None else Counter(keys)
            self._known[spreadsheet, sheet] = set(keys or ())
        for one in additions:
            if one.open.sent and counts[one.new.sheet] is None:
                sheet = one.new.sheet
                raise SheetsHeld(frozenset({sheet}), missing_column(sheet, wanted[sheet][0]))
        return counts

    def _compare(self, spreadsheet: str, additions: list[Addition]) -> set[int]:
        """Rows whose key somebody else has: the very same row is as good as saved, any other is refused.

        The submissions of which something was refused.
        """
        if not additions:
            return set()
        seen = self._desk.workbook.fresh(spreadsheet, {one.new.sheet for one in additions}).sheets
        saved: list[DeedNumber] = []
        refused: dict[DeedNumber, Trouble] = {}
        for one in additions:
            if one.new.sheet not in seen:
                continue
            if self._stands(Grid(seen[one.new.sheet]), one):
                saved.append(one.number)
            else:
                shown = key_text(value for _, value in one.key)
                sentence = f"Det finns redan en rad {shown} i {one.new.sheet}; ändra den i stället."
                refused[one.number] = DuplicateKey(sentence)
        self._desk.settle(Settled(saved=saved, refused=refused))
        return {submission for submission, _ in refused}

    def _stands(self, grid: Grid, one: Addition) -> bool:
        by = self._meanings(one.new.sheet)
        rows = grid.find(self._desk.identity(one.new.sheet), [one.key], by)[one.key]
        if not one.row.keys() <= grid.positions.keys():
            return False
        return any(
            all(by.of(h, grid.cell(row, h)) == by.of(h, value) for h, value in one.row.items())
            for row in rows
        )

    def _settle(self, spreadsheet: str, additions: Iterable[Addition]) -> None:
        done = list(additions)
        entries = [
            Occasion(one.open.who, one.open.event, one.open.made).entry(
                one.new.sheet, key_text(value for _, value in one.key), "", "", row_as_text(one.row)
            )
            for one in done
            if spreadsheet == MAIN
        ]
        if done:
            self._desk.settle(Settled(saved=[one.number for one in done], entries=entries))

    def _watched(self, spreadsheet: str, one: Addition) -> Watched:
        headers = self._desk.identity(one.new.sheet)
        key = key_as_json([one.row.get(header) for header in headers])
        return Watched(spreadsheet, one.new.sheet, key, 1, self._desk.clock())
