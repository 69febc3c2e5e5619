"""The demo: invented, the same every time, and with everything in it that there is to see."""

from collections import Counter
from functools import cache
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from services.certifying import standings, verdicts
from services.checking import all_problems
from services.comparing import history, roots_of
from services.demo.making import DEMO_DATE, make_demo
from services.demo.opinions import Opinion, answer
from services.demo.schools import CERTIFYING
from services.domain.access import Role
from services.domain.process import ApplicationStatus, Standing
from services.domain.question import Question
from services.domain.rules import Measure, Status
from services.errors import DemoRefused
from services.publishing import round_figures
from services.reading import Copy, read_once
from services.register import Register
from services.tables.schema import load_schema
from services.workbook.excel import ExcelFolder
from tests.commands import on_disk
from tests.people import visitor

THREE = {"Hermodsdalsskolan", "Mellersta Förstadsskolan", "Oxievångsskolan"}
FILES = ["inkorg.xlsx", "svar-2019.xlsx", "svar-2020.xlsx", "svar-2021.xlsx", "vebs.xlsx"]


@cache
def copy_of(folder: Path) -> Copy:
    return read_once(ExcelFolder(folder), load_schema())


@pytest.fixture
def demo(register: Path) -> Register:
    """The demo as `make run` makes it, read."""
    return copy_of(register).register


def names(register: Register, codes) -> set[str]:
    return {register.school_name(code) for code in codes}


def qualified(register: Register) -> set[str]:
    met = (one.school for one in verdicts(register, "2021") if one.status is Status.MET)
    return names(register, met)


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_nothing_is_wrong_in_it(register: Path, demo: Register) -> None:
    assert all_problems(demo) == ()
    assert copy_of(register).notices == ()
    assert sorted(path.name for path in register.iterdir()) == FILES


def test_nine_schools_qualify_the_three_of_public_reports_among_them(demo: Register) -> None:
    assert len(qualified(demo)) == 9
    assert qualified(demo) > THREE


def test_exactly_these_three_are_admitted_to_the_first_process(demo: Register) -> None:
    admitted = [
        (demo.school_name(one.school), one.school_year)
        for one in demo.applications
        if one.status is ApplicationStatus.ADMITTED
    ]

    assert sorted(admitted) == [(name, "2021-2022") for name in sorted(THREE)]
    assert set(CERTIFYING) == THREE


def test_the_three_take_part_and_the_other_six_are_candidates(demo: Register) -> None:
    found = standings(demo, visitor("Unni", demo), "2021", DEMO_DATE)

    where = {standing: {one.name for one in found if one.standing is standing} for standing in Standing}
    assert where[Standing.PARTICIPANT] == THREE
    assert where[Standing.CANDIDATE] == qualified(demo) - THREE
    assert len(where[Standing.NOT_YET]) == 78 - 9


def test_there_are_seventy_eight_schools_and_two_are_under_the_least_number(demo: Register) -> None:
    figures = round_figures(demo, "2021")

    assert len(figures.schools) == 78
    assert (figures.city.shown, figures.city.left_out) == (76, 2)
    assert all(school.n < 5 for school in figures.schools if not school.shown)


def test_there_is_a_school_of_every_kind_a_dashboard_meets(demo: Register) -> None:
    kinds = Counter(one.status for one in verdicts(demo, "2021"))
    near = next(one for one in verdicts(demo, "2021") if demo.school_name(one.school) == "Ekskolan")
    only_rate = [
        one
        for one in verdicts(demo, "2021")
        if {finding.criterion.measure for finding in one.shortfalls} == {Measure.RESPONSE_RATE}
    ]

    assert near.status is Status.NEAR
    assert kinds[Status.NO_BASIS] == 2
    assert kinds[Status.NEAR] >= 3
    assert only_rate  # a school with high levels where too few have answered
    assert any(school.areas and not school.questions for school in round_figures(demo, "2021").schools)
    assert "00123456" in demo.schools  # leading zeros


def test_a_school_has_got_a_new_code_and_keeps_its_years(demo: Register) -> None:
    (old,) = (school for school in demo.schools.values() if school.replaced_by)

    assert demo.school_name(old.replaced_by) == old.name
    assert [name for name in ("2019", "2020", "2021") if old.code in demo.school_rounds[name]] == [
        "2019",
        "2020",
    ]
    assert old.replaced_by in demo.school_rounds["2021"]
    years = [name for one in history(demo, 1) for name in one.rounds if old.replaced_by in one.levels[name]]
    assert years == ["2019", "2020", "2021"]


def test_a_question_was_replaced_and_another_reworded(demo: Register) -> None:
    questions = {question.id: question for question in demo.questions}
    roots = roots_of(demo)

    assert (questions["U9"].last_round, questions["U8"].first_round) == ("2020", "2021")
    assert roots["U8"] != roots["U9"]
    assert (questions["K9"].last_round, questions["K4"].first_round) == ("2019", "2020")
    assert roots["K4"] == roots["K9"]
    assert {len(demo.questions_in(name)) for name in ("2019", "2020", "2021", "2022")} == {40}


def test_about_a_third_has_answered_the_round_that_is_open_and_nothing_of_it_is_shown(demo: Register) -> None:
    figures = round_figures(demo, "2022")

    share = sum(school.n for school in figures.schools) / sum(school.staff for school in figures.schools)
    assert 0.25 < share < 0.45
    assert not any(school.shown or school.areas for school in figures.schools)
    assert demo.round("2022").opens <= DEMO_DATE <= demo.round("2022").closes


def test_the_bar_is_raised_for_the_round_that_is_open(demo: Register) -> None:
    lines = {version: [one.line for one in criteria] for version, criteria in demo.criteria.items()}

    assert lines == {"2021": [3.0, 0.7, 10.0], "2022": [3.1, 0.7, 10.0, 2.5]}
    assert (demo.round("2021").rules_version, demo.round("2022").rules_version) == ("2021", "2022")


def test_the_cast_has_its_roles_and_nobody_else_is_in_it(demo: Register) -> None:
    petra, per, siri = (visitor(name, demo) for name in ("Petra", "Per", "Siri"))

    assert names(demo, petra.led_schools) == {"Ekskolan"}
    assert len(per.led_schools) == 2
    assert names(demo, siri.worked_schools) == {"Ekskolan"}
    assert {name: visitor(name, demo).roles for name in ("Unni", "Rut", "Frida", "Nils")} == {
        "Unni": {Role.UNIT},
        "Rut": {Role.READER},
        "Frida": {Role.RESEARCHER},
        "Nils": set(),
    }
    assert {one.email.partition("@")[2] for one in demo.permissions} == {"example.se"}


def test_it_says_itself_that_it_is_invented_and_what_day_it_is(demo: Register) -> None:
    assert demo.settings["Demodatum"] == "2022-01-24"


def test_codes_are_text_and_dates_are_dates_in_the_files(register: Path) -> None:
    book = openpyxl.load_workbook(register / "vebs.xlsx")

    assert {cell.data_type for cell in book["Skolor"]["A"]} == {"s"}
    assert {cell.is_date for cell in book["Omgångar"]["B"][1:]} == {True}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The smallest demo there can be."""
    folder = tmp_path_factory.mktemp("small") / "data"
    make_demo(folder, 7, 15)
    return folder


def test_the_smallest_demo_has_nine_candidates_too(small: Path) -> None:
    register = copy_of(small).register

    assert len(register.school_rounds["2021"]) == 15
    assert len(qualified(register)) == 9
    assert qualified(register) > THREE
    assert round_figures(register, "2021").city.left_out == 2
    assert all_problems(register) == ()


def test_the_same_seed_gives_the_same_bytes_and_another_gives_others(small: Path, tmp_path: Path) -> None:
    make_demo(tmp_path / "same", 7, 15)
    make_demo(tmp_path / "other", 8, 15)

    assert bytes_of(tmp_path / "same") == bytes_of(small)
    other = bytes_of(tmp_path / "other")
    assert list(other) == FILES
    assert not other.items() & bytes_of(small).items()


@pytest.mark.slow
def test_the_demo_of_another_process_is_the_same_to_the_byte(register: Path, tmp_path: Path) -> None:
    make_demo(tmp_path / "again")

    assert bytes_of(tmp_path / "again") == bytes_of(register)


@pytest.mark.slow
@pytest.mark.parametrize(("seed", "schools"), [(3, 40), (9, 78), (1, 15)])
def test_other_seeds_and_other_sizes_have_nine_candidates_as_well(seed, schools, tmp_path: Path) -> None:
    make_demo(tmp_path / "data", seed, schools)
    register = copy_of(tmp_path / "data").register

    assert len(register.school_rounds["2021"]) == schools
    assert len(qualified(register)) == 9
    assert qualified(register) > THREE
    assert round_figures(register, "2021").city.left_out == 2
    assert all_problems(register) == ()


def test_where_few_have_time_to_answer_it_is_always_under_seven_in_ten() -> None:
    questions = [Question("L1", 1, "")]
    opinion = Opinion((3.3,), 0.62)  # the highest share of such a school

    for seed in range(300):
        rng = np.random.default_rng(seed)
        staff = int(rng.integers(24, 111))
        assert len(answer(opinion, staff, "busy", questions, rng)) < 0.7 * staff


@pytest.mark.parametrize("schools", [14, 0, -1])
def test_a_demo_without_room_for_its_candidates_is_refused(tmp_path: Path, schools: int) -> None:
    with pytest.raises(DemoRefused, match="minst 15 skolor"):
        make_demo(tmp_path / "data", schools=schools)
    assert not (tmp_path / "data").exists()


def test_somebodys_files_are_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "vebs.xlsx").write_bytes(b"viktigt")
    before = on_disk(tmp_path)

    with pytest.raises(DemoRefused, match="finns redan kalkylblad"):
        make_demo(tmp_path)

    assert on_disk(tmp_path) == before


def test_it_tells_how_far_it_has_come(tmp_path: Path) -> None:
    said: list[str] = []

    make_demo(tmp_path / "data", 7, 15, say=said.append)

    assert [line.split(":")[0] for line in said] == [f"{number} av 5" for number in range(1, 6)]
