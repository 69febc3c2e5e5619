"""A round that staff have answered on a server, which keeps things where the product keeps them."""

import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner, Result

from config.settings import Settings
from services.__main__ import cli
from services.answering.desk import AnswerDesk, Respondent
from services.answering.keys import Key, code_key, new_code
from services.answering.round_file import CANNOT_JUDGE
from services.assembly import INBOX
from services.closing import opening
from services.domain.school import SchoolCode
from services.outbox import Outbox
from services.reading import Reader
from services.tables.schema import load_schema
from services.workbook.google_book import AddressBook
from services.workbook.opening import BOOK_FILE, open_workbook
from services.workbook.port import Cell
from services.writing.opening import outbox_file
from services.writing.writer import Writer
from tests.answering.conftest import NOON, QUESTIONS, ROUND
from tests.on_google import put
from tests.people import SCHOOLS, TODAY, Sheets, a_round, grid, register_sheets, save
from tests.serving import ROOT
from tests.sheets_server.serving import LocalGoogle

OTHER = {"Nyckel": "f" * 64, "Omgång": "2019", "Skolenhetskod": next(iter(SCHOOLS))}
"""Somebody's row of another round: nobody is to touch it."""

Content = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who has answered, and what only this test knows of her: all of it."""

    email: str
    code: str
    key: Key
    school: SchoolCode
    content: Content


class AnsweredRound:
    """The server and its register; `environment` is how a command on the same server finds them."""

    def __init__(self, base: Path, google: LocalGoogle | None = None) -> None:
        self.base = base
        self.environment = {"VEBS_DATA": str(base / "data"), "VEBS_STATE": str(base / "state")}
        if google is None:
            save(base / "data", an_open_register())
        else:
            self.environment["SHEETS_BASE_URL"] = google.url
            book = AddressBook({}, base / "state" / BOOK_FILE)
            for name, id_ in put(google, an_open_register()).items():
                book.add(name, id_)
        self.settings = Settings.from_environment(self.environment)
        self.workbook = open_workbook(self.settings)
        self.outbox = Outbox(outbox_file(self.workbook, self.settings))
        self.writer = Writer(self.workbook, load_schema(), self.outbox, lambda: NOON)
        self.secrets = opening.round_secrets(self.workbook, self.settings)
        self.secrets.make(ROUND)
        self.file = opening.round_file(self.workbook, self.settings, ROUND)
        self.desk = AnswerDesk(ROUND, self.secrets, self.file, self.writer, self.workbook)
        self.register = Reader(self.workbook, load_schema()).read()
        self.people: dict[str, Person] = {}

    def answer(self, number: int, chance: random.Random) -> Person:
        """A person answers or changes her answer, every third of them with a code; no two answer alike."""
        name = f"person{number}@example.se"
        school = list(SCHOOLS)[number % len(SCHOOLS)]
        before = self.people.get(name)
        code = before.code if before else (new_code() if number % 3 == 1 else "")
        if code:
            if before is None:
                self.file.issue([code_key(self.secrets.of(ROUND), ROUND, code)], school)
            who = self.desk.by_code(code)
            assert who is not None
        else:
            who = self.desk.by_login(name, school)
        return self._sent(name, code, who, chance)

    def _sent(self, name: str, code: str, who: Respondent, chance: random.Random) -> Person:
        taken = {person.content for person in self.people.values()}
        while True:
            levels = {id_: chance.randint(0, 4) for id_ in QUESTIONS}
            content = (who.school, *(levels[id_] or None for id_ in QUESTIONS))
            if any(levels.values()) and content not in taken:
                break
        self.desk.keep(who, levels)
        self.desk.send(who, self.register, TODAY)
        self.people[name] = Person(name, code, who.key, who.school, content)
        return self.people[name]

    def only_begin(self, name: str) -> None:
        """Somebody fills in a little, and never sends it."""
        who = self.desk.by_login(name, next(iter(SCHOOLS)))
        self.desk.keep(who, {QUESTIONS[0]: 1, QUESTIONS[1]: CANNOT_JUDGE})

    def write(self) -> None:
        """Let the writer write until nothing waits for the inbox."""
        while INBOX in self.outbox.spreadsheets():
            self.writer.once()

    def leave(self) -> None:
        """The server ends."""
        self.file.close()
        self.outbox.close()

    def rows(self, spreadsheet: str, sheet: str, *, fresh: bool = True) -> list[dict[str, Cell]]:
        """The rows of a sheet that say anything, as a new process reads them."""
        workbook = open_workbook(self.settings) if fresh else self.workbook
        found = workbook.read(spreadsheet, [sheet]).sheets[sheet]
        headers, *rows = zip(*found.columns, strict=True)
        return [
            dict(zip(map(str, headers), row, strict=True))
            for row in rows
            if any(cell not in ("", None) for cell in row)
        ]

    def answers(self) -> list[tuple[str, Content]]:
        """The rows of svar-2022, in order: their ids and what they say."""
        return [
            (str(row["Svar"]), (row["Skolenhetskod"], *(row[id_] or None for id_ in QUESTIONS)))
            for row in self.rows(f"svar-{ROUND}", "Svar")
        ]

    def expected(self) -> Counter[Content]:
        """What should stand there once the round is closed."""
        return Counter(person.content for person in self.people.values())

    def run(self, *words: str) -> Result:
        """A command on the same server."""
        result = CliRunner().invoke(cli, words, env=self.environment)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    def begin(self, *words: str) -> subprocess.Popen[str]:
        """The same as a process of its own."""
        return subprocess.Popen(
            [sys.executable, "-m", "services", *words],
            cwd=ROOT,
            env={**os.environ, **self.environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )


def an_open_register() -> Sheets:
    """Three schools whose staff answer, and an inbox with one row of another round."""
    sheets = register_sheets({}, staff=40, rounds=[a_round(ROUND, "Öppen")])
    about: Sequence[str] = ("Nyckel", "Omgång", "Skolenhetskod")
    other: Mapping[str, Cell] = {**OTHER, "Version": 1, "L1": 2}
    sheets[INBOX] = {
        "Inkomna": grid([*about, "Version", *QUESTIONS], [other]),
        "Deltagande": grid(about, [OTHER]),
    }
    return sheets
