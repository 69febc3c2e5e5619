"""The command line against a second calculation that was written without seeing the first."""

import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from services.__main__ import cli
from tests.oracle.checks import check as check_again
from tests.oracle.figures import candidates as candidates_again
from tests.oracle.figures import results as results_again
from tests.oracle.registers import write_random_register

IN_A_HURRY = 3
SEEDS = [
    seed if seed < IN_A_HURRY else pytest.param(seed, marks=pytest.mark.slow)
    for seed in range(200 if "VEBS_SOAK" in os.environ else 16)
]
"""Random registers: `make test-fast` runs the first few, `make test` 16, `make soak` 200."""

TOLERANCE = 1e-9


def ask(folder: Path, *words: str) -> Any:
    answered = CliRunner().invoke(cli, [*words, "--json", "--data", str(folder)], catch_exceptions=False)
    assert answered.exit_code in (0, 1), answered.stderr
    return json.loads(answered.stdout)


def differences(ours: Any, theirs: Any, path: str = "") -> list[str]:
    """Where two objects differ by more than the tolerance."""
    if isinstance(ours, dict) and isinstance(theirs, dict) and ours.keys() == theirs.keys():
        return [found for key in ours for found in differences(ours[key], theirs[key], f"{path}.{key}")]
    if isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        return [
            found
            for index, pair in enumerate(zip(ours, theirs, strict=True))
            for found in differences(*pair, f"{path}[{index}]")
        ]
    if _number(ours) and _number(theirs):
        return [] if abs(ours - theirs) <= TOLERANCE else [f"{path}: {ours} is not {theirs}"]
    return [] if ours == theirs and type(ours) is type(theirs) else [f"{path}: {ours!r} is not {theirs!r}"]


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_published_number_equals_an_independent_calculation(tmp_path: Path, seed: int) -> None:
    plan = write_random_register(tmp_path, seed)
    for name in plan.rounds:
        assert differences(ask(tmp_path, "results", "--round", name), results_again(tmp_path, name)) == []
        for version in (None, *plan.rules):
            chosen = ("--rules", version) if version else ()
            ours = ask(tmp_path, "candidates", "--round", name, *chosen)
            assert differences(ours, candidates_again(tmp_path, name, version)) == []


@pytest.mark.parametrize("seed", SEEDS)
def test_every_problem_is_found_and_no_other(tmp_path: Path, seed: int) -> None:
    write_random_register(tmp_path, seed)
    ours = Counter(
        tuple(problem[part] for part in ("spreadsheet", "sheet", "row", "column", "header", "rule"))
        for problem in ask(tmp_path, "check")["problems"]
    )
    assert ours == Counter(map(tuple, check_again(tmp_path)))
