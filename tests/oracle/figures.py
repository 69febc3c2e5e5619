"""The published figures, in plain arithmetic straight from the written rules."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from .tables import Register, Row

Json = dict[str, Any]
Levels = dict[str, int]

LEAST_FLOOR = 5
QUESTION_LEAST = 10  # single questions are shown from this many answers
NEAR = 0.1
TOLERANCE = 1e-9
NEAR_MEASURES = ("Medelnivå", "Lägsta väsentliga fråga")
SCHOOL_MEASURES = ("Svarsfrekvens", "Antal svar")


@dataclass(frozen=True)
class Area:
    """An area with its questions of the round, and which of them are essential."""

    nr: int
    questions: tuple[str, ...]
    essential: tuple[str, ...]


@dataclass(frozen=True)
class AreaFigures:
    """A school's figures in an area; None where there is none."""

    nr: int
    n: int
    level: float | None
    se: float | None
    share_secure: float | None


@dataclass(frozen=True)
class Finding:
    """What one criterion came to; `se` is that of the figure `reached`."""

    nr: int
    measure: str | None
    area: int | None
    reached: float | None
    required: float | None
    se: float | None

    @property
    def met(self) -> bool:
        """At or above its line."""
        if self.measure is None or self.reached is None or self.required is None:
            return False
        return self.reached >= self.required - TOLERANCE

    @property
    def near(self) -> bool:
        """A level just below its line."""
        if self.measure not in NEAR_MEASURES or self.reached is None or self.required is None:
            return False
        return self.required - self.reached <= max(self.se or 0.0, NEAR) + TOLERANCE

    def json(self) -> Json:
        """As the command line prints it."""
        names = ("nr", "measure", "area", "reached", "required", "met")
        return {name: getattr(self, name) for name in names}


def mean(values: list[float]) -> float | None:
    """The mean, or None of nothing."""
    return math.fsum(values) / len(values) if values else None


def deviation(values: list[float]) -> float | None:
    """The standard deviation with n - 1, or None under two values."""
    if len(values) < 2:
        return None
    middle = math.fsum(values) / len(values)
    return math.sqrt(math.fsum((value - middle) ** 2 for value in values) / (len(values) - 1))


def standard_error(values: list[float], staff: int | None) -> float | None:
    """The standard error of a mean among a finite staff."""
    spread = deviation(values)
    if spread is None or not staff:
        return None
    return spread / math.sqrt(len(values)) * math.sqrt(max(0.0, 1 - len(values) / staff))


class School:
    """A listed school in a round, with its counted answers."""

    def __init__(self, code: str, name: str, given: int | None, answers: list[Levels]) -> None:
        self.code = code
        self.name = name
        self.answers = answers
        self.n = len(answers)
        self.staff = None if given is None else max(given, self.n)

    @property
    def response_rate(self) -> float | None:
        """Answers per member of staff."""
        return self.n / self.staff if self.staff else None

    def figures(self, area: Area, least: int) -> AreaFigures:
        """The school's level and share in an area, if enough persons count there."""
        persons: list[float] = []
        for answer in self.answers:
            given = [answer[question] for question in area.questions if question in answer]
            if given and 2 * len(given) >= len(area.questions):
                persons.append(math.fsum(given) / len(given))
        count = len(persons)
        if count < least:
            return AreaFigures(area.nr, count, None, None, None)
        levels = [answer[q] for answer in self.answers for q in area.questions if q in answer]
        share = sum(level >= 3 for level in levels) / len(levels)
        return AreaFigures(area.nr, count, mean(persons), standard_error(persons, self.staff), share)

    def lowest(self, area: Area, least: int) -> tuple[float | None, float | None]:
        """The lowest mean of the area's essential questions, and its standard error."""
        columns = [[float(a[q]) for a in self.answers if q in a] for q in area.essential]
        if self.n < QUESTION_LEAST or any(len(column) < least for column in columns):
            return None, None
        if self.figures(area, least).level is None:
            return None, None
        lowest = min(columns, key=lambda column: math.fsum(column) / len(column))
        return mean(lowest), standard_error(lowest, self.staff)


class RoundView:
    """One round of a register: its schools, areas and least number of answers."""

    def __init__(self, folder: Path, round_name: str) -> None:
        self.register = Register(folder)
        if round_name not in self.register.rounds:
            raise LookupError(f"no round {round_name}")
        self.name = round_name
        self.row = self.register.rounds[round_name]
        self.published = self.row.text("Status") == "Publicerad"
        self.least = max(self.row.integer("Minsta antal svar") or LEAST_FLOOR, LEAST_FLOOR)

    @cached_property
    def schools(self) -> list[School]:
        """The listed schools, by code."""
        names = {row.text("Skolenhetskod"): row.text("Skola") or "" for row in self.register.rows("Skolor")}
        counted = self.register.counted(self.name)
        return [
            School(code, names[code], row.integer("Personal"), counted[code])
            for code, row in sorted(self.register.listed(self.name).items())
        ]

    @cached_property
    def areas(self) -> list[Area]:
        """All areas, in number order."""
        valid = self.register.questions(self.name)

        def build(nr: int) -> Area:
            mine = [row for row in valid if row.integer("Delområde") == nr]
            essential = [row for row in mine if row.text("Väsentlig") == "Ja"]
            return Area(nr, *(tuple(str(q.text("Fråga")) for q in part) for part in (mine, essential)))

        numbers = [row.integer("Nr") or 0 for row in self.register.rows("Delområden")]
        return [build(nr) for nr in sorted(numbers)]

    def shown(self, school: School) -> bool:
        """Whether the school's results may be seen."""
        return self.published and school.n >= self.least

    def city_area(self, area: Area) -> Json:
        """The city's figures in an area, over the schools shown that have a level there."""
        pairs = [(s.staff, s.figures(area, self.least).level) for s in self.schools if self.shown(s)]
        levels = [level for _, level in pairs if level is not None]
        weighted = [(staff, level) for staff, level in pairs if staff is not None and level is not None]
        total = sum(staff for staff, _ in weighted)
        return {
            "nr": area.nr,
            "level_staff": math.fsum(staff * level for staff, level in weighted) / total if total else None,
            "level_school": mean(levels),
            "spread_sd": deviation(levels),
        }

    def findings(self, school: School, rule: Row) -> list[Finding]:
        """What one criterion comes to at a school."""
        nr, measure, line = rule.integer("Nr") or 0, rule.text("Mått"), rule.number_of("Gräns")
        if measure in SCHOOL_MEASURES:
            reached = float(school.n) if measure == "Antal svar" else school.response_rate
            return [Finding(nr, measure, None, reached, line, None)]
        chosen = rule.integer("Delområde")
        areas = [area for area in self.areas if chosen is None or area.nr == chosen]
        if measure == "Lägsta väsentliga fråga":
            areas = [area for area in areas if area.essential]
        return [self._area_finding(school, nr, measure, line, area) for area in areas]

    def _area_finding(
        self, school: School, nr: int, measure: str | None, line: float | None, area: Area
    ) -> Finding:
        figures = school.figures(area, self.least)
        reached: float | None = None
        se: float | None = None
        if measure == "Medelnivå":
            reached, se = figures.level, figures.se
        elif measure == "Andel minst Trygg":
            reached = figures.share_secure
        elif measure == "Lägsta väsentliga fråga":
            reached, se = school.lowest(area, self.least)
        return Finding(nr, measure, area.nr, reached, line, se)

    def verdict(self, school: School, criteria: list[Row]) -> Json:
        """The school's standing against the criteria."""
        head: Json = {"code": school.code, "name": school.name}
        if not self.shown(school) or not criteria:
            return head | {"status": "no_basis", "findings": []}
        found = [finding for rule in criteria for finding in self.findings(school, rule)]
        unmet = [finding for finding in found if not finding.met]
        status = "met" if not unmet else "near" if all(f.near for f in unmet) else "not_yet"
        return head | {"status": status, "findings": [finding.json() for finding in found]}


def _school_result(view: RoundView, school: School) -> Json:
    shown = view.shown(school)
    areas = [vars(school.figures(area, view.least)) for area in view.areas] if shown else []
    return {
        "code": school.code,
        "name": school.name,
        "n": school.n,
        "staff": school.staff,
        "response_rate": school.response_rate,
        "shown": shown,
        "areas": areas,
    }


def results(folder: Path, round_name: str) -> Json:
    """The object `results --round R --json` prints."""
    view = RoundView(folder, round_name)
    shown = sum(view.shown(school) for school in view.schools)
    return {
        "round": round_name,
        "schools": [_school_result(view, school) for school in view.schools],
        "city": {
            "shown": shown,
            "left_out": len(view.schools) - shown,
            "areas": [view.city_area(area) for area in view.areas],
        },
    }


def candidates(folder: Path, round_name: str, rules: str | None = None) -> Json:
    """The object `candidates --round R [--rules V] --json` prints."""
    view = RoundView(folder, round_name)
    version = rules if rules is not None else view.row.text("Regelversion")
    criteria = [row for row in view.register.rows("Regler") if row.text("Regelversion") == version]
    if rules is not None and not criteria:
        raise LookupError(f"no rules version {rules}")
    criteria.sort(key=lambda row: row.integer("Nr") or 0)
    return {
        "round": round_name,
        "rules": version,
        "schools": [view.verdict(school, criteria) for school in view.schools],
    }
