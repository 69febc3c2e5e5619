"""The same thing over the years: only on questions that both rounds have.

A level is computed again for each year on the common questions. Where fewer than six in ten are
common, the line is broken. Schools with too few answers for single questions are compared only where
all questions are common: two levels of an area over nearly the same questions would tell the rest.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from services.domain.question import Area, Question
from services.domain.school import SchoolCode
from services.publishing import LEAST_FOR_QUESTIONS, round_figures
from services.register import Register, once_per_register
from services.results import (
    Counted,
    Integers,
    area_levels,
    count_answers,
    question_levels,
    weighted_mean,
)
from services.statistics import Change, Estimate, combined_error, compare

LEAST_COMMON_SHARE = 0.6
"""With a smaller share of common questions two years are not on the same line."""

CITY = SchoolCode("")
"""Stands for the city among the schools of a comparison."""


@dataclass(frozen=True, slots=True)
class Segment:
    """Years of an area that can be drawn on one line: computed on `common` of `asked` questions.

    `levels[round]` has an estimate for the city (under CITY) and each school that may be compared,
    under the code the school has today.
    """

    area: int
    rounds: tuple[str, ...]
    common: int
    asked: int
    levels: Mapping[str, Mapping[SchoolCode, Estimate]]


@dataclass(frozen=True, slots=True)
class Comparison:
    """An area in two rounds, on `common` of the later round's `asked` questions."""

    area: int
    common: int
    asked: int
    changes: Mapping[SchoolCode, Change]


def published_rounds(register: Register) -> tuple[str, ...]:
    """The names of the rounds whose results may be shown, oldest first."""
    return tuple(sorted(name for name, round_ in register.rounds.items() if round_.is_published))


def previous_round(register: Register, round_name: str) -> str | None:
    """The published round before this one."""
    return max((name for name in published_rounds(register) if name < round_name), default=None)


def roots_of(register: Register) -> Mapping[str, str]:
    """Each question's oldest comparable question, through any chain of "Jämförbar med"."""
    older = {question.id: question.comparable_with for question in register.questions}
    roots: dict[str, str] = {}
    for id_ in older:
        root, seen = id_, {id_}
        while (before := older.get(root)) is not None and before not in seen:
            root = before
            seen.add(root)
        roots[id_] = root
    return roots


@once_per_register
def history(register: Register, area_number: int) -> tuple[Segment, ...]:
    """An area over all published rounds, oldest segment first."""
    area = next(area for area in register.areas if area.number == area_number)
    roots = roots_of(register)
    asked = {name: _by_root(register, name, area, roots) for name in published_rounds(register)}
    segments: list[tuple[list[str], set[str], int]] = []
    for name in sorted(asked, reverse=True):
        if segments:
            rounds, common, of = segments[-1]
            both = common & asked[name].keys()
            if of and len(both) / of >= LEAST_COMMON_SHARE:
                segments[-1] = ([name, *rounds], both, of)
                continue
        segments.append(([name], set(asked[name]), len(asked[name])))
    return tuple(
        Segment(
            area.number,
            tuple(rounds),
            len(common),
            of,
            {name: _levels(register, name, area, asked[name], common) for name in rounds},
        )
        for rounds, common, of in reversed(segments)
    )


@once_per_register
def area_comparisons(register: Register, earlier: str, later: str) -> tuple[Comparison, ...]:
    """Every area in two published rounds; areas whose questions are too different are left out."""
    roots = roots_of(register)
    found = []
    for area in register.areas:
        before, after = (_by_root(register, name, area, roots) for name in (earlier, later))
        common = before.keys() & after.keys()
        if not after or len(common) / len(after) < LEAST_COMMON_SHARE:
            continue
        levels_before = _levels(register, earlier, area, before, common)
        levels_after = _levels(register, later, area, after, common)
        changes = {
            code: compare(levels_before[code], levels_after[code])
            for code in levels_before.keys() & levels_after.keys()
        }
        found.append(Comparison(area.number, len(common), len(after), changes))
    return tuple(found)


@once_per_register
def question_changes(
    register: Register, earlier: str, later: str
) -> Mapping[str, Mapping[SchoolCode, Change]]:
    """For each question of the later round that the earlier one has too: schools and CITY."""
    roots = roots_of(register)
    asked = {
        name: {roots[question.id]: question for question in register.questions_in(name)}
        for name in (earlier, later)
    }
    found: dict[str, Mapping[SchoolCode, Change]] = {}
    common = [root for root in asked[later] if root in asked[earlier]]
    before = _question_estimates(register, earlier, [asked[earlier][root] for root in common])
    after = _question_estimates(register, later, [asked[later][root] for root in common])
    for root in common:
        old, new = before[asked[earlier][root].id], after[asked[later][root].id]
        found[asked[later][root].id] = {
            code: compare(old[code], new[code]) for code in old.keys() & new.keys()
        }
    return found


def _by_root(
    register: Register, round_name: str, area: Area, roots: Mapping[str, str]
) -> dict[str, Question]:
    return {
        roots[question.id]: question
        for question in register.questions_in(round_name)
        if question.area == area.number
    }


def _counted(
    register: Register,
    round_name: str,
    questions: Sequence[Question],
    persons: Callable[[Counted], Integers],
    *,
    all_asked: bool,
) -> Counted:
    """The round's answers under today's codes, of schools that may be compared on these questions.

    Where schools of the round have since become one, a school with too few `persons` of its own is left
    out of what they became: the others taken away from the whole would be its figure.
    """
    least = register.round(round_name).least_answers
    enough = least if all_asked else max(least, LEAST_FOR_QUESTIONS)
    shown = round_figures(register, round_name).schools
    may_be_compared = {school.school for school in shown if school.shown and school.n >= enough}
    answers = register.answers.get(round_name)
    parts = register.school_rounds.get(round_name, {})
    became = Counter(map(register.today_of, may_be_compared))
    if became.total() > len(became):
        alone = count_answers(answers, parts, questions, None, may_be_compared)
        may_be_compared -= {
            code
            for code, n in zip(alone.schools, persons(alone), strict=True)
            if n < least and became[register.today_of(code)] > 1
        }
    return count_answers(answers, parts, questions, register.today_of, may_be_compared)


def _levels(
    register: Register,
    round_name: str,
    area: Area,
    asked: Mapping[str, Question],
    common: set[str],
) -> dict[SchoolCode, Estimate]:
    questions = [question for root, question in asked.items() if root in common]
    # Not len(asked): of two questions of the round with one root in common only one is there.
    every = sum(question.area == area.number for question in register.questions_in(round_name))
    counted = _counted(
        register,
        round_name,
        questions,
        lambda alone: area_levels(alone, [area]).n[:, 0],
        all_asked=len(questions) == every,
    )
    levels = area_levels(counted, [area])
    least = register.round(round_name).least_answers
    return _estimates(counted, levels.level[:, 0], levels.se[:, 0], levels.n[:, 0], least)


def _question_estimates(
    register: Register, round_name: str, questions: Sequence[Question]
) -> dict[str, dict[SchoolCode, Estimate]]:
    counted = _counted(
        register,
        round_name,
        questions,
        lambda alone: question_levels(alone).n.min(axis=1, initial=np.iinfo(np.int64).max),
        all_asked=False,
    )
    levels = question_levels(counted)
    least = register.round(round_name).least_answers
    return {
        question.id: _estimates(
            counted, levels.mean[:, index], levels.se[:, index], levels.n[:, index], least
        )
        for index, question in enumerate(questions)
    }


def _estimates(
    counted: Counted,
    mean: np.ndarray[tuple[int], np.dtype[np.float64]],
    se: np.ndarray[tuple[int], np.dtype[np.float64]],
    n: np.ndarray[tuple[int], np.dtype[np.int64]],
    least: int,
) -> dict[SchoolCode, Estimate]:
    enough = n >= least
    found = {
        code: Estimate(float(mean[index]), None if np.isnan(se[index]) else float(se[index]), int(n[index]))
        for index, code in enumerate(counted.schools)
        if enough[index]
    }
    weighed = enough & ~np.isnan(counted.staff)
    city = weighted_mean(np.where(weighed, mean, np.nan), counted.staff)
    if city is not None:
        errors = zip(counted.staff[weighed], se[weighed], strict=True)
        combined = combined_error([(float(w), None if np.isnan(e) else float(e)) for w, e in errors])
        found[CITY] = Estimate(city, combined, int(n[weighed].sum()))
    return found
