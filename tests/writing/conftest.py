"""The register opened as each kind of workbook there is."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from services.outbox import Outbox
from services.workbook.memory import MemoryWorkbook
from services.workbook.port import Workbook
from tests.writing.registers import App, Sheets, Time, on_disk, on_google


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    found = Outbox(tmp_path / "outbox" / "register.sqlite")
    yield found
    found.close()


@pytest.fixture
def in_memory(outbox: Outbox, time: Time) -> Callable[[Sheets], App]:
    return lambda sheets: App(MemoryWorkbook(sheets), outbox, time)


@pytest.fixture(params=["memory", "excel", "google"])
def opened(
    request: pytest.FixtureRequest, outbox: Outbox, time: Time, tmp_path: Path
) -> Callable[[Sheets], App]:
    def open_(sheets: Sheets) -> Workbook:
        if request.param == "memory":
            return MemoryWorkbook(sheets)
        if request.param == "excel":
            return on_disk(tmp_path, sheets)
        return on_google(request.getfixturevalue("running_google"), sheets, tmp_path / "journal")

    return lambda sheets: App(open_(sheets), outbox, time)
