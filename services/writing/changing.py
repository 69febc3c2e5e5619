"""Fields are changed only where they still say what whoever changes them saw: compare, and set."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from services.assembly import MAIN
from services.errors import (
    CellProtected,
    Conflict,
    DuplicateKey,
    OutcomeUnknown,
    RequestRefused,
    RowGone,
    RowTrouble,
    SpreadsheetChanged,
    Trouble,
    WorkbookTrouble,
)
from services.history import LogEntry, Occasion, as_text, key_text
from services.workbook.cell_values import cell_name
from services.workbook.port import Cell, CellChange, Snapshot
from services.writing.deeds import NewRow, RowChange
from services.writing.desk import Desk, Spoiled, absent, missing_column
from services.writing.rows import Grid, Key, Meaning, named_tables
from services.writing.waiting import DeedNumber, OpenDeed, Settled

TRIES = 5
"""Reads and writes in a row while people keep changing the very rows."""

Place = tuple[str, int, str]
"""A field: its sheet, its row as the spreadsheet numbers it, its header."""


@dataclass(slots=True)
class _Plan:
    """What is to be written and what is then saved, and what is settled without anything being written."""

    cells: dict[Place, Cell] = field(default_factory=dict)
    saved: list[DeedNumber] = field(default_factory=list)
    entries: list[LogEntry] = field(default_factory=list)
    idle: list[DeedNumber] = field(default_factory=list)
    idle_entries: list[LogEntry] = field(default_factory=list)
    refused: dict[DeedNumber, Trouble] = field(default_factory=dict)
    dropped: list[DeedNumber] = field(default_factory=list)

    def take(self, part: "_Plan") -> None:
        """Add one submission's part, all of it; or only why it is refused."""
        if part.refused:
            self.refused |= part.refused
            self.dropped += part.saved if part.cells else ()  # what was sent of it has not landed
        elif part.cells:
            self.cells |= part.cells
            self.saved += part.saved
            self.entries += part.entries
        else:
            self.idle += part.saved
            self.idle_entries += part.entries


class Changer:
    """Makes the changes that wait, spreadsheet by spreadsheet."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def change(self, spreadsheet: str, deeds: Sequence[OpenDeed]) -> None:
        """Change what still is as it was seen, and settle the rest.

        Spoiled or SheetsHeld where nothing could be written because of what was asked for.
        """
        tries = 0
        while True:
            tries += 1
            seen = self._desk.workbook.fresh(spreadsheet, self._sheets(deeds))
            judging = _Judging(self._desk, spreadsheet, seen, deeds)
            plan = judging.plan()
            self._desk.outbox.mark_sent(plan.dropped, False)
            self._desk.settle(Settled(plan.idle, plan.refused, plan.idle_entries))
            try:
                self._write(spreadsheet, judging, plan, deeds)
            except SpreadsheetChanged:
                if tries == TRIES:
                    raise
                settled = {submission for submission, _ in (*plan.idle, *plan.refused)}
                deeds = [one for one in deeds if one.number[0] not in settled]
                continue
            self._desk.settle(Settled(plan.saved, entries=plan.entries))
            return

    def _write(self, spreadsheet: str, judging: "_Judging", plan: _Plan, deeds: Sequence[OpenDeed]) -> None:
        changes = judging.changes(plan)
        if not changes:
            return
        first_time = [one.number for one in deeds if not one.sent and one.number in plan.saved]
        self._desk.outbox.mark_sent(first_time)
        try:
            self._desk.workbook.write(spreadsheet, changes, judging.seen)
        except OutcomeUnknown:
            raise
        except (ValueError, CellProtected, RequestRefused) as fault:
            self._desk.outbox.mark_sent(first_time, False)
            sentence = f"Ändringen går inte att skriva i bladet {changes[0].sheet}; se över innehållet."
            raise Spoiled(RowTrouble(sentence) if isinstance(fault, ValueError) else fault) from fault
        except WorkbookTrouble:
            self._desk.outbox.mark_sent(first_time, False)
            raise

    def _sheets(self, deeds: Iterable[OpenDeed]) -> set[str]:
        """The sheets to read: those to change, and those whose names may stand in them."""
        wanted: set[str] = set()
        for one in deeds:
            change = _change(one)
            table = self._desk.schema.table(change.sheet)
            keys = [column.header for column in table.keys]
            wanted |= {change.sheet} | named_tables(self._desk.schema, table, [*keys, *change.new])
        return wanted


class _Judging:
    """One look at a spreadsheet, and what it means for the changes that wait."""

    def __init__(self, desk: Desk, spreadsheet: str, seen: Snapshot, deeds: Sequence[OpenDeed]) -> None:
        self.seen = seen
        self._desk, self._spreadsheet, self._deeds = desk, spreadsheet, deeds
        sheets = {_change(one).sheet for one in deeds}
        self._grids = {name: Grid(seen.sheets[name]) for name in sheets if name in seen.sheets}
        if gone := {n for n in sheets if n not in self._grids or self._grids[n].header_index is None}:
            raise absent(spreadsheet, gone)
        self._by = {name: desk.meanings(name, dict(seen.sheets)) for name in sheets}
        self._rows = self._find_rows()

    def plan(self) -> _Plan:
        """Each submission, all of it or nothing.

        One that is about fields which an earlier one changes waits for the next look: if nobody knows
        whether a write landed, each field must tell of a single change.
        """
        plan = _Plan()
        busy: set[Place] = set()
        by_submission: dict[int, list[OpenDeed]] = {}
        for one in self._deeds:
            by_submission.setdefault(one.number[0], []).append(one)
        for together in by_submission.values():
            places = {place for one in together for place in self._places(one)}
            if places & busy:
                busy |= places
                continue
            part = _Plan()
            for one in together:
                try:
                    self._judge(one, part)
                except Trouble as trouble:
                    part.refused[one.number] = trouble
            plan.take(part)
            busy |= plan.cells.keys()
        return plan

    def _places(self, one: OpenDeed) -> list[Place]:
        """The fields a change is about."""
        change = _change(one)
        rows = self._rows[change.sheet][self._key(one)]
        return [(change.sheet, row, header) for row in rows for header in change.new]

    def changes(self, plan: _Plan) -> list[CellChange]:
        """The cells to change."""
        return [
            CellChange(sheet, row, self._grids[sheet].positions[header], value)
            for (sheet, row, header), value in plan.cells.items()
        ]

    def _find_rows(self) -> dict[str, Mapping[Key, list[int]]]:
        """The rows of all keys that are asked for, sheet by sheet."""
        wanted: dict[str, list[Key]] = {}
        for one in self._deeds:
            sheet = _change(one).sheet
            wanted.setdefault(sheet, []).append(self._key(one))
        found: dict[str, Mapping[Key, list[int]]] = {}
        for sheet, keys in wanted.items():
            headers = self._headers(sheet)
            found[sheet] = self._grids[sheet].find(headers, keys, self._by[sheet])
        return found

    def _headers(self, sheet: str) -> list[str]:
        return [column.header for column in self._desk.schema.table(sheet).keys]

    def _key(self, one: OpenDeed) -> Key:
        change = _change(one)
        return self._by[change.sheet].key(self._headers(change.sheet), change.key)

    def _judge(self, one: OpenDeed, part: _Plan) -> None:
        """Put the change in the plan; RowTrouble where it can't be made."""
        change = _change(one)
        for header in (*self._headers(change.sheet), *self._to_write(change)):
            if header not in self._grids[change.sheet].positions:
                raise RowTrouble(missing_column(change.sheet, header))
        rows = self._rows[change.sheet][self._key(one)]
        name = key_text(change.key)
        if len(rows) > 1:
            raise DuplicateKey(f"Flera rader i {change.sheet} har {name}; rätta det i kalkylbladet först.")
        if rows:
            self._compare(one, rows[0], part)
        elif one.sent and set(self._headers(change.sheet)) & change.new.keys():
            part.saved.append(one.number)  # the key itself was to change, and is no longer the old one
        elif not self._is_on_its_way(change):
            raise RowGone(f"Raden {name} finns inte längre i {change.sheet}; den kan ha tagits bort.")

    def _to_write(self, change: RowChange) -> list[str]:
        """The headers whose value is to be another; a column that is blank in both may be missing."""
        by = self._by[change.sheet]
        return [h for h in change.new if by.of(h, change.seen[h]) != by.of(h, change.new[h])]

    def _compare(self, one: OpenDeed, row: int, part: _Plan) -> None:
        change, by = _change(one), self._by[_change(one).sheet]
        theirs: dict[str, Meaning] = {}
        before: dict[str, Cell] = {}
        for header in change.new.keys() & self._grids[change.sheet].positions.keys():
            stands = self._grids[change.sheet].cell(row, header)
            theirs[header], before[header] = by.of(header, stands), stands
        base = {h: by.of(h, change.seen[h]) for h in theirs}
        mine = {h: by.of(h, change.new[h]) for h in theirs}
        if against := [h for h in change.new if h in theirs and theirs[h] not in (base[h], mine[h])]:
            raise _conflict(change, against, theirs)
        for header in self._to_write(change):
            if theirs[header] != mine[header]:
                self._protect(change.sheet, row, header)
                part.cells[change.sheet, row, header] = by.written(header, change.new[header])
            elif one.sent:
                before[header] = change.seen[header]  # it was our own write that nobody answered for
                theirs[header] = base[header]
            else:
                continue
            part.entries += self._entry(one, header, _before(before[header], theirs[header]))
        part.saved.append(one.number)

    def _entry(self, one: OpenDeed, header: str, before: str) -> list[LogEntry]:
        change = _change(one)
        if self._spreadsheet != MAIN:
            return []
        after = as_text(self._by[change.sheet].written(header, change.new[header]))
        occasion = Occasion(one.who, one.event, one.made)
        return [occasion.entry(change.sheet, key_text(change.key), header, before, after)]

    def _protect(self, sheet: str, row: int, header: str) -> None:
        """CellProtected where a formula is known to stand."""
        column = self._grids[sheet].positions[header]
        if (sheet, row, column) in self.seen.formulas:
            raise CellProtected(
                self._spreadsheet,
                f"Cellen {cell_name(row, column)} i bladet {sheet} i {self._spreadsheet} innehåller en "
                "formel och skrivs inte över; ändra den i kalkylbladet.",
            )

    def _is_on_its_way(self, change: RowChange) -> bool:
        """Whether the row itself waits to be added."""
        headers, by = self._headers(change.sheet), self._by[change.sheet]
        wanted = by.key(headers, change.key)
        waiting = (one.deed for one in self._desk.outbox.new_rows(self._spreadsheet, 1000, held=True))
        return any(
            isinstance(new, NewRow)
            and new.sheet == change.sheet
            and by.key(headers, [new.values.get(h) for h in headers]) == wanted
            for new in waiting
        )


def _change(one: OpenDeed) -> RowChange:
    assert isinstance(one.deed, RowChange)
    return one.deed


def _before(cell: Cell, meaning: Meaning) -> str:
    """What stood there, as it was written if it was text."""
    return as_text(cell if isinstance(cell, str) else meaning[1])


def _conflict(change: RowChange, headers: Sequence[str], theirs: Mapping[str, Meaning]) -> Conflict:
    fields = " och ".join(headers)
    return Conflict(
        f"Någon annan har ändrat {fields} i {change.sheet} sedan du såg raden; välj vad som ska gälla.",
        {h: change.seen[h] for h in headers},
        {h: theirs[h][1] for h in headers},
        {h: change.new[h] for h in headers},
    )
