"""`import-forms`: the figures of answers given in the app, and each answer once however often it runs."""

import json
import shutil
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from services.__main__ import cli
from tests.commands import FINE, FOUND_PROBLEMS, WRONG_USAGE, assert_one_sentence, on_disk
from tests.forms.exports import (
    STATEMENTS,
    a_forms_round,
    a_town,
    as_grid,
    by_sections,
    in_english,
    saved,
    some_answers,
)
from tests.people import BJORKSKOLAN, EKSKOLAN, SCHOOLS, a_part, a_school, save
from tests.sheets_server.serving import LocalGoogle

ANSWERS = some_answers()
RENAMED = {"L2": "Skolans plan för digitalisering är aktuell och välkänd för all personal."}


class Desk:
    """Unni at the command line: a register, its state folder, and the exports she has fetched."""

    def __init__(self, base: Path) -> None:
        self.town, self.state, self.fetched = base / "town", base / "state", base / "fetched"
        self.environment: dict[str, str] = {"VEBS_STATE": str(self.state)}

    def run(self, *words: str | Path) -> Result:
        result = CliRunner().invoke(cli, [str(word) for word in words], env=self.environment)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    def take_in(self, file: Path, *words: str | Path) -> Result:
        return self.run("import-forms", file, "--round", "2021", "--data", self.town, *words)

    def told(self, file: Path, *words: str | Path) -> dict:
        return json.loads(self.take_in(file, "--json", *words).stdout)

    def fetch(self, content: bytes, name: str = "svar.csv") -> Path:
        return saved(self.fetched, content, name)

    def answers(self) -> list[dict]:
        book = openpyxl.load_workbook(self.town / "svar-2021.xlsx")
        headers, *rows = book["Svar"].iter_rows(values_only=True)
        return [dict(zip(headers, row, strict=True)) for row in rows]

    def log(self) -> list[dict]:
        book = openpyxl.load_workbook(self.town / "vebs.xlsx")
        headers, *rows = book["Logg"].iter_rows(values_only=True)
        return [dict(zip(headers, row, strict=True)) for row in rows]

    def publish(self) -> None:
        book = openpyxl.load_workbook(self.town / "vebs.xlsx")
        sheet = book["Omgångar"]
        headers = [cell.value for cell in sheet[1]]
        sheet.cell(2, headers.index("Status") + 1).value = "Publicerad"
        book.save(self.town / "vebs.xlsx")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    found = Desk(tmp_path)
    save(found.town, a_town(staff=40))
    return found


@pytest.fixture(scope="module")
def given_directly(tmp_path_factory: pytest.TempPathFactory) -> dict:
    """What `results` says where the same answers were given in the app."""
    folder = save(tmp_path_factory.mktemp("app"), a_town("Publicerad", ANSWERS, staff=40))
    result = CliRunner().invoke(cli, ["results", "--round", "2021", "--json", "--data", str(folder)])
    return json.loads(result.stdout)


def assert_same_figures(found: object, wanted: object) -> None:
    """Alike to 1e-9: rows stand shuffled, and sums of fractions differ in their last digit."""
    if isinstance(wanted, dict):
        assert isinstance(found, dict) and found.keys() == wanted.keys()
        for name, value in wanted.items():
            assert_same_figures(found[name], value)
    elif isinstance(wanted, list):
        assert isinstance(found, list) and len(found) == len(wanted)
        for one, other in zip(found, wanted, strict=True):
            assert_same_figures(one, other)
    else:
        assert found == (pytest.approx(wanted, abs=1e-9) if isinstance(wanted, float) else wanted)


EXPORTS = {
    "sections.csv": by_sections(ANSWERS, SCHOOLS),
    "english.xlsx": in_english(ANSWERS, RENAMED),
    "grid.csv": as_grid(ANSWERS, SCHOOLS),
}


@pytest.mark.parametrize("name", EXPORTS)
def test_the_figures_are_those_of_the_same_answers_given_in_the_app(
    desk: Desk, given_directly: dict, name: str
) -> None:
    result = desk.take_in(desk.fetch(EXPORTS[name], name), "--yes")
    desk.publish()

    assert (result.exit_code, result.stderr) == (FINE, "svar-2021.xlsx: fanns inte och är skapad.\n")
    results = desk.run("results", "--round", "2021", "--json", "--data", desk.town).stdout
    assert_same_figures(json.loads(results), given_directly)
    assert [len(school["areas"]) for school in given_directly["schools"]] == [2, 2, 0]
    assert given_directly["schools"][0]["areas"][0]["se"] > 0.01
    assert desk.run("check", "--data", desk.town).exit_code == FINE


def test_taken_in_twice_changes_nothing(desk: Desk) -> None:
    file = desk.fetch(EXPORTS["grid.csv"])
    desk.take_in(file)
    before = on_disk(desk.town)

    again = desk.told(file)

    assert (again["new"], again["already"]) == (0, len(ANSWERS))
    assert on_disk(desk.town) == before


def test_the_same_form_as_csv_and_as_a_spreadsheet_is_the_same_answers(desk: Desk) -> None:
    desk.take_in(desk.fetch(EXPORTS["sections.csv"]))

    found = desk.told(desk.fetch(EXPORTS["english.xlsx"], "e.xlsx"), "--yes")

    assert (found["new"], found["already"]) == (0, len(ANSWERS))


def test_a_longer_export_of_a_later_day_adds_only_what_is_new(desk: Desk) -> None:
    desk.take_in(desk.fetch(as_grid(ANSWERS[:20], SCHOOLS)))
    ids = {row["Svar"] for row in desk.answers()}

    found = desk.told(desk.fetch(EXPORTS["grid.csv"]))

    assert (found["new"], found["already"]) == (len(ANSWERS) - 20, 20)
    assert ids < {row["Svar"] for row in desk.answers()}
    assert len(desk.answers()) == len(ANSWERS)


def test_a_lost_state_folder_doubles_nothing(desk: Desk) -> None:
    desk.take_in(desk.fetch(as_grid(ANSWERS[:20], SCHOOLS)))
    shutil.rmtree(desk.state)

    after_the_loss = desk.told(desk.fetch(EXPORTS["grid.csv"]))
    once_more = desk.told(desk.fetch(EXPORTS["grid.csv"]))

    assert (after_the_loss["new"], after_the_loss["already"]) == (len(ANSWERS) - 20, 20)
    assert (once_more["new"], once_more["already"]) == (0, len(ANSWERS))


def test_what_is_not_sure_is_written_out_confirmed_once_and_remembered(desk: Desk) -> None:
    file = desk.fetch(EXPORTS["english.xlsx"], "e.xlsx")

    asked = desk.take_in(file)
    mapping = desk.fetched / "e.koppling.toml"
    confirmed = desk.take_in(file, "--mapping", mapping)
    mapping.unlink()
    remembered = desk.take_in(file)

    assert asked.exit_code == FOUND_PROBLEMS
    assert_one_sentence(asked)
    assert asked.stderr == (
        f"Inget är inläst: alla kolumner är inte säkra. Se över {mapping} och kör igen med "
        f"--mapping {mapping}.\n"
    )
    assert (confirmed.exit_code, remembered.exit_code) == (FINE, FINE)
    assert "Inlästa svar: 31." in confirmed.stdout
    assert "Nya svar: 0. Fanns redan: 31." in remembered.stdout


def test_nothing_is_written_before_every_column_is_settled(desk: Desk) -> None:
    file = desk.fetch(EXPORTS["english.xlsx"], "e.xlsx")
    before = on_disk(desk.town)

    desk.take_in(file)

    assert on_disk(desk.town) == before
    text = (desk.fetched / "e.koppling.toml").read_text(encoding="utf-8")
    assert f'"2. {RENAMED["L2"]}" = "L2"' in text
    assert STATEMENTS["L2"] in text
    assert "Any comments" not in text


def test_a_mapping_that_somebody_may_have_filled_in_is_never_overwritten(desk: Desk) -> None:
    file = desk.fetch(EXPORTS["english.xlsx"], "e.xlsx")
    mapping = desk.fetched / "e.koppling.toml"
    mapping.write_text("# mitt\n", encoding="utf-8")

    for words in ((), ("--mapping", mapping)):
        result = desk.take_in(file, *words)
        assert result.exit_code == FOUND_PROBLEMS
        assert_one_sentence(result)
    assert mapping.read_text(encoding="utf-8") == "# mitt\n"


@pytest.mark.parametrize(
    "text",
    ["L2 = L2", '"x" = "L99"', '"x" = 3', "[[[", '"x" = ["L2"]', "\udcff".encode("utf-8", "surrogateescape")],
)
def test_a_mapping_that_says_nothing_sensible_is_a_sentence(desk: Desk, text: str | bytes) -> None:
    mapping = desk.fetched / "m.toml"
    file = desk.fetch(EXPORTS["english.xlsx"], "e.xlsx")
    mapping.write_bytes(text if isinstance(text, bytes) else text.encode())

    result = desk.take_in(file, "--mapping", mapping)

    assert (result.exit_code, result.stdout) == (FOUND_PROBLEMS, "")
    assert_one_sentence(result)


def test_a_column_that_is_left_out_in_the_mapping_is_left_out(desk: Desk) -> None:
    file = desk.fetch(EXPORTS["english.xlsx"], "e.xlsx")
    mapping = desk.fetched / "m.toml"
    mapping.write_text(f'"2. {RENAMED["L2"].upper()}" = "-"\n', encoding="utf-8")

    found = desk.told(file, "--mapping", mapping)

    assert (found["new"], found["missing_questions"]) == (31, ["L2"])
    assert {row["L2"] for row in desk.answers()} == {None}


def test_a_header_that_means_something_else_than_last_time_is_refused(desk: Desk) -> None:
    file = desk.fetch(EXPORTS["english.xlsx"], "e.xlsx")
    desk.take_in(file, "--yes")
    mapping = desk.fetched / "m.toml"
    mapping.write_text(f'"2. {RENAMED["L2"]}" = "-"\n', encoding="utf-8")
    before = on_disk(desk.town)

    result = desk.take_in(file, "--mapping", mapping)

    assert result.exit_code == FOUND_PROBLEMS
    assert "lästes in som L2 förra gången och nu som -" in result.stderr
    assert on_disk(desk.town) == before


def test_looking_writes_nothing_and_is_free_while_people_answer(tmp_path: Path) -> None:
    for status in ("Planerad", "Öppen", "Stängd"):
        desk = Desk(tmp_path / status)
        save(desk.town, a_town(status))
        before = on_disk(desk.town)

        found = desk.told(desk.fetch(EXPORTS["grid.csv"]), "--dry-run")

        assert (found["new"], found["written"]) == (31, False)
        assert on_disk(desk.town) == before
        assert not desk.state.exists()


@pytest.mark.parametrize("status", ["Planerad", "Öppen", "Publicerad"])
def test_answers_are_taken_in_only_while_the_round_is_closed(tmp_path: Path, status: str) -> None:
    desk = Desk(tmp_path)
    save(desk.town, a_town(status))
    before = on_disk(desk.town)

    result = desk.take_in(desk.fetch(EXPORTS["grid.csv"]), "--yes")

    assert (result.exit_code, result.stdout) == (FOUND_PROBLEMS, "")
    assert ("publicerad" if status == "Publicerad" else f"status {status}") in result.stderr
    assert on_disk(desk.town) == before


def test_a_round_that_is_answered_in_the_app_takes_no_export(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    for form in ("App", None):
        rounds = [{**a_forms_round(), "Svarsform": form}]
        save(desk.town, a_town(rounds=rounds))

        result = desk.take_in(desk.fetch(EXPORTS["grid.csv"]))

        assert result.exit_code == FOUND_PROBLEMS
        assert result.stderr.startswith(f"Omgång 2021 har Svarsform {form or '(tom)'} i bladet Omgångar")


def test_a_round_that_does_not_exist_is_wrong_usage(desk: Desk) -> None:
    file = desk.fetch(EXPORTS["grid.csv"])

    result = desk.run("import-forms", file, "--round", "1999", "--data", desk.town)

    assert result.exit_code == WRONG_USAGE
    assert result.stderr == "Omgången 1999 finns inte. De som finns: 2021.\n"


def test_the_log_tells_how_many_and_who_and_no_answer(desk: Desk) -> None:
    desk.take_in(desk.fetch(EXPORTS["grid.csv"]))

    (row,) = desk.log()

    assert (row["Vem"], row["Händelse"]) == ("kommandoraden", "Läste in svar från Google Forms")
    assert (row["Tabell"], row["Nyckel"], row["Fält"]) == ("Svar", "2021", "Antal rader")
    assert (row["Före"], row["Efter"]) == ("0", "31")
    assert desk.run("verify-log", "--data", desk.town).exit_code == FINE


def test_rows_and_cells_that_cant_be_used_are_told_with_their_place(desk: Desk) -> None:
    content = EXPORTS["grid.csv"].decode("cp1252").splitlines()
    content[1] = content[1].replace('"Björkskolan"', '"Hemskolan"')
    content[2] = content[2].replace('"Trygg"', '"Toppen"', 1)
    content.append(content[3])
    times = content[4].split(";")
    content[4] = ";".join([times[0], *['"Kan inte bedöma"'] * 8, times[-1]])
    file = desk.fetch("\r\n".join(content).encode("cp1252"))

    result = desk.take_in(file, "--json")
    found = json.loads(result.stdout)

    assert result.exit_code == FOUND_PROBLEMS
    assert (found["new"], found["doubled"]) == (29, [33])
    assert [(one["row"], one["reason"]) for one in found["refused"]] == [
        (2, "unknown_school"),
        (5, "no_level"),
    ]
    (cell,) = found["cells"]
    assert (cell["cell"][1:], cell["value"]) == ("3", "Toppen")
    assert result.stderr.endswith(
        "Rader som inte kunde läsas in, fast de kan vara svar: 1.\n"
        "Celler som inte är någon nivå och räknas som tomma: 1.\n"
    )


def test_schools_are_counted_and_more_answers_than_staff_are_told(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    save(desk.town, a_town(staff={EKSKOLAN: 10, BJORKSKOLAN: 40}))

    result = desk.take_in(desk.fetch(EXPORTS["grid.csv"]))

    assert "00123456 Ekskolan: 21 nya, 0 fanns redan. Fler svar än personal (10)" in result.stdout
    assert "22222222 Björkskolan: 10 nya, 0 fanns redan\n" in result.stdout


def test_a_school_stands_in_its_round_under_the_name_and_code_it_had(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    schools = [
        {**a_school(EKSKOLAN, "Ekskolan"), "Status": "Upphört", "Ersatt av": BJORKSKOLAN},
        a_school(BJORKSKOLAN, "Nya Ekskolan"),
    ]
    save(desk.town, a_town(schools=schools, parts=[a_part(EKSKOLAN, 40)]))
    names = {EKSKOLAN: "Nya Ekskolan", BJORKSKOLAN: "ekskolan "}

    found = desk.told(desk.fetch(as_grid(ANSWERS, names)))

    assert (found["new"], found["refused"]) == (31, [])
    assert {row["Skolenhetskod"] for row in desk.answers()} == {EKSKOLAN}


def test_rows_stand_in_another_order_than_people_answered_and_hold_no_time(desk: Desk) -> None:
    desk.take_in(desk.fetch(EXPORTS["grid.csv"]))

    rows = desk.answers()

    assert [row["Skolenhetskod"] for row in rows] != [answer["Skolenhetskod"] for answer in ANSWERS]
    assert set(rows[0]) == {"Svar", "Skolenhetskod", *STATEMENTS} & set(rows[0])
    assert len({row["Svar"] for row in rows}) == 31
    assert "2021-01-12" not in json.dumps(rows)


def test_what_is_remembered_is_for_this_user_only_and_goes_when_the_round_is_published(desk: Desk) -> None:
    file = desk.fetch(EXPORTS["grid.csv"])
    desk.take_in(file)
    kept = [path for path in (desk.state / "forms").rglob("*.json") if path.name != "headers.json"]
    modes = {path.stat().st_mode & 0o077 for path in (desk.state / "forms").rglob("*.json")}
    desk.publish()

    desk.take_in(file)

    assert (len(kept), modes) == (1, {0})
    assert not kept[0].exists()


def test_a_file_that_is_no_export_is_one_sentence(desk: Desk) -> None:
    for content in (
        b"",
        b"\0",
        b"a,b\n1,2\n",
        b"PK\x03\x04",
        b"\x81\x8d",
        b'Timestamp,"x\n',
        b"Timestamp\n1\n",
    ):
        result = desk.take_in(desk.fetch(content))
        assert (result.exit_code, result.stdout) == (FOUND_PROBLEMS, "")
        assert_one_sentence(result)


@pytest.mark.slow
def test_google_gets_its_spreadsheet_and_the_same_figures(
    desk: Desk, google: LocalGoogle, given_directly: dict
) -> None:
    desk.environment |= {"SHEETS_BASE_URL": google.url}
    assert desk.run("setup-google").exit_code == FINE
    assert desk.run("upload", "--data", desk.town).exit_code == FINE
    file = desk.fetch(EXPORTS["sections.csv"])

    first = desk.run("import-forms", file, "--round", "2021", "--google", "--json")
    second = desk.run("import-forms", file, "--round", "2021", "--google", "--json")
    google.control.edit("type", "vebs", range="Omgångar!D2", value="Publicerad")
    results = desk.run("results", "--round", "2021", "--json", "--google")

    assert (first.exit_code, json.loads(first.stdout)["new"]) == (FINE, 31)
    assert (second.exit_code, json.loads(second.stdout)["already"]) == (FINE, 31)
    assert_same_figures(json.loads(results.stdout), given_directly)
    assert desk.run("verify-log", "--google").exit_code == FINE
