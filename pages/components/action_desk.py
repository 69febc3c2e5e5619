"""What a principal is doing with her school's action plan: a new action, or a change of one."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import streamlit as st

from pages.components import current, plan_desk
from pages.components.gate import permitted
from services.domain.access import Deed
from services.domain.plan import Action
from services.domain.school import SchoolCode
from services.plan_writing import addition, change
from services.planning import ProposedAction
from services.tables.sheet import Cell

NAME, FIELD = "actions", "actions_field_"
_DESK = "action_desk"

FIELDS = {
    "goal": "Mål",
    "activity": "Aktivitet",
    "responsible": "Ansvarig roll",
    "due": "Klart senast",
    "status": "Status",
    "follow_up": "Uppföljning",
}
"""The header of each field's column, by what follows FIELD in its key; `about` is two columns."""

About = tuple[int | None, str | None]
"""An area, and a question in it or none."""


@dataclass(slots=True)
class Desk:
    """The form that is open: for an action as it was seen then, or for a new one with words to begin from."""

    school: SchoolCode | None = None
    opened: Action | None = None
    proposed: ProposedAction | None = None
    is_adding: bool = False

    def has_form(self, school: SchoolCode) -> bool:
        """Whether a form is open for this school."""
        return self.school == school and (self.is_adding or self.opened is not None)


def desk() -> Desk:
    """This visitor's own."""
    found: Desk = st.session_state.setdefault(_DESK, Desk())
    return found


@permitted(Deed.WRITE_ACTIONS)
def open_new(school: SchoolCode, proposed: ProposedAction | None = None) -> None:
    """Begin a new action, with the words of a proposal where there is one."""
    st.session_state[_DESK] = Desk(school, None, proposed, is_adding=True)
    plan_desk.desk(NAME).forget_last()


@permitted(Deed.WRITE_ACTIONS)
def open_form(school: SchoolCode, action: Action) -> None:
    """Begin to change an action; what stands there now is what the visitor has seen."""
    st.session_state[_DESK] = Desk(school, action)
    plan_desk.desk(NAME).forget_last()


def close_form() -> None:
    """Leave the plan as it is."""
    st.session_state[_DESK] = Desk()
    plan_desk.desk(NAME).forget_last()


@permitted(Deed.WRITE_ACTIONS)
def save(school: SchoolCode, round_: str) -> None:
    """Write what the form tells."""
    mine, register = desk(), current.register()
    if not mine.has_form(school):
        return
    if mine.opened is not None:
        plan = change(register, mine.opened, _values())
    else:
        plan = addition(register, school, round_, _values())
    if plan_desk.do(NAME, plan):
        st.session_state[_DESK] = Desk()


def _values() -> dict[str, Cell]:
    found: dict[str, Cell] = {}
    about: Any = st.session_state.get(f"{FIELD}about")
    found["Delområde"], found["Fråga"] = about if isinstance(about, tuple) else (None, None)
    for name, header in FIELDS.items():
        value = st.session_state.get(f"{FIELD}{name}")
        if isinstance(value, dt.datetime):
            value = value.date()
        found[header] = (value.strip() or None) if isinstance(value, str) else value
    return found


@permitted(Deed.WRITE_ACTIONS)
def turn_back() -> None:
    """Take back the last deed."""
    plan_desk.turn_back(NAME)


@permitted(Deed.WRITE_ACTIONS)
def keep_theirs() -> None:
    """Let what somebody else has written stand."""
    plan_desk.keep_theirs(NAME)


@permitted(Deed.WRITE_ACTIONS)
def write_mine() -> None:
    """Write over it."""
    plan_desk.write_mine(NAME)


@permitted(Deed.WRITE_ACTIONS)
def write_both() -> None:
    """Keep both texts."""
    plan_desk.write_both(NAME)


ANSWERS = plan_desk.Answers(turn_back, keep_theirs, write_mine, write_both)
