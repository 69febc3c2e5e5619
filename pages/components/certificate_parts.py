"""Certifieringen on Processåret: decisions at session six, certificates, and those due to be renewed."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from pages.components import certificate_desk, certificate_form, current, drawing, plan_desk, words
from pages.components.certificate_desk import Doing
from pages.components.value_field import in_words
from services.awarding import (
    CERTIFICATES,
    EDITABLE,
    VALID,
    carry_out,
    last_session,
    undecided,
)
from services.certified_schools import CertifiedSchool, Validity, certified_schools
from services.days import day_in_words
from services.domain.access import Deed, Visitor
from services.domain.school import SchoolCode
from services.errors import Trouble
from services.grounds import grounds_of, without_grounds
from services.printing.certificates import certificate_name, certificate_pdf
from services.register import Register
from services.year_facts import facts_of_year, session_days

CHOSEN, REGISTERED = "certificates_school", "certificates_registered"


def section(register: Register, visitor: Visitor, year: str | None) -> None:
    """What is decided and to be decided; a principal sees what concerns her own schools."""
    found = certified_schools(register, visitor, current.today())
    if not visitor.may(Deed.CERTIFY) and not found:
        return
    with st.container(key="certificates"):
        if plan_desk.work(certificate_desk.NAME, carry_out):
            st.rerun()
        st.header("Certifieringen")
        plan_desk.told(certificate_desk.NAME, certificate_desk.ANSWERS, lambda _, value: in_words(value))
        if visitor.may(Deed.CERTIFY):
            if year is not None:
                _to_decide(register, year)
            _register_of(register, year, found)
        else:
            for one in found:
                _own(register, one)


# --- To decide at session six -------------------------------------------------------------------------


def _to_decide(register: Register, year: str) -> None:
    waiting = undecided(register, year)
    last = last_session(register, year)
    if not waiting:
        if facts_of_year(register, year):
            st.success(f"Alla skolor i läsåret {words.plain(year)} har ett beslut.")
        return
    st.subheader(f"Att besluta för läsåret {words.plain(year)}")
    drawing.show_table(_facts(register, year, waiting))
    if last is None:
        st.info("Lärtillfälle 6, certifieringen, har inget datum än. Sätt det först.")
        return
    if last > current.today():
        st.info(f"Besluten kan skrivas in från och med lärtillfälle 6, {day_in_words(last)}.")
        return
    mine = certificate_desk.desk()
    if mine.doing is Doing.DECIDE and mine.school in waiting:
        certificate_form.draw(register, year)
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            "Skola att besluta om",
            list(waiting),
            format_func=register.school_name,
            key=CHOSEN,
            width=420,
        )
        st.button(
            "Skriv in beslutet",
            on_click=certificate_desk.open_form,
            args=(Doing.DECIDE, chosen),
            type="primary",
            key="certificates_decide",
        )


def _facts(register: Register, year: str, schools: Sequence[SchoolCode]) -> pd.DataFrame:
    """What each school has done in the year, for who decides to look at."""
    held = [number for number, day in session_days(register, year).items() if day <= current.today()]
    facts = facts_of_year(register, year)
    return pd.DataFrame(
        [
            {
                "Skola": register.school_name(code),
                "Lärtillfällen": f"{len(facts[code].attended)} av {len(held)}",
                "Underlag": words.whole(len(facts[code].contributed)),
                "Besök som värd": words.whole(facts[code].hosted),
                "Besök hos andra": words.whole(facts[code].visited),
            }
            for code in schools
        ]
    )


# --- The register of certified schools ----------------------------------------------------------------


def _register_of(register: Register, year: str | None, found: Sequence[CertifiedSchool]) -> None:
    st.subheader("Certifierade skolor")
    if not found:
        st.info("Ingen skola har något beslut än. Det första skrivs in efter lärtillfälle 6.")
        return
    holding = [one for one in found if one.latest.decision in VALID]
    renewing = [one for one in found if one.is_to_renew]
    st.markdown(
        f"{words.counted(len(holding), 'skola', 'skolor')} har certifikat, varav "
        f"{words.whole(len(renewing))} ska förnya."
    )
    if renewing:
        st.warning(_to_renew(renewing))
    drawing.show_table(pd.DataFrame([_row(one) for one in found]))
    mine = certificate_desk.desk()
    if mine.doing not in (None, Doing.DECIDE):
        certificate_form.draw(register, year or "")
        return
    _choose(register, found)


def _to_renew(renewing: Sequence[CertifiedSchool]) -> str:
    told = [f"{words.plain(one.name)} ({_until(one)})" for one in renewing]
    return f"Dags att tala om förnyelse: {words.listed(told)}."


def _until(one: CertifiedSchool) -> str:
    went = "gick ut" if one.validity is Validity.LAPSED else "går ut"
    return f"{went} {words.date(one.latest.valid_to)}"


def _row(one: CertifiedSchool) -> dict[str, str]:
    return {
        "Skola": one.name,
        "Läge": one.validity.value,
        "Senaste beslut": one.latest.decision.value if one.latest.decision else words.NOTHING,
        "Datum": words.date(one.latest.date),
        "Giltigt till": words.date(one.latest.valid_to),
        "Läsår": one.latest.school_year,
    }


def _choose(register: Register, found: Sequence[CertifiedSchool]) -> None:
    """One school's certificate: print it, renew it, take it back, correct the decision."""
    by_code = {one.school: one for one in found}
    code = st.selectbox(
        "Skola i registret", list(by_code), format_func=register.school_name, key=REGISTERED, width=420
    )
    one = by_code.get(code)
    if one is None:
        return
    _reasons(register, one)
    with st.container(horizontal=True):
        if one.latest.decision in VALID:
            _download(register, one)
            for label, doing in (("Förnya", Doing.RENEW), ("Återkalla", Doing.REVOKE)):
                st.button(
                    label,
                    on_click=certificate_desk.open_form,
                    args=(doing, one.school),
                    key=f"certificates_{doing}",
                )
        st.button(
            "Rätta beslutet",
            on_click=certificate_desk.open_correction,
            args=(one.school, one.latest.id, _cells(register, one)),
            key="certificates_correct",
        )


def _cells(register: Register, one: CertifiedSchool) -> dict[str, Any]:
    table = register.tables[CERTIFICATES].columns
    place = list(table["Certifikat"]).index(one.latest.id)
    return {header: table[header][place] for header in EDITABLE}


def _reasons(register: Register, one: CertifiedSchool) -> None:
    """Why, and what it stood on."""
    told = str(_cells(register, one).get("Motivering") or "")
    if reasons := without_grounds(told):
        st.markdown(f"**Motivering:** {words.plain(reasons)}")
    if (stood_on := grounds_of(told)) is not None:
        st.caption(
            f"Bygger på omgång {words.plain(stood_on.round)} och regelversion "
            f"{words.plain(stood_on.version)}. Kontrollsumma {stood_on.digest[:12]}…"
        )


def _download(register: Register, one: CertifiedSchool) -> None:
    visitor = current.visitor()
    try:
        name = certificate_name(register, one.latest.id)
    except Trouble as trouble:
        st.error(words.plain(str(trouble)))
        return
    st.download_button(
        "Certifikatet som PDF",
        lambda: certificate_pdf(register, visitor, one.latest.id),
        name,
        "application/pdf",
        on_click="ignore",
        key=f"certificates_pdf_{one.school}",
    )


# --- A principal's own ---------------------------------------------------------------------------------


def _own(register: Register, one: CertifiedSchool) -> None:
    """What is decided about a school of hers, with the certificate to print."""
    name = words.plain(one.name)
    until = f" till och med {words.date(one.latest.valid_to)}" if one.latest.valid_to else ""
    match one.validity:
        case Validity.VALID:
            st.success(f"{name} är certifierad{until}.")
        case Validity.RENEWAL_NEAR:
            st.warning(f"{name} är certifierad{until}. Hör av er till Digitaliseringsenheten för att förnya.")
        case Validity.LAPSED:
            st.warning(
                f"Certifikatet för {name} {_until(one)}. Hör av er till Digitaliseringsenheten för att "
                "förnya."
            )
        case Validity.REVOKED:
            st.info(f"Certifikatet för {name} återkallades {words.date(one.latest.date)}.")
        case Validity.NOT_CERTIFIED:
            st.info(f"{name} certifierades inte efter läsåret {words.plain(one.latest.school_year)}.")
    _reasons(register, one)
    if one.latest.decision in VALID:
        _download(register, one)
