"""The log tells of tampering, and what it tells of can be turned back."""

import os
import random
from dataclasses import replace

import pytest

from services.errors import Conflict, RowTrouble
from services.history import (
    CHAIN,
    HEADERS,
    LOG,
    Anchor,
    LogEntry,
    LogRow,
    chained,
    log_rows,
    undo,
    verify,
)
from services.workbook.memory import MemoryWorkbook
from services.workbook.port import Sheet
from services.writing.deeds import NewRow, Refused, RowChange, Saved
from tests.writing.conftest import in_memory, outbox, time  # noqa: F401  # fixtures
from tests.writing.registers import MAIN, PLAN, SCHEMA, a_change, a_register, an_action

MANY = 1000
PLACES = range(MANY) if "VEBS_SOAK" in os.environ else [*range(0, MANY, 41), MANY - 2, MANY - 1]


def an_entry(number: int) -> LogEntry:
    when = f"2026-03-02 09:{number // 60:02d}:{number % 60:02d}+01:00"
    return LogEntry(
        when, "unni@example.se", "Ändring", PLAN, f"a{number}", "Mål", f"{number}", f"{number + 1}"
    )


def a_log(length: int = MANY) -> list[LogRow]:
    rows: list[LogRow] = []
    for number in range(length):
        previous = rows[-1].chain if rows else ""
        rows.append(LogRow(number + 2, an_entry(number), chained(an_entry(number), previous)))
    return rows


def numbered(rows: list[LogRow]) -> list[LogRow]:
    return [replace(row, number=number) for number, row in enumerate(rows, 2)]


def anchor_of(rows: list[LogRow]) -> Anchor:
    return Anchor(len(rows), rows[-1].chain if rows else "")


LOG_ROWS = a_log()
ANCHOR = anchor_of(LOG_ROWS)


def test_an_untouched_log_is_whole():
    assert verify(LOG_ROWS, ANCHOR) is None
    assert verify(LOG_ROWS) is None
    assert verify([], None) is None
    assert verify([], Anchor(0, "")) is None


@pytest.mark.parametrize("field", [*(field for field in LogEntry.__dataclass_fields__), "chain"])
def test_a_changed_row_is_named_wherever_it_is(field):
    for index in PLACES:
        row = LOG_ROWS[index]
        if field == "chain":
            changed = replace(row, chain="0" * 64)
        else:
            changed = replace(row, entry=replace(row.entry, **{field: "x"}))
        bad = verify([*LOG_ROWS[:index], changed, *LOG_ROWS[index + 1 :]], ANCHOR)
        assert bad is not None
        assert bad.number == row.number


def test_a_deleted_row_is_found_by_the_row_after_it_the_last_one_too():
    for index in PLACES:
        bad = verify(numbered([*LOG_ROWS[:index], *LOG_ROWS[index + 1 :]]), ANCHOR)
        assert bad is not None
        assert bad.number == index + 2


def test_rows_cut_off_at_the_end_are_found():
    for left in (0, 1, 500, 998):
        bad = verify(LOG_ROWS[:left], ANCHOR)
        assert bad is not None
        assert bad.number == left + 2


def test_an_inserted_row_is_named():
    made_up = LogRow(0, replace(an_entry(7), after="påhittat"), "")
    for index in [*PLACES, MANY]:
        previous = LOG_ROWS[index - 1].chain if index else ""
        for inserted in (made_up, replace(made_up, chain=chained(made_up.entry, previous)), LOG_ROWS[0]):
            if index == 0 and inserted is LOG_ROWS[0]:
                continue
            bad = verify(numbered([*LOG_ROWS[:index], inserted, *LOG_ROWS[index:]]), ANCHOR)
            assert bad is not None
            knows_the_chain = inserted.chain == chained(inserted.entry, previous)
            assert bad.number == index + 2 or (knows_the_chain and bad.number == index + 3)


def test_a_moved_row_is_found():
    chance = random.Random(1)
    for origin in PLACES:
        target = chance.choice([place for place in range(MANY) if place != origin])
        rest = [*LOG_ROWS[:origin], *LOG_ROWS[origin + 1 :]]
        bad = verify(numbered([*rest[:target], LOG_ROWS[origin], *rest[target:]]), ANCHOR)
        assert bad is not None
        assert bad.number == min(origin, target) + 2


def test_a_log_written_anew_with_a_right_chain_does_not_match_the_anchor():
    rows: list[LogRow] = []
    for row in LOG_ROWS:
        entry = replace(row.entry, who="någon annan")
        rows.append(LogRow(row.number, entry, chained(entry, rows[-1].chain if rows else "")))
    assert verify(rows) is None
    bad = verify(rows, ANCHOR)
    assert bad is not None
    assert bad.number == MANY + 1


def test_blank_rows_and_other_columns_in_the_log_do_no_harm():
    rows = [["Anteckning", CHAIN, *HEADERS], ["", *[""] * 9]]
    for row in LOG_ROWS[:3]:
        rows += [["x", row.chain, *row.entry.texts], [""] * 10]
    read = log_rows(Sheet(tuple(zip(*rows, strict=True))))
    assert [row.number for row in read] == [3, 5, 7]
    assert verify(read, anchor_of(LOG_ROWS[:3])) is None
    assert log_rows(None) == []
    assert log_rows(Sheet(())) == []


def edited(app, change) -> None:
    """The log as somebody has left it, with the writer started anew."""
    sheets = {
        name: [list(row) for row in zip(*sheet.columns, strict=True)]
        for name, sheet in app.workbook.read(MAIN).sheets.items()
    }
    sheets[LOG] = change(sheets[LOG])
    app.workbook = MemoryWorkbook({MAIN: sheets})


@pytest.mark.parametrize(
    ("edit", "bad"),
    [
        (lambda rows: rows[:-1], 6),
        (lambda rows: rows[:-2], 5),
        (lambda rows: rows[:1], 2),
        (lambda rows: [*rows[:3], *rows[4:]], 4),
        (lambda rows: [*rows, ["x"] * 9], 7),
        (lambda rows: [rows[0], *reversed(rows[1:])], 2),
        (lambda rows: [*rows, rows[-1]], 7),
    ],
)
@pytest.mark.parametrize("goes_on", [True, False])
def test_what_was_done_to_the_log_is_found_after_the_app_has_gone_on(in_memory, edit, bad, goes_on):  # noqa: F811
    app = in_memory({MAIN: a_register([an_action("a1", Mål="0")])[MAIN]})
    for number in range(5):
        assert app.do(a_change("a1", str(number), str(number + 1))) == Saved()
    edited(app, edit)
    app = app.restarted()
    if goes_on:
        assert app.do(a_change("a1", "5", "6")) == Saved()
        assert app.do(a_change("a1", "6", "7")) == Saved()
        assert app.log()[-1].entry.after == "7"
    found = verify(app.log(), app.outbox.anchor())
    assert found is not None
    assert found.number == bad


def test_a_log_of_old_is_gone_on_from_with_a_new_outbox(in_memory, tmp_path):  # noqa: F811
    sheets = {MAIN: a_register([an_action("a1", Mål="0")])[MAIN]}
    sheets[MAIN][LOG] += [[*row.entry.texts, row.chain] for row in LOG_ROWS[:20]]
    app = in_memory(sheets)
    assert app.do(a_change("a1", "0", "1")) == Saved()
    assert len(app.log()) == 21
    assert verify(app.log(), app.outbox.anchor()) is None


def test_a_change_can_be_turned_back(in_memory):  # noqa: F811
    app = in_memory(a_register([an_action("a1", **{"Klart senast": "2026-05-01"})]))
    before = app.rows()
    app.do(a_change("a1"), a_change("a1", "Planerad", "Klar", "Status"))
    app.do(a_change("a1", "Ett annat mål", "Ett tredje"))
    entries = [row.entry for row in app.log()]
    assert app.do(*undo(entries, SCHEMA), event="Ångra") == Saved()
    assert app.rows() == before
    assert [row.entry.event for row in app.log()[-2:]] == ["Ångra", "Ångra"]
    assert verify(app.log(), app.outbox.anchor()) is None


def test_turning_back_is_a_conflict_where_somebody_has_changed_it_since(in_memory):  # noqa: F811
    app = in_memory(a_register([an_action("a1")]))
    app.do(a_change("a1"))
    app.workbook.edit(MAIN, PLAN, 2, 5, "Rättat för hand")
    before = app.rows()
    outcome = app.do(*undo([row.entry for row in app.log()], SCHEMA))
    assert isinstance(outcome, Refused)
    assert isinstance(outcome.troubles[0], Conflict)
    assert app.rows() == before


def test_a_new_row_is_turned_back_by_blanking_it(in_memory):  # noqa: F811
    app = in_memory(a_register([an_action("a1")]))
    app.do(NewRow("Närvaro", {"Läsår": "2025-2026", "Nr": 1, "Skolenhetskod": "00000001", "Antal": 3}))
    app.do(NewRow(PLAN, an_action("a2", Delområde=2)))
    assert app.do(*undo([row.entry for row in app.log()], SCHEMA)) == Saved()
    assert [row["Insats"] for row in app.rows()] == ["a1"]
    assert app.rows("Närvaro") == []


def test_a_new_row_that_somebody_has_added_to_is_not_blanked(in_memory):  # noqa: F811
    app = in_memory(a_register([an_action("a1")]))
    app.do(NewRow(PLAN, an_action("a2")))
    entries = [row.entry for row in app.log()]
    app.do(a_change("a2", None, "En anteckning", "Uppföljning"))
    outcome = app.do(*undo(entries, SCHEMA))
    assert isinstance(outcome, Refused)
    assert isinstance(outcome.troubles[0], Conflict)
    assert [row["Insats"] for row in app.rows()] == ["a1", "a2"]


def test_what_the_log_does_not_hold_is_not_turned_back(in_memory):  # noqa: F811
    app = in_memory(a_register())
    app.do(NewRow(PLAN, an_action("a1", Mål="å" * 20_000, Aktivitet="ö" * 20_000)))
    assert verify(app.log(), app.outbox.anchor()) is None
    with pytest.raises(RowTrouble):
        undo([row.entry for row in app.log()], SCHEMA)
    for entry in (replace(an_entry(1), table="Borta"), replace(an_entry(1), field="Borta")):
        with pytest.raises(RowTrouble):
            undo([entry], SCHEMA)


def test_turning_back_keeps_the_kinds_of_values():
    entry = replace(an_entry(1), field="Klart senast", before="2026-05-01", after="")
    (change,) = undo([entry], SCHEMA)
    assert isinstance(change, RowChange)
    assert change.seen == {"Klart senast": None}
    assert str(change.new["Klart senast"]) == "2026-05-01"
    assert not isinstance(change.new["Klart senast"], str)
