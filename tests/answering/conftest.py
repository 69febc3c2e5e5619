"""An open round at three schools, with a real writer on real files and a desk that takes answers in."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.answering.desk import AnswerDesk
from services.answering.keys import RoundSecrets
from services.answering.round_file import RoundFile
from services.assembly import INBOX
from services.outbox import Outbox
from services.reading import Reader
from services.register import Register
from services.tables.schema import load_schema
from services.workbook.excel import ExcelFolder
from services.writing.writer import Writer
from tests.people import TODAY, a_round, grid, register_sheets, save

ROUND = "2022"
NOON = dt.datetime(2022, 1, 24, 12, 0, tzinfo=dt.UTC)
QUESTIONS = [f"{letter}{number}" for letter in "LU" for number in range(1, 5)]


class OpenRound:
    """The register's folder, the writer, the desk and what the server keeps."""

    def __init__(self, folder: Path, state: Path) -> None:
        self.workbook, self.state = ExcelFolder(folder), state
        self.outbox = Outbox(state / "outbox.sqlite")
        self.writer = Writer(self.workbook, load_schema(), self.outbox, lambda: NOON)
        self.secrets = RoundSecrets(state / "round-secrets")
        self.secrets.make(ROUND)
        self.file = RoundFile(state / "rounds" / "2022.sqlite")
        self.desk = self.another_desk()
        self.register: Register = Reader(self.workbook, load_schema()).read()
        self.today = TODAY

    def another_desk(self) -> AnswerDesk:
        """The same server in another process, as far as the desk is concerned."""
        return AnswerDesk(ROUND, self.secrets, self.file, self.writer, self.workbook)

    def write(self) -> None:
        """Let the writer write until nothing waits."""
        while self.writer.once() is not None:
            if not self.outbox.status().waiting:
                return

    def rows(self, sheet: str = "Inkomna") -> list[dict[str, object]]:
        """What stands in the inbox."""
        found = self.workbook.read(INBOX, [sheet]).sheets[sheet]
        headers, *rows = zip(*found.columns, strict=True)
        return [dict(zip(headers, row, strict=True)) for row in rows if any(row)]


@pytest.fixture
def round_(tmp_path: Path) -> Iterator[OpenRound]:
    sheets = register_sheets({ROUND: []}, rounds=[a_round(ROUND, "Öppen")])
    sheets[INBOX] = {
        "Inkomna": grid(["Nyckel", "Omgång", "Skolenhetskod", "Version", *QUESTIONS], []),
        "Deltagande": grid(["Nyckel", "Omgång", "Skolenhetskod"], []),
    }
    found = OpenRound(save(tmp_path / "data", sheets), tmp_path / "state")
    yield found
    found.outbox.close()
