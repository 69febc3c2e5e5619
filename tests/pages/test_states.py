"""The pages in every state a round and a school can be in."""

import re
from pathlib import Path

import pytest

from services.framework import load_framework
from services.template import framework_rows
from tests.pages.registers import DEMO_DAY, from_template, mixed, small
from tests.pages.visiting import TITLES, Opener
from tests.people import BJORKSKOLAN, EKSKOLAN, RONNBARSSKOLAN, a_round, answers, register_sheets, save

DASHBOARDS = ("overview", "areas", "school", "certification")
STEPS = {"≤ 10 %", "≥ 90 %", *(f"{step} %" for step in range(15, 90, 5))}


# --- The rounds of the demo --------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("round_", ["2019", "2020", "2021", "2022"])
def test_every_page_is_drawn_in_every_round_with_the_demo_bar_on_top(visit: Opener, round_: str) -> None:
    seen = visit("start", omgang=round_)
    for page, title in TITLES.items():
        seen.go(page, som="unni", omgang=round_)
        assert seen.h1 == title
        assert not seen.app.error
        assert "**Demoläge: påhittade svar.** Datum 24 januari 2022." in seen.text
        assert seen.chosen("som") == "unni"
        if page in DASHBOARDS:
            assert seen.chosen("omgang") == round_
            assert bool(seen.charts) == (round_ != "2022")
            assert re.search(r"Hämtat \d\d\.\d\d", seen.text)


def test_an_open_round_shows_who_has_answered_and_no_result(visit: Opener) -> None:
    seen = visit("overview", omgang="2022")
    assert seen.alerts == [
        "Omgång 2022 är öppen till och med 4 februari 2022. Resultat visas först när den är publicerad."
    ]
    assert set(seen.metrics) == {"Skolor", "Har svarat", "Anställda", "Svarsfrekvens", "Skolor utan svar"}
    [table] = seen.tables
    assert list(table.columns) == ["Skola", "Har svarat", "Svarsfrekvens"]
    assert len(table) == int(seen.metrics["Skolor"]) == 78
    assert all(re.fullmatch(r"\d+ av \d+", text) for text in table["Har svarat"])
    assert not seen.charts


@pytest.mark.parametrize("page", ["areas", "certification"])
def test_an_open_round_has_nothing_to_show_elsewhere(visit: Opener, page: str) -> None:
    seen = visit(page, omgang="2022")
    assert "Resultat visas först när den är publicerad." in seen.alerts[0]
    assert not seen.tables and not seen.charts and not seen.metrics and not seen.headings


def test_in_an_open_round_a_principal_sees_how_many_have_answered_at_her_school(visit: Opener) -> None:
    seen = visit("school", "petra", omgang="2022")
    assert seen.headings == ["Ekskolan"]
    assert set(seen.metrics) == {"Svar", "Svarsfrekvens"}
    assert re.fullmatch(r"\d+ av \d+", seen.metrics["Svar"])
    assert f"{seen.metrics['Svar']} har svarat." in visit("start", "petra").alerts[0]


@pytest.mark.parametrize(
    ("status", "says"),
    [
        ("Stängd", "är inte publicerad"),
        ("Planerad", "är inte publicerad"),
        ("Öppen", "är öppen till och med"),
    ],
)
@pytest.mark.slow
def test_no_page_has_figures_before_publishing(visit: Opener, tmp_path: Path, status: str, says: str) -> None:
    visit.move(small(tmp_path / "data", rounds=[a_round("2021", status)]), tmp_path)
    for page in DASHBOARDS:
        seen = visit(page)
        assert says in " ".join(seen.alerts)
        assert not seen.charts
        assert not re.search(r"\b[1-4],\d", seen.text)


# --- Small groups ------------------------------------------------------------------------------------


def test_a_school_with_too_few_answers_is_named_and_hidden(visit: Opener, tmp_path: Path) -> None:
    visit.move(small(tmp_path / "data", answered=4), tmp_path)
    seen = visit("school", skola=EKSKOLAN)
    assert set(seen.metrics) == {"Svar", "Svarsfrekvens"}
    assert seen.alerts[0].startswith("Visas inte: färre än 5 svar. Så skyddas de som har svarat.")
    assert not seen.charts and not seen.tables
    overview = visit("overview")
    assert (
        "1 skola har färre än 5 svar. Den visas inte och räknas inte med i stadens nivåer." in overview.text
    )
    hidden = overview.table("Svarsfrekvens").set_index("Skola").loc["Ekskolan"]
    assert list(hidden)[2:] == ["Visas inte", "Visas inte"]
    certification = visit("certification", skola=EKSKOLAN)
    assert certification.metrics["Underlag saknas"] == "1"
    assert "Ekskolan** kan inte bedömas." in certification.text


@pytest.mark.parametrize("answered", [5, 9])
def test_from_five_answers_a_school_has_area_levels_and_nothing_finer(
    visit: Opener, tmp_path: Path, answered: int
) -> None:
    visit.move(small(tmp_path / "data", answered=answered), tmp_path)
    seen = visit("school", skola=EKSKOLAN)
    assert list(seen.table("Osäkerhet")["Skolan"]) == ["3,0", "3,0"]
    assert any(
        text.startswith("Enskilda frågor visas först när minst 10 har svarat.") for text in seen.alerts
    )
    assert "Fråga för fråga" not in seen.headings and "Att tala om på en APT" not in seen.headings
    assert not any("Påstående" in table for table in seen.tables)


@pytest.mark.parametrize("answered", [10, 19])
def test_from_ten_answers_a_school_has_questions_in_steps_of_five(
    visit: Opener, tmp_path: Path, answered: int
) -> None:
    rows = mixed(answered) + answers(30, BJORKSKOLAN, L=3, U=2) + answers(30, RONNBARSSKOLAN, L=3, U=2)
    visit.move(save(tmp_path / "data", register_sheets(rows, staff=40, settings=[DEMO_DAY])), tmp_path)
    seen = visit("school", skola=EKSKOLAN)
    tables = [table for table in seen.tables if "Kan inte bedöma" in table]
    shares = {
        cell.replace("\N{NO-BREAK SPACE}", " ")
        for table in tables
        for column in ("Påbörjad", "Aktiverad", "Trygg", "Välutvecklad", "Kan inte bedöma")
        for cell in table[column]
    }
    assert len(tables) == 2
    assert shares <= STEPS and {"≤ 10 %", "≥ 90 %"} < shares
    assert "Få har svarat, så andelarna är avrundade till närmaste femtal." in seen.text


def test_from_twenty_answers_on_the_percentages_are_exact(visit: Opener, tmp_path: Path) -> None:
    rows = [*mixed(23), *answers(30, BJORKSKOLAN, L=3, U=2), *answers(30, RONNBARSSKOLAN, L=3, U=2)]
    visit.move(save(tmp_path / "data", register_sheets(rows, staff=40, settings=[DEMO_DAY])), tmp_path)
    seen = visit("school", skola=EKSKOLAN)
    first = seen.table("Kan inte bedöma").iloc[0]
    levels = [
        first[name].replace("\N{NO-BREAK SPACE}", " ") for name in ("Påbörjad", "Trygg", "Välutvecklad")
    ]
    assert levels == ["26 %", "26 %", "22 %"]
    assert "närmaste femtal" not in seen.text


# --- Nothing there yet -------------------------------------------------------------------------------

RULES_2021 = framework_rows()["Regler"]
THE_ROUND = a_round("2021")
A_SCHOOL = {"Skolenhetskod": EKSKOLAN, "Skola": "Ekskolan", "Status": "Aktiv"}


@pytest.mark.slow
def test_a_register_with_headers_only_says_where_to_begin(visit: Opener, tmp_path: Path) -> None:
    visit.move(from_template(tmp_path / "data", {}), tmp_path).trust_this_computer()
    for page in DASHBOARDS:
        seen = visit(page)
        assert seen.h1 == TITLES[page]
        assert seen.alerts == [
            "Det finns ingen omgång än. Lägg till en i bladet Omgångar i kalkylbladet vebs."
        ]
    assert visit("checks").alerts == ["Inga fel i kalkylbladen. Allt som står där räknas med."]
    assert visit("about").h1 == "Om tjänsten"
    assert visit("start").h1 == "Hej Unni!"


def test_in_a_register_without_permissions_a_visitor_is_told_why_nothing_opens(
    visit: Opener, tmp_path: Path
) -> None:
    visit.move(from_template(tmp_path / "data", {}), tmp_path)
    sentence = "Du har ingen behörighet i det här registret. Den som sköter tjänsten kan ge dig en."
    assert visit("start").alerts == [sentence]
    assert sentence in visit("overview").text
    assert visit("start", "").alerts == [
        "Välj längst upp vem du vill vara, så visas det som den rollen får se."
    ]


@pytest.mark.slow
def test_a_round_without_schools_says_where_to_add_them(visit: Opener, tmp_path: Path) -> None:
    rows = {**framework_rows(), "Omgångar": [THE_ROUND]}
    visit.move(from_template(tmp_path / "data", rows), tmp_path).trust_this_computer()
    for page in DASHBOARDS:
        assert visit(page).h1 == TITLES[page]
    assert "Inga skolor är med i omgången. Lägg till dem i bladet Skolans omgång." in visit("overview").alerts
    assert visit("overview").metrics["Skolor"] == "0"


def test_a_round_without_rules_judges_nobody(visit: Opener, tmp_path: Path) -> None:
    other = {"Regelversion": "2018", "Nr": 1, "Mått": "Antal svar", "Gräns": 5}
    visit.move(small(tmp_path / "data", rules=[other]), tmp_path)
    assert "har inga kriterier i bladet Regler." in visit("certification").alerts[0]
    seen = visit("school", skola=EKSKOLAN)
    assert "Omgångens regelversion har inga kriterier, så skolan kan inte bedömas." in seen.alerts
    assert seen.charts
    assert visit("overview").metrics["Kandidater"] == "0"


def test_a_rule_that_cannot_be_read_is_told_and_met_by_nobody(visit: Opener, tmp_path: Path) -> None:
    rules = [{"Regelversion": "2021", "Nr": 1, "Mått": "Medelnivå", "Delområde": "Alla", "Gräns": "tre"}]
    visit.move(small(tmp_path / "data", rules=rules), tmp_path)
    seen = visit("certification")
    assert seen.alerts[0].startswith(
        "Kriterium 1 i bladet Regler går inte att läsa. Ingen skola kan uppfylla"
    )
    assert seen.metrics["Uppfyller"] == "0"
    assert "Ingen skola uppfyller alla kriterier" in seen.headings


def test_a_register_without_areas_says_where_to_add_them(visit: Opener, tmp_path: Path) -> None:
    visit.move(small(tmp_path / "data", areas=[], questions=[]), tmp_path)
    assert "Det finns inga delområden än. Lägg till dem i bladet Delområden." in visit("areas").alerts
    assert visit("overview").h1 == "Översikt"


def test_a_school_in_no_round_is_told_so(visit: Opener, tmp_path: Path) -> None:
    visit.move(small(tmp_path / "data", parts=[{**A_SCHOOL, "Omgång": "2021", "Personal": 9}]), tmp_path)
    seen = visit("school", "per")
    assert seen.alerts == ["Ingen av dina skolor är med i den här omgången. Välj en annan omgång."]


def test_the_areas_on_the_public_page_are_the_frameworks(visit: Opener, tmp_path: Path) -> None:
    visit.move(from_template(tmp_path / "data", {}), tmp_path)
    text = visit("about", "").text
    assert all(area["name"] in text for area in load_framework()["areas"])
