"""What every workbook promises about rows that are removed, whichever it is."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.errors import SpreadsheetChanged, SpreadsheetMissing, SpreadsheetUnreadable
from services.workbook.emptying import empty, rows_with
from services.workbook.memory import Formula, MemoryWorkbook
from services.workbook.port import CellChange
from tests.sheets_server.serving import LocalGoogle
from tests.workbook.contract import rows_of
from tests.workbook.emptied import (
    RECEIVED,
    ROUND,
    SHEETS,
    answer,
    everything_of,
    in_files,
    inbox,
    key,
    keys_in,
    remove_seen,
)


def seen_in(workbook):
    return workbook.fresh("inkorg", SHEETS)


def of_the_round(seen):
    return rows_with("inkorg", seen, *ROUND)


def test_the_rows_of_a_round_are_gone_from_all_sheets_and_no_others(opened):
    workbook = opened({"inkorg": inbox(), "vebs": {"Skolor": [["Skola"], ["Alvikskolan"]]}})
    before, others = workbook.read("inkorg").version, rows_of(workbook)
    assert empty(workbook, "inkorg", SHEETS, ROUND) == 6
    blank = [""] * 6
    left = [RECEIVED, blank, answer(1, "2026"), blank, blank, answer(4, "2026")]
    assert [row[:6] for row in rows_of(workbook, "inkorg", "Inkomna")] == [row[:6] for row in left]
    assert keys_in(workbook, "Deltagande") == [key(1), key(4)]
    assert workbook.read("inkorg").version != before
    assert rows_of(workbook) == others


def test_the_headers_stay_when_all_is_removed_and_new_rows_come_right_below(opened):
    workbook = opened({"inkorg": inbox(["2027"] * 3)})
    empty(workbook, "inkorg", SHEETS, ROUND)
    assert rows_of(workbook, "inkorg", "Inkomna") == [RECEIVED]
    workbook.append("inkorg", {"Inkomna": [dict(zip(RECEIVED, answer(7, "2028"), strict=True))]})
    assert rows_of(workbook, "inkorg", "Inkomna")[1][0] == key(7)


def test_removing_again_does_no_harm(opened):
    workbook = opened({"inkorg": inbox()})
    empty(workbook, "inkorg", SHEETS, ROUND)
    before = workbook.read("inkorg").version
    assert empty(workbook, "inkorg", SHEETS, ROUND) == 0
    workbook.remove("inkorg", {"Inkomna": []}, seen_in(workbook))
    workbook.remove("inkorg", {}, seen_in(workbook))
    assert workbook.read("inkorg").version == before


def test_a_row_that_came_after_the_reading_is_not_taken(opened):
    workbook = opened({"inkorg": inbox()})
    seen = seen_in(workbook)
    workbook.append("inkorg", {"Inkomna": [dict(zip(RECEIVED, answer(9), strict=True))]})
    workbook.remove("inkorg", of_the_round(seen), seen)
    assert keys_in(workbook) == [key(1), key(4), key(9)]
    assert keys_in(workbook, "Deltagande") == [key(1), key(4)]


@pytest.mark.parametrize(("row", "column"), [(2, 4), (4, 6), (1, 4)])
def test_a_row_or_a_header_changed_since_the_reading_stops_it_all(opened, row, column):
    workbook = opened({"inkorg": inbox()})
    seen = seen_in(workbook)
    workbook.write("inkorg", [CellChange("Inkomna", row, column, "för hand")], seen_in(workbook))
    before = [rows_of(workbook, "inkorg", sheet) for sheet in SHEETS]
    with pytest.raises(SpreadsheetChanged, match="inkorg"):
        workbook.remove("inkorg", of_the_round(seen), seen)
    assert [rows_of(workbook, "inkorg", sheet) for sheet in SHEETS] == before


def test_a_row_changed_by_hand_is_left_and_the_others_seen_are_taken(opened):
    workbook = opened({"inkorg": inbox()})
    seen = seen_in(workbook)
    workbook.write("inkorg", [CellChange("Inkomna", 2, 4, 1)], seen_in(workbook))
    assert remove_seen(workbook, "inkorg", of_the_round(seen), seen) == 5
    assert keys_in(workbook) == [key(0), key(1), key(4)]
    assert remove_seen(workbook, "inkorg", of_the_round(seen), seen) == 0


def test_headers_and_sheets_that_were_not_read_are_refused(opened):
    workbook = opened({"inkorg": inbox()})
    seen = workbook.fresh("inkorg", ["Inkomna"])
    for rows in ({"Inkomna": [2, 1]}, {"Inkomna": [0]}, {"Deltagande": [2]}, {"Annat": [2]}):
        with pytest.raises(ValueError, match=r"headers of|no sheet"):
            workbook.remove("inkorg", rows, seen)
    assert len(keys_in(workbook)) == 5


def test_a_round_that_people_wrote_as_a_number_is_the_same_round(opened):
    sheets = inbox(["2027", "2026"])
    sheets["Inkomna"][1][1] = 2027
    workbook = opened({"inkorg": sheets})
    empty(workbook, "inkorg", SHEETS, ROUND)
    assert keys_in(workbook) == [key(1)]


@pytest.mark.parametrize("missing", ["header", "sheet"])
def test_a_missing_header_or_sheet_is_told_and_nothing_is_removed(opened, missing):
    sheets = inbox()
    if missing == "header":
        sheets["Deltagande"][0][1] = "Omgången"
    else:
        del sheets["Deltagande"]
    workbook = opened({"inkorg": sheets})
    with pytest.raises(SpreadsheetUnreadable, match="Deltagande"):
        empty(workbook, "inkorg", SHEETS, ROUND)
    assert len(keys_in(workbook)) == 5


def test_a_formula_in_the_row_shows_nothing_of_it_afterwards(opened, tmp_path, running_google):
    running_google.control.reset(0)
    sheets = inbox(["2027", "2026"])
    sheets["Inkomna"][1][6] = Formula("=A2", key(0))
    workbook = opened({"inkorg": sheets})
    empty(workbook, "inkorg", SHEETS, ROUND)
    workbook.forget("inkorg")
    assert [row[0] for row in rows_of(workbook, "inkorg", "Inkomna")] == ["Nyckel", "", key(1)]
    assert key(0) not in everything_of(workbook, tmp_path, running_google)


def test_a_round_that_a_formula_gives_is_removed_like_any_other(opened):
    sheets = inbox(["2027", "2026"])
    sheets["Inkomna"][1][1] = Formula('="2027"', "2027")
    workbook = opened({"inkorg": sheets})
    empty(workbook, "inkorg", SHEETS, ROUND)
    assert keys_in(workbook) == [key(1)]


def test_nothing_of_what_was_removed_is_left_anywhere(opened, tmp_path, running_google: LocalGoogle):
    running_google.control.reset(0)
    workbook = opened({"inkorg": inbox()})
    workbook.append("inkorg", {"Inkomna": [dict(zip(RECEIVED, answer(9), strict=True))]})
    workbook.write("inkorg", [CellChange("Inkomna", 2, 4, 2)], seen_in(workbook))
    assert key(0) in everything_of(workbook, tmp_path, running_google)
    empty(workbook, "inkorg", SHEETS, ROUND)
    for _ in range(2):
        workbook.forget("inkorg")
        left = everything_of(workbook, tmp_path, running_google)
        assert [number for number in (0, 2, 3, 9) if key(number) in left] == []
        assert key(1) in left


def test_a_spreadsheet_that_is_not_there_is_told(opened):
    workbook = opened({"inkorg": inbox()})
    with pytest.raises(SpreadsheetMissing):
        workbook.forget("inkorg 2")


# --- Any sheet, any edits in between -----------------------------------------------------------------

a_round = st.sampled_from(["2026", "2027", "2027", "2028", ""])
edits = st.lists(
    st.one_of(
        st.tuples(st.just("append"), a_round),
        st.tuples(st.just("type"), st.integers(0, 9)),
        st.tuples(st.just("swap"), st.integers(0, 9), st.integers(0, 9)),
        st.tuples(st.just("blank"), st.integers(0, 9)),
        st.tuples(st.just("insert"), st.integers(0, 9)),
    ),
    max_size=6,
)


@pytest.mark.parametrize("kind", ["memory", pytest.param("excel", marks=pytest.mark.slow)])
@given(rounds=st.lists(a_round, max_size=10), edits=edits)
@settings(max_examples=150)
def test_exactly_the_seen_rows_of_the_round_are_gone(kind, tmp_path_factory, rounds, edits):
    sheets = inbox(rounds)
    sheets["Inkomna"] = [
        row if row[1] or not number % 2 else [] for number, row in enumerate(sheets["Inkomna"])
    ]
    workbook, twin = (
        MemoryWorkbook({"inkorg": sheets})
        if kind == "memory"
        else in_files(tmp_path_factory.mktemp("inbox"), sheets)
        for _ in range(2)
    )
    seen = seen_in(workbook)
    taken = {tuple(row) for row in rows_of(workbook, "inkorg", "Inkomna") if row[1:2] == ["2027"]}
    for number, edit in enumerate(edits):
        for one in (workbook, twin):
            by_hand(one, number, *edit)
    remove_seen(workbook, "inkorg", of_the_round(seen), seen)
    width = len(RECEIVED)
    wanted = [
        [""] * width if tuple(row) in taken else row
        for row in padded(rows_of(twin, "inkorg", "Inkomna"), width)
    ]
    assert without_blank_end(padded(rows_of(workbook, "inkorg", "Inkomna"), width)) == without_blank_end(
        wanted
    )


def padded(rows, width):
    return [[*row, *[""] * (width - len(row))] for row in rows]


def without_blank_end(rows):
    while rows and not any(cell != "" for cell in rows[-1]):
        rows.pop()
    return rows


def by_hand(workbook, number, what, *places):
    """An edit by a person, made of what every workbook can do."""
    rows = padded(rows_of(workbook, "inkorg", "Inkomna"), len(RECEIVED))
    places = (
        [1 + place % (len(rows) - 1) for place in places if len(rows) > 1] if what != "append" else places
    )
    if what == "append":
        new = dict(zip(RECEIVED, answer(50 + number, places[0]), strict=True))
        workbook.append("inkorg", {"Inkomna": [new]})
    elif places:
        now = [list(row) for row in rows]
        if what == "type":
            now[places[0]][5] = f"hand {number}"
        elif what == "swap":
            now[places[0]], now[places[1]] = now[places[1]], now[places[0]]
        elif what == "blank":
            now[places[0]] = [""] * len(RECEIVED)
        else:
            now.insert(places[0], ["", "", "", "", f"ny {number}", "", ""])
        rows.append([""] * len(RECEIVED))
        changes = [
            CellChange("Inkomna", r + 1, c, cell)
            for r, row in enumerate(now)
            for c, cell in enumerate(row)
            if cell != rows[r][c]
        ]
        workbook.write("inkorg", changes, workbook.fresh("inkorg", ["Inkomna"]))
