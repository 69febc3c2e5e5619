"""kill -9 at any moment: what was acknowledged stands in the sheets, exactly once."""

import datetime as dt
import os
import random
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from services.history import LOG, log_rows, verify
from services.outbox import Outbox
from services.workbook.port import Workbook
from services.writing.deeds import Saved, SubmissionId
from services.writing.tempo import Tempo
from services.writing.writer import Writer
from tests.serving import ROOT
from tests.writing.registers import INBOX, MAIN, PLAN, SCHEMA, a_register, on_disk, on_google
from tests.writing.submitting import open_register

KILLS = 200 if "VEBS_SOAK" in os.environ else 8
SUBMISSIONS = 200


@pytest.fixture(params=["excel", "google"])
def google(request: pytest.FixtureRequest, tmp_path: Path) -> Sequence[str]:
    """Where the register is at Google: the address, and the ids of its two spreadsheets; else nothing."""
    if request.param == "excel":
        on_disk(tmp_path, a_register())
        return ()
    running = request.getfixturevalue("running_google")
    ids = on_google(running, a_register(), tmp_path / "journal").book.ids()
    return running.url, ids[MAIN], ids[INBOX]


@pytest.mark.slow
def test_what_was_acknowledged_stands_there_once_however_often_the_process_is_killed(tmp_path, google):
    chance = random.Random(0)
    received: set[str] = set()
    for kill in range(KILLS):
        received |= killed_in_the_middle(tmp_path, kill, chance, google)
    saved = caught_up(tmp_path, received, google)
    assert saved == received
    assert len(received) > KILLS
    workbook = open_register(tmp_path, google)
    answers, actions = standing(workbook, INBOX, "Inkomna"), standing(workbook, MAIN, PLAN)
    assert len(set(answers + actions)) == len(answers + actions)
    # What was on disk when the process was killed, before it could say so, stands there too.
    assert received <= set(answers + actions)
    assert standing(workbook, INBOX, "Deltagande") == answers
    log = log_rows(workbook.read(MAIN).sheets[LOG])
    assert sorted(row.entry.key for row in log) == actions
    outbox = Outbox(tmp_path / "outbox" / "register.sqlite")
    assert verify(log, outbox.anchor()) is None
    outbox.close()


def killed_in_the_middle(folder: Path, kill: int, chance: random.Random, google: Sequence[str]) -> set[str]:
    """Run a process for a random moment, kill it, and return the keys it acknowledged.

    Every run has submissions of its own, and some that the run before may have left half done.
    """
    per_run = max(20, SUBMISSIONS // 10)
    command = [
        sys.executable,
        "-m",
        "tests.writing.submitting",
        str(folder),
        str(kill * per_run),
        str(per_run),
        *google,
    ]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("started")
        time.sleep(chance.uniform(0.0, 0.5))
        process.kill()
        lines = [line.split() for line in process.stdout.read().splitlines() if line.count(" ") == 1]
    saved = {key for word, key in lines if word == "saved"}
    received = {key for word, key in lines if word == "received"}
    assert saved <= received
    return received


def caught_up(folder: Path, received: set[str], google: Sequence[str]) -> set[str]:
    """Start once more, wait until nothing is left to do, and return what is said to be saved."""
    outbox = Outbox(folder / "outbox" / "register.sqlite")
    workbook = open_register(folder, google)
    tempo = Tempo(looks=(0.0, 0.0))
    writer = Writer(workbook, SCHEMA, outbox, lambda: dt.datetime.now(dt.UTC), tempo)
    while (wait := writer.once()) is not None:
        time.sleep(wait)
    saved = {key for key in received if writer.outcome(SubmissionId(f"id-{key}")) == Saved()}
    assert writer.status().waiting == 0
    outbox.close()
    return saved


def standing(workbook: Workbook, spreadsheet: str, sheet: str) -> list[str]:
    columns = workbook.read(spreadsheet).sheets[sheet].columns
    return sorted(str(cell) for cell in columns[0][1:] if cell not in (None, ""))
