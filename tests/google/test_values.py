"""Values through the real gspread: ranges, options, entering, appending."""

import gspread
import pytest
from gspread.exceptions import APIError
from gspread.utils import DateTimeOption, InsertDataOption, ValueInputOption, ValueRenderOption

from tests.sheets_server.serving import LocalGoogle

RAW, TYPED = ValueInputOption.raw, ValueInputOption.user_entered
BARE, FORMULA = ValueRenderOption.unformatted, ValueRenderOption.formula


def refused(error: pytest.ExceptionInfo[APIError]) -> str:
    return str(error.value.error["message"])


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ("Sheet1", "Sheet1!A1:Z1000"),
        ("'Sheet1'!B2", "Sheet1!B2"),
        ("sheet1!b2:a1", "Sheet1!A1:B2"),
        ("A:B", "Sheet1!A1:B1000"),
        ("2:3", "Sheet1!A2:Z3"),
        ("B3:C", "Sheet1!B3:C1000"),
        ("B3:4", "Sheet1!B3:Z4"),
        ("$A$1:$B$2", "Sheet1!A1:B2"),
        ("R2C3", "Sheet1!C2"),
        ("Sheet1!R1C1:R2C2", "Sheet1!A1:B2"),
        ("Sheet1!A1:AZ5000", "Sheet1!A1:Z1000"),
        ("Namn", "Sheet1!B2:C3"),
        ("Sheet1!Namn", "Sheet1!B2:C3"),
        ("'Det är \"mitt\" blad''s'!A1", "'Det är \"mitt\" blad''s'!A1"),
        ("Mål!A1:B1", "'Mål'!A1:B1"),
    ],
)
def test_ranges_of_every_form(book: gspread.Spreadsheet, asked: str, named: str) -> None:
    book.sheet1.define_named_range("B2:C3", "Namn")
    book.add_worksheet('Det är "mitt" blad\'s', 5, 5)
    book.add_worksheet("Mål", 5, 5)
    assert book.values_get(asked)["range"] == named


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("Finns inte!A1", "Unable to parse range: Finns inte!A1"),
        ("Sheet1!A0", "Unable to parse range: Sheet1!A0"),
        ("Sheet1!", "Unable to parse range: Sheet1!"),
        ("A1001", "Range (Sheet1!A1001) exceeds grid limits. Max rows: 1000, max columns: 26"),
        ("AA1:AB2", "Range (Sheet1!AA1:AB2) exceeds grid limits. Max rows: 1000, max columns: 26"),
    ],
)
def test_bad_ranges_are_refused_as_google_does(book: gspread.Spreadsheet, asked: str, said: str) -> None:
    with pytest.raises(APIError) as error:
        book.values_get(asked)
    assert (error.value.code, refused(error)) == (400, said)


def test_writing_outside_the_grid(sheet: gspread.Worksheet) -> None:
    sheet.resize(3, 2)
    with pytest.raises(APIError) as error:
        sheet.update([[1]], "A4")
    assert refused(error) == "Range (Sheet1!A4) exceeds grid limits. Max rows: 3, max columns: 2"
    with pytest.raises(APIError) as error:
        sheet.update([[1, 2, 3]], "A1")
    assert refused(error) == "Requested writing within range [Sheet1!A1], but tried writing to column [C]"
    with pytest.raises(APIError) as error:
        sheet.update([[1], [2]], "A1:B1")
    assert refused(error) == "Requested writing within range [Sheet1!A1:B1], but tried writing to row [2]"
    assert sheet.get_all_values() == [[]]


def test_empty_ends_are_cut_for_each_row_or_column(sheet: gspread.Worksheet) -> None:
    sheet.update([["a", "", "c"], ["", ""], ["x"]], "A1")
    assert sheet.get("A1:D5", pad_values=False) == [["a", "", "c"], [], ["x"]]
    columns = sheet.get("A1:D5", major_dimension="COLUMNS", pad_values=False)
    assert columns == [["a", "", "x"], [], ["c"]]


@pytest.mark.parametrize(
    ("locale", "typed", "bare", "shown"),
    [
        ("en_US", "0042", 42, "42"),
        ("en_US", "1,234.5", 1234.5, "1,234.50"),
        ("en_US", "12%", 0.12, "12%"),
        ("en_US", "$5", 5, "$5"),
        ("en_US", "1/31/2020", 43861, "1/31/2020"),
        ("en_US", "2020-01-31", 43861, "2020-01-31"),
        ("en_US", "3,5", "3,5", "3,5"),
        ("en_US", "true", True, "TRUE"),
        ("en_US", "'0042", "0042", "0042"),
        ("sv_SE", "3,5", 3.5, "3,5"),
        ("sv_SE", "3.5", "3.5", "3.5"),
        ("sv_SE", "1 234,5", 1234.5, "1\u00a0234,50"),
        ("sv_SE", "2022-01-24", 44585, "2022-01-24"),
        ("sv_SE", "24/1/2022", 44585, "24/1/2022"),
        ("sv_SE", "sant", True, "SANT"),
        ("sv_SE", "00123456", 123456, "123456"),
        ("sv_SE", "08:15", 0.34375, "8:15"),
    ],
)
def test_what_people_type(
    book: gspread.Spreadsheet, locale: str, typed: str, bare: object, shown: str
) -> None:
    book.update_locale(locale)
    book.sheet1.update([[typed]], "A1", value_input_option=TYPED)
    assert book.sheet1.acell("A1", BARE).value == bare
    assert book.sheet1.acell("A1").value == shown


def test_raw_text_stays_text(sheet: gspread.Worksheet) -> None:
    sheet.update([["0042", "=1+1", "2020-01-31", True, 3.0, None]], "A1", value_input_option=RAW)
    assert sheet.get("A1:F1", value_render_option=BARE) == [["0042", "=1+1", "2020-01-31", True, 3]]


def test_dates_as_numbers_or_text(sheet: gspread.Worksheet) -> None:
    sheet.update([["2020-01-31", "12:00"]], "A1", value_input_option=TYPED)
    text = DateTimeOption.formatted_string
    assert sheet.get("A1:B1", value_render_option=BARE) == [[43861, 0.5]]
    assert sheet.get("A1:B1", value_render_option=BARE, date_time_render_option=text) == [
        ["2020-01-31", "12:00"]
    ]


def test_null_leaves_a_cell_and_empty_text_clears_it(sheet: gspread.Worksheet) -> None:
    sheet.update([[1, 2, 3]], "A1")
    sheet.update([[None, "", 4]], "A1")
    assert sheet.get_all_values() == [["1", "", "4"]]


def test_formulas_are_worked_out_and_follow_their_cells(sheet: gspread.Worksheet) -> None:
    rows = [
        [1, "=A1*2"],
        [2, "=SUM(A1:A2)"],
        ["=1/0", "=B9&Sheet1!A1"],
        ["=NONSENSE(1)", '=IF(A1>0;"ja";"nej")'],
    ]
    sheet.update(rows, "A1", value_input_option=TYPED)
    assert sheet.get_all_values() == [["1", "2"], ["2", "3"], ["#DIV/0!", "1"], ["#NAME?", "ja"]]
    sheet.insert_rows([["ny"]], 2)
    assert sheet.acell("B3", FORMULA).value == "=SUM(A1:A3)"
    sheet.delete_rows(1)
    assert sheet.acell("B2", FORMULA).value == "=SUM(A1:A2)"
    assert sheet.acell("B3", FORMULA).value == "=B9&#REF!"


def test_append_goes_below_the_last_table_of_the_range(sheet: gspread.Worksheet) -> None:
    sheet.update([["a", "b"], [1, 2]], "A1")
    sheet.update([["x", "y"], [3, 4]], "C5")
    found = sheet.append_row([5, 6])
    assert (found["tableRange"], found["updates"]["updatedRange"]) == ("Sheet1!C5:D6", "Sheet1!C7:D7")
    found = sheet.append_row([7, 8], table_range="A1")
    assert found["updates"]["updatedRange"] == "Sheet1!A3:B3"


def test_append_overwrites_what_stands_below_a_blank_row(sheet: gspread.Worksheet) -> None:
    sheet.update([["a"], ["b"], [""], ["kvar"]], "A1")
    sheet.append_rows([["1"], ["2"]], table_range="A1")
    assert sheet.col_values(1) == ["a", "b", "1", "2"]


def test_append_with_insert_rows_moves_it_down(sheet: gspread.Worksheet) -> None:
    sheet.update([["a"], ["b"], [""], ["kvar"]], "A1")
    sheet.append_rows([["1"], ["2"]], insert_data_option=InsertDataOption.insert_rows, table_range="A1")
    assert sheet.col_values(1) == ["a", "b", "1", "2", "", "kvar"]
    assert (
        sheet.spreadsheet.fetch_sheet_metadata()["sheets"][0]["properties"]["gridProperties"]["rowCount"]
        == 1002
    )


def test_append_grows_a_full_grid(sheet: gspread.Worksheet) -> None:
    sheet.resize(2, 2)
    sheet.update([[1, 2], [3, 4]], "A1")
    sheet.append_row([5, 6, 7])
    assert sheet.get_all_values()[2] == ["5", "6", "7"]


def test_batch_update_counts_a_row_once(book: gspread.Spreadsheet) -> None:
    data = [
        {
            "range": "Sheet1!A1:A4",
            "majorDimension": "COLUMNS",
            "values": [["Item", "Wheel", "Door", "Engine"]],
        },
        {"range": "Sheet1!B1:D2", "values": [["Cost", "Stocked", "Date"], ["$20.50", "4", "3/1/2016"]]},
    ]
    found = book.values_batch_update({"valueInputOption": "USER_ENTERED", "data": data})
    names = ("totalUpdatedRows", "totalUpdatedColumns", "totalUpdatedCells", "totalUpdatedSheets")
    assert [found[name] for name in names] == [4, 4, 10, 1]


def test_a_batch_of_values_is_all_or_nothing(book: gspread.Spreadsheet) -> None:
    data = [{"range": "A1", "values": [[1]]}, {"range": "Nej!A1", "values": [[1]]}]
    with pytest.raises(APIError, match="Unable to parse range: Nej!A1"):
        book.values_batch_update({"valueInputOption": "RAW", "data": data})
    assert book.sheet1.get_all_values() == [[]]


def test_unknown_fields_and_wrong_types_are_refused(google: LocalGoogle, book: gspread.Spreadsheet) -> None:
    send = book.client.request
    url = f"https://sheets.googleapis.com/v4/spreadsheets/{book.id}"
    with pytest.raises(APIError) as error:
        send("post", f"{url}:batchUpdate", json={"requests": [{"addSheet": {"propertys": {}}}]})
    assert refused(error) == (
        'Invalid JSON payload received. Unknown name "propertys" '
        "at 'requests[0].add_sheet': Cannot find field."
    )
    with pytest.raises(APIError) as error:
        send("put", f"{url}/values/A1", params={"valueInputOption": "RAW"}, json={"values": ["x"]})
    assert refused(error).startswith("Invalid value at 'data.values[0]'")
    with pytest.raises(APIError) as error:
        send("get", url, params={"fields": "sheets.propertis"})
    assert error.value.error["details"][0]["fieldViolations"][0]["field"] == "sheets.propertis"
    with pytest.raises(APIError) as error:
        send("get", f"{url}/values/A1", params={"valueRender": "X"})
    assert "Cannot bind query parameter" in refused(error)
    with pytest.raises(APIError) as error:
        send("put", f"{url}/values/A1", json={"values": [[1]]})
    assert refused(error) == "'valueInputOption' is required but not specified"


def test_data_filters(book: gspread.Spreadsheet) -> None:
    book.sheet1.update([[1, 2], [3, 4]], "A1")
    url = f"https://sheets.googleapis.com/v4/spreadsheets/{book.id}"
    place = {"sheetId": 0, "startRowIndex": 1, "endRowIndex": 2}
    filters = [{"a1Range": "A1:B1"}, {"gridRange": place}]
    found = book.client.request(
        "post",
        f"{url}/values:batchGetByDataFilter",
        json={"dataFilters": filters, "valueRenderOption": "UNFORMATTED_VALUE"},
    ).json()
    assert [item["valueRange"]["values"] for item in found["valueRanges"]] == [[[1, 2]], [[3, 4]]]
    body = {"dataFilters": filters[:1], "includeGridData": True}
    whole = book.client.request("post", f"{url}:getByDataFilter", json=body).json()
    assert whole["sheets"][0]["data"][0]["rowData"][0]["values"][1]["formattedValue"] == "2"
