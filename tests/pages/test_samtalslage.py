"""Samtalsläge: the same questions on a big screen, one at a time; nothing that is said is kept."""

from pathlib import Path

import pytest

from tests.pages.registers import DEMO_DAY, from_template, small
from tests.pages.visiting import REFUSED, Opener, Visit, plain
from tests.people import a_question, a_round


def statement(seen: Visit) -> str:
    return seen.headings[0]


def press(seen: Visit, button: str) -> Visit:
    seen.app.button(key=button).click().run()
    return seen.checked()


def test_a_question_stands_with_its_four_levels_in_words_and_an_example(visit: Opener) -> None:
    seen = visit("talk", "siri")

    assert statement(seen) == "1. Vi har en gemensam bild av varför och hur vi använder digitala verktyg."
    assert [one.value for one in seen.app.subheader] == ["Påbörjad", "Aktiverad", "Trygg", "Välutvecklad"]
    for said in (
        "Exempel: Lärarna i tvåan och i åttan ger samma skäl",
        "Var och en av oss har egna tankar om varför vi använder digitala verktyg.",
        "Varje läsår prövar vi vår bild mot elevernas resultat",
        "Fråga 1 av 40 i omgång 2022. Inget sparas här.",
    ):
        assert said in seen.text


def test_next_goes_through_all_questions_and_previous_back(visit: Opener) -> None:
    seen = visit("talk", "petra")
    assert seen.app.button(key="talk_back").disabled
    first = statement(seen)

    met = [first]
    while not seen.app.button(key="talk_on").disabled:
        met.append(statement(press(seen, "talk_on")))

    assert len(met) == len(set(met)) == 40
    assert seen.app.selectbox(key="talk_area").value == 5
    for _ in range(39):
        press(seen, "talk_back")
    assert statement(seen) == first


def test_an_area_is_chosen_and_begins_with_its_first_question(visit: Opener) -> None:
    seen = visit("talk", "unni")
    seen.app.selectbox(key="talk_area").set_value(3).run()

    assert seen.checked().address["fraga"] == "F1"
    assert seen.app.selectbox(key="talk_area").value == 3
    assert "Fråga 17 av 40" in seen.text


def test_an_address_leads_to_its_question_and_a_wrong_one_to_the_first(visit: Opener) -> None:
    assert "Fråga 40 av 40" in visit("talk", "siri", fraga="R8").text
    assert "Fråga 1 av 40" in visit("talk", "siri", fraga="<b>").text


def test_nothing_is_to_be_filled_in(visit: Opener) -> None:
    seen = visit("talk", "siri").app

    assert not [*seen.radio, *seen.text_input, *seen.text_area, *seen.checkbox]


@pytest.mark.parametrize("who", ["rut", "frida", "nils", ""])
def test_it_is_for_the_schools_and_the_unit(visit: Opener, who: str) -> None:
    assert visit("talk", who).h1 == REFUSED


def test_before_the_round_opens_the_next_rounds_questions_are_there(visit: Opener, tmp_path: Path) -> None:
    questions = [a_question("L1", "2019"), a_question("L2", "2023")]
    rounds = [a_round("2021"), a_round("2023", "Planerad")]
    visit.move(small(tmp_path / "data", rounds=rounds, questions=questions), tmp_path)

    seen = press(visit("talk", "siri"), "talk_on")

    assert statement(seen) == "2. Påstående L2"
    assert "i omgång 2023" in seen.text


def test_without_any_question_it_says_when_there_will_be_some(visit: Opener, tmp_path: Path) -> None:
    people = [{"E-post": "unni@example.se", "Roll": "Enheten"}]
    rows = {"Behörigheter": people, "Inställningar": [DEMO_DAY]}
    visit.move(from_template(tmp_path / "data", rows), tmp_path)

    seen = visit("talk", "unni")

    assert seen.alerts == ["Det finns inga frågor att tala om än. De kommer när en omgång är planerad."]


def test_what_stands_in_a_cell_is_only_text(visit: Opener, tmp_path: Path) -> None:
    odd = {**a_question("L1"), "Påstående": "![x](https://a.se/b.png) :smile:", "Exempel": "**e**"}
    visit.move(small(tmp_path / "data", questions=[odd]), tmp_path)

    seen = visit("talk", "siri")

    assert statement(seen) == "1. ![x](https://a.se/b.png) :smile:"
    assert plain(seen.app.header[0].value) != seen.app.header[0].value
