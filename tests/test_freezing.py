"""A published round is frozen: nobody is found by comparing the figures before and after a late change."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from services.domain.round import Withheld
from services.exporting import results_object
from services.freezing import FrozenRound, followed, freeze, with_frozen
from services.publishing import round_figures
from services.register import Register
from tests.people import (
    BJORKSKOLAN,
    EKSKOLAN,
    QUESTIONS,
    Row,
    a_part,
    a_question,
    a_register,
    a_round,
    an_answer,
    answers,
)

ROUND = "2021"
AS_PUBLISHED = [*answers(12, EKSKOLAN, L=2, U=3), *answers(11, BJORKSKOLAN, L=3, U=3)]


def shown(register: Register, frozen: FrozenRound) -> tuple[object, tuple[Withheld, ...]]:
    """All figures that leave the house, after the frozen round has followed what it may follow."""
    newer, withheld = followed(frozen, register)
    return round_figures(with_frozen(register, {ROUND: newer}), ROUND), withheld


def test_four_changed_rows_change_nothing_and_the_unit_is_told() -> None:
    published = a_register(AS_PUBLISHED)
    frozen = freeze(published, ROUND)
    late = a_register([*answers(4, EKSKOLAN, L=4, U=1), *AS_PUBLISHED[4:]])

    figures, withheld = shown(late, frozen)

    assert figures == round_figures(published, ROUND)
    assert withheld == (Withheld(ROUND, EKSKOLAN, 4),)


def test_five_changed_rows_are_followed_and_only_in_that_school() -> None:
    frozen = freeze(a_register(AS_PUBLISHED), ROUND)
    late = a_register(
        [
            *answers(5, EKSKOLAN, L=4, U=1),
            *AS_PUBLISHED[5:12],
            an_answer(BJORKSKOLAN, L=1),
            *AS_PUBLISHED[13:],
        ]
    )
    expected = a_register([*answers(5, EKSKOLAN, L=4, U=1), *AS_PUBLISHED[5:]])

    figures, withheld = shown(late, frozen)

    assert figures == round_figures(expected, ROUND)
    assert withheld == (Withheld(ROUND, BJORKSKOLAN, 1),)


def test_changes_add_up_over_time_until_they_are_enough() -> None:
    published = a_register(AS_PUBLISHED)
    frozen = freeze(published, ROUND)
    for count in range(1, 5):
        frozen, _ = followed(frozen, a_register([*answers(count, EKSKOLAN, L=4, U=4), *AS_PUBLISHED[count:]]))
        assert round_figures(with_frozen(published, {ROUND: frozen}), ROUND) == round_figures(
            published, ROUND
        )
    five = a_register([*answers(5, EKSKOLAN, L=4, U=4), *AS_PUBLISHED[5:]])

    assert shown(five, frozen) == (round_figures(five, ROUND), ())


def test_a_question_moved_to_another_area_gives_nothing_away() -> None:
    published = a_register(AS_PUBLISHED)
    moved = [{**a_question("L1"), "Delområde": 2}, *QUESTIONS[1:]]

    figures, withheld = shown(a_register(AS_PUBLISHED, questions=moved), freeze(published, ROUND))

    assert (figures, withheld) == (round_figures(published, ROUND), ())


def test_neither_the_least_number_nor_the_rules_nor_the_schools_change_what_was_published() -> None:
    published = a_register(AS_PUBLISHED)
    late = a_register(
        AS_PUBLISHED,
        rounds=[{**a_round(ROUND, least=12), "Regelversion": "2024"}],
        parts=[a_part(EKSKOLAN)],
    )

    assert shown(late, freeze(published, ROUND))[0] == round_figures(published, ROUND)


def test_the_staff_of_a_school_may_be_corrected_in_a_published_round() -> None:
    corrected = a_register(AS_PUBLISHED, parts=[a_part(EKSKOLAN, 90), a_part(BJORKSKOLAN, 30)])
    newer, withheld = followed(freeze(a_register(AS_PUBLISHED), ROUND), corrected)
    figures = round_figures(with_frozen(corrected, {ROUND: newer}), ROUND)

    assert {one.school: one.staff for one in figures.schools if one.shown} == {EKSKOLAN: 90, BJORKSKOLAN: 30}
    assert withheld == ()


def test_a_school_that_is_gone_from_the_list_of_schools_is_gone_from_its_rounds() -> None:
    published = a_register(AS_PUBLISHED)
    without = replace(published, schools={k: v for k, v in published.schools.items() if k != EKSKOLAN})
    shown_now = with_frozen(without, {ROUND: freeze(published, ROUND)})

    assert EKSKOLAN not in [one["code"] for one in results_object(shown_now, ROUND)["schools"]]


def test_four_persons_of_one_area_are_not_told_by_hiding_among_five_rows() -> None:
    published = a_register(AS_PUBLISHED)
    late = a_register([*answers(4, EKSKOLAN, L=4, U=3), an_answer(EKSKOLAN, L=2, U=1), *AS_PUBLISHED[5:]])

    figures, withheld = shown(late, freeze(published, ROUND))

    assert figures == round_figures(published, ROUND)
    assert withheld == (Withheld(ROUND, EKSKOLAN, 1),)


def test_what_was_shown_before_can_not_be_nearly_restored() -> None:
    """Five rows go and come back, one of them another: who kept the first figures would know that one."""
    frozen = freeze(a_register(AS_PUBLISHED), ROUND)
    frozen, _ = followed(frozen, a_register(AS_PUBLISHED[5:]))
    nearly = a_register([an_answer(EKSKOLAN, L=4, U=4), *AS_PUBLISHED[1:]])

    assert followed(frozen, nearly) == (frozen, (Withheld(ROUND, EKSKOLAN, 1),))
    assert shown(a_register(AS_PUBLISHED), frozen)[0] == round_figures(a_register(AS_PUBLISHED), ROUND)


def test_a_question_without_its_column_changes_no_area() -> None:
    published = a_register(AS_PUBLISHED)
    without = [{**a_question("L1"), "Till omgång": "2020"}, *QUESTIONS[1:]]

    figures, withheld = shown(a_register(AS_PUBLISHED, questions=without), freeze(published, ROUND))

    assert (figures, withheld) == (round_figures(published, ROUND), ())


def test_a_round_that_is_taken_back_shows_nothing_and_follows_its_sheet() -> None:
    frozen = freeze(a_register(AS_PUBLISHED), ROUND)
    again = a_register(AS_PUBLISHED[:9], rounds=[a_round(ROUND, "Stängd")])

    assert with_frozen(again, {ROUND: frozen}) is again


LEVELS = st.integers(1, 4)


@st.composite
def late_sheets(draw: st.DrawFn) -> list[Row]:
    """The sheet some time later: rows changed, added and taken away."""
    rows: list[Row] = list(AS_PUBLISHED)
    for _ in range(draw(st.integers(0, 9))):
        change = draw(st.sampled_from(["change", "add", "remove"]))
        school = draw(st.sampled_from([EKSKOLAN, BJORKSKOLAN]))
        if change == "add":
            rows.append(an_answer(school, L=draw(LEVELS), U=draw(LEVELS)))
        elif rows:
            place = draw(st.integers(0, len(rows) - 1))
            if change == "remove":
                rows.pop(place)
            else:
                rows[place] = an_answer(str(rows[place]["Skolenhetskod"]), L=draw(LEVELS), U=draw(LEVELS))
    return rows


@given(st.lists(late_sheets(), min_size=1, max_size=3))
def test_what_is_shown_of_a_school_never_differs_by_fewer_than_five_persons(sheets: list[list[Row]]) -> None:
    frozen = freeze(a_register(AS_PUBLISHED), ROUND)
    for rows in sheets:
        before = frozen
        frozen, withheld = followed(before, a_register(rows))
        for school in (EKSKOLAN, BJORKSKOLAN):
            changed = changed_rows(before, frozen, school)
            assert changed == 0 or changed >= 5
            told = [one.rows for one in withheld if one.school == school]
            assert all(0 < count < 5 for count in told)
            assert not (told and changed)


def changed_rows(one: FrozenRound, other: FrozenRound, school: str) -> int:
    """How many persons' rows differ between two states of what is shown: counted by hand."""
    left, right = (
        [bytes(row) for code, row in zip(held.schools, held.levels, strict=True) if code == school]
        for held in (one.answers, other.answers)
    )
    for row in list(left):
        if row in right:
            left.remove(row)
            right.remove(row)
    return max(len(left), len(right))
