"""What every workbook promises about reading, whichever it is."""
# cells have no time zone

import datetime as dt

import pytest

from services.errors import SpreadsheetMissing
from services.workbook.port import Snapshot, Version
from tests.workbook.contract import SCHOOLS, change, rows_of


def test_the_spreadsheets_are_named(opened):
    assert opened({"vebs": {"Skolor": SCHOOLS}, "svar-2021": {"Svar": []}}).spreadsheets() == {
        "vebs",
        "svar-2021",
    }


def test_every_sheet_is_read_with_its_types(opened):
    workbook = opened({"vebs": {"Skolor": SCHOOLS, "Delområden": [["Nr"], [1]]}})
    assert set(workbook.read("vebs").sheets) == {"Skolor", "Delområden"}
    assert rows_of(workbook, meant=SCHOOLS) == SCHOOLS
    types = [type(cell) for cell in rows_of(workbook, meant=SCHOOLS)[2]]
    assert types == [str, str, float, dt.date, dt.time]


def test_an_empty_sheet_has_no_columns(opened):
    assert opened({"vebs": {"Skolor": []}}).read("vebs").sheets["Skolor"].columns == ()


def test_rows_and_columns_are_numbered_as_the_spreadsheet_does(opened):
    workbook = opened({"vebs": {"Skolor": [[], [], [None, None, "Skola"], [], [None, None, "Alvikskolan"]]}})
    sheet = workbook.read("vebs").sheets["Skolor"]
    assert sheet.height == 5
    assert sheet.columns[2][3 - 1] == "Skola"
    assert sheet.columns[2][5 - 1] == "Alvikskolan"
    assert {len(column) for column in sheet.columns} == {5}


def test_a_missing_spreadsheet_is_named(opened):
    workbook = opened({"vebs": {"Skolor": SCHOOLS}})
    for ask in (
        lambda: workbook.version("inkorg"),
        lambda: workbook.read("inkorg"),
        lambda: workbook.append("inkorg", {"Inkomna": [{"Nyckel": "a"}]}),
        lambda: workbook.write("inkorg", [change(1, 1, "x", "Inkomna")], Snapshot(Version("1"), {})),
    ):
        with pytest.raises(SpreadsheetMissing, match="inkorg") as trouble:
            ask()
        assert trouble.value.spreadsheet == "inkorg"


@pytest.mark.parametrize("name", ["../vebs", "a/vebs", ".vebs", ""])
def test_a_name_cannot_lead_out_of_the_folder(opened, name):
    with pytest.raises(SpreadsheetMissing):
        opened({"vebs": {"Skolor": SCHOOLS}}).read(name)


def test_the_version_stays_while_nothing_changes(opened):
    workbook = opened({"vebs": {"Skolor": SCHOOLS}})
    before = workbook.read("vebs").version
    assert workbook.version("vebs") == before
    assert workbook.read("vebs").version == before
    assert workbook.version("vebs") == before


def test_columns_are_found_by_their_headers(opened):
    workbook = opened({"vebs": {"Skolor": SCHOOLS, "Logg": [["Tid"]]}})
    found = workbook.columns("vebs", {"Skolor": ["Skola", "Personal", "Rektor"], "Skolan": ["x"], "Logg": []})
    assert found == {
        "Skolor": {"Skola": ["Alvikskolan", "Björkskolan"], "Personal": [41.0, 17.5]},
        "Logg": {},
    }


def test_only_the_sheets_named_are_read(opened):
    workbook = opened({"vebs": {"Skolor": SCHOOLS, "Logg": [["Tid"]]}})
    assert set(workbook.read("vebs", ["Logg", "Skolan"]).sheets) == {"Logg"}
    assert set(workbook.fresh("vebs", ["Skolor"]).sheets) == {"Skolor"}
