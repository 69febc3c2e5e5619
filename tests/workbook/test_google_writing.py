"""What is particular about writing to Google: calls, rooms, headers that move, others who write."""

import threading

import pytest

from services.errors import CellProtected, OutcomeUnknown, RequestRefused, SpreadsheetChanged
from services.workbook.guarded.scratch import SCRATCH, is_scratch
from services.workbook.port import CellChange
from tests.on_google import asked
from tests.sheets_server.serving import LocalGoogle
from tests.workbook.google_books import (
    a_book,
    a_workbook,
    by_hand,
    cell,
    change,
    outcome_of,
    picture,
    rows_in,
    values,
)

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


def test_a_save_is_one_read_and_one_write(google, id_, workbook):
    workbook.write("vebs", [change(2, 1, "x")], workbook.fresh("vebs", ["Skolor"]))
    google.control.edit("append", id_, sheet="Skolor", values=[[f"'k{n}", "Ek", n] for n in range(60)])
    asked(google)
    changes = [change(row, column, f"{row}-{column}") for row in range(2, 27) for column in (1, 2)]
    workbook.write("vebs", changes, workbook.fresh("vebs", ["Skolor"]))
    assert asked(google) == {"sheets.values.batchGet": 1, "sheets.batchUpdate": 1}
    assert values(google, id_)[20] == ["k17", "21-1", "21-2"]


def test_an_append_to_several_sheets_is_one_write(google, workbook):
    rows = {"Skolor": [{"Nyckel": "c"}], "Logg": [{"Tid": 1, "Vem": "x"}] * 40}
    workbook.append("vebs", rows)
    asked(google)
    workbook.append("vebs", rows)
    assert asked(google) == {"sheets.batchUpdate": 1}


def test_the_app_s_own_sheet_is_hidden_protected_and_not_read(google, id_, workbook):
    workbook.write("vebs", [change(2, 1, "x")], workbook.fresh("vebs", ["Skolor"]))
    own = google.google.files[id_].book.sheets[-1]
    assert own.title.startswith(SCRATCH)
    assert own.looks["hidden"]
    assert not own.protected[0].get("warningOnly")
    assert set(workbook.read("vebs").sheets) == {"Skolor", "Logg"}
    for _ in range(3):
        workbook.append("vebs", {"Logg": [{"Vem": "x"}]})
    assert sum(is_scratch(sheet.title) for sheet in google.google.files[id_].book.sheets) == 1


def test_nothing_of_an_earlier_change_is_left_in_the_app_s_own_sheet(google, id_, workbook):
    workbook.write("vebs", [change(3, 1, "x")], workbook.fresh("vebs", ["Skolor"]))
    workbook.append("vebs", {"Logg": [{"Vem": "x"}]})
    own = google.google.files[id_].book.sheets[-1]
    assert "Björk" not in str(own.grid.rows)


def test_what_is_blanked_is_not_kept_in_the_app_s_own_sheet_either(google, id_, workbook):
    blanks = [change(3, column, "") for column in range(3)]
    workbook.write("vebs", blanks, workbook.fresh("vebs", ["Skolor"]))
    assert "Björk" not in str([sheet.grid.rows for sheet in google.google.files[id_].book.sheets])


def test_cells_that_people_protect_are_told_of(google, id_, workbook):
    google.control.edit("protect", id_, range="Skolor!B:B")
    before = picture(google, id_)
    with pytest.raises(CellProtected, match="skyddade"):
        workbook.write("vebs", [change(2, 1, "x")], workbook.fresh("vebs", ["Skolor"]))
    with pytest.raises(CellProtected, match="skyddade"):
        workbook.append("vebs", {"Skolor": [{"Namn": "x"}], "Logg": [{"Vem": "x"}]})
    assert picture(google, id_) == before
    workbook.write("vebs", [change(2, 2, 9)], workbook.fresh("vebs", ["Skolor"]))


def test_a_cell_beyond_the_grid_is_written_by_adding_rows_and_columns_at_the_end(google, id_, workbook):
    workbook.write("vebs", [change(1005, 30, "x")], workbook.fresh("vebs", ["Skolor"]))
    grid = google.google.files[id_].book.sheets[0].grid
    assert (grid.row_count, grid.column_count) == (1005, 31)
    assert cell(google, id_, 1004, 30).value == "x"


def test_several_sheets_change_together_or_not_at_all(google, id_, workbook):
    workbook.append("vebs", {"Logg": [{"Tid": "1", "Vem": "a"}]})
    before, seen = picture(google, id_), workbook.fresh("vebs", ["Skolor", "Logg"])
    changes = [change(3, 1, "x"), change(2, 0, "y", "Logg")]
    google.control.fault(match=WRITES, before=[by_hand("insert_rows", id_, at=1)], times=1)
    with pytest.raises(SpreadsheetChanged):
        workbook.write("vebs", changes, seen)
    assert picture(google, id_) == before
    workbook.write("vebs", [change(4, 1, "x"), changes[1]], workbook.fresh("vebs", ["Skolor", "Logg"]))
    assert values(google, id_)[3][1] == "x"
    assert values(google, id_, "Logg")[1] == ["y", "a"]


HEADER_EDITS = [
    ("insert_columns", {"at": 0}),
    ("insert_columns", {"at": 1}),
    ("move_columns", {"header": "Nyckel", "to": 3}),
    ("insert_rows", {"at": 0}),
    ("append", {"values": [["'x", "för hand", 3]]}),
    ("sort", {"header": "Namn", "descending": True}),
    ("delete_columns", {"header": "Antal"}),
]


@pytest.mark.parametrize(("edit", "details"), HEADER_EDITS, ids=lambda item: str(item))
def test_rows_stand_below_their_headers_though_these_move(google, id_, workbook, edit, details):
    workbook.append("vebs", {"Skolor": [{"Nyckel": "c", "Namn": "Cedern"}], "Logg": [{"Vem": "x"}]})
    twin = google.control.spreadsheet("tvilling", BOOKS)
    google.control.edit("append", twin, sheet="Skolor", values=[["'c", "Cedern"]])
    google.control.edit("append", twin, sheet="Logg", values=[["", "x"]])
    google.control.fault(match=WRITES, before=[by_hand(edit, id_, **details)], times=1)
    workbook.append("vebs", {"Skolor": [{"Nyckel": "d", "Namn": "Dalen"}], "Logg": [{"Vem": "y"}]})
    google.control.edit(edit, twin, sheet="Skolor", **details)
    other = a_workbook(google, {"vebs": twin})
    other.append("vebs", {"Skolor": [{"Nyckel": "d", "Namn": "Dalen"}], "Logg": [{"Vem": "y"}]})
    for sheet in ("Skolor", "Logg"):
        assert rows_in(google, id_, sheet) == rows_in(google, twin, sheet)


@pytest.mark.parametrize("sheet", ["renamed", "header"])
def test_nothing_is_added_where_the_header_is_gone(google, id_, workbook, sheet):
    workbook.append("vebs", {"Skolor": [{"Nyckel": "c"}], "Logg": [{"Vem": "x"}]})
    before = picture(google, id_)
    gone = by_hand("rename_header", id_, header="Namn", to="Annat")
    if sheet == "renamed":
        gone = by_hand("rename_sheet", id_, to="Annat")
    google.control.fault(match=WRITES, before=[gone], times=1)
    with pytest.raises(ValueError, match=r"no column|no sheet"):
        workbook.append("vebs", {"Skolor": [{"Namn": "Dalen"}], "Logg": [{"Vem": "y"}]})
    after = picture(google, id_)
    assert after["Logg"] == before["Logg"]
    assert sum((after.get("Skolor") or after["Annat"]).values()) == sum(before["Skolor"].values())


def test_a_sheet_that_took_the_name_of_another_is_found_out(google, id_, workbook):
    workbook.write("vebs", [change(2, 1, "x")], workbook.fresh("vebs", ["Skolor"]))
    seen = workbook.fresh("vebs", ["Skolor"])
    swap = [
        {"duplicateSheet": {"sourceSheetId": 0, "newSheetId": 77, "newSheetName": "kopia"}},
        {"updateSheetProperties": {"properties": {"sheetId": 0, "title": "gammal"}, "fields": "title"}},
        {"updateSheetProperties": {"properties": {"sheetId": 77, "title": "Skolor"}, "fields": "title"}},
    ]
    google.control.edit("batch_update", id_, requests=swap)
    with pytest.raises(SpreadsheetChanged):
        workbook.write("vebs", [change(3, 1, "y")], seen)
    assert [row[1] for row in values(google, id_, "gammal")] == ["Namn", "x", "Björk"]
    workbook.write("vebs", [change(3, 1, "y")], workbook.fresh("vebs", ["Skolor"]))
    assert values(google, id_)[2][1] == "y"


def test_the_app_s_own_sheet_may_be_deleted_by_people(google, id_, workbook):
    workbook.write("vebs", [change(2, 1, "x")], workbook.fresh("vebs", ["Skolor"]))
    own = google.google.files[id_].book.sheets[-1].title
    google.control.edit("delete_sheet", id_, sheet=own)
    for _ in range(2):
        outcome = outcome_of(
            lambda: workbook.write("vebs", [change(2, 1, "y")], workbook.fresh("vebs", ["Skolor"]))
        )
    assert outcome == ""
    google.control.edit("delete_sheet", id_, sheet=own)
    workbook.append("vebs", {"Logg": [{"Vem": "x"}]})
    assert values(google, id_)[1][1] == "y"


@pytest.mark.parametrize("deed", ["change", "row"])
def test_another_process_of_the_instance_may_have_replaced_its_sheet(google, id_, workbook, tmp_path, deed):
    workbook.append("vebs", {"Skolor": [{"Nyckel": "n1"}]})
    seen = workbook.fresh("vebs", ["Skolor"])
    other = a_workbook(google, {"vebs": id_}, tmp_path)
    google.control.fault({"status": 503}, match={"operation": "sheets.batchUpdate"}, times=1)
    with pytest.raises(OutcomeUnknown):
        other.append("vebs", {"Skolor": [{"Nyckel": "n2"}]})
    other.fresh("vebs", ["Skolor"])  # finds out what became of it, and shuts out what comes late
    if deed == "row":
        workbook.append("vebs", {"Skolor": [{"Nyckel": "n3"}]})
        assert workbook.fresh("vebs", ["Skolor"]).sheets["Skolor"].columns[0][-1] == "n3"
    else:
        change_ = CellChange("Skolor", 3, 1, "app")
        with pytest.raises(SpreadsheetChanged):
            workbook.write("vebs", [change_], seen)
        workbook.write("vebs", [change_], seen)
        assert workbook.fresh("vebs", ["Skolor"]).sheets["Skolor"].columns[1][2] == "app"


def write_as_it_stands(workbook, change_):
    workbook.write("vebs", [change_], workbook.fresh("vebs", ["Skolor"]))


def test_two_instances_at_once_get_all_their_changes_in(google, tmp_path):
    id_ = a_book(google, "vebs")
    missed: list[str] = []

    def write_all(number: int) -> None:
        workbook = a_workbook(google, {"vebs": id_}, tmp_path / str(number))
        for row in range(2, 12):
            for _ in range(50):
                change_ = CellChange("Skolor", row, 1 + number, f"{number} {row}")
                # Reading afresh, too, may find the other one in the middle of a write.
                if not (trouble := outcome_of(lambda c=change_: write_as_it_stands(workbook, c))):
                    break
                assert trouble == "SpreadsheetChanged"
            else:
                missed.append(f"{number} {row}")

    threads = [threading.Thread(target=write_all, args=(number,)) for number in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert missed == []
    assert [row[1:3] for row in values(google, id_)[1:11]] == [
        [f"0 {row}", f"1 {row}"] for row in range(2, 12)
    ]


def test_of_two_who_change_the_same_cell_one_hears_of_it(google, id_, tmp_path):
    one, two = (a_workbook(google, {"vebs": id_}, tmp_path / name) for name in ("one", "two"))
    seen = one.fresh("vebs", ["Skolor"]), two.fresh("vebs", ["Skolor"])
    one.write("vebs", [change(2, 1, "ett")], seen[0])
    with pytest.raises(SpreadsheetChanged):
        two.write("vebs", [change(2, 1, "två")], seen[1])
    assert values(google, id_)[1][1] == "ett"


def test_the_journal_tells_nobody_else_what_was_written(google, id_, workbook, tmp_path):
    google.control.fault({"status": 503, "when": "after"}, match=WRITES, times=1)
    with pytest.raises(OutcomeUnknown):
        workbook.append("vebs", {"Logg": [{"Vem": "hemlig"}]})
    kept = list(tmp_path.glob("google-*.json"))
    assert [path.stat().st_mode & 0o077 for path in kept] == [0]
    workbook.columns("vebs", {"Logg": ["Vem"]})
    assert not any("hemlig" in path.read_text() for path in tmp_path.iterdir())


def test_a_spreadsheet_that_may_only_be_read_is_not_written(google, id_, workbook, tmp_path):
    google.control.edit("share", id_, role="reader")
    with pytest.raises(Exception, match="inte delat med appen") as trouble:
        workbook.append("vebs", {"Logg": [{"Vem": "x"}]})
    assert not isinstance(trouble.value, RequestRefused | OutcomeUnknown)
    assert list(tmp_path.glob("google-*.json")) == []
