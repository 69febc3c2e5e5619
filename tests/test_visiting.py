"""The visits of a process year: proposed by the unit, told of by the two schools, and no others."""

import datetime as dt

import pytest

from services.checking import all_problems
from services.domain.school import SchoolCode
from services.domain.visit import GAPS, Match, VisitStatus
from services.errors import Conflict, NotPermitted, NotReady
from services.tables.problems import Rule
from services.visit_proposing import adoption, propose, strengths
from services.visiting import addition, carry_out, change, gaps_ahead, schools_of, visits_for, visits_of
from services.writing.deeds import Refused
from tests.people import (
    BJORKSKOLAN,
    EKSKOLAN,
    RONNBARSSKOLAN,
    TODAY,
    Row,
    an_application,
    answers,
    visitor,
)
from tests.test_conducting import town  # noqa: F401 - a fixture

YEAR = "2021-2022"
ADMITTED = [an_application(one, "Antagen") for one in (EKSKOLAN, BJORKSKOLAN, RONNBARSSKOLAN)]
TOWN = [
    *answers(16, EKSKOLAN, L=4, U=2),
    *answers(16, BJORKSKOLAN, L=2, U=3),
    *answers(16, RONNBARSSKOLAN, L=3, U=3),
]


def a_visit(host: str = EKSKOLAN, guest: str = BJORKSKOLAN, after: int = 1, **more) -> Row:
    return {
        "Besök": f"B{after}",
        "Läsår": YEAR,
        "Efter tillfälle": after,
        "Värdskola": host,
        "Besökande skola": guest,
        "Status": "Planerat",
        **more,
    }


def test_the_unit_is_proposed_a_year_and_adds_it_at_once(town) -> None:  # noqa: F811
    here = town(TOWN, applications=ADMITTED)
    found = propose(here.register(), visitor("Unni"), YEAR, GAPS, ())

    assert found.schedule.is_best
    assert "Ingen annan fördelning ger skolorna mer att lära av varandra." in found.told
    first = found.schedule.matches[0]
    assert (first.host, first.guest, first.focus) == (EKSKOLAN, BJORKSKOLAN, 1), "two levels apart in L"
    plan = adoption(here.register(), found)
    assert plan.does == ("5 planerade besök läggs till läsåret 2021-2022. Du kan ändra dem ett och ett.",)
    assert here.saved(carry_out(here.register(), plan, visitor("Unni"), here.writer))
    made = visits_of(here.register(), YEAR)
    assert [one.match for one in made] == list(found.schedule.matches)
    assert {one.status for one in made} == {VisitStatus.PLANNED}
    assert adoption(here.register(), found).obstacles == (
        "Besöken har ändrats sedan förslaget gjordes. Gör ett nytt förslag.",
    )
    back = plan.turned_back()
    assert here.saved(carry_out(here.register(), back, visitor("Unni"), here.writer))
    assert visits_of(here.register(), YEAR) == ()


def test_a_proposal_stands_on_what_is_published_and_shown_only(town) -> None:  # noqa: F811
    few = [*answers(4, EKSKOLAN, L=4, U=4), *answers(16, BJORKSKOLAN, L=2, U=3)]
    found = strengths(town(few).register())

    assert EKSKOLAN not in found.levels
    assert found.best(EKSKOLAN, BJORKSKOLAN) == (0.0, None)


def test_a_visit_that_stands_or_is_cancelled_counts_as_that(town) -> None:  # noqa: F811
    rows = [a_visit(), a_visit(after=2, Status="Inställt")]
    here = town(TOWN, applications=ADMITTED, visits=rows)
    found = propose(here.register(), visitor("Unni"), YEAR, (2, 3, 4, 5), {(RONNBARSSKOLAN, 3)})

    assert found.asked.standing == (Match(1, EKSKOLAN, BJORKSKOLAN),)
    assert [one.after for one in found.schedule.matches] == [2, 3, 4, 5]
    assert all(RONNBARSSKOLAN not in one.pair for one in found.schedule.matches if one.after == 3)


def test_with_fewer_than_two_schools_there_is_nobody_to_visit(town) -> None:  # noqa: F811
    here = town(TOWN, applications=ADMITTED[:1])
    with pytest.raises(NotReady, match="minst två antagna skolor"):
        propose(here.register(), visitor("Unni"), YEAR, GAPS, ())


@pytest.mark.parametrize("who", ["Petra", "Siri", "Rut", "Frida", "Nils"])
def test_nobody_but_the_unit_proposes_adds_or_moves_visits(town, who: str) -> None:  # noqa: F811
    here = town(TOWN, applications=ADMITTED, visits=[a_visit()])
    register = here.register()
    with pytest.raises(NotPermitted):
        propose(register, visitor(who), YEAR, GAPS, ())
    added = addition(register, YEAR, Match(2, EKSKOLAN, BJORKSKOLAN), None)
    moved = change(register, visits_of(register, YEAR)[0], {"Efter tillfälle": 3})
    for plan in (added, moved):
        with pytest.raises(NotPermitted):
            carry_out(register, plan, visitor(who), here.writer)
    assert here.outbox.status().waiting == 0


def test_the_two_schools_tell_of_their_visit_and_no_other_school_does(town) -> None:  # noqa: F811
    here = town(TOWN, applications=ADMITTED, visits=[a_visit(RONNBARSSKOLAN, EKSKOLAN), a_visit(after=2)])
    register = here.register()
    hers, others = visits_of(register, YEAR)
    new = {"Status": "Genomfört", "Iakttagelser": "Eleverna valde själva.", "Datum": TODAY, "Fokus": 2}

    assert here.saved(carry_out(register, change(register, hers, new), visitor("Petra"), here.writer))
    told = visits_of(here.register(), YEAR)[0]
    assert (told.status, told.observations, told.date, told.focus) == (
        VisitStatus.HELD,
        "Eleverna valde själva.",
        TODAY,
        2,
    )
    assert others.is_of(EKSKOLAN) and others.is_of(BJORKSKOLAN)
    per_s = change(register, others, {"Status": "Inställt"})
    assert here.saved(carry_out(register, per_s, visitor("Per"), here.writer)), "he leads Björkskolan"


def test_a_principal_changes_no_visit_of_others(town) -> None:  # noqa: F811
    here = town(TOWN, applications=ADMITTED, visits=[a_visit(RONNBARSSKOLAN, BJORKSKOLAN)])
    register = here.register()
    [theirs] = visits_for(register, visitor("Petra"), YEAR)
    with pytest.raises(NotPermitted):
        carry_out(register, change(register, theirs, {"Status": "Inställt"}), visitor("Petra"), here.writer)


def test_who_has_no_school_in_the_year_does_not_see_its_visits(town) -> None:  # noqa: F811
    here = town(TOWN, applications=ADMITTED[1:], visits=[a_visit(RONNBARSSKOLAN, BJORKSKOLAN)])
    for who in ("Petra", "Siri", "Frida", "Nils"):
        with pytest.raises(NotPermitted):
            visits_for(here.register(), visitor(who), YEAR)
    assert len(visits_for(here.register(), visitor("Per"), YEAR)) == 1


def test_two_who_write_at_once_are_a_conflict_that_holds_both_texts(town) -> None:  # noqa: F811
    here = town(TOWN, applications=ADMITTED, visits=[a_visit()])
    register = here.register()
    [seen] = visits_of(register, YEAR)
    first = change(register, seen, {"Iakttagelser": "Det var lugnt."})
    second = change(register, seen, {"Iakttagelser": "Alla fick hjälp."})
    assert here.saved(carry_out(register, first, visitor("Petra"), here.writer))
    id_ = carry_out(register, second, visitor("Per"), here.writer)
    assert not here.saved(id_)
    outcome = here.writer.outcome(id_)
    assert isinstance(outcome, Refused)
    trouble = outcome.troubles[0]
    assert isinstance(trouble, Conflict)
    assert (trouble.theirs, trouble.mine) == (
        {"Iakttagelser": "Det var lugnt."},
        {"Iakttagelser": "Alla fick hjälp."},
    )


@pytest.mark.parametrize(
    ("match", "said"),
    [
        (Match(1, EKSKOLAN, EKSKOLAN), "En skola kan inte besöka sig själv. Välj två olika skolor."),
        (Match(6, EKSKOLAN, BJORKSKOLAN), "Besök görs efter lärtillfälle 1 till 5. Välj ett av dem."),
        (Match(1, EKSKOLAN, SchoolCode("44444444")), "44444444 är inte antagen till läsåret 2021-2022."),
    ],
)
def test_a_visit_that_can_not_be_is_refused_with_a_sentence(town, match, said) -> None:  # noqa: F811
    here = town(TOWN, applications=ADMITTED)
    plan = addition(here.register(), YEAR, match, None)
    assert said in plan.obstacles
    with pytest.raises(NotReady):
        carry_out(here.register(), plan, visitor("Unni"), here.writer)


def test_visits_that_can_not_be_are_listed_when_they_stand_in_the_sheet(town) -> None:  # noqa: F811
    rows = [a_visit(guest=EKSKOLAN), a_visit(after=6)]
    register = town(TOWN, applications=ADMITTED, visits=rows).register()

    found = [one for one in all_problems(register) if one.sheet == "Verksamhetsbesök"]
    assert [(one.header, one.rule, one.row) for one in found] == [
        ("Besökande skola", Rule.OUT_OF_RANGE, 2),
        ("Efter tillfälle", Rule.OUT_OF_RANGE, 3),
    ]
    assert found[0].advice.startswith("Skolan kan inte besöka sig själv.")
    assert {one.counts for one in visits_of(register, YEAR)} == {False}


def test_the_gaps_ahead_are_those_whose_next_session_has_not_been_held(town) -> None:  # noqa: F811
    sessions = [
        {"Läsår": YEAR, "Nr": number, "Tema": "Tema", "Datum": TODAY + dt.timedelta(days=30 * (number - 3))}
        for number in range(1, 6)
    ]
    register = town(TOWN, sessions=sessions).register()

    assert gaps_ahead(register, YEAR, TODAY) == (2, 3, 4, 5)
    assert gaps_ahead(register, YEAR, TODAY + dt.timedelta(days=1)) == (3, 4, 5)
    assert schools_of(register, YEAR) == ()
