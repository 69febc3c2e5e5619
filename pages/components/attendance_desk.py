"""What the unit is noting of who came to a learning session."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import streamlit as st

from pages.components import current, plan_desk
from pages.components.gate import permitted
from services.attending import attendance_of, noting
from services.domain.access import Deed
from services.domain.learning_session import Attendance
from services.domain.school import SchoolCode
from services.visiting import schools_of

NAME, FIELD = "attendance", "attendance_field_"
_DESK = "attendance_desk"


@dataclass(slots=True)
class Desk:
    """The session whose attendance is being noted, and what stood there when the form was opened."""

    year: str = ""
    number: int = 0
    seen: Mapping[SchoolCode, Attendance] = field(default_factory=dict)

    def is_open(self, year: str, number: int) -> bool:
        """Whether the form is open for this session."""
        return (self.year, self.number) == (year, number)


def desk() -> Desk:
    """This visitor's own."""
    found: Desk = st.session_state.setdefault(_DESK, Desk())
    return found


@permitted(Deed.PLAN_SESSIONS)
def open_form(year: str, number: int) -> None:
    """Begin to note; what stands there now is what the visitor has seen."""
    noted = attendance_of(current.register(), year)
    seen = {code: one for (session, code), one in noted.items() if session == number}
    st.session_state[_DESK] = Desk(year, number, seen)
    plan_desk.desk(NAME).forget_last()


def close_form() -> None:
    """Leave it as it is."""
    st.session_state[_DESK] = Desk()
    plan_desk.desk(NAME).forget_last()


@permitted(Deed.PLAN_SESSIONS)
def save() -> None:
    """Note what the form tells."""
    mine, register = desk(), current.register()
    counts = {code: _count(code) for code in schools_of(register, mine.year)}
    if plan_desk.do(NAME, noting(register, mine.year, mine.number, counts, mine.seen)):
        st.session_state[_DESK] = Desk()


def _count(code: SchoolCode) -> int | None:
    value = st.session_state.get(f"{FIELD}{code}")
    return value if isinstance(value, int) else None


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


ANSWERS = plan_desk.Answers(turn_back, keep_theirs, write_mine, write_mine)
