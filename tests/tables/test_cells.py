"""One cell, whatever a person wrote in it: its value, blank, or the rule it breaks."""
# ruff: noqa: DTZ001  # cells have no time zone

import datetime as dt
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.tables.cells import Broken, cell_reader, is_blank, read_text
from services.tables.problems import Rule
from services.tables.schema import Column, Reference, Type

INTEGER = Column("Nr", Type.INTEGER, "")
CODE = Column("Skolenhetskod", Type.CODE, "")
DECIMAL = Column("Gräns", Type.DECIMAL, "")
DATE = Column("Datum", Type.DATE, "")
TIME = Column("Start", Type.TIME, "")
TEXT = Column("Skola", Type.TEXT, "")
CHOICE = Column("Status", Type.CHOICE, "", choices=("Planerad", "Öppen"))
YESNO = Column("Väsentlig", Type.YESNO, "")
EMAIL = Column("E-post", Type.EMAIL, "")
URL = Column("Länk", Type.URL, "")
LEVEL = Column("L1", Type.INTEGER, "", minimum=1, maximum=4)
AREA = Column("Delområde", Type.REF, "", reference=Reference("Delområden", "Nr"), words=("Alla",))

DAY = dt.date(2022, 1, 24)

CELLS = (
    st.none()
    | st.text()
    | st.sampled_from(["Ja", "3,5", "#N/A", "2022-02-30", "25:99", "å@ä.ö", "https://", "Alla", " ", "1e9"])
    | st.from_regex(r"[+-]?[0-9]{0,20}[.,]?[0-9]{0,3}", fullmatch=True)
    | st.integers()
    | st.floats()
    | st.booleans()
    | st.dates()
    | st.datetimes()
    | st.times()
)
"""Anything a spreadsheet can hold, and some that none should."""


def read(column: Column, value: object, target: Column | None = None, *, label_allowed: bool = False):
    return cell_reader(column, target or column, label_allowed=label_allowed)(value)


def broken(column: Column, value: object, target: Column | None = None) -> Rule:
    with pytest.raises(Broken) as breach:
        read(column, value, target)
    return breach.value.rule


@pytest.mark.parametrize("value", [3, 3.0, "3", " 3 ", "3,0", "3.0", "+3"])
def test_a_whole_number_is_read_however_it_is_written(value) -> None:
    found = read(INTEGER, value)

    assert (found, type(found)) == (3, int)


@pytest.mark.parametrize("value", [3.5, "3,5", "tre", "3 st", True, "1e3", "٣", DAY, dt.time(3)])
def test_what_is_no_whole_number_is_of_the_wrong_type(value) -> None:
    assert broken(INTEGER, value) is Rule.WRONG_TYPE


@pytest.mark.parametrize(
    ("value", "number"), [("3,5", 3.5), ("3.5", 3.5), (3.5, 3.5), ("-,5", -0.5), (3, 3.0)]
)
def test_a_decimal_is_read_with_comma_and_with_point(value, number: float) -> None:
    found = read(DECIMAL, value)

    assert (found, type(found)) == (number, float)


@pytest.mark.parametrize("value", ["1.000,5", "3,5,1", "1 000", False, ",", "-", "", None])
def test_a_number_that_can_be_read_in_two_ways_is_not_guessed(value) -> None:
    if is_blank(value):
        assert read(DECIMAL, value) is None
    else:
        assert broken(DECIMAL, value) is Rule.WRONG_TYPE


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, "9" * 400, 10**400, 1e15, "-" + "9" * 16])
@pytest.mark.parametrize("column", [INTEGER, DECIMAL, CODE, DATE, TIME])
def test_what_no_spreadsheet_can_count_with_is_of_the_wrong_type(column: Column, value) -> None:
    assert broken(column, value) is Rule.WRONG_TYPE


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("00123456", "00123456"),
        (" 00123456 ", "00123456"),
        (123456, "00123456"),
        (123456.0, "00123456"),
        (99999999, "99999999"),
    ],
)
def test_a_school_code_keeps_its_zeros_even_where_the_sheet_has_lost_them(value, code: str) -> None:
    assert read(CODE, value) == code


@pytest.mark.parametrize(
    "value", ["123456", "001234567", "0012 3456", "٠٠١٢٣٤٥٦", 100000000, 0, -5, 1.5, True]
)
def test_what_is_no_eight_digits_is_no_school_code(value) -> None:
    assert broken(CODE, value) is Rule.WRONG_TYPE


@pytest.mark.parametrize(
    "value",
    [
        DAY,
        dt.datetime(2022, 1, 24),
        dt.datetime(2022, 1, 24, 13, 30),
        "2022-01-24",
        "2022-1-24",
        "2022-01-24 00:00:00",
        "2022-01-24T00:00",
        44585,  # days from 30 December 1899: 44562 is 1 January 2022, and 23 days later
        44585.0,
        44585.75,
    ],
)
def test_a_date_is_read_as_a_date_as_iso_text_and_as_a_spreadsheets_day_number(value) -> None:
    found = read(DATE, value)

    assert (found, type(found)) == (DAY, dt.date)


@pytest.mark.parametrize(
    "value", ["24/1 2022", "2022-02-30", "0000-01-01", 2022, 80000, True, "44585", "snart"]
)
def test_a_date_is_never_guessed(value) -> None:
    assert broken(DATE, value) is Rule.WRONG_TYPE


@pytest.mark.parametrize(
    "value", [dt.time(13, 30), dt.datetime(2022, 1, 24, 13, 30), "13:30", "13.30", "13:30:00", 0.5625]
)
def test_a_time_is_read_with_colon_with_point_and_as_part_of_a_day(value) -> None:
    assert read(TIME, value) == dt.time(13, 30)  # 13.5 / 24 = 0.5625


@pytest.mark.parametrize("value", ["25:00", "halv två", "13", 1.0, -0.5, True, DAY])
def test_what_is_no_time_of_day_is_of_the_wrong_type(value) -> None:
    assert broken(TIME, value) is Rule.WRONG_TYPE


def test_the_last_instant_of_a_day_is_not_the_next_day() -> None:
    assert read(TIME, 0.9999999) == dt.time(0, 0)  # rounds to 24:00:00, which a clock shows as 00:00
    assert read(TIME, 86_399 / 86_400) == dt.time(23, 59, 59)


@pytest.mark.parametrize("value", ["Öppen", "öppen", " ÖPPEN "])
def test_a_choice_is_read_in_any_case_and_becomes_the_choice(value: str) -> None:
    assert read(CHOICE, value) == "Öppen"


@pytest.mark.parametrize("value", ["Oppen", "Öppen?", 1, True, DAY])
def test_what_is_none_of_the_choices_is_not_a_choice(value) -> None:
    assert broken(CHOICE, value) is Rule.NOT_A_CHOICE


@pytest.mark.parametrize(("value", "yes"), [("Ja", True), ("nej", False), (True, True), ("FALSKT", False)])
def test_yes_and_no_are_words_or_a_tick(value, yes: bool) -> None:
    assert read(YESNO, value) is yes


@pytest.mark.parametrize("value", ["kanske", 1, 0, "x"])
def test_a_one_is_neither_yes_nor_no(value) -> None:
    assert broken(YESNO, value) is Rule.NOT_A_CHOICE


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (2021.0, "2021"),
        (2021, "2021"),
        (" L1 ", "L1"),
        ("=1+1", "=1+1"),
        (dt.datetime(2022, 1, 24), "2022-01-24"),
        (dt.datetime(2022, 1, 24, 13), "2022-01-24T13:00:00"),
        (dt.time(13, 30), "13:30:00"),
        (2.5, "2.5"),
    ],
)
def test_a_number_in_a_text_column_is_the_text_a_person_sees(value, text: str) -> None:
    assert read(TEXT, value) == text


@pytest.mark.parametrize("value", ["Unni@Example.se", " unni@example.se "])
def test_an_address_is_read_in_small_letters(value: str) -> None:
    assert read(EMAIL, value) == "unni@example.se"


@pytest.mark.parametrize("value", ["unni", "unni@example", "a@b@c.se", "a b@c.se", "Unni <u@c.se>", 5])
def test_what_is_no_address_is_of_the_wrong_type(value) -> None:
    assert broken(EMAIL, value) is Rule.WRONG_TYPE


@pytest.mark.parametrize("value", ["javascript:alert(1)", "//example.se", "http:///x", "www.example.se", 1])
def test_only_a_web_address_is_a_link(value) -> None:
    assert broken(URL, value) is Rule.WRONG_TYPE
    assert read(URL, "HTTPS://example.se/a?b=1#c") == "HTTPS://example.se/a?b=1#c"


@pytest.mark.parametrize(("value", "level"), [(1, 1), (4, 4), ("4", 4)])
def test_a_level_is_one_to_four(value, level: int) -> None:
    assert read(LEVEL, value) == level


@pytest.mark.parametrize("value", [0, 5, -1, "7"])
def test_a_level_outside_the_scale_is_out_of_range(value) -> None:
    assert broken(LEVEL, value) is Rule.OUT_OF_RANGE


def test_an_area_is_its_number_or_a_word_and_a_name_is_left_for_later() -> None:
    assert read(AREA, "2", INTEGER) == 2
    assert read(AREA, "alla", INTEGER) == "Alla"
    assert read(AREA, "Ledarskap", INTEGER, label_allowed=True) == "Ledarskap"
    assert broken(AREA, "Ledarskap", INTEGER) is Rule.UNKNOWN_REFERENCE
    assert broken(AREA, 2.5, INTEGER) is Rule.UNKNOWN_REFERENCE


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#SPILL!", " #NUM! "])
@pytest.mark.parametrize("column", [TEXT, INTEGER, CHOICE, URL])
def test_a_formula_that_fails_is_a_formula_error_in_every_column(column: Column, error: str) -> None:
    assert broken(column, error) is Rule.FORMULA_ERROR


def test_a_text_that_only_begins_like_an_error_is_text() -> None:
    assert read(TEXT, "#REF! stod det förut") == "#REF! stod det förut"
    assert read(TEXT, "#digitalisering") == "#digitalisering"


@pytest.mark.parametrize("value", [None, "", " ", "\t\n", "\u00a0"])
@pytest.mark.parametrize("type_", [one for one in Type if one is not Type.REF])
def test_what_looks_empty_is_blank_in_every_type(type_: Type, value) -> None:
    assert is_blank(value)
    assert read(Column("", type_, ""), value) is None


@pytest.mark.parametrize("type_", [one for one in Type if one is not Type.REF])
@given(value=CELLS)
def test_no_cell_of_any_kind_raises_anything_but_the_rule_it_breaks(type_: Type, value) -> None:
    column = Column("", type_, "", choices=("Ja",))
    kinds = {
        Type.INTEGER: int,
        Type.DECIMAL: float,
        Type.DATE: dt.date,
        Type.TIME: dt.time,
        Type.YESNO: bool,
    }
    try:
        found = read(column, value)
    except Broken as breach:
        assert breach.rule in (Rule.WRONG_TYPE, Rule.NOT_A_CHOICE, Rule.FORMULA_ERROR)
        assert not is_blank(value)
    else:
        assert (found is None) == is_blank(value)
        assert found is None or type(found) is kinds.get(type_, str)


@given(value=CELLS)
def test_no_cell_is_too_odd_for_a_level_or_a_reference(value) -> None:
    for column, target in ((LEVEL, LEVEL), (AREA, INTEGER)):
        try:
            found = read(column, value, target, label_allowed=column is AREA)
        except Broken as breach:
            assert breach.rule in {
                Rule.WRONG_TYPE,
                Rule.OUT_OF_RANGE,
                Rule.UNKNOWN_REFERENCE,
                Rule.FORMULA_ERROR,
            }
        else:
            assert found is None or column is AREA or found in (1, 2, 3, 4)


@given(st.decimals(-9999, 9999, places=3))
def test_a_comma_and_a_point_are_the_same_number(number) -> None:
    assert read(DECIMAL, str(number).replace(".", ",")) == read(DECIMAL, str(number)) == float(number)


@given(st.integers(1, 99_999_999))
def test_a_code_survives_being_made_a_number_by_the_spreadsheet(code: int) -> None:
    assert read(CODE, float(code)) == read(CODE, f"{code:08d}") == read_text(f"{code:08d}")


@given(st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31)))
def test_a_day_is_the_same_as_a_date_as_text_and_as_a_number(day: dt.date) -> None:
    number = (day - dt.date(1899, 12, 30)).days

    assert read(DATE, day) == read(DATE, day.isoformat()) == read(DATE, number) == day
