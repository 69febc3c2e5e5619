"""Who waits for what in the process year, with words to copy: no mail is sent."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from services.awarding import LAST_SESSION, undecided
from services.certified_schools import Validity, certified_schools
from services.days import day_in_words
from services.domain.access import Deed, Visitor
from services.domain.process import ApplicationStatus
from services.domain.school import SchoolCode
from services.domain.visit import Visit, VisitStatus
from services.planning import actions_of
from services.register import Register
from services.visiting import visits_of
from services.year_facts import facts_of_year, session_days

SOON = dt.timedelta(days=21)
"""How long before a session its contributions are asked for."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that somebody waits for.

    `from_school` is the school whose principal has something to do; None where it is the unit. `since` is
    the day it should have been done, or is to be done; `words` are ready to send, "" to oneself.
    """

    from_school: SchoolCode | None
    what: str
    since: dt.date | None = None
    words: str = ""

    def is_late(self, today: dt.date) -> bool:
        """Whether the day has passed."""
        return self.since is not None and self.since < today


def waiting_for(register: Register, visitor: Visitor, year: str, today: dt.date) -> tuple[Waiting, ...]:
    """All that is waited for in a läsår, by day. NotPermitted for others than the unit."""
    visitor.must(Deed.CERTIFY)
    found = [
        *_decisions_on_applications(register, year),
        *_attendance(register, year, today),
        *_contributions(register, year, today),
        *_visits(register, year, today),
        *_late_actions(register, year, today),
        *_decisions_on_certificates(register, year, today),
        *_renewals(register, visitor, today),
    ]
    return tuple(sorted(found, key=lambda one: (one.since is None, one.since or today)))


def _decisions_on_applications(register: Register, year: str) -> Iterator[Waiting]:
    for one in register.applications:
        if one.school_year == year and one.status is ApplicationStatus.SENT:
            name = register.school_name(one.school)
            yield Waiting(None, f"Besluta om ansökan från {name}.", one.sent)


def _attendance(register: Register, year: str, today: dt.date) -> Iterator[Waiting]:
    facts = facts_of_year(register, year).values()
    for number, day in session_days(register, year).items():
        missing = [register.school_name(one.school) for one in facts if number not in one.counted]
        if day < today and missing:
            names = ", ".join(missing)
            yield Waiting(None, f"Skriv in närvaron vid lärtillfälle {number} för {names}.", day)


def _contributions(register: Register, year: str, today: dt.date) -> Iterator[Waiting]:
    """Asked for from three weeks before a session: what came too late for one is no longer waited for."""
    for number, day in session_days(register, year).items():
        if not today <= day <= today + SOON:
            continue
        when = day_in_words(day)
        for code, facts in facts_of_year(register, year).items():
            if number in facts.contributed:
                continue
            words = (
                f"Hej! Den {when} är det lärtillfälle {number} i läsåret {year}. "
                f"{register.school_name(code)} har inte delat något underlag inför det än. Fyll gärna i "
                "utmaningar, målbild, aktiviteter och lärdomar på sidan Processåret före dess, så hinner "
                "de andra skolorna läsa."
            )
            yield Waiting(code, f"Dela underlag inför lärtillfälle {number}.", day, words)


def _visits(register: Register, year: str, today: dt.date) -> Iterator[Waiting]:
    days = session_days(register, year)
    for one in visits_of(register, year):
        if not one.counts or one.status is VisitStatus.HELD or one.after is None:
            continue
        begins, ends = days.get(one.after), days.get(one.after + 1)
        if one.date is not None and one.date < today:
            yield _untold(register, one)
        elif one.date is None and begins is not None and begins <= today:
            yield _undated(register, one, ends)


def _untold(register: Register, one: Visit) -> Waiting:
    assert one.date is not None and one.host is not None
    host = register.school_name(one.host)
    words = (
        f"Hej! Den {day_in_words(one.date)} skulle ni besöka {host}. Berätta på sidan Processåret om besöket "
        "blev av och vad ni tog med er hem, så får de andra skolorna också lära av det."
    )
    return Waiting(one.guest, f"Berätta om besöket hos {host}.", one.date, words)


def _undated(register: Register, one: Visit, ends: dt.date | None) -> Waiting:
    assert one.host is not None and one.guest is not None
    host, guest = register.school_name(one.host), register.school_name(one.guest)
    before = f" före lärtillfälle {(one.after or 0) + 1} den {day_in_words(ends)}" if ends else ""
    words = (
        f"Hej! {guest} ska besöka er{before}, men besöket har ingen dag än. Kom överens med {guest} om "
        "en dag och skriv in den på sidan Processåret."
    )
    return Waiting(one.host, f"Bestäm en dag för besöket från {guest} hos {host}.", ends, words)


def _late_actions(register: Register, year: str, today: dt.date) -> Iterator[Waiting]:
    for code in facts_of_year(register, year):
        late = [one for one in actions_of(register, code) if one.is_late(today)]
        if not late:
            continue
        first = min(one.due for one in late if one.due is not None)
        how_many = "En insats" if len(late) == 1 else f"{len(late)} insatser"
        name = register.school_name(code)
        done = "klar" if len(late) == 1 else "klara"
        words = (
            f"Hej! {how_many} i handlingsplanen för {name} skulle ha varit {done}. "
            "Gå in på sidan Handlingsplan och följ upp: är det klart, behövs mer tid eller ska det avbrytas?"
        )
        yield Waiting(code, "Följ upp försenade insatser i handlingsplanen.", first, words)


def _decisions_on_certificates(register: Register, year: str, today: dt.date) -> Iterator[Waiting]:
    last = session_days(register, year).get(LAST_SESSION)
    if last is not None and last <= today:
        for code in undecided(register, year):
            yield Waiting(None, f"Besluta om certifikat för {register.school_name(code)}.", last)


def _renewals(register: Register, visitor: Visitor, today: dt.date) -> Iterator[Waiting]:
    for one in certified_schools(register, visitor, today):
        if not one.is_to_renew or one.latest.valid_to is None:
            continue
        until = day_in_words(one.latest.valid_to)
        went = "gick ut" if one.validity is Validity.LAPSED else "går ut"
        words = (
            f"Hej! Certifikatet för {one.name} {went} den {until}. Hör av er till oss om ni vill förnya det. "
            "Ta gärna med skolans sida för den senaste självskattningen, er handlingsplan och vad ni lärt "
            "er sedan certifieringen."
        )
        yield Waiting(one.school, "Tala om förnyelse av certifikatet.", one.latest.valid_to, words)
