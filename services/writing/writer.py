"""The one who writes: takes submissions in, has a single thread write them, and tells what came of each."""

import datetime as dt
import logging
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from filelock import FileLock, Timeout

from services.assembly import MAIN
from services.errors import RowTrouble, Trouble
from services.history import LOG
from services.outbox import Outbox
from services.tables.cells import is_blank
from services.tables.schema import Schema
from services.workbook.cell_values import LONGEST_TEXT, as_read
from services.workbook.port import Cell, Workbook
from services.writing.deeds import (
    Deed,
    NewRow,
    OutboxStatus,
    Outcome,
    Received,
    RowChange,
    SubmissionId,
    new_id,
)
from services.writing.desk import Desk, is_ours
from services.writing.rounds import Rounds
from services.writing.tempo import LOCAL, PacedWorkbook, Stopped, Tempo
from services.writing.waiting import Submission

LEADER_WAIT = 1.0
"""Seconds between tries to become the process that writes."""

OTHERS_WAIT = 0.25
"""Seconds between looks for what other processes have put into the outbox, or have done."""

log = logging.getLogger(__name__)


class Writer:
    """Writes for all visitors; of several processes with the same outbox, one writes for all."""

    def __init__(
        self,
        workbook: Workbook,
        schema: Schema,
        outbox: Outbox,
        clock: Callable[[], dt.datetime],
        tempo: Tempo = LOCAL,
    ) -> None:
        self._schema, self._outbox, self._clock, self._tempo = schema, outbox, clock, tempo
        self._stopping = threading.Event()
        self._paced = PacedWorkbook(workbook, tempo, self._stopping)
        self._rounds = Rounds(Desk(self._paced, schema, outbox, clock), tempo)
        self._lock = FileLock(_lock_file(outbox.path), timeout=0, thread_local=False)
        self._news = threading.Event()
        self._settled = threading.Condition()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to write what waits, also from before."""
        if self._thread is None:
            self._stopping.clear()
            self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
            self._thread.start()

    def stop(self, patience: float = 5.0) -> None:
        """End after the call that is under way; what waits is written after the next start."""
        self._stopping.set()
        self._news.set()
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.join(patience)

    def submit(self, deeds: Sequence[Deed], who: str, event: str, id_: str | None = None) -> SubmissionId:
        """Take deeds in that belong together; when this returns they are safe on disk.

        The same `id_` twice is one submission; it must be random (`new_id`), never made from who or what.
        `event` says for the log what is done, such as "Beslut". Who it is, is kept for the main spreadsheet
        only, never beside an answer. What can never be written is refused at once: see `outcome`.
        """
        _refuse_repeats(deeds)
        id_ = SubmissionId(id_ or new_id())
        refused = {place: trouble for place, deed in enumerate(deeds) if (trouble := self._unfit(deed))}
        name = who if any(deed.spreadsheet == MAIN for deed in deeds) else ""
        self._outbox.add(Submission(id_, tuple(deeds), name, event, self._clock()), refused)
        self._news.set()
        return id_

    def outcome(self, id_: SubmissionId, patience: float = 0.0) -> Outcome:
        """What has come of a submission, waiting so many seconds at most while it is only received.

        ValueError if nobody knows of it: it was never submitted, was dismissed, or was saved long ago.
        """
        until = time.monotonic() + patience
        while True:
            with self._settled:
                found = self._outbox.outcome(id_)
                if found is None:
                    raise ValueError(f"no submission {id_}")
                left = until - time.monotonic()
                if left <= 0 or not isinstance(found, Received):
                    return found
                self._settled.wait(min(left, OTHERS_WAIT))

    def status(self) -> OutboxStatus:
        """What waits to be written, what was refused and nobody has dealt with, and the last fault."""
        return self._outbox.status()

    def dismiss(self, id_: SubmissionId) -> None:
        """Forget a refused submission: somebody has dealt with it."""
        self._outbox.dismiss(id_)

    def again(self, id_: SubmissionId) -> None:
        """Try a refused submission once more, as it is."""
        self._outbox.again(id_)
        self._news.set()

    def once(self) -> float | None:
        """One round of writing in this very thread; the seconds until the next, None if nothing waits."""
        wait = self._rounds.once()
        with self._settled:
            self._settled.notify_all()
        return wait

    def _unfit(self, deed: Deed) -> Trouble | None:
        """Why it can never be written, whatever stands in the sheets; ValueError for our own mistakes."""
        tables = [table for table in self._schema.tables if table.name == deed.sheet]
        if not tables or not tables[0].keys or deed.sheet == LOG:
            raise ValueError(f"nobody writes rows of {deed.sheet}")
        table = tables[0]
        if isinstance(deed, RowChange) and len(deed.key) != len(table.keys):
            raise ValueError(f"a key of {deed.sheet} has {len(table.keys)} parts")
        values = deed.values if isinstance(deed, NewRow) else deed.new
        for header, value in values.items():
            if not is_ours(table, header):
                return RowTrouble(f"Tabellen {table.name} har ingen kolumn {header}.")
            if sentence := _unfit_cell(header, value):
                return RowTrouble(sentence)
        keys = [deed.values.get(c.header) for c in table.keys] if isinstance(deed, NewRow) else deed.key
        if all(map(is_blank, keys)):
            return RowTrouble(f"Raden i {table.name} saknar {table.keys[0].header}.")
        return None

    def _run(self) -> None:
        """Write as long as this process is the one that does; wait to become it otherwise."""
        while not self._stopping.is_set():
            try:
                with self._lock:
                    self._lead()
            except Timeout:
                self._stopping.wait(LEADER_WAIT)
            except Stopped:
                return
            except Exception as bug:  # the disk may be full, or a bug: what waits is safe, go on later
                log.error("the writer stumbled: %s", type(bug).__name__)
                self._stopping.wait(LEADER_WAIT)

    def _lead(self) -> None:
        self._rounds.begin()
        while not self._stopping.is_set():
            wait = self.once()
            if wait is None or wait > 0:
                self._news.wait(min(OTHERS_WAIT, wait or OTHERS_WAIT))
            if self._news.is_set():
                self._news.clear()
                self._paced.sleep(self._tempo.gather)


def _refuse_repeats(deeds: Sequence[Deed]) -> None:
    """ValueError where one submission changes a field twice: which of them should it be?"""
    changes = [deed for deed in deeds if isinstance(deed, RowChange)]
    fields = [(one.spreadsheet, one.sheet, one.key, header) for one in changes for header in one.new]
    if len(set(fields)) < len(fields):
        raise ValueError("a submission changes a field once")


def _lock_file(outbox: Path) -> Path:
    return outbox.with_suffix(".leder")


def _unfit_cell(header: str, value: Cell) -> str:
    if isinstance(value, str) and len(value) > LONGEST_TEXT:
        return f"Texten i {header} är för lång: {len(value)} tecken, och {LONGEST_TEXT} får plats."
    try:
        as_read(value)
    except ValueError:
        return f"Värdet i {header} går inte att spara i ett kalkylblad."
    return ""
