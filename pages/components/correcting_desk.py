"""What one visitor is correcting: the open form, what has been sent, and what became of it.

It lives in the visitor's own session. What a button does is done in a callback, once: a second click of
an impatient hand finds that it has been done. Each asks anew who is there, because it runs before the page.
"""

from dataclasses import dataclass
from uuid import uuid4

import streamlit as st

from pages.components import current
from pages.components.gate import permitted
from services import correcting
from services.correcting import Change, Correction, read_written, submit
from services.domain.access import Deed
from services.errors import Conflict, RowTrouble, Trouble
from services.tables.schema import load_schema
from services.tables.sheet import Cell
from services.writing.deeds import Outcome, Received, Refused, Saved, SubmissionId

PATIENCE = 8.0
"""Seconds to wait for "Sparat" before "Mottaget" is said."""

_DESK = "correcting_desk"


@dataclass(slots=True)
class Desk:
    """At most one form is open and one change is on its way; `last` is the latest one that was settled.

    `form` names the field of the open form; `refusal` is what is said beside it.
    """

    correction: Correction | None = None
    form: str = ""
    refusal: str = ""
    on_its_way: Change | None = None
    received: tuple[Change, ...] = ()
    last: Change | None = None
    conflict: Conflict | None = None
    trouble: Trouble | None = None
    kept_theirs: bool = False

    @property
    def field(self) -> str:
        """The key of the form's field in the session."""
        return f"correcting_{self.form}"

    def asks_about(self, id_: str) -> bool:
        """Whether the visitor is being asked about this change."""
        return self.conflict is not None and self.last is not None and self.last.id == id_

    def forget_last(self) -> None:
        """Leave behind what was told of the last change."""
        self.last, self.trouble, self.conflict, self.kept_theirs = None, None, None, False


def desk() -> Desk:
    """This visitor's own."""
    if _DESK not in st.session_state:
        st.session_state[_DESK] = Desk()
    found: Desk = st.session_state[_DESK]
    return found


@permitted(Deed.EDIT)
def open_form(correction: Correction) -> None:
    """Begin to correct a cell; what stands there now is what the visitor has seen."""
    mine = desk()
    if mine.on_its_way is None:
        mine.forget_last()
        mine.correction, mine.form, mine.refusal = correction, uuid4().hex, ""


def close_form() -> None:
    """Leave the cell as it is."""
    mine = desk()
    mine.correction, mine.refusal = None, ""
    mine.forget_last()


@permitted(Deed.EDIT)
def save() -> None:
    """Send what is written in the form, if the schema takes it."""
    mine = desk()
    if mine.correction is None or mine.on_its_way is not None:
        return
    found = read_written(current.register(), load_schema(), mine.correction, st.session_state.get(mine.field))
    mine.refusal = found.advice
    mine.forget_last()
    if not found.advice:
        _send(Change(mine.correction, found.value, uuid4().hex))


@permitted(Deed.EDIT)
def turn_back() -> None:
    """Put back what stood there before the last change."""
    mine = desk()
    if mine.last is not None and mine.on_its_way is None:
        _send(mine.last.turned_back(uuid4().hex))


@permitted(Deed.EDIT)
def write_mine() -> None:
    """Write over what somebody else has written, now that the visitor has seen it."""
    mine = desk()
    if mine.conflict is not None and mine.last is not None and mine.on_its_way is None:
        header = mine.last.correction.column.header
        theirs: Cell = mine.conflict.theirs[header]  # type: ignore[assignment]
        refused = mine.last
        _send(refused.insisting(theirs, uuid4().hex))
        dismiss(refused.id)


@permitted(Deed.EDIT)
def keep_theirs() -> None:
    """Let what somebody else has written stand."""
    mine = desk()
    if mine.conflict is not None and mine.last is not None:
        mine.conflict, mine.correction, mine.kept_theirs = None, None, True
        dismiss(mine.last.id)
        current.shared_copy().renew()


def _send(change: Change) -> None:
    mine = desk()
    try:
        submit(current.writer(), current.register(), current.visitor(), change)
    except RowTrouble as trouble:  # a round has opened since the form was
        mine.trouble, mine.correction, mine.conflict = trouble, None, None
        return
    mine.conflict, mine.trouble, mine.kept_theirs = None, None, False
    mine.on_its_way = change


def settle(patience: float = PATIENCE) -> bool:
    """Wait for what is on its way; whether anything was settled, so that the page is to be drawn again."""
    mine = desk()
    if mine.on_its_way is None:
        return False
    change = mine.on_its_way
    outcome = _outcome(change, patience)
    mine.on_its_way, mine.last = None, change
    match outcome:
        case Received():
            mine.received = (*mine.received, change)
            mine.last, mine.correction = None, None
        case Saved():
            mine.correction = None
            current.shared_copy().renew()
        case Refused():
            _refused(mine, change, outcome)
    return True


def _outcome(change: Change, patience: float) -> Outcome:
    try:
        return current.writer().outcome(SubmissionId(change.id), patience)
    except ValueError:  # somebody else has dealt with it
        return Refused()


def _refused(mine: Desk, change: Change, outcome: Refused) -> None:
    """A conflict waits for an answer; of anything else the visitor has now been told."""
    trouble = outcome.troubles.get(0)
    if isinstance(trouble, Conflict):
        mine.conflict = trouble
    elif trouble is not None:
        mine.trouble = trouble
        dismiss(change.id)
    else:
        mine.last = None


@permitted(Deed.EDIT)
def dismiss(id_: str) -> None:
    """Take what could not be saved off the list: somebody has dealt with it."""
    correcting.dismiss(current.writer(), current.visitor(), id_)


def settle_received() -> bool:
    """Look whether what was only received has been saved since, or refused; whether something was."""
    mine = desk()
    for change in mine.received:
        outcome = _outcome(change, 0.0)
        if isinstance(outcome, Received):
            continue
        mine.received = tuple(one for one in mine.received if one is not change)
        mine.last = change
        if isinstance(outcome, Refused):
            _refused(mine, change, outcome)
        else:
            current.shared_copy().renew()
        return True
    return False
