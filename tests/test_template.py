"""A new register: every sheet laid out as the schema says, with the framework's start content."""

from collections import Counter
from pathlib import Path

import openpyxl
import pytest

from services.checking import all_problems
from services.errors import SchemaFault
from services.framework import load_framework
from services.reading import read_once
from services.tables.schema import load_schema
from services.template import framework_rows, lay_out
from services.workbook.excel import ExcelFolder
from services.workbook.xlsx_new import write_new

SCHEMA = load_schema()


@pytest.fixture(scope="module")
def new(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a new, empty register."""
    folder = tmp_path_factory.mktemp("new")
    tables = SCHEMA.of_spreadsheet("vebs")
    write_new(folder / "vebs.xlsx", lay_out(SCHEMA, tables, framework_rows("2022-2023")))
    return folder


def test_a_new_register_reads_without_a_problem(new: Path) -> None:
    copy = read_once(ExcelFolder(new), SCHEMA)

    assert (all_problems(copy.register), copy.notices) == ((), ())
    assert (copy.register.schools, copy.register.rounds) == ({}, {})


def test_it_starts_with_the_five_areas_in_their_order(new: Path) -> None:
    areas = read_once(ExcelFolder(new), SCHEMA).register.areas

    assert [(area.number, area.name) for area in areas] == [
        (1, "Ledarskap och planering"),
        (2, "Digitala verktyg i undervisningen"),
        (3, "Professionell fortbildning"),
        (4, "Kulturen kring skolans digitalisering"),
        (5, "Digitala resurser och infrastruktur"),
    ]


def test_every_question_has_an_area_four_levels_and_an_essential_sister(new: Path) -> None:
    questions = read_once(ExcelFolder(new), SCHEMA).register.questions

    assert Counter(question.area for question in questions) == dict.fromkeys(range(1, 6), 8)
    assert all(all(question.levels) and question.example for question in questions)
    assert {question.area for question in questions if question.essential} == {1, 2, 3, 4, 5}
    assert all(question.asked_in("2019") and question.asked_in("2099") for question in questions)


def test_the_rules_of_2021_are_level_three_everywhere_seven_in_ten_and_ten_answers(new: Path) -> None:
    criteria = read_once(ExcelFolder(new), SCHEMA).register.criteria

    assert {
        version: [(one.number, one.measure.value, one.area, one.line) for one in rules]
        for version, rules in criteria.items()
    } == {
        "2021": [
            (1, "Medelnivå", None, 3.0),
            (2, "Svarsfrekvens", None, 0.7),
            (3, "Antal svar", None, 10.0),
        ]
    }


def test_a_school_year_has_six_sessions_from_leadership_to_certification(new: Path) -> None:
    sessions = read_once(ExcelFolder(new), SCHEMA).register.tables["Lärtillfällen"]

    assert list(sessions.columns["Nr"]) == [1, 2, 3, 4, 5, 6]
    assert (sessions.columns["Tema"][0], sessions.columns["Tema"][5]) == (
        "Digitalt ledarskap",
        "Certifiering",
    )
    assert set(sessions.columns["Läsår"]) == {"2022-2023"}
    assert "Lärtillfällen" not in framework_rows()


def test_what_the_facts_leave_open_is_a_setting(new: Path) -> None:
    settings = read_once(ExcelFolder(new), SCHEMA).register.settings

    assert settings["Certifikat gäller år"] == "3"
    assert settings["Kontaktadress"].endswith("@example.se")


def test_headers_stand_as_in_the_schema_with_its_help_as_notes(new: Path) -> None:
    book = openpyxl.load_workbook(new / "vebs.xlsx")

    for table in SCHEMA.of_spreadsheet("vebs"):
        sheet = book[table.name]
        assert [cell.value for cell in sheet[1]] == [column.header for column in table.columns]
        assert [cell.comment.text for cell in sheet[1]] == [column.help for column in table.columns]


def test_choices_are_offered_where_the_schema_has_them(new: Path) -> None:
    book = openpyxl.load_workbook(new / "vebs.xlsx")

    offered = {
        str(rule.sqref).split(":")[0]: rule.formula1
        for rule in book["Frågor"].data_validations.dataValidation
    }

    assert offered == {
        "I2": '"DNP,Likvärdighet,Säkerhet,Tillgänglighet"',
        "J2": '"Ja,Nej"',
    }


def test_a_code_typed_into_a_new_row_stays_text(new: Path) -> None:
    sheet = openpyxl.load_workbook(new / "vebs.xlsx")["Skolor"]

    assert sheet.column_dimensions["A"].number_format == "@"


@pytest.mark.parametrize("content", [None, "[[areas]\n"])
def test_start_content_that_can_not_be_read_is_said_with_its_file(tmp_path: Path, content) -> None:
    path = tmp_path / "framework.toml"
    if content:
        path.write_text(content, encoding="utf-8")

    with pytest.raises(SchemaFault, match=r"Startinnehållet framework\.toml går inte att läsa"):
        load_framework(path)
