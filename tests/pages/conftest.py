"""Pages without a browser: AppTest on the menu, on any folder of spreadsheets."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pages.components import current
from tests.pages.round_page import page  # noqa: F401 - a fixture of all that open the page
from tests.pages.visiting import Opener


@pytest.fixture(scope="session")
def demo_state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the app keeps for itself of the demo register, so that rounds are read once."""
    return tmp_path_factory.mktemp("state")


@pytest.fixture
def visit(register: Path, demo_state: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opener]:
    """Opens pages on the demo register until told to `move` to another folder."""
    current.forget()
    yield Opener(monkeypatch, register, demo_state)
    current.forget()
