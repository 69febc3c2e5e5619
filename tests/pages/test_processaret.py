"""Processåret as the unit carries it and the schools follow it: sessions, contributions, attendance."""

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pages.components import current
from tests.pages.section import Section
from tests.pages.visiting import Opener
from tests.people import BJORKSKOLAN, EKSKOLAN, an_application, register_sheets, save
from tests.test_learning_sessions import DAYS, SESSIONS
from tests.test_learning_sessions import YEAR as SCHOOL_YEAR

Make = Callable[..., Section]
BOTH = [an_application(one, "Antagen") for one in (EKSKOLAN, BJORKSKOLAN)]


def the_sessions() -> None:
    from pages.components import current, session_parts

    session_parts.section(current.register(), current.visitor(), "2021-2022")


def the_contributions() -> None:
    from pages.components import contribution_parts, current

    contribution_parts.section(current.register(), current.visitor(), "2021-2022", 1)


def the_attendance() -> None:
    from pages.components import attendance_parts, current

    attendance_parts.section(current.register(), current.visitor(), "2021-2022", 1)


SHEETS = {
    the_sessions: ("Lärtillfällen", "sessions_field_"),
    the_contributions: ("Underlag", "contributions_field_"),
    the_attendance: ("Närvaro", "attendance_field_"),
}


@pytest.fixture
def section(visit: Opener, tmp_path: Path) -> Iterator[Make]:
    def make(script: Callable[[], None], who: str = "unni", **tables: Any) -> Section:
        tables = {
            "applications": BOTH,
            "sessions": SESSIONS,
            "settings": [{"Namn": "Demodatum", "Värde": "2022-01-05"}],
            **tables,
        }
        data = save(tmp_path / "data", register_sheets([], **tables))
        visit.move(data, tmp_path)
        current.writer().start()
        sheet, field = SHEETS[script]
        return Section(script, data, who, sheet=sheet, field=field)

    yield make
    current.stop()


# --- Sessions ---------------------------------------------------------------------------------------------


def test_a_year_without_sessions_is_laid_out_from_the_template_and_taken_back(section: Make) -> None:
    seen = section(the_sessions, sessions=[])
    seen.fill_in(new_day_1=dt.date(2022, 2, 9), new_day_2=dt.date(2022, 2, 8)).press("sessions_lay_out")
    assert "Lärtillfälle 2 (8 februari 2022) måste vara efter lärtillfälle 1" in seen.said
    assert seen.rows() == []
    seen.fill_in(new_day_2=dt.date(2022, 3, 9)).press("sessions_lay_out")
    assert [row["Nr"] for row in seen.rows()] == [1, 2, 3, 4, 5, 6]
    assert "Nästa: lärtillfälle 1, Digitalt ledarskap" in seen.said
    assert "9 februari 2022 · om 35 dagar" in seen.said.replace("**", "")
    seen.press("sessions_undo")
    assert seen.rows() == []


def test_a_moved_session_is_seen_by_the_schools_in_the_year(section: Make) -> None:
    seen = section(the_sessions)
    assert "2 skolor är med: Björkskolan och Ekskolan." in seen.said.replace("**", "")
    assert seen.app.selectbox(key=f"sessions_chosen_{SCHOOL_YEAR}").value == 3, "the next one"
    seen.press("sessions_change")
    seen.fill_in(day=DAYS[3] + dt.timedelta(7), start=dt.time(13), place="Stadsbiblioteket")
    seen.press("sessions_save")
    assert "Sparat. Lärtillfälle 3 är ändrat." in seen.said
    row = seen.rows()[2]
    assert (str(row["Datum"])[:10], row["Plats"]) == ("2022-01-26", "Stadsbiblioteket")

    petra = Section(the_sessions, seen.data, "petra", sheet="Lärtillfällen", field="sessions_field_")
    assert "Lärtillfälle 3: datum ändrat från 19 januari 2022 till 26 januari 2022" in petra.said
    assert "plats ändrat från Goto 10 till Stadsbiblioteket" in petra.said
    assert "26 januari 2022 kl. 13.00, Stadsbiblioteket" in petra.said
    assert petra.buttons == set(), "what the unit plans is not hers to change"


def test_two_who_change_a_session_at_once_are_shown_both_texts(section: Make) -> None:
    seen = section(the_sessions).press("sessions_change")
    seen.typed_by_hand("Plats", "Rådhuset", row=4)
    seen.fill_in(place="Stadsbiblioteket").press("sessions_save")
    assert "Nu står det: Rådhuset" in seen.said and "Du skrev: Stadsbiblioteket" in seen.said
    seen.press("sessions_mine")
    assert seen.rows()[2]["Plats"] == "Stadsbiblioteket"


def test_the_chart_of_the_year_has_a_table_and_today(section: Make) -> None:
    seen = section(the_sessions)
    [chart] = seen.seen.charts
    assert "2 av 6 lärtillfällen har varit" in seen.said
    days = [day for frame in chart.frames if "nr" in frame for day in frame["dag"]]
    assert days == [day.isoformat() for day in DAYS.values()]
    assert list(seen.seen.table("Tema")["Nr"]) == ["1", "2", "3", "4", "5", "6"]


# --- Contributions ----------------------------------------------------------------------------------------


def test_a_principal_shares_changes_and_takes_back(section: Make) -> None:
    seen = section(the_contributions, "petra")
    assert "0 av 2 skolor har delat sitt underlag." in seen.said
    seen.press("contributions_write")
    seen.fill_in(challenges="Tiden.", link="intranätet").press("contributions_share")
    assert "Länken ska börja med https:// eller http://." in seen.said and seen.rows() == []
    seen.fill_in(link="https://example.se/x").press("contributions_share")
    [row] = seen.rows()
    assert (row["Läsår"], row["Nr"], row["Skolenhetskod"], row["Utmaningar"], row["Länk"]) == (
        SCHOOL_YEAR,
        1,
        EKSKOLAN,
        "Tiden.",
        "https://example.se/x",
    )
    assert "1 av 2 skolor har delat sitt underlag." in seen.said
    seen.press("contributions_undo")
    assert seen.rows() == []


@pytest.mark.parametrize("answer", ["contributions_theirs", "contributions_mine", "contributions_both"])
def test_two_who_write_for_one_school_lose_neither_text(section: Make, answer: str) -> None:
    row = {"Läsår": SCHOOL_YEAR, "Nr": 1, "Skolenhetskod": EKSKOLAN, "Lärdomar": "Börja."}
    seen = section(the_contributions, "petra", contributions=[row]).press("contributions_write")
    seen.typed_by_hand("Lärdomar", "Börja litet.")
    seen.fill_in(lessons="Börja tillsammans.").press("contributions_share")
    assert "Nu står det: Börja litet." in seen.said and "Du skrev: Börja tillsammans." in seen.said
    seen.press(answer)
    assert (
        seen.rows()[0]["Lärdomar"]
        == {
            "contributions_theirs": "Börja litet.",
            "contributions_mine": "Börja tillsammans.",
            "contributions_both": "Börja litet.\n\nBörja tillsammans.",
        }[answer]
    )


def test_what_is_shared_is_read_by_the_other_school_but_not_written(section: Make) -> None:
    row = {"Läsår": SCHOOL_YEAR, "Nr": 1, "Skolenhetskod": EKSKOLAN, "Lärdomar": "Börja litet."}
    per = section(the_contributions, "per", contributions=[row])
    assert "Lärdomar: Börja litet." in per.said.replace("**", "")
    per.press("contributions_write")
    assert "Underlag från Björkskolan" in per.said.replace("**", "")


# --- Attendance -------------------------------------------------------------------------------------------


def test_the_unit_notes_who_came_and_takes_it_back(section: Make) -> None:
    seen = section(the_attendance).press("attendance_open")
    seen.fill_in(**{EKSKOLAN: 4}).press("attendance_save")
    [row] = seen.rows()
    assert (row["Läsår"], row["Nr"], row["Skolenhetskod"], row["Antal"]) == (SCHOOL_YEAR, 1, EKSKOLAN, 4)
    assert list(seen.seen.table("Antal")["Antal"]) == ["–", "4"]
    seen.press("attendance_undo")
    assert seen.rows() == []


# --- The page ---------------------------------------------------------------------------------------------


def test_a_principal_of_a_school_outside_the_year_sees_nothing_of_it(visit: Opener, tmp_path: Path) -> None:
    row = {"Läsår": SCHOOL_YEAR, "Nr": 1, "Skolenhetskod": BJORKSKOLAN, "Lärdomar": "Hemligt."}
    only = [an_application(BJORKSKOLAN, "Antagen"), an_application(EKSKOLAN, "Avslagen")]
    sheets = register_sheets([], applications=only, sessions=SESSIONS, contributions=[row])
    visit.move(save(tmp_path / "data", sheets), tmp_path)
    seen = visit("process_year", "petra", lasar=SCHOOL_YEAR)
    assert "Din skola är inte antagen till något läsår än." in seen.text
    for secret in ("Björkskolan", "Tema 1", "Hemligt", "Goto 10"):
        assert secret not in seen.text
    per = visit("process_year", "per", lasar=SCHOOL_YEAR)
    assert "Tema 1" in per.text and "Björkskolan" in per.text


@pytest.mark.parametrize("who", ["siri", "rut", "frida", "nils"])
def test_the_page_is_for_the_unit_and_principals(visit: Opener, who: str) -> None:
    assert visit("process_year", who).h1 == "Behörighet saknas"


def test_the_demo_year_is_the_one_under_way(visit: Opener) -> None:
    seen = visit("process_year", "unni")
    assert seen.address["lasar"] == "2021-2022"
    assert seen.headings == [
        "Nästa: lärtillfälle 4, Kultur, delaktighet och likvärdighet",
        "3 av 6 lärtillfällen har varit",
        "Lärtillfälle för lärtillfälle",
        "Besöken hos varandra",
        "Certifieringen",
        "Att göra och påminna om",
    ]
