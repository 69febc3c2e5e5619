"""Where something is wrong the command line says one Swedish sentence and ends with the right code."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from services.__main__ import cli
from tests.commands import FOUND_PROBLEMS, VERBS, WRONG_USAGE, assert_one_sentence, run
from tests.people import answers, register_sheets, save

TOWN = answers(16, L=3, U=3)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register in which nothing is wrong."""
    return save(tmp_path_factory.mktemp("town"), register_sheets(TOWN))


def _a_letter() -> bytes:
    """What Word saves: a zip with other things in it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<document/>")
    return out.getvalue()


def _write(content: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    def spoil(folder: Path) -> None:
        path = folder / "vebs.xlsx"
        path.write_bytes(content(path.read_bytes()))

    return spoil


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()


def _remove(folder: Path) -> None:
    _empty(folder)
    folder.rmdir()


WITHOUT_A_REGISTER = {
    "folder missing": _remove,
    "folder empty": _empty,
    "vebs missing": lambda folder: (folder / "vebs.xlsx").unlink(),
    "vebs truncated": _write(lambda whole: whole[: len(whole) // 2]),
    "vebs empty": _write(lambda whole: b""),
    "vebs is text": _write(lambda whole: b"Skolenhetskod;Skola\n"),
    "vebs is a letter": _write(lambda whole: _a_letter()),
    "vebs is a folder": lambda folder: ((folder / "vebs.xlsx").unlink(), (folder / "vebs.xlsx").mkdir()),
}


@pytest.mark.parametrize("what", WITHOUT_A_REGISTER)
def test_without_a_register_that_can_be_read_there_is_one_sentence(tmp_path: Path, what: str) -> None:
    town = save(tmp_path / "town", register_sheets(TOWN))
    WITHOUT_A_REGISTER[what](town)

    for verb in VERBS:
        result = run(town, *verb)
        assert result.exit_code == FOUND_PROBLEMS
        assert_one_sentence(result)
        assert "vebs.xlsx" in result.stderr


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda path: path.unlink(), "Filen svar-2021.xlsx finns inte"),
        (lambda path: path.write_bytes(b"PK"), "svar-2021.xlsx"),
    ],
)
def test_unreadable_answers_are_a_sentence_and_never_pass_as_fine(tmp_path, spoil, sentence) -> None:
    town = save(tmp_path, register_sheets(TOWN))
    spoil(town / "svar-2021.xlsx")

    for verb in VERBS:
        result = run(town, *verb, "--json")
        assert result.exit_code == FOUND_PROBLEMS
        assert_one_sentence(result)
        assert sentence in result.stderr
        assert json.loads(result.stdout)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("results", "--round", "2017"), "Omgången 2017 finns inte. De som finns: 2021."),
        (("candidates", "--round", "2017"), "Omgången 2017 finns inte. De som finns: 2021."),
        (
            ("candidates", "--round", "2021", "--rules", "x"),
            "Regelversionen x har inga kriterier i bladet Regler.",
        ),
    ],
)
def test_what_does_not_exist_is_wrong_usage_and_a_sentence(folder: Path, words, sentence: str) -> None:
    result = run(folder, *words)

    assert (result.exit_code, result.stdout, result.stderr) == (WRONG_USAGE, "", f"{sentence}\n")


@pytest.mark.parametrize(
    "words",
    [
        ("results",),
        ("results", "--round"),
        ("candidates", "--json"),
        ("check", "--round", "2021"),
        ("guess",),
        ("demo", "--seed", "-1"),
        ("demo", "--seed", "x"),
    ],
)
def test_a_command_that_can_not_be_meant_is_wrong_usage(words) -> None:
    result = CliRunner().invoke(cli, list(words))

    assert result.exit_code == WRONG_USAGE
    assert "Error:" in result.stderr


def test_a_file_in_place_of_the_folder_is_wrong_usage(folder: Path) -> None:
    assert run(folder / "vebs.xlsx", "check").exit_code == WRONG_USAGE


def test_a_demo_is_refused_where_there_is_no_folder_to_make(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("")

    for words in (("demo",), ("demo", "--if-empty")):
        result = run(in_the_way / "data", *words)
        assert result.exit_code == FOUND_PROBLEMS
        assert_one_sentence(result)
