"""Learning sessions as a calendar file (iCalendar): a session that is moved moves in the calendar too."""

import datetime as dt
import hashlib
import re
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from services.domain.access import Visitor
from services.domain.learning_session import LearningSession
from services.errors import NotPermitted, UnknownChoice
from services.learning_sessions import sessions_of
from services.register import Register
from services.visiting import may_follow_year

TIME_ZONE = ZoneInfo("Europe/Stockholm")
MAKER = "-//Malmö stad//Varje elevs bästa skola//SV"
_DAWN = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
"""What no calendar takes in a text; blanks and new lines stay."""


def _uid(one: LearningSession) -> str:
    """The same as long as the läsår and the number are: that is how a calendar knows it again."""
    known = hashlib.sha256(f"{one.year}\n{one.number}".encode()).hexdigest()[:32]
    return f"lartillfalle-{known}@varje-elevs-basta-skola"


def calendar_file(
    register: Register, visitor: Visitor, year: str, now: dt.datetime, number: int | None = None
) -> bytes:
    """The file with the sessions of a läsår that have a day, or with one of them.

    NotPermitted for whoever takes no part in the läsår, UnknownChoice where there is nothing to put in.
    """
    if not may_follow_year(register, visitor, year):
        raise NotPermitted("Kalendern är för de skolor som är med i läsåret.")
    found = [one for one in sessions_of(register, year) if one.day and number in (None, one.number)]
    if not found:
        raise UnknownChoice("Det finns inget datum att lägga in i kalendern än.")
    file = Calendar()
    file.add("prodid", MAKER)
    file.add("version", "2.0")
    file.add("method", "PUBLISH")
    file.add("x-wr-calname", f"Lärtillfällen {_clean(year)}")
    for one in found:
        file.add_component(_event(one, now))
    file.add_missing_timezones()
    return bytes(file.to_ical())


def calendar_name(year: str, number: int | None = None) -> str:
    """What the file is called."""
    plain = re.sub(r"[^0-9A-Za-z-]", "", year) or "lasar"
    return f"lartillfallen-{plain}.ics" if number is None else f"lartillfalle-{number}-{plain}.ics"


def _event(one: LearningSession, now: dt.datetime) -> Event:
    assert one.day is not None
    event = Event()
    event.add("uid", _uid(one))
    # The sheets are edited by hand, and nothing in them counts the changes: a file that was made later is
    # newer, so its number is the minute it was made. Then a calendar takes the new day for the old.
    event.add("sequence", int((now - _DAWN).total_seconds() // 60))
    event.add("dtstamp", now.astimezone(dt.UTC))
    event.add("last-modified", now.astimezone(dt.UTC))
    event.add("summary", _clean(f"Lärtillfälle {one.number}: {one.theme}"))
    if one.start is None:
        event.add("dtstart", one.day)
    else:
        event.add("dtstart", dt.datetime.combine(one.day, one.start, TIME_ZONE))
        if one.end is not None and one.end > one.start:
            event.add("dtend", dt.datetime.combine(one.day, one.end, TIME_ZONE))
    if one.place:
        event.add("location", _clean(one.place))
    told = [one.contents, f"Att göra före: {one.preparation}" if one.preparation else ""]
    if description := _clean("\n\n".join(text for text in told if text)):
        event.add("description", description)
    event.add("status", "CONFIRMED")
    return event


def _clean(text: str) -> str:
    return _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
