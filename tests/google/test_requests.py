"""`batchUpdate` through the real gspread: sheets, rows, columns, cells, and its refusals."""

from typing import Any

import gspread
import pytest
from gspread.exceptions import APIError

from tests.sheets_server.serving import LocalGoogle


def cells(*values: object) -> dict[str, Any]:
    """Return a row as appendCells wants it."""
    kinds = {bool: "boolValue", int: "numberValue", float: "numberValue", str: "stringValue"}
    return {"values": [{"userEnteredValue": {kinds[type(value)]: value}} for value in values]}


def append(sheet_id: int, *rows: dict[str, Any]) -> dict[str, Any]:
    return {"appendCells": {"sheetId": sheet_id, "rows": list(rows), "fields": "userEnteredValue"}}


def do(book: gspread.Spreadsheet, *requests: dict[str, Any]) -> dict[str, Any]:
    return dict(book.batch_update({"requests": list(requests)}))


def test_append_cells_after_the_last_row_with_data_in_several_sheets(book: gspread.Spreadsheet) -> None:
    other = book.add_worksheet("Logg", 2, 3)
    book.sheet1.update([["a", "b"], ["", ""], ["", "längst ner"]], "A1")
    do(
        book,
        append(0, cells("=1+1", 2), cells("00123456", True)),
        append(other.id, cells(1), cells(2), cells(3)),
    )
    assert book.sheet1.get_all_values()[3:] == [["=1+1", "2"], ["00123456", "TRUE"]]
    assert book.sheet1.acell("A4", "FORMULA").value == "=1+1"
    assert other.col_values(1) == ["1", "2", "3"]


def test_a_batch_is_done_wholly_or_not_at_all(book: gspread.Spreadsheet) -> None:
    book.sheet1.update([["a"]], "A1")
    with pytest.raises(APIError) as error:
        do(book, append(0, cells("b")), append(404, cells("c")))
    assert error.value.error["message"] == "Invalid requests[1].appendCells: No grid with id: 404"
    assert book.sheet1.col_values(1) == ["a"]


def test_append_cells_wider_than_the_grid(book: gspread.Spreadsheet) -> None:
    with pytest.raises(
        APIError, match="Attempting to write column: 26, beyond the last requested column of: 25"
    ):
        do(book, append(0, cells(*range(27))))


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        (
            {"addSheet": {"properties": {"title": "sheet1"}}},
            'addSheet: A sheet with the name "sheet1" already exists. Please enter another name.',
        ),
        ({"deleteSheet": {"sheetId": 0}}, "deleteSheet: You can't remove all the sheets in a document."),
        ({"deleteSheet": {"sheetId": 7}}, "deleteSheet: No sheet with id: 7"),
        (
            {
                "deleteDimension": {
                    "range": {"sheetId": 0, "dimension": "ROWS", "startIndex": 1000, "endIndex": 1001}
                }
            },
            "deleteDimension: Cannot delete a row that doesn't exist. "
            "Tried to delete row index 1000 but there are only 1000 rows.",
        ),
        (
            {
                "deleteDimension": {
                    "range": {"sheetId": 0, "dimension": "ROWS", "startIndex": 0, "endIndex": 1000}
                }
            },
            "deleteDimension: You can't delete all the rows on the sheet.",
        ),
        (
            {"updateCells": {"rows": [], "start": {"sheetId": 0}}},
            "updateCells: At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)",
        ),
        (
            {"appendDimension": {"sheetId": 0, "dimension": "ROWS", "length": 10_000_000}},
            "appendDimension: This action would increase the number of cells in the workbook "
            "above the limit of 10000000 cells.",
        ),
        (
            {"deleteProtectedRange": {"protectedRangeId": 5}},
            "deleteProtectedRange: No protected range with id: 5",
        ),
    ],
)
def test_refusals_in_googles_words(book: gspread.Spreadsheet, request_: dict[str, Any], said: str) -> None:
    with pytest.raises(APIError) as error:
        do(book, request_)
    assert (error.value.code, error.value.error["message"]) == (400, f"Invalid requests[0].{said}")


def test_sheets_are_added_renamed_moved_copied_and_deleted(
    client: gspread.Client, book: gspread.Spreadsheet
) -> None:
    second = book.add_worksheet("Två", 3, 3)
    second.update([["=Sheet1!A1"]], "A1", value_input_option="USER_ENTERED")
    book.sheet1.update_title("Ett blad")
    assert second.acell("A1", "FORMULA").value == "='Ett blad'!A1"
    second.update_index(0)
    assert [item.title for item in book.worksheets()] == ["Två", "Ett blad"]
    copy = second.duplicate(new_sheet_name="Kopia")
    assert copy.acell("A1", "FORMULA").value == "='Ett blad'!A1"
    target = client.create("Mål")
    assert second.copy_to(target.id)["title"] == "Copy of Två"
    book.del_worksheet(copy)
    assert [item.title for item in book.worksheets()] == ["Två", "Ett blad"]


def test_rows_and_columns_move_with_all_that_hangs_on_them(book: gspread.Spreadsheet) -> None:
    sheet = book.sheet1
    sheet.update([["a", "b"], ["c", "d"]], "A1")
    sheet.insert_note("B2", "viktigt")
    sheet.define_named_range("A2:B2", "rad_två")
    sheet.merge_cells("C2:D2")
    sheet.insert_rows([["ny"]], 2)
    assert sheet.get_note("B3") == "viktigt"
    found = book.fetch_sheet_metadata()
    assert found["sheets"][0]["merges"][0]["startRowIndex"] == 2
    assert found["namedRanges"][0]["range"]["startRowIndex"] == 2
    do(
        book,
        {
            "moveDimension": {
                "source": {"sheetId": 0, "dimension": "COLUMNS", "startIndex": 0, "endIndex": 1},
                "destinationIndex": 2,
            }
        },
    )
    assert sheet.get_values("A1:B3") == [["b", "a"], ["", "ny"], ["d", "c"]]
    sheet.delete_rows(3)
    assert "namedRanges" not in book.fetch_sheet_metadata()


def test_sorting_puts_numbers_before_text_and_empty_last(sheet: gspread.Worksheet) -> None:
    sheet.update([["b"], [10], [""], ["A"], [2], [True]], "A1")
    sheet.sort((1, "asc"), range="A1:A6")
    assert sheet.col_values(1) == ["2", "10", "A", "b", "TRUE"]
    sheet.sort((1, "des"), range="A1:A6")
    assert sheet.col_values(1) == ["TRUE", "b", "A", "10", "2"]


def test_find_and_replace(book: gspread.Spreadsheet) -> None:
    book.sheet1.update([["hund", "Hundar"], ["katt", ""]], "A1")
    found = do(book, {"findReplace": {"find": "hund", "replacement": "häst", "allSheets": True}})
    assert found["replies"][0]["findReplace"] == {
        "valuesChanged": 2, "rowsChanged": 1, "sheetsChanged": 1, "occurrencesChanged": 2,
    }  # fmt: skip
    assert book.sheet1.row_values(1) == ["häst", "hästar"]


def test_looks_drop_downs_and_grid_data(google: LocalGoogle, book: gspread.Spreadsheet) -> None:
    sheet = book.sheet1
    sheet.update([["Ja", 0.5]], "A1")
    sheet.format("B1", {"numberFormat": {"type": "PERCENT", "pattern": "0%"}, "textFormat": {"bold": True}})
    sheet.add_validation(
        "A1:A3", gspread.utils.ValidationConditionType.one_of_list, ["Ja", "Nej"], strict=True
    )
    sheet.freeze(rows=1)
    sheet.hide_columns(2, 3)
    found = book.fetch_sheet_metadata(params={"includeGridData": "true", "ranges": "A1:C1"})["sheets"][0]
    first, second = found["data"][0]["rowData"][0]["values"]
    assert first["dataValidation"]["condition"]["values"][1] == {"userEnteredValue": "Nej"}
    assert second["formattedValue"] == "50%"
    assert second["userEnteredFormat"]["textFormat"] == {"bold": True}
    assert found["properties"]["gridProperties"]["frozenRowCount"] == 1
    assert found["data"][0]["columnMetadata"][2]["hiddenByUser"] is True
    assert google.control.problems()["answers"] == []


def test_copying_and_cutting(sheet: gspread.Worksheet) -> None:
    sheet.update([[1, "=A1+1"], [2, "=A2+1"]], "A1", value_input_option="USER_ENTERED")
    sheet.copy_range("A1:B2", "D1:E2")
    assert sheet.acell("E2", "FORMULA").value == "=D2+1"
    sheet.cut_range("A1:A2", "G1")
    assert sheet.get_values("G1:G2") == [["1"], ["2"]]
    assert sheet.col_values(1) == []


def test_developer_metadata(book: gspread.Spreadsheet) -> None:
    row = {"sheetId": 0, "dimension": "ROWS", "startIndex": 4, "endIndex": 5}
    made = {
        "metadataKey": "id",
        "metadataValue": "7",
        "visibility": "DOCUMENT",
        "location": {"dimensionRange": row},
    }
    do(book, {"createDeveloperMetadata": {"developerMetadata": made}})
    book.sheet1.update([["rad fem"]], "A5")
    url = f"https://sheets.googleapis.com/v4/spreadsheets/{book.id}"
    lookup = {"developerMetadataLookup": {"metadataKey": "id", "metadataValue": "7"}}
    found = book.client.request(
        "post", f"{url}/developerMetadata:search", json={"dataFilters": [lookup]}
    ).json()
    assert found["matchedDeveloperMetadata"][0]["developerMetadata"]["location"]["locationType"] == "ROW"
    values = book.client.request(
        "post", f"{url}/values:batchGetByDataFilter", json={"dataFilters": [lookup]}
    ).json()
    assert values["valueRanges"][0]["valueRange"]["values"] == [["rad fem"]]


def test_what_was_added_can_be_changed_and_taken_away(book: gspread.Spreadsheet) -> None:
    place = {"sheetId": 0, "startRowIndex": 0, "endRowIndex": 3, "startColumnIndex": 0, "endColumnIndex": 2}
    rows = {"sheetId": 0, "dimension": "ROWS", "startIndex": 1, "endIndex": 3}
    made = do(
        book,
        {"addNamedRange": {"namedRange": {"name": "gammalt", "range": place}}},
        {"addProtectedRange": {"protectedRange": {"range": place, "description": "före"}}},
        {"addBanding": {"bandedRange": {"range": place, "rowProperties": {"firstBandColor": {"red": 1}}}}},
        {"addDimensionGroup": {"range": rows}},
    )["replies"]
    named = made[0]["addNamedRange"]["namedRange"]["namedRangeId"]
    guarded = made[1]["addProtectedRange"]["protectedRange"]["protectedRangeId"]
    do(
        book,
        {"updateNamedRange": {"namedRange": {"namedRangeId": named, "name": "nytt"}, "fields": "name"}},
        {
            "updateProtectedRange": {
                "protectedRange": {"protectedRangeId": guarded, "description": "efter"},
                "fields": "description",
            }
        },
        {
            "updateDimensionGroup": {
                "dimensionGroup": {"range": rows, "depth": 1, "collapsed": True},
                "fields": "collapsed",
            }
        },
    )
    found = book.fetch_sheet_metadata()
    sheet = found["sheets"][0]
    assert found["namedRanges"][0]["name"] == "nytt"
    assert sheet["protectedRanges"][0]["description"] == "efter"
    assert sheet["rowGroups"][0]["collapsed"] is True
    banded = made[2]["addBanding"]["bandedRange"]["bandedRangeId"]
    do(
        book,
        {"deleteNamedRange": {"namedRangeId": named}},
        {"deleteProtectedRange": {"protectedRangeId": guarded}},
        {"deleteBanding": {"bandedRangeId": banded}},
        {"deleteDimensionGroup": {"range": rows}},
    )
    found = book.fetch_sheet_metadata()
    assert found.keys() == {"spreadsheetId", "properties", "sheets", "spreadsheetUrl"}
    assert found["sheets"][0].keys() == {"properties"}
