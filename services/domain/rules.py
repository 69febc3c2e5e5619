"""Judging a school: criteria, findings and verdicts.

A school qualifies when every criterion of its round's rules version is met. Values are compared
unrounded. A verdict is derived every time it is asked for and never stored.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from services.domain.figures import RoundFigures, SchoolFigures
from services.domain.school import SchoolCode

TOLERANCE = 1e-9
"""Two figures closer than this are equal."""

NEAR_DISTANCE = 0.1
"""An unmet level is near its line within this distance, or within its standard error if that is larger."""


class Measure(StrEnum):
    """What a criterion measures, as the sheet Regler says it."""

    LEVEL = "Medelnivå"
    SHARE_SECURE = "Andel minst Trygg"
    LOWEST_ESSENTIAL = "Lägsta väsentliga fråga"
    RESPONSE_RATE = "Svarsfrekvens"
    ANSWERS = "Antal svar"

    @property
    def is_of_an_area(self) -> bool:
        """Whether it is measured in each area, and not once for the school."""
        return self not in (Measure.RESPONSE_RATE, Measure.ANSWERS)

    @property
    def is_a_level(self) -> bool:
        """Whether it is measured in levels 1–4, so that a school can be near its line."""
        return self in (Measure.LEVEL, Measure.LOWEST_ESSENTIAL)


class Sureness(StrEnum):
    """How sure it is that the whole staff, and not only those who answered, would reach the line."""

    VERY_SURE = "mycket säkert"
    LIKELY = "troligt"
    OPEN = "går inte att avgöra"
    UNLIKELY = "troligen inte"

    @classmethod
    def of_chance(cls, chance: float) -> "Sureness":
        """The words for a chance 0–1 of being at or over the line."""
        if chance >= 0.95:
            return cls.VERY_SURE
        if chance >= 0.80:
            return cls.LIKELY
        return cls.OPEN if chance > 0.20 else cls.UNLIKELY


ChanceOver = Callable[[float, float, float, int], float]
"""The chance 0–1 that the mean of all is at or over a line: (mean, standard error, line, persons)."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """One row of a rules version. `area` None is every area.

    `measure` or `line` is None where the sheet can't be read; such a criterion is never met, so that
    a slip of the hand makes no candidates.
    """

    version: str
    number: int
    measure: Measure | None
    area: int | None
    line: float | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one criterion says of one school, in one area or (area None) of the school as a whole.

    `reached` is None where there is no figure. `n` is how many persons the figure stands on, `staff`
    how many they could have been, `se` its standard error where it has one.
    """

    criterion: Criterion
    area: int | None
    reached: float | None
    n: int
    staff: int | None
    se: float | None = None
    sureness: Sureness | None = None

    @property
    def required(self) -> float | None:
        """The line of the criterion."""
        return self.criterion.line

    @property
    def met(self) -> bool:
        """Whether the figure reaches the line."""
        if self.reached is None or self.required is None:
            return False
        return self.reached >= self.required - TOLERANCE

    @property
    def distance(self) -> float | None:
        """How far over (positive) or under (negative) the line the figure is."""
        return None if self.reached is None or self.required is None else self.reached - self.required

    @property
    def is_near(self) -> bool:
        """Whether it is an unmet level close enough to its line to be within reach."""
        measure = self.criterion.measure
        if self.met or self.distance is None or measure is None or not measure.is_a_level:
            return False
        return -self.distance <= max(self.se or 0.0, NEAR_DISTANCE) + TOLERANCE


class Status(StrEnum):
    """The outcome of a verdict, as scripts know it."""

    MET = "met"
    NEAR = "near"
    NOT_YET = "not_yet"
    NO_BASIS = "no_basis"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a school qualifies, with every finding it rests on (none: there is no basis)."""

    school: SchoolCode
    findings: tuple[Finding, ...]

    @property
    def shortfalls(self) -> tuple[Finding, ...]:
        """The criteria that are not met."""
        return tuple(finding for finding in self.findings if not finding.met)

    @property
    def status(self) -> Status:
        """Met, near, not yet, or without basis."""
        if not self.findings:
            return Status.NO_BASIS
        if not self.shortfalls:
            return Status.MET
        return Status.NEAR if all(finding.is_near for finding in self.shortfalls) else Status.NOT_YET


def judge(
    figures: RoundFigures, school: SchoolFigures, criteria: Iterable[Criterion], chance_over: ChanceOver
) -> Verdict:
    """Judge one school on its shown figures; a school that is not shown has no basis."""
    if not school.shown:
        return Verdict(school.school, ())
    findings = (
        finding
        for criterion in sorted(criteria, key=lambda criterion: criterion.number)
        for finding in _findings(figures, school, criterion, chance_over)
    )
    return Verdict(school.school, tuple(findings))


def _findings(
    figures: RoundFigures, school: SchoolFigures, criterion: Criterion, chance_over: ChanceOver
) -> Iterator[Finding]:
    if criterion.measure is Measure.ANSWERS:
        yield Finding(criterion, None, float(school.n), school.n, school.staff)
        return
    if criterion.measure is Measure.RESPONSE_RATE:
        yield Finding(criterion, None, school.response_rate, school.n, school.staff)
        return
    for area in figures.areas:
        if criterion.area in (None, area.number):
            finding = _finding_in_area(figures, school, criterion, area.number)
            if finding is not None:
                yield _with_sureness(finding, chance_over)


def _finding_in_area(
    figures: RoundFigures, school: SchoolFigures, criterion: Criterion, area: int
) -> Finding | None:
    figure = school.area(area)
    n = figure.n if figure else 0
    if criterion.measure is Measure.LOWEST_ESSENTIAL:
        return _lowest_essential(figures, school, criterion, area)
    if figure is None or criterion.measure is None:
        return Finding(criterion, area, None, n, school.staff)
    if criterion.measure is Measure.SHARE_SECURE:
        return Finding(criterion, area, figure.share_secure, n, school.staff)
    return Finding(criterion, area, figure.level, n, school.staff, figure.se)


def _lowest_essential(
    figures: RoundFigures, school: SchoolFigures, criterion: Criterion, area: int
) -> Finding | None:
    essential = [question.id for question in figures.questions_of(area) if question.essential]
    if not essential:
        return None
    area_figure = school.area(area)
    found = [figure for id_ in essential if (figure := school.question(id_)) and figure.mean is not None]
    if area_figure is None or area_figure.level is None or len(found) < len(essential):
        return Finding(criterion, area, None, area_figure.n if area_figure else 0, school.staff)
    lowest = min(found, key=lambda figure: figure.mean or 0.0)
    return Finding(criterion, area, lowest.mean, lowest.n, school.staff, lowest.se)


def _with_sureness(finding: Finding, chance_over: ChanceOver) -> Finding:
    if finding.reached is None or finding.se is None or finding.required is None:
        return finding
    chance = chance_over(finding.reached, finding.se, finding.required, finding.n)
    return Finding(
        finding.criterion,
        finding.area,
        finding.reached,
        finding.n,
        finding.staff,
        finding.se,
        Sureness.of_chance(chance),
    )
