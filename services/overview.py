"""The whole city in one round: key figures, every school in every area, the years, the distribution."""

import datetime as dt
from dataclasses import dataclass

from services.certifying import all_standings
from services.comparing import (
    CITY,
    Segment,
    area_comparisons,
    history,
    previous_round,
    question_changes,
)
from services.domain.access import Visitor
from services.domain.figures import AreaFigure, QuestionFigure, RoundFigures
from services.domain.process import Standing
from services.domain.question import Area, Question
from services.domain.rules import Status
from services.domain.school import SchoolCode
from services.errors import UnknownChoice
from services.publishing import round_figures
from services.register import Register
from services.results import spread_of
from services.statistics import Change, told_changes


@dataclass(frozen=True, slots=True)
class KeyFigures:
    """The round in six numbers. `response_rate` is 0–1 over schools whose staff is known."""

    schools: int
    answers: int
    response_rate: float | None
    candidates: int
    applicants: int
    certified: int


@dataclass(frozen=True, slots=True)
class SchoolRow:
    """A school and its areas; the areas are empty where the school may not be shown."""

    school: SchoolCode
    name: str
    n: int
    staff: int | None
    areas: tuple[AreaFigure, ...]

    @property
    def response_rate(self) -> float | None:
        """Answers over staff, 0–1."""
        return self.n / self.staff if self.staff else None


def key_figures(register: Register, visitor: Visitor, round_name: str, today: dt.date) -> KeyFigures:
    """The round's key figures; candidates are counted only where there are rules to judge by."""
    figures = round_figures(register, round_name)
    known = [school for school in figures.schools if school.staff]
    staff = sum(school.staff or 0 for school in known)
    try:
        everyone = all_standings(register, round_name, today)
    except UnknownChoice:
        everyone = ()
    found = [one for one in everyone if visitor.may_see(one.school)]
    return KeyFigures(
        schools=len(figures.schools),
        answers=sum(school.n for school in figures.schools),
        response_rate=sum(school.n for school in known) / staff if staff else None,
        candidates=sum(one.verdict.status is Status.MET for one in found),
        applicants=sum(one.standing in (Standing.APPLICANT, Standing.PARTICIPANT) for one in found),
        certified=sum(one.standing is Standing.CERTIFIED for one in found),
    )


def school_rows(register: Register, visitor: Visitor, round_name: str) -> tuple[SchoolRow, ...]:
    """The schools the visitor may see, ordered by name: never a ranking.

    Until the round is published those whose participation she may follow.
    """
    figures = round_figures(register, round_name)
    may = visitor.may_see if figures.round.is_published else visitor.may_follow
    rows = [
        SchoolRow(one.school, register.school_name(one.school), one.n, one.staff, one.areas)
        for one in figures.schools
        if may(one.school)
    ]
    return tuple(sorted(rows, key=lambda row: (row.name.casefold(), row.school)))


def histories(register: Register) -> tuple[tuple[Area, tuple[Segment, ...]], ...]:
    """Every area over the years."""
    return tuple((area, history(register, area.number)) for area in register.areas)


@dataclass(frozen=True, slots=True)
class AreaChange:
    """An area since the round before, and whether it may be told as a change."""

    area: int
    change: Change
    told: bool
    common: int
    asked: int


def area_changes(register: Register, round_name: str, school: SchoolCode = CITY) -> tuple[AreaChange, ...]:
    """How the city's, or a school's, areas have moved since the round before."""
    before = previous_round(register, round_name)
    if before is None or not register.round(round_name).is_published:
        return ()
    here = register.today_of(school)
    found = [one for one in area_comparisons(register, before, round_name) if here in one.changes]
    told = told_changes([one.changes[here] for one in found])
    return tuple(
        AreaChange(one.area, one.changes[here], is_told, one.common, one.asked)
        for one, is_told in zip(found, told, strict=True)
    )


def area_shares(figures: RoundFigures, area: int) -> tuple[float, float, float, float] | None:
    """How the city's answers in an area are spread over the levels 1–4, as shares 0–1."""
    found = [
        (figure.n, figure.shares)
        for question in figures.questions_of(area)
        if (figure := figures.city.question(question.id)) and figure.shares
    ]
    total = sum(n for n, _ in found)
    if not total:
        return None
    one, two, three, four = (sum(n * shares[level] for n, shares in found) / total for level in range(4))
    return one, two, three, four


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A question in the city: its figure, how far schools differ on it, and its change if there is one.

    `spread` is the standard deviation between schools.
    """

    question: Question
    city: QuestionFigure
    spread: float | None
    change: Change | None
    told: bool


def question_rows(register: Register, round_name: str, area: int) -> tuple[QuestionRow, ...]:
    """The questions of an area from lowest to highest; those without a figure come last."""
    figures = round_figures(register, round_name)
    questions = figures.questions_of(area)
    before = previous_round(register, round_name)
    known = question_changes(register, before, round_name) if before and figures.round.is_published else {}
    changes = {
        question.id: change
        for question in questions
        if (change := known.get(question.id, {}).get(CITY)) is not None
    }
    told = dict(zip(changes, told_changes(list(changes.values())), strict=True))
    rows = [
        QuestionRow(
            question,
            city,
            _spread_between_schools(figures, question.id),
            changes.get(question.id),
            told.get(question.id, False),
        )
        for question in questions
        if (city := figures.city.question(question.id)) is not None
    ]
    return tuple(sorted(rows, key=lambda row: (row.city.mean is None, row.city.mean or 0.0)))


def _spread_between_schools(figures: RoundFigures, question: str) -> float | None:
    return spread_of(
        figure.mean for school in figures.schools if (figure := school.question(question)) is not None
    )
