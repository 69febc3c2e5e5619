"""The log is held to its chain and to what the app remembers: every tampering is found, at its row."""

import datetime as dt
import time
from pathlib import Path

import pytest

from config.settings import Settings
from services.verifying import LogFinding, verify_log
from services.workbook.excel import ExcelFolder
from services.workbook.port import CellChange
from services.writing.deeds import RowChange, Saved
from services.writing.opening import open_writer
from tests.people import EKSKOLAN, answers, register_sheets, save

NOW = dt.datetime(2022, 1, 24, 12, tzinfo=dt.UTC)
NAMES = ["Ett", "Två", "Tre", "Fyra"]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    folder = save(tmp_path / "town", register_sheets(answers(16, L=3)))
    return Settings(data=folder, state=tmp_path / "state")


@pytest.fixture
def logged(settings: Settings) -> ExcelFolder:
    """A register whose log has four rows."""
    workbook = ExcelFolder(settings.data, settings.state)
    writer = open_writer(workbook, settings, lambda: NOW)
    writer.start()
    try:
        before = "Ekskolan"
        for name in NAMES:
            change = RowChange("Skolor", (EKSKOLAN,), {"Skola": before}, {"Skola": name})
            assert writer.outcome(writer.submit([change], "unni", "Ändrade"), 20) == Saved()
            before = name
        _wait_for_log(workbook)
    finally:
        writer.stop()
    return workbook


def _wait_for_log(workbook: ExcelFolder) -> None:
    """The log's rows follow the changes through the same outbox."""
    for _ in range(400):
        if workbook.read("vebs", {"Logg"}).sheets["Logg"].height == 1 + len(NAMES):
            return
        time.sleep(0.05)
    raise AssertionError("the log was not written")


def test_a_log_the_app_wrote_is_whole(logged: ExcelFolder, settings: Settings) -> None:
    found = verify_log(logged, settings)

    assert found == LogFinding(4, None, True)
    assert found.sentence == "Loggen är hel, som appen skrev den. Antal rader: 4."


@pytest.mark.parametrize("row", [2, 3, 4, 5])
def test_a_changed_row_is_found_at_its_place(logged: ExcelFolder, settings: Settings, row: int) -> None:
    logged.write("vebs", [CellChange("Logg", row, 7, "annat")], logged.fresh("vebs", {"Logg"}))

    found = verify_log(logged, settings)

    assert found.bad is not None
    assert found.bad.number == row
    assert found.sentence.startswith(f"Loggen är bruten på rad {row}: ")


def test_rows_cut_off_at_the_end_are_found_by_what_the_app_remembers(
    logged: ExcelFolder, settings: Settings, tmp_path: Path
) -> None:
    blanks = [CellChange("Logg", 5, column, None) for column in range(9)]
    logged.write("vebs", blanks, logged.fresh("vebs", {"Logg"}))

    here = verify_log(logged, settings)
    elsewhere = verify_log(logged, Settings(data=settings.data, state=tmp_path / "other"))

    assert here.bad is not None
    assert here.bad.number == 5
    assert (elsewhere.bad, elsewhere.is_anchored) == (None, False)
    assert "Om rader saknas i slutet går inte att säga härifrån" in elsewhere.sentence


def test_a_blank_log_is_said_to_be_blank_and_no_notes_are_made(settings: Settings) -> None:
    found = verify_log(ExcelFolder(settings.data), settings)

    assert found.sentence == "Loggen är tom."
    assert not settings.state.exists()
