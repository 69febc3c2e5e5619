"""Figures that may be shown: what is left when small groups have been taken out.

Every number is in full precision; rounding happens where it is drawn. A figure that may not be shown,
or that does not exist, is None.
"""

from dataclasses import dataclass

from services.domain.question import Area, Question
from services.domain.round import Round
from services.domain.school import SchoolCode


@dataclass(frozen=True, slots=True)
class AreaFigure:
    """A school's standing in one area: `n` persons counted, mean level 1–4, its standard error.

    `share_secure` is the share 0–1 of given answers that are at least Trygg.
    """

    area: int
    n: int
    level: float | None
    se: float | None
    share_secure: float | None


@dataclass(frozen=True, slots=True)
class QuestionFigure:
    """A school's (or the city's) answers to one question.

    `n` gave a level; `shares` are the shares 0–1 of them on levels 1–4; `unable` is the share of all
    counted persons who chose "Kan inte bedöma".
    """

    question: str
    n: int
    mean: float | None
    se: float | None
    shares: tuple[float, float, float, float] | None
    unable: float | None


@dataclass(frozen=True, slots=True)
class SchoolFigures:
    """A school in a round. `staff` is the N that was used; `areas` is empty where it is not shown."""

    school: SchoolCode
    n: int
    staff: int | None
    shown: bool
    areas: tuple[AreaFigure, ...] = ()
    questions: tuple[QuestionFigure, ...] = ()

    @property
    def response_rate(self) -> float | None:
        """Counted answers over staff, 0–1."""
        return self.n / self.staff if self.staff else None

    def area(self, number: int) -> AreaFigure | None:
        """Its figure in one area."""
        return next((figure for figure in self.areas if figure.area == number), None)

    def question(self, id_: str) -> QuestionFigure | None:
        """Its figure for one question; None where questions may not be shown."""
        return next((figure for figure in self.questions if figure.question == id_), None)


@dataclass(frozen=True, slots=True)
class CityArea:
    """An area over the schools that are shown.

    `level_staff` is the average member of staff, `level_school` the average school; `spread` the
    standard deviation between schools (n - 1), `low` and `high` the lowest and highest decile.
    """

    area: int
    schools: int
    level_staff: float | None
    level_school: float | None
    spread: float | None
    low: float | None
    high: float | None
    se: float | None


@dataclass(frozen=True, slots=True)
class CityFigures:
    """The city: how many schools are shown and left out, and its areas and questions."""

    shown: int
    left_out: int
    areas: tuple[CityArea, ...]
    questions: tuple[QuestionFigure, ...] = ()

    def area(self, number: int) -> CityArea | None:
        """The city's figure in one area."""
        return next((figure for figure in self.areas if figure.area == number), None)

    def question(self, id_: str) -> QuestionFigure | None:
        """The city's figure for one question."""
        return next((figure for figure in self.questions if figure.question == id_), None)


@dataclass(frozen=True, slots=True)
class RoundFigures:
    """All that may be shown of a round, schools in code order."""

    round: Round
    areas: tuple[Area, ...]
    questions: tuple[Question, ...]
    schools: tuple[SchoolFigures, ...]
    city: CityFigures

    def school(self, code: SchoolCode) -> SchoolFigures | None:
        """One school's figures; None where it takes no part in the round."""
        return next((figures for figures in self.schools if figures.school == code), None)

    def questions_of(self, area: int) -> tuple[Question, ...]:
        """The questions of one area that are asked in the round."""
        return tuple(question for question in self.questions if question.area == area)
