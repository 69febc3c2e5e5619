"""Random registers: always readable, always the same for a seed, and odd enough."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .checks import check
from .figures import candidates, results
from .registers import write_random_register


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
def test_random_registers_can_be_read(tmp_path: Path, seed: int) -> None:
    """Every random register can be read, is the same each time, and keeps small groups hidden."""
    plan = write_random_register(tmp_path / "a", seed)
    again = write_random_register(tmp_path / "b", seed)
    assert plan.oddities == again.oddities
    assert check(plan.folder) == check(again.folder)
    for name in plan.rounds:
        found = results(plan.folder, name)
        assert json.dumps(found) == json.dumps(results(again.folder, name))
        assert all(school["n"] >= 5 or not school["areas"] for school in found["schools"])
        assert len(candidates(plan.folder, name)["schools"]) == len(found["schools"])
