"""Codes guessed at the page itself: none of ten thousand hits, and after ten whoever guesses must wait."""

import datetime as dt
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import count, cycle, repeat
from pathlib import Path

import pytest
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from pages.components import current, open_rounds
from services.answering.guessing import FREE_MISSES, FREE_TOGETHER
from services.answering.keys import code_key, new_code
from tests.answering.crowd import Town, a_town
from tests.pages.visiting import plain
from tests.people import EKSKOLAN, Row, a_round, register_sheets, save
from tests.raw_client import Answer, RawClient

GUESSES = 10_000
PATIENT = GUESSES if "VEBS_SOAK" in os.environ else 1_000
"""Whoever waits as long as she is told has every one of her guesses tried."""

NO_SUCH_CODE = "Den koden finns inte."
WAIT = re.compile(r"Vänta (\d+) (sekund|minut)")
DEMO_DAY: Row = {"Namn": "Demodatum", "Värde": "2022-01-24"}


class Guesser:
    """Somebody at the page of a round with forty codes, with a clock that the test holds."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.time = dt.datetime(2022, 1, 24, 9, tzinfo=dt.UTC)
        self.said: Counter[str] = Counter()
        patch.setattr(current, "now", lambda: self.time)
        secret = open_rounds.secrets().make("2022")
        self.codes = [new_code() for _ in range(40)]
        open_rounds.file("2022").issue([code_key(secret, "2022", one) for one in self.codes], EKSKOLAN)

        self.address = ""
        patch.setattr(ContextProxy, "ip_address", property(lambda _: self.address or None))

    def sit_at(self, address: str) -> None:
        self.address = address

    def guess(
        self, guesses: Iterable[str], addresses: Iterable[str] = repeat(""), *, patient: bool = False
    ) -> list[bool]:
        """Type one code after the other into the real field of a real session; which of them let her in."""
        app = AppTest.from_function(_type_codes, default_timeout=600)
        app.session_state["guesses"] = list(zip(addresses, guesses, strict=False))
        app.session_state["sit_at"] = self.sit_at
        app.session_state["tell"] = self._told if patient else self._noted
        app.run()
        assert not app.exception, app.exception[0].value
        return list(app.session_state["hits"])

    def _noted(self, refusal: str) -> bool:
        self.said["tried" if refusal.startswith(NO_SUCH_CODE) else "waits" if refusal else "in"] += 1
        return False

    def _told(self, refusal: str) -> bool:
        """Wait as long as the page says, and then type it once more."""
        self._noted(refusal)
        found = WAIT.search(refusal)
        if found is None:
            return False
        self.time += dt.timedelta(seconds=int(found[1]) * (60 if found[2] == "minut" else 1))
        return True


def _type_codes() -> None:
    import streamlit as st

    from pages.components import answering_seat

    hits = []
    for address, guess in st.session_state["guesses"]:
        st.session_state["sit_at"](address)
        again = True
        while again:
            st.session_state[answering_seat.CODE_FIELD] = guess
            answering_seat.try_code()
            again = st.session_state["tell"](answering_seat.seat().refusal)
        hits.append(answering_seat.seat().by_code is not None)
    st.session_state["hits"] = hits


@pytest.fixture
def guesser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Guesser]:
    sheets = register_sheets({}, rounds=[a_round("2022", "Öppen")], settings=[DEMO_DAY])
    monkeypatch.setenv("VEBS_DATA", str(save(tmp_path / "data", sheets)))
    monkeypatch.setenv("VEBS_STATE", str(tmp_path / "state"))
    current.forget()
    open_rounds.forget()
    yield Guesser(monkeypatch)
    open_rounds.forget()
    current.forget()


def some_guesses(number: int, codes: Sequence[str]) -> list[str]:
    """Codes as they could be; near misses of real ones among them."""
    near = [code[:-1] + ("A" if code[-1] != "A" else "B") for code in codes]
    return [*near, *(new_code() for _ in range(number - len(near)))]


def test_of_ten_thousand_guesses_of_one_visitor_ten_are_tried_and_none_hits(guesser: Guesser) -> None:
    hits = guesser.guess(some_guesses(GUESSES, guesser.codes))

    assert hits == [False] * GUESSES
    assert guesser.said == Counter({"tried": FREE_MISSES, "waits": GUESSES - FREE_MISSES})


def test_from_a_thousand_addresses_no_more_are_tried_than_a_staff_may_mistype(guesser: Guesser) -> None:
    addresses = [f"198.51.{number // 250}.{number % 250}" for number in range(1_000)]

    hits = guesser.guess(some_guesses(GUESSES, guesser.codes), cycle(addresses))

    assert hits == [False] * GUESSES
    assert guesser.said == Counter({"tried": FREE_TOGETHER, "waits": GUESSES - FREE_TOGETHER})


def test_a_range_of_long_addresses_is_one_visitor(guesser: Guesser) -> None:
    guesser.guess([new_code() for _ in range(50)], (f"2001:db8:1:2::{number:x}" for number in count(1)))

    assert guesser.said == Counter({"tried": FREE_MISSES, "waits": 50 - FREE_MISSES})


def test_a_patient_visitor_needs_longer_for_her_guesses_than_a_round_is_open(guesser: Guesser) -> None:
    begun = guesser.time

    assert guesser.guess(some_guesses(PATIENT, guesser.codes), patient=True) == [False] * PATIENT
    assert guesser.said["tried"] == PATIENT
    assert (guesser.time - begun) * GUESSES / PATIENT > dt.timedelta(days=60)


def test_patient_guessers_at_many_addresses_are_slowed_together(guesser: Guesser) -> None:
    begun = guesser.time
    addresses = [f"198.51.{number // 200}.{number % 200}" for number in range(PATIENT // 5)]

    hits = guesser.guess(some_guesses(PATIENT, guesser.codes), cycle(addresses), patient=True)

    assert hits == [False] * PATIENT and guesser.said["tried"] == PATIENT
    # Slow enough for nobody to hit, short enough for a person who mistypes meanwhile.
    assert guesser.time - begun > (PATIENT - FREE_TOGETHER - 10) * dt.timedelta(seconds=3)


def test_whoever_has_a_code_comes_in_after_some_slips_and_starts_afresh(guesser: Guesser) -> None:
    slips = [new_code() for _ in range(FREE_MISSES - 1)]

    assert guesser.guess([*slips, guesser.codes[0]]) == [False] * len(slips) + [True]
    assert guesser.guess([*slips, guesser.codes[0].lower().replace("-", " ")])[-1]


# --- Over the websocket ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with a_town(tmp_path_factory.mktemp("town"), logins=1, codes=1) as running:
        yield running


class Tab:
    """The page with the field for a code, in one browser."""

    def __init__(self, client: RawClient) -> None:
        self._client = client
        self._page: Answer = client.run("answer")

    def type(self, code: str) -> str:
        """What the page says to a code; "" where it lets her in."""
        button = next(str(one.button.id) for one in self._page.elements if one.WhichOneof("type") == "button")
        answer = self._client.run(
            "answer", widgets={self._page.widget("one_time_code"): code, button: "trigger"}
        )
        return plain(answer.text) if "one_time_code" in answer.text else ""


def at(town: Town, address: str) -> RawClient:
    """Somebody whom the proxy in front saw at this address."""
    return RawClient(town.server.url, additional_headers={"X-Forwarded-For": address})


@pytest.mark.slow
def test_a_browser_that_guesses_on_is_told_to_wait_and_so_is_its_next_tab(town: Town) -> None:
    said: list[str] = []
    with at(town, "203.0.113.7") as client:
        while sum(NO_SUCH_CODE in text for text in said) < FREE_MISSES + 2:
            said.append(Tab(client).type(new_code()))
    assert all(NO_SUCH_CODE in text or WAIT.search(text) for text in said)
    assert all(NO_SUCH_CODE in text for text in said[:FREE_MISSES])
    assert any(WAIT.search(text) for text in said), "the two that were tried after these had to wait"

    # In another tab of hers, with an address of her own making, or with the right code: she waits.
    with at(town, "203.0.113.7") as another:
        assert WAIT.search(Tab(another).type(new_code()))
    with at(town, "198.51.100.1, 203.0.113.7") as liar:
        assert WAIT.search(Tab(liar).type(town.codes[0]))

    with at(town, "203.0.113.8") as colleague:
        assert Tab(colleague).type(town.codes[0]) == ""


@pytest.mark.slow
def test_no_code_and_no_guess_stands_in_a_log(town: Town) -> None:
    guess = new_code()
    with at(town, "203.0.113.9") as client:
        Tab(client).type(guess)
        Tab(client).type(town.codes[0])

    for code in (guess, town.codes[0]):
        assert code not in town.server.log and code.replace("-", "") not in town.server.log
