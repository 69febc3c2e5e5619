"""What is measured, and how it is printed. Runs are repeated, and taken turn about when they are compared."""

import gc
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measurement:
    """A line of the table: `measured` in `unit`, and the most it may be."""

    what: str
    measured: float
    most: float
    unit: str
    note: str = ""

    @property
    def met(self) -> bool:
        """Whether it is within its target."""
        return self.measured <= self.most

    def cells(self) -> tuple[str, ...]:
        """The line as text."""
        return (
            self.what,
            f"{_figure(self.measured)} {self.unit}",
            f"≤ {_figure(self.most)} {self.unit}",
            "yes" if self.met else "NO",
            self.note,
        )


def _figure(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if value < 20 else f"{value:.0f}"


def best_of(
    runs: Sequence[Callable[[], object]], times: int, clock: Callable[[], float] = time.perf_counter
) -> tuple[float, ...]:
    """The fewest seconds each takes, run turn about, so that a busy moment meets them all."""
    taken: list[list[float]] = [[] for _ in runs]
    for _ in range(times):
        for place, run in enumerate(runs):
            gc.collect()
            begun = clock()
            run()
            taken[place].append(clock() - begun)
    return tuple(map(min, taken))


def in_milliseconds(value: float) -> str:
    """A time as a note writes it."""
    return f"{value * 1000:.0f} ms"


def table(measurements: Iterable[Measurement]) -> str:
    """The lines under their headings, in columns."""
    lines = [("what", "measured", "target", "met", ""), *(one.cells() for one in measurements)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )
