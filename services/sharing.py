"""The one copy of the register that all visitors share: fresh enough, and never waited for long."""

import datetime as dt
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from config.settings import Settings
from services.assembly import MAIN
from services.bugs import note_bug
from services.errors import Unreachable
from services.frozen_rounds import FrozenRounds
from services.keeping import KeptRounds
from services.last_copies import LastCopies
from services.reading import Copy, Notice, Reader
from services.tables.schema import load_schema
from services.workbook.memory import MemoryWorkbook
from services.workbook.opening import as_google, register_name, state_folder
from services.workbook.port import Version, Workbook

CHECK_INTERVAL = 1.0
"""Seconds during which the copy is served without asking whether the files have changed."""

GOOGLE_INTERVAL = 20.0
"""The same for spreadsheets at Google, where asking costs a call."""

YOUNG = 60.0
"""Seconds for which what was read at Google is shown without waiting for something fresher."""

PATIENCE = 6.0
"""Seconds that a visitor waits for Google before she is shown the last copy."""


class SharedCopy:
    """The one copy of the register that all visitors of a process share.

    It is refreshed by whoever asks first after the interval; meanwhile the others are served the last
    copy, and only the very first reading makes everyone wait.
    """

    def __init__(
        self,
        reader: Reader,
        clock: Callable[[], dt.datetime],
        interval: float = CHECK_INTERVAL,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self.workbook = reader.workbook
        self._reader, self._clock, self._interval, self._ticks = reader, clock, interval, ticks
        self._refreshing = threading.Lock()
        self._copy: Copy | None = None
        self._checked = -float("inf")

    def get(self) -> Copy:
        """The copy, at most the interval old or on its way to be renewed."""
        copy = self._copy
        if copy is not None and self._is_checked():
            return copy
        if not self._refreshing.acquire(blocking=copy is None):
            assert copy is not None
            return copy
        try:
            if self._copy is not None and self._is_checked():
                return self._copy  # someone else was first while we waited
            return self._refresh()
        finally:
            self._refreshing.release()

    def renew(self) -> Copy:
        """The copy as it is after what we have just written."""
        with self._refreshing:
            return self._refresh()

    def _is_checked(self) -> bool:
        return self._ticks() - self._checked < self._interval

    def _refresh(self) -> Copy:
        """Read what has changed; a copy that could not be renewed does not grow fresher."""
        copy = self._copy
        register = self._reader.read()
        notices = tuple(self._reader.notices)
        if copy is None or copy.register is not register:
            copy = Copy(register, self._reader.as_of or self._clock(), notices)
        elif copy.notices != notices or not notices:
            copy = replace(copy, read_at=copy.read_at if notices else self._clock(), notices=notices)
        self._copy = copy
        self._checked = self._ticks()
        return copy


@dataclass(slots=True)
class _Refresh:
    """One reading in the background: when it began, whether it is done, and what is shown meanwhile."""

    began: float
    done: threading.Event = field(default_factory=threading.Event)
    fault: Exception | None = None
    meanwhile: Copy | None = None


def in_thread(work: Callable[[], None]) -> None:
    """Do the work beside everything else."""
    threading.Thread(target=work, name="refresh", daemon=True).start()


class BackgroundCopy(SharedCopy):
    """A shared copy of spreadsheets far away: read in the background, and waited for only where it is old.

    `last` reads what is kept on disk. `age` tells how many seconds ago the register was really read.
    """

    def __init__(
        self,
        reader: Reader,
        last: Reader,
        clock: Callable[[], dt.datetime],
        age: Callable[[], float | None],
        *,
        interval: float = GOOGLE_INTERVAL,
        patience: float = PATIENCE,
        ticks: Callable[[], float] = time.monotonic,
        start: Callable[[Callable[[], None]], None] = in_thread,
    ) -> None:
        super().__init__(reader, clock, interval, ticks)
        self._last, self._age, self._patience, self._start = last, age, patience, start
        self._lock = threading.Lock()
        self._latest: _Refresh | None = None

    def get(self) -> Copy:
        """The copy, at most a minute old; the last one with a notice if Google is not heard of in time."""
        if self._copy is not None and self._is_checked():
            return self._copy
        refresh = self._refresh_now()
        if self._copy is not None and (self._is_young() or self._is_out_of_reach(self._copy)):
            return self._copy
        return self._wait(refresh)

    def renew(self) -> Copy:
        """The copy as it is after what we have just written."""
        asked = self._ticks()
        while True:
            refresh = self._refresh_now()
            copy = self._wait(refresh)
            if refresh.began >= asked or not refresh.done.is_set():
                return copy

    def _is_young(self) -> bool:
        age = self._age()
        return age is not None and age < YOUNG

    def _is_out_of_reach(self, copy: Copy) -> bool:
        return any(notice.spreadsheet == MAIN for notice in copy.notices)

    def _refresh_now(self) -> _Refresh:
        """The reading that is going on, or a new one."""
        with self._lock:
            latest = self._latest
            if latest is not None and not latest.done.is_set():
                return latest
            refresh = self._latest = _Refresh(self._ticks())
        self._start(lambda: self._work(refresh))
        return refresh

    def _work(self, refresh: _Refresh) -> None:
        try:
            self._refresh()
        except Exception as fault:  # whoever waits is told; nobody else may be hurt by it
            note_bug(fault)
            refresh.fault, self._checked = fault, self._ticks()
        finally:
            refresh.done.set()

    def _wait(self, refresh: _Refresh) -> Copy:
        """What the reading gives, or what there is when the patience since its beginning has ended."""
        refresh.done.wait(max(0.0, refresh.began + self._patience - self._ticks()))
        if not refresh.done.is_set():
            return self._meanwhile(refresh)
        if refresh.fault is not None:
            raise refresh.fault
        assert self._copy is not None
        return self._copy

    def _meanwhile(self, refresh: _Refresh) -> Copy:
        """The last copy with a notice; the very same for all who wait for this reading."""
        with self._lock:
            if refresh.meanwhile is None:
                copy = self._copy
                if copy is None:
                    register = self._last.read()
                    copy = Copy(register, self._last.as_of or self._clock(), tuple(self._last.notices))
                elif not self._is_out_of_reach(copy):
                    copy = replace(copy, notices=(Notice(MAIN, SLOW, kept=True, outage=True), *copy.notices))
                refresh.meanwhile = copy
            return refresh.meanwhile


SLOW = "Google svarar inte just nu; det senast lästa visas."


class _OutOfReach(MemoryWorkbook):
    """The spreadsheets when nobody asks Google."""

    def __init__(self, workbook: Workbook) -> None:
        super().__init__({})
        self._workbook = workbook

    def version(self, spreadsheet: str) -> Version:
        """Unreachable for what there is; SpreadsheetMissing for what there is not."""
        if spreadsheet in self._workbook.spreadsheets():
            raise Unreachable(spreadsheet, f"Google svarar inte just nu, så {spreadsheet} kunde inte läsas.")
        return super().version(spreadsheet)


def frozen_rounds(workbook: Workbook, settings: Settings) -> FrozenRounds:
    """The rounds of this register as they were published."""
    return FrozenRounds(settings.state / "frozen" / register_name(workbook, settings, MAIN))


def share(workbook: Workbook, settings: Settings, clock: Callable[[], dt.datetime]) -> SharedCopy:
    """The shared copy of a workbook, with what is kept of it on disk."""
    schema, folder = load_schema(), state_folder(workbook, settings, MAIN)
    kept, frozen = KeptRounds(folder / "rounds"), frozen_rounds(workbook, settings)
    google = as_google(workbook)
    if google is None:
        return SharedCopy(Reader(workbook, schema, kept, frozen=frozen), clock)
    copies = LastCopies(folder / "last", clock)
    return BackgroundCopy(
        Reader(workbook, schema, kept, copies, frozen),
        Reader(_OutOfReach(workbook), schema, kept, copies, frozen),
        clock,
        lambda: google.age(MAIN),
    )
