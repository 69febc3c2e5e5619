"""Each way to fail, through the real gspread: what the caller sees, and what was written."""

import time
from typing import Any

import gspread
import pytest
import requests
from gspread.exceptions import APIError

from tests.sheets_server.client import connect
from tests.sheets_server.serving import LocalGoogle


@pytest.fixture
def patient(google: LocalGoogle) -> gspread.Client:
    """A client that waits one second."""
    found = connect(google.url)
    found.http_client.set_timeout(1)
    return found


@pytest.fixture
def sheet(google: LocalGoogle, patient: gspread.Client) -> gspread.Worksheet:
    made = google.control.spreadsheet("Prov", {"Blad": [["Id", "Värde"]]})
    return patient.open_by_key(made).worksheet("Blad")


def stored(google: LocalGoogle, settle: float = 0) -> list[list[Any]]:
    """Return what was written, once all that is under way has landed."""
    until = time.monotonic() + settle
    while google.control.pending() and time.monotonic() < until:
        time.sleep(0.02)
    return google.control.values("Prov", "Blad")[1:]


@pytest.mark.parametrize(
    ("status", "word"), [(429, "RESOURCE_EXHAUSTED"), (500, "INTERNAL"), (503, "UNAVAILABLE")]
)
@pytest.mark.parametrize("when", ["before", "after"])
def test_error_answers(
    google: LocalGoogle, sheet: gspread.Worksheet, status: int, word: str, when: str
) -> None:
    google.control.fault({"status": status, "when": when}, match={"kind": "write"}, times=1)
    with pytest.raises(APIError) as error:
        sheet.append_row(["1", "a"])
    assert (error.value.code, error.value.error["status"]) == (status, word)
    assert stored(google) == ([["1", "a"]] if when == "after" else [])
    sheet.append_row(["2", "b"])


def test_429_carries_the_real_body(google: LocalGoogle, sheet: gspread.Worksheet) -> None:
    google.control.fault({"status": 429, "retry_after": 7}, times=1)
    with pytest.raises(APIError) as error:
        sheet.get_all_values()
    info = error.value.error["details"][0]
    assert info["reason"] == "RATE_LIMIT_EXCEEDED"
    assert info["metadata"]["quota_limit"] == "ReadRequestsPerMinutePerUser"
    assert error.value.response.headers["Retry-After"] == "7"


def test_html_from_the_front_end(google: LocalGoogle, sheet: gspread.Worksheet) -> None:
    google.control.fault("502", match={"operation": "sheets.values.append"}, times=1)
    with pytest.raises(APIError) as error:
        sheet.append_row(["1", "a"])
    assert error.value.response.status_code == 502
    assert "<!DOCTYPE html>" in error.value.response.text
    assert stored(google) == []


@pytest.mark.parametrize(("when", "written"), [("before", []), ("after", [["1", "a"]])])
@pytest.mark.parametrize("kind", ["reset", "half"])
def test_cut_connections(
    google: LocalGoogle, sheet: gspread.Worksheet, kind: str, when: str, written: list[list[str]]
) -> None:
    google.control.fault({"kind": kind, "when": when}, match={"kind": "write"}, times=1)
    with pytest.raises(requests.exceptions.RequestException):
        sheet.append_row(["1", "a"])
    assert stored(google) == written


@pytest.mark.slow
@pytest.mark.parametrize(("when", "written"), [("before", []), ("after", [["1", "a"]])])
def test_no_answer(
    google: LocalGoogle, sheet: gspread.Worksheet, when: str, written: list[list[str]]
) -> None:
    google.control.fault({"kind": "hang", "when": when}, match={"kind": "write"}, times=1)
    with pytest.raises(requests.exceptions.ReadTimeout):
        sheet.append_row(["1", "a"])
    assert stored(google) == written


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["hang", "reset", "status"])
def test_a_commit_that_lands_after_the_failure(
    google: LocalGoogle, sheet: gspread.Worksheet, kind: str
) -> None:
    google.control.fault({"kind": kind, "when": "after", "late": 1.5}, match={"kind": "write"}, times=1)
    with pytest.raises((requests.exceptions.RequestException, APIError)):
        sheet.append_row(["1", "a"])
    assert stored(google) == []
    assert google.control.pending() == 1
    assert stored(google, settle=5) == [["1", "a"]]


def test_slow_answers(google: LocalGoogle, sheet: gspread.Worksheet) -> None:
    google.control.fault({"kind": "slow", "seconds": 0.3}, times=1)
    start = time.monotonic()
    assert sheet.get_all_values() == [["Id", "Värde"]]
    assert time.monotonic() - start >= 0.3


def test_rules_count_skip_and_match(google: LocalGoogle, sheet: gspread.Worksheet) -> None:
    google.control.fault(503, match={"operation": "sheets.values.append", "body": "träff"}, skip=1, times=1)
    sheet.append_row(["annat"])
    sheet.append_row(["träff 1"])
    with pytest.raises(APIError):
        sheet.append_row(["träff 2"])
    sheet.append_row(["träff 3"])
    rule = google.control.rules()[0]
    assert (rule["seen"], rule["hits"]) == (3, 1)
    with pytest.raises(ValueError, match="can't be matched by"):
        google.control.fault(503, match={"operatoin": "x"})


def test_chance_with_a_seed_is_the_same_again(google: LocalGoogle, sheet: gspread.Worksheet) -> None:
    def run() -> list[int]:
        google.control.clear_faults()
        google.control.fault(faults=[429, 503, {"status": 503, "when": "after"}], rate=0.3, seed=5)
        google.control.clear_counts()
        for _ in range(40):
            try:
                sheet.acell("A1")
            except APIError:
                continue
        return [entry["status"] for entry in google.control.log()]

    first = run()
    assert first == run()
    assert 15 <= first.count(200) < 40


def test_someone_else_appends_at_the_same_moment(google: LocalGoogle, sheet: gspread.Worksheet) -> None:
    other = {"edit": "append", "spreadsheet": "Prov", "sheet": "Blad", "values": [["x", "annan"]]}
    google.control.fault(match={"kind": "write"}, times=1, before=[other])
    sheet.append_row(["1", "a"])
    assert stored(google) == [["x", "annan"], ["1", "a"]]


def test_someone_elses_append_lands_on_ours(google: LocalGoogle, sheet: gspread.Worksheet) -> None:
    other = {"edit": "overwrite", "spreadsheet": "Prov", "sheet": "Blad", "values": [["x", "annan"]]}
    google.control.fault(match={"kind": "write"}, times=1, after=[other])
    assert sheet.append_row(["1", "a"])["updates"]["updatedRange"] == "Blad!A2:B2"
    assert stored(google) == [["x", "annan"]]


def test_quota_of_a_minute_with_a_clock_moved_by_hand(google: LocalGoogle, sheet: gspread.Worksheet) -> None:
    google.control.clock(stop=True)
    google.control.clock(advance=120)
    google.control.quota(read=3, write=2)
    for _ in range(3):
        sheet.acell("A1")
    with pytest.raises(APIError) as error:
        sheet.acell("A1")
    assert "'Read requests per minute per user'" in error.value.error["message"]
    sheet.append_row(["1"])
    sheet.append_row(["2"])
    with pytest.raises(APIError, match="Write requests per minute per user"):
        sheet.append_row(["3"])
    assert google.control.quota_used() == {"read": 3, "write": 2}
    google.control.clock(advance=60)
    sheet.append_row(["3"])
    assert stored(google) == [["1"], ["2"], ["3"]]


def test_requests_are_counted_by_kind(
    google: LocalGoogle, patient: gspread.Client, sheet: gspread.Worksheet
) -> None:
    google.control.clear_counts()
    sheet.spreadsheet.values_batch_get(["A1", "B1"])
    sheet.append_row(["1"])
    patient.list_spreadsheet_files()
    counts = google.control.counts()["requests"]
    assert (counts["sheets.read"], counts["sheets.write"], counts["drive"], counts["all"]) == (1, 1, 1, 3)
    assert counts["sheets.values.batchGet"] == 1


def test_an_edit_that_no_longer_fits_does_not_break_the_request(
    google: LocalGoogle, sheet: gspread.Worksheet
) -> None:
    gone = {"edit": "delete_rows", "spreadsheet": "Prov", "sheet": "Blad", "key": "finns inte"}
    google.control.fault(match={"kind": "read"}, before=[gone])
    assert sheet.get_all_values() == [["Id", "Värde"]]
    assert "finns inte" in google.control.problems()["edits"][0]
