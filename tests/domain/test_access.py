"""Who may open which page, do what, and see which school."""

import datetime as dt

import pytest

from services.domain.access import MAY_DO, MAY_OPEN, NOBODY, OPEN_TO_ALL, Deed, Page, Role, visitor_with
from tests.people import BJORKSKOLAN, EKSKOLAN, PERMISSIONS, RONNBARSSKOLAN, a_register, visitor

CAST = ("Unni", "Petra", "Per", "Siri", "Rut", "Frida", "Nils")

OPENS = {
    Page.START: {"Unni", "Petra", "Per", "Siri", "Rut", "Frida", "Nils"},
    Page.ABOUT: {"Unni", "Petra", "Per", "Siri", "Rut", "Frida", "Nils"},
    Page.OVERVIEW: {"Unni", "Rut", "Frida"},
    Page.AREAS: {"Unni", "Rut", "Frida"},
    Page.SCHOOL: {"Unni", "Petra", "Per", "Rut"},
    Page.CERTIFICATION: {"Unni", "Petra", "Per", "Rut"},
    Page.PROCESS_YEAR: {"Unni", "Petra", "Per"},
    Page.ACTION_PLAN: {"Unni", "Petra", "Per", "Rut"},
    Page.ANSWER: {"Unni", "Petra", "Per", "Siri", "Rut", "Frida", "Nils"},
    Page.TALK: {"Unni", "Petra", "Per", "Siri"},
    Page.SELF_ASSESSMENT: {"Unni", "Petra", "Per"},
    Page.FORMS: {"Unni"},
    Page.CHECKS: {"Unni"},
}
"""Who comes to what, from the table of who uses the service."""


@pytest.mark.parametrize("page", Page)
def test_a_page_opens_for_those_who_come_for_it_and_for_nobody_else(page: Page) -> None:
    assert {name for name in CAST if visitor(name).may_open(page)} == OPENS[page]


def test_no_page_and_no_deed_is_forgotten_in_the_table() -> None:
    assert set(MAY_OPEN) == set(Page)
    assert set(MAY_DO) == set(Deed)


@pytest.mark.parametrize(
    ("deed", "who"),
    [
        (Deed.SEE_ALL_SCHOOLS, {"Unni", "Rut", "Frida"}),
        (Deed.OPEN_ALL_SCHOOLS, {"Unni", "Rut"}),
        (Deed.FOLLOW_ROUNDS, {"Unni", "Rut"}),
        (Deed.SIMULATE, {"Unni", "Rut"}),
        (Deed.EDIT, {"Unni"}),
    ],
)
def test_a_deed_is_done_by_those_whose_role_allows_it(deed: Deed, who: set[str]) -> None:
    assert {name for name in CAST if visitor(name).may(deed)} == who


@pytest.mark.parametrize(
    ("name", "schools"),
    [
        ("Unni", {EKSKOLAN, BJORKSKOLAN, RONNBARSSKOLAN}),
        ("Petra", {EKSKOLAN}),
        ("Per", {BJORKSKOLAN, RONNBARSSKOLAN}),
        ("Siri", set()),
        ("Rut", {EKSKOLAN, BJORKSKOLAN, RONNBARSSKOLAN}),
        ("Frida", set()),
        ("Nils", set()),
    ],
)
def test_a_visitor_opens_her_own_schools_and_a_principal_no_other(name: str, schools: set[str]) -> None:
    everyone = (EKSKOLAN, BJORKSKOLAN, RONNBARSSKOLAN)

    assert set(visitor(name).schools_among(everyone)) == schools


def test_a_researcher_sees_the_level_of_every_school_and_nothing_closer() -> None:
    frida = visitor("Frida")

    assert frida.may_see(EKSKOLAN)
    assert not frida.may_open_school(EKSKOLAN)
    assert not frida.may_follow(EKSKOLAN), "only what is published is for research"


def test_a_principal_follows_the_round_at_her_own_school_only() -> None:
    assert visitor("Petra").may_follow(EKSKOLAN)
    assert not visitor("Petra").may_follow(BJORKSKOLAN)


def test_schools_keep_the_order_in_which_they_are_asked_about() -> None:
    assert visitor("Per").schools_among((RONNBARSSKOLAN, EKSKOLAN, BJORKSKOLAN)) == (
        RONNBARSSKOLAN,
        BJORKSKOLAN,
    )


def test_staff_work_at_a_school_but_do_not_lead_it() -> None:
    siri = visitor("Siri")

    assert (siri.worked_schools, siri.led_schools) == ({EKSKOLAN}, set())
    assert not siri.may_see(EKSKOLAN)


def test_an_address_is_the_same_in_capitals_in_the_sheet_and_at_the_door() -> None:
    register = a_register(permissions=[{"E-post": "Unni@Example.SE", "Roll": "Enheten"}])

    found = visitor_with("Unni", "UNNI@example.se", register.permissions, dt.date(2022, 1, 1))

    assert found.roles == {Role.UNIT}


@pytest.mark.parametrize(("day", "is_known"), [(23, True), (24, True), (25, False)])
def test_a_permission_holds_through_its_last_day(day: int, is_known: bool) -> None:
    row = {"E-post": "rut@example.se", "Roll": "Förvaltningsledning", "Giltig till": "2022-01-24"}
    register = a_register(permissions=[row])

    assert visitor("Rut", register, dt.date(2022, 1, day)).is_known is is_known


def test_a_person_with_two_roles_may_what_either_may() -> None:
    row = {"E-post": "petra@example.se", "Roll": "Enheten"}
    petra = visitor("Petra", a_register(permissions=[*PERMISSIONS, row]))

    assert petra.roles == {Role.PRINCIPAL, Role.UNIT}
    assert petra.may_open(Page.CHECKS)
    assert petra.may_see(BJORKSKOLAN)


def test_two_roles_never_open_more_than_one_of_them_does() -> None:
    """A researcher may not open the page Skola, a principal no school but her own: nor may who is both."""
    row = {"E-post": "petra@example.se", "Roll": "Forskare"}
    petra = visitor("Petra", a_register(permissions=[*PERMISSIONS, row]))

    assert petra.may_open(Page.OVERVIEW) and petra.may_open(Page.SCHOOL)
    assert petra.may_see(BJORKSKOLAN)
    assert petra.schools_among((EKSKOLAN, BJORKSKOLAN)) == (EKSKOLAN,)
    assert not petra.may_follow(BJORKSKOLAN)


def test_whoever_leads_one_school_and_works_at_another_sees_the_one_she_leads() -> None:
    row = {"E-post": "petra@example.se", "Roll": "Personal", "Skolenhetskod": BJORKSKOLAN}
    petra = visitor("Petra", a_register(permissions=[*PERMISSIONS, row]))

    assert (petra.led_schools, petra.worked_schools) == ({EKSKOLAN}, {BJORKSKOLAN})
    assert petra.schools_among((EKSKOLAN, BJORKSKOLAN)) == (EKSKOLAN,)


@pytest.mark.parametrize(
    "row",
    [
        {"E-post": "petra@example.se", "Roll": "Rektor"},
        {"E-post": "petra@example.se", "Roll": "Rektor", "Skolenhetskod": "99999999"},
        {"E-post": "petra@example.se", "Roll": "Chef", "Skolenhetskod": EKSKOLAN},
        {"E-post": "petra", "Roll": "Rektor", "Skolenhetskod": EKSKOLAN},
        {"Roll": "Enheten"},
    ],
)
def test_a_row_that_can_not_be_read_gives_no_permission(row) -> None:
    register = a_register(permissions=[row])

    assert register.permissions == ()
    assert visitor("Petra", register) == visitor_with("Petra", "", (), dt.date(2022, 1, 1))
    assert len(register.problems) == 1


def test_of_nobody_nothing_is_known() -> None:
    assert not NOBODY.is_known
    assert not any(NOBODY.may(deed) for deed in Deed)
    assert {page for page in Page if NOBODY.may_open(page)} == OPEN_TO_ALL
    assert visitor("Nils").roles == frozenset()
