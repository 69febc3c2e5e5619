"""What the unit is doing with certificates: a decision, a renewal, a revocation, or a correction of one."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import streamlit as st

from pages.components import current, plan_desk
from pages.components.gate import permitted
from services.awarding import Award, change, decision, renewal, revocation
from services.domain.access import Deed
from services.domain.process import Decision
from services.domain.school import SchoolCode
from services.grounds import grounds_of, without_grounds
from services.tables.sheet import Cell

NAME, FIELD = "certificates", "certificates_field_"
_DESK = "certificate_desk"


class Doing(StrEnum):
    """Which form is open."""

    DECIDE = "decide"
    RENEW = "renew"
    REVOKE = "revoke"
    CORRECT = "correct"


@dataclass(slots=True)
class Desk:
    """The form that is open, about which school, and for a correction the decision as it was seen then."""

    doing: Doing | None = None
    school: SchoolCode | None = None
    id: str = ""
    seen: Mapping[str, Cell] = field(default_factory=dict)


def desk() -> Desk:
    """This visitor's own."""
    found: Desk = st.session_state.setdefault(_DESK, Desk())
    return found


@permitted(Deed.CERTIFY)
def open_form(doing: Doing, school: SchoolCode) -> None:
    """Begin a decision about a school."""
    st.session_state[_DESK] = Desk(doing, school)
    plan_desk.desk(NAME).forget_last()


@permitted(Deed.CERTIFY)
def open_correction(school: SchoolCode, id_: str, seen: Mapping[str, Cell]) -> None:
    """Begin to correct a decision; what stands there now is what the visitor has seen."""
    st.session_state[_DESK] = Desk(Doing.CORRECT, school, id_, seen)
    plan_desk.desk(NAME).forget_last()


def close_form() -> None:
    """Leave things as they are."""
    st.session_state[_DESK] = Desk()
    plan_desk.desk(NAME).forget_last()


@permitted(Deed.CERTIFY)
def save(year: str) -> None:
    """Decide what the form tells."""
    mine, register, today = desk(), current.register(), current.today()
    if mine.doing is None or mine.school is None:
        return
    if mine.doing is Doing.CORRECT:
        plan = change(register, mine.id, mine.seen, _corrected(mine.seen))
    elif mine.doing is Doing.DECIDE:
        plan = decision(register, year, mine.school, _award(_decided()), today)
    elif mine.doing is Doing.RENEW:
        plan = renewal(register, mine.school, _award(Decision.RENEWED), today)
    else:
        plan = revocation(register, mine.school, _award(Decision.REVOKED), today)
    if plan_desk.do(NAME, plan):
        st.session_state[_DESK] = Desk()


def _decided() -> Decision:
    told = _field("decision")
    return Decision(told) if told in set(Decision) else Decision.REVOKED  # which is refused as no choice


def _award(what: Decision) -> Award:
    return Award(what, _day("date"), _text("reasons"), _text("record"))


def _corrected(seen: Mapping[str, Cell]) -> dict[str, Cell]:
    """The cells as the form has them; what the decision stood on stays below the reasons."""
    stood_on = grounds_of(str(seen.get("Motivering") or ""))
    reasons = _text("reasons")
    if reasons == without_grounds(str(seen.get("Motivering") or "")):
        kept: Cell = seen.get("Motivering")
    else:
        kept = stood_on.below(reasons) if stood_on else reasons or None
    return {
        "Datum": _day("date"),
        "Giltigt till": _day("until"),
        "Motivering": kept,
        "Diarienummer": _text("record") or None,
    }


def _field(name: str) -> Any:
    return st.session_state.get(f"{FIELD}{name}")


def _day(name: str) -> dt.date | None:
    value = _field(name)
    return value.date() if isinstance(value, dt.datetime) else value


def _text(name: str) -> str:
    return str(_field(name) or "").strip()


@permitted(Deed.CERTIFY)
def turn_back() -> None:
    """Take back the last decision."""
    plan_desk.turn_back(NAME)


@permitted(Deed.CERTIFY)
def keep_theirs() -> None:
    """Let what somebody else has written stand."""
    plan_desk.keep_theirs(NAME)


@permitted(Deed.CERTIFY)
def write_mine() -> None:
    """Write over it."""
    plan_desk.write_mine(NAME)


@permitted(Deed.CERTIFY)
def write_both() -> None:
    """Keep both texts."""
    plan_desk.write_both(NAME)


ANSWERS = plan_desk.Answers(turn_back, keep_theirs, write_mine, write_both)
