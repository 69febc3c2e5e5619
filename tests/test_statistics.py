"""How sure a figure is: intervals, chances and changes, against theory and against simulation."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from services.domain.question import Area, Question
from services.domain.round import SchoolRound
from services.domain.school import SchoolCode
from services.results import area_levels, count_answers
from services.statistics import (
    Change,
    Estimate,
    Interval,
    chance_over,
    combined_error,
    compare,
    interval,
    tipping_point,
    told_changes,
)
from services.tables.answers import Answers

SIMULATED = 3_000
QUESTIONS = tuple(Question(f"L{number}", 1, "") for number in range(1, 9))


def an_estimate(mean: float, se: float | None = 0.1, n: int = 20) -> Estimate:
    return Estimate(mean, se, n)


def a_change(p: float | None, difference: float = 0.5) -> Change:
    return Change(an_estimate(2.5), an_estimate(2.5 + difference), p)


def test_an_interval_is_as_wide_as_the_t_distribution_says() -> None:
    found = interval(an_estimate(2.5, 0.1, 20))

    # t(0.95, 19) is 1.7291 in any table of the t distribution.
    assert found.low == pytest.approx(2.5 - 0.17291, abs=1e-5)
    assert found.high == pytest.approx(2.5 + 0.17291, abs=1e-5)


def test_an_interval_stays_on_the_scale() -> None:
    # t(0.95, 4) is 2.13 and reaches 0.64 from the mean.
    assert interval(an_estimate(1.2, 0.3, 5)).low == 1.0
    assert interval(an_estimate(3.8, 0.3, 5)).high == 4.0


@pytest.mark.parametrize("estimate", [Estimate(3.0, None, 20), Estimate(3.0, 0.1, 1)])
def test_without_a_standard_error_there_is_no_interval(estimate: Estimate) -> None:
    assert interval(estimate) is None


def test_when_everyone_has_answered_there_is_nothing_left_to_be_unsure_of() -> None:
    assert interval(an_estimate(3.2, 0.0)) == Interval(3.2, 3.2)


def test_the_90_percent_interval_covers_what_the_whole_staff_would_say_nine_times_in_ten() -> None:
    """3,000 simulated schools of 15-90, of whom 60-95 % answer: the promise is 88-92 %."""
    rng = np.random.default_rng(1977)
    staff = rng.integers(15, 91, SIMULATED)
    answered = np.rint(staff * rng.uniform(0.60, 0.95, SIMULATED)).astype(int)
    school = np.repeat(np.arange(SIMULATED), staff)
    opinion = rng.normal(2.8, 0.3, SIMULATED)[school] + rng.normal(0, 0.45, len(school))
    noise = rng.normal(0, 0.65, (len(school), len(QUESTIONS)))
    levels = np.clip(np.rint(opinion[:, None] + noise), 1, 4).astype(np.uint8)
    everyone = np.bincount(school, weights=levels.mean(axis=1)) / staff
    # Persons stand in a random order within their school; the first ones answer.
    place = np.arange(len(school)) - np.repeat(np.cumsum(staff) - staff, staff)
    answers = place < answered[school]

    codes = [SchoolCode(f"{index:08d}") for index in range(SIMULATED)]
    found = Answers(
        range(int(answers.sum())),
        [codes[index] for index in school[answers]],
        tuple(question.id for question in QUESTIONS),
        levels[answers],
    )
    parts = {code: SchoolRound("2021", code, int(count)) for code, count in zip(codes, staff, strict=True)}
    figures = area_levels(count_answers(found, parts, QUESTIONS), [Area(1, "")])
    covered = 0
    for true, level, se, n in zip(
        everyone, figures.level[:, 0], figures.se[:, 0], figures.n[:, 0], strict=True
    ):
        drawn = interval(Estimate(float(level), float(se), int(n)))
        covered += drawn.low <= true <= drawn.high
    assert 0.88 <= covered / SIMULATED <= 0.92


@given(st.floats(1, 4), st.floats(0.01, 1), st.floats(1, 4), st.integers(2, 90))
def test_the_chance_to_reach_a_line_is_the_t_distributions(mean, se, line, n) -> None:
    assert chance_over(mean, se, line, n) == pytest.approx(
        1 - stats.t.cdf((line - mean) / se, n - 1), abs=1e-9
    )


@pytest.mark.parametrize(
    ("mean", "se", "n", "chance"),
    [(3.0, 0.0, 20, 1.0), (2.99, 0.0, 20, 0.0), (3.0, 0.1, 20, 0.5), (3.5, 0.1, 1, 1.0)],
)
def test_a_school_where_all_have_answered_is_at_the_line_or_not(mean, se, n, chance) -> None:
    assert chance_over(mean, se, 3.0, n) == pytest.approx(chance)


@given(st.floats(1, 4), st.floats(1, 4), st.integers(5, 60), st.integers(1, 60))
def test_at_the_tipping_point_the_whole_staff_is_exactly_at_the_line(mean, line, n, silent) -> None:
    delta = tipping_point(mean, line, n, n + silent)

    assert (n * mean + silent * (mean - delta)) / (n + silent) == pytest.approx(line)


def test_where_everyone_has_answered_nothing_can_tip() -> None:
    assert tipping_point(3.2, 3.0, 20, 20) is None


def test_a_change_is_tested_as_welch_does() -> None:
    """Without a finite population the test is scipy's own."""
    rng = np.random.default_rng(1947)
    before, after = rng.normal(2.6, 0.5, 23), rng.normal(2.9, 0.7, 41)

    found = compare(*(Estimate(x.mean(), x.std(ddof=1) / math.sqrt(len(x)), len(x)) for x in (before, after)))

    assert found.p == pytest.approx(stats.ttest_ind(after, before, equal_var=False).pvalue, rel=1e-9)
    assert found.difference == pytest.approx(after.mean() - before.mean())


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (Estimate(2.5, None, 20), an_estimate(3.0)),
        (an_estimate(2.5), Estimate(3.0, None, 20)),
        (an_estimate(2.5, n=1), an_estimate(3.0)),
    ],
)
def test_a_change_that_can_not_be_tested_is_not_told(before: Estimate, after: Estimate) -> None:
    change = compare(before, after)

    assert change.p is None
    assert told_changes([change]) == (False,)


def test_where_all_have_answered_both_years_a_difference_is_a_difference() -> None:
    same = compare(an_estimate(2.5, 0.0), an_estimate(2.5, 0.0))
    moved = compare(an_estimate(2.5, 0.0), an_estimate(2.7, 0.0))

    assert (same.p, moved.p) == (1.0, 0.0)
    assert told_changes([same, moved]) == (False, True)


@pytest.mark.parametrize(
    ("difference", "told"), [(0.1, True), (-0.1, True), (0.0999, False), (-0.0999, False)]
)
def test_a_change_under_a_tenth_is_not_told_however_sure_it_is(difference: float, told: bool) -> None:
    assert told_changes([a_change(0.0001, difference)]) == (told,)


def test_a_change_that_is_sure_alone_may_be_chance_among_many() -> None:
    assert told_changes([a_change(0.09)]) == (True,)
    # The least of ten must be at most 1/10 · 0.10 = 0.01.
    assert told_changes([a_change(0.09), *[a_change(0.5)] * 9]) == (False,) * 10


def test_a_test_that_could_not_be_done_does_not_count_among_the_tests() -> None:
    # Of two tests the least must be at most 1/2 · 0.10 = 0.05.
    assert told_changes([a_change(0.05), a_change(None), a_change(0.5), a_change(None)]) == (
        True,
        False,
        False,
        False,
    )


def test_nothing_is_told_where_nothing_is_tested() -> None:
    assert told_changes([]) == ()


@given(st.lists(st.floats(0, 1), min_size=1, max_size=60))
def test_what_is_told_is_what_benjamini_and_hochberg_let_through(chances) -> None:
    adjusted = stats.false_discovery_control(chances)
    if np.any(np.abs(adjusted - 0.10) < 1e-9):
        return  # on the line the two may round differently

    assert told_changes([a_change(p) for p in chances]) == tuple(bool(p <= 0.10) for p in adjusted)


@given(
    st.lists(st.floats(0, 1), min_size=1, max_size=30).flatmap(
        lambda p: st.tuples(st.just(p), st.permutations(p))
    )
)
def test_the_order_of_the_tests_on_a_page_does_not_matter(both) -> None:
    chances, shuffled = both
    told = dict(zip(chances, told_changes([a_change(p) for p in chances]), strict=True))

    assert told_changes([a_change(p) for p in shuffled]) == tuple(told[p] for p in shuffled)


def test_the_error_of_a_weighted_mean_is_that_of_independent_parts() -> None:
    # √((0.75·0.2)² + (0.25·0.4)²) = √(0.0225 + 0.01)
    assert combined_error([(30, 0.2), (10, 0.4)]) == pytest.approx(math.sqrt(0.0325))


@pytest.mark.parametrize("parts", [[], [(10, None)], [(10, 0.1), (10, None)], [(0, 0.1)]])
def test_a_weighted_mean_of_something_unknown_has_no_error(parts) -> None:
    assert combined_error(parts) is None
