"""A school's actions follow it through its codes."""

from services.domain.plan import ActionStatus
from services.planning import actions_of
from tests.people import BJORKSKOLAN, EKSKOLAN, RONNBARSSKOLAN, Row, a_register, a_school


def an_action(id_: str, school: str = EKSKOLAN) -> Row:
    return {
        "Insats": id_,
        "Omgång": "2021",
        "Skolenhetskod": school,
        "Delområde": "Ledarskap och planering",
        "Fråga": "L2",
        "Mål": "Planen är känd av alla.",
        "Aktivitet": "Vi läser den tillsammans.",
        "Klart senast": "2022-06-10",
        "Status": "Pågår",
    }


def test_a_schools_actions_stand_in_the_order_of_the_sheet_and_are_its_own() -> None:
    rows = [an_action("H3"), an_action("H1", BJORKSKOLAN), an_action("H2")]

    register = a_register(actions=rows)

    assert [action.id for action in actions_of(register, EKSKOLAN)] == ["H3", "H2"]
    assert actions_of(register, RONNBARSSKOLAN) == ()


def test_actions_of_a_schools_earlier_code_are_still_its_own() -> None:
    schools = [a_school(), a_school(BJORKSKOLAN) | {"Ersatt av": EKSKOLAN}]

    register = a_register(schools=schools, actions=[an_action("H1", BJORKSKOLAN), an_action("H2")])

    assert [action.id for action in actions_of(register, EKSKOLAN)] == ["H1", "H2"]


def test_an_action_says_what_it_is_about_and_where_it_is() -> None:
    (action,) = actions_of(a_register(actions=[an_action("H1")]), EKSKOLAN)

    assert (action.area, action.question, action.status) == (1, "L2", ActionStatus.ONGOING)
    assert (action.goal, action.due.isoformat()) == ("Planen är känd av alla.", "2022-06-10")


def test_an_action_of_no_known_school_is_nobodys() -> None:
    register = a_register(actions=[an_action("H1", "99999999")])

    assert register.actions == ()
    assert [(one.sheet, one.header, one.value) for one in register.problems] == [
        ("Handlingsplan", "Skolenhetskod", "99999999")
    ]
