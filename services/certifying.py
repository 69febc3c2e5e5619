"""Which schools qualify, why not the others, and what other lines would mean."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

from services.domain.access import Visitor
from services.domain.figures import SchoolFigures
from services.domain.process import Standing, standing
from services.domain.rules import Criterion, Finding, Measure, Status, Verdict, judge
from services.domain.school import SchoolCode
from services.publishing import round_figures
from services.register import Register, once_per_register
from services.statistics import chance_over, tipping_point


@dataclass(frozen=True, slots=True)
class SchoolStanding:
    """A school in a round: its figures, its verdict, and where it stands on its way."""

    school: SchoolCode
    name: str
    figures: SchoolFigures
    verdict: Verdict
    standing: Standing


@once_per_register
def verdicts(register: Register, round_name: str, version: str | None = None) -> tuple[Verdict, ...]:
    """The verdict of every school in a round, by the round's own rules version or by another.

    UnknownChoice if the round or the rules version does not exist.
    """
    criteria = register.rules(version or register.round(round_name).rules_version)
    return _judged(register, round_name, criteria)


def standings(
    register: Register, visitor: Visitor, round_name: str, today: dt.date
) -> tuple[SchoolStanding, ...]:
    """The schools the visitor may open, ordered by name."""
    found = (one for one in all_standings(register, round_name, today) if visitor.may_open_school(one.school))
    return tuple(sorted(found, key=lambda one: (one.name.casefold(), one.school)))


def all_standings(register: Register, round_name: str, today: dt.date) -> tuple[SchoolStanding, ...]:
    """Every school: to be counted, whoever asks."""
    figures = round_figures(register, round_name)
    return tuple(
        SchoolStanding(
            verdict.school,
            register.school_name(verdict.school),
            own,
            verdict,
            _standing(register, verdict, today),
        )
        for verdict, own in zip(verdicts(register, round_name), figures.schools, strict=True)
    )


def standing_of(register: Register, round_name: str, school: SchoolCode, today: dt.date) -> Standing:
    """Where a school stands after a round, also one that took no part in it."""
    here = register.today_of(school)
    judged = verdicts(register, round_name)
    own = next((one for one in judged if register.today_of(one.school) == here), Verdict(school, ()))
    return _standing(register, own, today)


def _standing(register: Register, verdict: Verdict, today: dt.date) -> Standing:
    here = register.today_of(verdict.school)
    return standing(
        verdict.status,
        (one for one in register.applications if register.today_of(one.school) == here),
        (one for one in register.certificates if register.today_of(one.school) == here),
        today,
    )


def _judged(register: Register, round_name: str, criteria: tuple[Criterion, ...]) -> tuple[Verdict, ...]:
    figures = round_figures(register, round_name)
    return tuple(judge(figures, school, criteria, chance_over) for school in figures.schools)


@dataclass(frozen=True, slots=True)
class TippingPoint:
    """Where those who did not answer would have to be, from the school's own level, to tip a finding.

    `apart` levels lower where the line is reached, higher where it is not; `possible` whether anyone can
    be that far away on the scale 1–4.
    """

    apart: float
    possible: bool


def tipping_point_of(finding: Finding) -> TippingPoint | None:
    """What it would take of those who did not answer; None where all did, or where it is no mean level."""
    reached, line, staff = finding.reached, finding.required, finding.staff
    if finding.criterion.measure is not Measure.LEVEL or reached is None or line is None or staff is None:
        return None
    apart = tipping_point(reached, line, finding.n, staff)
    return None if apart is None else TippingPoint(abs(apart), 1.0 <= reached - apart <= 4.0)


@dataclass(frozen=True, slots=True)
class Simulation:
    """What moved lines would mean: who qualifies, who would come in and who would fall out."""

    qualified: tuple[SchoolCode, ...]
    entering: tuple[SchoolCode, ...]
    leaving: tuple[SchoolCode, ...]


def simulate(register: Register, round_name: str, lines: Mapping[int, float]) -> Simulation:
    """Move the lines of a round's rules, by the criterion's number; nothing is changed."""
    criteria = register.rules(register.round(round_name).rules_version)
    moved = tuple(
        replace(criterion, line=lines.get(criterion.number, criterion.line)) for criterion in criteria
    )
    before = _qualified(verdicts(register, round_name))
    after = _qualified(_judged(register, round_name, moved))
    return Simulation(tuple(sorted(after)), tuple(sorted(after - before)), tuple(sorted(before - after)))


def _qualified(judged: tuple[Verdict, ...]) -> frozenset[SchoolCode]:
    return frozenset(verdict.school for verdict in judged if verdict.status is Status.MET)


def level_line(register: Register, round_name: str, area: int) -> float | None:
    """The level an area must reach in a round, where its rules have such a criterion."""
    version = register.round(round_name).rules_version or ""
    lines = [
        criterion.line
        for criterion in register.criteria.get(version, ())
        if criterion.measure is Measure.LEVEL and criterion.area in (None, area) and criterion.line
    ]
    return max(lines, default=None)


LINES_TO_TRY = tuple(step / 20 for step in range(48, 73))
"""The levels 2.40, 2.45 … 3.60."""


@once_per_register
def candidates_by_line(register: Register, round_name: str, number: int) -> tuple[tuple[float, int], ...]:
    """How many schools would qualify at each line of one criterion."""
    return tuple(
        (line, len(simulate(register, round_name, {number: line}).qualified)) for line in LINES_TO_TRY
    )
