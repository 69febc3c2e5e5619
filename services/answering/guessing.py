"""Slows down whoever guesses codes, one visitor or many: after ten misses each further try must wait."""

import datetime as dt
import threading
from collections import OrderedDict
from dataclasses import dataclass

FREE_MISSES = 10
"""As many times may somebody mistype before she has to wait."""

LONGEST_WAIT = dt.timedelta(minutes=10)
FORGOTTEN_AFTER = dt.timedelta(hours=1)
MOST_VISITORS = 10_000

FREE_TOGETHER = 200
"""As many misses an hour are borne from all visitors together: a whole staff that mistypes now and then."""

LONGEST_TOGETHER = dt.timedelta(seconds=5)
"""Short, or whoever guesses could keep everybody else from answering."""

_FIRST_WAIT = dt.timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class _Misses:
    count: int
    last: dt.datetime

    def wait(self, free: int, longest: dt.timedelta, now: dt.datetime) -> dt.timedelta:
        """How long is left to wait, doubling with every miss over those that are free."""
        over = self.count - free
        if over < 0 or now - self.last >= FORGOTTEN_AFTER:
            return dt.timedelta()
        pause: dt.timedelta = min(longest, _FIRST_WAIT * (1 << min(over, 20)))
        return max(dt.timedelta(), self.last + pause - now)


class GuessGuard:
    """Counts misses by visitor and altogether; what `visitor` is, such as an address, is the caller's."""

    def __init__(self) -> None:
        self._by_visitor: OrderedDict[str, _Misses] = OrderedDict()
        self._together: _Misses | None = None
        self._lock = threading.Lock()

    def wait(self, visitor: str, now: dt.datetime) -> dt.timedelta:
        """How long this visitor must wait before her next try; nothing as a rule."""
        with self._lock:
            own, together = self._by_visitor.get(visitor), self._together
            return max(
                own.wait(FREE_MISSES, LONGEST_WAIT, now) if own else dt.timedelta(),
                together.wait(FREE_TOGETHER, LONGEST_TOGETHER, now) if together else dt.timedelta(),
            )

    def missed(self, visitor: str, now: dt.datetime) -> None:
        """Count a code that was none."""
        with self._lock:
            self._by_visitor[visitor] = _one_more(self._by_visitor.get(visitor), now)
            self._by_visitor.move_to_end(visitor)
            if len(self._by_visitor) > MOST_VISITORS:
                self._by_visitor.popitem(last=False)
            self._together = _one_more(self._together, now)

    def found(self, visitor: str) -> None:
        """Forget the misses of somebody who had a code after all."""
        with self._lock:
            self._by_visitor.pop(visitor, None)


def _one_more(misses: _Misses | None, now: dt.datetime) -> _Misses:
    if misses is None or now - misses.last >= FORGOTTEN_AFTER:
        return _Misses(1, now)
    return _Misses(misses.count + 1, now)
