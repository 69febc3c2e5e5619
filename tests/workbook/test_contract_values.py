"""What every workbook keeps of a value, whichever it is."""
# ruff: noqa: DTZ001  # cells have no time zone

import datetime as dt

import pytest

from tests.workbook.contract import SCHOOLS, change, fresh, rows_of, version_of

TEXTS = [
    "=1+1",
    '=IMPORTXML("http://x")',
    "+46",
    "-1",
    "@namn",
    "'citat",
    "00123456",
    "3,5",
    "2022-01-24",
    "#N/A",
    "TRUE",
    "  mellanslag  ",
    "rad\nrad\r\nrad\ttabb",
    "<b>&amp;</b> ]]>",
    "_x0041_ _x005F_ _x00e5_",
    "\x01\x0b\x1f",
    "😀 åäö \u202e\u200b\ufeff",
    " ",
    "å" * 32_767,
]


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_text_reads_back_as_the_same_text(opened, text):
    workbook = opened({"vebs": {"Skolor": [["Skola", "Mål"]]}})
    workbook.append("vebs", {"Skolor": [{"Skola": text}]})
    workbook.write("vebs", [change(2, 1, text)], fresh(workbook))
    assert rows_of(workbook)[1] == [text, text]


VALUES = [
    True,
    False,
    0,
    -1,
    3.5,
    1e-9,
    123456789012,
    dt.date(2022, 1, 24),
    dt.date(1904, 1, 2),
    dt.date(9999, 12, 31),
    dt.datetime(2022, 1, 24, 13, 5, 6),
    dt.datetime(2022, 1, 24, 23, 59, 59, 999000),
    dt.time(0, 0),
    dt.time(13, 5),
    dt.time(23, 59, 59, 999000),
]


@pytest.mark.parametrize("value", VALUES, ids=str)
@pytest.mark.parametrize(
    "before", ["text", 1, dt.date(2020, 1, 1), dt.time(1, 2), dt.datetime(2020, 1, 1, 2, 3), True]
)
def test_any_value_reads_back_whatever_stood_there(opened, before, value):
    workbook = opened({"vebs": {"Skolor": [["Skola"], [before]]}})
    workbook.write("vebs", [change(2, 0, value)], fresh(workbook))
    workbook.append("vebs", {"Skolor": [{"Skola": value}]})
    read = [row[0] for row in rows_of(workbook, meant=[[], [value], [value]])[1:]]
    assert read == [value, value]
    assert isinstance(read[0], bool) == isinstance(value, bool)


def test_a_midnight_reads_as_its_date(opened):
    workbook = opened({"vebs": {"Skolor": [["Skola"]]}})
    workbook.append("vebs", {"Skolor": [{"Skola": dt.datetime(2022, 1, 24)}]})
    day = dt.date(2022, 1, 24)
    assert rows_of(workbook, meant=[[], [day]])[1] == [day]


def test_a_date_older_than_spreadsheets_is_kept_as_text(opened):
    workbook = opened({"vebs": {"Skolor": [["Skola"]]}})
    workbook.append("vebs", {"Skolor": [{"Skola": dt.date(1842, 6, 18)}]})
    assert rows_of(workbook)[1] == ["1842-06-18"]


@pytest.mark.parametrize(
    "value",
    [float("nan"), float("inf"), 2**60, "å" * 32_768, dt.datetime(2022, 1, 1, tzinfo=dt.UTC), object()],
    ids=["nan", "inf", "long number", "long text", "zone", "object"],
)
def test_what_no_cell_can_hold_is_refused_and_nothing_written(opened, value):
    workbook = opened({"vebs": {"Skolor": SCHOOLS}})
    before = version_of(workbook)
    with pytest.raises(ValueError):
        workbook.append("vebs", {"Skolor": [{"Skola": "Bra"}, {"Skola": value}]})
    with pytest.raises(ValueError):
        workbook.write("vebs", [change(2, 0, "Bra"), change(2, 1, value)], fresh(workbook))
    assert version_of(workbook) == before


def test_what_cannot_be_stored_as_a_character_is_replaced(opened):
    workbook = opened({"vebs": {"Skolor": [["Skola"]]}})
    workbook.append("vebs", {"Skolor": [{"Skola": "a\ud800b\uffff"}]})
    assert rows_of(workbook)[1] == ["a\ufffdb\ufffd"]
