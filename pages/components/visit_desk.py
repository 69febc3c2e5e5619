"""What one visitor is doing with the visits of a process year: a proposal, a new visit, a change of one."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import streamlit as st

from pages.components import current, plan_desk
from pages.components.gate import permitted
from services.domain.access import Deed
from services.domain.school import SchoolCode
from services.domain.visit import Match, Visit
from services.errors import Trouble
from services.tables.sheet import Cell
from services.visit_proposing import Proposal, adoption, propose
from services.visiting import addition, change

NAME = "visits"
GAPS, FIELD = "visits_gaps", "visits_field_"
_DESK = "visit_desk"

FIELDS = {
    "Efter tillfälle": "after",
    "Värdskola": "host",
    "Besökande skola": "guest",
    "Datum": "date",
    "Fokus": "focus",
    "Status": "status",
    "Iakttagelser": "observations",
}
"""The key of each field, after FIELD, by the header of its column."""


@dataclass(slots=True)
class Desk:
    """The proposal that is shown, and the visit whose form is open, as it was seen then."""

    proposal: Proposal | None = None
    is_proposing: bool = False
    opened: Visit | None = None
    is_adding: bool = False

    @property
    def has_form(self) -> bool:
        """Whether a form is open."""
        return self.is_adding or self.opened is not None


def desk() -> Desk:
    """This visitor's own."""
    found: Desk = st.session_state.setdefault(_DESK, Desk())
    return found


def unable_key(gap: int) -> str:
    """The field in which schools are named that can't in this gap."""
    return f"visits_unable_{gap}"


@permitted(Deed.PLAN_VISITS)
def ask_for_proposal() -> None:
    """Note that a proposal is wanted; the page makes it, as it takes a while."""
    desk().is_proposing = True
    plan_desk.desk(NAME).forget_last()


def make_proposal(year: str) -> None:
    """Make the proposal that was asked for, from what the fields say."""
    mine = desk()
    mine.is_proposing = False
    gaps = [int(one) for one in st.session_state.get(GAPS) or ()]
    unable = [(SchoolCode(code), gap) for gap in gaps for code in st.session_state.get(unable_key(gap)) or ()]
    try:
        mine.proposal = propose(current.register(), current.visitor(), year, gaps, unable)
    except Trouble as trouble:
        mine.proposal, plan_desk.desk(NAME).trouble = None, str(trouble)


@permitted(Deed.PLAN_VISITS)
def adopt() -> None:
    """Add the visits of the proposal."""
    mine = desk()
    if mine.proposal is not None and plan_desk.do(NAME, adoption(current.register(), mine.proposal)):
        mine.proposal = None


def drop_proposal() -> None:
    """Leave the proposal."""
    desk().proposal = None


@permitted(Deed.PLAN_VISITS)
def open_new() -> None:
    """Begin to add a visit by hand."""
    mine = desk()
    mine.is_adding, mine.opened = True, None
    plan_desk.desk(NAME).forget_last()


@permitted(Deed.TELL_OF_VISITS)
def open_form(visit: Visit) -> None:
    """Begin to change a visit; what stands there now is what the visitor has seen."""
    mine = desk()
    mine.opened, mine.is_adding = visit, False
    plan_desk.desk(NAME).forget_last()


def close_form() -> None:
    """Leave the visits as they are."""
    mine = desk()
    mine.opened, mine.is_adding = None, False
    plan_desk.desk(NAME).forget_last()


@permitted(Deed.PLAN_VISITS)
def add(year: str) -> None:
    """Add the visit that the form tells of."""
    values = _values()
    match = Match(
        int(values.get("Efter tillfälle") or 0),
        SchoolCode(str(values.get("Värdskola") or "")),
        SchoolCode(str(values.get("Besökande skola") or "")),
        values.get("Fokus"),
    )
    if not match.host or not match.guest:
        plan_desk.desk(NAME).trouble = "Välj både den skola som tar emot och den som kommer."
        return
    if plan_desk.do(NAME, addition(current.register(), year, match, values.get("Datum"))):
        desk().is_adding = False


@permitted(Deed.TELL_OF_VISITS)
def save() -> None:
    """Change the visit as the form tells."""
    mine = desk()
    if mine.opened is None:
        return
    values: dict[str, Cell] = {
        header: (value or None) if header == "Iakttagelser" else value for header, value in _values().items()
    }
    if plan_desk.do(NAME, change(current.register(), mine.opened, values)):
        mine.opened = None


def _values() -> dict[str, Any]:
    """What the open form says, by header; a field that is not in it is left out."""
    found = {}
    for header, name in FIELDS.items():
        if (key := f"{FIELD}{name}") in st.session_state:
            value = st.session_state[key]
            found[header] = value.strip() if isinstance(value, str) else value
            if isinstance(value, dt.datetime):
                found[header] = value.date()
    return found


@permitted(Deed.TELL_OF_VISITS)
def turn_back() -> None:
    """Take back the last deed."""
    plan_desk.turn_back(NAME)


@permitted(Deed.TELL_OF_VISITS)
def keep_theirs() -> None:
    """Let what somebody else has written stand."""
    plan_desk.keep_theirs(NAME)


@permitted(Deed.TELL_OF_VISITS)
def write_mine() -> None:
    """Write over it."""
    plan_desk.write_mine(NAME)


@permitted(Deed.TELL_OF_VISITS)
def write_both() -> None:
    """Keep both texts."""
    plan_desk.write_both(NAME)


ANSWERS = plan_desk.Answers(turn_back, keep_theirs, write_mine, write_both)
