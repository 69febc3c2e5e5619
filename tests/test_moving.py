"""Carrying a register from .xlsx files to Google: whole, typed, never over what people have, never twice."""

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.connecting import TRIES, Link, Wanted, connect
from services.errors import MoveRefused, OutcomeUnknown
from services.moving import upload
from services.tables.schema import load_schema
from services.workbook.excel import ExcelFolder
from services.workbook.memory import MemoryWorkbook
from services.workbook.whole.filling import Filling, pieces
from tests.google_links import a_link
from tests.people import answers, register_sheets
from tests.sheets_server.accounts import DEFAULT_USER, OWNER
from tests.sheets_server.serving import LocalGoogle

SCHEMA = load_schema()
TOWN = answers(16, L=3, U=3)


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def link(google: LocalGoogle, tmp_path: Path, said: list[str]) -> Link:
    return a_link(google, tmp_path, said)


def a_town(**sheets: list) -> MemoryWorkbook:
    """A register in memory; sheets of `vebs` may be put in place of its own."""
    found = register_sheets(TOWN)
    found["vebs"] = {**found["vebs"], **sheets}
    return MemoryWorkbook(found)


def rows_of(google: LocalGoogle, spreadsheet: str, sheet: str) -> list[list]:
    return google.control.values(spreadsheet, sheet)


def test_every_cell_arrives_under_its_header_and_is_read_back(google, link, said) -> None:
    town = a_town()

    moved = upload(link, SCHEMA, town, Wanted())

    assert [one.spreadsheet for one in moved] == sorted(town.spreadsheets(), key=lambda name: name != "vebs")
    for name in town.spreadsheets():
        for title, sheet in town.read(name).sheets.items():
            header, *rows = rows_of(google, name, title)
            for values in sheet.columns:
                if values[0] in ("", None):
                    continue
                column = header.index(values[0])
                found = [row[column] if column < len(row) else "" for row in rows]
                expected = [_day(value) for value in values[1:]]
                assert found + [""] * (len(expected) - len(found)) == expected
    assert said[-2].endswith(", 0 skiljer sig.")


def _day(value: object) -> object:
    if isinstance(value, dt.date):
        return (value - dt.date(1899, 12, 30)).days
    return "" if value is None else value


def test_text_that_looks_like_a_formula_or_a_number_stays_text(google, link) -> None:
    rows = [["Skolenhetskod", "Skola", "Status", "Anteckning"], ["00123456", "=1+1", "Aktiv", "3,5"]]

    upload(link, SCHEMA, a_town(Skolor=rows), Wanted())

    header, row = google.control.values("vebs", "Skolor", "FORMULA")
    assert row[header.index("Skola")] == "=1+1"
    assert row[header.index("Skolenhetskod")] == "00123456"
    assert row[header.index("Anteckning")] == "3,5"
    shown = google.control.values("vebs", "Skolor")[1]
    assert shown[header.index("Skola")] == "=1+1"


def test_own_columns_own_sheets_and_columns_without_a_header_come_along(google, link) -> None:
    day = dt.date(2022, 1, 24)
    rows = [
        ["Skolenhetskod", "Eget", "Skola", "", "Eget", "Status"],
        ["00123456", day, "Ekskolan", "lös", 7, "Aktiv"],
    ]

    upload(link, SCHEMA, a_town(Skolor=rows, Egna=[["Rubrik"], ["a"]]), Wanted())

    header, row = rows_of(google, "vebs", "Skolor")
    own = {name: row[header.index(name)] for name in ("Eget", "Utan rubrik", "Eget (2)")}
    assert own == {"Eget": 44585, "Utan rubrik": "lös", "Eget (2)": 7}
    assert rows_of(google, "vebs", "Egna") == [["Rubrik"], ["a"]]
    shown = google.control.values("vebs", "Skolor", "FORMATTED_VALUE")[1][header.index("Eget")]
    assert shown == "2022-01-24"


def test_a_second_upload_writes_nothing(google, link) -> None:
    town = a_town()
    first = upload(link, SCHEMA, town, Wanted())
    google.control.clear_counts()

    again = upload(link, SCHEMA, town, Wanted())

    assert again == first
    assert "sheets.write" not in google.control.counts()["requests"]


@pytest.mark.parametrize(
    "edit",
    [
        {"edit": "type", "range": "Skolor!B2", "value": "Annan"},
        {"edit": "append", "sheet": "Skolor", "values": [["'99999999", "Ny skola"]]},
        {"edit": "type", "range": "Skolor!M5", "value": "vid sidan av"},
    ],
    ids=["retyped", "added", "beside"],
)
def test_other_content_is_never_overwritten(google, link, edit) -> None:
    upload(link, SCHEMA, a_town(), Wanted())
    google.control.edit(edit.pop("edit"), "vebs", **edit)
    before = rows_of(google, "vebs", "Skolor")
    google.control.clear_counts()

    with pytest.raises(MoveRefused, match="Bladet Skolor i vebs har redan annat innehåll"):
        upload(link, SCHEMA, a_town(), Wanted())

    assert rows_of(google, "vebs", "Skolor") == before
    assert "sheets.write" not in google.control.counts()["requests"]


@pytest.mark.parametrize("after", range(4))
def test_an_upload_that_was_cut_off_goes_on_where_it_stopped(google, link, after: int) -> None:
    google.control.fault(503, match={"operation": "sheets.batchUpdate"}, skip=after, times=TRIES)
    with pytest.raises(OutcomeUnknown):
        upload(link, SCHEMA, a_town(), Wanted())

    upload(link, SCHEMA, a_town(), Wanted())

    svar = rows_of(google, "svar-2021", "Svar")
    assert len({row[0] for row in svar}) == len(svar) == len(TOWN) + 1


def test_an_answer_that_is_lost_after_the_write_doubles_nothing(google, link) -> None:
    lost = {"kind": "status", "status": 503, "when": "after"}
    google.control.fault(lost, match={"operation": "sheets.batchUpdate"}, skip=1, times=2)

    upload(link, SCHEMA, a_town(), Wanted())

    svar = rows_of(google, "svar-2021", "Svar")
    assert len({row[0] for row in svar}) == len(svar) == len(TOWN) + 1


def test_a_google_that_never_says_is_unknown_in_the_end(google, link) -> None:
    google.control.fault(503, match={"operation": "sheets.batchUpdate"})

    with pytest.raises(OutcomeUnknown):
        upload(link, SCHEMA, a_town(), Wanted())


def test_what_people_set_up_and_shared_is_filled(google, link) -> None:
    ids = {
        name: google.control.spreadsheet(name, shared_with=[DEFAULT_USER]) for name in a_town().spreadsheets()
    }

    upload(link, SCHEMA, a_town(), Wanted(owners=[OWNER]))

    assert link.book.ids() == ids
    assert len(google.control.files()) == len(ids)


def test_rows_beyond_the_first_thousand_get_their_formats_too(google, link) -> None:
    rows = [["Skolenhetskod", "Skola", "Status"], *([f"{n:08d}", "S", "Aktiv"] for n in range(1, 1203))]

    upload(link, SCHEMA, a_town(Skolor=rows), Wanted())
    google.control.edit("type", "vebs", range="Skolor!A1204", value="00000009")

    _, *found = rows_of(google, "vebs", "Skolor")
    assert len(found) == 1203
    assert found[-1][0] == "00000009"
    connect(link, SCHEMA, Wanted())


def test_an_own_sheet_that_is_there_and_blank_gets_the_room_it_needs(google, link) -> None:
    google.control.spreadsheet("vebs", {"Egna": []}, shared_with=[DEFAULT_USER])
    rows = [[f"r{row}", *[""] * 28, "sist"] for row in range(1200)]

    upload(link, SCHEMA, a_town(Egna=rows), Wanted(owners=[OWNER]))

    assert rows_of(google, "vebs", "Egna") == rows


def test_big_sheets_are_cut_into_calls_and_small_ones_share_one() -> None:
    big = Filling(1, 1, [["x"] * 10] * 1000, {})
    small = [Filling(number, 1, [["y"]] * 5, {}) for number in range(2, 6)]

    cut, shared = list(pieces([big], 1000)), list(pieces(small, 1000))

    assert [piece.rows for piece in cut] == [100] * 10
    assert [piece.rows for piece in shared] == [20]
    starts = [request["updateCells"]["start"]["rowIndex"] for piece in cut for request in piece.requests]
    assert starts == [1 + 100 * number for number in range(10)]


SHAPES = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 9)), max_size=6)


@given(SHAPES, st.integers(1, 100))
def test_however_it_is_cut_every_row_is_sent_once_to_its_own_place(shapes, room: int) -> None:
    fillings = [
        Filling(gid, 1, [[f"{gid} {row} {column}" for column in range(width)] for row in range(height)], {})
        for gid, (height, width) in enumerate(shapes, 1)
    ]

    sent: dict[tuple[int, int], list[str]] = {}
    for piece in pieces(fillings, room):
        for request in piece.requests:
            start = request["updateCells"]["start"]
            for at, row in enumerate(request["updateCells"]["rows"], start["rowIndex"]):
                place = start["sheetId"], at
                assert place not in sent
                sent[place] = [cell["userEnteredValue"]["stringValue"] for cell in row["values"]]

    assert sent == {(filling.gid, 1 + at): row for filling in fillings for at, row in enumerate(filling.rows)}


@pytest.mark.slow
def test_the_folder_of_the_demo_is_carried_within_the_quota(google, link, register: Path) -> None:
    google.control.quota(True)

    upload(link, SCHEMA, ExcelFolder(register), Wanted())

    google.control.quota(False)
    counts = google.control.counts()
    assert not [answer for answer in counts["answers"] if answer.endswith(" 429")]
