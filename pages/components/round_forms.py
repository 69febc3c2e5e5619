"""The two forms of Självskattning: a new round, and longer time for one school."""

import datetime as dt

import streamlit as st

from pages.components import round_desk, words
from pages.components.value_field import FIRST_DAY, LAST_DAY
from services.domain.round import Round, RoundStatus
from services.register import Register
from services.round_obstacles import latest_round

A_YEAR = dt.timedelta(weeks=52)
"""So that the same day of the week is proposed."""


def prepare(register: Register) -> None:
    """A new round: its name and its days, proposed from the latest one."""
    first = not register.rounds
    with st.expander("Förbered en ny omgång", expanded=first, key="round_prepare"):
        if first:
            st.markdown("Det finns ingen omgång än. Förbered den första, så får du se vad som behövs.")
        st.markdown(
            "Frågor och regler följer med från den senaste omgången, och antalet anställda hämtas från "
            "Skolor. Du får se allt innan något skrivs."
        )
        name, opens, closes = _proposed(register)
        with st.form("round_prepare_form", border=False):
            st.text_input("Omgångens namn", name, max_chars=30, key=round_desk.NAME, width=320)
            with st.grid(2, min_column_width=200):
                _day("Första dagen att svara", opens, round_desk.OPENS)
                _day("Sista dagen att svara", closes, round_desk.CLOSES)
            _refusal()
            st.form_submit_button(
                "Visa vad som händer", on_click=round_desk.ask_to_prepare, key="round_prepare_ask"
            )


def _proposed(register: Register) -> tuple[str, dt.date | None, dt.date | None]:
    latest = latest_round(register)
    if latest is None or latest.opens is None:
        return "", None, None
    name = str(int(latest.name) + 1) if latest.name.isdecimal() else ""
    return name, latest.opens + A_YEAR, latest.closes + A_YEAR if latest.closes else None


def extend(register: Register, round_: Round) -> None:
    """Longer time for one school, while the round is open."""
    parts = register.school_rounds.get(round_.name, {})
    if round_.status is not RoundStatus.OPEN or not parts:
        return
    names = {code: register.school_name(code) for code in parts}
    given = {code: part.extended_to for code, part in parts.items() if part.extended_to is not None}
    with st.expander("Ge en skola längre tid", key="round_extend"):
        if given:
            longer = sorted(f"{names[code]} till och med {words.date(day)}" for code, day in given.items())
            st.markdown(f"Har längre tid: {words.plain(words.listed(longer))}.")
        with st.form("round_extend_form", border=False):
            st.selectbox(
                "Skola",
                sorted(names, key=lambda code: (names[code].casefold(), code)),
                index=None,
                format_func=lambda code: words.plain(names.get(code, "")),
                placeholder="Välj en skola",
                key=round_desk.SCHOOL,
                width=420,
            )
            _day("Ny sista dag", None, round_desk.UNTIL)
            _refusal()
            st.form_submit_button(
                "Visa vad som händer",
                on_click=round_desk.ask_to_extend,
                args=(round_.name,),
                key="round_extend_ask",
            )


def _day(label: str, value: dt.date | None, key: str) -> None:
    st.date_input(
        label,
        value=value,
        min_value=FIRST_DAY,
        max_value=LAST_DAY,
        format="YYYY-MM-DD",
        key=key,
        width=320,
    )


def _refusal() -> None:
    if refusal := round_desk.desk().refusal:
        st.error(words.plain(refusal))
