"""Ansökningar on Certifiering: a school applies and sees where it stands; the unit decides."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from pages.components import application_desk, current, drawing, plan_desk, verdicts, words
from pages.components.application_desk import FIELD
from pages.components.value_field import in_words
from services.applying import (
    applied_for,
    carry_out,
    live_application,
    may_apply,
    round_to_apply_from,
    verdict_of,
    years_to_apply_for,
)
from services.certifying import standing_of
from services.domain.access import Deed, Visitor
from services.domain.process import Application, ApplicationStatus, Standing
from services.domain.rules import Status
from services.domain.school import SchoolCode
from services.grounds import grounds_of, without_grounds
from services.register import Register

CHOSEN = "applications_chosen"

WAY = (Standing.CANDIDATE, Standing.APPLICANT, Standing.PARTICIPANT, Standing.CERTIFIED)
_NEXT = {
    Standing.NOT_YET: "Skolan kan söka när den uppfyller alla kriterier, eller är nära och skriver varför.",
    Standing.CANDIDATE: "Skolan uppfyller alla kriterier och kan söka till ett läsår.",
    Standing.APPLICANT: "Ansökan är inskickad. Nu beslutar Digitaliseringsenheten.",
    Standing.PARTICIPANT: "Skolan är med i läsåret. Lärtillfällen, underlag och besök finns på Processåret.",
    Standing.CERTIFIED: "Skolan är certifierad. Arbetet fortsätter i handlingsplanen.",
    Standing.RENEWAL_DUE: "Certifikatet har gått ut. Tala med Digitaliseringsenheten om att förnya det.",
    Standing.REVOKED: "Certifikatet är återkallat. Tala med Digitaliseringsenheten om nästa steg.",
}
"""What comes next, by where the school stands."""


def section(register: Register, visitor: Visitor) -> None:
    """Applications as the visitor may see and do them."""
    is_unit = visitor.may(Deed.RULE_ON_APPLICATIONS)
    hers = [code for code in sorted(visitor.led_schools) if may_apply(register, visitor, code)]
    if not is_unit and not hers:
        return
    with st.container(key="applications"):
        if plan_desk.work(application_desk.NAME, carry_out):
            st.rerun()
        st.header("Ansökningar")
        plan_desk.told(application_desk.NAME, application_desk.ANSWERS, lambda _, value: in_words(value))
        for code in hers:
            _own(register, visitor, code)
        if is_unit:
            _waiting(register, visitor)
            _decided(register, visitor)


# --- The principal's own --------------------------------------------------------------------------------


def _own(register: Register, visitor: Visitor, code: SchoolCode) -> None:
    """Where the school stands, what comes next, and what can be done about it."""
    round_name = round_to_apply_from(register)
    with st.container(border=True):
        st.subheader(words.plain(register.school_name(code)))
        if round_name is None:
            st.info("Ingen omgång är publicerad än, så det finns inget att söka på.")
            return
        standing = standing_of(register, round_name, code, current.today())
        st.markdown(_way(standing))
        st.markdown(_NEXT[standing])
        mine = [one for one in applied_for(register, visitor) if register.today_of(one.school) == code]
        for place, one in enumerate(reversed(mine)):
            _told(one, f"{code}_{place}")
        if standing in (Standing.NOT_YET, Standing.CANDIDATE):
            _form(register, round_name, code)


def _way(standing: Standing) -> str:
    """The four steps, with the one where the school stands in bold."""
    here = Standing.CERTIFIED if standing is Standing.RENEWAL_DUE else standing
    return " → ".join(f"**{step.value}** (här är skolan)" if step is here else step.value for step in WAY)


def _told(one: Application, key: str) -> None:
    """One application and what became of it."""
    status = one.status.value.lower() if one.status else "status saknas"
    sent = f", skickad {words.date(one.sent)}" if one.sent else ""
    decided = f", beslut {words.date(one.decided)}" if one.decided else ""
    st.markdown(f"Ansökan till läsåret {words.plain(one.school_year)}: **{status}**{sent}{decided}.")
    if reasons := without_grounds(one.reasons):
        st.markdown(f"Beslutet: {words.plain(reasons)}")
    _stood_on(one)
    if one.is_live:
        label = "Ta tillbaka ansökan" if one.status is ApplicationStatus.SENT else "Hoppa av läsåret"
        st.button(label, on_click=application_desk.withdraw, args=(one,), key=f"applications_withdraw_{key}")


def _form(register: Register, round_name: str, code: SchoolCode) -> None:
    verdict = verdict_of(register, round_name, code)
    status = verdict.status if verdict is not None else Status.NO_BASIS
    if status not in (Status.MET, Status.NEAR):
        st.caption("Här ovanför står vad som fattas, kriterium för kriterium.")
        return
    open_to = [
        year for year in years_to_apply_for(current.today()) if live_application(register, code, year) is None
    ]
    if not open_to:
        return
    with st.form(f"applications_form_{code}", border=False):
        st.selectbox("Läsår", open_to, key=f"{FIELD}year_{code}", width=240)
        st.text_area(
            "Motivering" if status is Status.NEAR else "Motivering (om ni vill)",
            max_chars=10_000,
            key=f"{FIELD}motivation_{code}",
            help="Varför vill skolan vara med? Skriv inget om enskilda personer.",
        )
        st.form_submit_button(
            "Skicka ansökan",
            on_click=application_desk.apply,
            args=(code,),
            type="primary",
            key=f"applications_send_{code}",
        )


# --- The unit -----------------------------------------------------------------------------------------


def _waiting(register: Register, visitor: Visitor) -> None:
    """What is to be decided, each beside its verdict."""
    waiting = {one.id: one for one in applied_for(register, visitor) if one.status is ApplicationStatus.SENT}
    if not waiting:
        st.markdown("Ingen ansökan väntar på beslut.")
        return
    st.subheader(f"{words.counted(len(waiting), 'ansökan', 'ansökningar')} väntar på beslut")
    drawing.show_table(pd.DataFrame([_row(register, one) for one in waiting.values()]))
    mine = application_desk.desk()
    if mine.opened is not None:
        _ruling_form(register, mine.opened)
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            "Ansökan att besluta om",
            list(waiting),
            format_func=lambda id_: _named(register, waiting[id_]) if id_ in waiting else "",
            key=CHOSEN,
            width=420,
        )
        if chosen in waiting:
            st.button(
                "Besluta",
                on_click=application_desk.open_form,
                args=(waiting[chosen],),
                type="primary",
                key="applications_decide",
            )


def _named(register: Register, one: Application) -> str:
    return f"{register.school_name(one.school)}, {one.school_year}"


def _row(register: Register, one: Application) -> dict[str, str]:
    verdict = verdict_of(register, one.round, one.school)
    return {
        "Skola": register.school_name(one.school),
        "Läsår": one.school_year,
        "Skickad": words.date(one.sent),
        "Kriterierna": words.STATUS_WORDS[verdict.status if verdict else Status.NO_BASIS],
        "Motivering": one.motivation or words.NOTHING,
    }


def _ruling_form(register: Register, one: Application) -> None:
    st.subheader(f"Beslut om {words.plain(_named(register, one))}")
    verdict = verdict_of(register, one.round, one.school)
    if verdict is not None and verdict.findings:
        drawing.show_table(verdicts.findings_table(register, verdict))
    if one.motivation:
        st.markdown(f"**Skolans motivering:** {words.plain(one.motivation)}")
    with st.form("applications_ruling", border=True):
        options = [ApplicationStatus.ADMITTED.value, ApplicationStatus.REFUSED.value]
        st.radio("Beslut", options, horizontal=True, key=f"{FIELD}decision")
        st.text_area(
            "Motivering till beslutet",
            max_chars=10_000,
            key=f"{FIELD}reasons",
            help="Skolans rektor läser den. Appen skriver till vilken omgång och vilka regler beslutet "
            "bygger på.",
        )
        with st.container(horizontal=True):
            st.form_submit_button(
                "Spara beslutet", on_click=application_desk.decide, type="primary", key="applications_save"
            )
            st.form_submit_button("Avbryt", on_click=application_desk.close_form, key="applications_cancel")


def _decided(register: Register, visitor: Visitor) -> None:
    """What is decided and withdrawn, the latest läsår first."""
    done = [one for one in applied_for(register, visitor) if one.status is not ApplicationStatus.SENT]
    if done:
        rows = sorted(done, key=lambda one: one.school_year, reverse=True)
        drawing.as_table(_decided_table(register, rows), "Visa tidigare ansökningar och beslut")


def _decided_table(register: Register, rows: Sequence[Application]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "Skola": register.school_name(one.school),
                "Läsår": one.school_year,
                "Status": one.status.value if one.status else words.NOTHING,
                "Beslut": words.date(one.decided),
                "Motivering": without_grounds(one.reasons) or words.NOTHING,
            }
            for one in rows
        ]
    )


def _stood_on(one: Application) -> None:
    if (found := grounds_of(one.reasons)) is not None:
        st.caption(
            f"Bygger på omgång {words.plain(found.round)} och regelversion {words.plain(found.version)}. "
            f"Kontrollsumma {found.digest[:12]}…"
        )
