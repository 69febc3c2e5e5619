"""What may be shown: the one door through which figures leave the house.

While a round is open nothing is shown but participation. A school is shown from the round's least
number of answers on; an area or a question is shown only where that many persons stand behind it;
single questions only from ten answers on. A school that may not be shown is left out of every sum,
so that nothing can be found by subtraction.
"""

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from services.domain.figures import (
    AreaFigure,
    CityArea,
    CityFigures,
    QuestionFigure,
    RoundFigures,
    SchoolFigures,
)
from services.domain.round import Round
from services.register import Register, once_per_register
from services.results import (
    AreaLevels,
    Counted,
    Floats,
    QuestionLevels,
    area_levels,
    count_answers,
    question_levels,
    spread,
    weighted_mean,
)
from services.statistics import combined_error

LEAST_FOR_QUESTIONS = 10
"""With fewer answers a school has area levels only."""

LEAST_FOR_EXACT_SHARES = 20
"""With fewer answers a school's percentages are drawn in steps of five."""


@once_per_register
def round_figures(register: Register, round_name: str) -> RoundFigures:
    """All that may be shown of one round. UnknownChoice if there is no such round."""
    round_ = register.round(round_name)
    questions = register.questions_in(round_name)
    school_rounds = register.school_rounds.get(round_name, {})
    counted = count_answers(register.answers.get(round_name), school_rounds, questions)
    if not round_.is_published:
        schools = _participation_only(register, round_, counted)
        nothing = CityFigures(0, len(schools), tuple(_empty_area(area.number) for area in register.areas))
        return RoundFigures(round_, register.areas, questions, schools, nothing)
    levels, by_question = area_levels(counted, register.areas), question_levels(counted)
    shown = counted.answers >= round_.least_answers
    questions_of = _questions(round_, counted, by_question)
    schools = tuple(
        _school(register, round_, counted, levels, questions_of[index], index)
        if shown[index]
        else SchoolFigures(code, int(counted.answers[index]), _whole(counted.staff[index]), False)
        for index, code in enumerate(counted.schools)
    )
    city = _city(register, round_, counted, levels, by_question)
    return RoundFigures(round_, register.areas, questions, schools, city)


def _participation_only(register: Register, round_: Round, counted: Counted) -> tuple[SchoolFigures, ...]:
    answered = register.participation.get(round_.name, {})
    return tuple(
        SchoolFigures(
            code,
            n := max(int(counted.answers[index]), answered.get(code, 0)),
            None if np.isnan(counted.staff[index]) else max(n, int(counted.staff[index])),
            shown=False,
        )
        for index, code in enumerate(counted.schools)
    )


def _school(
    register: Register,
    round_: Round,
    counted: Counted,
    levels: AreaLevels,
    questions: tuple[QuestionFigure, ...],
    index: int,
) -> SchoolFigures:
    answers = int(counted.answers[index])
    areas = tuple(
        _area(area.number, round_.least_answers, levels, (index, position))
        for position, area in enumerate(register.areas)
    )
    shown = questions if answers >= LEAST_FOR_QUESTIONS else ()
    return SchoolFigures(counted.schools[index], answers, _whole(counted.staff[index]), True, areas, shown)


def _area(number: int, least: int, levels: AreaLevels, at: tuple[int, int]) -> AreaFigure:
    n = int(levels.n[at])
    if n < least:
        return AreaFigure(number, n, None, None, None)
    return AreaFigure(
        number, n, float(levels.level[at]), _known(levels.se[at]), float(levels.share_secure[at])
    )


def _questions(
    round_: Round, counted: Counted, by_question: QuestionLevels
) -> list[tuple[QuestionFigure, ...]]:
    """Every school's questions; they are the most figures by far, so the arrays become lists at once."""
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = by_question.counts[:, :, 1:] / by_question.n[:, :, None]
        unable = by_question.counts[:, :, 0] / by_question.counts.sum(axis=2)
    ids, least = [question.id for question in counted.questions], round_.least_answers
    arrays = (by_question.n, by_question.mean, by_question.se, shares, unable)
    return [
        tuple(
            QuestionFigure(id_, n, mean, _known(se), (one, two, three, four), unable)
            if n >= least
            else QuestionFigure(id_, n, None, None, None, None)
            for id_, n, mean, se, (one, two, three, four), unable in zip(ids, *of_school, strict=True)
        )
        for of_school in zip(*(array.tolist() for array in arrays), strict=True)
    ]


def _city(
    register: Register, round_: Round, counted: Counted, levels: AreaLevels, by_question: QuestionLevels
) -> CityFigures:
    shown = counted.answers >= round_.least_answers
    behind_area = shown[:, None] & (levels.n >= round_.least_answers)
    behind_question = (counted.answers >= max(LEAST_FOR_QUESTIONS, round_.least_answers))[:, None] & (
        by_question.n >= round_.least_answers
    )
    areas = tuple(
        _city_area(
            area.number,
            np.where(behind_area[:, position], levels.level[:, position], np.nan),
            levels.se[:, position],
            counted.staff,
        )
        for position, area in enumerate(register.areas)
    )
    questions = tuple(
        _city_question(question.id, by_question, position, behind_question[:, position], counted.staff)
        for position, question in enumerate(counted.questions)
    )
    return CityFigures(int(shown.sum()), int((~shown).sum()), areas, questions)


def _city_area(number: int, level: Floats, se: Floats, staff: Floats) -> CityArea:
    known = ~np.isnan(level)
    if not known.any():
        return _empty_area(number)
    weighed = known & ~np.isnan(staff)
    deviation, low, high = spread(level)
    errors: Sequence[tuple[float, float | None]] = [
        (weight, _known(error))
        for weight, error in zip(staff[weighed].tolist(), se[weighed].tolist(), strict=True)
    ]
    return CityArea(
        number,
        int(known.sum()),
        weighted_mean(level, staff),
        float(level[known].mean()),
        deviation,
        low,
        high,
        combined_error(errors),
    )


def _empty_area(number: int) -> CityArea:
    return CityArea(number, 0, None, None, None, None, None, None)


def _city_question(
    id_: str, by_question: QuestionLevels, position: int, behind: npt.NDArray[np.bool_], staff: Floats
) -> QuestionFigure:
    """The average member of staff's answer: every school weighs as many as work there."""
    weighed = behind & ~np.isnan(staff)
    if not weighed.any():
        return QuestionFigure(id_, 0, None, None, None, None)
    weights = staff[weighed] / staff[weighed].sum()
    counts = by_question.counts[weighed, position, :].astype(np.float64)
    n, errors = by_question.n[weighed, position], by_question.se[weighed, position]
    one, two, three, four = (weights @ (counts[:, 1:] / n[:, None])).tolist()
    return QuestionFigure(
        id_,
        int(n.sum()),
        float((weights * by_question.mean[weighed, position]).sum()),
        combined_error([(w, _known(se)) for w, se in zip(weights.tolist(), errors.tolist(), strict=True)]),
        (one, two, three, four),
        float((weights * counts[:, 0] / counts.sum(axis=1)).sum()),
    )


def _known(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def _whole(value: float) -> int | None:
    return None if math.isnan(value) else int(value)
