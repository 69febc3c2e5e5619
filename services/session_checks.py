"""Learning sessions that somebody has written by hand and that can't be right."""

import datetime as dt
from collections.abc import Iterator

from services.days import day_in_words
from services.register import Register
from services.tables.problems import Problem, Rule
from services.visiting import SESSIONS


def sessions_in_disorder(register: Register) -> Iterator[Problem]:
    """A session that is before the one before it, or that ends before it begins."""
    table = register.tables[SESSIONS]
    headers = ("Läsår", "Nr", "Datum", "Start", "Slut")
    rows = list(zip(*(table.columns[header] for header in headers), strict=True))
    for index, (year, number, day, start, end) in enumerate(rows):
        if start is not None and end is not None and end <= start:
            advice = "Lärtillfället slutar innan det börjar. Rätta Start eller Slut."
            yield table.problem(index, "Slut", Rule.OUT_OF_RANGE, advice)
        if year is None or number is None or day is None:
            continue
        before = _before(rows, year, number)
        if before is not None and day < before[1]:
            advice = (
                f"Lärtillfälle {number} är före lärtillfälle {before[0]}, som är "
                f"{day_in_words(before[1])}. Rätta ett av datumen."
            )
            yield table.problem(index, "Datum", Rule.OUT_OF_RANGE, advice)


def _before(rows: list[tuple[object, ...]], year: str, number: int) -> tuple[int, dt.date] | None:
    """The number and the day of the closest session before it that has a day."""
    earlier = [
        (other, day)
        for name, other, day, *_ in rows
        if name == year and isinstance(other, int) and other < number and isinstance(day, dt.date)
    ]
    return max(earlier, default=None)
