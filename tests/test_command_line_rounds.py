"""`close-round`: what it tells, what it leaves, and what it refuses in one sentence."""

import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from services.__main__ import cli
from services.closing.round_closing import Step
from tests.answering.answered import OTHER, AnsweredRound
from tests.answering.conftest import ROUND
from tests.commands import FINE, FOUND_PROBLEMS, WRONG_USAGE, assert_one_sentence, on_disk
from tests.people import a_round, register_sheets, save
from tests.sheets_server.serving import LocalGoogle

CLOSE = ("close-round", "--round", ROUND)


@pytest.fixture
def answered(tmp_path: Path) -> AnsweredRound:
    """Nine people have answered; Unni has the command line on the server."""
    round_ = AnsweredRound(tmp_path)
    nine_answer(round_)
    return round_


def nine_answer(round_: AnsweredRound) -> None:
    chance = random.Random(1)
    for number in range(9):
        round_.answer(number, chance)
    round_.write()
    round_.leave()


def test_every_step_is_told_and_the_answers_stand_in_a_spreadsheet_of_their_own(
    answered: AnsweredRound,
) -> None:
    checked = answered.run("check").stdout  # somebody's row of a round that is not there

    result = answered.run(*CLOSE)

    assert (result.exit_code, result.stdout) == (FINE, "")
    made, *told, backups, last = result.stderr.splitlines()
    assert made == f"svar-{ROUND}.xlsx: fanns inte och är skapad."
    assert told == [f"{step}." for step in Step]
    assert backups == (
        "Säkerhetskopior från när omgången var öppen har kvar inkorgen: ta bort dem där ni har dem."
    )
    assert last == f"Omgång {ROUND} är stängd."
    assert Counter(content for _, content in answered.answers()) == answered.expected()
    assert [row["Nyckel"] for row in answered.rows("inkorg", "Inkomna")] == [OTHER["Nyckel"]]
    assert [(row["Vem"], row["Före"], row["Efter"]) for row in answered.rows("vebs", "Logg")] == [
        ("kommandoraden", "Öppen", "Stängd")
    ]
    assert answered.run("check").stdout == checked


def test_closing_again_changes_nothing(answered: AnsweredRound) -> None:
    answered.run(*CLOSE)
    before = files_of(answered)

    again = answered.run(*CLOSE)

    assert again.exit_code == FINE
    assert again.stderr.splitlines()[0] == f"{Step.DESTROY}."
    assert files_of(answered) == before
    assert len(answered.rows("vebs", "Logg")) == 1


def files_of(round_: AnsweredRound) -> dict[str, tuple]:
    """The spreadsheets, to the byte."""
    return {name: stats for name, stats in on_disk(round_.base / "data").items() if name.endswith(".xlsx")}


def test_the_same_at_google(tmp_path: Path, google: LocalGoogle) -> None:
    round_ = AnsweredRound(tmp_path, google)
    nine_answer(round_)

    first, again = round_.run(*CLOSE), round_.run(*CLOSE, "--google")

    assert (first.exit_code, again.exit_code) == (FINE, FINE)
    assert {content for _, content in round_.answers()} == set(round_.expected())
    assert len(round_.answers()) == len(round_.people)
    assert len(round_.rows("vebs", "Logg")) == 1


def test_a_folder_is_closed_though_the_settings_have_the_register_at_google(
    answered: AnsweredRound, google: LocalGoogle
) -> None:
    answered.environment["SHEETS_BASE_URL"] = google.url

    result = answered.run(*CLOSE, "--data", str(answered.base / "data"))

    assert result.exit_code == FINE
    del answered.environment["SHEETS_BASE_URL"]
    assert len(answered.answers()) == len(answered.people)
    assert google.control.counts()["requests"] == {}


@pytest.mark.parametrize(("status", "named"), [("Planerad", "planerad"), ("Publicerad", "publicerad")])
def test_only_an_open_round_is_closed(tmp_path: Path, status: str, named: str) -> None:
    result = refused(tmp_path, status, CLOSE, FOUND_PROBLEMS)

    assert result.stderr == f"Omgång {ROUND} är {named}. Bara en öppen omgång kan stängas.\n"


def test_a_round_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    result = refused(tmp_path, "Öppen", ("close-round", "--round", "1999"), WRONG_USAGE)

    assert result.stderr == f"Omgången 1999 finns inte. De som finns: {ROUND}.\n"


def test_a_folder_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    result = invoked(tmp_path / "state", *CLOSE, "--data", str(tmp_path / "nowhere"))

    assert result.exit_code != FINE
    assert_one_sentence(result)
    assert list(tmp_path.iterdir()) == []


def refused(base: Path, status: str, words: Sequence[str], code: int) -> Result:
    """What the command says where it changes nothing at all."""
    folder = save(base / "data", register_sheets({}, rounds=[a_round(ROUND, status)]))
    before = on_disk(base)

    result = invoked(base / "state", *words, "--data", str(folder))

    assert result.exit_code == code
    assert_one_sentence(result)
    assert on_disk(base) == before
    return result


def invoked(state: Path, *words: str) -> Result:
    result = CliRunner().invoke(cli, words, env={"VEBS_STATE": str(state)})
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def test_an_inbox_that_somebody_has_open_is_told_and_closing_again_finishes(answered: AnsweredRound) -> None:
    lock = answered.base / "data" / ".~lock.inkorg.xlsx#"
    lock.write_text(",Unni Svensson,,,")

    stopped = answered.run(*CLOSE)

    assert stopped.exit_code == FOUND_PROBLEMS
    assert stopped.stderr.splitlines()[-1].startswith(
        "Filen inkorg.xlsx är öppen hos Unni Svensson; stäng den"
    )
    assert len(answered.answers()) == len(answered.people)
    assert len(answered.rows("inkorg", "Inkomna")) == len(answered.people) + 1
    lock.unlink()
    assert answered.run(*CLOSE).exit_code == FINE
    assert len(answered.answers()) == len(answered.people)
    assert len(answered.rows("inkorg", "Inkomna")) == 1


def test_a_closed_round_that_somebody_sets_back_is_closed_anew_and_not_opened(
    answered: AnsweredRound,
) -> None:
    answered.run(*CLOSE)
    book = openpyxl.load_workbook(answered.base / "data" / "vebs.xlsx")
    sheet = book["Omgångar"]
    status = [cell.value for cell in sheet[1]].index("Status") + 1
    sheet.cell(2, status).value = "Öppen"
    book.save(answered.base / "data" / "vebs.xlsx")

    assert answered.run(*CLOSE).exit_code == FINE

    assert [row["Status"] for row in answered.rows("vebs", "Omgångar")] == ["Stängd"]
    assert len(answered.answers()) == len(answered.people)
