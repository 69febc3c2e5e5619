"""A läsår of six sessions: laid out, moved, contributed to and attended, for the schools in it alone."""

import datetime as dt

import pytest

from services import attending, contributing, learning_sessions
from services.checking import all_problems
from services.domain.learning_session import NUMBERS, LearningSession
from services.errors import Conflict, NotPermitted, NotReady
from services.learning_sessions import (
    change,
    changes_for,
    laying_out,
    next_session,
    sessions_for,
    sessions_of,
)
from services.tables.problems import Rule
from services.template import framework_rows
from services.writing.deeds import Refused
from tests.people import BJORKSKOLAN, EKSKOLAN, RONNBARSSKOLAN, a_register, an_application, visitor
from tests.test_conducting import town  # noqa: F401 - a fixture

YEAR = "2021-2022"
DAYS = {number: dt.date(2021, 9, 15) + dt.timedelta(weeks=6 * number) for number in NUMBERS}
BOTH = [an_application(one, "Antagen") for one in (EKSKOLAN, BJORKSKOLAN)]
SESSIONS = [
    {"Läsår": YEAR, "Nr": number, "Tema": f"Tema {number}", "Datum": day, "Plats": "Goto 10"}
    for number, day in DAYS.items()
]
LONG_AGO = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


def by(here, plan, who: str = "Unni", where=learning_sessions):
    return here.saved(where.carry_out(here.register(), plan, visitor(who), here.writer))


# --- Laying out and moving ------------------------------------------------------------------------------


def test_a_year_is_laid_out_from_the_template_once(town) -> None:  # noqa: F811
    here = town(applications=BOTH)
    plan = laying_out(here.register(), YEAR, DAYS)
    assert plan.does == (
        "Läsåret 2021-2022 har fått 6 lärtillfällen med teman och förberedelser från mallen.",
    )
    assert by(here, plan)
    found = sessions_of(here.register(), YEAR)
    template = framework_rows(YEAR)["Lärtillfällen"]
    assert [(one.number, one.theme, one.preparation, one.day) for one in found] == [
        (row["Nr"], row["Tema"], row["Förberedelse"], DAYS[row["Nr"]]) for row in template
    ]
    assert "ledarskap" in found[0].theme.casefold() and "certifiering" in found[5].theme.casefold()
    for word in ("utmaningar", "målbild", "aktiviteter", "lärdomar"):
        assert word in found[0].contents
    again = laying_out(here.register(), YEAR, DAYS)
    assert again.obstacles == ("Läsåret 2021-2022 har redan sina sex lärtillfällen.",)


def test_two_who_lay_out_at_once_make_six_sessions(town) -> None:  # noqa: F811
    here = town(applications=BOTH)
    mine, hers = (laying_out(here.register(), YEAR, {}) for _ in range(2))
    assert by(here, mine)
    with pytest.raises(NotReady, match="finns redan"):
        by(here, hers)
    assert len(here.register().tables["Lärtillfällen"].columns["Nr"]) == 6


def test_a_moved_session_is_told_of_and_taken_back_it_is_not(town) -> None:  # noqa: F811
    here = town(applications=BOTH, sessions=SESSIONS)
    seen = sessions_of(here.register(), YEAR)[1]
    later = DAYS[2] + dt.timedelta(7)
    plan = change(here.register(), seen, {"Datum": later, "Start": dt.time(13), "Slut": dt.time(16, 30)})
    assert by(here, plan)
    moved = sessions_of(here.register(), YEAR)[1]
    assert (moved.day, moved.start, moved.end) == (later, dt.time(13), dt.time(16, 30))
    told = changes_for(here.register(), visitor("Petra"), YEAR, LONG_AGO)
    assert {(one.number, one.field, one.before, one.after) for one in told} == {
        (2, "Datum", DAYS[2].isoformat(), later.isoformat()),
        (2, "Start", "", "13:00:00"),
        (2, "Slut", "", "16:30:00"),
    }
    assert by(here, plan.turned_back())
    assert changes_for(here.register(), visitor("Petra"), YEAR, LONG_AGO) == ()


@pytest.mark.parametrize(
    ("new", "said"),
    [
        (
            {"Datum": DAYS[3]},
            "Lärtillfälle 3 (19 januari 2022) måste vara efter lärtillfälle 2 (19 januari 2022).",
        ),
        (
            {"Datum": DAYS[1] - dt.timedelta(1)},
            "Lärtillfälle 2 (26 oktober 2021) måste vara efter lärtillfälle 1",
        ),
        ({"Tema": None}, "Skriv ett tema."),
        ({"Start": dt.time(16), "Slut": dt.time(13)}, "Lärtillfället slutar innan det börjar."),
        ({"Slut": dt.time(13)}, "Skriv när lärtillfället börjar."),
        ({"Tema": "Tema 2"}, "Inget är ändrat."),
    ],
)
def test_what_can_not_be_is_refused_with_a_sentence(town, new, said) -> None:  # noqa: F811
    here = town(applications=BOTH, sessions=SESSIONS)
    seen = sessions_of(here.register(), YEAR)[1]
    plan = change(here.register(), seen, new)
    assert plan.obstacles and plan.obstacles[0].startswith(said), plan.obstacles
    with pytest.raises(NotReady):
        by(here, plan)


def test_a_year_may_have_days_yet_to_be_decided(town) -> None:  # noqa: F811
    here = town(applications=BOTH, sessions=[{**one, "Datum": None} for one in SESSIONS])
    seen = sessions_of(here.register(), YEAR)[4]
    assert change(here.register(), seen, {"Datum": DAYS[1]}).obstacles == ()


def test_two_who_move_a_session_at_once_meet_in_a_conflict(town) -> None:  # noqa: F811
    here = town(applications=BOTH, sessions=SESSIONS)
    seen = sessions_of(here.register(), YEAR)[0]
    first, second = (change(here.register(), seen, {"Plats": place}) for place in ("Goto 10 B", "Enheten"))
    assert by(here, first)
    id_ = learning_sessions.carry_out(here.register(), second, visitor("Unni"), here.writer)
    assert not here.saved(id_)
    outcome = here.writer.outcome(id_)
    assert isinstance(outcome, Refused)
    [trouble] = outcome.troubles.values()
    assert isinstance(trouble, Conflict) and trouble.theirs == {"Plats": "Goto 10 B"}


def test_the_next_session_is_the_first_that_has_not_been() -> None:
    sessions = [LearningSession(YEAR, number, day=day) for number, day in DAYS.items()]
    assert next_session(sessions, DAYS[3]).number == 3
    assert next_session(sessions, DAYS[3] + dt.timedelta(1)).number == 4
    assert next_session(sessions, DAYS[6] + dt.timedelta(1)) is None


def test_what_somebody_writes_by_hand_in_disorder_is_on_kontroll() -> None:
    rows = [dict(one) for one in SESSIONS]
    rows[3]["Datum"] = DAYS[3] - dt.timedelta(1)
    rows[5] |= {"Start": "16.00", "Slut": "13.00"}
    told = [(one.row, one.header, one.rule) for one in all_problems(a_register(sessions=rows))]
    assert told == [(5, "Datum", Rule.OUT_OF_RANGE), (7, "Slut", Rule.OUT_OF_RANGE)]


# --- Contributions -----------------------------------------------------------------------------------------


def test_a_principal_shares_and_the_others_in_the_year_read_it(town) -> None:  # noqa: F811
    here = town(applications=BOTH, sessions=SESSIONS)
    empty = contributing.contribution_of(here.register(), YEAR, 1, EKSKOLAN)
    plan = contributing.sharing(
        here.register(), empty, {"Lärdomar": "Börja litet.", "Länk": "https://e.se/x"}
    )
    assert by(here, plan, "Petra", contributing)
    [seen] = contributing.contributions_for(here.register(), visitor("Per"), YEAR, 1)
    assert (seen.school, seen.lessons, seen.link) == (EKSKOLAN, "Börja litet.", "https://e.se/x")

    more = contributing.sharing(here.register(), seen, {"Lärdomar": "Börja litet, och tillsammans."})
    assert by(here, more, "Petra", contributing)
    late = contributing.sharing(here.register(), seen, {"Lärdomar": "Något annat."})
    assert not by(here, late, "Unni", contributing)
    [now] = contributing.contributions_for(here.register(), visitor("Unni"), YEAR, 1)
    assert now.lessons == "Börja litet, och tillsammans."


@pytest.mark.parametrize("who", ["Per", "Siri", "Rut", "Frida", "Nils"])
def test_nobody_shares_for_a_school_that_is_not_hers(town, who: str) -> None:  # noqa: F811
    here = town(applications=BOTH, sessions=SESSIONS)
    empty = contributing.contribution_of(here.register(), YEAR, 1, EKSKOLAN)
    plan = contributing.sharing(here.register(), empty, {"Lärdomar": "Hej."})
    with pytest.raises(NotPermitted):
        by(here, plan, who, contributing)


def test_a_school_outside_the_year_neither_shares_nor_reads(town) -> None:  # noqa: F811
    only = [an_application(BJORKSKOLAN, "Antagen"), an_application(EKSKOLAN, "Avslagen")]
    here = town(applications=only, sessions=SESSIONS)
    empty = contributing.contribution_of(here.register(), YEAR, 1, EKSKOLAN)
    with pytest.raises(NotPermitted):
        by(here, contributing.sharing(here.register(), empty, {"Lärdomar": "Hej."}), "Petra", contributing)
    for ask in (
        lambda: contributing.contributions_for(here.register(), visitor("Petra"), YEAR, 1),
        lambda: sessions_for(here.register(), visitor("Petra"), YEAR),
        lambda: changes_for(here.register(), visitor("Petra"), YEAR, LONG_AGO),
    ):
        with pytest.raises(NotPermitted):
            ask()
    assert len(sessions_for(here.register(), visitor("Per"), YEAR)) == 6


@pytest.mark.parametrize("link", ["javascript:alert(1)", "ftp://e.se", "e.se", "https://", "https://a b.se"])
def test_only_web_addresses_are_links(link: str) -> None:
    register = a_register(applications=BOTH, sessions=SESSIONS)
    empty = contributing.contribution_of(register, YEAR, 1, EKSKOLAN)
    said = contributing.sharing(register, empty, {"Länk": link}).obstacles
    assert said == ("Länken ska börja med https:// eller http://.",)


# --- Attendance -----------------------------------------------------------------------------------------


def test_the_unit_notes_who_came_and_corrects_it(town) -> None:  # noqa: F811
    here = town(applications=BOTH, sessions=SESSIONS)
    first = attending.noting(here.register(), YEAR, 1, {EKSKOLAN: 4, BJORKSKOLAN: None}, {})
    assert by(here, first, where=attending)
    noted = attending.attendance_of(here.register(), YEAR)
    assert {key: one.count for key, one in noted.items()} == {(1, EKSKOLAN): 4}

    seen = {EKSKOLAN: noted[1, EKSKOLAN]}
    second = attending.noting(here.register(), YEAR, 1, {EKSKOLAN: 5, BJORKSKOLAN: 0}, seen)
    assert by(here, second, where=attending)
    noted = attending.attendance_of(here.register(), YEAR)
    assert {key: one.count for key, one in noted.items()} == {(1, EKSKOLAN): 5, (1, BJORKSKOLAN): 0}
    assert by(here, second.turned_back(), where=attending)
    noted = attending.attendance_of(here.register(), YEAR)
    assert {key: one.count for key, one in noted.items()} == {(1, EKSKOLAN): 4}


@pytest.mark.parametrize(
    ("number", "counts", "said"),
    [
        (1, {EKSKOLAN: -1}, "Skriv ett antal mellan 0 och 500."),
        (1, {EKSKOLAN: 501}, "Skriv ett antal mellan 0 och 500."),
        (1, {RONNBARSSKOLAN: 2}, "Rönnbärsskolan är inte antagen till läsåret 2021-2022."),
        (7, {EKSKOLAN: 2}, "Lärtillfällena är 1 till 6."),
        (1, {EKSKOLAN: None}, "Inget är ändrat. Skriv hur många som kom, eller avbryt."),
    ],
)
def test_attendance_that_can_not_be_is_refused(number, counts, said) -> None:
    plan = attending.noting(a_register(applications=BOTH), YEAR, number, counts, {})
    assert plan.obstacles == (said,)


@pytest.mark.parametrize("who", ["Petra", "Per", "Siri", "Rut", "Frida", "Nils"])
def test_only_the_unit_lays_out_moves_and_notes(town, who: str) -> None:  # noqa: F811
    here = town(applications=BOTH, sessions=SESSIONS)
    register = here.register()
    moved = change(register, sessions_of(register, YEAR)[0], {"Plats": "Hos oss"})
    for plan, where in (
        (laying_out(register, "2022-2023", {}), learning_sessions),
        (moved, learning_sessions),
        (attending.noting(register, YEAR, 1, {EKSKOLAN: 4}, {}), attending),
    ):
        with pytest.raises(NotPermitted):
            by(here, plan, who, where)
