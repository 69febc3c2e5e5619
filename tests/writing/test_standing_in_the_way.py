"""What can't be done, and what another process does, stands in nobody else's way."""

import time

import pytest

from services.errors import CellProtected, Unreachable
from services.history import verify
from services.outbox import Outbox
from services.workbook.memory import MemoryWorkbook
from services.writing.deeds import NewRow, Received, Refused, Saved, SubmissionId
from services.writing.rounds import LARGEST_GROUP
from services.writing.waiting import Submission
from services.writing.writer import Writer
from tests.writing.beside import Beside, nothing
from tests.writing.registers import (
    INBOX,
    MAIN,
    PLAN,
    SCHEMA,
    UNNI,
    App,
    Time,
    a_change,
    a_register,
    an_action,
    an_answer,
)
from tests.writing.test_trouble import unknown

A_NUMBER_OF_PEOPLE = {"Läsår": "2025-2026", "Nr": 1, "Skolenhetskod": "00000001", "Antal": 10}


def without(sheet: str) -> MemoryWorkbook:
    """The register, its inbox without a sheet."""
    sheets = a_register()
    del sheets[INBOX][sheet]
    return MemoryWorkbook(sheets)


@pytest.fixture
def app(outbox, time) -> App:
    return App(Beside(MemoryWorkbook(a_register([an_action("a1")]))), outbox, time)


def test_a_sheet_with_protected_cells_stops_only_what_is_for_it(app):
    def refuse(call: str) -> None:
        if call == "append" and "Närvaro" in app.workbook.rows:
            raise CellProtected(MAIN, "Cellerna är skyddade.")

    app.workbook.before = refuse
    stopped = app.writer.submit([NewRow("Närvaro", A_NUMBER_OF_PEOPLE)], UNNI, "Närvaro")
    assert app.do(NewRow(PLAN, an_action("a2"))) == Saved()
    assert app.writer.outcome(stopped) == Received("Cellerna är skyddade.")
    app.workbook.before = nothing
    assert app.after(stopped) == Saved()


def test_what_is_for_a_table_that_the_app_no_longer_has_is_set_aside(app):
    row = NewRow("Borttagen", {"Id": "x"})
    known = SubmissionId("of-an-earlier-version")
    app.outbox.add(Submission(known, [row], UNNI, "Ny", app.time.now()), {})
    assert app.do(NewRow(PLAN, an_action("a2"))) == Saved()
    assert isinstance(app.writer.outcome(known), Refused)


def test_what_waits_for_a_lost_sheet_leaves_room_for_all_that_comes_after(app):
    count = LARGEST_GROUP + 1
    app.workbook.real = without("Deltagande")
    ids = [app.writer.submit(an_answer(f"k{number}"), "", "Svar") for number in range(count)]
    app.run()
    assert len(app.rows("Inkomna", INBOX)) == count
    assert "Deltagande saknas" in app.writer.outcome(ids[-1]).sentence
    stands = {name: list(zip(*s.columns, strict=True)) for name, s in app.workbook.read(INBOX).sheets.items()}
    app.workbook.real = MemoryWorkbook({INBOX: {**a_register()[INBOX], **stands}})
    app.time.sleep(60)
    app.run()
    assert [app.writer.outcome(id_) for id_ in ids] == [Saved()] * count
    assert [len(app.rows(sheet, INBOX)) for sheet in ("Inkomna", "Deltagande")] == [count, count]


def test_rows_that_can_not_be_looked_for_do_not_keep_the_writer_busy(app):
    def fail(call: str) -> None:
        if call == "fresh":
            raise Unreachable(MAIN, "Google svarar inte just nu.")
        if call == "append" and app.workbook.calls.count("append") == 1:
            raise unknown()

    app.workbook.before = fail
    id_ = app.writer.submit([NewRow(PLAN, an_action("a2"))], UNNI, "Ny")
    until, looks = app.time.seconds + 300, 0
    while (wait := app.writer.once()) is not None and app.time.seconds < until and looks < 1000:
        app.time.sleep(wait)
        looks += 1
    assert app.writer.outcome(id_) == Saved()
    assert app.outbox.watched()
    assert looks < 50


def test_the_log_goes_on_from_what_another_process_has_added(tmp_path):
    workbook, path = MemoryWorkbook(a_register([an_action("a1")])), tmp_path / "outbox" / "a.sqlite"
    clock = App(workbook, Outbox(path), Time()).time.now
    one, other = (Writer(workbook, SCHEMA, Outbox(path), clock) for _ in range(2))
    for number, writer in enumerate([one, other, one]):
        writer.start()
        change = a_change("a1", "Ett mål" if not number else f"Mål {number}", f"Mål {number + 1}")
        assert writer.outcome(writer.submit([change], UNNI, "Ändring"), 10) == Saved()
        while writer.status().log_rows_waiting:
            time.sleep(0.01)
        writer.stop()
    app = App(workbook, Outbox(path), Time())
    assert len(app.log()) == 3
    assert verify(app.log(), app.outbox.anchor()) is None
