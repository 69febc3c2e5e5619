"""After closing nobody finds the way from an answer to a person, whatever she holds in her hands."""

import itertools
import logging
import random
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from services.answering.keys import RoundSecrets
from services.closing.round_closing import EVENT
from services.errors import RoundSecretMissing
from services.last_copies import LastCopies
from services.reading import Reader
from services.tables.schema import load_schema
from services.workbook.opening import state_folder
from services.writing.deeds import NewRow, Refused, key_as_json
from services.writing.waiting import Watched
from tests.answering.answered import OTHER, AnsweredRound, Person
from tests.answering.attacker import (
    Guesses,
    as_hexadecimal,
    everything,
    forms_of,
    guess,
    plain_digests,
    secrets_found,
    together,
)
from tests.answering.conftest import NOON, QUESTIONS, ROUND
from tests.commands import FINE
from tests.people import SCHOOLS
from tests.sheets_server.serving import LocalGoogle, local_google
from tests.workbook.emptied import everything_of

PEOPLE = 60
MOST_HITS = 16
"""Chance alone gives three in three schools of twenty, and this many once in ten million tries."""

MOST_SIGMAS = 5.5


@dataclass
class Closed:
    """A closed round, what was seen while it was open, and, for the test alone, who answered what."""

    round: AnsweredRound
    people: list[Person]
    submissions: list[str]
    secret: bytes
    before: bytes
    after: bytes
    snapshots: list[list[str]]
    log: str


class Listening(logging.Handler):
    """Keeps every line of every log, down to the least important."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


@pytest.fixture(scope="module", params=["files", "google"])
def closed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Closed]:
    """Sixty people answer one after the other; the app runs on while the command closes the round."""
    base, root, listening = tmp_path_factory.mktemp("linking"), logging.getLogger(), Listening()
    level = root.level
    root.addHandler(listening)
    root.setLevel(logging.DEBUG)
    try:
        if request.param == "files":
            yield answered_and_closed(base, None, listening)
        else:
            with local_google() as google:
                yield answered_and_closed(base, google, listening)
    finally:
        root.setLevel(level)
        root.removeHandler(listening)


def answered_and_closed(base: Path, google: LocalGoogle | None, listening: Listening) -> Closed:
    round_ = AnsweredRound(base, google)
    chance = random.Random(4)
    snapshots: list[list[str]] = []
    for number in range(PEOPLE):
        round_.answer(number, chance)
        if number % 10 == 9:
            round_.answer(number - 5, chance)
            round_.write()
            snapshots.append([str(row["Nyckel"]) for row in round_.rows("inkorg", "Deltagande")])
            look(round_, google is not None)
    make_trouble(round_)
    replies = [reply for _, reply in round_.file.replies()]
    secret = round_.secrets.of(ROUND)
    before = all_that_is_left(round_, google)

    with round_.begin("close-round", "--round", ROUND) as process:
        told = process.communicate()[1]
    assert (process.returncode, told.splitlines()[-1]) == (FINE, f"Omgång {ROUND} är stängd.")
    return Closed(
        round_,
        list(round_.people.values()),
        [str(reply.submission) for reply in replies],
        secret,
        before,
        all_that_is_left(round_, google),
        snapshots,
        "\n".join([*listening.lines, told]),
    )


def look(round_: AnsweredRound, at_google: bool) -> None:
    """The app reads the register, and keeps what it keeps of it."""
    copies = None
    if at_google:
        copies = LastCopies(state_folder(round_.workbook, round_.settings, "vebs") / "last", lambda: NOON)
    Reader(round_.workbook, load_schema(), last_copies=copies).read()


def make_trouble(round_: AnsweredRound) -> None:
    """An answer that is refused, and a row that may land once more: both stay in the outbox for a while."""
    one = next(iter(round_.people.values()))
    row = {"Nyckel": one.key, "Omgång": ROUND, "Skolenhetskod": one.school, "Version": 1, QUESTIONS[0]: 4}
    row[QUESTIONS[1]] = 1
    id_ = round_.writer.submit([NewRow("Inkomna", row, "inkorg")], "", "Svar")
    round_.write()
    assert isinstance(round_.writer.outcome(id_), Refused)
    round_.outbox.watch([Watched("inkorg", "Inkomna", key_as_json([one.key, 1]), 1, NOON)])


def all_that_is_left(round_: AnsweredRound, google: LocalGoogle | None) -> bytes:
    """All files, and all that Google has of the spreadsheets."""
    stored = everything_of(round_.workbook, round_.base, google).encode() if google else b""
    return everything(round_.base) + stored


def test_no_order_of_people_goes_with_any_order_of_the_answers(closed: Closed) -> None:
    people, ids = by_school(closed), ids_by_school(closed)
    truth = whose(closed)

    for told, find in PEOPLE_IN_ORDER.items():
        for ordered in (list, sorted):
            for direction in (1, -1):
                found = together(
                    guess(find(closed, people[school])[::direction], ordered(ids[school]), truth)
                    for school in SCHOOLS
                )
                assert found.hits < MOST_HITS, told
                assert abs(found.sigmas) < MOST_SIGMAS, told


def test_the_same_attack_finds_answers_that_stand_in_the_order_in_which_they_came(closed: Closed) -> None:
    people, truth = by_school(closed), whose(closed)

    for told, find in PEOPLE_IN_ORDER.items():
        planted = {school: [truth[one] for one in find(closed, people[school])] for school in SCHOOLS}
        found = together(guess(find(closed, people[school]), planted[school], truth) for school in SCHOOLS)
        assert found == Guesses(PEOPLE, pytest.approx(7.55, abs=0.01)), told


def test_no_key_can_be_made_again_from_all_that_is_left(closed: Closed) -> None:
    emails = [one.email for one in closed.people]
    keys, ids = [one.key for one in closed.people], [id_ for id_, _ in closed.round.answers()]

    assert secrets_found(closed.before, emails, keys, ids) == {closed.secret}
    assert secrets_found(closed.after, emails, keys, ids) == set()
    texts = [*emails, *(one.code for one in closed.people if one.code), *keys, *closed.submissions]
    texts += [f"{ROUND}{between}{text}" for text in (*emails, *keys) for between in ("", "|", " ", ":")]
    made = set(plain_digests(texts))
    assert made.isdisjoint(keys)
    starts = {as_hexadecimal(id_) for id_ in ids}
    assert starts.isdisjoint({digest[:20] for digest in made} | {key[:20] for key in keys})


def test_nothing_of_a_person_is_left_in_any_byte(closed: Closed) -> None:
    secrets = [closed.secret.hex(), *closed.submissions]
    for one in closed.people:
        secrets += [one.email, one.key, *([one.code, one.code.replace("-", "")] if one.code else [])]

    there = [secret for secret in secrets if any(form in closed.after for form in forms_of(secret))]
    assert there == []
    assert sum(any(form in closed.before for form in forms_of(one.key)) for one in closed.people) == PEOPLE
    assert all(form not in closed.log.encode() for secret in secrets for form in forms_of(secret)[:3])
    # That of another round is nobody's business.
    assert OTHER["Nyckel"].encode() in closed.after


def test_the_outbox_holds_nothing_but_digests_of_chance(closed: Closed) -> None:
    path = closed.round.outbox.path
    content = b"".join(one.read_bytes() for one in path.parent.glob(f"{path.name}*"))

    for text in (b"Nyckel", b"Deltagande", b"Skolenhetskod", b'"L1"', *(code.encode() for code in SCHOOLS)):
        assert text not in content
    with sqlite3.connect(path) as database:
        tables = ("submission", "deed", "watched", "line")
        counts = [database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables]
        assert counts == [0, 0, 0, 0]
        days = database.execute("SELECT DISTINCT day FROM saved").fetchall()
    database.close()
    assert len(days) <= 2  # the day and no time: that of the answers, and that of the closing


def test_the_log_tells_that_the_round_was_closed_and_of_no_answer(closed: Closed) -> None:
    rows = closed.round.rows("vebs", "Logg")

    assert [(row["Händelse"], row["Tabell"]) for row in rows] == [(EVENT, "Omgångar")]
    assert closed.round.run("verify-log").exit_code == FINE
    headers = set(closed.round.rows(f"svar-{ROUND}", "Svar")[0])
    assert headers == {"Svar", "Skolenhetskod", *QUESTIONS}


def test_the_running_app_makes_no_key_and_takes_no_answer_either(closed: Closed) -> None:
    round_ = closed.round
    for secrets in (round_.secrets, RoundSecrets(next(round_.base.rglob("secrets")))):
        with pytest.raises(RoundSecretMissing):
            secrets.make(ROUND)
    with pytest.raises(RoundSecretMissing):
        round_.desk.by_login(closed.people[0].email, closed.people[0].school)


# --- What the attacker puts in order ------------------------------------------------------------------


def by_school(closed: Closed) -> dict[str, list[Person]]:
    """In no order of their own."""
    people = sorted(closed.people, key=lambda one: hash(one.content))
    return {school: [one for one in people if one.school == school] for school in SCHOOLS}


def ids_by_school(closed: Closed) -> dict[str, list[str]]:
    found = closed.round.answers()
    return {school: [id_ for id_, content in found if content[0] == school] for school in SCHOOLS}


def whose(closed: Closed) -> Mapping[str, str]:
    """The id of everybody's answer: no two are alike."""
    ids = {content: id_ for id_, content in closed.round.answers()}
    assert len(ids) == PEOPLE
    return {one.email: ids[one.content] for one in closed.people}


def emails(people: Sequence[Person]) -> list[str]:
    return [one.email for one in people]


def by_arrival(closed: Closed, people: Sequence[Person]) -> list[str]:
    """As they stand in Deltagande, which grew from snapshot to snapshot."""
    order = {key: number for number, key in enumerate(dict.fromkeys(itertools.chain(*closed.snapshots)))}
    return emails(sorted(people, key=lambda one: order[one.key]))


PEOPLE_IN_ORDER = {
    "by the order in which they came": by_arrival,
    "by their addresses, as in a staff list": lambda _, people: emails(sorted(people, key=lambda p: p.email)),
    "by their keys": lambda _, people: emails(sorted(people, key=lambda p: p.key)),
    "by when they were first seen, the latest tenth first": lambda closed, people: [
        *by_arrival(closed, people)[18:],
        *by_arrival(closed, people)[:18],
    ],
    "by whether they had a code": lambda _, people: emails(sorted(people, key=lambda p: (p.code, p.email))),
}
