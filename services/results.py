"""The arithmetic of a round: persons, schools and questions, as arrays, before anything is hidden.

Nothing here may be shown as it is: `services.publishing` decides what leaves the house.
Arrays are indexed by school (in code order), area (in number order) and question (in the order of the
question bank); a figure that does not exist is NaN.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from services.domain.question import Area, Question
from services.domain.round import SchoolRound
from services.domain.school import SchoolCode
from services.tables.answers import Answers

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Counted:
    """The answers that count in a round.

    `school[p]` is the index of person p's school in `schools`, which stand in code order; `levels[p, q]`
    is 1–4, or 0 for "Kan inte bedöma". `answers[s]` is n; `staff[s]` the N that is used (never below n),
    NaN where it is unknown.
    """

    schools: tuple[SchoolCode, ...]
    questions: tuple[Question, ...]
    school: Integers
    levels: npt.NDArray[np.uint8]
    answers: Integers
    staff: Floats


@dataclass(frozen=True, slots=True)
class AreaLevels:
    """Figures of schools × areas: persons, mean level, its standard error, share at least Trygg."""

    n: Integers
    level: Floats
    se: Floats
    share_secure: Floats


@dataclass(frozen=True, slots=True)
class QuestionLevels:
    """Figures of schools × questions. `counts[s, q, l]` persons chose level l, 0 for Kan inte bedöma."""

    counts: Integers
    n: Integers
    mean: Floats
    se: Floats


def count_answers(
    answers: Answers | None,
    school_rounds: Mapping[SchoolCode, SchoolRound],
    questions: Sequence[Question],
    today_of: Callable[[SchoolCode], SchoolCode] | None = None,
    only: Collection[SchoolCode] | None = None,
) -> Counted:
    """Take the answers that count: of a school in the round, with at least one level.

    With `today_of` a school stands under the code it has today, and what became one school is counted
    as one; `only` leaves out every school that is not among these (codes of the round itself).
    """
    kept = [code for code in school_rounds if only is None or code in only]
    name_of = {code: today_of(code) if today_of else code for code in kept}
    schools = tuple(sorted(set(name_of.values())))
    position = {code: schools.index(name) for code, name in name_of.items()}
    levels, school = _persons(answers, position, questions)
    n = np.bincount(school, minlength=len(schools))
    staff = np.zeros(len(schools))
    for code, index in position.items():
        known = school_rounds[code].staff
        staff[index] += np.nan if known is None else known
    return Counted(schools, tuple(questions), school, levels, n, np.maximum(staff, n))


def _persons(
    answers: Answers | None, position: Mapping[SchoolCode, int], questions: Sequence[Question]
) -> tuple[npt.NDArray[np.uint8], Integers]:
    if answers is None:
        return np.zeros((0, len(questions)), np.uint8), np.zeros(0, np.int64)
    places: Mapping[str | None, int] = {str(code): index for code, index in position.items()}
    school = np.fromiter((places.get(code, -1) for code in answers.schools), np.int64, len(answers.schools))
    ids = tuple(question.id for question in questions)
    if ids == answers.questions:
        levels = answers.levels
    else:
        levels = np.zeros((len(school), len(ids)), np.uint8, order="F")
        for index, id_ in enumerate(ids):
            levels[:, index] = answers.column(id_)
    counts = (school >= 0) & levels.any(axis=1)
    return (levels, school) if counts.all() else (np.asfortranarray(levels[counts]), school[counts])


def area_levels(counted: Counted, areas: Sequence[Area]) -> AreaLevels:
    """Each school in each area, over the persons who answered at least half of its questions."""
    shape = (len(counted.schools), len(areas))
    levels = AreaLevels(np.zeros(shape, np.int64), np.empty(shape), np.empty(shape), np.empty(shape))
    for index, area in enumerate(areas):
        n, mean, se, share = _area_level(counted, _questions_of(counted, area))
        levels.n[:, index], levels.level[:, index] = n, mean
        levels.se[:, index], levels.share_secure[:, index] = se, share
    return levels


def _questions_of(counted: Counted, area: Area) -> list[int]:
    return [index for index, question in enumerate(counted.questions) if question.area == area.number]


def _area_level(counted: Counted, questions: list[int]) -> tuple[Integers, Floats, Floats, Floats]:
    levels = counted.levels[:, questions]
    given = np.count_nonzero(levels, axis=1)
    counts = (2 * given >= len(questions)) & (given > 0)
    person = levels[counts].sum(axis=1, dtype=np.int64) / given[counts]
    n, mean, se = _means(counted, counted.school[counts], person)
    schools = len(counted.schools)
    all_given = np.bincount(counted.school, weights=given, minlength=schools)
    secure = np.bincount(counted.school, weights=np.count_nonzero(levels >= 3, axis=1), minlength=schools)
    with np.errstate(invalid="ignore", divide="ignore"):
        return n, mean, se, secure / all_given


def _means(counted: Counted, school: Integers, values: Floats) -> tuple[Integers, Floats, Floats]:
    """Number, mean and standard error by school; SE = s/√n · √(1 − n/N), s with n − 1."""
    schools = len(counted.schools)
    n = np.bincount(school, minlength=schools)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.bincount(school, weights=values, minlength=schools) / n
        squares = np.bincount(school, weights=(values - mean[school]) ** 2, minlength=schools)
        variance = np.where(n > 1, squares / (n - 1), np.nan)
        se = np.sqrt(variance / n * np.maximum(0.0, 1 - n / counted.staff))
    return n, mean, se


def question_levels(counted: Counted) -> QuestionLevels:
    """Each school on each question: how many chose each level, their mean and its standard error."""
    schools = len(counted.schools)
    counts = np.zeros((schools, len(counted.questions), 5), np.int64)
    base = counted.school * 5
    for index in range(len(counted.questions)):
        column = np.bincount(base + counted.levels[:, index], minlength=schools * 5)
        counts[:, index, :] = column.reshape(schools, 5)
    scale = np.arange(5)
    n = counts[:, :, 1:].sum(axis=2)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = (counts * scale).sum(axis=2) / n
        squares = (counts[:, :, 1:] * (scale[1:] - mean[:, :, None]) ** 2).sum(axis=2)
        variance = np.where(n > 1, squares / (n - 1), np.nan)
        se = np.sqrt(variance / n * np.maximum(0.0, 1 - n / counted.staff[:, None]))
    return QuestionLevels(counts, n, mean, se)


def weighted_mean(values: Floats, weights: Floats) -> float | None:
    """Σ w·x / Σ w over what is known; None where nothing is."""
    known = ~(np.isnan(values) | np.isnan(weights))
    total = weights[known].sum()
    return float((values[known] * weights[known]).sum() / total) if total > 0 else None


def spread(values: Floats) -> tuple[float | None, float | None, float | None]:
    """Standard deviation (n − 1), lowest and highest decile of what is known; None under two values."""
    known = values[~np.isnan(values)]
    if len(known) < 2:
        return None, None, None
    low, high = np.quantile(known, [0.1, 0.9])
    return float(known.std(ddof=1)), float(low), float(high)


def spread_of(values: Iterable[float | None]) -> float | None:
    """The standard deviation (n - 1) of what is known; None under two values."""
    return spread(np.array([np.nan if value is None else value for value in values], np.float64))[0]
