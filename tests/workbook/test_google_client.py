"""One call to Google: it worked, or nothing happened and a sentence says why, or nobody can tell."""

import socket

import pytest

from services.errors import (
    CellProtected,
    NotShared,
    OutcomeUnknown,
    QuotaUsedUp,
    RequestRefused,
    Unreachable,
    WorkbookTrouble,
)
from services.workbook.google import SheetsClient, in_sheet
from services.workbook.google_accounts import account_of_key, anonymous
from services.workbook.google_terms import SheetInfo, Target
from services.workbook.pacing import Pace, Patience
from tests.on_google import Time
from tests.sheets_server.serving import LocalGoogle, local_google

SHEETS = {"Blad": [["Id", "Värde"], ["a", "1,5"], ["b", "2"]], "Skolans omgång": [["x"]]}
SHORT = Patience(1.5)
NO_ANSWER = [
    503,
    500,
    502,
    "reset",
    "half",
    {"kind": "hang", "seconds": 30},
    {"kind": "status", "status": 503, "when": "after"},
    {"kind": "reset", "when": "after"},
]
"""Ways not to say whether a write was done."""


@pytest.fixture
def target(google: LocalGoogle) -> Target:
    return Target("vebs", google.control.spreadsheet("vebs", SHEETS))


def a_client(google: LocalGoogle, time: Time | None = None) -> SheetsClient:
    return SheetsClient(anonymous(), (time or Time()).pace(), google.url)


def adding(value: str) -> list[dict]:
    cells = [{"values": [{"userEnteredValue": {"stringValue": value}}]}]
    return [{"appendCells": {"sheetId": 0, "rows": cells, "fields": "userEnteredValue"}}]


def ids(google: LocalGoogle) -> list[str]:
    return [row[0] for row in google.control.values("vebs", "Blad")[1:]]


def test_values_come_by_column_as_typed_data_in_one_call(google: LocalGoogle, target: Target) -> None:
    google.control.clear_counts()
    found = a_client(google).values(target, [in_sheet("Blad"), in_sheet("Skolans omgång", "A1:B2")])
    assert found == [[["Id", "a", "b"], ["Värde", 1.5, 2]], [["x"]]]
    assert google.control.counts()["requests"]["all"] == 1


def test_formulas_are_told_where_they_are_asked_for(google: LocalGoogle, target: Target) -> None:
    google.control.edit("type", "vebs", range="Blad!B2", value="=1+1")
    assert a_client(google).values(target, ["Blad!B2"], formulas=True) == [[["=1+1"]]]
    assert a_client(google).values(target, ["Blad!B2"]) == [[[2]]]


def test_the_sheets_of_a_spreadsheet_and_the_spreadsheets_that_are_shared(
    google: LocalGoogle, target: Target
) -> None:
    google.control.edit("hide_sheet", "vebs", sheet="Skolans omgång")
    client = a_client(google)
    first, second = client.sheets(target)
    assert first == SheetInfo("Blad", 0, first.rows, first.columns, hidden=False)
    assert (second.title, second.hidden) == ("Skolans omgång", True)
    before = client.files()
    google.control.edit("type", "vebs", range="Blad!B2", value="3")
    (file,) = client.files()
    assert (file.id, file.name) == (target.id, "vebs")
    assert int(file.version) > int(before[0].version)


def test_a_change_shows_what_then_stands_there(google: LocalGoogle, target: Target) -> None:
    found = a_client(google).change(target, adding("c"), show=["Blad!A4"])
    data = found["updatedSpreadsheet"]["sheets"][0]["data"][0]
    assert data["rowData"][0]["values"][0]["userEnteredValue"] == {"stringValue": "c"}
    assert ids(google) == ["a", "b", "c"]


def test_a_new_spreadsheet_is_made(google: LocalGoogle) -> None:
    client = a_client(google)
    assert [file.id for file in client.files()] == []
    made = client.create("svar-2022")
    assert [(file.id, file.name) for file in client.files()] == [(made, "svar-2022")]


@pytest.mark.parametrize("fault", NO_ANSWER)
def test_a_read_is_tried_again_until_it_works(google: LocalGoogle, target: Target, fault) -> None:
    google.control.fault(fault, times=2)
    client = SheetsClient(anonymous(), Pace(sleep=lambda _: None), google.url)
    patience = Patience(0.4) if fault == NO_ANSWER[5] else SHORT
    if fault == NO_ANSWER[5]:
        with pytest.raises(Unreachable):  # the whole patience went by without an answer
            client.values(target, ["Blad!A2"], patience=patience)
    else:
        assert client.values(target, ["Blad!A2"], patience=patience) == [[["a"]]]


@pytest.mark.parametrize("fault", NO_ANSWER)
def test_a_write_without_an_answer_is_unknown_and_sent_only_once(
    google: LocalGoogle, target: Target, fault
) -> None:
    google.control.fault(fault, match={"kind": "write"})
    google.control.clear_counts()
    with pytest.raises(OutcomeUnknown, match="vebs"):
        a_client(google).change(target, adding("c"), patience=Patience(0.4))
    assert google.control.counts()["requests"]["sheets.write"] == 1


@pytest.mark.parametrize("when", ["read", "write"])
def test_429_is_waited_for_and_nothing_was_done_meanwhile(
    google: LocalGoogle, target: Target, when: str
) -> None:
    time = Time()
    google.control.fault({"status": 429, "retry_after": 3}, times=2)
    client = a_client(google, time)
    if when == "read":
        assert client.values(target, ["Blad!A2"]) == [[["a"]]]
    else:
        client.change(target, adding("c"))
        assert ids(google) == ["a", "b", "c"]
    assert time.slept == [3.0, 3.0]


def test_429_for_ever_ends_in_a_sentence_within_the_patience(google: LocalGoogle, target: Target) -> None:
    time = Time()
    google.control.fault(429)
    with pytest.raises(QuotaUsedUp, match="vebs kunde inte läsas"):
        a_client(google, time).values(target, ["Blad!A2"])
    assert 1 < sum(time.slept) <= 10
    with pytest.raises(QuotaUsedUp, match="ändringen i vebs sparades inte"):
        a_client(google, time).change(target, adding("c"))
    assert ids(google) == ["a", "b"]


def test_no_connection_at_all_is_not_written(target: Target) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        time = Time()
        client = SheetsClient(anonymous(), time.pace(), f"http://127.0.0.1:{free.getsockname()[1]}")
        with pytest.raises(Unreachable, match="Google svarar inte just nu, så ändringen i vebs sparades"):
            client.change(target, adding("c"))
    assert len(time.slept) > 3


REFUSALS = [
    ({"edit": "revoke"}, NotShared, "dela det med app@"),
    ({"edit": "delete_file"}, NotShared, "dela det med app@"),
    ({"edit": "rename_sheet", "sheet": "Blad", "to": "Annat"}, RequestRefused, "bytt namn"),
]


@pytest.mark.parametrize(("edit", "trouble", "words"), REFUSALS)
def test_a_refusal_is_a_sentence_at_once(
    google: LocalGoogle, target: Target, edit: dict, trouble: type[WorkbookTrouble], words: str
) -> None:
    time = Time()
    client = SheetsClient(account_of_key(google.control.service_account()), time.pace(), google.url)
    assert client.values(target, ["Blad!A2"]) == [[["a"]]]
    google.control.edit(**edit, spreadsheet="vebs")
    with pytest.raises(trouble, match="vebs") as caught:
        client.values(target, ["Blad!A2"])
    assert words in str(caught.value)
    assert time.slept == []


def test_protected_cells_are_named_as_such(google: LocalGoogle, target: Target) -> None:
    google.control.edit("protect", "vebs", sheet="Blad")
    with pytest.raises(CellProtected, match="skyddade"):
        a_client(google).change(target, adding("c"))


def test_a_connection_that_google_has_closed_meanwhile_is_opened_anew_before_anything_is_written() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    client = SheetsClient(anonymous(), Time().pace(), f"http://127.0.0.1:{port}")
    for _ in range(2):
        with local_google(port, seed=0) as google:
            target = Target("vebs", google.control.spreadsheet("vebs", SHEETS))
            client.change(target, adding("c"))
            assert ids(google) == ["a", "b", "c"]


def test_calls_beyond_the_minutes_allowance_are_waited_with_or_not_made(
    google: LocalGoogle, target: Target
) -> None:
    time = Time()
    pace = Pace(clock=time, sleep=time.sleep, calls=2)
    client = SheetsClient(anonymous(), pace, google.url)
    google.control.clear_counts()
    for _ in range(2):
        client.change(target, adding("c"))
        client.values(target, ["Blad!A2"])
    with pytest.raises(QuotaUsedUp, match="tar inte emot fler anrop den här minuten"):
        client.values(target, ["Blad!A2"])
    client.change(target, adding("c"))
    assert time.slept == [60.0]
    assert google.control.counts()["requests"]["sheets"] == 5


def test_a_page_gives_up_at_once_while_google_is_known_to_fail(google: LocalGoogle, target: Target) -> None:
    time = Time()
    client = a_client(google, time)
    google.control.fault(503)
    with pytest.raises(Unreachable):
        client.values(target, ["Blad!A2"])
    google.control.clear_counts()
    with pytest.raises(Unreachable):
        client.values(target, ["Blad!A2"])
    assert google.control.counts()["requests"] == {}

    time.now += 15
    google.control.clear_faults()
    assert client.values(target, ["Blad!A2"]) == [[["a"]]]


def test_a_writer_that_gets_through_ends_the_rest(google: LocalGoogle, target: Target) -> None:
    client = a_client(google)
    google.control.fault(503)
    with pytest.raises(Unreachable):
        client.values(target, ["Blad!A2"])
    google.control.clear_faults()
    client.change(target, adding("c"))
    assert client.values(target, ["Blad!A4"]) == [[["c"]]]


def test_usage_tells_calls_and_the_last_fault(google: LocalGoogle, target: Target) -> None:
    time = Time()
    client = a_client(google, time)
    assert client.usage().fault is None
    client.values(target, ["Blad!A2"])
    client.change(target, adding("c"))
    with pytest.raises(RequestRefused):
        client.values(target, ["Borta!A2"])
    time.now += 7
    used = client.usage()
    assert (used.calls, used.reads, used.writes) == ({"values.batchGet": 2, "batchUpdate": 1}, 2, 1)
    assert used.fault is not None
    assert used.fault[0] == 7
    assert "vebs" in used.fault[1]
