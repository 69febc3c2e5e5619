"""Every rule of the check in a small register of its own, and nothing in a clean one."""

import pytest

from services.checking import all_problems
from services.tables.problems import Rule
from services.workbook.memory import MemoryWorkbook
from tests.people import (
    BJORKSKOLAN,
    EKSKOLAN,
    QUESTIONS,
    RONNBARSSKOLAN,
    RULES,
    a_part,
    a_register,
    a_round,
    a_school,
    a_workbook,
    an_answer,
    answers,
    read,
    register_sheets,
)
from tests.rules_broken import ONE_OF_EACH, spoiled


def found(register) -> list[tuple]:
    return [
        (one.spreadsheet, one.sheet, one.row, one.column, one.header, one.value, one.rule.value)
        for one in all_problems(register)
    ]


def test_a_clean_register_has_no_problem() -> None:
    assert found(a_register(answers(12, L=3, U=3))) == []


def test_every_rule_has_a_register_that_breaks_it() -> None:
    assert set(ONE_OF_EACH) == set(Rule)


@pytest.mark.parametrize("rule", Rule)
def test_a_register_with_one_thing_wrong_has_that_one_problem(rule: Rule) -> None:
    case = ONE_OF_EACH[rule]

    assert found(read(spoiled(case))) == [(*case.place, case.value, rule.value)]


@pytest.mark.parametrize("rule", Rule)
def test_every_problem_comes_with_a_swedish_sentence_that_says_what_to_do(rule: Rule) -> None:
    (problem,) = all_problems(read(spoiled(ONE_OF_EACH[rule])))

    assert problem.advice[0].isupper()
    assert problem.advice.endswith(".")
    assert len(problem.advice.split()) >= 2


def test_all_schools_on_a_cycle_are_told_and_those_that_lead_into_it_are_not() -> None:
    schools = [
        a_school(EKSKOLAN) | {"Ersatt av": BJORKSKOLAN},
        a_school(BJORKSKOLAN) | {"Ersatt av": EKSKOLAN},
        a_school(RONNBARSSKOLAN) | {"Ersatt av": EKSKOLAN},
    ]

    problems = found(a_register(schools=schools))

    assert [(row, value) for _, _, row, _, _, value, _ in problems] == [(2, BJORKSKOLAN), (3, EKSKOLAN)]
    assert {one[-1] for one in problems} == {"reference_cycle"}


@pytest.mark.parametrize(
    ("opens", "overlaps"), [("2021-02-05", True), ("2021-02-06", False), ("2021-01-11", True)]
)
def test_two_rounds_overlap_where_the_later_opens_by_the_last_day_of_the_earlier(opens, overlaps) -> None:
    later = a_round("2022", "Planerad") | {"Öppnar": opens, "Stänger": "2021-03-01"}

    problems = found(a_register(rounds=[a_round(), later]))

    assert [one[2:4] + one[-1:] for one in problems] == ([(3, "B", "overlapping_rounds")] if overlaps else [])


def test_of_two_rounds_the_later_is_told_whichever_stands_first_in_the_sheet() -> None:
    later = a_round("2022", "Planerad") | {"Öppnar": "2021-02-01"}

    problems = found(a_register(rounds=[later, a_round()]))

    assert [(one[2], one[-1]) for one in problems] == [(2, "overlapping_rounds")]


def test_a_round_that_closes_before_it_opens_overlaps_nothing() -> None:
    turned = a_round("2022", "Planerad") | {"Öppnar": "2021-02-01", "Stänger": "2021-01-01"}

    problems = found(a_register(rounds=[a_round(), turned]))

    assert [(one[2], one[4], one[-1]) for one in problems] == [(3, "Stänger", "out_of_range")]


@pytest.mark.parametrize(("n", "is_told"), [(20, False), (21, True)])
def test_only_answers_that_count_are_held_against_the_staff(n: int, is_told: bool) -> None:
    blank = [an_answer()] * 5

    problems = found(a_register([*answers(n, L=3), *blank]))

    assert [(one[1], one[2], one[5], one[6]) for one in problems] == (
        [("Skolans omgång", 2, 20, "more_answers_than_staff")] if is_told else []
    )


def test_answers_of_a_school_that_takes_no_part_are_told_row_by_row() -> None:
    register = a_register([*answers(1, L=3), *answers(2, BJORKSKOLAN, L=3)], staff={EKSKOLAN: 20})

    assert found(register) == [
        ("svar-2021", "Svar", row, "B", "Skolenhetskod", BJORKSKOLAN, "unknown_reference") for row in (3, 4)
    ]
    assert "saknas i Skolans omgång för 2021" in all_problems(register)[0].advice


def test_of_a_doubled_answer_the_first_row_counts() -> None:
    first = an_answer(L=2) | {"Svar": "x"}

    register = a_register([first, an_answer(L=4) | {"Svar": "x"}, an_answer(L=3) | {"Svar": ""}])

    assert [(one[2], one[-1]) for one in found(register)] == [(3, "duplicate_key"), (4, "missing_key")]
    assert register.answers["2021"].levels.tolist() == [[2, 2, 2, 2, 0, 0, 0, 0]]


def test_a_round_whose_answers_are_not_there_is_told_once_and_a_planned_one_is_not() -> None:
    sheets = register_sheets(rounds=[a_round(), a_round("2022", "Planerad")])
    del sheets["svar-2021"]

    assert found(read(MemoryWorkbook(sheets))) == [
        ("svar-2021", "Svar", None, None, None, None, "missing_sheet")
    ]


def test_problems_stand_in_the_order_of_the_sheets_rows_and_columns() -> None:
    register = a_register(
        [an_answer(L1=9, U1=9)],
        schools=[a_school() | {"Personal": "x", "Status": "?"}, a_school(BJORKSKOLAN, "")],
        rules=[RULES[0] | {"Gräns": "x"}],
        parts=[a_part()],
    )

    assert [one[1:4] for one in found(register)] == [
        ("Skolor", 2, "E"),
        ("Skolor", 2, "F"),
        ("Skolor", 3, "B"),
        ("Regler", 2, "E"),
        ("Svar", 2, "C"),
        ("Svar", 2, "G"),
    ]


def test_notes_and_columns_of_peoples_own_are_no_problem() -> None:
    workbook = a_workbook(answers(12, L=3), questions=QUESTIONS)
    workbook.edit("vebs", "Skolor", 1, 12, "Egen kolumn")
    workbook.edit("vebs", "Skolor", 9, 12, "ring rektor")
    workbook.edit("svar-2021", "Svar", 1, 30, "Kommentar")

    assert found(read(workbook)) == []
