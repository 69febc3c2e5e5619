"""The command line with Google: the same verbs, objects and exit codes as with files."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from services.__main__ import VERBS as ALL_VERBS
from services.__main__ import cli
from services.demo.making import make_demo
from tests.commands import FINE, FOUND_PROBLEMS, VERBS, WRONG_USAGE, on_disk
from tests.people import answers, register_sheets, save
from tests.sheets_server.accounts import OWNER
from tests.sheets_server.serving import LocalGoogle

GOOGLE_VERBS = ["setup-google", "upload", "backup", "restore", "verify-log", "smoke-google"]


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.fixture
def run(google: LocalGoogle, state: Path):
    def run_(*words: str) -> Result:
        environment = {"SHEETS_BASE_URL": google.url, "VEBS_STATE": str(state)}
        result = CliRunner().invoke(cli, list(words), env=environment)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    return run_


@pytest.fixture
def town(tmp_path: Path) -> Path:
    return save(tmp_path / "town", register_sheets(answers(16, L=3, U=3)))


@pytest.mark.slow
def test_the_demo_gives_the_same_objects_from_google_as_from_its_folder(run, tmp_path: Path) -> None:
    demo = tmp_path / "demo"
    make_demo(demo, schools=15)
    assert run("setup-google").exit_code == FINE
    assert run("upload", "--data", str(demo)).exit_code == FINE

    for verb in (
        *VERBS,
        ("results", "--round", "2019"),
        ("candidates", "--round", "2021", "--rules", "2022"),
    ):
        files, google = run(*verb, "--json", "--data", str(demo)), run(*verb, "--json", "--google")
        assert google.stdout == files.stdout
        assert (google.exit_code, google.stderr) == (files.exit_code, files.stderr) == (FINE, "")


def test_problems_have_the_same_places_and_rules_from_google(run, tmp_path: Path) -> None:
    sheets = register_sheets(answers(16, L=3, U=3))
    sheets["vebs"]["Skolor"][1][4] = "många"
    broken = save(tmp_path / "town", sheets)
    run("upload", "--data", str(broken))

    files, google = run("check", "--json", "--data", str(broken)), run("check", "--json", "--google")

    assert google.stdout == files.stdout
    assert (google.exit_code, files.exit_code) == (FOUND_PROBLEMS, FOUND_PROBLEMS)
    assert json.loads(google.stdout)["problems"][0]["value"] == "många"


def test_setting_up_says_what_it_did_and_that_there_is_nothing_left_to_do(run, state: Path) -> None:
    first, second = run("setup-google"), run("setup-google")

    assert (first.exit_code, first.stdout) == (FINE, "")
    assert "vebs: lade till 16 blad, 117 kolumner" in first.stderr
    assert "vebs: inget att ändra." in second.stderr
    assert "Registret är tomt." in second.stderr
    assert (state / "google.toml").stat().st_mode & 0o077 == 0


def test_the_start_content_makes_a_register_that_check_finds_nothing_wrong_with(run) -> None:
    assert run("setup-google", "--start").exit_code == FINE

    result = run("check", "--google")

    assert (result.exit_code, result.stdout) == (FINE, "Inga fel i kalkylbladen.\n")


def test_an_upload_tells_what_was_moved(run, town: Path) -> None:
    result = run("upload", "--data", str(town), "--json")

    moved = json.loads(result.stdout)["spreadsheets"]
    assert [one["spreadsheet"] for one in moved] == ["vebs", "svar-2021"]
    assert moved[1]["rows"] == 16
    assert "svar-2021: 16 av 16 rader." in result.stderr


def test_an_upload_over_other_content_is_a_sentence_and_changes_nothing(run, google, town: Path) -> None:
    run("upload", "--data", str(town))
    google.control.edit("type", "vebs", range="Skolor!B2", value="Annan")

    result = run("upload", "--data", str(town))

    assert (result.exit_code, result.stdout) == (FOUND_PROBLEMS, "")
    assert result.stderr.splitlines()[-1].startswith(
        "Bladet Skolor i vebs har redan annat innehåll (cell B2)"
    )


def test_a_strangers_spreadsheet_is_refused_with_what_to_do(run, google) -> None:
    google.control.spreadsheet("vebs", shared_with=["app@local-project.iam.gserviceaccount.com"])

    refused, trusted = run("setup-google"), run("setup-google", "--owner", OWNER)

    assert refused.exit_code == FOUND_PROBLEMS
    assert refused.stderr.splitlines()[-1] == (
        f"Kalkylbladet vebs ägs av {OWNER}; är det ert, kör igen med --owner {OWNER}, eller skriv dess id "
        "under [google.spreadsheets] i secrets.toml."
    )
    assert trusted.exit_code == FINE


@pytest.mark.slow
def test_a_backup_is_restored_after_everything_was_dropped(run, google, town: Path, tmp_path: Path) -> None:
    run("upload", "--data", str(town))
    folder = run("backup", "--to", str(tmp_path / "kept")).stdout.strip()
    for file in google.control.files():
        google.control.edit("delete_file", file["id"])

    restored = run("restore", folder, "--json")

    found = json.loads(restored.stdout)["spreadsheets"]
    assert (restored.exit_code, [one["spreadsheet"] for one in found]) == (FINE, ["vebs", "svar-2021"])
    assert {one["content_differs"] for one in found} == {one["looks_differ"] for one in found} == {0}
    assert run("check", "--google").exit_code == FINE


def test_a_backup_of_a_folder_goes_to_the_state_folder_and_back(run, state: Path, town: Path) -> None:
    folder = Path(run("backup", "--data", str(town)).stdout.strip())
    before = {path.name: path.read_bytes() for path in town.iterdir()}

    assert folder.parent == state / "backups"
    assert run("restore", str(folder), "--data", str(town)).exit_code == FINE
    assert {path.name: path.read_bytes() for path in town.iterdir()} == before


def test_the_log_is_whole_or_its_first_bad_row_is_named(run, google, town: Path) -> None:
    run("upload", "--data", str(town))
    whole = run("verify-log", "--json")
    google.control.edit("append", "vebs", sheet="Logg", values=[["2022-01-24", "någon", "hittade på"]])

    broken = run("verify-log", "--json")

    assert (whole.exit_code, json.loads(whole.stdout)) == (
        FINE,
        {"whole": True, "rows": 0, "first_bad": None},
    )
    found = json.loads(broken.stdout)
    assert (broken.exit_code, found["whole"], found["first_bad"]["row"]) == (FOUND_PROBLEMS, False, 2)
    assert run("verify-log").stdout.startswith("Loggen är bruten på rad 2: ")


def test_where_google_holds_the_register_no_demo_is_made_for_a_start(run, tmp_path: Path) -> None:
    result = run("demo", "--data", str(tmp_path / "data"), "--if-empty")

    assert (result.exit_code, result.output) == (FINE, "")
    assert not (tmp_path / "data").exists()


def test_a_setting_that_is_wrong_is_wrong_usage(town: Path) -> None:
    environment = {"SHEETS_BASE_URL": "inte en adress"}

    for words in (("check", "--google"), ("setup-google",), ("demo", "--if-empty", "--data", str(town))):
        result = CliRunner().invoke(cli, words, env=environment)
        assert result.exit_code == WRONG_USAGE
        assert result.stderr.startswith("SHEETS_BASE_URL should be like http://127.0.0.1:8600")


def test_a_folder_is_read_without_a_word_to_google(run, google, town: Path) -> None:
    before = on_disk(town)
    google.control.clear_counts()

    for verb in VERBS:
        assert run(*verb, "--data", str(town)).exit_code == FINE

    assert google.control.counts()["requests"] == {}
    assert on_disk(town) == before


@pytest.mark.parametrize("verb", ALL_VERBS)
def test_every_verb_tells_in_english_what_it_does(verb: str) -> None:
    result = CliRunner().invoke(cli, [verb, "--help"])

    assert result.exit_code == FINE
    assert result.stdout.startswith(f"Usage: cli {verb}")


def test_a_start_with_a_demo_in_place_imports_neither_numpy_nor_gspread(town: Path) -> None:
    code = (
        "import sys; from services.__main__ import cli\n"
        f"cli(['demo', '--if-empty', '--data', {str(town)!r}], standalone_mode=False)\n"
        "print(sorted({'numpy', 'pandas', 'gspread', 'pyarrow', 'scipy'} & set(sys.modules)))"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "[]\n"
