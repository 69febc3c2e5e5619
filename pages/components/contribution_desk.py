"""What somebody is sharing for a learning session."""

from dataclasses import dataclass

import streamlit as st

from pages.components import current, plan_desk
from pages.components.gate import permitted
from services.contributing import LINK, TEXTS, contribution_of, sharing
from services.domain.access import Deed
from services.domain.learning_session import Contribution
from services.domain.school import SchoolCode
from services.tables.sheet import Cell

NAME, FIELD = "contributions", "contributions_field_"
_DESK = "contribution_desk"

FIELDS = dict(zip(("challenges", "vision", "activities", "lessons", "link"), (*TEXTS, LINK), strict=True))
"""The header of each field's column, by what follows FIELD in its key."""


@dataclass(slots=True)
class Desk:
    """The contribution whose form is open, as it was seen then."""

    opened: Contribution | None = None


def desk() -> Desk:
    """This visitor's own."""
    found: Desk = st.session_state.setdefault(_DESK, Desk())
    return found


@permitted(Deed.CONTRIBUTE)
def open_form(year: str, number: int, school: SchoolCode) -> None:
    """Begin to share; what stands there now is what the visitor has seen."""
    desk().opened = contribution_of(current.register(), year, number, school)
    plan_desk.desk(NAME).forget_last()


def close_form() -> None:
    """Leave it as it is."""
    desk().opened = None
    plan_desk.desk(NAME).forget_last()


@permitted(Deed.CONTRIBUTE)
def share() -> None:
    """Share what the form tells."""
    mine = desk()
    if mine.opened is None:
        return
    new: dict[str, Cell] = {
        header: str(st.session_state.get(f"{FIELD}{name}") or "").strip() or None
        for name, header in FIELDS.items()
    }
    if plan_desk.do(NAME, sharing(current.register(), mine.opened, new)):
        mine.opened = None


@permitted(Deed.CONTRIBUTE)
def turn_back() -> None:
    """Take back the last deed."""
    plan_desk.turn_back(NAME)


@permitted(Deed.CONTRIBUTE)
def keep_theirs() -> None:
    """Let what somebody else has written stand."""
    plan_desk.keep_theirs(NAME)


@permitted(Deed.CONTRIBUTE)
def write_mine() -> None:
    """Write over it."""
    plan_desk.write_mine(NAME)


@permitted(Deed.CONTRIBUTE)
def write_both() -> None:
    """Keep both texts."""
    plan_desk.write_both(NAME)


ANSWERS = plan_desk.Answers(turn_back, keep_theirs, write_mine, write_both)
