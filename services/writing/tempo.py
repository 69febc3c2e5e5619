"""How fast the writer goes: the pauses between its calls, and after trouble."""

import random
import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from services.workbook.port import CellChange, Columns, Row, Snapshot, Workbook


class Stopped(Exception):
    """The writer is to end now; what waits stays in the outbox."""


@dataclass(frozen=True, slots=True)
class Tempo:
    """The pauses, in seconds.

    between: on average between two calls, after `burst` calls at once; gather: how long to wait for
    company before writing what has come; first_pause, longest_pause: after trouble, doubling; looks:
    how long after an unknown outcome to look whether rows have landed twice.
    """

    between: float = 0.0
    burst: int = 3
    gather: float = 0.02
    first_pause: float = 1.0
    longest_pause: float = 60.0
    looks: tuple[float, ...] = (3.0, 20.0, 90.0)
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] | None = None
    """Sleeps less than it is asked to where the writer shall end; None: the real time."""
    chance: Callable[[], float] = field(default=random.random)


LOCAL = Tempo()
GOOGLE = Tempo(between=1.45, gather=0.25)
"""At most 44 calls a minute: the quota is 60 of a kind, and readers want some."""


class PacedWorkbook:
    """The calls the writer makes, with the pauses between them; Stopped once the writer is to end."""

    def __init__(self, workbook: Workbook, tempo: Tempo, stopping: threading.Event) -> None:
        self._workbook, self._tempo, self._stopping = workbook, tempo, stopping
        self._free_at = -float("inf")  # when the allowance is full again

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

    def _take_turn(self) -> None:
        """Wait for a place among the calls; each one moves the time of a full allowance on."""
        self.go_on()
        between, burst = self._tempo.between, self._tempo.burst
        if not between:
            return
        now = self._tempo.monotonic()
        wait = self._free_at - (burst - 1) * between - now
        if wait > 0:
            self.sleep(wait)
            now = self._tempo.monotonic()
        self._free_at = max(self._free_at, now) + between
