"""Rows are removed at Google beside people, through faults and restarts, and nothing of them is left."""

import contextlib
import random
from collections import Counter
from typing import Any

import pytest

from services.errors import OutcomeUnknown, SpreadsheetChanged, Unreachable, WorkbookTrouble
from services.workbook.emptying import empty, rows_with
from services.workbook.guarded.scratch import is_scratch
from tests.on_google import asked
from tests.sheets_server.serving import LocalGoogle
from tests.workbook.emptied import RECEIVED, ROUND, SHEETS, answer, everything_of, inbox, key, remove_seen
from tests.workbook.google_books import a_workbook, edit_by_hand, picture, rows_in, values

WRITES = {"operation": "sheets.batchUpdate"}
SILENT = [{"status": 503}, {"kind": "reset"}, {"kind": "half"}, {"kind": "hang", "seconds": 0.2}]
KINDS = [{**fault, "when": when} for fault in SILENT for when in ("before", "after")]
NAMES = [f"{fault.get('kind', fault.get('status'))} {fault['when']}" for fault in KINDS]
TEN = ["2027", "2026", "2027", "2027", "2026", "2027", "2028", "2027", "2026", "2027"]


def an_inbox(google: LocalGoogle, name: str = "inkorg", rounds: list[str] = TEN) -> str:
    """An inbox at Google with notes and colours of people's own; its id."""
    typed = {
        sheet: [[f"'{cell}" if isinstance(cell, str) and cell else cell for cell in row] for row in rows]
        for sheet, rows in inbox(rounds).items()
    }
    for number in range(1, len(rounds) + 1):
        typed["Inkomna"][number][6] = f"=D{number + 1}*2" if number % 4 == 0 else f"'eget {number}"
    id_ = google.control.spreadsheet(name, typed)
    look = {"note": "lapp", "userEnteredFormat": {"backgroundColor": {"red": 1}}}
    start = {"sheetId": 0, "rowIndex": 0, "columnIndex": 0}
    cells = [{"values": [look]} for _ in range(4)]
    paint = {"updateCells": {"start": start, "rows": cells, "fields": "note,userEnteredFormat"}}
    google.control.edit("batch_update", id_, requests=[paint])
    return id_


def keys_at(google: LocalGoogle, id_: str, sheet: str = "Inkomna") -> list[Any]:
    return [row[0] for row in values(google, id_, sheet)[1:] if row and row[0] != ""]


def of_the_round(seen: Any) -> dict[str, list[int]]:
    return rows_with("inkorg", seen, *ROUND)


def is_gone(google: LocalGoogle, folder: Any) -> bool:
    """Whether no key of the round is in Google, or in the state folder."""
    left = everything_of(a_workbook(google, {}), folder, google)
    assert key(1) in left
    return not any(key(number) in left for number, round_ in enumerate(TEN) if round_ == ROUND[1])


def test_emptying_and_forgetting_are_few_calls_whatever_the_number_of_rows(google, tmp_path):
    id_ = an_inbox(google, rounds=["2027"] * 400)
    workbook = a_workbook(google, {"inkorg": id_}, tmp_path)
    workbook.append("inkorg", {"Deltagande": [{"Nyckel": "x"}]})
    asked(google)
    empty(workbook, "inkorg", SHEETS, ROUND)
    workbook.forget("inkorg")
    counts = asked(google)
    assert counts.pop("sheets.batchUpdate") == 2
    assert sum(counts.values()) <= 6
    assert keys_at(google, id_) == []


def test_notes_and_colours_stay_and_so_do_other_rows_formulas(google, tmp_path):
    id_ = an_inbox(google)
    before = grid(google, id_)
    looks = looks_of(before)
    kept = [[cell.formula for cell in before[number]] for number in (0, 2, 5, 7, 9)]
    empty(a_workbook(google, {"inkorg": id_}, tmp_path), "inkorg", SHEETS, ROUND)
    after = grid(google, id_)
    assert looks_of(after) == looks
    assert [[cell.formula for cell in row] for row in after if row and row[0].value] == kept
    assert values(google, id_, "Inkomna")[0] == RECEIVED


def looks_of(rows: list[Any]) -> dict[tuple[int, int], tuple[Any, ...]]:
    """The notes and formats, by place."""
    return {
        (row, column): (cell.note, cell.format)
        for row, cells in enumerate(rows)
        for column, cell in enumerate(cells)
        if cell.note or cell.format
    }


def grid(google: LocalGoogle, id_: str) -> list[Any]:
    book = google.google.files[id_].book
    assert book is not None
    return book.sheets[0].grid.rows


def test_a_column_that_a_formula_in_the_header_fills_is_no_obstacle(google, tmp_path):
    id_ = an_inbox(google)
    google.control.edit("type", id_, range="Inkomna!H1", value="=ARRAYFORMULA(D1:D11)")
    empty(a_workbook(google, {"inkorg": id_}, tmp_path), "inkorg", SHEETS, ROUND)
    assert keys_at(google, id_) == [key(1), key(4), key(6), key(8)]


def test_what_another_instance_has_left_is_forgotten_too(google, tmp_path):
    id_ = an_inbox(google)
    other = a_workbook(google, {"inkorg": id_}, tmp_path / "other")
    other.append("inkorg", {"Inkomna": [{"Nyckel": key(77), "Omgång": "2027"}]})
    workbook = a_workbook(google, {"inkorg": id_}, tmp_path / "own")
    empty(workbook, "inkorg", SHEETS, ROUND)
    book = google.google.files[id_].book
    assert key(0) in str([sheet.grid.rows for sheet in book.sheets if is_scratch(sheet.title)])
    workbook.forget("inkorg")
    assert is_gone(google, tmp_path)
    assert [sheet.title for sheet in book.sheets if not is_scratch(sheet.title)] == list(SHEETS)
    other.append("inkorg", {"Inkomna": [{"Nyckel": key(78), "Omgång": "2028"}]})
    assert key(78) in keys_at(google, id_)


def test_forgetting_that_does_not_come_through_is_told(google, tmp_path):
    id_ = an_inbox(google)
    workbook = a_workbook(google, {"inkorg": id_}, tmp_path)
    empty(workbook, "inkorg", SHEETS, ROUND)
    google.control.fault({"status": 503, "when": "before"}, match=WRITES, times=1)
    with pytest.raises(OutcomeUnknown):
        workbook.forget("inkorg")
    assert not is_gone(google, tmp_path)
    workbook.forget("inkorg")
    assert is_gone(google, tmp_path)


@pytest.mark.parametrize("restarted", [False, True], ids=["the same", "after a restart"])
@pytest.mark.parametrize("fault", KINDS, ids=NAMES)
def test_a_removal_without_an_answer_was_made_whole_or_not_at_all(google, tmp_path, fault, restarted):
    id_ = an_inbox(google)
    workbook = a_workbook(google, {"inkorg": id_}, tmp_path)
    seen = workbook.fresh("inkorg", SHEETS)
    before = picture(google, id_)
    google.control.fault(fault, match=WRITES, times=1)
    with pytest.raises(OutcomeUnknown, match="inkorg"):
        workbook.remove("inkorg", of_the_round(seen), seen)
    again = a_workbook(google, {"inkorg": id_}, tmp_path) if restarted else workbook
    found = of_the_round(again.fresh("inkorg", SHEETS))
    assert {name: len(rows) for name, rows in found.items()} == dict.fromkeys(
        SHEETS, 0 if fault["when"] == "after" else 6
    )
    if fault["when"] == "before":
        assert picture(google, id_) == before
    empty(again, "inkorg", SHEETS, ROUND)
    again.forget("inkorg")
    assert keys_at(google, id_) == keys_at(google, id_, "Deltagande") == [key(1), key(4), key(6), key(8)]
    assert is_gone(google, tmp_path)


@pytest.mark.parametrize("restarted", [False, True], ids=["answered", "not answered"])
def test_rows_that_moved_just_before_are_all_put_back(google, tmp_path, restarted):
    id_ = an_inbox(google)
    workbook = a_workbook(google, {"inkorg": id_}, tmp_path)
    seen = workbook.fresh("inkorg", SHEETS)
    before = contents(google, id_)
    sort = {"edit": "sort", "spreadsheet": id_, "sheet": "Inkomna", "header": "Nyckel", "descending": True}
    # Just before the write itself: it has looked, and found all as it was seen.
    fault = [{"status": 503, "when": "after"}] if restarted else []
    google.control.fault(*fault, match=WRITES, times=1, before=[sort])
    with pytest.raises(OutcomeUnknown if restarted else SpreadsheetChanged):
        workbook.remove("inkorg", of_the_round(seen), seen)
    a_workbook(google, {"inkorg": id_}, tmp_path).fresh("inkorg", SHEETS)
    assert contents(google, id_) == before
    assert remove_seen(workbook, "inkorg", of_the_round(seen), seen) == 12
    assert sorted(keys_at(google, id_)) == [key(1), key(4), key(6), key(8)]


@pytest.mark.parametrize("seed", range(40))
def test_exactly_the_seen_rows_are_gone_among_edits_by_hand(google, tmp_path, seed):
    """The rows that were seen and are as they were go; all others say what they say in a twin."""
    chance = random.Random(seed)
    rounds = chance.choices(["2026", "2027", "2027", ""], k=12)
    id_, twin = an_inbox(google, "inkorg", rounds), an_inbox(google, "tvilling", rounds)
    workbook = a_workbook(google, {"inkorg": id_}, tmp_path)
    seen = workbook.fresh("inkorg", SHEETS)
    before = contents(google, id_)
    google.control.clear_counts()
    edits = {
        number: [an_edit(chance, id_) for _ in range(chance.choice([1, 1, 2]))]
        for number in range(8)
        if chance.random() < 0.5
    }
    for number, some in edits.items():
        google.control.fault(skip=number, times=1, before=some)
    with contextlib.suppress(SpreadsheetChanged):
        remove_seen(workbook, "inkorg", of_the_round(seen), seen)
    calls = len([entry for entry in google.control.log() if id_ in entry["path"]])
    google.control.clear_faults()
    remove_seen(workbook, "inkorg", of_the_round(seen), seen)
    fired = [edit for number, some in sorted(edits.items()) if number < calls for edit in some]
    for edit in fired:
        edit_by_hand(google, twin, edit)
    # A row typed in after it was seen, and before it was removed, is no longer the row that was seen.
    typed = {edit["key"] for edit in fired if edit["edit"] == "type"}
    wanted = contents(google, twin) - Counter(row for row in before.elements() if row[1] == ROUND[1])
    ours = {row[0] for row in before if row[1] == ROUND[1]}
    found = contents(google, id_)
    assert {row: n for row, n in found.items() if row[0] not in typed & ours} == {
        row: n for row, n in wanted.items() if row[0] not in typed & ours
    }, [{name: item for name, item in edit.items() if name != "spreadsheet"} for edit in fired]
    assert not google.control.problems()["crashes"]
    assert list(tmp_path.glob("google-*.json")) == []


def contents(google: LocalGoogle, id_: str) -> Counter[tuple[Any, ...]]:
    """What the rows say that say anything, without formulas."""
    rows = ([*(cell[0] for cell in row[:6]), *[None] * 6][:6] for row in rows_in(google, id_, "Inkomna")[1:])
    return Counter(tuple(row) for row in rows if any(value not in ("", None) for value in row))


def an_edit(chance: random.Random, id_: str) -> dict[str, Any]:
    """What people do in an inbox, at random."""
    number = chance.randrange(12)
    return {
        "spreadsheet": id_,
        "sheet": "Inkomna",
        **chance.choice(
            [
                {"edit": "sort", "header": "Nyckel", "descending": True},
                {"edit": "sort", "header": "Omgång"},
                {"edit": "insert_rows", "at": chance.randrange(1, 12)},
                {"edit": "delete_rows", "key": key(number)},
                {"edit": "type", "key": key(number), "column": "1.1", "value": chance.randrange(1, 5)},
                {"edit": "append", "values": [answer(20 + chance.randrange(70), "'2027")]},
                {"edit": "move_rows", "at": chance.randrange(1, 12), "to": chance.randrange(1, 12)},
            ]
        ),
    }


@pytest.mark.parametrize("seed", range(12))
def test_closing_that_is_cut_off_anywhere_and_begun_again_empties_the_inbox(google, tmp_path, seed):
    """Every try is a new process; a fault ends it, or an outage lasts a while."""
    id_ = an_inbox(google)
    google.control.fault(faults=KINDS, match=WRITES, rate=0.4, seed=seed)
    google.control.fault(
        match={"service": "sheets"},
        rate=0.15,
        before=[{"edit": "sort", "spreadsheet": id_, "sheet": "Inkomna", "header": "Version"}],
    )
    for _ in range(60):
        workbook = a_workbook(google, {"inkorg": id_}, tmp_path)
        try:
            empty(workbook, "inkorg", SHEETS, ROUND)
            workbook.forget("inkorg")
            break
        except (OutcomeUnknown, SpreadsheetChanged, Unreachable):
            continue
    google.control.clear_faults()
    assert sorted(keys_at(google, id_)) == [key(1), key(4), key(6), key(8)]
    assert is_gone(google, tmp_path)


def test_rows_that_have_moved_when_it_begins_are_not_touched_at_all(google, tmp_path):
    id_ = an_inbox(google)
    workbook = a_workbook(google, {"inkorg": id_}, tmp_path)
    seen = workbook.fresh("inkorg", SHEETS)
    google.control.edit("sort", id_, sheet="Inkomna", header="Nyckel", descending=True)
    google.control.edit("type", id_, sheet="Inkomna", key=key(3), column="Eget", value="=1+1")
    before = grid_values(google, id_)
    with pytest.raises(SpreadsheetChanged):
        workbook.remove("inkorg", of_the_round(seen), seen)
    assert grid_values(google, id_) == before


def grid_values(google: LocalGoogle, id_: str) -> list[list[Any]]:
    return [[(cell.value, cell.formula) for cell in row] for row in grid(google, id_)]


def test_an_outage_is_told_and_nothing_is_changed(google, tmp_path):
    id_ = an_inbox(google)
    workbook = a_workbook(google, {"inkorg": id_}, tmp_path)
    seen = workbook.fresh("inkorg", SHEETS)
    before = picture(google, id_)
    google.control.edit("revoke", "inkorg")
    with pytest.raises(WorkbookTrouble):
        workbook.remove("inkorg", of_the_round(seen), seen)
    assert picture(google, id_) == before
