"""What one visitor has asked to be written: on its way, done, taken back, or in conflict with somebody else.

It lives in her own session, by the name of what it is about. A callback only notes in it what is to be done;
the page does it, so that an impatient second click finds that it is on its way, and a plan is done once.
Each callback that calls these has its own permission, and what carries a plan out asks for it again.
"""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from pages.components import current, words
from services.conducting import Plan
from services.domain.access import Visitor
from services.errors import Conflict, Trouble
from services.register import Register
from services.tables.sheet import Cell
from services.writing.deeds import Outcome, Received, Refused, RowChange, Saved, SubmissionId, new_id
from services.writing.writer import Writer

PATIENCE = 8.0
"""Seconds to wait for "Sparat" before "Mottaget" is said."""

MOST_SHOWN = 600
"""Characters of a text in conflict that are shown; all of it is kept."""

LONG_TEXTS = frozenset(
    {
        *("Iakttagelser", "Mål", "Aktivitet", "Uppföljning", "Motivering", "Innehåll", "Förberedelse"),
        *("Utmaningar", "Målbild", "Aktiviteter", "Lärdomar"),
    }
)
"""The columns in which two texts can stand one after the other."""

CarryOut = Callable[[Register, Plan, Visitor, Writer], SubmissionId]


@dataclass(slots=True)
class PlanDesk:
    """At most one plan is being done; `last` is the latest that was, `refused` the one in conflict."""

    name: str
    doing: Plan | None = None
    last: Plan | None = None
    is_undone: bool = False
    received: tuple[Plan, ...] = ()
    trouble: str = ""
    conflict: Conflict | None = None
    refused: Plan | None = None
    kept_theirs: bool = False

    def forget_last(self) -> None:
        """Leave behind what was told of the last plan."""
        self.last, self.trouble, self.is_undone, self.kept_theirs = None, "", False, False


def desk(name: str) -> PlanDesk:
    """This visitor's own."""
    found: PlanDesk = st.session_state.setdefault(f"plan_desk_{name}", PlanDesk(name))
    return found


def do(name: str, plan: Plan) -> bool:
    """Note that a plan is to be done, or say what stands in its way; whether it is to be done."""
    mine = desk(name)
    if mine.doing is not None:
        return False
    mine.forget_last()
    if plan.obstacles:
        mine.trouble = " ".join(plan.obstacles)
        return False
    mine.doing, mine.conflict, mine.refused = plan, None, None
    return True


def turn_back(name: str) -> None:
    """Note that the last plan is to be taken back."""
    mine = desk(name)
    if mine.last is not None and mine.doing is None and not mine.is_undone:
        plan = mine.last.turned_back()
        mine.forget_last()
        mine.doing, mine.is_undone = plan, True


def keep_theirs(name: str) -> None:
    """Let what somebody else has written stand."""
    mine = desk(name)
    mine.conflict, mine.refused, mine.kept_theirs = None, None, True
    current.shared_copy().renew()


def write_mine(name: str) -> None:
    """Write over what somebody else has written, now that the visitor has seen it."""
    _insist(name, lambda _header, _theirs, mine: mine)


def write_both(name: str) -> None:
    """Write what somebody else has written, and the visitor's own after it."""
    _insist(name, _joined)


def _joined(header: str, theirs: Cell, mine: Cell) -> Cell:
    if header in LONG_TEXTS and isinstance(theirs, str) and isinstance(mine, str) and mine not in theirs:
        return f"{theirs}\n\n{mine}"
    return mine


def _insist(name: str, choose: Callable[[str, Cell, Cell], Cell]) -> None:
    mine = desk(name)
    if mine.conflict is None or mine.refused is None or mine.doing is not None:
        return
    [deed] = [one for one in mine.refused.writes if isinstance(one, RowChange)]
    theirs: dict[str, Cell] = {**deed.seen, **mine.conflict.theirs}  # type: ignore[dict-item]
    new = {header: choose(header, theirs[header], value) for header, value in deed.new.items()}
    again = RowChange(deed.sheet, deed.key, theirs, new, deed.spreadsheet)
    do(name, Plan(mine.refused.event, mine.refused.does, (again,), id=new_id()))


def work(name: str, carry_out: CarryOut) -> bool:
    """Do what is to be done; whether something was, so that the page is to be drawn again."""
    mine = desk(name)
    plan = mine.doing
    if plan is None:
        return _settle_received(mine)
    with st.spinner("Sparar …"):
        try:
            register = current.shared_copy().renew().register
            id_ = carry_out(register, plan, current.visitor(), current.writer())
            _settle(mine, plan, current.writer().outcome(id_, PATIENCE))
        except Trouble as trouble:
            mine.trouble, mine.is_undone = str(trouble), False
    mine.doing = None
    return True


def _settle(mine: PlanDesk, plan: Plan, outcome: Outcome) -> None:
    match outcome:
        case Saved():
            mine.last = plan
        case Received():
            mine.received = (*mine.received, plan)
        case Refused():
            trouble = next(iter(outcome.troubles.values()), None)
            if isinstance(trouble, Conflict) and len(plan.writes) == 1 and not mine.is_undone:
                mine.conflict, mine.refused = trouble, plan
            else:
                mine.trouble = str(trouble) if trouble else "Det gick inte att spara. Försök igen."
            mine.is_undone = False
            current.writer().dismiss(SubmissionId(plan.id))
    current.shared_copy().renew()


def _settle_received(mine: PlanDesk) -> bool:
    for plan in mine.received:
        try:
            outcome = current.writer().outcome(SubmissionId(plan.id))
        except ValueError:  # what nobody knows of any more was saved long ago
            outcome = Saved()
        if not isinstance(outcome, Received):
            mine.received = tuple(one for one in mine.received if one is not plan)
            _settle(mine, plan, outcome)
            return True
    return False


@dataclass(frozen=True, slots=True)
class Answers:
    """The callbacks of the buttons below, each with the permission of its page."""

    turn_back: Callable[[], None]
    keep_theirs: Callable[[], None]
    write_mine: Callable[[], None]
    write_both: Callable[[], None]


def told(name: str, answers: Answers, written: Callable[[str, object], str]) -> None:
    """What became of the last plan, with a way to take it back; a conflict with both texts.

    `written` says a cell's value as a person reads it: (header, value).
    """
    mine = desk(name)
    for plan in mine.received:
        waits_for = "Google svarar" if current.is_on_google() else "kalkylbladet går att skriva i"
        st.info(
            f"Mottaget – sparas så snart {waits_for}. {_does(plan)} Du behöver inte göra om det, och du kan "
            "lämna sidan."
        )
    if mine.trouble:
        st.error(words.plain(mine.trouble))
    if mine.conflict is not None:
        _show_conflict(mine, answers, written)
    elif mine.kept_theirs:
        st.info("Det som stod där står kvar. Inget har ändrats.")
    if mine.last is None:
        return
    if mine.is_undone:
        st.success("Ångrat. Det som stod före är tillbaka.")
        return
    st.success(f"Sparat. {_does(mine.last)}")
    st.button("Ångra", on_click=answers.turn_back, key=f"{name}_undo")


def _does(plan: Plan) -> str:
    return " ".join(words.plain(one) for one in plan.does)


def _show_conflict(mine: PlanDesk, answers: Answers, written: Callable[[str, object], str]) -> None:
    conflict = mine.conflict
    assert conflict is not None
    with st.container(border=True, key=f"{mine.name}_conflict"):
        st.subheader("Någon hann före")
        st.write("Det här har ändrats sedan du öppnade det. Inget är sparat än. Vad ska gälla?")
        for header, own in conflict.mine.items():
            theirs = conflict.theirs.get(header)
            st.markdown(
                f"**{words.plain(header)}**\n\n"
                f"- Nu står det: {_quoted(written(header, theirs))}\n"
                f"- Du skrev: {_quoted(written(header, own))}"
            )
        with st.container(horizontal=True):
            st.button("Behåll det som står där", on_click=answers.keep_theirs, key=f"{mine.name}_theirs")
            st.button("Skriv mitt i stället", on_click=answers.write_mine, key=f"{mine.name}_mine")
            if any(_both_are_texts(conflict, header) for header in conflict.mine):
                st.button("Behåll båda texterna", on_click=answers.write_both, key=f"{mine.name}_both")


def _both_are_texts(conflict: Conflict, header: str) -> bool:
    own, theirs = conflict.mine[header], conflict.theirs.get(header)
    return header in LONG_TEXTS and isinstance(own, str) and isinstance(theirs, str)


def _quoted(text: str) -> str:
    return words.plain(text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]} …")
