"""The command line is a contract: its keys, its exit codes, and one sentence where something is wrong."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from services.__main__ import cli
from services.publishing import round_figures
from services.tables.problems import Rule
from tests.commands import FINE, FOUND_PROBLEMS, VERBS, ask, on_disk, run
from tests.people import (
    BJORKSKOLAN,
    EKSKOLAN,
    RONNBARSSKOLAN,
    RULES,
    a_register,
    a_round,
    a_rule,
    answers,
    register_sheets,
    save,
)
from tests.rules_broken import ONE_OF_EACH, spoiled_sheets

TOWN = [*answers(16, L=3, U=3), *answers(12, BJORKSKOLAN, L=2, U=4), *answers(4, RONNBARSSKOLAN, L=4)]
HOW = {"rules": [*RULES, a_rule(1, "Medelnivå", "3,5", version="2022")]}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register in which nothing is wrong."""
    return save(tmp_path_factory.mktemp("town"), register_sheets(TOWN, **HOW))


def keys(thing: object) -> object:
    """The keys of an object and of the first of each list in it."""
    if isinstance(thing, dict):
        return {name: keys(value) for name, value in thing.items()}
    return [keys(thing[0])] if isinstance(thing, list) and thing else None


def test_results_have_exactly_these_keys(folder: Path) -> None:
    area = dict.fromkeys(("nr", "level", "n", "se", "share_secure"))
    school = dict.fromkeys(("code", "name", "n", "staff", "response_rate", "shown")) | {"areas": [area]}
    city_area = dict.fromkeys(("nr", "level_staff", "level_school", "spread_sd"))
    city = {"shown": None, "left_out": None, "areas": [city_area]}

    assert keys(ask(folder, "results", "--round", "2021")) == {
        "round": None,
        "schools": [school],
        "city": city,
    }


def test_candidates_have_exactly_these_keys(folder: Path) -> None:
    finding = dict.fromkeys(("nr", "measure", "area", "reached", "required", "met"))
    school = dict.fromkeys(("code", "name", "status")) | {"findings": [finding]}

    assert keys(ask(folder, "candidates", "--round", "2021")) == {
        "round": None,
        "rules": None,
        "schools": [school],
    }


def test_problems_have_exactly_these_keys(tmp_path: Path) -> None:
    broken = save(tmp_path, spoiled_sheets(ONE_OF_EACH[Rule.WRONG_TYPE]))

    assert ask(broken, "check") == {
        "problems": [
            {
                "spreadsheet": "vebs",
                "sheet": "Skolor",
                "row": 4,
                "column": "E",
                "header": "Personal",
                "value": "många",
                "rule": "wrong_type",
            }
        ]
    }


def test_results_are_in_full_precision_and_in_code_order(folder: Path) -> None:
    found = ask(folder, "results", "--round", "2021")
    figures = round_figures(a_register(TOWN, **HOW), "2021")

    assert [school["code"] for school in found["schools"]] == [EKSKOLAN, BJORKSKOLAN, RONNBARSSKOLAN]
    assert found["city"]["areas"][0]["level_staff"] == figures.city.area(1).level_staff
    assert found["city"]["areas"][0]["spread_sd"] == figures.city.area(1).spread
    for school, figure in zip(found["schools"], figures.schools, strict=True):
        assert [area["se"] for area in school["areas"]] == [area.se for area in figure.areas]
    assert found["schools"][1]["response_rate"] == 12 / 20


def test_a_school_that_may_not_be_shown_has_no_areas_in_the_object_either(folder: Path) -> None:
    hidden = ask(folder, "results", "--round", "2021")["schools"][2]

    assert hidden == {
        "code": RONNBARSSKOLAN,
        "name": "Rönnbärsskolan",
        "n": 4,
        "staff": 20,
        "response_rate": 0.2,
        "shown": False,
        "areas": [],
    }
    assert ask(folder, "candidates", "--round", "2021")["schools"][2]["findings"] == []


def test_candidates_are_judged_by_the_rounds_rules_or_by_those_asked_for(folder: Path) -> None:
    own, asked_for = (
        ask(folder, "candidates", "--round", "2021", *rules) for rules in ((), ("--rules", "2022"))
    )

    assert [school["status"] for school in own["schools"]] == ["met", "not_yet", "no_basis"]
    assert [school["status"] for school in asked_for["schools"]] == ["not_yet", "not_yet", "no_basis"]
    assert (own["rules"], asked_for["rules"]) == ("2021", "2022")
    assert own["schools"][0]["findings"] == [
        {"nr": 1, "measure": "Medelnivå", "area": 1, "reached": 3.0, "required": 3.0, "met": True},
        {"nr": 1, "measure": "Medelnivå", "area": 2, "reached": 3.0, "required": 3.0, "met": True},
        {"nr": 2, "measure": "Svarsfrekvens", "area": None, "reached": 0.8, "required": 0.7, "met": True},
        {"nr": 3, "measure": "Antal svar", "area": None, "reached": 16.0, "required": 10.0, "met": True},
    ]


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb[0])
@pytest.mark.parametrize("as_json", [(), ("--json",)], ids=["table", "json"])
def test_a_register_in_order_is_fine_and_reading_changes_nothing_on_disk(folder: Path, verb, as_json) -> None:
    before = on_disk(folder)

    result = run(folder, *verb, *as_json)

    assert (result.exit_code, result.stderr) == (FINE, "")
    assert result.stdout.count("\n") == 1 if as_json or verb == ("check",) else result.stdout.count("\n") > 3
    assert on_disk(folder) == before


@pytest.mark.parametrize("rule", Rule)
def test_each_rule_is_found_told_as_a_problem_and_is_no_reason_to_fail(rule: Rule, tmp_path: Path) -> None:
    case = ONE_OF_EACH[rule]
    broken = save(tmp_path, spoiled_sheets(case))
    before = on_disk(broken)

    result = run(broken, "check", "--json")

    (problem,) = json.loads(result.stdout)["problems"]
    assert tuple(problem.values()) == (*case.place, case.value, rule.value)
    assert (result.exit_code, result.stderr) == (FOUND_PROBLEMS, "")
    for verb in VERBS[:2]:
        assert (run(broken, *verb).exit_code, run(broken, *verb).stderr) == (FINE, "")
    assert on_disk(broken) == before


def test_a_round_that_has_not_begun_needs_no_answers(tmp_path: Path) -> None:
    town = save(tmp_path, register_sheets(TOWN, rounds=[a_round(), a_round("2022", "Planerad")]))

    result = run(town, "results", "--round", "2022", "--json")

    assert (result.exit_code, result.stderr) == (FINE, "")
    assert {school["n"] for school in json.loads(result.stdout)["schools"]} == {0}


def test_the_folder_is_said_by_the_environment_where_it_is_not_said(folder: Path) -> None:
    result = CliRunner().invoke(cli, ["check"], env={"VEBS_DATA": str(folder)})

    assert (result.exit_code, result.stdout) == (FINE, "Inga fel i kalkylbladen.\n")


@pytest.mark.parametrize("verb", ["results", "candidates", "check", "demo"])
def test_every_verb_tells_in_english_what_it_does(verb: str) -> None:
    result = CliRunner().invoke(cli, [verb, "--help"])

    assert result.exit_code == FINE
    assert "--data" in result.stdout
    assert result.stdout.startswith(f"Usage: cli {verb}")


def test_what_a_person_types_in_a_shell_does_the_same(folder: Path, tmp_path: Path) -> None:
    def shell(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "services", *words]
        return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)

    fine, missing = (
        shell("results", "--round", "2021", "--json", "--data", str(folder)),
        shell("check", "--data", str(tmp_path / "nowhere")),
    )

    assert (fine.returncode, fine.stderr) == (FINE, "")
    assert json.loads(fine.stdout) == ask(folder, "results", "--round", "2021")
    assert missing.returncode == FOUND_PROBLEMS
    assert (
        missing.stderr
        == "Filen vebs.xlsx finns inte; lägg tillbaka den bland kalkylbladen och försök igen.\n"
    )
