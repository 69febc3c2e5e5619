"""What a visitor is doing with applications: a principal applies or withdraws, the unit decides."""

from dataclasses import dataclass

import streamlit as st

from pages.components import current, plan_desk
from pages.components.gate import permitted
from services.applying import application, ruling, withdrawal, years_to_apply_for
from services.domain.access import Deed
from services.domain.process import Application, ApplicationStatus
from services.domain.school import SchoolCode

NAME, FIELD = "applications", "applications_field_"
_DESK = "application_desk"


@dataclass(slots=True)
class Desk:
    """The application that the unit is deciding about, as it was seen when its form was opened."""

    opened: Application | None = None


def desk() -> Desk:
    """This visitor's own."""
    found: Desk = st.session_state.setdefault(_DESK, Desk())
    return found


@permitted(Deed.APPLY)
def apply(school: SchoolCode) -> None:
    """Send in the application that the form tells of."""
    today = current.today()
    years = years_to_apply_for(today)
    told = st.session_state.get(f"{FIELD}year_{school}")
    motivation = str(st.session_state.get(f"{FIELD}motivation_{school}") or "")
    year = told if told in years else years[0]  # the browser may send anything
    plan_desk.do(NAME, application(current.register(), school, year, motivation, today))


@permitted(Deed.APPLY)
def withdraw(seen: Application) -> None:
    """Take an application back."""
    plan_desk.do(NAME, withdrawal(current.register(), seen))


@permitted(Deed.RULE_ON_APPLICATIONS)
def open_form(seen: Application) -> None:
    """Begin a decision; what stands there now is what the visitor has seen."""
    desk().opened = seen
    plan_desk.desk(NAME).forget_last()


def close_form() -> None:
    """Leave the application as it is."""
    desk().opened = None
    plan_desk.desk(NAME).forget_last()


@permitted(Deed.RULE_ON_APPLICATIONS)
def decide() -> None:
    """Decide as the form tells."""
    mine = desk()
    if mine.opened is None:
        return
    told = st.session_state.get(f"{FIELD}decision")
    what = ApplicationStatus(told) if told in set(ApplicationStatus) else ApplicationStatus.SENT
    reasons = str(st.session_state.get(f"{FIELD}reasons") or "")
    if plan_desk.do(NAME, ruling(current.register(), mine.opened, what, reasons, current.today())):
        mine.opened = None


@permitted(Deed.FOLLOW_APPLICATIONS)
def turn_back() -> None:
    """Take back the last deed."""
    plan_desk.turn_back(NAME)


@permitted(Deed.FOLLOW_APPLICATIONS)
def keep_theirs() -> None:
    """Let what somebody else has written stand."""
    desk().opened = None
    plan_desk.keep_theirs(NAME)


@permitted(Deed.FOLLOW_APPLICATIONS)
def write_mine() -> None:
    """Write over it."""
    plan_desk.write_mine(NAME)


@permitted(Deed.FOLLOW_APPLICATIONS)
def write_both() -> None:
    """Keep both texts."""
    plan_desk.write_both(NAME)


ANSWERS = plan_desk.Answers(turn_back, keep_theirs, write_mine, write_both)
