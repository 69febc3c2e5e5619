"""What happens to submissions when the workbook, the network or the process does not do what it should."""

import logging
from collections.abc import Callable

import pytest

from services.errors import (
    NotShared,
    OutcomeUnknown,
    RowTrouble,
    SpreadsheetChanged,
    Trouble,
    Unreachable,
)
from services.history import HEADERS, LOG, verify
from services.workbook.memory import MemoryWorkbook
from services.writing.deeds import NewRow, Received, Refused, RowChange, Saved
from tests.writing.beside import Beside, nothing
from tests.writing.registers import (
    INBOX,
    MAIN,
    PLAN,
    UNNI,
    App,
    a_change,
    a_register,
    an_action,
    an_answer,
)

DEEDS = {
    "answers": lambda: an_answer("k1"),
    "new row": lambda: [NewRow(PLAN, an_action("a2"))],
    "change": lambda: [a_change("a1")],
    "all": lambda: [a_change("a1"), NewRow(PLAN, an_action("a2")), *an_answer("k1")],
}


@pytest.fixture
def app(outbox, time) -> App:
    return App(Beside(MemoryWorkbook(a_register([an_action("a1")]))), outbox, time)


def fails(times: int, trouble: Callable[[], Exception], *calls: str) -> Callable[[str], None]:
    """Raises so many times, in these calls."""
    left = [times]

    def fail(call: str) -> None:
        if call in calls and left[0]:
            left[0] -= 1
            raise trouble()

    return fail


def unreachable() -> Exception:
    return Unreachable(MAIN, "Google svarar inte just nu.")


def unknown() -> Exception:
    return OutcomeUnknown(MAIN, "Google svarade inte om det skrevs.")


def standing(app: App) -> list[object]:
    """What stands in the sheets of all that the deeds are about, and how often."""
    return [
        [(row["Insats"], row["Mål"]) for row in app.rows()],
        [row["Nyckel"] for row in app.rows("Inkomna", INBOX)],
        [row["Nyckel"] for row in app.rows("Deltagande", INBOX)],
        [(row.entry.key, row.entry.field, row.entry.before) for row in app.log()],
    ]


def expected(kind: str) -> list[object]:
    """What should stand in the sheets when the deeds are done once."""
    changed, added, answered = (
        kind in ("change", "all"),
        kind in ("new row", "all"),
        kind in ("answers", "all"),
    )
    plan = [("a1", "Ett annat mål" if changed else "Ett mål")] + [("a2", "Ett mål")] * added
    log = [("a1", "Mål", "Ett mål")] * changed + [("a2", "", "")] * added
    return [plan, ["k1"] * answered, ["k1"] * answered, log]


@pytest.mark.parametrize("kind", DEEDS)
@pytest.mark.parametrize("call", ["fresh", "columns", "append", "write"])
def test_an_outage_is_told_and_the_deeds_are_done_once_afterwards(app, kind, call):
    app.workbook.before = fails(1000, unreachable, call)
    id_ = app.writer.submit(DEEDS[kind](), UNNI, "Ändring")
    app.run()
    outcome = app.writer.outcome(id_)
    assert outcome in (Received("Google svarar inte just nu."), Saved())
    if outcome != Saved():
        status = app.writer.status()
        assert (status.waiting, status.last_fault.sentence) == (1, "Google svarar inte just nu.")
    app.workbook.before = nothing
    app = app.restarted()
    assert app.after(id_) == Saved()
    assert standing(app) == expected(kind)
    assert verify(app.log(), app.outbox.anchor()) is None


@pytest.mark.parametrize("kind", DEEDS)
@pytest.mark.parametrize("landed", [True, False])
@pytest.mark.parametrize("restarted", [True, False])
def test_an_unknown_outcome_is_looked_into_before_anything_is_sent_again(app, kind, landed, restarted):
    trouble = fails(3, unknown, "append", "write")
    if landed:
        app.workbook.after = trouble
    else:
        app.workbook.before = trouble
    id_ = app.writer.submit(DEEDS[kind](), UNNI, "Ändring")
    if restarted:
        app.writer.once()
        app = app.restarted()
    assert app.after(id_) == Saved()
    assert standing(app) == expected(kind)
    assert verify(app.log(), app.outbox.anchor()) is None


@pytest.mark.parametrize("kind", ["answers", "new row"])
@pytest.mark.parametrize("after", ["columns", "append"])
def test_a_row_that_lands_late_and_twice_is_swept(app, kind, after):
    late = []

    def lose(call: str) -> None:
        if call == "append" and not late:
            late.append((app.workbook.place, app.workbook.rows))
            raise unknown()

    def land(call: str) -> None:
        if call == after and len(late) == 1:
            app.workbook.real.append(*late[0])
            late.append(None)

    app.workbook.before, app.workbook.after = lose, land
    id_ = app.writer.submit(DEEDS[kind](), UNNI, "Ändring")
    assert app.after(id_) == Saved()
    assert len(late) == 2
    assert standing(app) == expected(kind)


def test_log_rows_that_land_late_do_not_break_the_chain(app):
    late = []

    def lose(call: str) -> None:
        if call == "append" and LOG in app.workbook.rows and not late:
            late.append((app.workbook.place, app.workbook.rows))
            raise unknown()
        if call == "fresh" and len(late) == 1 and len(app.log()) == 1:
            app.workbook.real.append(*late[0])
            late.append(None)

    app.workbook.before = lose
    app.do(a_change("a1", new="Ett"))
    app.do(a_change("a1", "Ett", "Två"))
    assert len(late) == 2
    assert [row.entry.after for row in app.log()] == ["Ett", "Två"]
    assert verify(app.log(), app.outbox.anchor()) is None


def test_a_row_that_was_edited_since_is_not_swept(app):
    app.do(*an_answer("k1"))
    app.workbook.before = fails(1, unknown, "append")
    id_ = app.writer.submit([NewRow(PLAN, an_action("a2"))], UNNI, "Ny")
    assert app.writer.once() is not None
    app.workbook.real.append(MAIN, {PLAN: [an_action("a2")]})
    assert app.after(id_) == Saved()
    app.workbook.real.append(MAIN, {PLAN: [an_action("a2", Mål="Ändrat")]})
    app.run()
    assert [row["Mål"] for row in app.rows()] == ["Ett mål", "Ett mål", "Ändrat"]


def test_a_spreadsheet_that_is_not_there_keeps_nobody_else_waiting(app):
    sheets = a_register([an_action("a1")])
    inbox = sheets.pop(INBOX)
    app = App(MemoryWorkbook(sheets), app.outbox, app.time)
    answer = app.writer.submit(an_answer("k1"), "", "Svar")
    assert app.do(a_change("a1")) == Saved()
    assert "inkorg finns inte" in app.writer.outcome(answer).sentence
    app.outbox.close()
    app = App(MemoryWorkbook(a_register() | {INBOX: inbox}), type(app.outbox)(app.outbox.path), app.time)
    assert app.after(answer) == Saved()
    assert len(app.rows("Inkomna", INBOX)) == 1


def test_a_sheet_that_is_not_there_is_waited_for(app):
    sheets = a_register([an_action("a1")])
    del sheets[MAIN]["Närvaro"], sheets[MAIN][LOG]
    app = App(Beside(MemoryWorkbook(sheets)), app.outbox, app.time)
    row = {"Läsår": "2025-2026", "Nr": 1, "Skolenhetskod": "00000001", "Antal": 10}
    lacking = app.writer.submit([NewRow("Närvaro", row)], UNNI, "Närvaro")
    assert app.do(a_change("a1"), NewRow(PLAN, an_action("a2"))) == Saved()
    assert "Närvaro saknas" in app.writer.outcome(lacking).sentence
    assert app.writer.status().log_rows_waiting == 2
    stands = {name: list(zip(*s.columns, strict=True)) for name, s in app.workbook.read(MAIN).sheets.items()}
    app.workbook.real = MemoryWorkbook({MAIN: {**a_register()[MAIN], **stands}})
    app.time.sleep(60)
    assert app.after(lacking) == Saved()
    assert [(row.entry.table, row.entry.key) for row in app.log()] == [
        (PLAN, "a1"),
        (PLAN, "a2"),
        ("Närvaro", "2025-2026 · 1 · 00000001"),
    ]


def test_a_protected_sheet_stops_only_what_is_for_it(app):
    def refuse(call: str) -> None:
        if call == "append" and "Närvaro" in app.workbook.rows:
            raise NotShared(MAIN, "Bladet är skyddat.")

    app.workbook.before = refuse
    row = {"Läsår": "2025-2026", "Nr": 1, "Skolenhetskod": "00000001", "Antal": 10}
    stopped = app.writer.submit([NewRow("Närvaro", row)], UNNI, "Närvaro")
    assert app.do(NewRow(PLAN, an_action("a2"))) == Saved()
    assert app.writer.outcome(stopped) == Received("Bladet är skyddat.")
    app.workbook.before = nothing
    assert app.after(stopped) == Saved()


def test_a_bug_sets_aside_only_the_submission_that_meets_it(app, caplog):
    secret = "det hemliga svaret"

    def stumble(call: str) -> None:
        if call == "append" and any(row.get("L1") == 4 for row in app.workbook.rows.get("Inkomna", ())):
            raise KeyError(secret)

    app.workbook.before = stumble
    ids = [app.writer.submit(an_answer(f"k{n}", L1=4 if n == 3 else 1), "", "Svar") for n in range(8)]
    with caplog.at_level(logging.ERROR):
        app.run(2000)
    outcomes = [app.writer.outcome(id_) for id_ in ids]
    assert [outcome for n, outcome in enumerate(outcomes) if n != 3] == [Saved()] * 7
    assert isinstance(outcomes[3], Refused)
    trouble = next(iter(outcomes[3].troubles.values()))
    assert isinstance(trouble, RowTrouble)
    logged = [record.getMessage().split()[1].rstrip(":") for record in caplog.records]
    assert any(number in str(trouble) for number in logged)
    assert "hemliga" not in caplog.text
    app.workbook.before = nothing
    app.writer.again(ids[3])
    assert app.after(ids[3]) == Saved()
    assert sorted(row["Nyckel"] for row in app.rows("Inkomna", INBOX)) == [f"k{n}" for n in range(8)]


def test_people_who_never_stop_editing_make_a_change_wait(app):
    app.workbook.before = fails(7, lambda: SpreadsheetChanged(MAIN, "Någon hann före."), "write")
    assert app.do(a_change("a1")) == Saved()
    assert app.workbook.calls.count("write") == 8


def test_a_refused_submission_is_refused_whole_also_when_it_is_looked_at_again(app):
    app.workbook.before = fails(2, lambda: SpreadsheetChanged(MAIN, "Någon hann före."), "write")
    app.workbook.real.append(MAIN, {PLAN: [an_action("a2"), an_action("a3")]})
    refused = app.writer.submit([a_change("a1"), a_change("a2", "Annat")], UNNI, "Ändring")
    saved = app.writer.submit([a_change("a3")], UNNI, "Ändring")
    app.run()
    assert isinstance(app.writer.outcome(refused), Refused)
    assert app.writer.outcome(saved) == Saved()
    assert [row["Mål"] for row in app.rows()] == ["Ett mål", "Ett mål", "Ett annat mål"]


def test_a_refused_submission_can_be_dismissed_or_tried_again(app):
    refused = app.writer.submit([a_change("a9")], UNNI, "Ändring")
    app.run()
    assert [setback.sentences for setback in app.writer.status().setbacks] == [
        ("Raden a9 finns inte längre i Handlingsplan; den kan ha tagits bort.",)
    ]
    app.workbook.real.append(MAIN, {PLAN: [an_action("a9")]})
    app.writer.again(refused)
    assert app.after(refused) == Saved()
    other = app.writer.submit([a_change("a8")], UNNI, "Ändring")
    app.run()
    app.writer.dismiss(other)
    assert app.writer.status().setbacks == ()
    with pytest.raises(ValueError):
        app.writer.outcome(other)


def test_a_trouble_is_the_same_after_a_restart(app):
    id_ = app.writer.submit([a_change("a1", "Annat", "Mitt")], UNNI, "Ändring")
    app.run()
    before, after = app.writer.outcome(id_).troubles[0], app.restarted().writer.outcome(id_).troubles[0]
    assert (type(before), str(before), before.__dict__) == (type(after), str(after), after.__dict__)
    assert isinstance(after, Trouble)


def test_only_what_is_known_can_be_asked_for(app):
    for deed in (NewRow(LOG, dict.fromkeys(HEADERS, "x")), RowChange(PLAN, ("a", "b"), {}, {})):
        with pytest.raises(ValueError):
            app.writer.submit([deed], UNNI, "x")
    with pytest.raises(ValueError):
        RowChange(PLAN, ("a1",), {"Mål": "x"}, {})
