"""The command line as a person or a script runs it, and what it leaves on disk."""

import hashlib
import json
from pathlib import Path

from click.testing import CliRunner, Result

from services.__main__ import cli

FINE, FOUND_PROBLEMS, WRONG_USAGE = 0, 1, 2
VERBS = [("results", "--round", "2021"), ("candidates", "--round", "2021"), ("check",)]


def run(folder: Path, *words: str) -> Result:
    result = CliRunner().invoke(cli, [*words, "--data", str(folder)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def ask(folder: Path, *words: str) -> dict:
    return json.loads(run(folder, *words, "--json").stdout)


def assert_one_sentence(result: Result) -> None:
    assert result.stderr.count("\n") == 1
    assert result.stderr.endswith(".\n")
    assert result.stderr[0].isupper() or result.stderr.startswith("svar-")


def on_disk(folder: Path) -> dict[str, tuple]:
    return {
        str(path.relative_to(folder)): (
            path.stat().st_mtime_ns,
            path.stat().st_mode,
            hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None,
        )
        for path in [folder, *folder.rglob("*")]
    }
