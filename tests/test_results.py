"""The arithmetic of a round, before anything is hidden: who counts, and what the numbers are."""

import math
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.domain.question import Area, Question
from services.results import (
    Counted,
    area_levels,
    count_answers,
    question_levels,
    spread,
    spread_of,
    weighted_mean,
)
from tests.people import (
    BJORKSKOLAN,
    EKSKOLAN,
    QUESTIONS,
    RONNBARSSKOLAN,
    a_register,
    a_school,
    an_answer,
    answers,
)

LEADERSHIP = Area(1, "Ledarskap och planering")


def counted(register, questions=None, **how) -> Counted:
    asked = questions or register.questions_in("2021")
    return count_answers(register.answers["2021"], register.school_rounds["2021"], asked, **how)


def levels(*rows, **how) -> tuple[int, float, float, float]:
    """Ekskolan's n, level, standard error and share at least Trygg in the first area."""
    found = area_levels(counted(a_register(rows, **how)), [LEADERSHIP])
    return tuple(float(part[0, 0]) for part in (found.n, found.level, found.se, found.share_secure))


def test_a_person_without_any_level_does_not_count() -> None:
    register = a_register([an_answer(L1=2), an_answer(), an_answer(L=None)])

    assert list(counted(register).answers) == [1, 0, 0]


def test_answers_of_a_school_that_takes_no_part_do_not_count() -> None:
    register = a_register([*answers(3), *answers(2, BJORKSKOLAN, L=3)], staff={EKSKOLAN: 20})

    assert counted(register).schools == (EKSKOLAN,)
    assert list(counted(register).answers) == [0]  # the three of Ekskolan left every question blank


def test_a_level_that_can_not_be_read_is_missing_and_the_person_stays() -> None:
    n, level, _, share = levels(an_answer(L=2) | {"L1": 7, "L2": "x"}, an_answer(L=4))

    # The first has two of four questions left, both 2; the second is at 4.
    assert (n, level) == (2, 3.0)
    assert share == pytest.approx(4 / 6)


def test_only_questions_of_the_round_count() -> None:
    old = [*QUESTIONS[:3], QUESTIONS[3] | {"Till omgång": "2020"}, *QUESTIONS[4:]]

    n, level, _, _ = levels(an_answer(L1=2, L2=2, L3=2, L4=4), questions=old)

    assert (n, level) == (1, 2.0)


@pytest.mark.parametrize(
    ("asked", "answered", "counts"),
    [(8, 4, True), (8, 3, False), (7, 4, True), (7, 3, False), (4, 2, True), (4, 1, False), (1, 1, True)],
)
def test_a_person_counts_in_an_area_from_half_its_questions_on_half_rounded_up(
    asked, answered, counts
) -> None:
    questions = [Question(f"L{number}", 1, "") for number in range(1, asked + 1)]
    given_ = {f"L{number}": 3 for number in range(1, answered + 1)}
    rows = [{"Fråga": one.id, "Delområde": 1, "Påstående": "?", "Från omgång": "2019"} for one in questions]

    n, level, _, _ = levels(an_answer(**given_), questions=rows)

    assert n == counts
    assert (level == 3.0) if counts else math.isnan(level)


def test_a_schools_level_is_the_mean_of_its_persons_and_not_of_their_answers() -> None:
    n, level, _, share = levels(an_answer(L=4), an_answer(L1=1, L2=1))

    # Persons: (4 + 1) / 2. Answers at least Trygg: 4 of 6.
    assert (n, level) == (2, 2.5)
    assert share == pytest.approx(4 / 6)


def test_the_share_at_least_secure_is_of_all_answers_also_of_those_who_do_not_count_in_the_area() -> None:
    n, level, _, share = levels(an_answer(L=2), an_answer(L1=4))

    assert (n, level) == (1, 2.0)
    assert share == pytest.approx(1 / 5)


def test_the_standard_error_has_the_finite_population_in_mind() -> None:
    _, _, se, _ = levels(*answers(4, L=2), *answers(4, L=3), staff=10)

    # s² = 8 · 0.5² / 7; SE = s/√8 · √(1 − 8/10)
    assert se == pytest.approx(math.sqrt(8 * 0.25 / 7) / math.sqrt(8) * math.sqrt(0.2))


def test_when_all_have_answered_the_standard_error_is_nothing() -> None:
    assert levels(*answers(4, L=2), *answers(4, L=3), staff=8)[2] == 0.0


@pytest.mark.parametrize(("persons", "staff"), [(1, 20), (8, None)])
def test_one_person_or_unknown_staff_gives_no_standard_error(persons: int, staff) -> None:
    assert math.isnan(levels(*answers(persons - 1, L=2), an_answer(L=3), staff=staff)[2])


def test_with_more_answers_than_staff_the_answers_are_the_staff() -> None:
    found = counted(a_register(answers(8, L=3), staff=5))

    assert list(found.staff) == [8, 5, 5]


def test_what_became_one_school_is_counted_as_one_where_years_are_compared() -> None:
    schools = [
        a_school(),
        a_school(BJORKSKOLAN) | {"Ersatt av": RONNBARSSKOLAN},
        a_school(RONNBARSSKOLAN) | {"Ersatt av": EKSKOLAN},
    ]
    register = a_register(
        [*answers(2, L=2), *answers(3, BJORKSKOLAN, L=3), *answers(4, RONNBARSSKOLAN, L=4)], schools=schools
    )

    today = counted(register, today_of=register.today_of)
    then = counted(register)

    assert (today.schools, list(today.answers), list(today.staff)) == ((EKSKOLAN,), [9], [60])
    assert list(then.answers) == [2, 3, 4]


def test_only_the_schools_asked_for_are_counted() -> None:
    register = a_register([*answers(2, L=2), *answers(3, BJORKSKOLAN, L=3)])

    found = counted(register, only={BJORKSKOLAN})

    assert (found.schools, list(found.answers)) == ((BJORKSKOLAN,), [3])


def test_a_question_knows_how_many_chose_each_level_and_how_many_could_not_tell() -> None:
    rows = [*answers(3, L=2), *answers(4, L=3), *answers(2, L=2), an_answer(L2=4)]

    found = question_levels(counted(a_register(rows)))

    assert list(found.counts[0, 0]) == [1, 0, 5, 4, 0]
    assert found.n[0, 0] == 9
    assert found.mean[0, 0] == pytest.approx((5 * 2 + 4 * 3) / 9)
    persons = np.array([2] * 5 + [3] * 4)
    assert found.se[0, 0] == pytest.approx(persons.std(ddof=1) / 3 * math.sqrt(1 - 9 / 20))


def test_a_round_without_answers_has_schools_and_no_figures() -> None:
    register = a_register()
    found = count_answers(None, register.school_rounds["2021"], register.questions_in("2021"))

    assert (found.schools, list(found.answers)) == ((EKSKOLAN, BJORKSKOLAN, RONNBARSSKOLAN), [0, 0, 0])
    assert np.isnan(area_levels(found, register.areas).level).all()
    assert np.isnan(question_levels(found).mean).all()


def test_means_and_spreads_are_over_what_is_known() -> None:
    assert weighted_mean(np.array([2.0, np.nan, 3.0, 4.0]), np.array([10, 5, 30, np.nan])) == 2.75
    assert weighted_mean(np.array([np.nan]), np.array([10.0])) is None
    assert weighted_mean(np.array([2.0]), np.array([0.0])) is None
    # 1, 2, 3: standard deviation 1; deciles 0.1 and 0.9 of the way from 1 to 3.
    assert spread(np.array([1.0, np.nan, 2.0, 3.0])) == pytest.approx((1.0, 1.2, 2.8))
    assert spread(np.array([2.0, np.nan])) == (None, None, None)
    assert spread_of([1.0, None, 3.0]) == pytest.approx(math.sqrt(2))


LEVEL = st.sampled_from([None, 1, 2, 3, 4])
PERSONS = st.lists(
    st.tuples(st.sampled_from([EKSKOLAN, BJORKSKOLAN]), st.lists(LEVEL, min_size=8, max_size=8)),
    min_size=5,
    max_size=30,
)
IDS = [f"{letter}{number}" for letter in "LU" for number in range(1, 5)]


@given(PERSONS, st.randoms(use_true_random=False))
@settings(max_examples=40)
def test_neither_the_order_of_rows_nor_of_columns_matters(persons, rng: random.Random) -> None:
    rows = [an_answer(school, **dict(zip(IDS, given_, strict=True))) for school, given_ in persons]
    shuffled, turned = list(rows), list(QUESTIONS)
    rng.shuffle(shuffled)
    rng.shuffle(turned)

    one, other = a_register(rows), a_register(shuffled, questions=turned)

    for measure in ("n", "level", "se", "share_secure"):
        a, b = (getattr(area_levels(counted(register), register.areas), measure) for register in (one, other))
        assert np.allclose(a, b, rtol=0, atol=1e-12, equal_nan=True), measure
    a, b = (question_levels(counted(register)) for register in (one, other))
    order = [[question.id for question in counted(other).questions].index(id_) for id_ in IDS]
    assert (a.counts == b.counts[:, order]).all()
    assert np.allclose(a.mean, b.mean[:, order], rtol=0, atol=1e-12, equal_nan=True)
    assert np.allclose(a.se, b.se[:, order], rtol=0, atol=1e-12, equal_nan=True)
