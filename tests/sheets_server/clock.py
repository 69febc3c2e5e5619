"""The time: the real one, or one that a test moves by hand."""

import datetime as dt
import time
from collections.abc import Callable


class Clock:
    """Seconds since 1970, from a function, the system or a hand."""

    def __init__(self, source: Callable[[], float] | None = None) -> None:
        self._source = source or time.time
        self._fixed: float | None = None

    def now(self) -> float:
        """Return the time."""
        return self._source() if self._fixed is None else self._fixed

    def stop(self, at: float | None = None) -> None:
        """Stand still, at the given time or at the present one."""
        self._fixed = self.now() if at is None else at

    def advance(self, seconds: float) -> None:
        """Move on by hand; stops the clock if it was running."""
        self._fixed = self.now() + seconds

    def run(self) -> None:
        """Follow the source again."""
        self._fixed = None


def stamp(seconds: float) -> str:
    """Return a time as Drive writes it."""
    moment = dt.datetime.fromtimestamp(seconds, dt.UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
