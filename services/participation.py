"""How many have answered in an open round, school by school, and where that is heading: never what."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from services.domain.access import Visitor
from services.domain.rules import Measure
from services.domain.school import SchoolCode
from services.register import Register

SATURDAY = 5


class Need(StrEnum):
    """What a school needs of whoever follows the round, the most urgent first."""

    NOT_BEGUN = "Inte börjat"
    TOO_FEW = "Når inte minsta antal svar"
    TOO_SLOW = "Når inte svarsfrekvensen i kriteriet"
    ON_ITS_WAY = "På god väg"
    UNKNOWN = "Antal personal saknas"


@dataclass(frozen=True, slots=True)
class Participation:
    """One school: who has answered of how many, and how many that will be if it goes on as so far."""

    school: SchoolCode
    name: str
    answered: int
    staff: int | None
    last_day: dt.date | None
    projected: int | None
    need: Need

    @property
    def rate(self) -> float | None:
        """The share that has answered."""
        return self.answered / self.staff if self.staff else None


def participation(register: Register, visitor: Visitor, round_: str, today: dt.date) -> list[Participation]:
    """The schools that the visitor follows, those that need help first."""
    found = register.round(round_)
    answered = register.participation.get(round_, {})
    rate = _rate_wanted(register, found.rules_version)
    rows = []
    for code, part in register.school_rounds.get(round_, {}).items():
        if not visitor.may_follow(code):
            continue
        last = max((day for day in (found.closes, part.extended_to) if day), default=None)
        count = answered.get(code, 0)
        projected = projection(count, part.staff, found.opens, last, today)
        need = _need(count, part.staff, projected, found.least_answers, rate)
        rows.append(Participation(code, register.school_name(code), count, part.staff, last, projected, need))
    order = list(Need)
    return sorted(rows, key=lambda row: (order.index(row.need), row.rate or 0.0, row.name.casefold()))


def projection(
    answered: int, staff: int | None, opens: dt.date | None, last: dt.date | None, today: dt.date
) -> int | None:
    """How many will have answered on the last day, at the pace of the working days so far.

    None before the first working day has passed, or where a date or the staff is unknown.
    """
    if staff is None or opens is None or last is None:
        return None
    passed, all_days = working_days(opens, min(today, last)), working_days(opens, last)
    if passed == 0:
        return None
    return min(max(staff, answered), round(answered * all_days / passed))


def working_days(first: dt.date, last: dt.date) -> int:
    """The days from Monday to Friday, both ends included."""
    days = (last - first).days + 1
    if days <= 0:
        return 0
    weeks, rest = divmod(days, 7)
    return weeks * 5 + sum((first.weekday() + day) % 7 < SATURDAY for day in range(rest))


def _rate_wanted(register: Register, version: str | None) -> float:
    lines = [
        criterion.line
        for criterion in register.criteria.get(version or "", ())
        if criterion.measure is Measure.RESPONSE_RATE and criterion.line is not None
    ]
    return max(lines, default=0.0)


def _need(answered: int, staff: int | None, projected: int | None, least: int, rate: float) -> Need:
    if not staff:
        return Need.UNKNOWN
    if not answered:
        return Need.NOT_BEGUN
    expected = answered if projected is None else projected
    if expected < least:
        return Need.TOO_FEW
    return Need.TOO_SLOW if expected < rate * staff - 1e-9 else Need.ON_ITS_WAY
