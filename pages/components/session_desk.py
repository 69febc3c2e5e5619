"""What the unit is doing with learning sessions: laying out a läsår, or changing a session."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import streamlit as st

from pages.components import current, plan_desk
from pages.components.gate import permitted
from services.domain.access import Deed
from services.domain.learning_session import NUMBERS, LearningSession
from services.learning_sessions import change, laying_out
from services.tables.sheet import Cell

NAME, FIELD = "sessions", "sessions_field_"
_DESK = "session_desk"

FIELDS = {
    "theme": "Tema",
    "day": "Datum",
    "start": "Start",
    "end": "Slut",
    "place": "Plats",
    "contents": "Innehåll",
    "preparation": "Förberedelse",
}
"""The header of each field's column, by what follows FIELD in its key."""


@dataclass(slots=True)
class Desk:
    """The session whose form is open, as it was seen then."""

    opened: LearningSession | None = None


def desk() -> Desk:
    """This visitor's own."""
    found: Desk = st.session_state.setdefault(_DESK, Desk())
    return found


def day_key(number: int) -> str:
    """The field for the day of a session in a läsår that is laid out."""
    return f"{FIELD}new_day_{number}"


@permitted(Deed.PLAN_SESSIONS)
def lay_out(year: str) -> None:
    """Add the six sessions, with the days that the form tells."""
    days = {number: _day(st.session_state.get(day_key(number))) for number in NUMBERS}
    plan_desk.do(NAME, laying_out(current.register(), year, days))


@permitted(Deed.PLAN_SESSIONS)
def open_form(seen: LearningSession) -> None:
    """Begin to change a session; what stands there now is what the visitor has seen."""
    desk().opened = seen
    plan_desk.desk(NAME).forget_last()


def close_form() -> None:
    """Leave the session as it is."""
    desk().opened = None
    plan_desk.desk(NAME).forget_last()


@permitted(Deed.PLAN_SESSIONS)
def save() -> None:
    """Change the session as the form tells."""
    mine = desk()
    if mine.opened is None:
        return
    new: dict[str, Cell] = {
        header: _cell(st.session_state.get(f"{FIELD}{name}")) for name, header in FIELDS.items()
    }
    if plan_desk.do(NAME, change(current.register(), mine.opened, new)):
        mine.opened = None


def _cell(value: Any) -> Cell:
    if isinstance(value, str):
        return value.strip() or None
    return _day(value) if isinstance(value, dt.datetime) else value


def _day(value: Any) -> dt.date | None:
    if isinstance(value, dt.datetime):
        return value.date()
    return value if isinstance(value, dt.date) else None


@permitted(Deed.PLAN_SESSIONS)
def turn_back() -> None:
    """Take back the last deed."""
    plan_desk.turn_back(NAME)


@permitted(Deed.PLAN_SESSIONS)
def keep_theirs() -> None:
    """Let what somebody else has written stand."""
    plan_desk.keep_theirs(NAME)


@permitted(Deed.PLAN_SESSIONS)
def write_mine() -> None:
    """Write over it."""
    plan_desk.write_mine(NAME)


@permitted(Deed.PLAN_SESSIONS)
def write_both() -> None:
    """Keep both texts."""
    plan_desk.write_both(NAME)


ANSWERS = plan_desk.Answers(turn_back, keep_theirs, write_mine, write_both)
