"""The start page tells staff what came of their answers, and everybody what she can do now."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from services.domain.access import Visitor
from services.errors import NotPermitted
from services.next_steps import Doing, next_steps
from services.register import Register
from services.telling_staff import summaries, summary
from tests.pages.registers import DEMO_DAY, small
from tests.pages.visiting import Opener, Visit
from tests.people import (
    BJORKSKOLAN,
    EKSKOLAN,
    RONNBARSSKOLAN,
    TODAY,
    Row,
    a_part,
    a_register,
    a_round,
    a_school,
    an_answer,
    answers,
    register_sheets,
    save,
    visitor,
)

ALL = ("Unni", "Petra", "Per", "Siri", "Rut", "Frida", "Nils")
OPEN = a_round("2022", "Öppen")
FORMS = {**a_round("2022", "Stängd"), "Svarsform": "Google Forms"}


def an_action(number: int, school: str = EKSKOLAN, status: str = "Pågår", **more: Any) -> Row:
    return {
        "Insats": f"I{number}",
        "Omgång": "2021",
        "Skolenhetskod": school,
        "Delområde": 1,
        "Mål": f"Mål {number}",
        "Aktivitet": f"Aktivitet {number}",
        "Klart senast": dt.date(2022, 6, 10),
        "Status": status,
        **more,
    }


def told(visit: Opener, folder: Path, answered: int = 30, **tables: Any) -> Visit:
    """The start page as Siri has it, who works at Ekskolan."""
    visit.move(small(folder / "data", answered, **tables), folder)
    return visit("start", "siri")


def doings(register: Register) -> dict[str, list[Doing]]:
    """What each of the cast can do."""
    return {name: [one.doing for one in next_steps(register, visitor(name, register), TODAY)] for name in ALL}


def links(seen: Visit) -> list[str]:
    return [link.proto.label.strip("*") for link in seen.app.get("page_link")]


# --- Staff ------------------------------------------------------------------------------------------------


def test_staff_are_told_how_many_answered_and_where_the_school_is_strong_and_weak(
    visit: Opener, tmp_path: Path
) -> None:
    rows = [*answers(29, EKSKOLAN, L=4, U=2), an_answer(EKSKOLAN, L=3, U=1)]
    data = save(tmp_path / "data", register_sheets(rows, staff=40, settings=[DEMO_DAY]))
    seen = visit.move(data, tmp_path)("start", "siri")

    assert "Så blev det på Ekskolan" in seen.headings
    assert "- I omgång 2021 svarade 30 av 40 (75 %)." in seen.text
    assert "- Starkast är **Ledarskap och planering**: 4,0 av 4, närmast Välutvecklad." in seen.text
    assert (
        "- Mest att vinna finns i **Digitala verktyg i undervisningen**: 2,0 av 4, närmast Aktiverad."
        in seen.text
    )


def test_where_all_areas_are_alike_none_is_called_the_strongest(visit: Opener, tmp_path: Path) -> None:
    seen = told(visit, tmp_path)

    assert "Alla delområden ligger på 3,0 av 4, närmast Trygg." in seen.text
    assert "Starkast" not in seen.text


@pytest.mark.parametrize("answered", [0, 1, 4])
def test_of_few_answers_staff_are_told_nothing_but_that(visit: Opener, tmp_path: Path, answered: int) -> None:
    seen = told(visit, tmp_path, answered)

    assert "Svaren i omgång 2021 visas inte: färre än 5 svar. Så skyddas de som har svarat." in seen.alerts
    assert f"{answered} av 40" not in seen.text
    assert "av 4," not in seen.text


def test_an_area_with_too_few_persons_is_not_told_of(visit: Opener, tmp_path: Path) -> None:
    rows = answers(4, EKSKOLAN, L=2, U=4) + answers(26, EKSKOLAN, L=3)
    data = save(tmp_path / "data", register_sheets(rows, staff=40, settings=[DEMO_DAY]))
    seen = visit.move(data, tmp_path)("start", "siri")

    assert "**Ledarskap och planering** ligger på 2,9 av 4, närmast Trygg." in seen.text
    assert "Digitala verktyg" not in seen.text


@pytest.mark.parametrize("status", ["Planerad", "Öppen", "Stängd"])
def test_before_a_round_is_published_staff_hear_nothing_of_it(
    visit: Opener, tmp_path: Path, status: str
) -> None:
    seen = told(visit, tmp_path, rounds=[a_round("2021", status)])

    assert any("Ingen omgång är publicerad för skolan än." in alert for alert in seen.alerts)
    assert "av 40" not in seen.text and "av 4," not in seen.text


def test_the_latest_round_that_her_school_took_part_in_is_told_of(visit: Opener, tmp_path: Path) -> None:
    both = {"2021": answers(30, L=3, U=3), "2022": answers(30, BJORKSKOLAN, L=1, U=1)}
    parts = [a_part(EKSKOLAN, 40, "2021"), a_part(BJORKSKOLAN, 40, "2022")]
    sheets = register_sheets(both, parts=parts, settings=[DEMO_DAY])
    seen = visit.move(save(tmp_path / "data", sheets), tmp_path)("start", "siri")

    assert "I omgång 2021 svarade 30 av 40" in seen.text
    assert "2022 svarade" not in seen.text


def test_what_the_school_does_stands_there_with_status_and_date(visit: Opener, tmp_path: Path) -> None:
    seen = told(
        visit, tmp_path, actions=[an_action(1), an_action(2, status="Klar"), an_action(3, BJORKSKOLAN)]
    )

    assert seen.table("Insats").to_dict("records") == [
        {"Insats": "Aktivitet 1", "Mål": "Mål 1", "Klart senast": "10 juni 2022", "Status": "Pågår"},
        {"Insats": "Aktivitet 2", "Mål": "Mål 2", "Klart senast": "10 juni 2022", "Status": "Klar"},
    ]
    assert "Aktivitet 3" not in seen.text


def test_without_a_plan_staff_are_told_who_makes_it(visit: Opener, tmp_path: Path) -> None:
    assert "Skolan har inga insatser i sin handlingsplan än." in told(visit, tmp_path).text


def test_whoever_works_at_two_schools_is_told_of_both_and_of_no_other(visit: Opener, tmp_path: Path) -> None:
    permissions = [
        {"E-post": "siri@example.se", "Roll": "Personal", "Skolenhetskod": code}
        for code in (EKSKOLAN, RONNBARSSKOLAN)
    ]
    seen = told(visit, tmp_path, permissions=permissions)

    said = [heading for heading in seen.headings if heading.startswith("Så blev det")]
    assert said == ["Så blev det på Ekskolan", "Så blev det på Rönnbärsskolan"]
    assert "Björkskolan" not in seen.text


@pytest.mark.parametrize("who", ["unni", "petra", "per", "rut", "frida", "nils", ""])
def test_whoever_does_not_work_at_a_school_is_told_of_none_here(
    visit: Opener, tmp_path: Path, who: str
) -> None:
    visit.move(small(tmp_path / "data", actions=[an_action(1)]), tmp_path)

    assert "Så blev det" not in visit("start", who).text


@pytest.mark.parametrize("name", ["Unni", "Petra", "Per", "Rut", "Frida", "Nils"])
def test_the_summary_itself_asks_who_wants_it(name: str) -> None:
    register = a_register(answers(30, L=3, U=3))

    assert summaries(register, visitor(name, register)) == ()
    with pytest.raises(NotPermitted):
        summary(register, visitor(name, register), EKSKOLAN)


def test_staff_of_a_school_that_has_become_another_are_not_told_its_plan() -> None:
    """Only of their own: what the new school plans is for those who work there."""
    schools = [
        {**a_school(EKSKOLAN, "Ekskolan"), "Status": "Nedlagd", "Ersatt av": BJORKSKOLAN},
        a_school(BJORKSKOLAN, "Björkskolan"),
    ]
    register = a_register(
        answers(30, L=3, U=3), schools=schools, actions=[an_action(1), an_action(2, BJORKSKOLAN)]
    )

    [told_siri] = summaries(register, visitor("Siri", register))
    assert [one.activity for one in told_siri.actions] == ["Aktivitet 1"]
    new = Visitor("Ny", visitor("Siri", register).roles, worked_schools=frozenset({BJORKSKOLAN}))
    assert [one.activity for one in summary(register, new, BJORKSKOLAN).actions] == [
        "Aktivitet 1",
        "Aktivitet 2",
    ]


# --- What there is to do -----------------------------------------------------------------------------------


def test_while_the_round_is_open_staff_are_led_to_the_form(visit: Opener, tmp_path: Path) -> None:
    seen = told(visit, tmp_path, rounds=[a_round("2021"), OPEN])

    assert "Svara på självskattningen för Ekskolan. Det tar ungefär tio minuter" in seen.text
    assert links(seen)[0] == "Till Svara"


def test_without_a_role_a_one_time_code_is_a_way_in(visit: Opener, tmp_path: Path) -> None:
    visit.move(small(tmp_path / "data"), tmp_path)

    assert links(visit("start", "")) == [
        "Svara med en engångskod från din rektor",
        "Läs om tjänsten och hur svaren skyddas",
    ]


@pytest.mark.parametrize(
    ("who", "round_", "says", "link"),
    [
        ("petra", OPEN, "Bjud in personalen på Ekskolan att svara.", "Till Självskattning"),
        ("petra", a_round("2022", "Stängd"), "Se resultatet för Ekskolan", "Till Skola"),
        ("unni", a_round("2022", "Planerad"), "Omgång 2022 är planerad.", "Till Självskattning"),
        ("unni", OPEN, "Se hur det går i omgång 2022", "Till Självskattning"),
        ("unni", {**OPEN, "Stänger": dt.date(2022, 1, 23)}, "2022 är passerad. Stäng den.", "Till Själ"),
        ("unni", FORMS, "Läs in dem från Google Forms.", "Till Formulärsvar"),
        ("unni", a_round("2022", "Stängd"), "Publicera den när du har sett över", "Till Självskattning"),
    ],
)
def test_each_role_is_told_what_she_can_do_now(
    visit: Opener, tmp_path: Path, who: str, round_: Row, says: str, link: str
) -> None:
    visit.move(small(tmp_path / "data", rounds=[a_round("2021"), round_]), tmp_path)
    seen = visit("start", who)

    assert "Att göra nu" in seen.headings
    assert says in seen.text
    assert links(seen)[0].startswith(link)


@pytest.mark.parametrize("who", ["rut", "frida"])
def test_whoever_only_reads_has_nothing_to_do(visit: Opener, tmp_path: Path, who: str) -> None:
    visit.move(small(tmp_path / "data", rounds=[a_round("2021"), OPEN]), tmp_path)

    assert "Att göra nu" not in visit("start", who).headings


def test_an_extension_keeps_the_round_from_being_over() -> None:
    ended = {**OPEN, "Stänger": dt.date(2022, 1, 23)}
    extended = {**a_part(EKSKOLAN, 20, "2022"), "Förlängd till": dt.date(2022, 1, 28)}
    register = a_register({}, rounds=[ended], parts=[extended, a_part(BJORKSKOLAN, 20, "2022")])

    doing = {
        name: [one.doing for one in next_steps(register, visitor(name, register), TODAY)] for name in ALL
    }
    assert doing["Unni"] == [Doing.FOLLOW]
    assert doing["Siri"] == [Doing.ANSWER] and doing["Petra"] == [Doing.INVITE]
    assert doing["Per"] == []


def test_nobody_is_led_to_the_form_of_a_round_that_is_answered_in_google_forms() -> None:
    register = a_register({}, rounds=[{**OPEN, "Svarsform": "Google Forms"}])

    doing = {
        name: [one.doing for one in next_steps(register, visitor(name, register), TODAY)] for name in ALL
    }
    assert doing["Siri"] == doing["Petra"] == []
