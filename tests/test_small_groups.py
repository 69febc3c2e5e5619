"""Nothing hidden can be learned from the services, by reading or by reckoning.

Most claims are put as two towns that differ only in what must stay hidden: whoever reads everything the
services tell must not be able to tell them apart. Each has a control, where one person more stands
behind the figure and the difference shows, so that the reader is known not to be blind.
"""

import json
from typing import Any

import numpy as np
import pytest

from services import certifying, comparing
from services.domain.access import Page
from services.domain.school import SchoolCode
from services.errors import NotPermitted
from services.exporting import candidates_object, results_object
from services.overview import histories
from services.profile import profile, school_histories
from services.publishing import round_figures
from services.register import Register
from tests.attacks.channels import everything, told_apart, visitors
from tests.attacks.towns import (
    NAMES,
    ROUND,
    TWO_AREAS,
    A,
    Ask,
    B,
    C,
    D,
    E,
    F,
    Levels,
    Town,
    blank,
    mixed,
    same,
    usual,
)

AREA_1, AREA_2 = range(4), range(4, 7)
HIDDEN_PAIR = (lambda n: same(n, 1), lambda n: same(n, 4))


def this_year(**others: Levels) -> dict[str, dict[str, Levels]]:
    """The usual three schools in two rounds, and others in both."""
    return {"2020": usual(**others), ROUND: usual(**others)}


def area_level(register: Register, school: str, area: int) -> float | None:
    found = round_figures(register, ROUND).school(SchoolCode(school))
    figure = found.area(area) if found else None
    return figure.level if figure else None


# --- Rounds that are not published -------------------------------------------------------------------


@pytest.mark.parametrize("status", ["Planerad", "Öppen", "Stängd", None])
def test_before_publishing_no_answer_changes_anything_that_is_told(status: str | None) -> None:
    low, high = (
        Town({"2020": usual(), ROUND: dict.fromkeys((A, B, C, D), answers)}, status={ROUND: status})
        for answers in (same(12, 1), same(12, 4))
    )
    assert told_apart(low.register(), high.register()) == []


def test_publishing_is_what_makes_the_difference() -> None:
    low, high = (Town({ROUND: dict.fromkeys((A, B, C, D), same(12, level))}) for level in (1, 4))
    channels = told_apart(low.register(), high.register())
    assert {f"results --json {ROUND}", f"simulator {ROUND}", "histories"} <= set(channels)


@pytest.mark.parametrize("status", ["Öppen", "Stängd"])
def test_before_publishing_participation_is_all_there_is(status: str) -> None:
    town = Town({ROUND: usual(D=same(3, 4))}, status={ROUND: status}, staff={D: 9})
    told = results_object(town.register(), ROUND)
    assert [(one["code"], one["n"], one["staff"]) for one in told["schools"]] == [
        (A, 25, 40),
        (B, 30, 40),
        (C, 22, 40),
        (D, 3, 9),
    ]
    assert all(one["areas"] == [] and not one["shown"] for one in told["schools"])
    assert [area["level_staff"] for area in told["city"]["areas"]] == [None, None]
    verdicts = candidates_object(town.register(), ROUND)["schools"]
    assert {one["status"] for one in verdicts} == {"no_basis"}
    assert all(one["findings"] == [] for one in verdicts)


# --- Schools with too few answers --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("least", "answers"), [(5, 4), (5, 1), (8, 7), (None, 4), ("1", 4), (0, 4), ("fem", 4)]
)
def test_a_school_with_too_few_answers_leaves_no_trace(least: int | str | None, answers: int) -> None:
    low, high = (Town(this_year(D=make(answers)), least=least).register() for make in HIDDEN_PAIR)
    assert told_apart(low, high) == []


def test_with_one_answer_more_the_school_shows() -> None:
    low, high = (Town(this_year(D=make(5))).register() for make in HIDDEN_PAIR)
    assert f"results --json {ROUND}" in told_apart(low, high)


def test_a_hidden_school_cannot_be_solved_from_the_citys_figures() -> None:
    told = results_object(Town({ROUND: usual(D=same(4, 4), E=same(4, 1))}).register(), ROUND)
    city = told["city"]["areas"][0]
    shown = [one for one in told["schools"] if one["shown"]]
    levels = np.array([one["areas"][0]["level"] for one in shown])
    staff = np.array([one["staff"] for one in shown], float)
    # With every school in the sum, what D and E would have to weigh in with:
    everyone = sum(one["staff"] for one in told["schools"])
    left_over = city["level_staff"] * everyone - (staff * levels).sum()
    assert left_over / (everyone - staff.sum()) == pytest.approx(city["level_staff"])
    # and with the shown ones alone nothing is left over, in any of the city's figures.
    assert city["level_staff"] == pytest.approx((staff * levels).sum() / staff.sum(), abs=1e-12)
    assert city["level_school"] == pytest.approx(levels.mean(), abs=1e-12)
    assert city["spread_sd"] == pytest.approx(levels.std(ddof=1), abs=1e-12)


def test_no_city_figure_depends_on_a_hidden_school_at_all() -> None:
    with_hidden = Town({ROUND: usual(D=same(4, 4))}).register()
    without = Town({ROUND: usual()}).register()
    one, other = (round_figures(register, ROUND).city for register in (with_hidden, without))
    assert (one.areas, one.questions, one.shown) == (other.areas, other.questions, other.shown)
    assert (one.left_out, other.left_out) == (1, 0)


def test_a_hidden_school_says_nothing_of_itself() -> None:
    register = Town({ROUND: usual(D=same(4, 4))}).register()
    told = next(one for one in results_object(register, ROUND)["schools"] if one["code"] == D)
    assert (told["n"], told["shown"], told["areas"]) == (4, False, [])
    verdict = next(one for one in candidates_object(register, ROUND)["schools"] if one["code"] == D)
    assert (verdict["status"], verdict["findings"]) == ("no_basis", [])


# --- Areas and questions with too few persons --------------------------------------------------------


def _four_in_area_2(level: int, persons: int = 4) -> Levels:
    """Twelve answer area 1; so many of them area 2."""
    rest = blank(mixed(12, 7), range(persons, 12), AREA_2)
    return [row[:4] + [level] * 3 if row[4] else row for row in rest]


def test_an_area_with_too_few_persons_leaves_no_trace() -> None:
    low, high = (Town(this_year(D=_four_in_area_2(level))).register() for level in (1, 4))
    assert area_level(low, D, 1) is not None
    assert told_apart(low, high) == []


def test_with_one_person_more_the_area_shows() -> None:
    low, high = (Town(this_year(D=_four_in_area_2(level, 5))).register() for level in (1, 4))
    assert f"results --json {ROUND}" in told_apart(low, high)


def test_the_only_question_of_an_area_hides_with_it() -> None:
    bank = (*TWO_AREAS[:4], Ask("U1", 2, essential=True))
    pair = [blank(mixed(12, 7, 5), range(4, 12), [4]) for _ in range(2)]
    for rows, level in zip(pair, (1, 4), strict=True):
        rows[:4] = [[*row[:4], level] for row in rows[:4]]
    shown = {code: mixed(20, seed, 5) for seed, code in enumerate((A, B, C))}
    low, high = (Town({ROUND: {**shown, D: rows}}, bank).register() for rows in pair)
    assert told_apart(low, high) == []


def test_a_question_with_too_few_persons_has_no_figure_and_weighs_nothing_in_the_city() -> None:
    few = blank(mixed(12, 7), range(4, 12), [3])
    register = Town({ROUND: usual(D=few)}).register()
    figures = round_figures(register, ROUND)
    question = figures.school(SchoolCode(D)).question("L4")  # type: ignore[union-attr]
    assert question is not None and question.n == 4
    assert (question.mean, question.se, question.shares, question.unable) == (None, None, None, None)
    without = round_figures(Town({ROUND: usual()}).register(), ROUND)
    assert figures.city.question("L4") == without.city.question("L4")


# --- Under ten answers -------------------------------------------------------------------------------

OVER_THE_YEARS = (
    *(Ask(f"L{n}", essential=n == 2) for n in range(1, 8)),
    Ask("L8", last="2020", essential=True),
    Ask("L9", first=ROUND, essential=True),
    Ask("U1", 2),
    Ask("U2", 2),
)
"""Seven of the eight questions of area 1 are the same in both rounds."""

SPLIT = (
    *(Ask(f"L{n}") for n in range(1, 8)),
    Ask("L8", last="2020"),
    Ask("L8a", first=ROUND, like="L8"),
    Ask("L8b", first=ROUND, like="L8", essential=True),
)
"""A question that became two, both comparable with what it was: nine where there were eight."""


def _two_ways(persons: int, questions: int, in_area_1: int) -> tuple[Levels, Levels]:
    """The same areas, person by person, but not the same questions."""
    one = mixed(persons, 11, questions)
    return one, [row[:in_area_1][::-1] + row[in_area_1:] for row in one]


@pytest.mark.parametrize("persons", [5, 9])
@pytest.mark.parametrize(("bank", "in_area_1"), [(OVER_THE_YEARS, 8), (SPLIT, 9)])
def test_under_ten_answers_no_question_leaves_a_trace(
    bank: tuple[Ask, ...], in_area_1: int, persons: int
) -> None:
    asked = {name: sum(ask.asked_in(name) for ask in bank) for name in ("2020", ROUND)}
    shown = {name: {code: mixed(20, 5, asked[name]) for code in (A, B, C)} for name in asked}
    low, high = (
        Town(
            {"2020": shown["2020"] | {D: mixed(persons, 3, asked["2020"])}, ROUND: shown[ROUND] | {D: now}},
            bank,
        )
        for now in _two_ways(persons, asked[ROUND], in_area_1)
    )
    assert told_apart(low.register(), high.register()) == []


def test_from_ten_answers_on_questions_show() -> None:
    one, other = (Town({ROUND: usual(D=rows)}).register() for rows in _two_ways(10, 7, 4))
    assert f"figures {ROUND}" in told_apart(one, other)


@pytest.mark.parametrize("bank", [OVER_THE_YEARS, SPLIT])
def test_no_question_can_be_solved_from_two_levels_on_nearly_the_same_questions(
    bank: tuple[Ask, ...],
) -> None:
    """With all questions answered, k levels' mean on k − 1 of them and on all k give the last one."""
    asked = {name: [ask.id for ask in bank if ask.asked_in(name)] for name in ("2020", ROUND)}
    now = mixed(9, 3, len(asked[ROUND]))
    town = Town(
        {name: {A: mixed(20, 1, len(asked[name])), D: mixed(9, 2, len(asked[name]))} for name in asked}
        | {ROUND: {A: mixed(20, 1, len(asked[ROUND])), D: now}},
        bank,
    )
    register = town.register()
    published = area_level(register, D, 1)
    for _, segments in histories(register)[:1]:
        for segment in segments:
            told = segment.levels.get(ROUND, {}).get(SchoolCode(D))
            assert told is None or told.mean == pytest.approx(published, abs=1e-12)


# --- Schools that have become one --------------------------------------------------------------------


def test_a_part_of_a_school_is_not_what_is_left_when_the_other_parts_are_taken_away() -> None:
    """D, with four persons in area 2, and C have become E; the sum of both less C would be D."""
    low, high = (
        Town(
            {"2020": usual(D=_four_in_area_2(level)), ROUND: {A: mixed(9, 1), E: mixed(30, 2)}},
            became={C: E, D: E},
        )
        for level in (1, 4)
    )
    one, other = low.register(), high.register()
    assert told_apart(one, other) == []
    level = _history(one, E, 2)["2020"]
    alone = round_figures(one, "2020").school(SchoolCode(C)).area(2)  # type: ignore[union-attr]
    assert alone is not None
    assert (level.mean, level.n) == (pytest.approx(alone.level), 22)


def test_parts_with_enough_persons_are_counted_as_one() -> None:
    town = Town({"2020": usual(D=mixed(12, 7)), ROUND: {E: mixed(30, 2)}}, became={C: E, D: E})
    assert _history(town.register(), E, 2)["2020"].n == 22 + 12


@pytest.mark.parametrize("questions_of_d", [[0], [0, 1, 2]])
def test_a_part_with_a_hidden_question_does_not_weigh_in_the_change_of_it(questions_of_d: list[int]) -> None:
    few = blank(mixed(14, 7), range(4, 14), questions_of_d)
    town = Town({"2020": usual(D=few), ROUND: {A: mixed(12, 1), E: mixed(30, 2)}}, became={C: E, D: E})
    register = town.register()
    change = comparing.question_changes(register, "2020", ROUND)["L1"][SchoolCode(E)]
    alone = round_figures(register, "2020").school(SchoolCode(C)).question("L1")  # type: ignore[union-attr]
    assert alone is not None
    assert (change.before.mean, change.before.n) == (pytest.approx(alone.mean), alone.n)


@pytest.mark.parametrize("became", [{D: E}, {C: D, D: E}, {D: E, E: D}])
def test_a_hidden_school_stays_hidden_under_its_new_code(became: dict[str, str]) -> None:
    low, high = (
        Town({"2020": usual(D=make(4)), ROUND: {**usual(), E: mixed(30, 2)}}, became=became).register()
        for make in HIDDEN_PAIR
    )
    assert told_apart(low, high) == []


def _history(register: Register, school: str, area: int) -> Any:
    segments = dict(school_histories(register, SchoolCode(school)))[register.areas[area - 1]]
    return {name: segment.levels[name][SchoolCode(school)] for segment in segments for name in segment.rounds}
