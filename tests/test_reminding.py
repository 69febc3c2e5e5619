"""Who waits for what: read off the sheets, with words to copy, for the unit alone."""

import datetime as dt

import pytest

from services.errors import NotPermitted
from services.reminding import waiting_for
from services.year_facts import facts_of_year, school_years
from tests.people import BJORKSKOLAN, EKSKOLAN, a_register, an_application, visitor
from tests.test_awarding import a_certificate
from tests.test_visiting import a_visit

YEAR = "2021-2022"
DAYS = {1: dt.date(2021, 9, 15), 2: dt.date(2021, 11, 10), 6: dt.date(2022, 5, 18)}
SESSIONS = [
    {"Läsår": YEAR, "Nr": number, "Tema": f"Tema {number}", "Datum": day} for number, day in DAYS.items()
]
BOTH = [an_application(one, "Antagen") for one in (EKSKOLAN, BJORKSKOLAN)]


def attended(number: int, school: str = EKSKOLAN, count: int | None = 3):
    return {"Läsår": YEAR, "Nr": number, "Skolenhetskod": school, "Antal": count}


def shared(number: int, school: str = EKSKOLAN, **more: str):
    return {"Läsår": YEAR, "Nr": number, "Skolenhetskod": school, **(more or {"Lärdomar": "Börja litet."})}


def told(today: dt.date, **tables):
    register = a_register(**{"applications": BOTH, "sessions": SESSIONS, **tables})
    return [
        (register.school_name(one.from_school) if one.from_school else "Enheten", one.what, one.since)
        for one in waiting_for(register, visitor("Unni"), YEAR, today)
    ]


def test_contributions_are_asked_for_three_weeks_before_and_not_afterwards() -> None:
    asked = [("Björkskolan", "Dela underlag inför lärtillfälle 1.", DAYS[1])]
    mine = [shared(1)]
    assert told(dt.date(2021, 8, 24), contributions=mine) == []
    assert told(dt.date(2021, 8, 25), contributions=mine) == asked
    assert told(DAYS[1], contributions=mine) == asked
    assert asked[0] not in told(DAYS[1] + dt.timedelta(1), contributions=mine)


def test_an_empty_row_is_no_contribution_and_none_who_came_is_attendance() -> None:
    register = a_register(
        applications=BOTH,
        sessions=SESSIONS,
        contributions=[shared(1, Utmaningar="")],
        attendance=[attended(1, count=0), attended(2, count=4)],
    )
    one = facts_of_year(register, YEAR)[EKSKOLAN]
    assert (one.contributed, one.attended, one.counted) == (frozenset(), {2}, {1, 2})
    assert school_years(register) == (YEAR,)


def test_attendance_is_waited_for_from_the_day_after() -> None:
    noted = [attended(1)]
    waits = ("Enheten", "Skriv in närvaron vid lärtillfälle 1 för Björkskolan.", DAYS[1])
    assert waits not in told(DAYS[1], attendance=noted)
    assert told(DAYS[1] + dt.timedelta(1), attendance=noted) == [waits]


def test_a_visit_wants_a_day_and_then_to_be_told_of() -> None:
    everyone = [attended(1), attended(1, BJORKSKOLAN)]
    without = [a_visit(EKSKOLAN, BJORKSKOLAN, 1)]
    [undated] = told(dt.date(2021, 10, 1), visits=without, attendance=everyone)
    assert undated == ("Ekskolan", "Bestäm en dag för besöket från Björkskolan hos Ekskolan.", DAYS[2])
    dated = [a_visit(EKSKOLAN, BJORKSKOLAN, 1, Datum=dt.date(2021, 10, 4))]
    assert told(dt.date(2021, 10, 4), visits=dated, attendance=everyone) == []
    [untold] = told(dt.date(2021, 10, 5), visits=dated, attendance=everyone)
    assert untold == ("Björkskolan", "Berätta om besöket hos Ekskolan.", dt.date(2021, 10, 4))
    for status in ("Genomfört", "Inställt"):
        assert told(dt.date(2021, 10, 5), visits=[{**dated[0], "Status": status}], attendance=everyone) == []


def test_decisions_and_renewals_are_waited_for() -> None:
    noted = [attended(number, school) for number in DAYS for school in (EKSKOLAN, BJORKSKOLAN)]
    tables = {"attendance": noted, "certificates": [a_certificate()]}
    waits = ("Enheten", "Besluta om certifikat för Björkskolan.", DAYS[6])
    assert told(DAYS[6], contributions=[shared(6), shared(6, BJORKSKOLAN)], **tables) == [waits]
    renewing = ("Ekskolan", "Tala om förnyelse av certifikatet.", dt.date(2025, 5, 18))
    assert told(dt.date(2025, 1, 7), **tables) == [waits, renewing]

    sent = [an_application(EKSKOLAN), *BOTH[1:]]
    assert told(dt.date(2021, 5, 1), applications=sent) == [
        ("Enheten", "Besluta om ansökan från Ekskolan.", dt.date(2021, 4, 7))
    ]


def test_late_actions_are_asked_after_once_a_school() -> None:
    actions = [
        {
            "Insats": f"I{day}",
            "Omgång": "2021",
            "Skolenhetskod": EKSKOLAN,
            "Delområde": 1,
            "Mål": "Mål",
            "Aktivitet": "Aktivitet",
            "Status": "Pågår",
            "Klart senast": dt.date(2021, 6, day),
        }
        for day in (2, 9)
    ]
    register = a_register(applications=BOTH, actions=actions)
    [one] = waiting_for(register, visitor("Unni"), YEAR, dt.date(2021, 8, 1))
    assert (one.from_school, one.since) == (EKSKOLAN, dt.date(2021, 6, 2))
    assert "2 insatser i handlingsplanen för Ekskolan skulle ha varit klara." in one.words
    assert one.is_late(dt.date(2021, 8, 1))


def test_every_reminder_to_a_school_has_words_to_send() -> None:
    register = a_register(applications=BOTH, sessions=SESSIONS, certificates=[a_certificate()])
    found = [
        one
        for day in (DAYS[1], DAYS[6], dt.date(2025, 6, 1))
        for one in waiting_for(register, visitor("Unni"), YEAR, day)
    ]
    assert {bool(one.words) for one in found if one.from_school} == {True}
    assert {one.words for one in found if one.from_school is None} == {""}


@pytest.mark.parametrize("who", ["Petra", "Per", "Siri", "Rut", "Frida", "Nils"])
def test_nobody_else_is_told_who_is_late(who: str) -> None:
    with pytest.raises(NotPermitted):
        waiting_for(a_register(applications=BOTH), visitor(who), YEAR, DAYS[1])
