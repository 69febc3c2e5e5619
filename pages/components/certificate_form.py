"""The form in which the unit decides, renews, revokes or corrects a certificate."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import streamlit as st

from pages.components import certificate_desk, current, words
from pages.components.certificate_desk import FIELD, Doing
from pages.components.value_field import FIRST_DAY, LAST_DAY
from services.awarding import last_session, years_after, years_valid
from services.days import day_in_words
from services.domain.process import Decision
from services.grounds import without_grounds
from services.register import Register


def draw(register: Register, year: str) -> None:
    """The form that is open."""
    mine = certificate_desk.desk()
    assert mine.doing is not None and mine.school is not None
    name = words.plain(register.school_name(mine.school))
    heading = {
        Doing.DECIDE: f"Beslut om {name}",
        Doing.RENEW: f"Förnya certifikatet för {name}",
        Doing.REVOKE: f"Återkalla certifikatet för {name}",
        Doing.CORRECT: f"Rätta beslutet om {name}",
    }[mine.doing]
    st.subheader(heading)
    _what_happens(register, mine.doing)
    with st.form("certificates_form", border=True):
        if mine.doing is Doing.DECIDE:
            options = [Decision.CERTIFIED.value, Decision.NOT_CERTIFIED.value]
            st.radio("Beslut", options, horizontal=True, key=f"{FIELD}decision")
        _day("Beslutsdatum", _seen_day(mine.seen, "Datum") or _proposed(register, year, mine.doing), "date")
        if mine.doing is Doing.CORRECT:
            _day("Giltigt till och med", _seen_day(mine.seen, "Giltigt till"), "until")
        st.text_area(
            "Motivering",
            without_grounds(str(mine.seen.get("Motivering") or "")),
            max_chars=10_000,
            key=f"{FIELD}reasons",
            help="Skolans rektor läser den. Appen skriver till vilken omgång och vilka regler beslutet "
            "bygger på.",
        )
        st.text_input(
            "Diarienummer", str(mine.seen.get("Diarienummer") or ""), key=f"{FIELD}record", width=320
        )
        with st.container(horizontal=True):
            label = "Återkalla" if mine.doing is Doing.REVOKE else "Spara"
            st.form_submit_button(
                label, on_click=certificate_desk.save, args=(year,), type="primary", key="certificates_save"
            )
            st.form_submit_button("Avbryt", on_click=certificate_desk.close_form, key="certificates_cancel")


def _what_happens(register: Register, doing: Doing) -> None:
    years = years_valid(register)
    if doing in (Doing.DECIDE, Doing.RENEW) and years is not None:
        until = day_in_words(years_after(current.today(), years))
        st.markdown(
            f"Ett certifikat gäller i {words.counted(years, 'år', 'år')}. Beslutas det i dag gäller det till "
            f"och med {until}."
        )
    if doing is Doing.REVOKE:
        st.warning("Skolan står sedan inte längre som certifierad. Du kan ångra direkt efteråt.")


def _proposed(register: Register, year: str, doing: Doing) -> dt.date:
    """The day of the sixth session for a decision, today for everything else."""
    last = last_session(register, year) if doing is Doing.DECIDE else None
    return last or current.today()


def _seen_day(seen: Mapping[str, Any], header: str) -> dt.date | None:
    value = seen.get(header)
    return value if isinstance(value, dt.date) else None


def _day(label: str, value: dt.date | None, name: str) -> None:
    st.date_input(
        label,
        value,
        min_value=FIRST_DAY,
        max_value=LAST_DAY,
        format="YYYY-MM-DD",
        key=f"{FIELD}{name}",
        width=240,
    )
