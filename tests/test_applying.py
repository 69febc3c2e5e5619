"""A principal applies and withdraws, the unit admits and refuses: each dated, with reasons, and once."""

import datetime as dt

import pytest

from services.applying import (
    application,
    applied_for,
    carry_out,
    is_school_year,
    ruling,
    verdict_of,
    withdrawal,
    years_to_apply_for,
)
from services.certifying import standings
from services.checking import all_problems
from services.domain.process import ApplicationStatus, Standing
from services.domain.rules import Status
from services.domain.school import SchoolCode
from services.errors import Conflict, NotPermitted, NotReady
from services.grounds import grounds, grounds_of, without_grounds
from services.tables.problems import Rule
from services.writing.deeds import Refused
from tests.people import (
    BJORKSKOLAN,
    EKSKOLAN,
    RONNBARSSKOLAN,
    a_register,
    a_round,
    an_answer,
    an_application,
    answers,
    visitor,
)
from tests.test_conducting import town  # noqa: F401 - a fixture

YEAR = "2021-2022"
DAY = dt.date(2021, 4, 7)
DECIDED = dt.date(2021, 5, 3)
# Ekskolan qualifies, Björkskolan is near in one area, Rönnbärsskolan has far to go.
TOWN = [
    *answers(16, EKSKOLAN, L=4, U=3),
    *[an_answer(BJORKSKOLAN, L=2, U=3)],
    *answers(15, BJORKSKOLAN, L=3, U=3),
    *answers(16, RONNBARSSKOLAN, L=2, U=2),
]


def sent(here, school: SchoolCode = EKSKOLAN, who: str = "Petra", motivation: str = ""):
    plan = application(here.register(), school, YEAR, motivation, DAY)
    assert plan.obstacles == ()
    assert here.saved(carry_out(here.register(), plan, visitor(who), here.writer))
    return next(one for one in here.register().applications if one.school == school)


def standing_of(here, school: SchoolCode = EKSKOLAN) -> Standing:
    found = standings(here.register(), visitor("Unni"), "2021", DECIDED)
    return next(one.standing for one in found if one.school == school)


def test_the_town_has_a_candidate_one_that_is_near_and_one_with_far_to_go() -> None:
    register = a_register(TOWN)
    found = [verdict_of(register, "2021", one).status for one in (EKSKOLAN, BJORKSKOLAN, RONNBARSSKOLAN)]
    assert found == [Status.MET, Status.NEAR, Status.NOT_YET]


def test_a_candidate_applies_is_admitted_and_takes_part(town) -> None:  # noqa: F811
    here = town(TOWN)
    assert standing_of(here) is Standing.CANDIDATE
    one = sent(here)
    assert (one.round, one.school_year, one.status, one.sent) == ("2021", YEAR, ApplicationStatus.SENT, DAY)
    assert standing_of(here) is Standing.APPLICANT

    plan = ruling(here.register(), one, ApplicationStatus.ADMITTED, "", DECIDED)
    assert plan.does == ("Ekskolan är antagen till läsåret 2021-2022, beslut 3 maj 2021.",)
    assert here.saved(carry_out(here.register(), plan, visitor("Unni"), here.writer))
    [one] = here.register().applications
    assert (one.status, one.decided) == (ApplicationStatus.ADMITTED, DECIDED)
    assert without_grounds(one.reasons) == "Skolan uppfyller alla kriterier."
    assert grounds_of(one.reasons) == grounds(here.register(), "2021")
    assert standing_of(here) is Standing.PARTICIPANT
    log = here.register().tables["Logg"].columns
    assert list(dict.fromkeys(zip(log["Vem"], log["Händelse"], strict=True))) == [
        ("petra@example.se", "Ansökan inskickad"),
        ("unni@example.se", "Beslut om ansökan"),
    ]


def test_a_school_that_is_near_says_why_it_applies_all_the_same(town) -> None:  # noqa: F811
    here = town(TOWN)
    silent = application(here.register(), BJORKSKOLAN, YEAR, " ", DAY)
    assert silent.obstacles == (
        "Björkskolan är nära men uppfyller inte alla kriterier. Skriv varför ni ändå söker.",
    )
    one = sent(here, BJORKSKOLAN, "Per", "Vi har en plan för ledarskapet.")
    assert one.motivation == "Vi har en plan för ledarskapet."
    assert ruling(here.register(), one, ApplicationStatus.ADMITTED, "", DECIDED).obstacles == (
        "Skriv varför. Skolans rektor läser motiveringen.",
    )


@pytest.mark.parametrize(
    ("answered", "school", "year", "tables", "said"),
    [
        (TOWN, RONNBARSSKOLAN, YEAR, {}, "Rönnbärsskolan uppfyller inte kriterierna i omgång 2021"),
        (answers(4), EKSKOLAN, YEAR, {}, "Ekskolan har inget underlag i omgång 2021"),
        (TOWN, EKSKOLAN, "2021", {}, "Skriv läsåret som två år i följd"),
        (TOWN, EKSKOLAN, "2021-2023", {}, "Skriv läsåret som två år i följd"),
        (TOWN, EKSKOLAN, YEAR, {"rounds": [a_round(status="Stängd")]}, "Ingen omgång är publicerad än"),
        (TOWN, EKSKOLAN, YEAR, {"applications": [an_application()]}, "Ekskolan har redan sökt"),
        (
            TOWN,
            EKSKOLAN,
            YEAR,
            {"applications": [an_application(status="Antagen")]},
            "Ekskolan har redan sökt",
        ),
    ],
)
def test_what_can_not_be_applied_for_is_refused_with_a_sentence(
    town,  # noqa: F811
    answered,
    school,
    year,
    tables,
    said,
) -> None:
    here = town(answered, **tables)
    plan = application(here.register(), school, year, "Vi vill.", DAY)
    [obstacle] = plan.obstacles
    assert obstacle.startswith(said)
    with pytest.raises(NotReady):
        carry_out(here.register(), plan, visitor("Petra" if school == EKSKOLAN else "Per"), here.writer)
    assert here.outbox.status().waiting == 0


@pytest.mark.parametrize("status", ["Avslagen", "Återtagen"])
def test_whoever_was_refused_or_withdrew_may_apply_again(town, status: str) -> None:  # noqa: F811
    here = town(TOWN, applications=[an_application(status=status)])
    assert application(here.register(), EKSKOLAN, YEAR, "", DAY).obstacles == ()


@pytest.mark.parametrize("who", ["Unni", "Per", "Siri", "Rut", "Frida", "Nils"])
def test_only_the_schools_own_principal_applies_and_withdraws(town, who: str) -> None:  # noqa: F811
    here = town(TOWN)
    plan = application(here.register(), EKSKOLAN, YEAR, "", DAY)
    with pytest.raises(NotPermitted):
        carry_out(here.register(), plan, visitor(who), here.writer)
    one = sent(here)
    back = withdrawal(here.register(), one)
    if who != "Unni":
        with pytest.raises(NotPermitted):
            carry_out(here.register(), back, visitor(who), here.writer)


@pytest.mark.parametrize("who", ["Petra", "Per", "Siri", "Rut", "Frida", "Nils"])
def test_only_the_unit_decides(town, who: str) -> None:  # noqa: F811
    here = town(TOWN, applications=[an_application()])
    [one] = here.register().applications
    for what in (ApplicationStatus.ADMITTED, ApplicationStatus.REFUSED):
        with pytest.raises(NotPermitted):
            carry_out(
                here.register(), ruling(here.register(), one, what, "Ja.", DECIDED), visitor(who), here.writer
            )


def test_a_principal_withdraws_takes_that_back_and_takes_a_new_application_back(town) -> None:  # noqa: F811
    here = town(TOWN)
    petra = visitor("Petra")
    plan = application(here.register(), EKSKOLAN, YEAR, "", DAY)
    assert here.saved(carry_out(here.register(), plan, petra, here.writer))
    [one] = here.register().applications
    back = withdrawal(here.register(), one)
    assert here.saved(carry_out(here.register(), back, petra, here.writer))
    assert standing_of(here) is Standing.CANDIDATE
    assert here.saved(carry_out(here.register(), back.turned_back(), petra, here.writer))
    assert standing_of(here) is Standing.APPLICANT
    assert here.saved(carry_out(here.register(), plan.turned_back(), petra, here.writer))
    assert here.register().applications == ()


def test_a_decision_meets_a_withdrawal_and_both_are_told(town) -> None:  # noqa: F811
    here = town(TOWN, applications=[an_application()])
    [one] = here.register().applications
    admission = ruling(here.register(), one, ApplicationStatus.ADMITTED, "Ja.", DECIDED)
    assert here.saved(
        carry_out(here.register(), withdrawal(here.register(), one), visitor("Petra"), here.writer)
    )
    id_ = carry_out(here.register(), admission, visitor("Unni"), here.writer)
    assert not here.saved(id_)
    outcome = here.writer.outcome(id_)
    assert isinstance(outcome, Refused)
    [trouble] = outcome.troubles.values()
    assert isinstance(trouble, Conflict) and trouble.theirs["Status"] == "Återtagen"


def test_what_is_withdrawn_or_early_or_unsaid_is_not_decided(town) -> None:  # noqa: F811
    register = town(TOWN, applications=[an_application()]).register()
    [one] = register.applications
    said = "Beslutet kan inte vara före ansökan, som kom 7 april 2021."
    assert ruling(register, one, ApplicationStatus.REFUSED, "Nej.", dt.date(2021, 4, 6)).obstacles == (said,)
    assert ruling(register, one, ApplicationStatus.REFUSED, "", DECIDED).obstacles == (
        "Skriv varför. Skolans rektor läser motiveringen.",
    )
    assert ruling(register, one, ApplicationStatus.SENT, "Ja.", DECIDED).obstacles == (
        "Välj Antagen eller Avslagen.",
    )
    gone = a_register(TOWN, applications=[an_application(status="Återtagen")])
    assert ruling(gone, gone.applications[0], ApplicationStatus.ADMITTED, "Ja.", DECIDED).obstacles == (
        "Skolan har tagit tillbaka sin ansökan, så det finns inget att besluta om.",
    )


def test_who_sees_which_applications() -> None:
    register = a_register(TOWN, applications=[an_application(one) for one in (EKSKOLAN, BJORKSKOLAN)])
    seen = {
        who: [one.school for one in applied_for(register, visitor(who))]
        for who in ("Unni", "Rut", "Petra", "Per", "Siri", "Frida", "Nils")
    }
    both = [EKSKOLAN, BJORKSKOLAN]
    assert seen == {
        "Unni": both,
        "Rut": both,
        "Petra": [EKSKOLAN],
        "Per": [BJORKSKOLAN],
        "Siri": [],
        "Frida": [],
        "Nils": [],
    }


def test_what_somebody_writes_by_hand_in_disorder_is_on_kontroll() -> None:
    rows = [
        {**an_application(RONNBARSSKOLAN), "Beslutsdatum": dt.date(2021, 4, 1)},
        {**an_application(BJORKSKOLAN)},
        {**an_application(EKSKOLAN), "Läsår": "2021/22"},
        {**an_application(BJORKSKOLAN), "Ansökan": "A9", "Motivering": "Vi vill."},
        {**an_application(RONNBARSSKOLAN, "Avslagen"), "Ansökan": "A10"},
    ]
    told = [(one.row, one.header, one.rule) for one in all_problems(a_register(TOWN, applications=rows))]
    assert told == [
        (2, "Skolenhetskod", Rule.OUT_OF_RANGE),
        (2, "Beslutsdatum", Rule.OUT_OF_RANGE),
        (3, "Motivering", Rule.OUT_OF_RANGE),
        (4, "Läsår", Rule.OUT_OF_RANGE),
        (5, "Skolenhetskod", Rule.DUPLICATE_KEY),
    ]


def test_the_years_to_apply_for() -> None:
    assert years_to_apply_for(dt.date(2021, 4, 7)) == ("2021-2022",)
    assert years_to_apply_for(dt.date(2021, 9, 7)) == ("2021-2022", "2022-2023")
    assert [is_school_year(one) for one in ("2021-2022", "2021–2022", "2021-2021", "21-22", "")] == [
        True,
        False,
        False,
        False,
        False,
    ]
