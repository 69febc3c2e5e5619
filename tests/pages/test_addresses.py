"""What is chosen stands in the address: it can be linked, survives a page switch, and opens no back door."""

from pathlib import Path

import pytest

from tests.pages.visiting import Opener, Visit
from tests.register_on_disk import schools

EKSKOLAN = "00123456"
NOT_ONE_OF_THEM = [
    "",
    "1999",
    "99999999",
    "2021 ",
    "None",
    "Ekskolan",
    "2021,2020",
    "' or 1=1",
    "<b>2021</b>",
]


@pytest.fixture(scope="session")
def codes(register: Path) -> dict[str, str]:
    """The code of each school by its name."""
    return {school.name: school.code for school in schools(register) if school.active}


def heading(seen: Visit) -> str:
    """The name of the school on Skola."""
    return seen.headings[0]


# --- Shown as linked ---------------------------------------------------------------------------------


@pytest.mark.parametrize("round_", ["2019", "2020", "2021", "2022"])
def test_the_round_in_the_address_is_the_one_shown(visit: Opener, round_: str) -> None:
    seen = visit("overview", omgang=round_)
    assert seen.chosen("omgang") == seen.address["omgang"] == round_


def test_the_school_in_the_address_is_the_one_shown(visit: Opener, codes: dict[str, str]) -> None:
    seen = visit("school", skola=codes["Trastskolan"])
    assert heading(seen) == "Trastskolan"
    assert seen.address["skola"] == codes["Trastskolan"]


def test_a_school_code_keeps_its_zeros_in_the_address(visit: Opener) -> None:
    seen = visit("school", skola=EKSKOLAN)
    assert (heading(seen), seen.address["skola"]) == ("Ekskolan", EKSKOLAN)


@pytest.mark.parametrize(
    ("area", "name"), [("1", "Ledarskap och planering"), ("3", "Professionell fortbildning")]
)
def test_the_area_in_the_address_is_the_one_shown(visit: Opener, area: str, name: str) -> None:
    seen = visit("areas", omrade=area)
    assert seen.chosen("omrade") == area
    assert any(name in chart.alt for chart in seen.charts)


def test_without_an_address_the_latest_published_round_is_shown_and_put_there(visit: Opener) -> None:
    seen = visit("overview")
    assert seen.chosen("omgang") == seen.address["omgang"] == "2021"


def test_without_an_address_the_first_school_by_name_is_shown_and_put_there(
    visit: Opener, codes: dict[str, str]
) -> None:
    seen = visit("school")
    assert heading(seen) == "Almgårdsskolan"
    assert seen.address["skola"] == codes["Almgårdsskolan"]


# --- Kept, and changed -------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["areas", "school", "certification"])
def test_a_round_chosen_on_one_page_is_kept_on_the_next(visit: Opener, page: str) -> None:
    seen = visit("overview").choose("omgang", "2019")
    assert seen.go(page, som="unni").chosen("omgang") == "2019"
    assert seen.address["omgang"] == "2019"


def test_school_and_visitor_are_kept_over_a_page_switch_too(visit: Opener, codes: dict[str, str]) -> None:
    seen = visit("school").choose("skola", codes["Trastskolan"])
    seen.go("certification")
    assert seen.chosen("skola") == seen.address["skola"] == codes["Trastskolan"]
    assert seen.chosen("som") == seen.address["som"] == "unni"


def test_choosing_changes_the_address_and_the_page(visit: Opener) -> None:
    seen = visit("overview")
    before = seen.metrics["Svar"]
    seen.choose("omgang", "2020")
    assert seen.address["omgang"] == "2020"
    assert seen.metrics["Svar"] != before


@pytest.mark.slow
def test_the_back_button_wins_over_the_last_choice(visit: Opener, codes: dict[str, str]) -> None:
    seen = visit("school", omgang="2021", skola=codes["Trastskolan"])
    seen.choose("omgang", "2019").choose("skola", EKSKOLAN)
    seen.app.query_params.update({"omgang": "2021", "skola": codes["Trastskolan"]})
    seen.again()
    assert (heading(seen), seen.chosen("omgang")) == ("Trastskolan", "2021")
    # And it is now the last choice: the next page shows it.
    assert seen.go("certification").chosen("omgang") == "2021"


def test_another_visitor_in_the_address_is_another_visitor(visit: Opener) -> None:
    seen = visit("start", "unni")
    seen.app.query_params["som"] = "petra"
    assert seen.again().h1 == "Hej Petra!"
    seen.app.query_params["som"] = "rut"
    assert seen.again().h1 == "Hej Rut!"


def test_to_be_nobody_again_is_a_choice_too(visit: Opener) -> None:
    seen = visit("start", "unni").choose("som", "")
    assert seen.h1 == "Varje elevs bästa skola"
    assert seen.go("overview").h1 == "Behörighet saknas"


# --- What is not one of the choices ------------------------------------------------------------------


@pytest.mark.parametrize("value", NOT_ONE_OF_THEM)
def test_an_unknown_value_falls_back_and_the_address_is_corrected(visit: Opener, value: str) -> None:
    seen = visit("school", omgang=value, skola=value)
    assert (heading(seen), seen.chosen("omgang")) == ("Almgårdsskolan", "2021")
    assert seen.address["omgang"] == "2021" and seen.address["skola"] != value
    assert not seen.app.error


@pytest.mark.parametrize("value", NOT_ONE_OF_THEM)
def test_an_unknown_area_falls_back_to_the_first(visit: Opener, value: str) -> None:
    seen = visit("areas", omrade=value)
    assert seen.chosen("omrade") == seen.address["omrade"] == "1"


@pytest.mark.parametrize("who", ["Unni", "unni@example.se", "root", "unni,rut", "Enheten"])
def test_an_unknown_visitor_is_nobody(visit: Opener, who: str) -> None:
    assert visit("overview", who).h1 == "Behörighet saknas"


@pytest.mark.slow
def test_petra_asking_for_another_school_gets_her_own_and_no_trace_of_it(
    visit: Opener, codes: dict[str, str]
) -> None:
    others = [name for name in codes if name != "Ekskolan"]
    for page in ("school", "certification"):
        seen = visit(page, "petra", skola=codes["Trastskolan"])
        assert seen.address["skola"] == EKSKOLAN
        assert "Ekskolan" in seen.text
        assert [name for name in others if name in seen.text] == []


@pytest.mark.slow
def test_per_chooses_between_his_two_schools_and_gets_no_third(visit: Opener, codes: dict[str, str]) -> None:
    hers = visit("school", "per", skola=codes["Rönnbärsskolan"])
    assert heading(hers) == "Rönnbärsskolan"
    assert heading(hers.choose("skola", codes["Björkskolan"])) == "Björkskolan"
    foreign = visit("school", "per", skola=EKSKOLAN)
    assert heading(foreign) == "Björkskolan" and "Ekskolan" not in foreign.text


@pytest.mark.slow
def test_the_last_choice_of_another_visitor_in_the_same_tab_opens_nothing(
    visit: Opener, codes: dict[str, str]
) -> None:
    seen = visit("school", "unni").choose("skola", codes["Trastskolan"])
    seen.app.query_params.clear()
    seen.app.query_params["som"] = "petra"
    assert heading(seen.again()) == "Ekskolan"
    assert "Trastskolan" not in seen.text


def test_a_school_that_took_no_part_in_the_chosen_round_falls_back_to_one_that_did(
    visit: Opener, register: Path
) -> None:
    gone = next(school for school in schools(register) if not school.active)
    assert heading(visit("school", skola=gone.code, omgang="2019")) == gone.name
    seen = visit("school", skola=gone.code, omgang="2021")
    assert heading(seen) == "Almgårdsskolan"
    assert seen.address["skola"] != gone.code
