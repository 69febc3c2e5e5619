"""How fast the writer goes: the pauses between its calls, and after trouble."""

import random
import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from services.workbook.port import CellChange, Columns, Row, RowNumbers, Snapshot, Workbook


class Stopped(Exception):
    """The writer is to end now; what waits stays in the outbox."""


@dataclass(frozen=True, slots=True)
class Tempo:
    """The pauses, in seconds.

    between: on average between two calls, of which `burst` may come at once; gather: how long to wait for
    company before writing what has come; first_pause, longest_pause: after trouble, doubling; looks:
    how long after an unknown outcome to look whether rows have landed twice.
    """

    between: float = 0.0
    burst: int = 2
    gather: float = 0.02
    first_pause: float = 1.0
    longest_pause: float = 60.0
    looks: tuple[float, ...] = (3.0, 20.0, 90.0)
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] | None = None
    """Sleeps less than it is asked to where the writer shall end; None: the real time."""
    chance: Callable[[], float] = field(default=random.random)


LOCAL = Tempo()
GOOGLE = Tempo(between=1.5, gather=0.25)
"""At most 42 calls a minute: the quota is 60 of a kind, and readers want some."""

PAIR = 2
"""Calls come in pairs, reading and writing or writing and confirming, with nothing to wait for in between."""


class PacedWorkbook:
    """The calls the writer makes, with the pauses between them; Stopped once the writer is to end."""

    def __init__(self, workbook: Workbook, tempo: Tempo, stopping: threading.Event) -> None:
        self._workbook, self._tempo, self._stopping = workbook, tempo, stopping
        self._full_at = -float("inf")  # when the whole allowance is there again

    def sleep(self, seconds: float) -> None:
        """Wait, or end."""
        if self._tempo.sleep is None:
            self._stopping.wait(seconds)
        else:
            self._tempo.sleep(seconds)
        self.go_on()

    def go_on(self) -> None:
        """Stopped if the writer is to end."""
        if self._stopping.is_set():
            raise Stopped

    def ready(self) -> None:
        """Wait until a pair of calls may come at once, so that as much as possible goes into them."""
        self._wait_for(PAIR)

    def fresh(self, spreadsheet: str, sheets: Collection[str]) -> Snapshot:
        """The sheets as they stand at this moment."""
        self._take_turn()
        return self._workbook.fresh(spreadsheet, sheets)

    def columns(self, spreadsheet: str, wanted: Mapping[str, Collection[str]]) -> Columns:
        """The columns named, as they stand at this moment."""
        self._take_turn()
        return self._workbook.columns(spreadsheet, wanted)

    def append(self, spreadsheet: str, rows: Mapping[str, Sequence[Row]]) -> None:
        """Add rows, all or none."""
        self._take_turn()
        self._workbook.append(spreadsheet, rows)

    def write(self, spreadsheet: str, changes: Sequence[CellChange], seen: Snapshot) -> None:
        """Change cells, all or none."""
        self._take_turn()
        self._workbook.write(spreadsheet, changes, seen)

    def remove(self, spreadsheet: str, rows: RowNumbers, seen: Snapshot) -> None:
        """Empty rows, all or none."""
        self._take_turn()
        self._workbook.remove(spreadsheet, rows, seen)

    def forget(self, spreadsheet: str) -> None:
        """Leave no copy of what the spreadsheet held before."""
        self._take_turn()
        self._workbook.forget(spreadsheet)

    def _take_turn(self) -> None:
        """Wait for a place among the calls; each one moves on the time at which the allowance is full."""
        self._wait_for(1)
        self._full_at = max(self._full_at, self._tempo.monotonic()) + self._tempo.between

    def _wait_for(self, calls: int) -> None:
        """Wait until so many calls are allowed."""
        self.go_on()
        tempo = self._tempo
        wait = self._full_at - (tempo.burst - calls) * tempo.between - tempo.monotonic()
        if tempo.between and wait > 0:
            self.sleep(wait)
