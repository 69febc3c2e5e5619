"""A cell at Google that is written: its type, its format, and what people have hung on it."""

import datetime as dt

import pytest

from services.errors import CellProtected, SpreadsheetChanged
from tests.sheets_server.serving import LocalGoogle
from tests.workbook.google_books import a_workbook, by_hand, cell, change, picture

WRITES = {"operation": "sheets.batchUpdate"}
BOOKS = {
    "Skolor": [["Nyckel", "Namn", "Antal"], ["'a", "Al", 1], ["'b", "Björk", 2]],
    "Logg": [["Tid", "Vem"]],
}


@pytest.fixture
def google(google: LocalGoogle) -> LocalGoogle:
    google.control.settings(check_answers=True)
    return google


@pytest.fixture
def id_(google) -> str:
    return google.control.spreadsheet("vebs", BOOKS)


@pytest.fixture
def workbook(google, id_, tmp_path):
    return a_workbook(google, {"vebs": id_}, tmp_path)


@pytest.mark.parametrize(
    "text", ['=IMPORTXML("http://x")', "=1+1", "+1", "00123456", "2022-01-24", "1,5", "'x"]
)
def test_a_text_is_stored_as_the_text(google, id_, workbook, text):
    workbook.append("vebs", {"Skolor": [{"Namn": text}]})
    workbook.write("vebs", [change(2, 1, text)], workbook.fresh("vebs", ["Skolor"]))
    for row in (1, 3):
        found = cell(google, id_, row, 1)
        assert (found.value, found.formula, found.format) == (text, None, None)
    assert workbook.fresh("vebs", ["Skolor"]).formulas == frozenset()
    workbook.write("vebs", [change(2, 1, "igen")], workbook.fresh("vebs", ["Skolor"]))


def test_a_date_gets_a_format_where_none_stood(google, id_, workbook):
    day = dt.date(2022, 1, 24)
    workbook.append("vebs", {"Skolor": [{"Nyckel": "c", "Antal": day}]})
    google.control.edit("type", id_, range="Skolor!C2", value="24 jan 2020")
    own = cell(google, id_, 1, 2).format
    workbook.write("vebs", [change(2, 2, day), change(2, 1, day)], workbook.fresh("vebs", ["Skolor"]))
    iso = {"numberFormat": {"type": "DATE", "pattern": "yyyy-mm-dd"}}
    assert [cell(google, id_, 3, 2).value, cell(google, id_, 3, 2).format] == [44585, iso]
    assert [cell(google, id_, 1, 1).value, cell(google, id_, 1, 1).format] == [44585, iso]
    assert [cell(google, id_, 1, 2).value, cell(google, id_, 1, 2).format] == [44585, own]


def test_a_format_of_ours_on_a_moved_row_is_taken_back_too(google, id_, workbook):
    workbook.write("vebs", [change(2, 1, "x")], workbook.fresh("vebs", ["Skolor"]))
    google.control.edit("type", id_, range="Skolor!B3", value="12 %")
    before, seen = picture(google, id_), workbook.fresh("vebs", ["Skolor"])
    google.control.fault(match=WRITES, before=[by_hand("sort", id_, column=0, descending=True)], times=1)
    with pytest.raises(SpreadsheetChanged):
        workbook.write("vebs", [change(2, 1, dt.date(2022, 1, 24))], seen)
    assert picture(google, id_) == before


def test_notes_colours_and_drop_downs_stay_on_a_changed_cell(google, id_, workbook):
    rule = {"condition": {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": "ja"}]}, "strict": True}
    looks = {"note": "lapp", "userEnteredFormat": {"backgroundColor": {"red": 1}}, "dataValidation": rule}
    place = {"sheetId": 0, "rowIndex": 1, "columnIndex": 1}
    fields = "note,userEnteredFormat,dataValidation"
    request = {"updateCells": {"start": place, "rows": [{"values": [looks]}], "fields": fields}}
    google.control.edit("batch_update", id_, requests=[request])
    before = cell(google, id_, 1, 1)
    for value in ("annat", 7.0, ""):
        workbook.write("vebs", [change(2, 1, value)], workbook.fresh("vebs", ["Skolor"]))
        after = cell(google, id_, 1, 1)
        assert after.value == (value if value != "" else None)
        assert (after.note, after.format, after.validation) == (before.note, before.format, before.validation)


@pytest.mark.parametrize("formula", ["=C2*2", "=$C$2+C1", "=SUM(C1:C3)", "=Logg!A1"])
def test_a_formula_typed_meanwhile_is_put_back_to_the_letter(google, id_, workbook, formula):
    workbook.write("vebs", [change(2, 1, "x")], workbook.fresh("vebs", ["Skolor"]))
    seen = workbook.fresh("vebs", ["Skolor"])
    typed = by_hand("type", id_, range="Skolor!B3", value=formula)
    google.control.fault(match=WRITES, before=[typed], times=1)
    with pytest.raises(SpreadsheetChanged):
        workbook.write("vebs", [change(3, 1, "y")], seen)
    assert cell(google, id_, 2, 1).formula == formula
    with pytest.raises(CellProtected, match="B3"):
        workbook.write("vebs", [change(3, 1, "y")], workbook.fresh("vebs", ["Skolor"]))


def test_a_cell_hidden_by_joined_cells_is_not_written(google, id_, workbook):
    area = {"sheetId": 0, "startRowIndex": 1, "endRowIndex": 3, "startColumnIndex": 1, "endColumnIndex": 2}
    google.control.edit("batch_update", id_, requests=[{"mergeCells": {"range": area}}])
    before = picture(google, id_)
    with pytest.raises(CellProtected, match="B3 i bladet Skolor i vebs är sammanfogad"):
        workbook.write("vebs", [change(3, 1, "x"), change(3, 2, 5)], workbook.fresh("vebs", ["Skolor"]))
    assert picture(google, id_) == before
    workbook.write("vebs", [change(2, 1, "x")], workbook.fresh("vebs", ["Skolor"]))
    assert cell(google, id_, 1, 1).value == "x"
    assert len(google.google.files[id_].book.sheets[0].merges) == 1
