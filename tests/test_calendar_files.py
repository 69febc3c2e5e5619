"""The calendar file: read back by two readers, and a session that is moved moves."""

import datetime as dt

import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from services.calendar_files import TIME_ZONE, calendar_file, calendar_name
from services.errors import NotPermitted, UnknownChoice
from tests.hostile.payloads import payloads
from tests.people import EKSKOLAN, Row, a_register, an_application, visitor

YEAR = "2021-2022"
NOW = dt.datetime(2022, 1, 24, 9, 41, tzinfo=TIME_ZONE)


def a_session(number: int = 1, day: dt.date | None = dt.date(2022, 2, 9), **more) -> Row:
    return {"Läsår": YEAR, "Nr": number, "Tema": "Digitalt ledarskap", "Datum": day, **more}


def file_of(*sessions: Row, who: str = "Unni", now: dt.datetime = NOW, number: int | None = None) -> bytes:
    register = a_register(sessions=sessions, applications=[an_application(EKSKOLAN, "Antagen")])
    return calendar_file(register, visitor(who), YEAR, now, number)


def events(file: bytes) -> list:
    return list(Calendar.from_ical(file).walk("VEVENT"))


TIMED = a_session(
    Start="13.00",
    Slut="16.30",
    Plats="Goto 10, Malmö; sal 2",
    Innehåll="Vi delar.\nVi läser.",
    Förberedelse="Läs.",
)


def test_a_session_is_in_the_file_as_it_is_in_the_sheet() -> None:
    [event] = events(file_of(TIMED))

    assert event["SUMMARY"] == "Lärtillfälle 1: Digitalt ledarskap"
    assert event["LOCATION"] == "Goto 10, Malmö; sal 2"
    assert event["DESCRIPTION"] == "Vi delar.\nVi läser.\n\nAtt göra före: Läs."
    assert event["DTSTART"].dt == dt.datetime(2022, 2, 9, 13, 0, tzinfo=TIME_ZONE)
    assert event["DTEND"].dt.utcoffset() == dt.timedelta(hours=1)
    assert b"DTSTART;TZID=Europe/Stockholm:20220209T130000" in file_of(TIMED)


def test_summer_time_is_summer_time() -> None:
    file = file_of(a_session(6, dt.date(2022, 5, 18), Start="13.00"))

    [event] = events(file)
    assert event["DTSTART"].dt.utcoffset() == dt.timedelta(hours=2)
    assert file.count(b"BEGIN:VTIMEZONE") == 1


def test_a_second_reader_opens_the_file_and_reads_the_same() -> None:
    file = file_of(TIMED, a_session(2, dt.date(2022, 3, 30)))

    read = vobject.readOne(file.decode())
    first, second = read.vevent_list
    assert first.summary.value == "Lärtillfälle 1: Digitalt ledarskap"
    assert first.dtstart.value.astimezone(dt.UTC) == dt.datetime(2022, 2, 9, 12, 0, tzinfo=dt.UTC)
    assert first.dtend.value.astimezone(dt.UTC) == dt.datetime(2022, 2, 9, 15, 30, tzinfo=dt.UTC)
    assert second.dtstart.value == dt.date(2022, 3, 30), "without a time it is the whole day"
    assert read.validate(raiseException=True)


def test_a_moved_session_is_the_same_one_with_a_higher_number() -> None:
    [before] = events(file_of(TIMED))
    moved = {**TIMED, "Datum": dt.date(2022, 2, 16), "Tema": "Ett annat tema"}
    [after] = events(file_of(moved, now=NOW + dt.timedelta(minutes=1)))

    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after["DTSTART"].dt - before["DTSTART"].dt == dt.timedelta(days=7)


def test_every_session_is_one_of_its_own_alone_or_among_the_others() -> None:
    sessions = [a_session(number) for number in range(1, 7)]
    alone = [events(file_of(*sessions, number=number))[0]["UID"] for number in range(1, 7)]

    assert [one["UID"] for one in events(file_of(*sessions))] == alone
    assert len(set(alone)) == 6
    [next_year] = events(
        calendar_file(
            a_register(sessions=[{**a_session(), "Läsår": "2022-2023"}]), visitor("Unni"), "2022-2023", NOW
        )
    )
    assert next_year["UID"] not in alone


def test_a_session_without_a_day_is_left_out_and_without_any_there_is_no_file() -> None:
    assert len(events(file_of(a_session(1), a_session(2, None)))) == 1
    with pytest.raises(UnknownChoice, match="inget datum"):
        file_of(a_session(1, None))


def test_an_end_before_the_beginning_is_left_out() -> None:
    [event] = events(file_of(a_session(Start="13.00", Slut="09.00")))
    assert "DTEND" not in event


@pytest.mark.parametrize(("who", "may"), [("Unni", True), ("Petra", True), ("Per", False), ("Siri", False)])
def test_the_calendar_is_for_the_unit_and_the_schools_of_the_year(who: str, may: bool) -> None:
    if may:
        assert events(file_of(TIMED, who=who))
    else:
        with pytest.raises(NotPermitted):
            file_of(TIMED, who=who)


def test_no_text_from_a_cell_becomes_a_line_of_its_own() -> None:
    for text in [*payloads(("evil.example",)), "a\r\nATTACH:http://evil.example\r\nEND:VEVENT"]:
        file = file_of(a_session(Tema=text, Plats=text, Innehåll=text))
        [event] = events(file)
        assert {"ATTACH", "URL", "ORGANIZER"}.isdisjoint(event)
        assert vobject.readOne(file.decode()).vevent.summary.value.startswith("Lärtillfälle 1:")


@given(st.text(max_size=300))
def test_any_text_survives_a_reading(text: str) -> None:
    file = file_of(a_session(Innehåll=text))
    assert len(events(file)) == 1
    assert len(vobject.readOne(file.decode()).vevent_list) == 1


def test_the_file_has_a_name_that_every_disk_takes() -> None:
    assert calendar_name(YEAR) == "lartillfallen-2021-2022.ics"
    assert calendar_name("../<b>", 3) == "lartillfalle-3-b.ics"
