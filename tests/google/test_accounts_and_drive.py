"""Tokens through the real google-auth, and the Drive calls of the real gspread."""

import subprocess
import sys
from pathlib import Path

import google.auth.exceptions
import gspread
import pytest
import requests
from gspread.exceptions import APIError
from gspread.utils import ExportFormat

from tests.sheets_server.client import connect, connect_as_service_account
from tests.sheets_server.serving import LocalGoogle

ROOT = Path(__file__).resolve().parents[2]
EMAIL = "appen@prov.iam.gserviceaccount.com"
READ_ONLY = "https://www.googleapis.com/auth/spreadsheets.readonly"


def test_a_service_account_signs_in_and_sees_what_is_shared_with_it(google: LocalGoogle) -> None:
    key = google.control.service_account(EMAIL)
    client = connect_as_service_account(google.url, key)
    made = google.control.spreadsheet("Delad", {"Blad": [["a"]]}, shared_with=[])
    with pytest.raises(PermissionError):
        client.open_by_key(made)
    google.control.edit("share", made, email=EMAIL)
    assert client.open_by_key(made).sheet1.get_all_values() == [["a"]]
    assert [file["name"] for file in client.list_spreadsheet_files()] == ["Delad"]


def test_a_wrong_key_is_refused(google: LocalGoogle) -> None:
    old = google.control.service_account(EMAIL)
    google.control.service_account(EMAIL)
    with pytest.raises(google_auth_refresh_error(), match="Invalid JWT Signature"):
        connect_as_service_account(google.url, old).list_spreadsheet_files()


def google_auth_refresh_error() -> type[Exception]:
    return google.auth.exceptions.RefreshError


def test_scopes_that_are_too_narrow(google: LocalGoogle) -> None:
    key = google.control.service_account(EMAIL)
    made = google.control.spreadsheet("Delad", {"Blad": [["a"]]}, shared_with=[EMAIL])
    client = connect_as_service_account(google.url, key, (READ_ONLY,))
    sheet = client.open_by_key(made).sheet1
    with pytest.raises(APIError) as error:
        sheet.append_row(["b"])
    assert (error.value.code, error.value.error["status"]) == (403, "PERMISSION_DENIED")
    assert "insufficient authentication scopes" in error.value.error["message"]


def test_expired_tokens_are_fetched_anew(google: LocalGoogle) -> None:
    google.control.clock(stop=True)
    client = connect_as_service_account(google.url, google.control.service_account(EMAIL))
    client.list_spreadsheet_files()
    google.control.clock(advance=3600)
    client.list_spreadsheet_files()
    assert google.control.counts()["requests"]["oauth.token"] == 2


def test_only_known_tokens_when_told_so(google: LocalGoogle) -> None:
    google.control.settings(any_token=False)
    url = f"{google.url}/v4/spreadsheets/x"
    for headers in ({"Authorization": "Bearer okänd"}, {}):
        found = requests.get(url, headers={name: text.encode() for name, text in headers.items()}, timeout=5)
        assert (found.status_code, found.json()["error"]["status"]) == (401, "UNAUTHENTICATED")
    assert connect(google.url, google.control.token()).list_spreadsheet_files() == []


def test_files_are_made_listed_copied_renamed_and_deleted(client: gspread.Client) -> None:
    first = client.create("Första 'filen'")
    first.sheet1.update([["a", "b"], [1, 2]], "A1")
    copy = client.copy(first.id, title="Kopia")
    assert copy.sheet1.get_all_values() == [["a", "b"], ["1", "2"]]
    copy.sheet1.update([["z"]], "A1")
    assert first.sheet1.acell("A1").value == "a"
    assert client.open("Första 'filen'").id == first.id
    first.update_title("Nytt namn")
    assert {item["name"] for item in client.list_spreadsheet_files()} == {"Kopia", "Nytt namn"}
    client.del_spreadsheet(copy.id)
    with pytest.raises(gspread.SpreadsheetNotFound):
        client.open("Kopia")
    with pytest.raises(gspread.SpreadsheetNotFound):
        client.open_by_key(copy.id)


def test_export_and_import(book: gspread.Spreadsheet) -> None:
    book.sheet1.update([["a", 'b "c"'], ["", "3,5"]], "A1")
    assert book.export(ExportFormat.CSV) == b'a,"b ""c"""\r\n,"3,5"'
    assert book.export(ExportFormat.EXCEL)[:2] == b"PK"
    book.client.import_csv(book.id, "x,y\n1,2\n")
    assert book.sheet1.get_all_values() == [["x", "y"], ["1", "2"]]


def test_sharing(google: LocalGoogle, book: gspread.Spreadsheet) -> None:
    book.share("rektor@example.test", "user", "reader", notify=False)
    book.share(None, "anyone", "reader")
    found = {item["type"]: item["role"] for item in book.list_permissions() if item["role"] != "owner"}
    assert found == {"user": "reader", "anyone": "reader"}
    assert book.remove_permissions("rektor@example.test") != []
    other = connect(google.url, google.control.token("rektor@example.test"))
    assert other.open_by_key(book.id).title == "Prov"
    with pytest.raises(APIError) as error:
        other.open_by_key(book.id).sheet1.update([[1]], "A1")
    assert error.value.code == 403


def test_drive_refuses_unknown_fields_and_files(client: gspread.Client, book: gspread.Spreadsheet) -> None:
    url = f"https://www.googleapis.com/drive/v3/files/{book.id}"
    with pytest.raises(APIError) as error:
        client.http_client.request("get", url, params={"fields": "id,nmae"})
    assert error.value.error["message"] == "Invalid field selection nmae"
    with pytest.raises(APIError) as error:
        client.http_client.request("get", f"{url}x")
    assert error.value.error["message"] == f"File not found: {book.id}x."
    with pytest.raises(APIError) as error:
        client.http_client.request("get", f"{url}/export", params={"mimeType": "image/png"})
    assert error.value.error["message"] == "The requested conversion is not supported."


def test_a_drive_version_grows_with_every_write(client: gspread.Client, book: gspread.Spreadsheet) -> None:
    url = f"https://www.googleapis.com/drive/v3/files/{book.id}"

    def version() -> int:
        return int(client.http_client.request("get", url, params={"fields": "version"}).json()["version"])

    before = version()
    book.sheet1.get_all_values()
    assert version() == before
    book.sheet1.append_row([1])
    assert version() == before + 1


def test_addresses_that_nobody_answers(google: LocalGoogle) -> None:
    found = requests.get(f"{google.url}/v4/spreadsheet/x", headers={"Authorization": "Bearer x"}, timeout=5)
    assert (found.status_code, "Error 404 (Not Found)" in found.text) == (404, True)


@pytest.mark.slow
def test_it_runs_by_itself() -> None:
    command = [sys.executable, "-m", "tests.sheets_server", "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            url = process.stdout.readline().split()[3]
            client = connect(url)
            assert client.list_spreadsheet_files() == []
            client.create("Ensam").sheet1.update([[1]], "A1")
            assert requests.post(f"{url}/_control/files", timeout=5).json()["result"][0]["name"] == "Ensam"
        finally:
            process.terminate()
