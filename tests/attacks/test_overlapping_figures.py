"""Neither the years nor the questions of a small group can be learned from levels that overlap.

The same area in the same round is told on all its questions, and over the years on those that the years
have in common; schools that have become one are told as one. Every such pair of figures is a difference.
"""

from typing import Any

import pytest

from services import comparing
from services.domain.school import SchoolCode
from services.overview import histories
from services.profile import school_histories
from services.publishing import round_figures
from services.register import Register
from tests.attacks.channels import told_apart
from tests.attacks.towns import (
    ROUND,
    A,
    Ask,
    B,
    C,
    D,
    E,
    Levels,
    Town,
    blank,
    few_in_area_2,
    mixed,
    same,
    usual,
)

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


def two_ways(persons: int, questions: int, in_area_1: int) -> tuple[Levels, Levels]:
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
        for now in two_ways(persons, asked[ROUND], in_area_1)
    )
    assert told_apart(low.register(), high.register()) == []


def test_from_ten_answers_on_questions_show() -> None:
    one, other = (Town({ROUND: usual(D=rows)}).register() for rows in two_ways(10, 7, 4))
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
    published = round_figures(register, ROUND).school(SchoolCode(D)).area(1).level
    for _, segments in histories(register)[:1]:
        for segment in segments:
            told = segment.levels.get(ROUND, {}).get(SchoolCode(D))
            assert told is None or told.mean == pytest.approx(published, abs=1e-12)


# --- Schools that have become one --------------------------------------------------------------------


def test_a_part_of_a_school_is_not_what_is_left_when_the_other_parts_are_taken_away() -> None:
    """D, with four persons in area 2, and C have become E; the sum of both less C would be D."""
    low, high = (
        Town(
            {"2020": usual(D=few_in_area_2(level)), ROUND: {A: mixed(9, 1), E: mixed(30, 2)}},
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
        Town({"2020": usual(D=same(4, level)), ROUND: {**usual(), E: mixed(30, 2)}}, became=became).register()
        for level in (1, 4)
    )
    assert told_apart(low, high) == []


def _history(register: Register, school: str, area: int) -> Any:
    segments = dict(school_histories(register, SchoolCode(school)))[register.areas[area - 1]]
    return {name: segment.levels[name][SchoolCode(school)] for segment in segments for name in segment.rounds}
