"""One school's page: its figures beside the city's, where colleagues differ, and who may open it."""

import pytest

from services.domain.figures import QuestionFigure
from services.domain.process import Standing
from services.domain.question import Question
from services.errors import NotPermitted, UnknownChoice
from services.profile import Profile, QuestionBeside, profile, school_histories, standing_of
from tests.people import (
    BJORKSKOLAN,
    EKSKOLAN,
    RONNBARSSKOLAN,
    TODAY,
    a_register,
    a_round,
    a_school,
    an_answer,
    answers,
    visitor,
)


def everyone(level: int, count: int = 16, school: str = EKSKOLAN) -> list:
    return answers(count, school, L=level, U=level)


TOWN = [*everyone(3), *everyone(2, 16, BJORKSKOLAN), *everyone(4, 16, RONNBARSSKOLAN)]


def page(answered=TOWN, who: str = "Petra", school: str = EKSKOLAN, **how) -> Profile:
    return profile(a_register(answered, **how), visitor(who), "2021", school)


@pytest.mark.parametrize(
    ("who", "school", "may"),
    [
        ("Petra", EKSKOLAN, True),
        ("Petra", BJORKSKOLAN, False),
        ("Per", BJORKSKOLAN, True),
        ("Per", EKSKOLAN, False),
        ("Siri", EKSKOLAN, False),
        ("Nils", EKSKOLAN, False),
        ("Rut", EKSKOLAN, True),
    ],
)
def test_a_principal_sees_her_own_school_and_no_other(who: str, school: str, may: bool) -> None:
    if may:
        assert page(who=who, school=school).school == school
    else:
        with pytest.raises(NotPermitted, match="Du har inte behörighet till den skolan"):
            page(who=who, school=school)


def test_a_school_that_is_not_there_is_not_permitted_rather_than_unknown() -> None:
    with pytest.raises(NotPermitted):
        page(school="99999999")


def test_a_school_that_takes_no_part_in_the_round_is_said_by_name() -> None:
    with pytest.raises(UnknownChoice, match="Ekskolan är inte med i omgång 2021"):
        page(staff={BJORKSKOLAN: 20})


def test_a_school_stands_beside_the_city() -> None:
    found = page()

    assert (found.name, found.figures.n) == ("Ekskolan", 16)
    assert [(one.area.number, one.school.level, one.city.level_staff) for one in found.areas] == [
        (1, 3.0, 3.0),
        (2, 3.0, 3.0),
    ]
    assert len(found.questions) == 8


def test_where_the_citys_figure_would_tell_of_the_one_other_school_it_is_left_out() -> None:
    two = [*everyone(3), *everyone(2, 16, BJORKSKOLAN)]

    assert {one.city for one in page(two).areas} == {None}
    assert {one.city for one in page(two).questions} == {None}
    assert {one.city is None for one in page(two, who="Unni").areas} == {False}


def test_a_level_has_an_interval_as_wide_as_its_error() -> None:
    found = page([*answers(8, L=2, U=3), *answers(8, L=3, U=3), *TOWN[16:]])

    leadership, tools = (one.interval for one in found.areas)
    # s² = 16 · 0.5²/15, SE = √(s²/16 · (1 − 16/20)) = 0.0577, t(0.95, 15) = 1.7531
    assert (leadership.low, leadership.high) == pytest.approx((2.5 - 0.10122, 2.5 + 0.10122), abs=1e-4)
    assert (tools.low, tools.high) == (3.0, 3.0)


def test_a_school_with_few_answers_has_areas_only_and_one_with_too_few_has_nothing() -> None:
    few, too_few = page(everyone(3, 9)), page(everyone(3, 4))

    assert (len(few.areas), few.questions, few.strongest(), few.weakest()) == (2, (), (), ())
    assert (too_few.areas, too_few.questions) == ((), ())


@pytest.mark.parametrize(("n", "in_steps"), [(10, True), (19, True), (20, False)])
def test_under_twenty_answers_percentages_are_drawn_in_steps(n: int, in_steps: bool) -> None:
    assert page(everyone(3, n)).in_steps is in_steps


def test_what_is_strong_and_what_is_weak() -> None:
    found = page([an_answer(L1=1, L2=4, L3=2, L4=3)] * 12)

    assert [one.question.id for one in found.strongest(2)] == ["L2", "L4"]
    assert [one.question.id for one in found.weakest(2)] == ["L1", "L3"]
    assert len(found.strongest(9)) == 4  # nobody answered the second area


def test_colleagues_who_see_it_differently_are_told_of_the_widest_first() -> None:
    rows = [*answers(6, L1=1, L2=3, L3=2, L4=2), *answers(6, L1=4, L2=3, L3=4, L4=3)]

    found = page(rows).disagreements()

    # L1: half at 1 and half at 4, 1.5 apart from the mean; L3: 2 and 4, so 1; L4: 0.5, and no two peaks.
    assert [(one.question.id, one.spread) for one in found] == [("L1", 1.5), ("L3", 1.0)]


@pytest.mark.parametrize(
    ("shares", "two_peaks"),
    [
        ((0.5, 0.0, 0.5, 0.0), True),
        ((0.0, 0.25, 0.12, 0.63), True),
        ((0.0, 0.25, 0.125, 0.625), False),  # half as many between is not fewer than half
        ((0.4, 0.1, 0.1, 0.4), True),
        ((0.24, 0.0, 0.76, 0.0), False),  # the lower gathers under a quarter
        ((0.0, 0.5, 0.5, 0.0), False),
        ((0.25, 0.25, 0.25, 0.25), False),
        (None, False),
    ],
)
def test_two_peaks_are_two_levels_with_clearly_fewer_between(shares, two_peaks: bool) -> None:
    mean = sum(share * level for level, share in enumerate(shares, 1)) if shares else None

    found = QuestionBeside(Question("L1", 1, ""), QuestionFigure("L1", 20, mean, 0.1, shares, 0.0), None)

    assert found.has_two_peaks is two_peaks


def test_where_a_school_stands_is_told_to_those_who_may_see_it() -> None:
    register = a_register(everyone(3))

    assert standing_of(register, visitor("Petra"), "2021", EKSKOLAN, TODAY).standing is Standing.CANDIDATE
    assert standing_of(register, visitor("Per"), "2021", EKSKOLAN, TODAY) is None


def test_without_rules_nobody_stands_anywhere() -> None:
    register = a_register(everyone(3), rounds=[a_round() | {"Regelversion": None}])

    assert standing_of(register, visitor("Petra"), "2021", EKSKOLAN, TODAY) is None


def test_the_years_of_a_school_are_found_under_its_old_code_and_its_new() -> None:
    schools = [a_school(), a_school(BJORKSKOLAN) | {"Ersatt av": EKSKOLAN}]
    register = a_register(
        {"2020": everyone(2, school=BJORKSKOLAN), "2021": answers(16, L=3)}, schools=schools
    )

    (leadership, tools) = school_histories(register, BJORKSKOLAN)

    assert [area.number for area, _ in (leadership, tools)] == [1, 2]
    (segment,) = leadership[1]
    assert [segment.levels[name][EKSKOLAN].mean for name in ("2020", "2021")] == [2.0, 3.0]
    assert school_histories(register, EKSKOLAN) == (leadership, tools)


def test_an_area_in_which_the_school_never_had_a_level_is_left_out() -> None:
    found = school_histories(a_register([*answers(16, L=3), *TOWN[16:]]), EKSKOLAN)

    assert [area.number for area, _ in found] == [1]
