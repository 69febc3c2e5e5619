"""Every kind of hand edit, seen by the real gspread; sharing, protection and Drive's late news."""

from typing import Any

import gspread
import pytest
import requests
from gspread.exceptions import APIError

from tests.sheets_server.serving import LocalGoogle

ROWS = [["Nr", "Namn", "Antal"], ["1", "Björk", "10"], ["2", "Al", "30"], ["3", "Ceder", "20"]]


@pytest.fixture
def sheet(google: LocalGoogle, client: gspread.Client) -> gspread.Worksheet:
    made = google.control.spreadsheet("Träd", {"Lista": ROWS, "Annat": [["x"]]})
    return client.open_by_key(made).worksheet("Lista")


@pytest.mark.parametrize(
    ("edit", "details", "wanted"),
    [
        ("insert_rows", {"at": 1}, [ROWS[0], ["", "", ""], *ROWS[1:]]),
        ("insert_columns", {"at": 0}, [["", *row] for row in ROWS]),
        ("delete_rows", {"key": "2"}, [ROWS[0], ROWS[1], ROWS[3]]),
        ("delete_rows", {"key": "Al", "header": "Namn"}, [ROWS[0], ROWS[1], ROWS[3]]),
        ("delete_columns", {"header": "Namn"}, [[row[0], row[2]] for row in ROWS]),
        ("move_rows", {"at": 1, "to": 4}, [ROWS[0], ROWS[2], ROWS[3], ROWS[1]]),
        ("move_columns", {"header": "Nr", "to": 3}, [[row[1], row[2], row[0]] for row in ROWS]),
        ("sort", {"header": "Namn"}, [ROWS[0], ROWS[2], ROWS[1], ROWS[3]]),
        ("sort", {"header": "Antal", "descending": True}, [ROWS[0], ROWS[2], ROWS[3], ROWS[1]]),
        ("rename_header", {"header": "Antal", "to": "Summa"}, [["Nr", "Namn", "Summa"], *ROWS[1:]]),
        ("delete_header", {"header": "Antal"}, [["Nr", "Namn", ""], *ROWS[1:]]),
        ("append", {"values": [["4", "Ek", "5"]]}, [*ROWS, ["4", "Ek", "5"]]),
        ("type", {"key": "2", "column": "Antal", "value": "7,5"}, [*ROWS[:2], ["2", "Al", "7,5"], ROWS[3]]),
        ("type", {"range": "Lista!A2", "values": [["9"]]}, [ROWS[0], ["9", "Björk", "10"], *ROWS[2:]]),
    ],
)
def test_edits_between_two_reads(
    google: LocalGoogle, sheet: gspread.Worksheet, edit: str, details: dict[str, Any], wanted: list[list[str]]
) -> None:
    assert sheet.get_all_values() == ROWS
    google.control.edit(edit, "Träd", sheet="Lista", **details)
    assert sheet.get_all_values() == wanted


def test_people_type_in_their_own_locale(google: LocalGoogle, sheet: gspread.Worksheet) -> None:
    google.control.edit("type", "Träd", range="Lista!C2", values=[["1 234,5"], ["2022-01-24"], ["=C2*2"]])
    assert sheet.get("C2:C4", value_render_option="UNFORMATTED_VALUE") == [[1234.5], [44585], [2469]]


def test_an_edit_lands_between_our_read_and_our_write(google: LocalGoogle, sheet: gspread.Worksheet) -> None:
    sort = {"edit": "sort", "spreadsheet": "Träd", "sheet": "Lista", "header": "Namn"}
    google.control.fault(match={"operation": "sheets.values.update"}, before=[sort], times=1)
    row = sheet.find("Björk").row
    sheet.update_cell(row, 3, 99)
    assert google.control.values("Träd", "Lista")[1] == [2, "Al", 99]


def test_sheets_are_renamed_hidden_and_deleted(google: LocalGoogle, sheet: gspread.Worksheet) -> None:
    google.control.edit("rename_sheet", "Träd", sheet="Lista", to="Förteckning")
    with pytest.raises(APIError, match="Unable to parse range: 'Lista'"):
        sheet.get_all_values()
    google.control.edit("hide_sheet", "Träd", sheet="Annat")
    assert [item.title for item in sheet.spreadsheet.worksheets(exclude_hidden=True)] == ["Förteckning"]
    google.control.edit("delete_sheet", "Träd", sheet="Annat")
    google.control.edit("add_sheet", "Träd", title="Nytt")
    assert [item.title for item in sheet.spreadsheet.worksheets()] == ["Förteckning", "Nytt"]


def test_protected_ranges_stop_the_app_and_not_the_owner(
    google: LocalGoogle, sheet: gspread.Worksheet
) -> None:
    google.control.edit("protect", "Träd", range="Lista!1:1")
    with pytest.raises(APIError) as error:
        sheet.update_cell(1, 1, "Nummer")
    assert (error.value.code, error.value.error["status"]) == (400, "INVALID_ARGUMENT")
    assert error.value.error["message"].startswith("You are trying to edit a protected cell or object.")
    with pytest.raises(APIError, match=r"Invalid requests\[0\].deleteDimension: You are trying to edit"):
        sheet.delete_rows(1)
    sheet.update_cell(2, 1, "5")
    google.control.edit("type", "Träd", range="Lista!A1", value="Nummer")
    google.control.edit("unprotect", "Träd", sheet="Lista")
    sheet.update_cell(1, 1, "Nr")


def test_revoked_sharing(google: LocalGoogle, client: gspread.Client, sheet: gspread.Worksheet) -> None:
    google.control.edit("revoke", "Träd")
    with pytest.raises(APIError) as error:
        sheet.get_all_values()
    assert (error.value.code, error.value.error["status"]) == (403, "PERMISSION_DENIED")
    with pytest.raises(PermissionError):
        client.open_by_key(sheet.spreadsheet_id)
    with pytest.raises(APIError) as error:
        client.http_client.get_file_drive_metadata(sheet.spreadsheet_id)
    assert error.value.code == 404
    google.control.edit("share", "Träd", role="reader")
    assert sheet.get_all_values() == ROWS
    with pytest.raises(APIError, match="does not have permission"):
        sheet.update_cell(2, 1, "5")


def test_a_deleted_spreadsheet(google: LocalGoogle, client: gspread.Client, sheet: gspread.Worksheet) -> None:
    google.control.edit("delete_file", "Träd")
    with pytest.raises(APIError) as error:
        sheet.get_all_values()
    assert (error.value.code, error.value.error["message"]) == (404, "Requested entity was not found.")


def test_drive_tells_of_hand_edits_late(
    google: LocalGoogle, client: gspread.Client, sheet: gspread.Worksheet
) -> None:
    def probe() -> tuple[str, str]:
        url = f"https://www.googleapis.com/drive/v3/files/{sheet.spreadsheet_id}"
        found = client.http_client.request("get", url, params={"fields": "version,modifiedTime"}).json()
        return found["version"], found["modifiedTime"]

    google.control.clock(stop=True)
    google.control.settings(hand_lag=180)
    before = probe()
    google.control.edit("type", "Träd", range="Lista!A2", value="8")
    google.control.clock(advance=179)
    assert probe() == before
    assert sheet.acell("A2").value == "8"
    google.control.clock(advance=1)
    seen = probe()
    assert int(seen[0]) > int(before[0])
    assert seen[1] > before[1]
    sheet.update_cell(2, 1, "9")
    assert int(probe()[0]) == int(seen[0]) + 1


def test_control_over_http(google: LocalGoogle, sheet: gspread.Worksheet) -> None:
    def tell(method: str, /, **given: Any) -> requests.Response:
        return requests.post(f"{google.url}/_control/{method}", json=given, timeout=5)

    made = tell("spreadsheet", name="Nytt", sheets={"Ett": [["a"]], "Två": []}).json()["result"]
    assert sheet.client.session.get(
        f"{google.url}/v4/spreadsheets/{made}?fields=sheets.properties.title"
    ).json() == {"sheets": [{"properties": {"title": "Ett"}}, {"properties": {"title": "Två"}}]}
    tell("edit", edit="type", spreadsheet="Nytt", range="Ett!A2", value="b")
    assert tell("values", spreadsheet="Nytt", sheet="Ett").json()["result"] == [["a"], ["b"]]
    tell("fault", fault={"status": 503}, match={"kind": "read"}, times=1)
    with pytest.raises(APIError):
        sheet.acell("A1")
    assert tell("rules").json()["result"][0]["hits"] == 1
    wrong = tell("edit", edit="trolla", spreadsheet="Nytt")
    assert (wrong.status_code, "unknown edit" in wrong.json()["error"]) == (400, True)
    assert tell("finns_inte").status_code == 404
