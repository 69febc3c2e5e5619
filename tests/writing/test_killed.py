"""kill -9 at any moment: what was acknowledged stands in the sheets, exactly once."""

import datetime as dt
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from services.history import LOG, log_rows, verify
from services.outbox import Outbox
from services.workbook.excel import ExcelFolder
from services.writing.deeds import Saved, SubmissionId
from services.writing.tempo import Tempo
from services.writing.writer import Writer
from tests.serving import ROOT
from tests.writing.registers import INBOX, MAIN, PLAN, SCHEMA, a_register, on_disk

KILLS = 200 if "VEBS_SOAK" in os.environ else 8
SUBMISSIONS = 200


@pytest.mark.slow
def test_what_was_acknowledged_stands_there_once_however_often_the_process_is_killed(tmp_path):
    on_disk(tmp_path, a_register())
    chance = random.Random(0)
    received: set[str] = set()
    for kill in range(KILLS):
        received |= killed_in_the_middle(tmp_path, kill, chance)
    saved = caught_up(tmp_path, received)
    assert saved == received
    assert len(received) > KILLS
    workbook = ExcelFolder(tmp_path, tmp_path / "state")
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


def killed_in_the_middle(folder: Path, kill: int, chance: random.Random) -> set[str]:
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


def caught_up(folder: Path, received: set[str]) -> set[str]:
    """Start once more, wait until nothing is left to do, and return what is said to be saved."""
    outbox = Outbox(folder / "outbox" / "register.sqlite")
    workbook = ExcelFolder(folder, folder / "state")
    tempo = Tempo(looks=(0.0, 0.0))
    writer = Writer(workbook, SCHEMA, outbox, lambda: dt.datetime.now(dt.UTC), tempo)
    while (wait := writer.once()) is not None:
        time.sleep(wait)
    saved = {key for key in received if writer.outcome(SubmissionId(f"id-{key}")) == Saved()}
    assert writer.status().waiting == 0
    outbox.close()
    return saved


def standing(workbook: ExcelFolder, spreadsheet: str, sheet: str) -> list[str]:
    columns = workbook.read(spreadsheet).sheets[sheet].columns
    return sorted(str(cell) for cell in columns[0][1:] if cell not in (None, ""))
