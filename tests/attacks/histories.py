"""A town whose rounds go on over time, and an attacker who keeps every figure she has ever been shown."""

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from services.frozen_rounds import FrozenRounds
from services.participation import participation
from services.publishing import LEAST_FOR_QUESTIONS, round_figures
from services.reading import Reader
from services.register import Register
from services.tables.schema import load_schema
from services.workbook.memory import MemoryWorkbook
from tests.attacks.channels import TODAY, everything, plain, visitors
from tests.attacks.towns import TWO_AREAS, Ask, Levels, Town

FLOOR = 5
QUESTIONS = {ask.id: place for place, ask in enumerate(TWO_AREAS)}

Rows = tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Moment:
    """All sheets at one moment; people have answers to every question of the bank, asked or not."""

    answers: Mapping[str, Mapping[str, Levels]]
    status: Mapping[str, str | None]
    staff: Mapping[str, int | None] = field(default_factory=dict)
    became: Mapping[str, str] = field(default_factory=dict)
    least: int = FLOOR
    questions: tuple[Ask, ...] = TWO_AREAS
    unreadable: frozenset[str] = frozenset()

    def with_school(self, name: str, school: str, rows: Levels) -> "Moment":
        return replace(self, answers={**self.answers, name: {**self.answers[name], school: rows}})

    def workbook(self) -> MemoryWorkbook:
        told = {
            name: {school: self._asked(name, rows) for school, rows in schools.items()}
            for name, schools in self.answers.items()
        }
        town = Town(told, self.questions, self.staff, self.status, self.became, self.least)
        sheets = {
            spreadsheet: {name: layout.rows for name, layout in layouts.items()}
            for spreadsheet, layouts in town.layouts().items()
            if spreadsheet.removeprefix("svar-") not in self.unreadable
        }
        return MemoryWorkbook(sheets)

    def _asked(self, name: str, rows: Levels) -> Levels:
        places = [QUESTIONS[ask.id] for ask in self.questions if ask.asked_in(name)]
        return [[row[place] for place in places] for row in rows]


def read(moment: Moment, frozen: FrozenRounds) -> Register:
    """What a process shows that starts at this moment."""
    return Reader(moment.workbook(), load_schema(), frozen=frozen).read()


def told(register: Register) -> dict[str, Any]:
    """Every channel, the participation too; not what is said to the unit of the sheets themselves."""
    found = {name: what for name, what in everything(register).items() if not name.startswith("problems")}
    for name in register.rounds:
        for who, visitor in visitors(register).items():
            found[f"participation in {name} for {who}"] = plain(participation(register, visitor, name, TODAY))
    return found


class Attacker:
    """Remembers the rows behind every figure of a school in a round, and reckons with all of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.shown: dict[tuple[str, str], set[Rows]] = {}
        self.sheets: dict[tuple[str, str], list[Levels]] = {}
        self.subtractions = 0

    def look(self, moment: Moment, frozen: FrozenRounds) -> Register:
        """Read all there is at this moment; AssertionError where somebody is exposed."""
        for name, schools in moment.answers.items():
            for school, rows in schools.items():
                self.sheets.setdefault((name, school), []).append(rows)
        register = read(moment, frozen)
        for name, round_ in register.rounds.items():
            if round_.is_published:
                self._reckon(register, name)
        self._nothing_hidden_matters(moment, register)
        return register

    def _reckon(self, register: Register, name: str) -> None:
        figures, questions = round_figures(register, name), register.questions_in(name)
        areas = {
            area.number: [p for p, q in enumerate(questions) if q.area == area.number]
            for area in register.areas
        }
        behind = rows_behind(register, name)
        for school in figures.schools:
            rows = behind.get(school.school, ())
            if not school.shown:
                assert not school.areas and not school.questions
                continue
            assert len(rows) == school.n >= FLOOR
            for figure in school.areas:
                own_level(figure.level, figure.n, [[row[p] for p in areas[figure.area]] for row in rows])
            assert not school.questions or school.n >= LEAST_FOR_QUESTIONS
            self._compare(name, school.school, rows, list(areas.values()))
        for area in figures.city.areas:
            schools = [(one.staff, one.area(area.area)) for one in figures.schools if one.shown]
            known = [
                (n, f.level) for n, f in schools if f is not None and f.level is not None and n is not None
            ]
            weight = sum(n for n, _ in known)
            # What is left of the sum when all that is shown is taken away: nothing.
            if area.level_staff is not None:
                assert math.isclose(
                    area.level_staff * weight, sum(n * level for n, level in known), abs_tol=1e-6
                )

    def _compare(self, name: str, school: str, rows: Rows, areas: list[list[int]]) -> None:
        """Every figure shown before less the one shown now: of nobody, or of at least five."""
        everything_ = [p for places in areas for p in places]
        before = self.shown.setdefault((name, school), set())
        for earlier in before - {rows}:
            for places in (everything_, *areas, *([p] for p in everything_)):
                count = differing(earlier, rows, places)
                self.subtractions += 1
                assert count == 0 or count >= FLOOR, f"{count} persons of {school} in {name} by {places}"
        before.add(rows)

    def _nothing_hidden_matters(self, moment: Moment, register: Register) -> None:
        """Had the answers that may not be shown been others, every channel would say the same."""
        twin = moment
        withheld = {(one.round, one.school) for one in register.withheld}
        for name, schools in moment.answers.items():
            published = register.rounds[name].is_published
            for school, rows in schools.items():
                if not published:
                    twin = twin.with_school(name, school, other_way(rows))
                elif (name, school) in withheld:
                    twin = twin.with_school(name, school, self._as_shown(register, name, school))
        if twin is moment:
            return
        other = read(twin, FrozenRounds(self._copy()))
        here, there = told(register), told(other)
        assert here.keys() == there.keys()
        assert [channel for channel in here if here[channel] != there[channel]] == []

    def _as_shown(self, register: Register, name: str, school: str) -> Levels:
        """The rows as they stood in the sheet when they became what is shown; they once did."""
        shown = rows_behind(register, name).get(school, ())
        places = [QUESTIONS[question.id] for question in register.questions_in(name)]
        # A school that has been out of the round for a while had no rows then.
        once = (*self.sheets[name, school][::-1], [])
        return next(rows for rows in once if same_persons(rows, places, shown))

    def _copy(self) -> Path:
        """What is kept, for a town that might have been."""
        place = self.folder.parent / "might-have-been"
        place.mkdir(exist_ok=True)
        for file in place.iterdir():
            file.unlink()
        for file in self.folder.iterdir():
            (place / file.name).write_bytes(file.read_bytes())
        return place


def rows_behind(register: Register, name: str) -> dict[str, Rows]:
    """The rows of every school that figures are made of, in one order; those without a level are nobody's."""
    answers, asked = register.answers[name], register.questions_in(name)
    columns = [answers.column(question.id).tolist() for question in asked]
    found: dict[str, list[tuple[int, ...]]] = {}
    for place, school in enumerate(answers.schools):
        row = tuple(column[place] for column in columns)
        if school is not None and any(row):
            found.setdefault(school, []).append(row)
    return {school: tuple(sorted(rows)) for school, rows in found.items()}


def same_persons(rows: Levels, places: list[int], shown: Rows) -> bool:
    """Whether what is shown is made of these rows."""
    asked = (tuple(row[place] for place in places) for row in rows)
    return sorted(row for row in asked if any(row)) == list(shown)


def own_level(level: float | None, n: int, rows: list[list[int]]) -> None:
    """The figure is made of these rows and no others, reckoned anew; none of fewer than five."""
    given = [[level for level in row if level] for row in rows]
    counting = [sum(row) / len(row) for row in given if row and 2 * len(row) >= len(rows[0])]
    assert n == len(counting)
    assert level is None or n >= FLOOR
    assert level is None or math.isclose(level, sum(counting) / n, abs_tol=1e-9)


def differing(one: Rows, other: Rows, places: list[int]) -> int:
    """How many persons a figure over some questions differs by."""
    left, right = (
        Counter(row for rows in held if any(row := tuple(rows[p] for p in places))) for held in (one, other)
    )
    return max((left - right).total(), (right - left).total())


def other_way(rows: Levels) -> Levels:
    """The same persons with other answers."""
    return [[5 - level if level else 0 for level in row] for row in rows]
