"""How many have answered in a round, school by school, and where that is heading: never what."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from services.domain.access import Visitor
from services.domain.round import RoundStatus
from services.domain.rules import Measure
from services.domain.school import SchoolCode
from services.publishing import round_figures
from services.register import Register

SATURDAY = 5


class Need(StrEnum):
    """What a school needs of whoever follows the round, the most urgent first."""

    NOT_BEGUN = "Inte börjat"
    TOO_FEW = "Når inte minsta antal svar"
    TOO_SLOW = "Når inte svarsfrekvensen i reglerna"
    ON_ITS_WAY = "På god väg"
    UNKNOWN = "Antal anställda saknas"


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

    @property
    def needs_help(self) -> bool:
        """Whether somebody should do something: remind, or look up how many work there."""
        return self.need is not Need.ON_ITS_WAY


@dataclass(frozen=True, slots=True)
class Total:
    """Several schools together; `projected` is None where it can't be told for one of them."""

    answered: int
    staff: int
    projected: int | None
    schools: int
    needing: int

    @property
    def rate(self) -> float | None:
        """The share that has answered."""
        return self.answered / self.staff if self.staff else None


def participation(register: Register, visitor: Visitor, round_: str, today: dt.date) -> list[Participation]:
    """The schools that the visitor follows, those that need help first.

    Once the round is closed nobody answers any more, and what there is, is what it will be.
    """
    found = register.round(round_)
    answered = answered_by_school(register, round_)
    is_open = found.status is RoundStatus.OPEN
    rate = rate_wanted(register, found.rules_version)
    rows = []
    for code, part in register.school_rounds.get(round_, {}).items():
        if not visitor.may_follow(code):
            continue
        last = max((day for day in (found.closes, part.extended_to) if day), default=None)
        count = answered.get(code, 0)
        projected = projection(count, part.staff, found.opens, last, today) if is_open else None
        need = _need(count, part.staff, projected, found.least_answers, rate)
        rows.append(Participation(code, register.school_name(code), count, part.staff, last, projected, need))
    order = list(Need)
    return sorted(rows, key=lambda row: (order.index(row.need), row.rate or 0.0, row.name.casefold()))


def answered_by_school(register: Register, round_: str) -> Mapping[SchoolCode, int]:
    """How many have answered at each school in the round: so far, or in the end."""
    return {one.school: one.n for one in round_figures(register, round_).schools}


def total(rows: Sequence[Participation]) -> Total:
    """All these schools together."""
    known = [row for row in rows if row.staff]
    projected = [row.projected for row in known if row.projected is not None]
    return Total(
        sum(row.answered for row in rows),
        sum(max(row.staff or 0, row.answered) for row in rows),
        sum(projected) if projected and len(projected) == len(known) else None,
        len(rows),
        sum(row.needs_help for row in rows),
    )


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


def rate_wanted(register: Register, version: str | None) -> float:
    """The response rate that the rules want of a school; 0 where they want none."""
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
