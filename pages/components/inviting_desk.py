"""The slips that a principal has asked for, in her own session until she puts them away."""

from dataclasses import dataclass

import streamlit as st

from pages.components import current, open_rounds
from pages.components.gate import permitted
from services import inviting
from services.domain.access import Deed
from services.domain.school import SchoolCode
from services.errors import Trouble
from services.inviting import Invitation
from services.printing.code_sheets import code_sheets

COUNT = "inviting_count"
"""The field for how many, in the session."""

_DESK = "inviting_desk"


@dataclass(slots=True)
class Desk:
    """The slips of one school as a PDF, or what stood in the way of them."""

    school: SchoolCode | None = None
    slips: bytes = b""
    count: int = 0
    withdrawn: bool = False
    trouble: str = ""


def desk() -> Desk:
    """This visitor's own."""
    if _DESK not in st.session_state:
        st.session_state[_DESK] = Desk()
    found: Desk = st.session_state[_DESK]
    return found


@permitted(Deed.INVITE)
def make_slips(invitation: Invitation) -> None:
    """Make as many codes as she asks for, and the PDF to print; an impatient second click makes none."""
    if desk().slips:
        return
    mine = st.session_state[_DESK] = Desk(invitation.school)
    try:
        codes = inviting.make_codes(
            invitation,
            current.visitor(),
            int(st.session_state.get(COUNT) or 0),
            open_rounds.secrets(),
            open_rounds.file(invitation.round),
        )
    except Trouble as trouble:
        mine.trouble = str(trouble)
        return
    mine.slips, mine.count = code_sheets(invitation, codes), len(codes)


@permitted(Deed.INVITE)
def withdraw(invitation: Invitation) -> None:
    """Let no slip that is out be used any more."""
    mine = st.session_state[_DESK] = Desk(invitation.school)
    try:
        inviting.withdraw_codes(current.visitor(), invitation.school, open_rounds.file(invitation.round))
    except Trouble as trouble:
        mine.trouble = str(trouble)
        return
    mine.withdrawn = True


def put_away() -> None:
    """Forget the slips: they are printed."""
    st.session_state[_DESK] = Desk()
