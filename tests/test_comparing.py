"""The same thing over the years: on the questions both years have, and told only where it holds."""

import pytest

from services.comparing import (
    CITY,
    area_comparisons,
    history,
    previous_round,
    published_rounds,
    question_changes,
    roots_of,
)
from services.statistics import Estimate
from tests.people import (
    BJORKSKOLAN,
    EKSKOLAN,
    QUESTIONS,
    RONNBARSSKOLAN,
    a_question,
    a_register,
    a_round,
    a_school,
    an_answer,
    answers,
)


def leadership(*ids: str, **last: str) -> list:
    """Questions of the first area, some of which are asked until a round only."""
    return [a_question(id_) | {"Till omgång": last.get(id_)} for id_ in ids]


def replaced(old: str, new: str, last: str = "2020", first: str = "2021", *, joined: bool = False) -> list:
    """One question in place of another; joined where the unit says that they may be compared."""
    return [
        a_question(old) | {"Till omgång": last},
        a_question(new, first) | {"Jämförbar med": old if joined else None},
    ]


def test_only_published_rounds_are_compared_oldest_first() -> None:
    rounds = [a_round("2021"), a_round("2019"), a_round("2022", "Öppen"), a_round("2020", "Stängd")]
    register = a_register({name: [] for name in ("2019", "2020", "2021")}, rounds=rounds)

    assert published_rounds(register) == ("2019", "2021")
    assert previous_round(register, "2022") == "2021"
    assert previous_round(register, "2021") == "2019"
    assert previous_round(register, "2019") is None


def test_a_level_is_computed_again_on_the_common_questions_in_both_years() -> None:
    questions = [*leadership("L1", "L2", "L3"), *replaced("L8", "L9")]
    before = answers(12, L1=2, L2=2, L3=2, L8=4)
    after = answers(12, L1=3, L2=3, L3=3, L9=1)

    (area,) = area_comparisons(
        a_register({"2020": before, "2021": after}, questions=questions), "2020", "2021"
    )

    assert (area.area, area.common, area.asked) == (1, 3, 4)
    change = area.changes[EKSKOLAN]
    assert (change.before.mean, change.after.mean, change.difference) == (2.0, 3.0, 1.0)


def test_with_under_six_in_ten_common_the_years_are_not_compared() -> None:
    # Of five questions now, two or three were asked before: 40 % and 60 %.
    for common, compared in ((2, 0), (3, 1)):
        ids = [f"L{number}" for number in range(1, 6)]
        questions = [
            *leadership(*ids[:common]),
            *[one for id_ in ids[common:] for one in replaced(f"{id_}a", id_)],
        ]
        register = a_register(
            {
                "2020": answers(12, **{one["Fråga"]: 2 for one in questions if one["Från omgång"] == "2019"}),
                "2021": answers(12, **dict.fromkeys(ids, 3)),
            },
            questions=questions,
        )

        assert len(area_comparisons(register, "2020", "2021")) == compared
        assert len(history(register, 1)) == (1 if compared else 2)


def test_a_question_joined_to_its_older_wording_is_common() -> None:
    questions = [*leadership("L1"), *replaced("L8", "L9", joined=True)]
    register = a_register(
        {"2020": answers(12, L1=2, L8=2), "2021": answers(12, L1=2, L9=4)}, questions=questions
    )

    (area,) = area_comparisons(register, "2020", "2021")

    assert (area.common, area.asked) == (2, 2)
    assert area.changes[EKSKOLAN].difference == 1.0  # (2 + 4) / 2 − (2 + 2) / 2


def test_wordings_are_joined_through_any_chain_and_a_circle_ends() -> None:
    chain = [
        a_question("L1"),
        a_question("L2") | {"Jämförbar med": "L1"},
        a_question("L3") | {"Jämförbar med": "L2"},
    ]
    circle = [a_question("U1") | {"Jämförbar med": "U2"}, a_question("U2") | {"Jämförbar med": "U1"}]

    roots = roots_of(a_register(questions=[*chain, *circle]))

    assert (roots["L1"], roots["L2"], roots["L3"]) == ("L1", "L1", "L1")
    assert set(roots) == {"L1", "L2", "L3", "U1", "U2"}


@pytest.mark.parametrize(("n", "compared"), [(9, False), (10, True)])
def test_a_school_too_small_for_single_questions_is_compared_only_where_all_are_common(n, compared) -> None:
    questions = [*leadership("L1", "L2", "L3"), *replaced("L8", "L9")]
    rounds = {
        "2020": answers(n, L1=2, L2=2, L3=2, L8=2),
        "2021": answers(n, L1=3, L2=3, L3=3, L9=3),
    }

    (area,) = area_comparisons(a_register(rounds, questions=questions), "2020", "2021")
    (whole,) = area_comparisons(a_register(rounds, questions=leadership("L1", "L2", "L3")), "2020", "2021")

    assert (EKSKOLAN in area.changes) is compared
    assert EKSKOLAN in whole.changes


def test_a_school_that_may_not_be_shown_in_one_year_is_not_compared_and_not_in_the_city() -> None:
    rounds = {
        "2020": [*answers(12, L=2), *answers(4, BJORKSKOLAN, L=4)],
        "2021": [*answers(12, L=3), *answers(12, BJORKSKOLAN, L=4)],
    }

    (area, _) = area_comparisons(a_register(rounds), "2020", "2021")

    assert BJORKSKOLAN not in area.changes
    assert area.changes[CITY].before.mean == 2.0
    assert area.changes[CITY].after.mean == 3.5  # two schools of 20


def test_a_round_that_is_not_published_is_compared_with_nothing() -> None:
    rounds = [a_round("2020"), a_round("2021", "Stängd")]
    register = a_register({"2020": answers(12, L=2), "2021": answers(12, L=3)}, rounds=rounds)

    assert [area.changes for area in area_comparisons(register, "2020", "2021")] == [{}, {}]
    assert question_changes(register, "2020", "2021")["L1"] == {}
    assert [segment.rounds for segment in history(register, 1)] == [("2020",)]


def test_a_school_with_a_new_code_keeps_its_years() -> None:
    schools = [a_school(EKSKOLAN), a_school(RONNBARSSKOLAN) | {"Status": "Upphört", "Ersatt av": EKSKOLAN}]
    rounds = {"2020": answers(12, RONNBARSSKOLAN, L=2), "2021": answers(12, L=3)}

    (area, _) = area_comparisons(a_register(rounds, schools=schools), "2020", "2021")

    assert area.changes.keys() == {EKSKOLAN, CITY}
    assert area.changes[EKSKOLAN].difference == 1.0


def test_the_years_stand_on_one_line_while_enough_questions_are_the_same() -> None:
    questions = [*leadership("L1", "L2", "L3", "L4", L4="2019"), a_question("L5", "2020")]
    rounds = {
        "2019": answers(12, L1=1, L2=1, L3=1, L4=4),
        "2020": answers(12, L1=2, L2=2, L3=2, L5=4),
        "2021": answers(12, L1=3, L2=3, L3=3, L5=4),
    }

    (segment,) = history(a_register(rounds, questions=questions), 1)

    assert (segment.rounds, segment.common, segment.asked) == (("2019", "2020", "2021"), 3, 4)
    assert [segment.levels[name][EKSKOLAN].mean for name in segment.rounds] == [1.0, 2.0, 3.0]


def test_where_too_much_is_new_the_line_is_broken_and_each_piece_has_its_own_questions() -> None:
    questions = [*leadership("L1", "L2", L2="2019"), a_question("L3", "2020"), a_question("L4", "2020")]
    rounds = {
        "2019": answers(12, L1=1, L2=3),
        "2020": answers(12, L1=2, L3=4, L4=3),
        "2021": answers(12, L1=3, L3=4, L4=2),
    }

    older, newer = history(a_register(rounds, questions=questions), 1)

    # One of three questions of 2020 was asked in 2019.
    assert (older.rounds, newer.rounds) == (("2019",), ("2020", "2021"))
    assert older.levels["2019"][EKSKOLAN].mean == 2.0
    assert [newer.levels[name][EKSKOLAN].mean for name in newer.rounds] == [3.0, 3.0]


def test_an_estimate_carries_its_error_and_its_persons() -> None:
    rows = [*answers(8, L=2), *answers(8, L=3)]

    (segment,) = history(a_register(rows, staff={EKSKOLAN: 16}), 1)

    assert segment.levels["2021"][EKSKOLAN] == Estimate(2.5, 0.0, 16)  # all 16 have answered
    assert segment.levels["2021"][CITY] == Estimate(2.5, 0.0, 16)


def test_a_question_changes_in_a_school_and_in_the_city() -> None:
    rounds = {
        "2020": [*answers(12, L=2), *answers(9, BJORKSKOLAN, L=1)],
        "2021": [*answers(12, L=3), *answers(12, BJORKSKOLAN, L=1)],
    }

    found = question_changes(a_register(rounds), "2020", "2021")

    assert set(found) == {one["Fråga"] for one in QUESTIONS}
    assert found["L1"].keys() == {EKSKOLAN, CITY}  # nine answers are too few for single questions
    assert (found["L1"][EKSKOLAN].before.mean, found["L1"][EKSKOLAN].after.mean) == (2.0, 3.0)
    assert (found["L1"][CITY].before.mean, found["L1"][CITY].after.mean) == (2.0, 2.0)
    assert found["U1"] == {}


def test_a_question_few_have_answered_is_not_compared() -> None:
    rounds = {"2020": [*answers(12, L2=2), *[an_answer(L1=2)] * 4], "2021": answers(16, L=3)}

    found = question_changes(a_register(rounds), "2020", "2021")

    assert EKSKOLAN in found["L2"]
    assert found["L1"] == {}
