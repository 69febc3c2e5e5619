"""What the demo's staff answer: plausible levels, with spread between schools and growth over the years."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from services.demo.schools import DemoSchool
from services.domain.question import Area, Question
from services.domain.round import SchoolRound
from services.domain.school import SchoolCode
from services.results import area_levels, count_answers
from services.tables.answers import Answers

LINE = 3.0
"""The level a candidate reaches in every area."""

NEAR = 2.91
"""The level that is near in one area, whatever its standard error."""

_AREA_MEANS = (2.72, 2.78, 2.58, 2.84, 2.90)
_GROWTH_A_YEAR = 0.09
_PERSON_SPREAD, _ANSWER_SPREAD = 0.42, 0.62
_UNABLE = 0.05


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one school thinks: its mean in each area, and what share of its staff answers."""

    means: tuple[float, ...]
    response: float


def make_opinion(school: DemoSchool, areas: int, rng: np.random.Generator) -> Opinion:
    """The opinion behind a school's answers in the latest published round."""
    drift = rng.normal(0, 0.2)
    means = [_AREA_MEANS[index % 5] + drift + rng.normal(0, 0.13) for index in range(areas)]
    response = float(rng.uniform(0.72, 0.95))
    if school.kind in ("candidate", "near", "busy"):
        means = [float(rng.uniform(3.18, 3.42)) for _ in range(areas)]
    if school.kind == "near":
        means[int(rng.integers(areas))] = 2.96
    if school.kind == "busy":
        response = float(rng.uniform(0.5, 0.62))
    return Opinion(tuple(means), response)


def answer(
    opinion: Opinion, staff: int, kind: str, questions: Sequence[Question], rng: np.random.Generator
) -> npt.NDArray[np.uint8]:
    """The levels of those who answer: persons × questions, 0 for Kan inte bedöma."""
    persons = _persons(opinion, staff, kind, rng)
    means = np.array(
        [opinion.means[((question.area or 1) - 1) % len(opinion.means)] for question in questions]
    )
    person = rng.normal(0, _PERSON_SPREAD, (persons, 1))
    noise = rng.normal(0, _ANSWER_SPREAD, (persons, len(questions)))
    levels = np.clip(np.rint(means + question_effects(questions) + person + noise), 1, 4)
    levels[rng.random(levels.shape) < _UNABLE] = 0
    levels[:, 0] = np.maximum(levels[:, 0], 1)
    return levels.astype(np.uint8)


def question_effects(questions: Sequence[Question]) -> npt.NDArray[np.float64]:
    """How much harder or easier a question is than its area; the same in every school and year."""
    seeds = ([ord(letter) for letter in question.id] for question in questions)
    effects = np.array([np.random.default_rng(seed).normal(0, 0.22) for seed in seeds])
    for area in {question.area for question in questions}:
        mine = np.array([question.area == area for question in questions])
        effects[mine] -= effects[mine].mean()
    return effects


def _persons(opinion: Opinion, staff: int, kind: str, rng: np.random.Generator) -> int:
    if kind == "quiet":
        return int(rng.integers(3, 5))
    if kind == "small":
        return int(rng.integers(6, min(9, staff) + 1))
    least = int(np.ceil(0.74 * staff)) if kind in ("candidate", "near") else 10
    most = (7 * staff - 1) // 10 if kind == "busy" else staff  # busy: under seven in ten, however it falls
    return int(np.clip(rng.binomial(staff, opinion.response), least, most))


def years_before(opinion: Opinion, years: int, rng: np.random.Generator) -> Opinion:
    """The same school some years earlier: a little lower, with twists of its own."""
    return Opinion(
        tuple(mean - years * _GROWTH_A_YEAR + rng.normal(0, 0.07) for mean in opinion.means),
        float(np.clip(opinion.response - 0.03 * years + rng.normal(0, 0.04), 0.5, 0.97)),
    )


def answer_as_told(
    school: DemoSchool,
    opinion: Opinion,
    areas: Sequence[Area],
    questions: Sequence[Question],
    rng: np.random.Generator,
) -> npt.NDArray[np.uint8]:
    """Answers that make a candidate of those who are to be one, and of nobody else."""
    while True:
        levels = answer(opinion, school.staff, school.kind, questions, rng)
        reached = _reached(school, levels, areas, questions)
        step = _step(school.kind, sorted(reached))
        if step == 0:
            return levels
        lowest = int(np.argmin(reached))
        means = tuple(mean + step * (index == lowest) for index, mean in enumerate(opinion.means))
        opinion = Opinion(means, opinion.response)


def _step(kind: str, reached: Sequence[float]) -> float:
    """How much to move the lowest area for the school to be what it is there to show; 0 when it is."""
    lowest, second = reached[0], reached[1]
    if kind == "candidate":
        return 0.0 if lowest >= LINE else 0.08
    if kind == "near":
        if second < LINE or lowest < NEAR:
            return 0.04
        return 0.0 if lowest < LINE else -0.04
    if kind == "ordinary":
        return 0.0 if lowest < LINE else -0.08
    return 0.0


def _reached(
    school: DemoSchool,
    levels: npt.NDArray[np.uint8],
    areas: Sequence[Area],
    questions: Sequence[Question],
) -> npt.NDArray[np.float64]:
    code = SchoolCode(school.code)
    ids = tuple(question.id for question in questions)
    answers = Answers(range(len(levels)), [code] * len(levels), ids, levels)
    counted = count_answers(answers, {code: SchoolRound("", code, school.staff)}, questions)
    reached: npt.NDArray[np.float64] = area_levels(counted, areas).level[0]
    return reached
