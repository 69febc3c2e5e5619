"""One school in one round: beside the city, over the years, question by question."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice

from services.certifying import SchoolStanding, standings
from services.comparing import Segment, history
from services.domain.access import Visitor
from services.domain.figures import AreaFigure, CityArea, QuestionFigure, RoundFigures, SchoolFigures
from services.domain.question import Area, Question
from services.domain.school import SchoolCode
from services.errors import NotPermitted, UnknownChoice
from services.publishing import LEAST_FOR_EXACT_SHARES, round_figures
from services.register import Register
from services.statistics import Estimate, Interval, interval

DISAGREEMENT = 0.85
"""A question's standard deviation between colleagues from which they are said to disagree."""

SHARE_OF_A_PEAK = 0.25
"""The least share on a level for it to be one of two peaks."""


@dataclass(frozen=True, slots=True)
class AreaBeside:
    """A school's area beside the city's."""

    area: Area
    school: AreaFigure
    city: CityArea | None
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class QuestionBeside:
    """A school's question beside the city's."""

    question: Question
    school: QuestionFigure
    city: QuestionFigure | None

    @property
    def spread(self) -> float | None:
        """Standard deviation between colleagues, in levels."""
        if self.school.shares is None or self.school.mean is None:
            return None
        squares = (
            share * (level - self.school.mean) ** 2 for level, share in enumerate(self.school.shares, 1)
        )
        return float(sum(squares) ** 0.5)

    @property
    def has_two_peaks(self) -> bool:
        """Whether colleagues gather on two levels with fewer between them."""
        if self.school.shares is None:
            return False
        one, two, three, four = self.school.shares
        apart = ((one, two, three), (two, three, four), (one, min(two, three), four))
        return any(
            left >= SHARE_OF_A_PEAK <= right and between < min(left, right) / 2
            for left, between, right in apart
        )


@dataclass(frozen=True, slots=True)
class Profile:
    """A school's page. `questions` is empty where single questions may not be shown."""

    school: SchoolCode
    name: str
    figures: SchoolFigures
    areas: tuple[AreaBeside, ...]
    questions: tuple[QuestionBeside, ...]

    @property
    def in_steps(self) -> bool:
        """Whether percentages are drawn in steps of five, because few have answered."""
        return self.figures.n < LEAST_FOR_EXACT_SHARES

    def strongest(self, count: int = 3) -> tuple[QuestionBeside, ...]:
        """The questions with the highest mean."""
        return tuple(sorted(self._answered(), key=lambda one: -(one.school.mean or 0.0))[:count])

    def weakest(self, count: int = 3) -> tuple[QuestionBeside, ...]:
        """The questions with the lowest mean."""
        return tuple(sorted(self._answered(), key=lambda one: one.school.mean or 0.0)[:count])

    def disagreements(self, count: int = 3) -> tuple[QuestionBeside, ...]:
        """Where colleagues see things most differently."""
        found = [one for one in self._answered() if (one.spread or 0.0) >= DISAGREEMENT or one.has_two_peaks]
        return tuple(sorted(found, key=lambda one: -(one.spread or 0.0))[:count])

    def _answered(self) -> list[QuestionBeside]:
        return [one for one in self.questions if one.school.mean is not None]


def profile(register: Register, visitor: Visitor, round_name: str, school: SchoolCode) -> Profile:
    """A school's page. NotPermitted if it is not the visitor's to see, UnknownChoice if it is not there."""
    if not visitor.may_open_school(school):
        raise NotPermitted("Du har inte behörighet till den skolan. Välj en av dina egna.")
    figures = round_figures(register, round_name)
    own = figures.school(school)
    if own is None:
        raise UnknownChoice(f"{register.school_name(school)} är inte med i omgång {round_name}.")
    areas = tuple(
        AreaBeside(area, figure, _city_area(figures, visitor, area.number), _interval(figure))
        for area in figures.areas
        if (figure := own.area(area.number)) is not None
    )
    questions = tuple(
        QuestionBeside(question, answered, _city_question(figures, visitor, question.id))
        for question in figures.questions
        if (answered := own.question(question.id)) is not None
    )
    return Profile(school, register.school_name(school), own, areas, questions)


def _city_area(figures: RoundFigures, visitor: Visitor, area: int) -> CityArea | None:
    def has_figure(school: SchoolFigures) -> bool:
        found = school.area(area)
        return found is not None and found.level is not None

    return None if _tells_of_one_school(figures, visitor, has_figure) else figures.city.area(area)


def _city_question(figures: RoundFigures, visitor: Visitor, id_: str) -> QuestionFigure | None:
    def has_figure(school: SchoolFigures) -> bool:
        found = school.question(id_)
        return found is not None and found.mean is not None

    return None if _tells_of_one_school(figures, visitor, has_figure) else figures.city.question(id_)


def _tells_of_one_school(
    figures: RoundFigures, visitor: Visitor, has_figure: Callable[[SchoolFigures], bool]
) -> bool:
    """Whether a city figure, when the visitor's schools are taken away, is that of one school not hers."""
    others = (
        school
        for school in figures.schools
        if school.staff and not visitor.may_see(school.school) and has_figure(school)
    )
    return len(list(islice(others, 2))) == 1


def _interval(figure: AreaFigure) -> Interval | None:
    return None if figure.level is None else interval(Estimate(figure.level, figure.se, figure.n))


def standing_of(
    register: Register, visitor: Visitor, round_name: str, school: SchoolCode, today: dt.date
) -> SchoolStanding | None:
    """Where the school stands; None where the round has no rules to judge by."""
    try:
        found = standings(register, visitor, round_name, today)
    except UnknownChoice:
        return None
    return next((one for one in found if one.school == school), None)


def school_histories(register: Register, school: SchoolCode) -> tuple[tuple[Area, tuple[Segment, ...]], ...]:
    """The years of every area in which the school has a level, under the code it has today."""
    here = register.today_of(school)
    found = ((area, history(register, area.number)) for area in register.areas)
    return tuple(
        (area, segments)
        for area, segments in found
        if any(here in levels for segment in segments for levels in segment.levels.values())
    )
