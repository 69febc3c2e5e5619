"""Kontroll: every problem with its cell, what stands there and what to do, to filter."""

from pathlib import Path

import pytest

from pages.components.check_parts import RULE_WORDS
from services.tables.problems import Rule
from tests.pages.registers import small
from tests.pages.visiting import Opener, Visit
from tests.people import EKSKOLAN, SCHOOLS, a_part, a_round, a_rule, a_school

COLUMNS = ["Blad", "Cell", "Kolumn", "Värde", "Fel", "Gör så här"]


@pytest.fixture
def seen(visit: Opener, tmp_path: Path) -> Visit:
    """A register with four things wrong."""
    data = small(
        tmp_path / "data",
        schools=[*(a_school(*one) for one in SCHOOLS.items()), a_school("99", "Kort kod")],
        parts=[a_part(code, "femtio" if code == EKSKOLAN else 40) for code in SCHOOLS],
        rules=[a_rule(1, "Medelnivå", "tre"), a_rule(2, "Medelvärde", 3)],
        rounds=[a_round("2021", least=5)],
    )
    return visit.move(data, tmp_path)("checks")


def listed(seen: Visit) -> list[dict[str, str]]:
    return seen.table("Gör så här").to_dict("records")


def test_every_kind_of_problem_has_words() -> None:
    assert set(RULE_WORDS) == set(Rule)
    assert len(set(RULE_WORDS.values())) == len(RULE_WORDS), "a filter could not tell them apart"


def test_each_problem_has_its_cell_its_value_and_advice(seen: Visit) -> None:
    assert list(seen.table("Gör så här").columns) == COLUMNS
    found = {(row["Blad"], row["Cell"], row["Kolumn"], row["Värde"], row["Fel"]) for row in listed(seen)}
    assert found >= {
        ("vebs: Skolans omgång", "C2", "Personal", "femtio", "Fel sorts värde"),
        ("vebs: Regler", "E2", "Gräns", "tre", "Fel sorts värde"),
        ("vebs: Regler", "C3", "Mått", "Medelvärde", "Inte ett av valen"),
    }
    assert any(row["Värde"] == "99" and row["Blad"] == "vebs: Skolor" for row in listed(seen))
    for row in listed(seen):
        assert row["Gör så här"].endswith(".") and len(row["Gör så här"].split()) >= 3


def test_the_key_figures_count_problems_and_sheets(seen: Visit) -> None:
    rows = listed(seen)
    assert seen.metrics["Att rätta"] == str(len(rows))
    assert seen.metrics["Blad som berörs"] == str(len({row["Blad"] for row in rows})) == "3"
    assert seen.metrics["Oläsliga filer"] == "0"


def test_the_list_is_filtered_by_sheet_and_by_kind(seen: Visit) -> None:
    every = listed(seen)
    seen.app.selectbox(key="checks_sheet").set_value("vebs: Regler").run()
    assert listed(seen) == [row for row in every if row["Blad"] == "vebs: Regler"]
    seen.app.selectbox(key="checks_kind").set_value("Inte ett av valen").run()
    assert [row["Cell"] for row in listed(seen)] == ["C3"]
    assert f"1 rad av {len(every)}" in seen.text


def test_filters_that_leave_nothing_say_so(seen: Visit) -> None:
    seen.app.selectbox(key="checks_sheet").set_value("vebs: Skolor").run()
    seen.app.selectbox(key="checks_kind").set_value("Inte ett av valen").run()
    assert "Inga rader med båda valen. Välj Alla i ett av dem." in seen.alerts
    assert not seen.tables


def test_a_clean_register_says_that_all_of_it_counts(visit: Opener) -> None:
    seen = visit("checks")
    assert seen.alerts == ["Inga fel i kalkylbladen. Allt som står där räknas med."]
    assert seen.metrics["Att rätta"] == "0" and not seen.tables


def test_a_repaired_cell_is_gone_from_the_list(visit: Opener, tmp_path: Path) -> None:
    import openpyxl

    data = small(tmp_path / "data", rules=[a_rule(1, "Medelnivå", "tre")])
    seen = visit.move(data, tmp_path)("checks")
    assert [row["Cell"] for row in listed(seen)] == ["E2"]
    book = openpyxl.load_workbook(data / "vebs.xlsx")
    book["Regler"]["E2"] = 3
    book.save(data / "vebs.xlsx")
    assert visit.a_second_later(seen).alerts == ["Inga fel i kalkylbladen. Allt som står där räknas med."]
