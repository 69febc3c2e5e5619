"""What one visitor of the unit is doing with a round: asked about, confirmed, on its way, done.

It lives in her own session. Buttons only note in a callback what is to be done; the page does it, so that an
impatient second click finds that it is on its way. What was interrupted because she left the page is gone
on with when she comes back, and is done once: a plan has an id.
"""

import contextlib
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import streamlit as st

from pages.components import current, open_rounds
from pages.components.gate import permitted
from services import conducting
from services.closing.round_closing import close
from services.conducting import Plan
from services.domain.access import Deed
from services.domain.round import RoundStatus
from services.domain.school import SchoolCode
from services.errors import Conflict, NotReady, Trouble
from services.making_room import Builder
from services.register import Register
from services.tables.schema import load_schema
from services.writing.deeds import Outcome, Received, Refused, Saved, SubmissionId

PATIENCE = 8.0
"""Seconds to wait for "Sparat" before "Mottaget" is said."""

NAME, OPENS, CLOSES = "round_name", "round_opens", "round_closes"
SCHOOL, UNTIL = "extended_school", "extended_until"
"""The fields of the two forms, in the session."""

_DESK = "round_desk"
_MOVED_ON = (
    "Något har ändrats sedan du läste vad som skulle hända, så inget är gjort. Läs igenom igen och bekräfta."
)
_CONFLICT = "Någon annan har ändrat omgången samtidigt, så inget är gjort. Läs igenom igen och bekräfta."

Say = Callable[[str], object]
"""Tells what is being done."""


class Kind(StrEnum):
    """The steps of a round."""

    PREPARE = "prepare"
    OPEN = "open"
    EXTEND = "extend"
    CLOSE = "close"
    PUBLISH = "publish"


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be done with which round; the days and the school as the kind wants them."""

    kind: Kind
    round: str
    opens: dt.date | None = None
    closes: dt.date | None = None
    school: SchoolCode | None = None

    def plan(self, register: Register) -> Plan:
        """What would be done now. UnknownChoice or NotReady where the round or the school is not there."""
        today = current.today()
        match self.kind:
            case Kind.PREPARE:
                assert self.opens is not None and self.closes is not None
                return conducting.preparation(register, self.round, self.opens, self.closes)
            case Kind.OPEN:
                return conducting.opening(register, self.round, today, open_rounds.secrets())
            case Kind.EXTEND:
                assert self.school is not None and self.closes is not None
                return conducting.extension(register, self.round, self.school, self.closes, today)
            case Kind.CLOSE:
                return conducting.closure(register, self.round, today)
        return conducting.publication(register, self.round)


@dataclass(frozen=True, slots=True)
class Task:
    """A wish with the plan that the visitor has read; `is_undo` where it takes back what was done."""

    wish: Wish
    plan: Plan
    is_undo: bool = False


@dataclass(slots=True)
class Desk:
    """At most one thing is asked about and one is being done; `last` is the latest that was."""

    asking: Task | None = None
    doing: Task | None = None
    last: Task | None = None
    received: tuple[Task, ...] = ()
    trouble: str = ""
    refusal: str = ""

    def forget_last(self) -> None:
        """Leave behind what was told of the last deed."""
        self.last, self.trouble, self.refusal = None, "", ""


def desk() -> Desk:
    """This visitor's own."""
    if _DESK not in st.session_state:
        st.session_state[_DESK] = Desk()
    found: Desk = st.session_state[_DESK]
    return found


@permitted(Deed.RUN_ROUNDS)
def ask(kind: Kind, round_: str) -> None:
    """Ask whether a round is to be opened, closed or published."""
    _ask(Wish(kind, round_))


@permitted(Deed.RUN_ROUNDS)
def ask_to_prepare() -> None:
    """Ask about the round that the form tells of."""
    name = str(st.session_state.get(NAME) or "").strip()
    opens, closes = (_day(st.session_state.get(key)) for key in (OPENS, CLOSES))
    if opens is None or closes is None:
        desk().forget_last()
        desk().refusal = "Fyll i både en första och en sista dag."
        return
    _ask(Wish(Kind.PREPARE, name, opens, closes))


@permitted(Deed.RUN_ROUNDS)
def ask_to_extend(round_: str) -> None:
    """Ask about the school and the day that the form tells of."""
    school, until = st.session_state.get(SCHOOL), _day(st.session_state.get(UNTIL))
    if not isinstance(school, str) or until is None:
        desk().forget_last()
        desk().refusal = "Välj både en skola och en ny sista dag."
        return
    _ask(Wish(Kind.EXTEND, round_, closes=until, school=SchoolCode(school)))


def _day(found: object) -> dt.date | None:
    return found if isinstance(found, dt.date) else None


def _ask(wish: Wish) -> None:
    mine = desk()
    if mine.doing is not None:
        return
    mine.forget_last()
    try:
        mine.asking = Task(wish, wish.plan(current.register()))
    except Trouble as trouble:
        mine.trouble = str(trouble)


@permitted(Deed.RUN_ROUNDS)
def confirm() -> None:
    """Note that it is to be done, now that the visitor has read what it does."""
    mine = desk()
    if mine.asking is not None and mine.doing is None:
        mine.doing, mine.asking = mine.asking, None


@permitted(Deed.RUN_ROUNDS)
def turn_back() -> None:
    """Note that the last deed is to be taken back."""
    mine = desk()
    if mine.last is not None and not mine.last.plan.is_final and mine.doing is None:
        mine.doing = Task(mine.last.wish, mine.last.plan.turned_back(), is_undo=True)
        mine.forget_last()


def cancel() -> None:
    """Leave the round as it is."""
    desk().asking = None


def work(say: Say) -> None:
    """Do what is to be done, telling it step by step; what stands in the way is kept, to be said."""
    mine = desk()
    task = mine.doing
    if task is None:
        return
    try:
        outcome = _outcome(task, 0.0) or _done(task, say)
        if isinstance(outcome, Received):
            say("Väntar på att det ska synas i kalkylbladet")
            outcome = _outcome(task, PATIENCE) or Refused()
        _settle(task, outcome)
    except Trouble as trouble:
        mine.trouble = str(trouble)
        current.shared_copy().renew()
    except Exception:
        mine.doing = None
        raise
    # Not where the visitor has left the page in the middle of it: then it is gone on with.
    mine.doing = None


def _done(task: Task, say: Say) -> Outcome:
    """Carry it out as it stands in the spreadsheets right now, if that is what the visitor has read."""
    register = current.shared_copy().renew().register
    if not task.is_undo and not task.wish.plan(register).is_same_as(task.plan):
        raise NotReady(_MOVED_ON)
    visitor, writer = current.visitor(), current.writer()
    match Kind(task.wish.kind) if not task.is_undo else None:
        case Kind.OPEN:
            say("Ordnar plats för svaren i kalkylbladen")
            if not task.plan.obstacles:
                _builder(say).make_room(register, task.wish.round)
            conducting.open_up(task.plan, visitor, writer, open_rounds.secrets(), task.wish.round)
        case Kind.CLOSE:
            _close(register, task.wish.round, say)
            return Saved()
        case Kind.PUBLISH:
            say("Fryser omgången som den är nu")
            frozen = open_rounds.frozen()
            conducting.publish(task.plan, visitor, writer, frozen, register, task.wish.round)
        case _:
            conducting.carry_out(task.plan, visitor, writer)
    say("Skriver i kalkylbladet")
    return Received()


def _close(register: Register, round_: str, say: Say) -> None:
    visitor = current.visitor()
    visitor.must(Deed.RUN_ROUNDS)
    say("Ordnar plats för svaren i kalkylbladen")
    _builder(say).make_room_for_answers(register, round_)
    office = open_rounds.office(round_)
    try:
        with contextlib.closing(close(office, register, visitor, round_)) as steps:
            for step in steps:
                say(step)
    finally:
        office.outbox.close()
        office.file.close()


def _builder(say: Say) -> Builder:
    return Builder(current.workbook(), load_schema(), current.settings(), say=say)


def _outcome(task: Task, patience: float) -> Outcome | None:
    """What has come of it; None where it has not been handed in."""
    try:
        return current.writer().outcome(SubmissionId(task.plan.id), patience)
    except ValueError:
        return None


def _settle(task: Task, outcome: Outcome) -> None:
    mine = desk()
    match outcome:
        case Saved():
            mine.last = task
        case Received():
            mine.received = (*mine.received, task)
        case Refused():
            mine.trouble = _why(outcome)
            current.writer().dismiss(SubmissionId(task.plan.id))
    current.shared_copy().renew()


def _why(refused: Refused) -> str:
    trouble = next(iter(refused.troubles.values()), None)
    return _CONFLICT if trouble is None or isinstance(trouble, Conflict) else str(trouble)


def settle_received() -> None:
    """Look whether what was only received has been saved since, or refused."""
    mine = desk()
    for task in mine.received:
        outcome = _outcome(task, 0.0)
        if not isinstance(outcome, Received):
            mine.received = tuple(one for one in mine.received if one is not task)
            _settle(task, outcome or Saved())  # what nobody knows of any more was saved long ago


def is_sealed(round_: str, status: RoundStatus | None) -> bool:
    """Whether the server has begun to close the round."""
    if status is not RoundStatus.OPEN or open_rounds.secrets().is_destroyed(round_):
        return False
    return open_rounds.file(round_).is_sealed
