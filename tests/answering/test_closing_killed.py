"""kill -9 at any moment of closing, then closing again: every answer once, and nothing else is left."""

import os
import random
import signal
import time
from collections import Counter
from pathlib import Path

import pytest

from services.closing.round_closing import EVENT, Step
from tests.answering.answered import OTHER, AnsweredRound
from tests.answering.conftest import ROUND
from tests.commands import FINE
from tests.sheets_server.serving import LocalGoogle

KILLS = {"files": 36, "google": 14} if "VEBS_SOAK" in os.environ else {"files": 6, "google": 2}
PEOPLE = 48
LONGEST = {"files": 0.06, "google": 0.3}
"""Seconds into a step: some are over sooner, and then it is the next one that is interrupted."""

CLOSE = ("close-round", "--round", ROUND)


@pytest.mark.slow
@pytest.mark.parametrize("number", range(KILLS["files"]))
def test_killed_at_any_moment_and_closed_again_every_answer_stands_there_once(
    tmp_path: Path, number: int
) -> None:
    assert_killed_and_closed_again(AnsweredRound(tmp_path), "files", number)


@pytest.mark.slow
@pytest.mark.parametrize("number", range(KILLS["google"]))
def test_the_same_at_google(tmp_path: Path, google: LocalGoogle, number: int) -> None:
    assert_killed_and_closed_again(AnsweredRound(tmp_path, google), "google", number)


def assert_killed_and_closed_again(round_: AnsweredRound, kind: str, number: int) -> None:
    chance = random.Random(f"{kind} {number}")
    everybody_answers(round_, chance)
    secret = round_.secrets.of(ROUND)
    killed(round_, chance, kind)

    again = round_.run(*CLOSE)

    assert (again.exit_code, again.stderr.splitlines()[-1]) == (FINE, f"Omgång {ROUND} är stängd.")
    assert_closed(round_, secret)


def everybody_answers(round_: AnsweredRound, chance: random.Random) -> None:
    """Some change their minds, one never sends; what came last may still be on its way to the inbox."""
    for person in (*range(PEOPLE), *chance.sample(range(PEOPLE), 6)):
        round_.answer(person, chance)
        if person == PEOPLE // 2:
            round_.write()
    round_.only_begin("per@example.se")
    if chance.random() < 0.5:
        round_.write()
    round_.leave()


def killed(round_: AnsweredRound, chance: random.Random, kind: str) -> None:
    """Close the round in a process of its own, and kill it some time after a step has begun.

    One that was done before it could be killed is begun again: it may be killed in its last steps then.
    """
    while True:
        step, moment = chance.choice(list(Step)), chance.uniform(0, LONGEST[kind])
        with round_.begin(*CLOSE) as process:
            assert process.stderr is not None
            told = any(line.startswith(step) for line in process.stderr)  # reads no further
            time.sleep(moment if told else 0.0)
            process.kill()
        if process.returncode == -signal.SIGKILL:
            return


def assert_closed(round_: AnsweredRound, secret: bytes) -> None:
    found = round_.answers()
    assert Counter(content for _, content in found) == round_.expected()
    assert len({id_ for id_, _ in found}) == len(found) == PEOPLE
    for sheet in ("Inkomna", "Deltagande"):
        assert [row["Nyckel"] for row in round_.rows("inkorg", sheet)] == [OTHER["Nyckel"]]
    state = round_.base / "state"
    assert [*state.rglob("*.secret"), *(state / "open-rounds").rglob("*.sqlite*")] == []
    assert secret not in b"".join(path.read_bytes() for path in state.rglob("*") if path.is_file())
    assert [row["Status"] for row in round_.rows("vebs", "Omgångar")] == ["Stängd"]
    assert [row["Händelse"] for row in round_.rows("vebs", "Logg")] == [EVENT]
    assert round_.run("verify-log").exit_code == FINE
