"""The whole city in one round: key figures, rows by name, and what has changed."""

import pytest

from services.overview import (
    KeyFigures,
    area_changes,
    area_shares,
    histories,
    key_figures,
    question_rows,
    school_rows,
)
from services.publishing import round_figures
from tests.people import (
    BJORKSKOLAN,
    EKSKOLAN,
    QUESTIONS,
    RONNBARSSKOLAN,
    TODAY,
    a_register,
    a_round,
    a_school,
    an_answer,
    an_application,
    answers,
    visitor,
)


def everyone(level: int, count: int = 16, school: str = EKSKOLAN) -> list:
    return answers(count, school, L=level, U=level)


TOWN = [*everyone(4), *everyone(2, 12, BJORKSKOLAN), *everyone(4, 4, RONNBARSSKOLAN)]


def test_the_round_in_six_numbers() -> None:
    applications = [an_application(EKSKOLAN), an_application(BJORKSKOLAN, "Antagen")]

    found = key_figures(a_register(TOWN, applications=applications), visitor("Unni"), "2021", TODAY)

    # 16 + 12 + 4 have answered of three times 20; only Ekskolan has the level and the answers.
    assert found == KeyFigures(3, 32, pytest.approx(32 / 60), candidates=1, applicants=2, certified=0)


def test_schools_whose_staff_is_unknown_are_not_in_the_response_rate() -> None:
    register = a_register(TOWN, staff={EKSKOLAN: 20, BJORKSKOLAN: None, RONNBARSSKOLAN: 20})

    found = key_figures(register, visitor("Unni"), "2021", TODAY)

    assert (found.answers, found.response_rate) == (32, pytest.approx(20 / 40))


def test_where_there_are_no_rules_nobody_is_a_candidate_and_the_rest_is_told() -> None:
    register = a_register(TOWN, rounds=[a_round() | {"Regelversion": None}])

    found = key_figures(register, visitor("Unni"), "2021", TODAY)

    assert (found.schools, found.answers, found.candidates, found.applicants) == (3, 32, 0, 0)


def test_a_city_without_schools_has_no_response_rate() -> None:
    found = key_figures(a_register(schools=[]), visitor("Unni"), "2021", TODAY)

    assert found == KeyFigures(0, 0, None, 0, 0, 0)


def test_schools_are_listed_by_name_and_never_by_level() -> None:
    schools = [
        a_school(EKSKOLAN, "örnskolan"),
        a_school(BJORKSKOLAN, "Askskolan"),
        a_school(RONNBARSSKOLAN, ""),
    ]

    rows = school_rows(a_register(TOWN, schools=schools), visitor("Unni"), "2021")

    # A school without a name is listed under its code.
    assert [row.name for row in rows] == [RONNBARSSKOLAN, "Askskolan", "örnskolan"]


def test_a_school_that_may_not_be_shown_is_listed_without_areas() -> None:
    rows = {row.school: row for row in school_rows(a_register(TOWN), visitor("Unni"), "2021")}

    assert (rows[RONNBARSSKOLAN].n, rows[RONNBARSSKOLAN].response_rate) == (4, 0.2)
    assert rows[RONNBARSSKOLAN].areas == ()
    assert [area.level for area in rows[BJORKSKOLAN].areas] == [2.0, 2.0]


@pytest.mark.parametrize(("who", "count"), [("Rut", 3), ("Petra", 1), ("Per", 2), ("Siri", 0), ("Nils", 0)])
def test_a_visitor_is_given_the_rows_of_her_schools(who: str, count: int) -> None:
    assert len(school_rows(a_register(TOWN), visitor(who), "2021")) == count


def test_an_area_that_rose_is_told_and_one_that_stood_still_is_not() -> None:
    before = [*answers(8, L=2, U=3), *answers(8, L=2, U=2)]
    after = [*answers(8, L=3, U=3), *answers(8, L=4, U=2)]

    found = area_changes(a_register({"2020": before, "2021": after}), "2021", EKSKOLAN)

    assert [(one.area, one.change.difference, one.told) for one in found] == [(1, 1.5, True), (2, 0.0, False)]
    assert [(one.common, one.asked) for one in found] == [(4, 4), (4, 4)]


def test_the_citys_changes_are_told_where_no_school_is_named() -> None:
    rounds = {"2020": everyone(2, 20), "2021": [*everyone(3, 20), *everyone(3, 20, BJORKSKOLAN)]}

    found = area_changes(a_register(rounds), "2021")

    assert [(one.change.before.mean, one.change.after.mean, one.told) for one in found] == [
        (2.0, 3.0, True)
    ] * 2


@pytest.mark.parametrize("rounds", [[a_round()], [a_round("2020"), a_round(status="Stängd")]])
def test_without_two_published_rounds_there_is_no_change(rounds) -> None:
    answered = {str(one["Omgång"]): everyone(3) for one in rounds}

    assert area_changes(a_register(answered, rounds=rounds), "2021") == ()


def test_an_areas_answers_are_spread_over_the_levels() -> None:
    found = round_figures(a_register([*everyone(4, 12), *everyone(2, 12, BJORKSKOLAN)]), "2021")

    assert area_shares(found, 1) == pytest.approx((0, 0.5, 0, 0.5))


def test_an_area_nobody_may_be_shown_in_has_no_spread() -> None:
    assert area_shares(round_figures(a_register(everyone(4, 9)), "2021"), 1) is None


def test_questions_stand_from_lowest_to_highest_and_those_without_a_figure_last() -> None:
    rows = [an_answer(L1=3, L2=4, L3=2)] * 12

    found = question_rows(a_register(rows), "2021", 1)

    assert [(row.question.id, row.city.mean) for row in found] == [
        ("L3", 2.0),
        ("L1", 3.0),
        ("L2", 4.0),
        ("L4", None),
    ]


def test_a_question_tells_how_far_schools_differ_and_how_it_changed() -> None:
    rounds = {
        "2020": [*everyone(2, 20), *everyone(2, 20, BJORKSKOLAN)],
        "2021": [*everyone(2, 20), *everyone(4, 20, BJORKSKOLAN)],
    }

    (row, *_) = question_rows(a_register(rounds), "2021", 1)

    assert row.spread == pytest.approx(2**0.5)  # 2 and 4, n − 1
    assert (row.change.difference, row.told) == (1.0, True)


def test_a_question_asked_for_the_first_time_has_no_change() -> None:
    questions = [*QUESTIONS[:3], QUESTIONS[3] | {"Från omgång": "2021"}, *QUESTIONS[4:]]
    register = a_register({"2020": everyone(2), "2021": everyone(3)}, questions=questions)

    found = {row.question.id: row.change for row in question_rows(register, "2021", 1)}

    assert found["L4"] is None
    assert found["L1"].difference == 1.0


def test_every_area_has_its_years() -> None:
    found = histories(a_register({"2020": everyone(2), "2021": everyone(3)}))

    assert [(area.number, [segment.rounds for segment in segments]) for area, segments in found] == [
        (1, [("2020", "2021")]),
        (2, [("2020", "2021")]),
    ]
