"""A school's actions: hers through all its codes, proposed from what may be shown, told of as they went."""

import datetime as dt

import pytest

from services.domain.plan import Action, ActionStatus
from services.errors import Conflict, NotPermitted, NotReady
from services.plan_writing import addition, carry_out, change
from services.planning import (
    Why,
    actions_of,
    effects,
    plan_of,
    proposed_actions,
    questions_worked_with,
    schools_without_plan,
    worked_with,
)
from services.profile import profile
from tests.people import (
    BJORKSKOLAN,
    EKSKOLAN,
    RONNBARSSKOLAN,
    TODAY,
    Row,
    a_register,
    a_school,
    an_answer,
    answers,
    visitor,
)
from tests.test_conducting import town  # noqa: F401 - a fixture


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


# --- What might be done ------------------------------------------------------------------------------


def proposals(rows, actions=()):
    everybody = [*rows, *answers(16, BJORKSKOLAN, L=3, U=3), *answers(16, RONNBARSSKOLAN, L=3, U=3)]
    register = a_register(everybody, actions=actions)
    found = profile(register, visitor("Petra"), "2021", EKSKOLAN)
    return [
        (one.why, one.area.number, one.question.id if one.question else None)
        for one in proposed_actions(register, found, "2021")
    ]


SPLIT = [
    *[an_answer(L1=1, L2=1, L3=3, L4=3, U1=3, U2=3, U3=3, U4=3)] * 6,
    *[an_answer(L1=4, L2=1, L3=3, L4=3, U1=3, U2=3, U3=3, U4=3)] * 6,
]


def test_actions_are_proposed_from_the_weakest_and_from_where_colleagues_disagree() -> None:
    assert proposals(SPLIT) == [
        (Why.WEAKEST_AREA, 1, None),
        (Why.WEAKEST_QUESTION, 1, "L2"),
        (Why.WEAKEST_QUESTION, 1, "L1"),
        (Why.WEAKEST_QUESTION, 1, "L3"),
    ]


def test_what_the_school_works_with_already_is_not_proposed_again() -> None:
    assert proposals(SPLIT, [an_action("H1") | {"Fråga": "L1"}]) == [
        (Why.WEAKEST_QUESTION, 1, "L2"),
        (Why.WEAKEST_QUESTION, 1, "L3"),
    ]


def test_with_few_answers_only_the_area_is_proposed_and_with_too_few_nothing() -> None:
    assert proposals(answers(9, L=2, U=3)) == [(Why.WEAKEST_AREA, 1, None)]
    assert proposals(answers(4, L=2, U=3)) == []


def test_a_proposals_goal_is_the_next_level_in_the_questions_own_words() -> None:
    levels = {"Påbörjad": "ett", "Aktiverad": "två", "Trygg": "tre", "Välutvecklad": "fyra"}
    question = {"Fråga": "L1", "Delområde": 1, "Påstående": "L1", "Från omgång": "2019", **levels}
    for level, goal in ((1, "två"), (2, "tre"), (3, "fyra"), (4, "fyra")):
        register = a_register(answers(12, L1=level), questions=[question])
        found = profile(register, visitor("Petra"), "2021", EKSKOLAN)
        assert proposed_actions(register, found, "2021")[-1].goal == goal


# --- Did it make a difference? -----------------------------------------------------------------------


def two_years(before: list, after: list, actions: list):
    others = [*answers(16, BJORKSKOLAN, L=3, U=3), *answers(16, RONNBARSSKOLAN, L=3, U=3)]
    register = a_register({"2021": [*before, *others], "2022": [*after, *others]}, actions=actions, staff=30)
    return effects(register, EKSKOLAN, actions_of(register, EKSKOLAN))


def mixed(low: int, high: int) -> list:
    """As many on Aktiverad as on Trygg, and the rest as said."""
    return [*answers(low, L=2, U=3), *answers(high, L=3, U=3)]


def test_a_clear_change_of_the_question_is_told_and_a_small_one_is_not() -> None:
    rows = [an_action("H1")]
    clear, small = two_years(mixed(20, 4), mixed(4, 20), rows), two_years(mixed(12, 12), mixed(11, 13), rows)

    assert (clear["H1"].later, clear["H1"].is_told) == ("2022", True)
    assert clear["H1"].change.difference == pytest.approx(16 / 24)
    assert (small["H1"].change.difference > 0, small["H1"].is_told) == (True, False)


def test_an_action_for_a_whole_area_has_the_areas_change() -> None:
    found = two_years(mixed(20, 4), mixed(4, 20), [an_action("H1") | {"Fråga": None}])
    assert found["H1"].change.difference == pytest.approx(16 / 24)


def test_what_may_not_be_shown_in_one_of_the_years_has_no_effect() -> None:
    assert two_years(mixed(20, 4), answers(9, L=3, U=3), [an_action("H1")]) == {}
    assert two_years(mixed(20, 4), answers(4, L=3, U=3), [an_action("H1") | {"Fråga": None}]) == {}


def test_before_the_next_round_is_published_nothing_is_said_of_effects() -> None:
    register = a_register(mixed(20, 4), actions=[an_action("H1")])
    assert effects(register, EKSKOLAN, actions_of(register, EKSKOLAN)) == {}


# --- What the schools work with ----------------------------------------------------------------------


def test_the_unit_sees_how_many_schools_work_with_what() -> None:
    rows = [
        an_action("H1"),
        an_action("H2"),
        an_action("H3", BJORKSKOLAN) | {"Status": "Klar"},
        an_action("H4", BJORKSKOLAN) | {"Delområde": 2, "Fråga": "U1"},
    ]
    register = a_register(answers(5), actions=rows)

    for who in ("Unni", "Rut"):
        found = worked_with(register, visitor(who), "2021")
        assert [(one.area.number, one.schools, one.under_way) for one in found] == [(1, 2, 1), (2, 1, 1)]
    asked = questions_worked_with(register, visitor("Unni"), "2021")
    assert [(one.question.id, one.schools) for one in asked] == [("L2", 2), ("U1", 1)]
    assert schools_without_plan(register, visitor("Unni"), "2021") == (RONNBARSSKOLAN,)
    for who in ("Petra", "Siri", "Frida", "Nils"):
        for ask in (worked_with, questions_worked_with, schools_without_plan):
            with pytest.raises(NotPermitted):
                ask(register, visitor(who), "2021")


def test_an_action_is_late_when_its_day_has_passed_and_something_is_left_to_do() -> None:
    def late(status: ActionStatus | None, due: dt.date | None) -> bool:
        return Action("H1", EKSKOLAN, "2021", 1, None, "", "", due=due, status=status).is_late(TODAY)

    yesterday = TODAY - dt.timedelta(days=1)
    assert late(ActionStatus.ONGOING, yesterday) and late(ActionStatus.PLANNED, yesterday)
    assert late(None, yesterday)
    assert not late(ActionStatus.DONE, yesterday) and not late(ActionStatus.CANCELLED, yesterday)
    assert not late(ActionStatus.ONGOING, TODAY) and not late(ActionStatus.ONGOING, None)


# --- Writing -----------------------------------------------------------------------------------------

NEW = {"Delområde": 1, "Fråga": "L1", "Mål": "Alla vet.", "Aktivitet": "Vi talar.", "Status": "Planerad"}


def test_a_principal_adds_an_action_changes_it_and_takes_it_back(town) -> None:  # noqa: F811
    here, petra = town(answers(12)), visitor("Petra")
    plan = addition(here.register(), EKSKOLAN, "2021", NEW)
    assert here.saved(carry_out(here.register(), plan, petra, here.writer))
    [made] = plan_of(here.register(), petra, EKSKOLAN)
    assert (made.goal, made.question, made.status) == ("Alla vet.", "L1", ActionStatus.PLANNED)

    done = change(here.register(), made, {"Status": "Klar", "Uppföljning": "Det gick bra."})
    assert here.saved(carry_out(here.register(), done, petra, here.writer))
    [changed] = plan_of(here.register(), petra, EKSKOLAN)
    assert (changed.status, changed.follow_up) == (ActionStatus.DONE, "Det gick bra.")

    assert here.saved(carry_out(here.register(), done.turned_back(), petra, here.writer))
    assert plan_of(here.register(), petra, EKSKOLAN) == (made,)
    assert here.saved(carry_out(here.register(), plan.turned_back(), petra, here.writer))
    assert plan_of(here.register(), petra, EKSKOLAN) == ()
    assert here.register().problems == ()


@pytest.mark.parametrize("who", ["Unni", "Per", "Siri", "Rut", "Frida", "Nils"])
def test_nobody_writes_the_plan_of_a_school_she_does_not_lead(town, who: str) -> None:  # noqa: F811
    here = town(answers(12), actions=[an_action("H1")])
    register = here.register()
    [seen] = actions_of(register, EKSKOLAN)
    for plan in (addition(register, EKSKOLAN, "2021", NEW), change(register, seen, {"Status": "Klar"})):
        with pytest.raises(NotPermitted):
            carry_out(register, plan, visitor(who), here.writer)
    assert here.outbox.status().waiting == 0


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"Mål": None}, "Skriv ett mål: vad ska vara annorlunda efteråt?"),
        ({"Aktivitet": ""}, "Skriv en aktivitet: vad gör ni?"),
        ({"Delområde": None, "Fråga": None}, "Välj ett delområde."),
        ({"Fråga": "U1"}, "Frågan hör till ett annat delområde. Välj en fråga i delområdet, eller ingen."),
        ({"Status": "Kanske"}, "Välj en status."),
        ({"Mål": "a" * 10_001}, "Texten är längre än 10 000 tecken. Korta den."),
    ],
)
def test_an_action_that_lacks_something_is_refused_with_a_sentence(town, wrong, said) -> None:  # noqa: F811
    here = town(answers(12))
    plan = addition(here.register(), EKSKOLAN, "2021", {**NEW, **wrong})
    assert plan.obstacles == (said,)
    with pytest.raises(NotReady):
        carry_out(here.register(), plan, visitor("Petra"), here.writer)


def test_two_who_write_the_same_action_conflict_with_both_texts(town) -> None:  # noqa: F811
    here = town(answers(12), actions=[an_action("H1")])
    register, petra = here.register(), visitor("Petra")
    [seen] = actions_of(register, EKSKOLAN)
    one, other = (change(register, seen, {"Mål": text}) for text in ("Det ena.", "Det andra."))
    assert here.saved(carry_out(register, one, petra, here.writer))
    id_ = carry_out(register, other, petra, here.writer)

    assert not here.saved(id_)
    trouble = here.writer.outcome(id_).troubles[0]
    assert isinstance(trouble, Conflict)
    assert (trouble.theirs, trouble.mine) == ({"Mål": "Det ena."}, {"Mål": "Det andra."})


def test_actions_of_an_earlier_code_are_seen_by_who_may_see_that_school() -> None:
    schools = [a_school(), a_school(BJORKSKOLAN) | {"Ersatt av": EKSKOLAN}]
    register = a_register(schools=schools, actions=[an_action("H1", BJORKSKOLAN), an_action("H2")])

    assert [one.id for one in plan_of(register, visitor("Petra"), EKSKOLAN)] == ["H1", "H2"]
    assert [one.id for one in plan_of(register, visitor("Per"), BJORKSKOLAN)] == ["H1"]
    with pytest.raises(NotPermitted):
        plan_of(register, visitor("Siri"), EKSKOLAN)
