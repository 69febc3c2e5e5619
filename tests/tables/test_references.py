"""What takes other rows or tables to know: references that lead somewhere, and keys that stand once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.tables.references import cycles, final_successor
from tests.people import BJORKSKOLAN, EKSKOLAN, RULES, a_part, a_question, a_register, a_rule, a_school


def problems(register) -> list[tuple]:
    return [
        (one.sheet, one.row, one.column, one.header, one.value, one.rule.value) for one in register.problems
    ]


@pytest.mark.parametrize(
    "area",
    [2, 2.0, "2", "Digitala verktyg i undervisningen", " digitala VERKTYG i undervisningen "],
)
def test_an_area_is_referred_to_by_its_number_or_its_name(area) -> None:
    register = a_register(questions=[a_question("L1") | {"Delområde": area}])

    assert [question.area for question in register.questions] == [2]
    assert register.problems == ()


@pytest.mark.parametrize("area", [3, "Digitala verktyg", 2.5, True])
def test_an_area_that_is_not_there_is_blank_and_told(area) -> None:
    register = a_register(questions=[a_question("L1") | {"Delområde": area}])

    assert [question.area for question in register.questions] == [None]
    assert problems(register) == [("Frågor", 2, "B", "Delområde", area, "unknown_reference")]


def test_of_two_areas_with_one_name_the_first_is_meant() -> None:
    areas = [{"Nr": 1, "Delområde": "Kultur"}, {"Nr": 2, "Delområde": "Kultur"}]

    register = a_register(areas=areas, questions=[a_question("L1") | {"Delområde": "Kultur"}])

    assert [question.area for question in register.questions] == [1]


def test_a_word_beside_the_references_is_no_reference() -> None:
    register = a_register(rules=[a_rule(1, "Medelnivå", 3, "alla"), a_rule(2, "Medelnivå", 3, 2)])

    assert [criterion.area for criterion in register.criteria["2021"]] == [None, 2]
    assert register.problems == ()


def test_a_row_whose_key_leads_nowhere_is_left_out() -> None:
    register = a_register(parts=[a_part(EKSKOLAN), a_part("99999999"), a_part(EKSKOLAN, round_="2018")])

    assert list(register.school_rounds) == ["2021"]
    assert list(register.school_rounds["2021"]) == [EKSKOLAN]
    assert problems(register) == [
        ("Skolans omgång", 4, "A", "Omgång", "2018", "unknown_reference"),
        ("Skolans omgång", 3, "B", "Skolenhetskod", "99999999", "unknown_reference"),
    ]


def test_a_reference_to_a_row_without_a_good_key_leads_nowhere() -> None:
    register = a_register(schools=[a_school("12", "Slarvskolan")], parts=[a_part("12")])

    assert register.school_rounds == {}
    assert [one[5] for one in problems(register)] == ["wrong_type", "unknown_reference"]


def test_of_a_doubled_key_the_first_row_counts_and_the_others_say_which() -> None:
    register = a_register(schools=[a_school(), a_school(BJORKSKOLAN, "Björkskolan"), a_school(name="Igen")])

    assert [school.name for school in register.schools.values()] == ["Ekskolan", "Björkskolan"]
    assert problems(register) == [("Skolor", 4, "A", "Skolenhetskod", EKSKOLAN, "duplicate_key")]
    assert "står redan på rad 2" in register.problems[0].advice


def test_a_key_of_two_columns_is_doubled_only_where_both_are_the_same() -> None:
    register = a_register(
        rules=[*RULES, a_rule(1, "Antal svar", 5), a_rule(1, "Antal svar", 5, version="2022")]
    )

    assert [len(criteria) for criteria in register.criteria.values()] == [3, 1]
    assert problems(register) == [("Regler", 5, "A", "Regelversion", "2021 · 1", "duplicate_key")]


def test_permissions_without_a_school_are_the_same_where_role_and_address_are() -> None:
    row = {"E-post": "unni@example.se", "Roll": "Enheten"}

    register = a_register(permissions=[row, row | {"E-post": "UNNI@example.se"}])

    assert len(register.permissions) == 1
    assert [one[5] for one in problems(register)] == ["duplicate_key"]


def test_a_rounds_rules_must_be_there() -> None:
    register = a_register(rules=[a_rule(1, "Medelnivå", 3, version="2022")])

    assert register.round("2021").rules_version is None
    assert problems(register) == [("Omgångar", 2, "E", "Regelversion", "2021", "unknown_reference")]


def test_a_new_wording_points_to_a_question_of_the_same_sheet() -> None:
    joined = a_question("L2") | {"Jämförbar med": "L1"}
    astray = a_question("L3") | {"Jämförbar med": "l1"}

    register = a_register(questions=[joined, a_question("L1"), astray])

    assert [question.comparable_with for question in register.questions] == ["L1", None, None]
    assert problems(register) == [("Frågor", 4, "M", "Jämförbar med", "l1", "unknown_reference")]


def test_a_chain_of_successors_ends_in_the_school_of_today() -> None:
    assert final_successor("a", {"a": "b", "b": "c"}) == "c"
    assert final_successor("c", {"a": "b", "b": "c"}) == "c"


def test_schools_that_replace_each_other_are_on_a_cycle_and_those_before_them_are_not() -> None:
    successors = {"a": "b", "b": "c", "c": "b", "d": "d"}

    assert cycles(successors) == {"b", "c", "d"}
    assert [final_successor(one, successors) for one in "abcd"] == ["a", "b", "c", "d"]


@given(st.dictionaries(st.integers(0, 9).map(str), st.integers(0, 9).map(str)))
def test_following_successors_always_ends(successors) -> None:
    turning = cycles(successors)
    for start in map(str, range(10)):
        end = final_successor(start, successors)
        assert end not in successors or end == start
        assert start not in turning or end == start
