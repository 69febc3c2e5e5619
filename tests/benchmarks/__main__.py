"""`make bench`: the performance table of this machine, now. Close what else is running first."""

import datetime as dt
import os
import platform
import sys
import tempfile
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from tests.benchmarks import answering, figures, google, reading, serving, writing
from tests.benchmarks.measuring import Measurement, table
from tests.benchmarks.registers import Size, synthetic_register

PACKAGES = ("numpy", "pandas", "polars", "python-calamine", "gspread", "scipy", "streamlit", "altair")


def main() -> None:
    """Make the registers, measure, and print as we go."""
    print(_circumstances(), flush=True)  # noqa: T201  # this is what it is for
    with tempfile.TemporaryDirectory() as name:
        measurements = _measure(Path(name))
    print(f"\n{table(measurements)}\n\nload at the end: {_load()}")  # noqa: T201


def _measure(folder: Path) -> list[Measurement]:
    _say("making the registers")
    small = synthetic_register(folder, Size())
    large = synthetic_register(folder, Size(answers=10 * Size().answers))
    steps: tuple[tuple[str, Callable[[], list[Measurement]]], ...] = (
        ("reading", lambda: reading.measure(small)),
        ("Google", google.measure),
        ("writing", writing.measure),
        ("answering", answering.measure),
        ("figures", lambda: figures.measure(small, large)),
        ("pages", lambda: serving.measure_pages(small, large, folder)),
        ("memory", lambda: serving.measure_memory(small, folder)),
        ("starts", lambda: serving.measure_starts(folder)),
    )
    found: list[Measurement] = []
    for what, measure in steps:
        _say(what)
        found += measure()
    return found


def _circumstances() -> str:
    packages = " · ".join(f"{name} {version(name)}" for name in PACKAGES)
    size = Size()
    return (
        f"{dt.datetime.now().astimezone():%Y-%m-%d %H:%M} · Python {platform.python_version()} · "
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, load {_load()}\n{packages}\n"
        f"{len(size.rounds)} rounds × {size.answers} answers × 40 questions, {size.schools} schools"
    )


def _load() -> str:
    return f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"


def _say(what: str) -> None:
    print(f"… {what}", file=sys.stderr, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
