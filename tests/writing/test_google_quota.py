"""Four thousand answers in ten minutes against Google's sixty calls a minute; the time is simulated."""

import bisect
import os
import random

import pytest

from services.workbook.pacing import Pace
from services.writing.deeds import Saved, SubmissionId
from services.writing.tempo import GOOGLE
from tests.sheets_server.serving import local_google
from tests.writing.beside import Beside
from tests.writing.registers import INBOX, App, Time, a_register, an_answer, on_google

IS_SOAK = "VEBS_SOAK" in os.environ
MINUTES = 10 if IS_SOAK else 2
A_MINUTE = 400
AT_ONCE = 200
A_CALL = 0.4
"""Seconds that Google takes to answer."""


class Visitors(Time):
    """Time in which people send in their answers, whatever the writer is doing meanwhile."""

    def __init__(self, moments: list[float]) -> None:
        super().__init__()
        self.coming = sorted(self.seconds + moment for moment in moments)
        self.sent: dict[SubmissionId, float] = {}
        self.app: App | None = None

    def sleep(self, seconds: float) -> None:
        until = self.seconds + max(0.0, seconds)
        while self.coming and self.coming[0] <= until:
            self.seconds = max(self.seconds, self.coming.pop(0))
            assert self.app is not None
            number = len(self.sent)
            id_ = self.app.writer.submit(an_answer(f"k{number}"), "", "Svar")
            self.sent[id_] = self.seconds
        self.seconds = until


@pytest.mark.slow
def test_the_quota_is_never_met_and_nobody_waits_long(outbox, tmp_path):
    chance = random.Random(0)
    spread = [chance.uniform(0, 60 * MINUTES) for _ in range(A_MINUTE * MINUTES - AT_ONCE)]
    visitors = Visitors(spread + [60.0] * AT_ONCE)
    with local_google(clock=lambda: visitors.seconds) as google:
        pace = Pace(clock=visitors.monotonic, sleep=visitors.sleep, chance=chance.random)
        workbook = Beside(on_google(google, a_register(), tmp_path / "journal", pace))
        google.control.quota()
        google.control.clear_counts()
        workbook.before = lambda _: visitors.sleep(A_CALL)
        app = visitors.app = App(workbook, outbox, visitors, GOOGLE)
        waits = waits_of(app, visitors)
        calls = [float(request["at"]) for request in google.control.log()]
        answers = google.control.counts()["answers"]
        keys = [row["Nyckel"] for row in app.rows("Inkomna", INBOX)]
    assert sorted(keys) == sorted(f"k{n}" for n in range(A_MINUTE * MINUTES))
    assert not any("429" in str(status) for status in answers)
    busiest = max(bisect.bisect_left(calls, moment + 60) - n for n, moment in enumerate(calls))
    assert busiest <= 45
    assert quantile(waits, 0.95) <= 5
    assert max(waits) <= 10


def waits_of(app: App, visitors: Visitors) -> list[float]:
    """Let everybody come and be served; how long each waited for the confirmation."""
    waits: list[float] = []
    open_: set[SubmissionId] = set()
    known = 0
    while visitors.coming or open_ or known < len(visitors.sent):
        wait = app.writer.once()
        open_ |= set(list(visitors.sent)[known:])
        known = len(visitors.sent)
        for id_ in list(open_):
            if app.writer.outcome(id_) == Saved():
                waits.append(visitors.seconds - visitors.sent[id_])
                open_.remove(id_)
        if wait is None or wait > 0:
            visitors.sleep(min(wait or 0.25, 0.25))
        visitors.sleep(GOOGLE.gather)
    return waits


def quantile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]
