"""Underlag on Processåret: what the schools share with each other for a session."""

import streamlit as st

from pages.components import contribution_desk, plan_desk, words
from pages.components.contribution_desk import FIELD
from pages.components.value_field import in_words
from services.contributing import (
    carry_out,
    contribution_of,
    contributions_for,
    schools_to_write_for,
    values_of,
)
from services.domain.access import Visitor
from services.domain.learning_session import Contribution
from services.register import Register
from services.visiting import schools_of

CHOSEN = "contributions_school"

_ASKED = {
    "challenges": ("Utmaningar", "Vad brottas skolan med?"),
    "vision": ("Målbild", "Vart vill ni, och hur märker eleverna det?"),
    "activities": ("Aktiviteter", "Vad har ni gjort eller börjat med?"),
    "lessons": ("Lärdomar", "Vad har ni lärt er som fler kan ha nytta av?"),
}


def section(register: Register, visitor: Visitor, year: str, number: int) -> None:
    """What is shared for the session, and a form for one's own."""
    with st.container(key="contributions"):
        if plan_desk.work(contribution_desk.NAME, carry_out):
            st.rerun()
        st.subheader("Underlag från skolorna")
        plan_desk.told(contribution_desk.NAME, contribution_desk.ANSWERS, lambda _, value: in_words(value))
        found = contributions_for(register, visitor, year, number)
        of = len(schools_of(register, year))
        st.markdown(
            f"{words.whole(len(found))} av {words.counted(of, 'skola', 'skolor')} har delat sitt underlag. "
            "Det läses av skolorna i läsåret och av enheten."
        )
        for one in found:
            _shared(register, one)
        _write(register, visitor, year, number)


def _shared(register: Register, one: Contribution) -> None:
    with st.container(border=True):
        st.markdown(f"**{words.plain(register.school_name(one.school))}**")
        for header, value in values_of(one).items():
            if value:
                st.markdown(f"**{header}:** {words.plain(str(value))}")


def _write(register: Register, visitor: Visitor, year: str, number: int) -> None:
    schools = schools_to_write_for(register, visitor, year)
    mine = contribution_desk.desk()
    if mine.opened is not None:
        if (mine.opened.year, mine.opened.number) == (year, number):
            _form(register, mine.opened)
        return
    if not schools:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = schools[0]
        if len(schools) > 1:
            chosen = st.selectbox(
                "Skola att skriva för",
                list(schools),
                format_func=register.school_name,
                key=CHOSEN,
                width=420,
            )
        is_there = not contribution_of(register, year, number, chosen).is_empty
        st.button(
            "Ändra underlaget" if is_there else "Dela underlag",
            on_click=contribution_desk.open_form,
            args=(year, number, chosen),
            key="contributions_write",
        )


def _form(register: Register, seen: Contribution) -> None:
    st.markdown(f"**Underlag från {words.plain(register.school_name(seen.school))}**")
    with st.form("contributions_form", border=True):
        for name, (label, asked) in _ASKED.items():
            st.text_area(
                label, getattr(seen, name), max_chars=10_000, key=f"{FIELD}{name}", placeholder=asked
            )
        st.text_input(
            "Länk till mer material",
            seen.link,
            key=f"{FIELD}link",
            placeholder="https://",
            help="Länka inte till något om enskilda elever eller kollegor.",
        )
        with st.container(horizontal=True):
            st.form_submit_button(
                "Dela", on_click=contribution_desk.share, type="primary", key="contributions_share"
            )
            st.form_submit_button("Avbryt", on_click=contribution_desk.close_form, key="contributions_cancel")
