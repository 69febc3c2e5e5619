"""Two hundred at once while Google fails one call in five: nothing lost or doubled, nobody told wrong."""

import datetime as dt
import os
import threading
import time as real_time
from collections import Counter

import pytest

from services.history import verify
from services.outbox import Outbox
from services.workbook.pacing import Pace
from services.writing.deeds import NewRow, Outcome, Received, RowChange, Saved
from services.writing.writer import Writer
from tests.sheets_server.serving import LocalGoogle
from tests.writing.failing import FAULTS, HURRIED
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
    on_google,
)

SEEDS = range(5 if "VEBS_SOAK" in os.environ else 1)


def deed(number: int) -> list[NewRow | RowChange]:
    if number % 10 == 8:
        return [NewRow(PLAN, an_action(f"n{number}"))]
    if number % 10 == 9:
        return [a_change(f"a{number}", new=f"Nytt mål {number}")]
    return [*an_answer(f"k{number}")]


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_is_lost_doubled_or_told_wrong(running_google: LocalGoogle, tmp_path, seed):
    actions = [an_action(f"a{number}") for number in range(9, 200, 10)]
    pace = Pace(chance=lambda: 0.02, calls=10**6)
    workbook = on_google(running_google, a_register(actions), tmp_path / "journal", pace)
    control = running_google.control
    control.fault(match={"service": "sheets"}, rate=0.2, faults=FAULTS, seed=seed)
    theirs = an_action("hand")
    racing = {"edit": "append", "spreadsheet": MAIN, "sheet": PLAN, "values": [list(theirs.values())]}
    control.fault(match={"kind": "write", "body": "Insats"}, rate=0.2, times=3, before=[racing])
    outbox = Outbox(tmp_path / "outbox" / "x.sqlite")
    writer = Writer(workbook, SCHEMA, outbox, lambda: dt.datetime.now(dt.UTC), HURRIED)
    writer.start()
    outcomes: dict[int, Outcome] = {}

    def submit(number: int) -> None:
        """Half of them at the very same moment, the others during some seconds."""
        real_time.sleep(max(0.0, (number - 100) / 33))
        outcomes[number] = writer.outcome(writer.submit(deed(number), UNNI, "Prov"), 120)

    threads = [threading.Thread(target=submit, args=(number,)) for number in range(200)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes == dict.fromkeys(range(200), Saved())
    settled(writer, outbox, running_google)
    writer.stop()
    # On a busy machine two hundred submissions may go in a few calls.
    assert sum(rule["hits"] for rule in control.rules()) >= 1
    control.clear_faults()
    app = App(workbook, outbox, Time())
    assert app.writer.status().setbacks == ()
    answers = Counter(row["Nyckel"] for row in app.rows("Inkomna", INBOX))
    assert answers == Counter(f"k{n}" for n in range(200) if n % 10 < 8)
    assert Counter(row["Nyckel"] for row in app.rows("Deltagande", INBOX)) == answers
    plan = [row for row in app.rows() if row.get("Insats") != "hand"]
    assert Counter(str(row["Insats"]) for row in plan) == Counter(
        f"{'n' if n % 10 == 8 else 'a'}{n}" for n in range(200) if n % 10 >= 8
    )
    goals = {row["Insats"]: row["Mål"] for row in plan}
    assert all(goals[f"a{n}"] == f"Nytt mål {n}" for n in range(9, 200, 10))
    assert len(app.log()) == 40
    assert verify(app.log(), outbox.anchor()) is None
    assert control.problems()["crashes"] == []
    outbox.close()


def settled(writer: Writer, outbox: Outbox, google: LocalGoogle) -> None:
    """Wait until all has landed that ever will, and everything has been looked at."""
    until = real_time.monotonic() + 120
    while real_time.monotonic() < until:
        status = writer.status()
        waits = status.waiting or status.log_rows_waiting or outbox.watched() or google.control.pending()
        if not waits:
            return
        real_time.sleep(0.05)
    raise AssertionError(f"still waiting: {writer.status()} {outbox.watched()}")


OUTAGES = [503, {"kind": "status", "status": 502}, "half", "reset", {"kind": "hang", "seconds": 0.02}]


@pytest.mark.parametrize("fault", OUTAGES, ids=str)
def test_an_outage_of_any_kind_is_received_and_arrives_once_over_a_restart(
    running_google, outbox, time, tmp_path, fault
):
    quick = Pace(clock=time.monotonic, sleep=time.sleep, chance=lambda: 1.0, calls=10**6)
    workbook = on_google(running_google, a_register([an_action("a1")]), tmp_path / "journal", quick)
    app = App(workbook, outbox, time)
    running_google.control.fault(fault)
    ids = [
        app.writer.submit(deeds, UNNI, "Prov")
        for deeds in (an_answer("k1"), [NewRow(PLAN, an_action("a2"))], [a_change("a1")])
    ]
    app.run(200)
    for id_ in ids:
        outcome = app.writer.outcome(id_)
        assert isinstance(outcome, Received)
        assert outcome.sentence
    running_google.control.clear_faults()
    app.workbook = on_same_google(workbook, quick, tmp_path)
    app = app.restarted()
    app.run(1000)
    assert {app.writer.outcome(id_) for id_ in ids} == {Saved()}
    assert [row["Nyckel"] for row in app.rows("Inkomna", INBOX)] == ["k1"]
    assert [(row["Insats"], row["Mål"]) for row in app.rows()] == [("a1", "Ett annat mål"), ("a2", "Ett mål")]
    assert len(app.log()) == 2
    assert verify(app.log(), app.outbox.anchor()) is None


def on_same_google(workbook, pace, tmp_path):
    """The same spreadsheets, opened by a new process."""
    client = type(workbook.client)(workbook.client.account, pace, workbook.client.base_url)
    return type(workbook)(client, workbook.book, journal=tmp_path / "journal")
