"""Svara: who may answer and how she comes in, what she is told, and what becomes of her answer."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from streamlit.runtime.context import ContextProxy

from pages.components import current, open_rounds
from services.answering.keys import code_key, new_code
from services.assembly import INBOX
from tests.pages.registers import DEMO_DAY
from tests.pages.visiting import Opener, Visit, plain
from tests.people import (
    BJORKSKOLAN,
    EKSKOLAN,
    PERMISSIONS,
    RONNBARSSKOLAN,
    Row,
    a_part,
    a_round,
    grid,
    register_sheets,
    save,
)

ROUND = "2022"
IDS = [f"{letter}{number}" for letter in "LU" for number in range(1, 5)]
OPEN = a_round(ROUND, "Öppen")
HEADERS = ["Nyckel", "Omgång", "Skolenhetskod"]
EVENING = dt.datetime(2022, 1, 24, 18, 5, tzinfo=current.TIME_ZONE)


class Town:
    """A town with an open round, and those who answer in it."""

    def __init__(self, visit: Opener, folder: Path) -> None:
        self.visit, self.folder = visit, folder
        self.is_written = True

    def has(self, answered: int = 0, **tables: Any) -> "Town":
        """Write the town; so many have answered at Ekskolan."""
        tables = {"rounds": [OPEN], "settings": [DEMO_DAY], **tables}
        sheets = register_sheets({}, **tables)
        taking_part = [
            {"Nyckel": f"k{index}", "Omgång": ROUND, "Skolenhetskod": EKSKOLAN} for index in range(answered)
        ]
        sheets[INBOX] = {
            "Inkomna": grid([*HEADERS, "Version", *IDS], []),
            "Deltagande": grid(HEADERS, taking_part),
        }
        self.visit.move(save(self.folder / "data", sheets), self.folder)
        if self.is_written:
            current.writer().start()
        return self

    def tab(self, who: str = "siri", **address: str) -> "Tab":
        return Tab(self.visit("answer", who, **address))

    def code(self, school: str = EKSKOLAN) -> str:
        """A code as it is printed and handed out."""
        code = new_code()
        key = code_key(open_rounds.secrets().make(ROUND), ROUND, code)
        open_rounds.file(ROUND).issue([key], school)  # type: ignore[arg-type]
        return code

    def rows(self) -> list[Row]:
        """What stands in the inbox."""
        sheet = openpyxl.load_workbook(self.folder / "data" / "inkorg.xlsx")["Inkomna"]
        headers, *rows = sheet.iter_rows(values_only=True)
        return [dict(zip(map(str, headers), row, strict=True)) for row in rows if any(row)]


class Tab:
    """One device on which somebody answers."""

    def __init__(self, seen: Visit) -> None:
        self.seen = seen

    @property
    def said(self) -> str:
        errors = [one.value for one in self.seen.app.error]
        return plain("\n".join([self.seen.text, *errors, *(one.value for one in self.seen.app.subheader)]))

    @property
    def buttons(self) -> list[str]:
        return [one.key for one in self.seen.app.button if one.key]

    @property
    def levels(self) -> dict[str, int | None]:
        """What is filled in where she is."""
        radios = (one for one in self.seen.app.radio if (one.key or "").startswith("level_"))
        return {str(one.key).removeprefix("level_"): one.value for one in radios}

    @property
    def asks_for_code(self) -> bool:
        return any(one.label == "Engångskod" for one in self.seen.app.text_input)

    @property
    def errors(self) -> list[str]:
        return [plain(one.value) for one in self.seen.app.error]

    def press(self, key: str) -> "Tab":
        self.seen.app.button(key=key).click().run()
        self.seen.checked()
        return self

    def fill(self, **levels: int) -> "Tab":
        for id_, level in levels.items():
            self.seen.app.radio(key=f"level_{id_}").set_value(level).run()
            self.seen.checked()
        return self

    def type(self, code: str) -> "Tab":
        self.seen.app.text_input(key="one_time_code").set_value(code)
        button = next(one for one in self.seen.app.button if one.label == "Gå till frågorna")
        button.click().run()
        self.seen.checked()
        return self

    def send(self) -> "Tab":
        return self.go("granska").press("send")

    def go(self, step: str) -> "Tab":
        self.seen.app.query_params["steg"] = step
        self.seen.again()
        return self


@pytest.fixture
def town(visit: Opener, tmp_path: Path) -> Iterator[Town]:
    open_rounds.forget()
    yield Town(visit, tmp_path)
    current.stop()
    open_rounds.forget()


# --- Coming in ---------------------------------------------------------------------------------------


def test_siri_comes_straight_in_and_is_told_for_which_school_until_when_and_how_she_is_protected(
    town: Town,
) -> None:
    seen = town.has().tab()

    assert seen.seen.h1 == "Svara"
    assert "Du svarar för **Ekskolan** i omgång 2022, till och med 5 februari 2022." in seen.said
    assert "Det är 8 frågor i 2 delområden" in seen.said
    assert "**konfidentiellt medan omgången är öppen och avidentifierat när den stängts**" in seen.said
    assert not seen.asks_for_code


@pytest.mark.parametrize("who", ["petra", "siri"])
def test_staff_and_principal_answer_for_their_own_school_whatever_the_link_says(town: Town, who: str) -> None:
    seen = town.has().tab(who, skola=BJORKSKOLAN)

    assert "Länken gäller en annan skola. Du svarar för Ekskolan." in seen.seen.alerts
    assert "Björkskolan" not in seen.said


def test_per_who_has_two_schools_chooses_and_the_schools_link_chooses_for_him(town: Town) -> None:
    town.has()
    asked = town.tab("per")
    assert asked.seen.app.radio(key="answering_school").value is None
    assert asked.seen.app.button(key="answering_school_chosen").disabled

    linked = town.tab("per", skola=RONNBARSSKOLAN)
    assert linked.seen.app.radio(key="answering_school").value == RONNBARSSKOLAN
    assert "Du svarar för **Rönnbärsskolan**" in linked.press("answering_school_chosen").said


def test_per_may_think_again_until_he_has_sent_and_not_after(town: Town) -> None:
    town.has()
    first = town.tab("per", skola=BJORKSKOLAN).press("answering_school_chosen")
    first.press("begin").fill(L1=3)
    assert "Du svarar för **Björkskolan**" in town.tab("per").said

    first.go("").press("another_school")
    first.seen.app.radio(key="answering_school").set_value(RONNBARSSKOLAN).run()
    first.press("answering_school_chosen").send()

    [row] = town.rows()
    assert (row["Skolenhetskod"], row["L1"]) == (RONNBARSSKOLAN, 3)
    assert "another_school" not in first.go("").buttons
    assert "**Rönnbärsskolan**" in town.tab("per", skola=BJORKSKOLAN).said


@pytest.mark.parametrize("who", ["", "nils"])
@pytest.mark.parametrize("address", [{}, {"skola": EKSKOLAN}, {"kod": ""}])
def test_whoever_is_not_known_is_asked_for_a_code_and_told_of_no_school(
    town: Town, who: str, address: dict[str, str]
) -> None:
    seen = town.has().tab(who, **address)

    assert seen.asks_for_code
    assert not seen.levels
    assert "skolan" not in seen.said.replace("vilken skola", "").casefold().replace("skolan du arbetar", "")


@pytest.mark.parametrize("who", ["unni", "rut", "frida"])
def test_whoever_has_no_school_may_not_answer_through_a_schools_link(town: Town, who: str) -> None:
    seen = town.has().tab(who, skola=EKSKOLAN)

    assert seen.asks_for_code
    assert "Du har ingen skola i tjänsten." in seen.said
    assert "begin" not in seen.buttons


def test_a_code_however_it_is_typed_leads_to_its_own_school(town: Town) -> None:
    town.has()
    code = town.code(BJORKSKOLAN)

    seen = town.tab("").type(f" {code.lower().replace('-', ' ')} ")

    assert "Du svarar för **Björkskolan**" in seen.said
    assert code not in str(seen.seen.address)
    assert "one_time_code" not in seen.seen.app.session_state
    assert code not in str(seen.seen.app.session_state["answering_seat"])


def test_a_code_answers_once_and_goes_on_on_another_device(town: Town) -> None:
    town.has()
    code = town.code()
    town.tab("").type(code).press("begin").fill(L1=2, L2=0)

    elsewhere = town.tab("").type(code).press("begin")

    assert elsewhere.levels == {"L1": 2, "L2": 0, "L3": None, "L4": None}
    elsewhere.fill(L1=4).send()
    town.tab("").type(code).press("change").fill(L3=1).send()
    versions = [(row["Version"], row["L1"], row["L2"], row["L3"]) for row in town.rows()]
    assert versions == [(1, 4, None, None), (2, 4, None, 1)]


def test_whoever_has_answered_by_code_leaves_the_screen_to_the_next(town: Town) -> None:
    town.has()
    first, second = town.code(), town.code()
    seen = town.tab("").type(first).press("begin").fill(L1=3).send()

    assert seen.press("leave").asks_for_code
    assert seen.type(second).press("begin").levels["L1"] is None


def test_a_code_that_was_taken_back_lets_nobody_go_on(town: Town) -> None:
    town.has()
    seen = town.tab("").type(town.code()).press("begin")

    open_rounds.file(ROUND).revoke(EKSKOLAN)

    assert seen.go("1").asks_for_code
    assert not seen.levels


def test_a_code_stays_with_whoever_typed_it(town: Town) -> None:
    town.has()
    seen = town.tab("nils").type(town.code(BJORKSKOLAN))
    assert "Björkskolan" in seen.said

    seen.seen.choose("som", "siri")

    assert "Du svarar för **Ekskolan**" in seen.said


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("", "Skriv koden som står på lappen"),
        ("ABCD-EFGH", "En kod har 12 tecken. Du skrev 8."),
        ("ABCD-EFGH-JKL0", "bara bokstäverna A–Z utom I och O, och siffrorna 2–9"),
        ("ABCD-EFGH-JKLM", "Den koden finns inte. Läs på lappen och skriv igen"),
        ("<b>![x](y)</b>", "En kod har 12 tecken. Du skrev 4."),
    ],
)
def test_what_is_no_code_is_told_how_to_be_put_right(town: Town, written: str, says: str) -> None:
    seen = town.has().tab("").type(written)

    assert says in seen.errors[0]
    assert seen.asks_for_code


def test_siri_who_is_logged_in_needs_no_code_and_gets_none(town: Town) -> None:
    town.has()
    seen = town.tab("siri", kod="")

    assert "Du är inloggad och svarar utan kod." in seen.seen.alerts
    assert not seen.asks_for_code


def test_a_code_in_the_address_is_taken_out_of_it(town: Town) -> None:
    town.has()
    code = town.code()

    seen = town.tab("", kod=code)

    assert code not in str(seen.seen.address)
    assert seen.asks_for_code


# --- Guessing ----------------------------------------------------------------------------------------


def test_after_ten_misses_one_must_wait_longer_and_longer_and_is_told_how_long(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.has()
    right, clock = town.code(), [EVENING]
    monkeypatch.setattr(current, "now", lambda: clock[0])
    seen = town.tab("")
    for _ in range(10):
        assert "finns inte" in seen.type(new_code()).errors[0]

    assert "Vänta 2 sekunder och försök sedan igen." in seen.type(right).errors[0]
    clock[0] += dt.timedelta(seconds=3)
    for _ in range(7):
        seen.type(new_code())
        assert "finns inte" in seen.errors[0]
        clock[0] += dt.timedelta(minutes=9)
    clock[0] -= dt.timedelta(minutes=7)
    assert "Vänta 3 minuter och försök" in seen.type(right).errors[0]
    clock[0] += dt.timedelta(minutes=3)
    assert "Du svarar för **Ekskolan**" in seen.type(right).said


def test_one_who_guesses_does_not_keep_others_waiting(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    town.has()
    monkeypatch.setattr(current, "visitor_is_chosen", lambda: False)
    whence = ["203.0.113.9"]
    monkeypatch.setattr(ContextProxy, "ip_address", property(lambda _: whence[0]))
    guessing = town.tab("")
    for _ in range(11):
        guessing.type(new_code())
    assert "Vänta" in guessing.errors[0]

    whence[0] = "203.0.113.10"
    assert "Du svarar för **Ekskolan**" in town.tab("").type(town.code()).said


def test_a_subscribers_whole_range_of_addresses_is_one_visitor(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.has()
    monkeypatch.setattr(current, "visitor_is_chosen", lambda: False)
    number = [0]
    monkeypatch.setattr(ContextProxy, "ip_address", property(lambda _: f"2001:db8::{number[0]:x}"))
    guessing = town.tab("")
    for _ in range(11):
        number[0] += 1
        guessing.type(new_code())

    assert "Vänta" in guessing.errors[0]


# --- Nothing to answer -------------------------------------------------------------------------------


def test_without_an_open_round_it_says_when_the_next_opens(town: Town) -> None:
    town.has(rounds=[a_round("2021"), a_round("2023", "Planerad"), a_round("2024", "Planerad")])

    for who in ("siri", ""):
        seen = town.tab(who)
        assert seen.seen.alerts == [
            "Ingen självskattning är öppen just nu. Nästa omgång öppnar 11 januari 2023. "
            "Din rektor säger till när det är dags att svara."
        ]
        assert not seen.asks_for_code


def test_a_round_in_google_forms_is_answered_there(town: Town) -> None:
    seen = town.has(rounds=[{**OPEN, "Svarsform": "Google Forms"}]).tab()

    assert "Omgång 2022 besvaras i Google Forms, inte här." in seen.seen.alerts[0]


def test_a_school_that_is_not_in_the_round_is_told_so(town: Town) -> None:
    seen = town.has(parts=[a_part(BJORKSKOLAN, 20, ROUND)]).tab()

    assert "Ekskolan är inte med i omgång 2022. Fråga din rektor." in seen.said


def test_before_its_first_day_the_round_says_when_to_come_back(town: Town) -> None:
    seen = town.has(rounds=[{**OPEN, "Öppnar": dt.date(2022, 1, 31)}]).tab()

    assert seen.seen.alerts == ["Omgång 2022 öppnar för svar 31 januari 2022. Kom tillbaka då."]


def test_a_school_with_more_time_answers_when_others_no_longer_may(town: Town) -> None:
    longer = {**a_part(EKSKOLAN, 20, ROUND), "Förlängd till": dt.date(2022, 1, 28)}
    others = [a_part(code, 20, ROUND) for code in (BJORKSKOLAN, RONNBARSSKOLAN)]
    town.has(rounds=[{**OPEN, "Stänger": dt.date(2022, 1, 21)}], parts=[longer, *others])

    assert "till och med 28 januari 2022. Din skola har fått längre tid." in town.tab().said
    late = town.tab("per", skola=BJORKSKOLAN).press("answering_school_chosen")
    assert late.seen.alerts[0].startswith(
        "Sista dagen att svara för Björkskolan var 21 januari 2022. Du har inte skickat något svar."
    )
    assert "begin" not in late.buttons


def test_after_the_last_day_she_is_told_that_what_she_sent_is_there(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = town.has().tab().press("begin").fill(L1=3).send()
    monkeypatch.setattr(current, "today", lambda: dt.date(2022, 2, 6))

    assert "Svaret som du har skickat är med." in seen.seen.again().alerts[0]
    assert not seen.buttons


def test_a_real_round_without_its_secret_takes_nobodys_answer(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(current, "now", lambda: EVENING)
    town.has(settings=[])
    said = "Omgång 2022 har ingen hemlighet på servern, så svar kan inte tas emot."

    for who in ("siri", "per", "nils"):
        seen = town.tab(who, skola=BJORKSKOLAN)
        assert any(alert.startswith(said) for alert in seen.seen.alerts)
        assert "begin" not in seen.buttons
    assert not list(town.folder.rglob("*.secret"))


def test_a_round_that_is_being_closed_takes_in_nothing_more(town: Town) -> None:
    seen = town.has().tab().press("begin").fill(L1=3)
    open_rounds.file(ROUND).seal(EVENING)

    assert seen.fill(L2=4).seen.alerts == [
        "Omgång 2022 stängs just nu och tar inte emot fler svar. Du har inte skickat något svar."
    ]
    assert open_rounds.file(ROUND).replies()[0][1].levels == {"L1": 3}


def test_a_round_whose_secret_is_destroyed_is_closed_for_everybody(town: Town) -> None:
    seen = town.has().tab().press("begin").fill(L1=3)
    open_rounds.secrets().destroy(ROUND)

    seen.fill(L2=4)

    assert any("är stängd och tar inte emot fler svar" in alert for alert in seen.seen.alerts)
    assert not seen.levels


def test_a_round_without_questions_says_whom_to_ask(town: Town) -> None:
    assert "Det finns inga frågor i den här omgången än." in town.has(questions=[]).tab().seen.alerts[0]


# --- Filling in --------------------------------------------------------------------------------------


def test_the_form_goes_area_by_area_with_levels_in_words_an_example_and_progress(town: Town) -> None:
    questions = [
        {
            "Fråga": id_,
            "Delområde": "LU".index(id_[0]) + 1,
            "Påstående": f"Påstående {id_}",
            "Påbörjad": "Sällan",
            "Välutvecklad": "Alltid *",
            "Exempel": "En film",
            "Från omgång": "2019",
        }
        for id_ in IDS
    ]
    seen = town.has(questions=questions).tab().press("begin")

    assert seen.seen.headings == ["1 av 2: Ledarskap och planering"]
    first = seen.seen.app.radio(key="level_L1")
    assert [plain(option) for option in first.options] == [
        "**Påbörjad.** Sällan",
        "Aktiverad",
        "Trygg",
        "**Välutvecklad.** Alltid *",
        "Kan inte bedöma",
    ]
    assert first.label == "Fråga 1: Påstående L1"
    assert "1. Påstående L1" in seen.said and "Exempel: En film" in seen.said
    seen.fill(L1=0, L3=2)
    assert seen.seen.app.get("progress")[0].proto.text == "2 av 8 frågor besvarade"
    assert "2 frågor kvar här." in seen.said
    assert seen.press("on_1").seen.headings == ["2 av 2: Digitala verktyg i undervisningen"]
    assert seen.press("back_2").levels == {"L1": 0, "L2": None, "L3": 2, "L4": None}


def test_every_tap_is_kept_and_there_on_another_device_at_once(town: Town) -> None:
    phone = town.has().tab().press("begin").fill(L1=1, L2=0)
    laptop = town.tab("siri").press("begin")
    assert laptop.levels == {"L1": 1, "L2": 0, "L3": None, "L4": None}

    laptop.fill(L1=4)

    assert phone.fill(L3=2).levels == {"L1": 4, "L2": 0, "L3": 2, "L4": None}


def test_she_goes_on_where_something_is_left(town: Town) -> None:
    town.has().tab().press("begin").fill(L1=1, L2=2, L3=3, L4=4)

    again = town.tab()

    assert again.seen.app.button(key="begin").label == "Fortsätt (4 av 8 klara)"
    assert again.press("begin").seen.headings == ["2 av 2: Digitala verktyg i undervisningen"]


def test_what_is_left_is_listed_before_sending_and_leads_there(town: Town) -> None:
    seen = town.has().tab().press("begin").fill(L1=1, L2=2, L4=4).go("granska")

    assert "5 frågor är inte besvarade. Du kan skicka ändå" in seen.said
    assert "3 av 4 frågor besvarade. Fråga 3 är kvar." in seen.said
    assert "0 av 4 frågor besvarade. Delområdet räknas först när minst hälften har en nivå." in seen.said
    assert seen.seen.app.button(key="to_1").label == "Svara på fråga 3 i delområde 1"
    assert "L3" in seen.press("to_1").levels


@pytest.mark.parametrize("step", ["0", "3", "-1", "klart", "x", "1e0"])
def test_an_address_that_is_no_step_leads_to_the_beginning(town: Town, step: str) -> None:
    assert "begin" in town.has().tab(steg=step).buttons


def test_whoever_loses_her_row_in_behorigheter_fills_in_nothing_more(town: Town) -> None:
    seen = town.has().tab().press("begin").fill(L1=3)
    others = [row for row in PERMISSIONS if row["E-post"] != "siri@example.se"]
    save(
        town.folder / "data",
        {"vebs": register_sheets(rounds=[OPEN], settings=[DEMO_DAY], permissions=others)["vebs"]},
    )
    current.shared_copy().renew()

    seen.fill(L2=4)

    assert seen.asks_for_code and not seen.levels
    assert [reply.levels for _, reply in open_rounds.file(ROUND).replies()] == [{"L1": 3}]


# --- Sending -----------------------------------------------------------------------------------------


def test_what_she_sends_stands_once_in_the_inbox_and_she_is_told_when(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = town.has().tab().press("begin").fill(L1=3, L2=0, L3=1)
    monkeypatch.setattr(current, "now", lambda: EVENING)
    seen.send()

    assert seen.seen.headings[0] == "Tack för ditt svar"
    assert "Skickat 18.05." in seen.said
    assert "omfattar 3 av 8 frågor" in seen.said
    _written()
    [row] = town.rows()
    assert {id_: row[id_] for id_ in IDS if row[id_] is not None} == {"L1": 3, "L3": 1}
    assert (row["Skolenhetskod"], row["Version"]) == (EKSKOLAN, 1)
    assert "siri" not in str(row)


def test_an_answer_without_a_level_is_not_sent(town: Town) -> None:
    seen = town.has().tab().press("begin").fill(L1=0).send()

    assert "Du har inte svarat på någon fråga än." in seen.errors[0]
    assert not town.rows()


def test_a_second_click_and_another_tab_send_nothing_more(town: Town) -> None:
    first = town.has().tab().press("begin").fill(L1=3)
    other = town.tab().go("granska")
    first.go("granska")
    first.press("send")
    other.press("send")
    _written()

    assert [row["Version"] for row in town.rows()] == [1]
    assert other.seen.headings[0] == "Tack för ditt svar"


def test_she_changes_her_answer_and_is_reminded_to_send_the_change(town: Town) -> None:
    seen = town.has().tab().press("begin").fill(L1=3).send()
    seen.press("change").fill(L1=4)

    again = town.tab()
    assert "Du har ändrat ditt svar men inte skickat ändringen." in again.said
    again.press("begin")
    assert again.seen.app.button(key="send").label == "Skicka ändringen"
    again.press("send")
    _written()
    assert [(row["Version"], row["L1"]) for row in town.rows()] == [(1, 3), (2, 4)]
    assert len({row["Nyckel"] for row in town.rows()}) == 1


def test_mottaget_is_said_until_it_is_written_and_sparat_after(town: Town) -> None:
    town.is_written = False
    seen = town.has().tab().press("begin").fill(L1=3).send()
    assert seen.seen.app.success[0].value.startswith("**Mottaget.**")
    assert "Du kan stänga sidan." in seen.said

    current.writer().start()
    _written()

    assert seen.seen.again().app.success[0].value.startswith("**Sparat.**")


def _written() -> None:
    """Wait until the writer has nothing left to write."""
    for _, reply in open_rounds.file(ROUND).replies():
        assert reply.submission is not None
        current.writer().outcome(reply.submission, 20.0)


@pytest.mark.parametrize(
    ("answered", "says"),
    [
        (0, "Så länge färre än 5 har svarat visas ingenting från skolan"),
        (4, "Så länge färre än 5 har svarat visas ingenting från skolan"),
        (5, "men inga enskilda frågor. De visas från 10 svar."),
        (9, "men inga enskilda frågor. De visas från 10 svar."),
        (10, "varje fråga med andelar avrundade till närmaste femtal"),
        (19, "varje fråga med andelar avrundade till närmaste femtal"),
        (20, "och hur svaren på varje fråga fördelar sig."),
    ],
)
def test_she_sees_what_rektor_will_see_with_as_many_answers_as_there_are_now(
    town: Town, answered: int, says: str
) -> None:
    seen = town.has(answered).tab()

    assert f"Hittills har **{answered} av 20** svarat på Ekskolan. " in seen.said
    assert says in seen.said
    assert "Rektor ser aldrig ett enskilt svar" in seen.said
