"""An evening on which everybody answers, at the local Google, in simulated time."""

import bisect
import random
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from services.outbox import Outbox
from services.workbook.pacing import Pace
from services.writing.deeds import Saved, SubmissionId
from services.writing.tempo import GOOGLE
from tests.sheets_server.serving import local_google
from tests.writing.beside import Beside
from tests.writing.registers import INBOX, App, Time, a_register, an_answer, on_google

A_MINUTE = 400
AT_ONCE = 200
A_CALL = 0.4
"""Seconds that Google takes to answer."""


@dataclass(frozen=True)
class Rush:
    """How it went: the seconds each waited, when calls came, how they were answered, what stands there."""

    waits: list[float]
    calls: list[float]
    answers: list[str]
    keys: Counter[object]

    @property
    def busiest(self) -> int:
        """The most calls in any sixty seconds."""
        return max(bisect.bisect_left(self.calls, at + 60) - n for n, at in enumerate(self.calls))

    def wait(self, share: float) -> float:
        """The seconds that this share of all waited at most."""
        return sorted(self.waits)[min(len(self.waits) - 1, int(share * len(self.waits)))]


def a_rush(minutes: int, folder: Path) -> Rush:
    """So many minutes, spread by chance but for those who come at the very same moment."""
    chance = random.Random(0)
    spread = [chance.uniform(0, 60 * minutes) for _ in range(A_MINUTE * minutes - AT_ONCE)]
    visitors = _Visitors(spread + [60.0] * AT_ONCE)
    outbox = Outbox(folder / "outbox" / "rush.sqlite")
    with local_google(clock=visitors.monotonic) as google:
        pace = Pace(clock=visitors.monotonic, sleep=visitors.sleep, chance=chance.random)
        workbook = Beside(on_google(google, a_register(), folder / "journal", pace))
        google.control.quota()
        google.control.clear_counts()
        workbook.before = lambda _: visitors.sleep(A_CALL)
        app = visitors.app = App(workbook, outbox, visitors, GOOGLE)
        waits = visitors.served(app)
        calls = [float(request["at"]) for request in google.control.log()]
        answers = list(google.control.counts()["answers"])
        keys = Counter(row["Nyckel"] for row in app.rows("Inkomna", INBOX))
    outbox.close()
    return Rush(waits, calls, answers, keys)


class _Visitors(Time):
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
            id_ = self.app.writer.submit(an_answer(f"k{len(self.sent)}"), "", "Svar")
            self.sent[id_] = self.seconds
        self.seconds = until

    def served(self, app: App) -> list[float]:
        """Let everybody come and be served; how long each waited for the confirmation."""
        waits: list[float] = []
        open_: set[SubmissionId] = set()
        known = 0
        while self.coming or open_ or known < len(self.sent):
            wait = app.writer.once()
            open_ |= set(list(self.sent)[known:])
            known = len(self.sent)
            for id_ in list(open_):
                if app.writer.outcome(id_) == Saved():
                    waits.append(self.seconds - self.sent[id_])
                    open_.remove(id_)
            if wait is None or wait > 0:
                self.sleep(min(wait or 0.25, 0.25))
            self.sleep(GOOGLE.gather)
        return waits
