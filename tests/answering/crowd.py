"""A whole staff on the form at once: raw websocket clients, each with a login or a one-time code of its own.

with a_town(folder, logins=13, codes=12) as town, town.seats() as sitting:
    at_once([seat.fill_in for seat in sitting])
    sent = send(sitting)
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from config.settings import Settings
from services.answering.keys import Key, code_key, new_code, person_key
from services.closing import opening
from services.domain.question import LEVEL_LABELS
from services.workbook.google_book import AddressBook
from services.workbook.opening import BOOK_FILE, open_workbook
from tests.attacks.canaries import Login, write_secrets
from tests.browser.local_google import GoogleProcess, google_process
from tests.on_google import typed
from tests.people import SCHOOLS, Row, Sheets, a_question, a_round, grid, register_sheets
from tests.raw_client import Answer, RawClient
from tests.serving import Server, serving
from tests.writing.failing import FAULTS

ROUND = "2022"
PAGE = "answer"
CANNOT = "Kan inte bedöma"
CHOICES = (CANNOT, *LEVEL_LABELS)
FAILING = 0.2
PATIENCE = 180.0
"""Seconds that a client waits for an answer, and the test for what is sent to stand in the sheet."""

ACKNOWLEDGED = ("Sparat.", "Mottaget.")


@dataclass(slots=True)
class Seat:
    """One person at her own device: what her browser would remember between two clicks."""

    client: RawClient
    levels: dict[str, int]
    code: str = ""
    seen: list[Any] = field(default_factory=list)
    query: str = ""

    def open(self) -> None:
        """Come to the page; whoever has a code types it."""
        self._saw(self.client.run(PAGE, self.query))
        if self.code:
            last = Answer(tuple(self.seen))
            typed_in = {last.widget("one_time_code"): self.code, self._submit_of_form(last): "trigger"}
            self._saw(self.client.run(PAGE, self.query, typed_in))

    def fill_in(self) -> None:
        """Answer every question, area by area, and come to where it is sent."""
        self.press("begin")
        for step in range(1, 100):
            drawn = {one.rpartition("-level_")[2]: one for one in self._widgets() if "-level_" in one}
            if not drawn:
                return
            self._ask({id_: CHOICES[self.levels[question]] for question, id_ in drawn.items()})
            self.press(f"on_{step}")

    def press(self, button: str) -> Answer:
        """Press a button of the form."""
        return self._ask({Answer(tuple(self.seen)).widget(button): "trigger"})

    def send_twice(self) -> None:
        """Click once more before the page has changed."""
        button = Answer(tuple(self.seen)).widget("send")
        part = self._part(button)
        self.client.ask_for_part(part, {button: "trigger"}, self.query)
        self._saw(self.client.run_part(part, {button: "trigger"}, self.query))

    def reload(self) -> Answer:
        """Have the page drawn anew."""
        return self._saw(self.client.run(PAGE, self.query))

    def _ask(self, widgets: dict[str, str]) -> Answer:
        return self._saw(self.client.run_part(self._part(next(iter(widgets))), widgets, self.query))

    def _saw(self, answer: Answer) -> Answer:
        self.seen = list(answer.messages)
        for message in answer.messages:
            if message.HasField("page_info_changed"):
                self.query = message.page_info_changed.query_string
        return answer

    def _widgets(self) -> Iterator[str]:
        for element in Answer(tuple(self.seen)).elements:
            inner = getattr(element, str(element.WhichOneof("type")), None)
            if getattr(inner, "id", ""):
                yield str(inner.id)  # type: ignore[union-attr]

    def _submit_of_form(self, last: Answer) -> str:
        return next(
            str(one.button.id)
            for one in last.elements
            if one.WhichOneof("type") == "button" and one.button.is_form_submitter
        )

    def _part(self, widget: str) -> str:
        """The part of the page that the widget is in."""
        for message in self.seen:
            if message.HasField("delta") and message.delta.HasField("new_element"):
                element = message.delta.new_element
                inner = getattr(element, str(element.WhichOneof("type")), None)
                if getattr(inner, "id", "") == widget:
                    return str(message.delta.fragment_id)
        raise AssertionError(f"no widget {widget!r} is on the page")


@dataclass(slots=True)
class Sent:
    """How long it took until the page was there again after sending, and what it said."""

    seconds: float
    text: str

    @property
    def is_acknowledged(self) -> bool:
        """Whether she was told that her answer has come."""
        return any(word in self.text for word in ACKNOWLEDGED)


@dataclass(slots=True)
class Town:
    """The server, the Google it writes to, and its staff; `answers` are what each key will have sent."""

    server: Server
    google: GoogleProcess
    questions: list[str]
    emails: list[str]
    codes: list[str]
    answers: dict[Key, tuple[Any, ...]]
    levels: list[dict[str, int]]

    @contextmanager
    def seats(self) -> Iterator[list[Seat]]:
        """Everybody at a device of her own, with the page open."""
        people: list[tuple[dict[str, Any], str]] = [
            (dict(Login(email, self.server.url).connecting()), "") for email in self.emails
        ]
        people += [({}, code) for code in self.codes]
        clients = [RawClient(self.server.url, timeout=PATIENCE, **connecting) for connecting, _ in people]
        sitting = [
            Seat(client, levels, code)
            for client, levels, (_, code) in zip(clients, self.levels, people, strict=True)
        ]
        try:
            at_once([client.__enter__ for client in clients])
            at_once([seat.open for seat in sitting])
            yield sitting
        finally:
            for client in clients:
                client.__exit__(None, None, None)

    def stored(self) -> Counter[tuple[Any, ...]]:
        """What stands in the inbox: key, school and levels of every row, and how often."""
        headers, *rows = self.google.rows("Inkomna", "inkorg")
        told = [dict(zip(headers, row, strict=False)) for row in rows if row]
        return Counter(
            (row["Nyckel"], row["Skolenhetskod"], *(int(row.get(id_) or 0) for id_ in self.questions))
            for row in told
        )

    def taking_part(self) -> Counter[str]:
        """Whose keys stand among those who have answered, and how often."""
        return Counter(str(row[0]) for row in self.google.rows("Deltagande", "inkorg")[1:] if row)

    def versions(self) -> set[int]:
        """The versions that stand in the inbox."""
        headers, *rows = self.google.rows("Inkomna", "inkorg")
        return {int(row[headers.index("Version")]) for row in rows if row}

    def expected(self) -> Counter[tuple[Any, ...]]:
        """Everybody's answer, once."""
        return Counter((key, *content) for key, content in self.answers.items())

    def wait_until_stored(self) -> None:
        """Until everybody's answer stands in the sheet once, and Google has nothing more to write late."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if not self.google.tell("pending") and self.stored() == self.expected():
                return
            time.sleep(0.3)


def send(sitting: Sequence[Seat]) -> list[Sent]:
    """Everybody presses the button at the same moment."""
    found: list[Sent] = []

    def one(seat: Seat) -> None:
        begun = time.perf_counter()
        answer = seat.press("send")
        found.append(Sent(time.perf_counter() - begun, answer.text))

    at_once([lambda seat=seat: one(seat) for seat in sitting])
    return found


def at_once(doings: Sequence[Callable[[], object]]) -> None:
    """Do all of it at the same time; the first thing that goes wrong is raised."""
    ready = threading.Barrier(len(doings))
    wrong: list[BaseException] = []

    def do(doing: Callable[[], object]) -> None:
        ready.wait()
        try:
            doing()
        except BaseException as fault:
            wrong.append(fault)

    threads = [threading.Thread(target=do, args=(doing,)) for doing in doings]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise AssertionError(f"{len(wrong)} of {len(doings)} failed") from wrong[0]


@contextmanager
def a_town(folder: Path, *, logins: int = 0, codes: int = 0, questions_an_area: int = 4) -> Iterator[Town]:
    """An open round at the local Google, which fails one call in five once everybody is in."""
    ids = [f"{letter}{number}" for letter in "LU" for number in range(1, questions_an_area + 1)]
    emails = [f"person{number}@example.se" for number in range(logins)]
    schools = list(SCHOOLS)
    secrets = write_secrets(folder / "secrets")
    with google_process() as google:
        environment = {
            "VEBS_STATE": str(folder / "state"),
            "VEBS_DATA": str(folder / "none"),
            "VEBS_SECRETS": str(secrets),
            "SHEETS_BASE_URL": google.url,
        }
        _put(google, _sheets(ids, emails), folder / "state")
        settings = Settings.from_environment(environment)
        workbook = open_workbook(settings)
        secret = opening.round_secrets(workbook, settings).make(ROUND)
        file = opening.round_file(workbook, settings, ROUND)
        printed = [new_code() for _ in range(codes)]
        keys = [person_key(secret, ROUND, email) for email in emails]
        keys += [code_key(secret, ROUND, code) for code in printed]
        for at, code in enumerate(printed):
            file.issue([code_key(secret, ROUND, code)], schools[at % len(schools)])
        file.close()
        whose = [schools[at % len(schools)] for at in (*range(logins), *range(codes))]
        levels = [_levels(number, ids) for number in range(len(keys))]
        answers = {
            key: (school, *(given[id_] for id_ in ids))
            for key, school, given in zip(keys, whose, levels, strict=True)
        }
        with serving(folder / "none", folder / "server.log", environment=environment) as server:
            with RawClient(server.url) as first:
                first.run(PAGE)
            yield Town(server, google, ids, emails, printed, answers, levels)


def fail(google: GoogleProcess, seed: int = 1) -> None:
    """From now on one call in five fails, in every way there is; the very next write for certain."""
    google.tell("fault", match={"service": "sheets"}, rate=FAILING, faults=FAULTS, seed=seed)
    google.tell("fault", match={"service": "sheets", "kind": "write"}, times=1, faults=["503 after"])


def _levels(number: int, ids: Sequence[str]) -> dict[str, int]:
    """Her answers, so that no two answer alike: her number in digits of five, then anything."""
    return {id_: 1 + (number // 4**at) % 4 if at < len(ids) - 1 else number % 5 for at, id_ in enumerate(ids)}


def _sheets(ids: Sequence[str], emails: Sequence[str]) -> Sheets:
    schools = list(SCHOOLS)
    permissions: list[Row] = [
        {"E-post": email, "Roll": "Personal", "Skolenhetskod": schools[at % len(schools)]}
        for at, email in enumerate(emails)
    ]
    sheets = register_sheets(
        {},
        staff=400,
        rounds=[a_round(ROUND, "Öppen")],
        questions=[a_question(id_) for id_ in ids],
        permissions=permissions,
        settings=[{"Namn": "Demodatum", "Värde": "2022-01-24"}],
    )
    about = ("Nyckel", "Omgång", "Skolenhetskod")
    sheets["inkorg"] = {
        "Inkomna": grid([*about, "Version", *ids], []),
        "Deltagande": grid(about, []),
    }
    return sheets


def _put(google: GoogleProcess, sheets: Sheets, state: Path) -> None:
    book = AddressBook({}, state / BOOK_FILE)
    for name, grids in sheets.items():
        cells = {title: [[typed(cell) for cell in row] for row in rows] for title, rows in grids.items()}
        book.add(name, google.tell("spreadsheet", name=name, sheets=cells))
