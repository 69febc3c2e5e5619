"""An attacker with a browser, whose towns are gone when the test is over."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pages.components import current
from tests.attacks.reader import Attacker


@pytest.fixture
def attacker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Attacker]:
    """Clears the shared copy, so that no other test is served an attacked town."""
    yield Attacker(tmp_path, monkeypatch)
    current.forget()
