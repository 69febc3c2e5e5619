"""Självskattning as a principal has it: how she invites her staff, and what nobody else can do."""

import io
import re

import pytest
from pypdf import PdfReader

from pages.components import open_rounds
from services.answering.keys import code_key
from tests.pages.round_page import Make, Page
from tests.people import BJORKSKOLAN, EKSKOLAN, a_part

CODE = re.compile(r"[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}")


def slips(seen: Page) -> list[str]:
    """The codes on the slips that can be downloaded now."""
    pdf = seen.seen.app.session_state["inviting_desk"].slips
    return [code for page in PdfReader(io.BytesIO(pdf)).pages for code in CODE.findall(page.extract_text())]


def shared(seen: Page) -> list[str]:
    return [one.value for one in seen.seen.app.code]


def test_petra_prints_a_code_for_each_of_her_staff_and_they_answer_for_ekskolan(page: Make) -> None:
    seen = page("Öppen", "petra")
    assert seen.seen.app.number_input(key="inviting_count").value == 20
    seen.press("inviting_make")

    codes = slips(seen)
    assert len(codes) == 20
    assert "20 koder är klara att skriva ut." in seen.said
    secret, file = open_rounds.secrets().of("2022"), open_rounds.file("2022")
    assert {file.school_of(code_key(secret, "2022", code)) for code in codes} == {EKSKOLAN}
    assert [code for code in codes if code in seen.seen.text] == []
    assert "Det finns en kod för var och en" not in seen.said

    seen.press("inviting_put_away")
    assert slips_are_gone(seen) and "Det finns en kod för var och en som arbetar på skolan." in seen.said


def slips_are_gone(seen: Page) -> bool:
    return seen.seen.app.session_state["inviting_desk"].slips == b""


def test_codes_that_are_lost_are_withdrawn_and_new_ones_are_made(page: Make) -> None:
    seen = page("Öppen", "petra").press("inviting_make")
    lost = slips(seen)
    seen.press("inviting_withdraw")
    assert "Koderna är indragna. Lapparna som är ute går inte att använda." in seen.said

    seen.press("inviting_make")
    secret, file = open_rounds.secrets().of("2022"), open_rounds.file("2022")
    assert {file.school_of(code_key(secret, "2022", code)) for code in lost} == {None}
    assert len(slips(seen)) == 20


def test_the_link_and_the_words_to_send_are_hers_to_copy(page: Make) -> None:
    seen = page("Öppen", "petra", answered=[EKSKOLAN] * 7)

    link, text = shared(seen)
    assert link.endswith(f"/answer?skola={EKSKOLAN}")
    assert "7 av 20" in text and link in text


@pytest.mark.parametrize("who", ["unni", "siri", "rut", "nils", ""])
def test_nobody_else_is_offered_to_invite(page: Make, who: str) -> None:
    seen = page("Öppen", who)

    assert "Bjud in personalen" not in seen.seen.text
    assert shared(seen) == []


@pytest.mark.parametrize("status", ["Planerad", "Stängd", "Publicerad"])
def test_there_is_nobody_to_invite_to_a_round_that_is_not_open(page: Make, status: str) -> None:
    assert "Bjud in personalen" not in page(status, "petra").seen.text


def test_per_chooses_which_of_his_schools_to_invite_to(page: Make) -> None:
    seen = page("Öppen", "per")
    assert seen.seen.chosen("skola") == BJORKSKOLAN
    first = shared(seen)[0]
    assert first.endswith(BJORKSKOLAN) and EKSKOLAN not in first


def test_a_school_without_a_number_of_staff_is_told_whom_to_ask(page: Make) -> None:
    seen = page("Öppen", "petra", parts=[a_part(EKSKOLAN, None, "2022")])

    assert "Antal anställda på skolan saknas. Be Digitaliseringsenheten att fylla i det." in seen.said


def test_a_round_that_the_server_has_no_secret_for_has_no_codes(page: Make) -> None:
    seen = page("Öppen", "petra", secret=False, settings=[]).press("inviting_make")

    assert any("hemlighet" in one or "öppnas" in one for one in seen.errors)
    assert slips_are_gone(seen)
