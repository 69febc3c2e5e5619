"""How Swedish is written on a page, for any number."""

import datetime as dt
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pages.components import words
from services.days import MONTHS
from services.domain.rules import Measure

LEVELS = st.floats(1, 4)
SHARES = st.floats(0, 1)
LINES = st.integers(100, 400).map(lambda hundredths: hundredths / 100)
CLOSE = st.floats(-0.02, 0.02)
STEPS = {"≤ 10 %", "≥ 90 %", *(f"{step} %" for step in range(15, 90, 5))}


def value_of(text: str) -> float:
    """A written number, read again."""
    return float(text.replace("\N{NO-BREAK SPACE}", "").replace(",", ".").replace("−", "-").rstrip("%-enh. "))


# --- Numbers -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (3.4, 1, "3,4"),
        (3.0, 1, "3,0"),
        (2.675, 2, "2,68"),
        (2.25, 1, "2,3"),
        (-0.04, 1, "0,0"),
        (-1.25, 1, "-1,3"),
        (None, 1, "–"),
    ],
)
def test_a_number_has_a_decimal_comma_and_halves_go_up(value: float | None, decimals: int, text: str) -> None:
    assert words.number(value, decimals) == text


@given(st.floats(-1e6, 1e6), st.integers(0, 4))
def test_any_number_is_swedish_and_right_to_its_last_decimal(value: float, decimals: int) -> None:
    text = words.number(value, decimals)
    assert re.fullmatch(rf"-?\d+,\d{{{decimals}}}" if decimals else r"-?\d+", text)
    assert abs(value_of(text) - value) <= 0.5 * 10**-decimals + 1e-6
    assert not re.fullmatch(r"-[0,]+", text)


@given(st.integers(0, 10**9))
def test_thousands_are_kept_apart_by_a_space_that_does_not_break(count: int) -> None:
    text = words.whole(count)
    assert re.fullmatch(r"\d{1,3}(\N{NO-BREAK SPACE}\d{3})*", text)
    assert value_of(text) == count


@given(SHARES)
def test_a_share_is_whole_per_cent_with_a_space(share: float) -> None:
    assert re.fullmatch(r"\d{1,3}\N{NO-BREAK SPACE}%", words.percent(share))
    assert abs(value_of(words.percent(share)) - 100 * share) <= 0.5 + 1e-6


@given(st.floats(-3, 3))
def test_a_difference_has_its_sign_unless_it_is_written_as_nothing(difference: float) -> None:
    text = words.signed(difference)
    assert text == "0,0" or text[0] == ("+" if difference > 0 else "−")
    assert "-" not in text


@given(st.dates())
def test_a_day_is_written_with_its_month_in_words(day: dt.date) -> None:
    assert words.date(day) == f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def test_days_and_times_are_written_as_in_sweden() -> None:
    assert words.date(dt.date(2022, 1, 24)) == "24 januari 2022"
    assert words.clock(dt.datetime(2022, 1, 24, 9, 41, tzinfo=dt.UTC)) == "09.41"
    assert words.date(None) == "–"


@pytest.mark.parametrize(
    ("given", "text"), [([], ""), (["a"], "a"), (["a", "b"], "a och b"), (["a", "b", "c"], "a, b och c")]
)
def test_words_in_a_row_end_with_och(given: list[str], text: str) -> None:
    assert words.listed(given) == text


@pytest.mark.parametrize(("count", "text"), [(0, "0 skolor"), (1, "1 skola"), (2, "2 skolor")])
def test_one_is_one(count: int, text: str) -> None:
    assert words.counted(count, "skola", "skolor") == text


# --- Beside a line -----------------------------------------------------------------------------------


@given(LINES, CLOSE, st.integers(0, 3))
@example(1.0, -1.0730149868527925e-09, 0)
def test_a_figure_is_always_drawn_on_its_own_side_of_its_line(line: float, apart: float, least: int) -> None:
    value = line + apart
    text = words.level_beside(value, line, least)
    assert (value_of(text) >= line - 1e-9) == (value >= line - 1e-9)


@given(LEVELS, LINES)
def test_a_measured_level_is_drawn_on_its_own_side_of_its_written_line(value: float, line: float) -> None:
    for measure in (Measure.LEVEL, Measure.LOWEST_ESSENTIAL):
        shown = value_of(words.measured(measure, value, line))
        written = value_of(words.line_of(measure, line))
        assert written == pytest.approx(line)
        assert (shown >= written - 1e-9) == (value >= line - 1e-9)


@given(
    st.integers(0, 500), st.integers(1, 500), st.integers(0, 1000).map(lambda thousandths: thousandths / 1000)
)
def test_a_measured_share_is_drawn_on_its_own_side_of_its_written_line(
    count: int, of: int, line: float
) -> None:
    share = min(count, of) / of
    for measure in words.SHARES:
        shown = value_of(words.measured(measure, share, line))
        written = value_of(words.line_of(measure, line))
        assert written == pytest.approx(100 * line)
        assert (shown >= written - 1e-7) == (share >= line - 1e-9)


@given(st.integers(0, 300), st.integers(0, 300))
def test_a_number_of_answers_is_whole_beside_a_whole_line(count: int, line: int) -> None:
    assert words.measured(Measure.ANSWERS, float(count), float(line)) == str(count)
    assert words.line_of(Measure.ANSWERS, float(line)) == str(line)


@given(st.sampled_from(Measure), st.floats(-1, 1))
def test_a_distance_is_signed_and_never_nothing_where_it_is_something(measure: Measure, apart: float) -> None:
    text = words.distance(measure, apart)
    assert text[0] == ("−" if apart < -1e-9 else "+")
    if abs(apart) > 1e-6:
        assert re.search(r"[1-9]", text)
    assert text.endswith("%-enh.") == (measure in words.SHARES)


def test_a_figure_that_is_not_there_is_a_dash() -> None:
    assert words.level_beside(None, 3.0) == words.measured(Measure.LEVEL, None, 3.0) == "–"
    assert words.line_of(Measure.LEVEL, None) == words.distance(Measure.LEVEL, None) == "–"
    assert words.level_beside(2.96, None) == "3,0"


# --- Few people --------------------------------------------------------------------------------------


@given(SHARES)
def test_a_share_of_few_is_a_step_of_five_or_an_edge(share: float) -> None:
    text = words.percent_in_steps(share).replace("\N{NO-BREAK SPACE}", " ")
    assert text in STEPS
    if text[0] not in "≤≥":
        assert abs(value_of(text) - 100 * share) <= 2.5 + 1e-6
    assert words.percent_in_steps(None) == "–"


@given(st.integers(10, 19))
def test_that_nobody_or_everybody_chose_a_level_is_written_as_if_one_had_not(n: int) -> None:
    assert words.percent_in_steps(0.0) == words.percent_in_steps(1 / n)
    assert words.percent_in_steps(1.0) == words.percent_in_steps(1 - 1 / n)
    assert words.mean_of_few(4.0) == words.mean_of_few(4 - 1 / n)
    assert words.mean_of_few(1.0) == words.mean_of_few(1 + 1 / n)


@given(SHARES, SHARES)
def test_bars_of_few_are_as_wide_as_their_words(one: float, other: float) -> None:
    same_words = words.percent_in_steps(one) == words.percent_in_steps(other)
    assert same_words == (words.width_in_steps(one) == words.width_in_steps(other))


@given(LEVELS)
def test_a_mean_of_few_is_the_usual_one_but_at_the_ends(mean: float) -> None:
    text = words.mean_of_few(mean)
    assert text == words.number(mean) or text.replace("\N{NO-BREAK SPACE}", " ") in {"≥ 3,9", "≤ 1,1"}
