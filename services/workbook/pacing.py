"""How fast Google is asked and how long for: the minute's allowance, pauses between tries, deadlines.

Everything here is pure: the clock, the sleep and the chance are arguments.
"""

import email.utils
import random
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

MINUTE = 60.0
ALLOWED = 50
"""Calls of one kind a minute; Google allows 60, and people at the command line use the same account."""

SHORTEST_PAUSE = 0.5
LONGEST_PAUSE = 16.0


class Kind(StrEnum):
    """What a call counts as in Google's quota."""

    READ = "read"
    WRITE = "write"
    DRIVE = "drive"


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds that a call may take in all, and whether it gives up at once while Google is known to fail."""

    seconds: float
    gives_up_at_once: bool = True


PAGE = Patience(10.0)
"""Somebody is looking at a page."""

WRITER = Patience(60.0, gives_up_at_once=False)
"""What was promised is being written, or confirmed."""


class Allowance:
    """So many calls in any minute; whoever comes too early is told how long to wait."""

    def __init__(self, calls: int, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._booked: deque[float] = deque(maxlen=calls)
        self._lock = threading.Lock()

    def book(self, longest: float) -> float | None:
        """Book a call and return the seconds to wait before it; None, unbooked, if longer than `longest`."""
        with self._lock:
            now = self._clock()
            is_full = len(self._booked) == self._booked.maxlen
            at = max(now, self._booked[0] + MINUTE) if is_full else now
            if at - now > longest:
                return None
            self._booked.append(at)
            return at - now

    def used(self) -> int:
        """Calls in the last minute, and those booked ahead."""
        with self._lock:
            since = self._clock() - MINUTE
            return sum(at > since for at in self._booked)


class Breaker:
    """Once Google has failed a page for as long as its patience lasted, the next ones need not wait."""

    def __init__(self, clock: Callable[[], float], rest: float = 15.0, longest: float = 60.0) -> None:
        self._clock, self._first, self._longest = clock, rest, longest
        self._rest, self._until = rest, -float("inf")
        self._lock = threading.Lock()

    def is_open(self) -> bool:
        """Whether Google is left alone just now."""
        return self._clock() < self._until

    def failed(self) -> None:
        """Leave Google alone for a while, each time for longer."""
        with self._lock:
            if not self.is_open():
                self._until = self._clock() + self._rest
                self._rest = min(2 * self._rest, self._longest)

    def worked(self) -> None:
        """Google answers again."""
        with self._lock:
            self._rest, self._until = self._first, -float("inf")


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment, and the clock it is read on."""

    at: float
    clock: Callable[[], float]

    @property
    def left(self) -> float:
        """Seconds until then, never less than none."""
        return max(0.0, self.at - self.clock())


@dataclass(frozen=True, slots=True)
class Pace:
    """The allowances of one account, with the clock, the sleep and the chance they go by."""

    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random
    calls: int = ALLOWED
    allowances: Mapping[Kind, Allowance] = field(init=False)

    def __post_init__(self) -> None:
        found = {kind: Allowance(self.calls, self.clock) for kind in (Kind.READ, Kind.WRITE)}
        object.__setattr__(self, "allowances", found)

    def deadline(self, patience: Patience) -> Deadline:
        """The moment at which the patience ends, counted from now."""
        return Deadline(self.clock() + patience.seconds, self.clock)

    def wait_for_turn(self, kind: Kind, deadline: Deadline) -> bool:
        """Sleep until a call of that kind is allowed; False, at once, if that is after the deadline.

        Drive's quota is so large that we never come near it.
        """
        if kind not in self.allowances:
            return True
        pause = self.allowances[kind].book(deadline.left)
        if pause:
            self.sleep(pause)
        return pause is not None

    def pause(self, failures: int, asked_for: float, deadline: Deadline) -> bool:
        """Sleep before the next try, at least as long as Google asked for; False, at once, if too long."""
        seconds = max(asked_for, full_jitter(failures, self.chance))
        if seconds >= deadline.left:
            return False
        self.sleep(seconds)
        return True


def full_jitter(failures: int, chance: Callable[[], float]) -> float:
    """Seconds to wait after so many failures: anything up to a bound that doubles each time."""
    return chance() * min(LONGEST_PAUSE, SHORTEST_PAUSE * 2.0 ** min(failures, 10))


def asked_pause(headers: Mapping[str, str]) -> float:
    """The seconds that `Retry-After` asks for, written as a number or as a date; 0 where it says nothing.

    A date is compared with the answer's own `Date`, so that it does not matter what our clock says.
    """
    written = headers.get("Retry-After", "").strip()
    if written.isdecimal() and written.isascii():
        return float(written)
    try:
        then = email.utils.parsedate_to_datetime(written)
        now = email.utils.parsedate_to_datetime(headers.get("Date", ""))
        return max(0.0, (then - now).total_seconds())
    except (TypeError, ValueError):
        return 0.0
