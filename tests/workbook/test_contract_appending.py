"""What every workbook promises about rows that are added, whichever it is."""
# ruff: noqa: DTZ001  # cells have no time zone

import datetime as dt

import pytest

from services.workbook.memory import Formula
from tests.workbook.contract import SCHOOLS, rows_of, version_of


def test_rows_are_appended_by_header_in_any_order(opened):
    workbook = opened({"vebs": {"Skolor": SCHOOLS}})
    day = dt.date(2023, 3, 3)
    workbook.append(
        "vebs", {"Skolor": [{"Personal": 9, "Skola": "Cedern", "Öppnar": day}, {"Skola": "Dalen"}]}
    )
    wanted = [*SCHOOLS, ["", "Cedern", 9.0, day, ""], ["", "Dalen", "", "", ""]]
    assert rows_of(workbook, meant=wanted) == wanted


def test_several_sheets_are_appended_to_at_once(opened):
    workbook = opened({"vebs": {"Skolor": SCHOOLS, "Logg": [["Tid", "Vem"]]}})
    moment = dt.datetime(2022, 1, 24, 13, 5, 6, 123000)
    workbook.append("vebs", {"Skolor": [{"Skola": "Cedern"}], "Logg": [{"Tid": moment, "Vem": "e@x.se"}]})
    assert rows_of(workbook)[3][1] == "Cedern"
    wanted = [["Tid", "Vem"], [moment, "e@x.se"]]
    assert rows_of(workbook, sheet="Logg", meant=wanted) == wanted


def test_a_blank_row_among_the_rows_is_not_the_end(opened):
    rows = [["Skola"], ["Alvikskolan"], [], [], ["Björkskolan"]]
    workbook = opened({"vebs": {"Skolor": rows}})
    workbook.append("vebs", {"Skolor": [{"Skola": "Cedern"}]})
    assert rows_of(workbook) == [["Skola"], ["Alvikskolan"], [""], [""], ["Björkskolan"], ["Cedern"]]


def test_the_header_row_is_the_first_row_with_anything_in_it(opened):
    workbook = opened({"vebs": {"Skolor": [[], [None, "Skola"]]}})
    workbook.append("vebs", {"Skolor": [{"Skola": "Cedern"}]})
    assert rows_of(workbook) == [["", ""], ["", "Skola"], ["", "Cedern"]]


def test_a_header_may_be_a_number(opened):
    workbook = opened({"vebs": {"Skolor": [["Skola", 2021]]}})
    workbook.append("vebs", {"Skolor": [{"2021": 3}]})
    assert rows_of(workbook)[1] == ["", 3.0]


@pytest.mark.parametrize("row", [{"Rektor": "x"}, {"Skola": "x", "": "y"}, {"personal": 1}])
def test_an_unknown_header_is_refused_and_nothing_written(opened, row):
    workbook = opened({"vebs": {"Skolor": SCHOOLS, "Logg": [["Tid"]]}})
    before = version_of(workbook)
    with pytest.raises(ValueError, match="no column"):
        workbook.append("vebs", {"Logg": [{"Tid": 1}], "Skolor": [{"Skola": "Bra"}, row]})
    assert version_of(workbook) == before
    assert rows_of(workbook, sheet="Logg") == [["Tid"]]


def test_appending_nothing_changes_nothing(opened):
    workbook = opened({"vebs": {"Skolor": SCHOOLS}})
    before = version_of(workbook)
    workbook.append("vebs", {"Skolor": []})
    workbook.append("vebs", {})
    assert version_of(workbook) == before


def test_a_row_with_only_a_formula_is_not_written_over(opened):
    workbook = opened(
        {"vebs": {"Skolor": [["Skola", "Antal"], ["Alvikskolan", 1], [None, Formula("=SUM(B2)")]]}}
    )
    workbook.append("vebs", {"Skolor": [{"Skola": "Cedern"}]})
    assert rows_of(workbook)[3][0] == "Cedern"
