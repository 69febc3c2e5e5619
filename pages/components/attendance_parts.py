"""Närvaro on Processåret: how many came from each school to a session."""

import pandas as pd
import streamlit as st

from pages.components import attendance_desk, drawing, plan_desk, words
from pages.components.attendance_desk import FIELD
from pages.components.value_field import in_words
from services.attending import MOST, attendance_of, carry_out
from services.domain.access import Deed, Visitor
from services.register import Register
from services.visiting import schools_of


def section(register: Register, visitor: Visitor, year: str, number: int) -> None:
    """Who came; the unit notes it."""
    schools = schools_of(register, year)
    if not schools or not visitor.may(Deed.PLAN_SESSIONS):
        return
    with st.container(key="attendance"):
        if plan_desk.work(attendance_desk.NAME, carry_out):
            st.rerun()
        st.subheader("Närvaro")
        plan_desk.told(attendance_desk.NAME, attendance_desk.ANSWERS, lambda _, value: in_words(value))
        if attendance_desk.desk().is_open(year, number):
            _form(register, year)
            return
        noted = attendance_of(register, year)
        counts = {code: noted[number, code].count for code in schools if (number, code) in noted}
        if counts:
            rows = [
                {"Skola": register.school_name(code), "Antal": words.whole(counts.get(code))}
                for code in schools
            ]
            drawing.show_table(pd.DataFrame(rows))
        else:
            st.markdown("Ingen närvaro är noterad än.")
        st.button(
            "Ändra närvaron" if counts else "Notera närvaro",
            on_click=attendance_desk.open_form,
            args=(year, number),
            key="attendance_open",
        )


def _form(register: Register, year: str) -> None:
    seen = attendance_desk.desk().seen
    with st.form("attendance_form", border=True):
        st.markdown("Hur många kom från varje skola? Lämna tomt där ni inte vet. Skriv 0 om ingen kom.")
        for code in schools_of(register, year):
            st.number_input(
                words.plain(register.school_name(code)),
                0,
                MOST,
                seen[code].count if code in seen else None,
                step=1,
                key=f"{FIELD}{code}",
                width=240,
            )
        with st.container(horizontal=True):
            st.form_submit_button(
                "Spara närvaron", on_click=attendance_desk.save, type="primary", key="attendance_save"
            )
            st.form_submit_button("Avbryt", on_click=attendance_desk.close_form, key="attendance_cancel")
