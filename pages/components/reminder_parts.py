"""Att påminna om on Processåret: who waits for what, with words to copy."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from pages.components import current, drawing, words
from services.domain.access import Deed, Visitor
from services.register import Register
from services.reminding import Waiting, waiting_for

CHOSEN = "reminders_chosen"


def section(register: Register, visitor: Visitor, year: str) -> None:
    """For the unit: what is left to do and for whom. No mail is sent from here."""
    if not visitor.may(Deed.CERTIFY):
        return
    found = waiting_for(register, visitor, year, current.today())
    st.header("Att göra och påminna om")
    if not found:
        st.success("Ingen väntar på någonting just nu.")
        return
    late = sum(one.is_late(current.today()) for one in found)
    told = words.counted(len(found), "sak väntar", "saker väntar")
    st.markdown(f"{told}{f', varav {words.whole(late)} skulle ha varit gjorda' if late else ''}.")
    drawing.show_table(pd.DataFrame([_row(register, one) for one in found]))
    _words(register, [one for one in found if one.words])


def _row(register: Register, one: Waiting) -> dict[str, str]:
    late = one.is_late(current.today())
    return {
        "Vem": register.school_name(one.from_school) if one.from_school else "Enheten",
        "Vad": one.what,
        "När": f"{words.date(one.since)}{' (sent)' if late else ''}" if one.since else words.NOTHING,
    }


def _words(register: Register, found: Sequence[Waiting]) -> None:
    """Words to send: chosen, read and copied."""
    if not found:
        return
    st.subheader("Påminnelse att kopiera")

    def named(place: int) -> str:
        one = found[place]
        name = register.school_name(one.from_school) if one.from_school else ""
        return f"{name}: {one.what}"

    chosen = st.selectbox(
        "Påminnelse",
        range(len(found)),
        format_func=named,
        key=CHOSEN,
        label_visibility="collapsed",
        width=620,
    )
    st.caption("Appen skickar ingen e-post. Kopiera texten och skicka den som ni brukar.")
    st.code(
        found[chosen if chosen is not None and chosen < len(found) else 0].words,
        language=None,
        wrap_lines=True,
    )
