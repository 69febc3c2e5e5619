"""What stands in the way of a step of a round, or wants a look before it: a sentence each."""

import datetime as dt
import re

from services.answering.form import form_of
from services.answering.keys import RoundSecrets
from services.days import day_in_words
from services.domain.round import Round, RoundStatus
from services.register import Register
from services.round_standing import has_secret

_NAME = re.compile(r"[0-9A-Za-zÅÄÖåäö](?:[0-9A-Za-zÅÄÖåäö -]{0,28}[0-9A-Za-zÅÄÖåäö])?")
"""A round's name becomes part of the name of a spreadsheet, and of a file."""


def wrong_status(round_: Round, wanted: RoundStatus) -> list[str]:
    """Whether it is where it must be on its way from planned to published."""
    if round_.status is wanted:
        return []
    named = round_.status.value.lower() if round_.status else "utan status"
    return [f"Omgång {round_.name} är {named}, och ska vara {wanted.value.lower()} för det här."]


def wrong_name(register: Register, name: str) -> list[str]:
    """What is wrong with the name of a new round, if anything."""
    latest = latest_round(register)
    if not _NAME.fullmatch(name):
        return [
            "Omgångens namn får ha bokstäver, siffror, bindestreck och mellanslag. Skriv till exempel året."
        ]
    if name in register.rounds:
        return [f"Omgång {name} finns redan."]
    if latest is not None and name < latest.name:
        return [f"Namnet ska komma efter {latest.name} i bokstavsordning. Frågorna följer den ordningen."]
    return []


def wrong_dates(opens: dt.date | None, closes: dt.date | None) -> list[str]:
    """Whether its days are there, and in order."""
    if opens is None or closes is None:
        return ["Omgången behöver både en första och en sista dag."]
    return ["Omgångens sista dag är före den första."] if closes < opens else []


def closed_before(round_: Round, secrets: RoundSecrets) -> list[str]:
    """Whether it has been closed once, whatever the sheet says now."""
    if not secrets.is_destroyed(round_.name):
        return []
    return [
        f"Omgång {round_.name} har varit stängd och går inte att öppna igen, för ingen kan längre se vem som "
        "redan har svarat. Sätt tillbaka Status i Omgångar till Stängd, eller förbered en ny omgång."
    ]


def nothing_to_ask(register: Register, name: str) -> list[str]:
    """The areas of which nothing is asked."""
    asked = {step.area.number for step in form_of(register, name).steps}
    return [
        f"Delområde {area.number} {area.name} har inga frågor i omgång {name}."
        for area in register.areas
        if area.number not in asked
    ]


def answered_already(register: Register, name: str, secrets: RoundSecrets) -> list[str]:
    """A secret made anew gives those who have answered another key."""
    count = sum(register.participation.get(name, {}).values())
    if not count or has_secret(secrets, name):
        return []
    return [
        f"{count} har redan svarat i omgången, men servern har inte kvar hemligheten som svaren togs emot "
        "med. De som har svarat kan svara en gång till."
    ]


def without_staff(register: Register, name: str) -> list[str]:
    """The schools whose response rate can't be told."""
    parts = register.school_rounds.get(name, {})
    nobody = [register.school_name(code) for code, part in parts.items() if not part.staff]
    return [f"{school} saknar antal anställda i Skolans omgång." for school in nobody]


def still_answering(register: Register, round_: Round, today: dt.date) -> list[str]:
    """Who could still have answered, if the round were not closed today."""
    parts = register.school_rounds.get(round_.name, {})
    if round_.closes is not None and today <= round_.closes:
        return [
            f"Alla skolor kan svara till och med {day_in_words(round_.closes)}. Stänger ni nu hinner de inte."
        ]
    return [
        f"{register.school_name(code)} har fått tid till och med {day_in_words(part.extended_to)}."
        for code, part in parts.items()
        if part.extended_to is not None and part.is_open_on(today, round_)
    ]


def latest_round(register: Register) -> Round | None:
    """The round that began last; None where there is none with a first day."""
    dated = [one for one in register.rounds.values() if one.opens is not None]
    return max(dated, key=lambda one: one.opens or dt.date.min, default=None)
