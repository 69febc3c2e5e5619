"""Four hundred on the form at the same moment, over the raw websocket, while Google fails one call in five.

The clients and the local Google run on the same machine as the server, and take their share of it.
"""

import tempfile
from pathlib import Path

from tests.answering.crowd import FAILING, Sent, a_town, at_once, fail, send
from tests.benchmarks.measuring import Measurement

PEOPLE = 400
QUESTIONS = 40
AREAS = 2


def measure() -> list[Measurement]:
    """Sending with a login, and with a one-time code."""
    return [*_sending("login", logins=PEOPLE), *_sending("one-time code", codes=PEOPLE)]


def _sending(how: str, **crowd: int) -> list[Measurement]:
    with (
        tempfile.TemporaryDirectory() as name,
        a_town(Path(name), questions_an_area=QUESTIONS // AREAS, **crowd) as town,
        town.seats() as sitting,
    ):
        at_once([seat.fill_in for seat in sitting])
        fail(town.google)
        sent = send(sitting)
        town.wait_until_stored()
        once = sum((town.stored() & town.expected()).values())
        doubled = sum(town.stored().values()) - once
    told = sum(one.is_acknowledged for one in sent)
    note = f"acknowledged {told}, stored once {once}, doubled {doubled}; median {_quantile(sent, 0.5):.1f} s"
    what = f"{PEOPLE} send at once with a {how}, Google fails {FAILING:.0%}"
    return [
        Measurement(f"{what}: submit's rerun, p95", _quantile(sent, 0.95), 3, "s", note),
        Measurement("… answers lost, doubled or not acknowledged", 2 * PEOPLE - told - once + doubled, 0, ""),
    ]


def _quantile(sent: list[Sent], share: float) -> float:
    seconds = sorted(one.seconds for one in sent)
    return seconds[min(len(seconds) - 1, int(share * len(seconds)))]
