"""The form: the questions of the round and no others, and what may be an answer to them."""

import pytest

from services.answering.form import Form, Step, form_of
from services.domain.question import Area, Question
from tests.people import a_question, a_register, a_round

LEADING = Step(Area(1, "Ledarskap"), tuple(Question(f"L{n}", 1, "x") for n in range(1, 5)))
TEACHING = Step(Area(2, "Undervisning"), tuple(Question(f"U{n}", 2, "x") for n in range(1, 4)))
FORM = Form((LEADING, TEACHING))


def test_a_round_asks_its_own_questions_area_by_area_in_the_order_of_the_bank() -> None:
    questions = [a_question("U2"), a_question("L1"), a_question("U1"), a_question("L9", since="2023")]
    register = a_register(rounds=[a_round("2022", "Öppen")], questions=questions)

    steps = form_of(register, "2022").steps

    assert [(step.area.number, [one.id for one in step.questions]) for step in steps] == [
        (1, ["L1"]),
        (2, ["U2", "U1"]),
    ]


def test_a_question_without_an_area_is_not_asked() -> None:
    register = a_register(questions=[a_question("L1"), {**a_question("L2"), "Delområde": "tre"}])

    assert [one.id for one in form_of(register, "2021").questions] == ["L1"]


@pytest.mark.parametrize("forged", [5, -1, 99, 2.0, "2", "", None, True, False, [2], {"a": 1}, 10**30])
def test_what_is_no_level_is_no_answer(forged: object) -> None:
    assert FORM.valid({"L1": forged, "L2": 4, "U1": 0}) == {"L2": 4, "U1": 0}


def test_an_answer_to_something_that_is_not_asked_is_none() -> None:
    assert FORM.valid({"K1": 3, "Nyckel": 2, "": 1, "L1": 1}) == {"L1": 1}


def test_kan_inte_bedoma_is_an_answer_to_the_question_and_no_level_in_the_area() -> None:
    levels = {"L1": 0, "L2": 0, "L3": 3}

    assert LEADING.answered(levels) == FORM.answered(levels) == 3
    assert not LEADING.counts(levels)
    assert LEADING.counts({**levels, "L4": 1})
    assert FORM.is_empty({"L1": 0, "U3": 0}) and not FORM.is_empty(levels)


def test_half_of_an_odd_number_of_questions_is_rounded_up() -> None:
    assert not TEACHING.counts({"U1": 2})
    assert TEACHING.counts({"U1": 2, "U3": 2})


def test_she_goes_on_where_the_first_question_is_left() -> None:
    leading = dict.fromkeys(("L1", "L2", "L3", "L4"), 0)

    assert FORM.first_open({}) == FORM.first_open({"U1": 1, "U2": 1, "U3": 1}) == 0
    assert FORM.first_open(leading) == 1
    assert FORM.first_open({**leading, "U1": 1, "U2": 1, "U3": 1}) == 1, "the last, where all is done"
