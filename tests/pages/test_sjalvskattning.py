"""Självskattning: the round from preparation to publishing, on real files, and who has answered so far."""

import datetime as dt
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pages.components import current, open_rounds
from services.answering.keys import new_code
from tests.pages.registers import from_template
from tests.pages.round_page import INBOX_HEADERS, Make, Page, secret_is_there
from tests.pages.visiting import REFUSED, Opener
from tests.people import (
    BJORKSKOLAN,
    EKSKOLAN,
    RONNBARSSKOLAN,
    SCHOOLS,
    a_part,
    answers,
)

# --- Step by step -----------------------------------------------------------------------------------------


def test_a_round_is_prepared_after_a_look_and_can_be_taken_back(page: Make) -> None:
    seen = page("Publicerad", rows=answers(9, L=3))
    before = seen.rows("Omgångar"), seen.rows("Skolans omgång")
    assert seen.seen.app.text_input(key="round_name").value == "2023", "the year after is proposed"

    seen.press("round_prepare_ask")
    assert (
        "Omgång 2023 läggs till som planerad, från 10 januari 2023 till och med 4 februari 2023." in seen.said
    )
    assert "3 aktiva skolor är med" in seen.said and "8 frågor ställs" in seen.said
    assert (seen.rows("Omgångar"), seen.rows("Skolans omgång")) == before, "nothing is written by asking"

    seen.press("round_confirm")
    made = seen.rows("Omgångar")[-1]
    assert (made["Omgång"], made["Status"], made["Regelversion"]) == ("2023", "Planerad", "2021")
    assert [row["Personal"] for row in seen.rows("Skolans omgång") if row["Omgång"] == "2023"] == [20, 20, 20]
    assert "Klart: omgång 2023 är förberedd." in seen.said
    assert seen.seen.chosen("omgang") == "2023"
    assert ("unni@example.se", "Omgång förberedd") in {entry[:2] for entry in seen.log()}
    assert "Omgång förberedd" in seen.seen.table("Vad").to_csv()

    seen.press("round_undo")
    assert (seen.rows("Omgångar"), seen.rows("Skolans omgång")) == before
    assert "är ångrat" in seen.said


def test_a_round_is_opened_with_room_for_its_answers_its_secret_and_a_row_in_the_log(page: Make) -> None:
    seen = page("Planerad")
    assert not secret_is_there() and not (seen.data / "inkorg.xlsx").exists()

    seen.press("round_next_step")
    assert "Regler, frågor och minsta antal svar låses." in seen.said
    assert "Det går inte att ångra." in seen.said
    assert seen.status() == "Planerad"

    seen.press("round_confirm")
    assert seen.status() == "Öppen" and secret_is_there()
    inbox = openpyxl.load_workbook(seen.data / "inkorg.xlsx")
    assert [cell.value for cell in inbox["Inkomna"][1]] == INBOX_HEADERS
    assert (seen.data / "svar-2022.xlsx").exists()
    assert seen.log() == [("unni@example.se", "Omgång öppnad", "2022", "Öppen")]
    assert "Klart: omgång 2022 är öppen." in seen.said
    assert "round_undo" not in seen.buttons, "what can't be taken back is not offered to be"


def test_what_stands_in_the_way_is_said_and_the_button_can_not_be_pressed(page: Make) -> None:
    seen = page("Planerad", rules=[])

    assert "Regelversionen (tom) har inga kriterier i Regler." in seen.said
    assert seen.buttons["round_next_step"] is False


def test_a_round_that_was_closed_is_not_opened_again_though_the_sheet_says_planned(page: Make) -> None:
    seen = page("Planerad")
    open_rounds.secrets().destroy("2022")
    seen.seen.again()

    assert "har varit stängd och går inte att öppna igen" in seen.said
    assert seen.buttons["round_next_step"] is False


def test_one_school_gets_longer_time_and_it_can_be_taken_back(page: Make) -> None:
    seen = page("Öppen")
    seen.fill_in(extended_school=EKSKOLAN, extended_until=dt.date(2022, 2, 11)).press("round_extend_ask")
    assert "Ekskolan kan svara till och med 11 februari 2022." in seen.said
    seen.press("round_confirm")

    def extended() -> dict[str, Any]:
        return {
            row["Skolenhetskod"]: row["Förlängd till"] and row["Förlängd till"].date()
            for row in seen.rows("Skolans omgång")
            if row["Omgång"] == "2022"
        }

    assert extended() == {EKSKOLAN: dt.date(2022, 2, 11), BJORKSKOLAN: None, RONNBARSSKOLAN: None}
    assert "Har längre tid: Ekskolan till och med 11 februari 2022." in seen.said
    seen.press("round_undo")
    assert set(extended().values()) == {None}


def test_too_early_a_day_is_refused_in_words_and_a_missing_one_too(page: Make) -> None:
    seen = page("Öppen")
    seen.press("round_extend_ask")
    assert "Välj både en skola och en ny sista dag." in seen.errors
    seen.fill_in(extended_school=EKSKOLAN, extended_until=dt.date(2022, 2, 1)).press("round_extend_ask")

    assert any("ska vara efter omgångens egen" in one for one in seen.errors)
    assert "round_confirm" not in seen.buttons


def test_closing_tells_what_it_does_and_leaves_answers_without_keys(page: Make) -> None:
    seen = page("Öppen", answered=[EKSKOLAN] * 6 + [BJORKSKOLAN] * 2)
    seen.press("round_next_step")
    assert "Omgångens hemlighet förstörs och inkorgen töms." in seen.said
    assert "2 skolor har färre än 5 svar och kommer inte att visas." in seen.said

    seen.press("round_confirm")
    assert seen.status() == "Stängd" and not secret_is_there()
    rows = seen.rows("Svar", "svar-2022")
    assert sorted(row["Skolenhetskod"] for row in rows) == [EKSKOLAN] * 6 + [BJORKSKOLAN] * 2
    assert all(row["L1"] == 3 for row in rows) and "Nyckel" not in rows[0]
    assert seen.rows("Inkomna", "inkorg") == seen.rows("Deltagande", "inkorg") == []
    assert ("unni@example.se", "Omgång stängd", "2022", "Stängd") in seen.log()
    assert "Klart: omgång 2022 är stängd." in seen.said
    assert "säkerhetskopior från när omgången var öppen" in seen.said
    assert seen.buttons["round_next_step"], "and the next step is to publish"


@pytest.mark.parametrize("status", ["Öppen", "Stängd"])
def test_a_closing_that_was_interrupted_is_told_and_finished(page: Make, status: str) -> None:
    seen = page("Öppen", answered=[EKSKOLAN] * 6)
    open_rounds.file("2022").seal(current.now())
    seen.typed_by_hand("Omgångar", "Status", status, row=3)
    seen.seen.again()
    assert "Stängningen är inte klar" in seen.said

    seen.press("round_next_step").press("round_confirm")
    assert seen.status() == "Stängd"
    assert len(seen.rows("Svar", "svar-2022")) == 6
    assert seen.rows("Inkomna", "inkorg") == []


def test_what_stands_in_the_way_of_closing_is_told_and_it_can_be_closed_after(page: Make) -> None:
    seen = page("Öppen", answered=[EKSKOLAN] * 6)
    seen.typed_by_hand("Inkomna", "L1", "Nyckel2", row=1, spreadsheet="inkorg")
    (seen.data / "inkorg.xlsx").rename(seen.data / "undan.xlsx")
    seen.press("round_next_step").press("round_confirm")
    assert seen.errors and seen.status() == "Öppen" and secret_is_there()

    (seen.data / "undan.xlsx").rename(seen.data / "inkorg.xlsx")
    seen.typed_by_hand("Inkomna", "Nyckel2", "L1", row=1, spreadsheet="inkorg")
    seen.seen.again()
    seen.press("round_next_step").press("round_confirm")
    assert seen.status() == "Stängd" and len(seen.rows("Svar", "svar-2022")) == 6


def test_publishing_says_how_many_are_shown_and_late_changes_are_told_with_the_reason(page: Make) -> None:
    given = [*answers(12, EKSKOLAN, L=2, U=2), *answers(4, BJORKSKOLAN, L=3)]
    seen = page("Stängd", rows=given)
    assert "1 skola visas" in seen.said and "2 skolor har färre än 5 svar" in seen.said

    seen.press("round_next_step").press("round_confirm")
    assert seen.status() == "Publicerad"
    assert ("unni@example.se", "Omgång publicerad", "2022", "Publicerad") in seen.log()
    assert "sena ändringar" not in seen.said

    seen.typed_by_hand("Svar", "L1", 4, spreadsheet="svar-2022")
    seen.seen.again()
    assert "1 skolas sena ändringar visas inte" in seen.said
    told = seen.seen.table("Minst antal svar som skiljer sig")
    assert told.to_numpy().tolist() == [["Ekskolan", "1"]]


# --- Who and when ------------------------------------------------------------------------------------------


def test_a_second_click_of_an_impatient_hand_does_it_once(page: Make) -> None:
    seen = page("Planerad").press("round_next_step")
    button = seen.seen.app.button(key="round_confirm")
    click = button.click().root.get_widget_states()
    seen.seen.app._run(click)
    # The browser had sent the second click before the dialogue was gone.
    seen.seen.app._run(click)

    assert seen.status() == "Öppen" and seen.errors == []
    assert seen.log() == [("unni@example.se", "Omgång öppnad", "2022", "Öppen")]


def test_what_has_changed_since_it_was_read_is_told_and_nothing_is_done(page: Make) -> None:
    seen = page("Planerad").press("round_next_step")
    seen.typed_by_hand("Omgångar", "Minsta antal svar", 9, row=3)
    seen.typed_by_hand("Omgångar", "Stänger", dt.date(2022, 3, 1), row=3)

    seen.press("round_confirm")
    assert [one for one in seen.errors if one.startswith("Något har ändrats sedan du läste")]
    assert seen.status() == "Planerad" and not secret_is_there() and seen.log() == []


def test_whoever_loses_her_role_meanwhile_does_nothing(page: Make) -> None:
    seen = page("Planerad").press("round_next_step")
    seen.typed_by_hand("Behörigheter", "E-post", "annan@example.se")

    seen.press("round_confirm")
    assert seen.seen.h1 == REFUSED
    assert seen.status() == "Planerad" and not secret_is_there() and seen.log() == []


@pytest.mark.parametrize("who", ["siri", "rut", "frida", "nils", ""])
def test_whoever_neither_runs_rounds_nor_leads_a_school_does_not_come_to_the_page(
    page: Make, who: str
) -> None:
    seen = page("Öppen", who)

    assert seen.seen.h1 == REFUSED and not seen.buttons and not seen.seen.tables


@pytest.mark.parametrize(
    ("who", "hers"), [("petra", {"Ekskolan"}), ("per", {"Björkskolan", "Rönnbärsskolan"})]
)
def test_a_principal_follows_her_own_schools_and_runs_nothing(page: Make, who: str, hers: set[str]) -> None:
    seen = page("Öppen", who, answered=[EKSKOLAN] * 6 + [BJORKSKOLAN] * 2)

    assert set(seen.seen.table("Läge")["Skola"]) == hers
    assert not [name for name in SCHOOLS.values() if name not in hers and name in seen.seen.text]
    assert not seen.buttons and "Logg" not in seen.seen.headings
    assert "Ingen ser några resultat" in seen.said


STATUSES = {
    "Planerad": ("är planerad: 11 januari 2022 till 5 februari 2022", "Nästa steg: öppna"),
    "Öppen": ("Ingen ser några resultat", "När tiden är ute: stäng"),
    "Stängd": ("är stängd. Resultatet visas när", "Nästa steg: publicera"),
    "Publicerad": ("Resultatet finns på skolans sida", "Omgången är klar."),
}


@pytest.mark.parametrize("status", STATUSES)
def test_each_status_is_told_to_the_unit_and_to_a_principal(page: Make, visit: Opener, status: str) -> None:
    seen = page(status, rows=answers(12, EKSKOLAN, L=3))
    to_principal, to_unit = STATUSES[status]

    assert to_unit in seen.said
    hers = visit("self_assessment", "petra", omgang="2022")
    assert to_principal in hers.text


def test_nobody_is_shown_a_level_before_the_round_is_published(page: Make, visit: Opener) -> None:
    given = [*answers(12, EKSKOLAN, L=2, U=4), *answers(12, BJORKSKOLAN, L=3)]
    for status in ("Öppen", "Stängd"):
        seen = page(status, rows=given, answered=[EKSKOLAN] * 6)
        for who in ("unni", "petra", "per"):
            text = visit("self_assessment", who, omgang="2022").text
            for figure in ("2,0", "4,0", "3,0", "Trygg", "Aktiverad", "Välutvecklad"):
                assert figure not in text, (status, who, figure)
        open_rounds.forget()
        current.stop()
        del seen


# --- Empty and odd -----------------------------------------------------------------------------------------


def test_before_the_first_round_the_unit_is_led_to_prepare_one_and_a_principal_told_to_wait(
    page: Make, visit: Opener
) -> None:
    seen = page("Öppen", rounds=[], parts=[])

    assert "Det finns ingen omgång än. Förbered den första" in seen.said
    assert "När Digitaliseringsenheten har förberett en" in visit("self_assessment", "petra").text


def test_on_an_empty_register_what_is_needed_for_a_round_is_said(visit: Opener, tmp_path: Path) -> None:
    data = from_template(
        tmp_path / "data", {"Behörigheter": [{"E-post": "unni@example.se", "Roll": "Enheten"}]}
    )
    visit.move(data, tmp_path)
    seen = Page(data, visit("self_assessment"))
    seen.fill_in(round_name="2023", round_opens=dt.date(2023, 1, 9), round_closes=dt.date(2023, 2, 3))
    seen.press("round_prepare_ask")

    assert any("Det finns inga regler än." in one for one in seen.errors)
    assert "round_confirm" not in seen.buttons


def test_a_school_that_is_not_in_the_round_has_a_principal_who_is_told_so(page: Make) -> None:
    seen = page("Öppen", "petra", parts=[a_part(BJORKSKOLAN, 20, "2022")])

    assert "Din skola är inte med i omgång 2022." in seen.said


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("Öppen", "Omgången är öppnad för hand i kalkylbladet"),
        ("Någon sorts", "Det går inte att läsa omgångens status."),
    ],
)
def test_a_round_that_somebody_has_steered_by_hand_says_what_to_do(
    page: Make, status: str, said: str
) -> None:
    seen = page(status, secret=False, settings=[])

    assert said in seen.said
    assert "round_next_step" not in seen.buttons


def test_another_round_that_is_done_with_leads_to_the_one_that_is_not(page: Make) -> None:
    seen = page("Öppen")
    seen.seen.choose("omgang", "2021")
    assert "Omgång 2022 är öppen." in seen.said

    seen.press("round_show")
    assert seen.seen.chosen("omgang") == "2022"


def test_codes_and_keys_are_no_part_of_the_page(page: Make) -> None:
    seen = page("Öppen", answered=[EKSKOLAN] * 3)

    assert f"{1:064x}" not in seen.seen.text and new_code()[:4].isalnum()
