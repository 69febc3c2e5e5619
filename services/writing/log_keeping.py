"""The log's rows are chained when they are sent, and anchored when they are confirmed."""

from collections.abc import Sequence

from services.assembly import MAIN
from services.errors import OutcomeUnknown, Unreachable, WorkbookTrouble
from services.history import CHAIN, LOG, Anchor, chained
from services.tables.cells import is_blank, read_text
from services.writing.deeds import key_as_json, key_from_json
from services.writing.desk import Desk, SheetsHeld, absent, missing_column
from services.writing.waiting import Line, Settled, Watched


class LogKeeper:
    """Appends to the sheet Logg of the main spreadsheet."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._tail: str | None = None  # the chain value to go on from; None: look in the sheet first

    def forget(self) -> None:
        """Somebody else may have added to the log."""
        self._tail = None

    def add(self, lines: Sequence[Line]) -> None:
        """Append the entries that do not stand there yet, and settle those that do."""
        if self._tail is None or any(line.chain for line in lines):
            lines = self._look(lines)
        if not lines:
            return
        chains = self._chains(lines)
        tail, self._tail = self._tail, None  # until it is seen again
        self._desk.outbox.mark_lines(chains)
        rows = [line.entry.row(chains[line.number]) for line in lines]
        unknown: OutcomeUnknown | None = None
        try:
            self._desk.workbook.append(MAIN, {LOG: rows})
        except OutcomeUnknown as trouble:
            unknown = trouble
        except (ValueError, WorkbookTrouble) as fault:
            first_time = {line.number: None for line in lines if line.chain is None}
            self._desk.outbox.mark_lines(first_time)
            self._tail = tail
            if isinstance(fault, WorkbookTrouble):
                raise
            raise _unfit() from fault
        sent = [Line(line.number, line.entry, chains[line.number]) for line in lines]
        if self._look(sent):
            raise unknown or Unreachable(MAIN, f"Loggens rader syns inte i {MAIN} än; appen ser efter igen.")

    def _chains(self, lines: Sequence[Line]) -> dict[int, str]:
        """The chain values to send the entries with."""
        previous = self._tail or ""
        chains: dict[int, str] = {}
        for line in lines:
            previous = chained(line.entry, previous)
            chains[line.number] = previous
        return chains

    def _look(self, lines: Sequence[Line]) -> list[Line]:
        """Settle the entries that stand in the sheet and note how it ends; those that do not stand there."""
        chains = self._read()
        anchor = self._desk.outbox.anchor()
        there = set(chains)
        found = [line for line in lines if line.chain in there]
        missing = [line for line in lines if line.chain not in there]
        expected = [line.chain for line in found if line.chain]
        self._desk.outbox.watch(self._doubled(chains, expected))
        chains = self._without_repeats(chains, {*expected, *(anchor.pending if anchor else ())})
        ended = _anchored(anchor, chains, expected)
        if found or anchor is None or ended != (anchor.count, anchor.chain, anchor.breaks):
            now = Anchor(len(chains), chains[-1] if chains else "", breaks=ended[2])
            self._desk.settle(Settled(lines=[line.number for line in found], anchor=now))
        self._tail = chains[-1] if chains else ""
        self._forsake(missing)
        return missing

    def _forsake(self, missing: Sequence[Line]) -> None:
        """Entries that did not land may yet: as they are sent again, or in vain if the log has moved on."""
        sent = [line for line in missing if line.chain is not None]
        if sent:
            anew = set(self._chains(missing).values())
            self._desk.outbox.watch(self._watched(line.chain or "", int(line.chain in anew)) for line in sent)

    def _read(self) -> list[str]:
        """The chain values in the sheet, from the top."""
        columns = self._desk.workbook.columns(MAIN, {LOG: (CHAIN,)})
        if LOG not in columns:
            raise absent(MAIN, {LOG})
        if CHAIN not in columns[LOG]:
            raise SheetsHeld(frozenset({LOG}), missing_column(LOG, CHAIN))
        return [read_text(cell) for cell in columns[LOG][CHAIN] if not is_blank(cell)]

    def _doubled(self, chains: Sequence[str], expected: Sequence[str]) -> list[Watched]:
        if len(set(chains)) == len(chains):
            return []
        return [self._watched(chain, 1) for chain in expected if chains.count(chain) > 1]

    def _watched(self, chain: str, wanted: int) -> Watched:
        return Watched(MAIN, LOG, key_as_json([chain]), wanted, self._desk.clock())

    def _without_repeats(self, chains: Sequence[str], ours: set[str]) -> list[str]:
        """The chain values as they will be when rows that landed twice, or in vain, are swept."""
        watched = [row for row in self._desk.outbox.watched() if row.sheet == LOG]
        unwanted = {key_from_json(row.key)[0] for row in watched if not row.wanted}
        seen: set[str] = set()
        kept: list[str] = []
        for chain in chains:
            if chain not in unwanted and not (chain in ours and chain in seen):
                kept.append(chain)
            seen.add(chain)
        return kept


def _anchored(
    anchor: Anchor | None, chains: Sequence[str], ours: Sequence[str]
) -> tuple[int, str, tuple[int, ...]]:
    """How the log ends now, and where it was found to be another than it was left, `ours` being new."""
    end = len(chains), chains[-1] if chains else ""
    if anchor is None:
        return (*end, ())
    before = len(chains) - len(ours)
    if list(chains[before:]) != list(ours):
        before = -1  # somebody has been among the new rows themselves
    if before == anchor.count and (chains[before - 1] if before else "") == anchor.chain:
        return (*end, anchor.breaks)
    kept = len(chains) >= anchor.count and (not anchor.count or chains[anchor.count - 1] == anchor.chain)
    at = anchor.count if kept else min(len(chains), anchor.count - 1)
    return (*end, (*anchor.breaks, at))


def _unfit() -> SheetsHeld:
    sentence = f"Bladet {LOG} i {MAIN} saknar någon av sina kolumner; lägg tillbaka rubrikerna."
    return SheetsHeld(frozenset({LOG}), sentence)
