"""Frozen rounds last over a restart, for the pages and for the command line alike."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from config.settings import Settings
from services.domain.round import Withheld
from services.frozen_rounds import FrozenRounds
from services.publishing import round_figures
from services.reading import Reader, read_once
from services.sharing import frozen_rounds
from services.tables.schema import load_schema
from services.workbook.excel import ExcelFolder
from services.workbook.memory import MemoryWorkbook
from tests.people import EKSKOLAN, a_round, a_workbook, answers, register_sheets, save

ROUND = "2021"
BEFORE = answers(12, EKSKOLAN, L=2, U=3)
A_BIT_LATER = [*answers(3, EKSKOLAN, L=4, U=4), *BEFORE[3:]]
MUCH_LATER = [*answers(6, EKSKOLAN, L=4, U=4), *BEFORE[6:]]


def read(workbook: MemoryWorkbook, folder: Path):
    """What a new process shows."""
    return Reader(workbook, load_schema(), frozen=FrozenRounds(folder)).read()


def published(folder: Path) -> None:
    FrozenRounds(folder).hold(read(a_workbook(BEFORE), folder), ROUND)


def test_after_a_restart_a_late_change_is_still_not_followed_and_told(tmp_path: Path) -> None:
    published(tmp_path)
    late = read(a_workbook(A_BIT_LATER), tmp_path)

    assert round_figures(late, ROUND) == round_figures(read(a_workbook(BEFORE), tmp_path), ROUND)
    assert late.withheld == (Withheld(ROUND, EKSKOLAN, 3),)


def test_what_was_once_followed_stays_so(tmp_path: Path) -> None:
    published(tmp_path)
    followed = round_figures(read(a_workbook(MUCH_LATER), tmp_path), ROUND)
    nearly_back = read(a_workbook([*MUCH_LATER[:4], *BEFORE[4:]]), tmp_path)

    assert followed != round_figures(read(a_workbook(BEFORE), tmp_path / "none"), ROUND)
    assert round_figures(nearly_back, ROUND) == followed
    assert nearly_back.withheld == (Withheld(ROUND, EKSKOLAN, 2),)


def test_a_round_that_is_not_published_is_as_its_sheet(tmp_path: Path) -> None:
    published(tmp_path)
    again = a_workbook(A_BIT_LATER, rounds=[a_round(ROUND, "Stängd")])

    assert read(again, tmp_path).published_questions == {}


@pytest.mark.parametrize("damage", [b"", b"{", b'{"round": {}}', b"\xff\xfe"])
def test_a_damaged_file_falls_back_on_the_sheets(tmp_path: Path, damage: bytes) -> None:
    published(tmp_path)
    [file] = tmp_path.glob("*.json")
    file.write_bytes(damage)

    assert round_figures(read(a_workbook(A_BIT_LATER), tmp_path), ROUND) == round_figures(
        read(a_workbook(A_BIT_LATER), tmp_path / "none"), ROUND
    )


def test_a_round_published_by_hand_is_frozen_when_it_is_first_read(tmp_path: Path) -> None:
    before = round_figures(read(a_workbook(BEFORE), tmp_path), ROUND)

    late = read(a_workbook(A_BIT_LATER), tmp_path)

    assert (round_figures(late, ROUND), late.withheld) == (before, (Withheld(ROUND, EKSKOLAN, 3),))


def test_answers_that_can_not_be_read_are_not_what_a_round_was_published_with(tmp_path: Path) -> None:
    sheets = register_sheets(BEFORE)
    answered = sheets.pop(f"svar-{ROUND}")
    read(MemoryWorkbook(sheets), tmp_path)

    register = read(MemoryWorkbook({**sheets, f"svar-{ROUND}": answered}), tmp_path)

    assert (len(register.answers[ROUND].rows), register.withheld) == (12, ())


def test_publishing_once_more_does_not_let_a_late_change_in(tmp_path: Path) -> None:
    before = round_figures(read(a_workbook(BEFORE), tmp_path), ROUND)
    taken_back = read(a_workbook(A_BIT_LATER, rounds=[a_round(ROUND, "Stängd")]), tmp_path)
    FrozenRounds(tmp_path).hold(taken_back, ROUND)

    assert round_figures(read(a_workbook(A_BIT_LATER), tmp_path), ROUND) == before


def test_a_publishing_that_came_to_nothing_does_not_bind_the_next(tmp_path: Path) -> None:
    for rows in (BEFORE, A_BIT_LATER):
        closed = read(a_workbook(rows, rounds=[a_round(ROUND, "Stängd")]), tmp_path)
        FrozenRounds(tmp_path).hold(closed, ROUND)

    late = read(a_workbook(A_BIT_LATER), tmp_path)

    assert (late.answers[ROUND].levels[0].max(), late.withheld) == (4, ())


def test_of_two_processes_that_read_at_once_only_one_freezes_the_round(tmp_path: Path) -> None:
    sheets = [BEFORE, A_BIT_LATER] * 4
    with ThreadPoolExecutor(len(sheets)) as pool:
        found = list(pool.map(lambda rows: read(a_workbook(rows), tmp_path), sheets))

    assert len({str(round_figures(one, ROUND)) for one in found}) == 1


def test_nobody_else_may_read_what_is_kept(tmp_path: Path) -> None:
    published(tmp_path / "frozen")

    assert {oct(path.stat().st_mode & 0o777) for path in (tmp_path / "frozen").iterdir()} == {"0o600"}


def test_the_command_line_shows_what_the_pages_show(tmp_path: Path) -> None:
    data, state = save(tmp_path / "data", register_sheets(BEFORE)), tmp_path / "state"
    workbook = ExcelFolder(data)
    before = json.loads(_results(data, state))
    frozen_rounds(workbook, Settings(data.resolve(), state)).hold(
        read_once(workbook, load_schema()).register, ROUND
    )
    save(data, register_sheets(A_BIT_LATER))

    assert json.loads(_results(data, state)) == before
    assert json.loads(_results(data, tmp_path / "another")) != before


def _results(data: Path, state: Path) -> str:
    command = [sys.executable, "-m", "services", "results", "--round", ROUND, "--data", str(data), "--json"]
    environment = {"VEBS_STATE": str(state), "PATH": "", "PYTHONUTF8": "1"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=60)
    return done.stdout
