"""The forms in which the unit lays out a läsår and changes a learning session."""

import streamlit as st

from pages.components import session_desk, words
from pages.components.session_desk import FIELD
from pages.components.value_field import FIRST_DAY, LAST_DAY
from services.domain.learning_session import NUMBERS


def lay_out(year: str) -> None:
    """Six days, or none yet: themes and preparation come from the template."""
    st.header(f"Lägg upp läsåret {words.plain(year)}")
    st.markdown(
        "Appen lägger till de sex lärtillfällena med tema, innehåll och förberedelse från mallen. Välj de "
        "dagar som är bestämda. Allt går att ändra efteråt."
    )
    with st.form("sessions_layout", border=True):
        with st.grid(3, min_column_width=200):
            for number in NUMBERS:
                st.date_input(
                    f"Lärtillfälle {number}",
                    None,
                    min_value=FIRST_DAY,
                    max_value=LAST_DAY,
                    format="YYYY-MM-DD",
                    key=session_desk.day_key(number),
                )
        st.form_submit_button(
            "Lägg upp läsåret",
            on_click=session_desk.lay_out,
            args=(year,),
            type="primary",
            key="sessions_lay_out",
        )


def change() -> None:
    """The form of the session that is open."""
    seen = session_desk.desk().opened
    assert seen is not None
    st.subheader(f"Ändra lärtillfälle {seen.number}")
    with st.form("sessions_form", border=True):
        st.text_input("Tema", seen.theme, max_chars=200, key=f"{FIELD}theme")
        st.date_input(
            "Datum",
            seen.day,
            min_value=FIRST_DAY,
            max_value=LAST_DAY,
            format="YYYY-MM-DD",
            key=f"{FIELD}day",
            width=240,
        )
        with st.container(horizontal=True):
            st.time_input("Börjar", seen.start, key=f"{FIELD}start", width=160)
            st.time_input("Slutar", seen.end, key=f"{FIELD}end", width=160)
        st.text_input("Plats", seen.place, max_chars=200, key=f"{FIELD}place")
        st.text_area("Innehåll", seen.contents, max_chars=10_000, key=f"{FIELD}contents")
        st.text_area("Förberedelse", seen.preparation, max_chars=10_000, key=f"{FIELD}preparation")
        with st.container(horizontal=True):
            st.form_submit_button("Spara", on_click=session_desk.save, type="primary", key="sessions_save")
            st.form_submit_button("Avbryt", on_click=session_desk.close_form, key="sessions_cancel")
