"""What may be shown: nothing while a round is open, no small groups, and nothing to subtract."""

import math
from statistics import fmean, stdev

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.domain.figures import RoundFigures
from services.errors import UnknownChoice
from services.publishing import round_figures
from services.register import Register
from tests.people import (
    BJORKSKOLAN,
    EKSKOLAN,
    RONNBARSSKOLAN,
    a_part,
    a_register,
    a_round,
    an_answer,
    answers,
)

IDS = {1: ["L1", "L2", "L3", "L4"], 2: ["U1", "U2", "U3", "U4"]}


def figures(*answered, **how) -> RoundFigures:
    return round_figures(a_register(*answered, **how), "2021")


def everyone(level: int, count: int = 20, school: str = EKSKOLAN) -> list:
    return answers(count, school, L=level, U=level)


@pytest.mark.parametrize("status", ["Planerad", "Öppen", "Stängd", "", "Klar"])
def test_until_a_round_is_published_nothing_is_shown_but_how_many_have_answered(status: str) -> None:
    found = figures(everyone(3), rounds=[a_round(status=status)])

    assert not any(school.shown for school in found.schools)
    assert all(school.areas == school.questions == () for school in found.schools)
    assert (found.city.shown, found.city.left_out, found.city.questions) == (0, 3, ())
    assert {
        (area.schools, area.level_staff, area.level_school, area.spread) for area in found.city.areas
    } == {(0, None, None, None)}


def test_while_a_round_is_open_those_in_the_inbox_have_answered() -> None:
    found = figures(
        {}, rounds=[a_round(status="Öppen")], taking_part=[EKSKOLAN, EKSKOLAN, BJORKSKOLAN], staff=37
    )

    assert [(school.n, school.staff) for school in found.schools] == [(2, 37), (1, 37), (0, 37)]


def test_a_round_that_is_closed_but_not_published_tells_how_many_answered() -> None:
    found = figures(everyone(3, 23), rounds=[a_round(status="Stängd")], staff=20)

    assert [(school.n, school.staff) for school in found.schools] == [(23, 23), (0, 20), (0, 20)]


@pytest.mark.parametrize(
    ("least", "n", "shown"),
    [(5, 4, False), (5, 5, True), (8, 7, False), (8, 8, True), (3, 4, False), (3, 5, True), ("", 4, False)],
)
def test_a_school_is_shown_from_the_rounds_least_number_and_never_under_five(least, n, shown) -> None:
    found = figures(everyone(3, n), rounds=[a_round(least=least)])

    assert [school.shown for school in found.schools] == [shown, False, False]
    assert bool(found.schools[0].areas) is shown
    assert (found.city.shown, found.city.left_out) == (int(shown), 3 - int(shown))


def test_an_area_with_fewer_persons_than_the_least_has_no_figure_in_a_school_that_has() -> None:
    found = figures([*answers(4, L=3, U=3), *answers(8, L=2)])

    leadership, tools = found.schools[0].areas
    assert (leadership.n, leadership.level) == (12, pytest.approx((4 * 3 + 8 * 2) / 12))
    assert (tools.n, tools.level, tools.se, tools.share_secure) == (4, None, None, None)
    assert found.city.area(2).level_staff is None


@pytest.mark.parametrize(("n", "questions"), [(5, 0), (9, 0), (10, 8), (20, 8)])
def test_single_questions_are_shown_from_ten_answers_on(n: int, questions: int) -> None:
    found = figures(everyone(3, n))

    assert len(found.schools[0].areas) == 2
    assert len(found.schools[0].questions) == questions


def test_a_question_few_have_answered_has_no_figure_though_the_school_has_many_answers() -> None:
    found = figures([*answers(4, L=3), *answers(16, L1=2, L2=2, L3=2)])

    asked = found.schools[0].question("L4")
    assert (asked.n, asked.mean, asked.se, asked.shares, asked.unable) == (4, None, None, None, None)
    assert found.city.question("L4").mean is None
    assert found.schools[0].question("L1").n == 20


def test_a_question_tells_its_shares_and_how_many_could_not_tell() -> None:
    rows = [*answers(6, L1=2, L2=3), *answers(3, L1=3, L2=3), *answers(3, L2=3)]

    asked = figures(rows).schools[0].question("L1")

    # Nine gave L1 a level, six of them 2; three of twelve could not tell.
    assert asked.shares == pytest.approx((0, 6 / 9, 3 / 9, 0))
    assert (asked.n, asked.unable) == (9, 3 / 12)


def test_the_city_is_told_as_the_average_member_of_staff_and_as_the_average_school() -> None:
    rows = [*everyone(2, 10), *everyone(4, 10, BJORKSKOLAN)]

    area = figures(rows, staff={EKSKOLAN: 30, BJORKSKOLAN: 10}).city.area(1)

    assert area.level_staff == pytest.approx((30 * 2 + 10 * 4) / 40)
    assert area.level_school == 3.0
    assert area.schools == 2
    assert area.spread == pytest.approx(math.sqrt(2))  # 2 and 4, n − 1
    assert (area.low, area.high) == pytest.approx((2.2, 3.8))  # a tenth of the way in from each end


def test_a_school_whose_staff_is_unknown_weighs_nothing_but_is_a_school() -> None:
    rows = [*everyone(2, 10), *everyone(4, 10, BJORKSKOLAN)]

    city = figures(rows, staff={EKSKOLAN: 30, BJORKSKOLAN: "många"}).city

    assert (city.area(1).level_staff, city.area(1).level_school) == (2.0, 3.0)
    assert city.question("L1").mean == 2.0


def test_a_school_with_too_few_answers_for_questions_is_in_no_question_of_the_city() -> None:
    city = figures([*everyone(2, 10), *everyone(4, 9, BJORKSKOLAN)]).city

    assert city.area(1).level_staff == 3.0
    assert (city.question("L1").n, city.question("L1").mean) == (10, 2.0)


def test_the_citys_question_weighs_every_school_by_its_staff() -> None:
    rows = [*everyone(2, 10), *everyone(4, 20, BJORKSKOLAN)]

    asked = figures(rows, staff={EKSKOLAN: 30, BJORKSKOLAN: 20}).city.question("U1")

    assert asked.mean == pytest.approx((30 * 2 + 20 * 4) / 50)
    assert asked.shares == pytest.approx((0, 0.6, 0, 0.4))
    assert asked.n == 30


def test_figures_are_computed_once_for_a_register_and_again_for_the_next() -> None:
    one, other = a_register(everyone(3)), a_register(everyone(3))

    assert round_figures(one, "2021") is round_figures(one, "2021")
    assert round_figures(one, "2021") is not round_figures(other, "2021")
    assert round_figures(one, "2021") == round_figures(other, "2021")


def test_a_round_that_does_not_exist_is_said_with_those_that_do() -> None:
    with pytest.raises(UnknownChoice, match=r"Omgången 2017 finns inte. De som finns: 2021\."):
        round_figures(a_register(), "2017")


def test_schools_stand_in_code_order_and_never_by_level() -> None:
    rows = [*everyone(1, school=EKSKOLAN), *everyone(4, school=RONNBARSSKOLAN)]
    parts = [a_part(RONNBARSSKOLAN), a_part(BJORKSKOLAN), a_part(EKSKOLAN)]

    found = figures(rows, parts=parts)

    assert [school.school for school in found.schools] == [EKSKOLAN, BJORKSKOLAN, RONNBARSSKOLAN]


LEVEL = st.sampled_from([None, 1, 2, 3, 3, 4])
SCHOOL = st.sampled_from([EKSKOLAN, EKSKOLAN, BJORKSKOLAN, RONNBARSSKOLAN])
PERSONS = st.lists(
    st.tuples(SCHOOL, st.lists(LEVEL, min_size=8, max_size=8)).map(
        lambda one: an_answer(one[0], **dict(zip(IDS[1] + IDS[2], one[1], strict=True)))
    ),
    min_size=20,
    max_size=60,
)
LEAST = st.integers(5, 8)


def near(value: float | None):
    return None if value is None else pytest.approx(value, abs=1e-9)


@given(PERSONS, LEAST, st.integers(15, 40))
@settings(max_examples=60)
def test_every_published_area_is_what_a_naive_calculation_gives(rows, least, staff) -> None:
    found = figures(rows, staff=staff, rounds=[a_round(least=least)])
    city: dict[int, list[tuple[int, float]]] = {1: [], 2: []}

    for school in found.schools:
        mine = [row for row in rows if row["Skolenhetskod"] == school.school]
        mine = [row for row in mine if any(row[id_] for ids in IDS.values() for id_ in ids)]
        n, everyone_there = len(mine), max(staff, len(mine))
        assert (school.n, school.staff, school.shown) == (n, everyone_there, n >= least)
        assert len(school.areas) == (2 if n >= least else 0)
        for area in school.areas:
            given_ = [[row[id_] for id_ in IDS[area.area] if row[id_]] for row in mine]
            persons = [fmean(levels) for levels in given_ if len(levels) >= 2]
            assert area.n == len(persons)
            if len(persons) < least:
                assert (area.level, area.se, area.share_secure) == (None, None, None)
                continue
            error = stdev(persons) / math.sqrt(len(persons)) * math.sqrt(1 - len(persons) / everyone_there)
            flat = [level for levels in given_ for level in levels]
            assert (area.level, area.se) == (near(fmean(persons)), near(error))
            assert area.share_secure == near(sum(level >= 3 for level in flat) / len(flat))
            city[area.area].append((everyone_there, area.level))

    for area in found.city.areas:
        known = city[area.area]
        weight = sum(count for count, _ in known)
        assert area.schools == len(known)
        assert area.level_staff == near(
            sum(count * level for count, level in known) / weight if known else None
        )
        assert area.level_school == near(fmean(level for _, level in known) if known else None)
        assert area.spread == near(stdev(level for _, level in known) if len(known) > 1 else None)


@given(PERSONS, LEAST)
@settings(max_examples=60)
def test_no_figure_ever_stands_on_fewer_persons_than_the_least(rows, least) -> None:
    found = figures(rows, rounds=[a_round(least=least)])

    for school in found.schools:
        assert school.n >= least or school.areas == school.questions == ()
        assert school.n >= 10 or school.questions == ()
        assert all(
            area.n >= least or area.level is area.se is area.share_secure is None for area in school.areas
        )
        assert all(one.n >= least or one.mean is one.se is one.shares is None for one in school.questions)


@given(PERSONS)
@settings(max_examples=40)
def test_what_a_hidden_school_answered_changes_no_figure_of_the_city(rows) -> None:
    hidden = answers(4, RONNBARSSKOLAN, L=1, U=1)
    others = [row for row in rows if row["Skolenhetskod"] != RONNBARSSKOLAN]

    assert figures([*others, *hidden]).city == figures(others).city


def test_a_register_without_areas_or_schools_has_rounds_without_figures() -> None:
    register: Register = a_register(areas=[], questions=[], schools=[])

    found = round_figures(register, "2021")

    assert (found.schools, found.city.areas, found.city.shown) == ((), (), 0)
