"""The outbox keeps its promise over threads, processes and restarts, and keeps nothing else."""

import datetime as dt
import threading
from pathlib import Path

import pytest

from services.errors import Trouble, Unreachable
from services.outbox import Outbox
from services.workbook.memory import MemoryWorkbook
from services.writing.deeds import NewRow, Received, Saved, new_id
from services.writing.tempo import Tempo
from services.writing.writer import Writer
from tests.writing.beside import Beside
from tests.writing.registers import (
    INBOX,
    MAIN,
    PLAN,
    SCHEMA,
    UNNI,
    App,
    a_change,
    a_register,
    an_action,
    an_answer,
)

SECRET = "Hemligheten i svaret"


def test_the_file_is_for_the_app_alone(outbox):
    outbox.spreadsheets()
    assert outbox.path.parent.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in outbox.path.parent.iterdir()} == {0o600}


def test_nothing_of_what_is_done_is_left_on_disk(in_memory):
    app = in_memory(a_register([an_action("a1", Mål=SECRET)]))
    saved = app.writer.submit([NewRow(PLAN, an_action("a2", Mål=SECRET)), *an_answer(SECRET)], SECRET, SECRET)
    changed = app.writer.submit([a_change("a1", SECRET, f"{SECRET} 2")], SECRET, SECRET)
    refused = app.writer.submit([a_change("a9", SECRET)], SECRET, SECRET)
    assert SECRET.encode() in everything_in(app.outbox.path.parent)
    app.run()
    assert [app.writer.outcome(id_) for id_ in (saved, changed)] == [Saved(), Saved()]
    app.writer.dismiss(refused)
    assert SECRET.encode() not in everything_in(app.outbox.path.parent)
    assert saved.encode() not in everything_in(app.outbox.path.parent)
    assert len(app.rows("Inkomna", INBOX)) == 1


def test_who_has_answered_is_never_kept_beside_the_answer(in_memory):
    app = in_memory(a_register())
    app.writer.submit(an_answer("k1"), UNNI, "Svar")
    assert UNNI.encode() not in everything_in(app.outbox.path.parent)


def test_that_something_was_saved_is_forgotten_after_a_week(in_memory):
    app = in_memory(a_register())
    first = app.writer.submit([NewRow(PLAN, an_action("a1"))], UNNI, "Ny")
    assert app.after(first) == Saved()
    app.time.sleep(dt.timedelta(days=6).total_seconds())
    app.do(NewRow(PLAN, an_action("a2")))
    assert app.writer.outcome(first) == Saved()
    app.time.sleep(dt.timedelta(days=2).total_seconds())
    app.do(NewRow(PLAN, an_action("a3")))
    with pytest.raises(ValueError):
        app.writer.outcome(first)


def test_a_disk_that_cannot_be_written_to_is_told_in_a_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(Trouble, match="disk"):
        Outbox(tmp_path / "file" / "x.sqlite")
    outbox = Outbox(tmp_path / "x" / "x.sqlite")
    outbox.close()
    with pytest.raises(Trouble, match="disk"):
        outbox.spreadsheets()


def test_ids_are_random_and_no_numbers():
    ids = [new_id() for _ in range(2000)]
    assert len(set(ids)) == 2000
    assert all(id_[0].isalpha() and id_.isalnum() and len(id_) == 12 for id_ in ids)


def test_two_processes_share_an_outbox_and_one_of_them_writes(tmp_path):
    workbook = Beside(MemoryWorkbook(a_register()))
    writers = [a_writer(workbook, Outbox(tmp_path / "o" / "x.sqlite")) for _ in range(2)]
    threads: set[str | int | None] = set()
    workbook.after = lambda _: threads.add(threading.get_ident())
    for writer in writers:
        writer.start()
    ids = [writers[n % 2].submit([NewRow(PLAN, an_action(f"a{n}"))], UNNI, "Ny") for n in range(10)]
    assert {writers[(n + 1) % 2].outcome(id_, 30) for n, id_ in enumerate(ids)} == {Saved()}
    assert len(threads) == 1
    writers[0].stop()
    id_ = writers[1].submit([NewRow(PLAN, an_action("a10"))], UNNI, "Ny")
    assert writers[1].outcome(id_, 30) == Saved()
    writers[1].stop()
    plan = workbook.real.read(MAIN).sheets[PLAN]
    assert sorted(map(str, plan.columns[0][1:])) == sorted(f"a{n}" for n in range(11))


def test_stopping_loses_nothing(tmp_path):
    workbook = Beside(MemoryWorkbook(a_register()))
    path = tmp_path / "o" / "x.sqlite"

    def fail(_: str) -> None:
        raise Unreachable(MAIN, "Google svarar inte just nu.")

    workbook.before = fail
    writer = a_writer(workbook, Outbox(path), Tempo(first_pause=60, between=60))
    writer.start()
    ids = [writer.submit([NewRow(PLAN, an_action(f"a{n}"))], UNNI, "Ny") for n in range(5)]
    assert isinstance(writer.outcome(ids[0], 0.3), Received)
    writer.stop(patience=30)
    assert not any(thread.name == "writer" for thread in threading.enumerate())
    workbook.before = lambda _: None
    again = a_writer(workbook, Outbox(path))
    again.start()
    assert {again.outcome(id_, 30) for id_ in ids} == {Saved()}
    again.stop()


def test_two_hundred_at_once_cost_a_few_saves(tmp_path):
    workbook = Beside(MemoryWorkbook(a_register()))
    writer = a_writer(workbook, Outbox(tmp_path / "o" / "x.sqlite"), Tempo(gather=0.25))
    writer.start()
    outcomes: list[object] = []

    def answer(number: int) -> None:
        outcomes.append(writer.outcome(writer.submit(an_answer(f"k{number}"), "", "Svar"), 60))

    threads = [threading.Thread(target=answer, args=(number,)) for number in range(200)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    writer.stop()
    assert outcomes == [Saved()] * 200
    assert workbook.calls.count("append") <= 20
    keys = workbook.real.read(INBOX).sheets["Inkomna"].columns[0][1:]
    assert sorted(map(str, keys)) == sorted(f"k{n}" for n in range(200))


def a_writer(workbook: Beside, outbox: Outbox, tempo: Tempo | None = None) -> Writer:
    return Writer(workbook, SCHEMA, outbox, lambda: dt.datetime.now(dt.UTC), tempo or Tempo())


def everything_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())


def test_a_status_says_what_waits_since_when(in_memory):
    app: App = in_memory({MAIN: a_register()[MAIN]})
    since = app.time.now()
    app.writer.submit(an_answer("k1"), "", "Svar")
    app.time.sleep(30)
    app.writer.submit(an_answer("k2"), "", "Svar")
    app.run()
    status = app.writer.status()
    assert (status.waiting, status.oldest) == (2, since)
    assert status.last_fault is not None
    assert "inkorg" in status.last_fault.sentence
    assert status.setbacks == ()
