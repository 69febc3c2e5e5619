"""Spreadsheets at Google, read with few calls, and never shown older than they may be."""

import pytest

from services.errors import NotShared, SpreadsheetMissing, SpreadsheetUnreadable
from services.workbook.google_book import AddressBook
from services.workbook.google_workbook import GoogleWorkbook
from services.workbook.port import Snapshot
from tests.on_google import Time, a_google_workbook, asked
from tests.sheets_server.serving import LocalGoogle

SHEETS = {
    "vebs": {"Skolor": [["Skola", "Antal"], ["Ek", 1], ["Björk", 2]], "Logg": [["Tid"]], "Eget": [["x"]]},
    "svar-2021": {"Svar": [["Svar", "L1"], ["s1", 3]]},
}
TITLES = ("Skolor", "Logg")
ONE_READ = {"sheets.values.batchGet": 1}
ONE_PROBE = {"drive.files.list": 1}


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def workbook(google: LocalGoogle, time: Time) -> GoogleWorkbook:
    ids = {name: google.control.spreadsheet(name, sheets) for name, sheets in SHEETS.items()}
    google.control.clear_counts()
    return a_google_workbook(google, ids, time)


def schools(snapshot: Snapshot) -> list[tuple]:
    return list(zip(*snapshot.sheets["Skolor"].columns, strict=True))


def renamed(google: LocalGoogle, to: str = "Nya Ek") -> None:
    google.control.edit("type", "vebs", range="Skolor!A2", value=to)


def test_a_spreadsheet_is_one_call_whatever_its_sheets(google: LocalGoogle, workbook: GoogleWorkbook) -> None:
    found = workbook.read("vebs", TITLES)
    assert schools(found) == [("Skola", "Antal"), ("Ek", 1), ("Björk", 2)]
    assert found.sheets.keys() == set(TITLES)
    assert asked(google) == ONE_READ


def test_all_sheets_are_found_by_asking_for_their_titles_first(
    google: LocalGoogle, workbook: GoogleWorkbook
) -> None:
    assert workbook.read("vebs").sheets.keys() == {"Skolor", "Logg", "Eget"}
    assert asked(google) == {"sheets.get": 1, **ONE_READ}


def test_columns_are_equally_long_and_cut_where_nothing_follows(
    google: LocalGoogle, workbook: GoogleWorkbook
) -> None:
    google.control.edit("type", "vebs", range="Logg!A1", values=[["a", "b", ""], ["", "", ""], ["", "c", ""]])
    assert workbook.read("vebs", ["Logg"]).sheets["Logg"].columns == (["a", "", ""], ["b", "", "c"])
    google.control.edit("batch_update", "vebs", requests=[{"addSheet": {"properties": {"title": "Tom"}}}])
    assert workbook.read("vebs", ["Tom"]).sheets["Tom"].height == 0


def test_what_was_just_read_is_served_without_a_call(
    google: LocalGoogle, workbook: GoogleWorkbook, time: Time
) -> None:
    first = workbook.read("vebs", TITLES)
    asked(google)
    renamed(google)
    time.now += 14.9
    assert workbook.version("vebs") == first.version
    assert workbook.read("vebs", TITLES).sheets["Skolor"] is first.sheets["Skolor"]
    assert asked(google) == {}


def test_then_drive_is_asked_and_an_unchanged_spreadsheet_is_not_read(
    google: LocalGoogle, workbook: GoogleWorkbook, time: Time
) -> None:
    version = workbook.read("vebs", TITLES).version
    asked(google)
    time.now += 20
    assert workbook.version("vebs") == version
    assert asked(google) == ONE_PROBE
    time.now += 20
    assert workbook.version("vebs") == version
    assert asked(google) == ONE_READ  # for Drive may be late


@pytest.mark.parametrize("lag", [0, 180])
def test_a_change_by_hand_is_seen_within_a_minute_even_if_drive_is_late(
    google: LocalGoogle, workbook: GoogleWorkbook, time: Time, lag: int
) -> None:
    google.control.settings(hand_lag=lag)
    before = workbook.read("vebs", TITLES)
    for _ in range(2):
        time.now += 20
        workbook.version("vebs")
    renamed(google)
    seen_after = 0
    while workbook.version("vebs") == before.version:
        time.now += 20
        seen_after += 20
    assert seen_after == (40 if lag else 20)
    assert schools(workbook.read("vebs", TITLES))[1] == ("Nya Ek", 1)


def test_equal_content_is_the_same_version_and_the_very_same_sheets(
    google: LocalGoogle, workbook: GoogleWorkbook, time: Time
) -> None:
    before = workbook.read("vebs", TITLES)
    renamed(google)
    renamed(google, "Ek")
    time.now += 60
    after = workbook.read("vebs", TITLES)
    assert asked(google) == {"sheets.values.batchGet": 2}
    assert (after.version, after.sheets) == (before.version, before.sheets)
    assert after.sheets["Skolor"] is before.sheets["Skolor"]


def test_without_drive_every_reading_is_a_full_one(
    google: LocalGoogle, workbook: GoogleWorkbook, time: Time
) -> None:
    google.control.fault(503, match={"service": "drive"})
    before = workbook.version("vebs"), workbook.read("vebs", TITLES)
    renamed(google)
    time.now += 60
    assert workbook.version("vebs") != before[1].version
    time.now += 20
    workbook.version("vebs")
    assert asked(google)["sheets.values.batchGet"] == 2


def test_a_closed_round_is_read_once_and_then_judged_by_drive_alone(
    google: LocalGoogle, workbook: GoogleWorkbook, time: Time
) -> None:
    version = workbook.version("svar-2021")
    assert workbook.read("svar-2021", ["Svar"]).version == version
    assert asked(google) == {**ONE_PROBE, **ONE_READ}
    for _ in range(10):
        time.now += 60
        assert workbook.version("svar-2021") == version
        workbook.read("svar-2021", ["Svar"])
    assert asked(google) == {"drive.files.list": 10}

    google.control.edit("type", "svar-2021", range="Svar!B2", value=4)
    time.now += 60
    assert workbook.version("svar-2021") != version
    assert workbook.read("svar-2021", ["Svar"]).sheets["Svar"].columns[1] == ["L1", 4]
    assert workbook.read("svar-2021", ["Svar"]).version == workbook.version("svar-2021")


def test_a_closed_round_without_drive_is_read_seldom(
    google: LocalGoogle, workbook: GoogleWorkbook, time: Time
) -> None:
    google.control.fault(403, match={"service": "drive"})
    for _ in range(30):
        workbook.version("svar-2021")
        workbook.read("svar-2021", ["Svar"])
        time.now += 60
    assert asked(google)["sheets.values.batchGet"] == 3


def test_our_own_write_is_seen_at_once_even_if_drive_is_late(
    google: LocalGoogle, workbook: GoogleWorkbook
) -> None:
    google.control.settings(hand_lag=180)
    for name, cell in (("vebs", "Skolor!B2"), ("svar-2021", "Svar!B2")):
        titles = [cell.partition("!")[0]]
        before = workbook.version(name), workbook.read(name, titles)
        google.control.edit("type", name, range=cell, value=9)  # stands for our own write
        workbook.wrote(name)
        assert workbook.version(name) != before[1].version
        after = workbook.read(name, titles)
        assert after.sheets[titles[0]].columns[1][1] == 9
        assert workbook.version(name) == after.version


def test_a_reading_that_our_own_write_overtook_is_not_served(
    google: LocalGoogle, workbook: GoogleWorkbook
) -> None:
    class Overtaken(GoogleWorkbook):
        """Somebody writes while the answer is on its way."""

        def _look(self, *arguments):
            found = super()._look(*arguments)
            if not self._written["vebs"]:
                renamed(google)
                self.wrote("vebs")
            return found

    slow = Overtaken(workbook.client, workbook.book)
    assert schools(slow.read("vebs", TITLES))[1] == ("Ek", 1)
    assert schools(slow.read("vebs", TITLES))[1] == ("Nya Ek", 1)


def test_a_renamed_sheet_is_missing_and_comes_back(
    google: LocalGoogle, workbook: GoogleWorkbook, time: Time
) -> None:
    workbook.read("vebs", TITLES)
    google.control.edit("rename_sheet", "vebs", sheet="Logg", to="Loggen")
    asked(google)
    time.now += 60
    assert workbook.read("vebs", TITLES).sheets.keys() == {"Skolor"}
    assert asked(google) == {"sheets.values.batchGet": 2, "sheets.get": 1}

    time.now += 20
    workbook.version("vebs")
    asked(google)
    time.now += 40
    workbook.version("vebs")
    assert asked(google) == ONE_READ  # nothing has changed: nobody looks for it

    google.control.edit("rename_sheet", "vebs", sheet="Loggen", to="Logg")
    time.now += 60
    workbook.version("vebs")
    time.now += 20
    workbook.version("vebs")
    assert workbook.read("vebs", TITLES).sheets.keys() == set(TITLES)


def test_a_spreadsheet_without_any_of_the_sheets_is_empty(
    google: LocalGoogle, workbook: GoogleWorkbook
) -> None:
    assert workbook.read("vebs", ["Finns inte"]).sheets == {}
    assert asked(google) == {"sheets.values.batchGet": 1, "sheets.get": 1}


def test_sharing_taken_back_is_said_with_the_address(
    google: LocalGoogle, workbook: GoogleWorkbook, time: Time
) -> None:
    workbook.read("vebs", TITLES)
    google.control.edit("revoke", "vebs")
    time.now += 60
    with pytest.raises(NotShared, match="Kalkylbladet vebs är inte delat"):
        workbook.version("vebs")
    google.control.edit("share", "vebs")
    assert schools(workbook.read("vebs", TITLES))[1] == ("Ek", 1)


def test_only_what_is_in_the_address_book_is_opened(google: LocalGoogle, workbook: GoogleWorkbook) -> None:
    google.control.spreadsheet("inkorg", {"Deltagande": [["Nyckel"]]})
    assert workbook.spreadsheets() == {"vebs", "svar-2021"}
    with pytest.raises(SpreadsheetMissing, match="setup-google"):
        workbook.version("inkorg")


def test_the_address_book_keeps_what_is_added_and_sees_what_another_process_adds(tmp_path) -> None:
    file = tmp_path / "state" / "google.toml"
    book, other = AddressBook({"vebs": "given"}, file), AddressBook({}, file)
    book.add("svar-2021", 'an"id')
    book.add("vebs", "added")
    assert book.ids() == {"vebs": "given", "svar-2021": 'an"id'}
    assert other.ids() == {"vebs": "added", "svar-2021": 'an"id'}
    file.write_text("vebs", encoding="utf-8")
    with pytest.raises(SpreadsheetUnreadable, match=r"google\.toml"):
        AddressBook({}, file).ids()


def test_fresh_sheets_tell_where_their_formulas_are_and_what_they_show(
    google: LocalGoogle, workbook: GoogleWorkbook
) -> None:
    google.control.edit("type", "vebs", range="Skolor!B2", values=[["=1+1"], ["'=2+2"]])
    asked(google)
    found = workbook.fresh("vebs", ["Skolor", "Finns inte"])
    assert schools(found) == [("Skola", "Antal"), ("Ek", 2), ("Björk", "=2+2")]
    assert found.formulas == {("Skolor", 2, 1)}


def test_fresh_sheets_without_formulas_are_one_call(google: LocalGoogle, workbook: GoogleWorkbook) -> None:
    workbook.read("vebs", TITLES)
    asked(google)
    renamed(google)
    assert schools(workbook.fresh("vebs", ["Skolor"]))[1] == ("Nya Ek", 1)
    assert asked(google) == ONE_READ


def test_columns_are_one_call_where_their_headers_were_seen_before(
    google: LocalGoogle, workbook: GoogleWorkbook
) -> None:
    wanted = {"Skolor": ["Antal"], "Logg": ["Tid"]}
    assert workbook.columns("vebs", wanted) == {"Skolor": {"Antal": [1, 2]}, "Logg": {"Tid": []}}
    asked(google)
    google.control.edit("append", "vebs", sheet="Skolor", values=[["Rönn", 3]])
    assert workbook.columns("vebs", wanted)["Skolor"] == {"Antal": [1, 2, 3]}
    assert asked(google) == ONE_READ


def test_columns_that_have_moved_are_found_where_they_are(
    google: LocalGoogle, workbook: GoogleWorkbook
) -> None:
    workbook.read("vebs", TITLES)
    google.control.edit("insert_columns", "vebs", sheet="Skolor", at=0)
    assert workbook.columns("vebs", {"Skolor": ["Skola"]}) == {"Skolor": {"Skola": ["Ek", "Björk"]}}
    google.control.edit("rename_header", "vebs", sheet="Skolor", header="Skola", to="Namn")
    assert workbook.columns("vebs", {"Skolor": ["Skola"]}) == {"Skolor": {}}
    google.control.edit("delete_sheet", "vebs", sheet="Skolor")
    assert workbook.columns("vebs", {"Skolor": ["Antal"], "Logg": ["Tid"]}) == {"Logg": {"Tid": []}}


def test_a_link_leads_to_the_very_cell(google: LocalGoogle, workbook: GoogleWorkbook) -> None:
    id_ = workbook.book.ids()["vebs"]
    gid = {info.title: info.gid for info in workbook.client.sheets(workbook.book.target("vebs"))}["Logg"]
    address = f"https://docs.google.com/spreadsheets/d/{id_}/edit"
    assert workbook.link("vebs", "Logg", "B7") == f"{address}#gid={gid}&range=B7"
    assert workbook.link("vebs", "Finns inte", "B7") == workbook.link("vebs") == address
    asked(google)
    workbook.link("vebs", "Logg", "C9")
    assert asked(google) == {}


def test_a_link_to_a_sheet_that_is_gone_or_out_of_reach_leads_to_the_spreadsheet(
    google: LocalGoogle, workbook: GoogleWorkbook, time: Time
) -> None:
    google.control.fault(503)
    assert workbook.link("vebs", "Logg", "B7") == workbook.link("vebs")
    google.control.clear_faults()
    time.now += 60
    assert workbook.link("vebs", "Logg", "B7").endswith("&range=B7")
    asked(google)
    time.now += 59
    assert all(workbook.link("vebs", "Finns inte", "B7") == workbook.link("vebs") for _ in range(50))
    assert asked(google) == {}
