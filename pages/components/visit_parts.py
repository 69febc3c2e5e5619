"""Verksamhetsbesök on Processåret: who visits whom, what came of it, and a proposal for what is left."""

from collections.abc import Sequence

import streamlit as st

from pages.components import current, drawing, plan_desk, visit_desk, visit_proposal_parts, words
from pages.components.value_field import FIRST_DAY, LAST_DAY, in_words
from pages.components.visit_desk import FIELD
from pages.components.visit_tables import area_named, by_school, school_named, visit_table
from services.domain.access import Deed, Visitor
from services.domain.school import SchoolCode
from services.domain.visit import GAPS, Visit, VisitStatus
from services.register import Register
from services.visiting import carry_out, may_edit, may_follow_year, schools_of, visits_for

CHOSEN = "visits_chosen"
NOBODY_YET = "Inga besök är planerade än."


def section(register: Register, visitor: Visitor, year: str) -> None:
    """The visits of a läsår, for the unit and the principals of its schools; nothing for anybody else."""
    if not may_follow_year(register, visitor, year):
        return
    with st.container(key="visits"):
        if plan_desk.work(visit_desk.NAME, carry_out):
            st.rerun()
        st.header("Besöken hos varandra")
        plan_desk.told(visit_desk.NAME, visit_desk.ANSWERS, _written)
        found = visits_for(register, visitor, year)
        _schedule(register, year, found)
        _observations(register, found)
        _change(register, visitor, year, found)
        if visitor.may(Deed.PLAN_VISITS):
            visit_proposal_parts.section(register, year)


def _written(header: str, value: object) -> str:
    register = current.register()
    if header in ("Värdskola", "Besökande skola") and isinstance(value, str):
        return register.school_name(SchoolCode(value))
    return in_words(value)


# --- What stands ------------------------------------------------------------------------------------


def _schedule(register: Register, year: str, found: Sequence[Visit]) -> None:
    """A row a school and a column a gap, and below it the visits with their dates."""
    schools = schools_of(register, year)
    if not found:
        st.info(f"{NOBODY_YET} Mellan två lärtillfällen besöker skolorna varandra.")
        return
    matches = [one.match for one in found if one.counts and one.match is not None]
    held = sum(one.status is VisitStatus.HELD for one in found)
    st.markdown(f"{held} av {words.counted(len(matches), 'besök', 'besök')} är genomförda.")
    drawing.show_table(by_school(register, schools, matches))
    st.caption("Kolumnerna är tiden efter varje lärtillfälle. Summorna räknar inte inställda besök.")
    drawing.as_table(visit_table(register, found), "Visa datum, fokus och status")


def _observations(register: Register, found: Sequence[Visit]) -> None:
    """What the visitors took home, for all schools of the year to learn from."""
    told = [one for one in found if one.observations]
    if not told:
        return
    st.subheader("Det besökarna tog med sig hem")
    for one in told:
        when = f", {words.date(one.date)}" if one.date else ""
        who = f"{school_named(register, one.guest)} hos {school_named(register, one.host)}{when}"
        st.markdown(f"**{words.plain(who)}**\n\n{words.plain(one.observations)}")


# --- By hand ----------------------------------------------------------------------------------------


def _change(register: Register, visitor: Visitor, year: str, found: Sequence[Visit]) -> None:
    hers = {one.id: one for one in found if may_edit(register, visitor, one)}
    mine = visit_desk.desk()
    if mine.opened is not None and mine.opened.id not in hers:
        visit_desk.close_form()
    if mine.has_form:
        _form(register, visitor, year)
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if hers:
            st.selectbox(
                "Besök att ändra eller berätta om",
                list(hers),
                index=None,
                format_func=lambda id_: _named(register, hers[id_]) if id_ in hers else "",
                placeholder="Välj ett besök",
                key=CHOSEN,
                on_change=_open_chosen,
                args=(hers,),
                width=520,
            )
        if visitor.may(Deed.PLAN_VISITS):
            st.button("Lägg till ett besök", on_click=visit_desk.open_new, key="visits_new")


def _open_chosen(hers: dict[str, Visit]) -> None:
    chosen = hers.get(st.session_state[CHOSEN] or "")
    if chosen is not None:
        visit_desk.open_form(chosen)


def _named(register: Register, one: Visit) -> str:
    return f"Efter {one.after}: {school_named(register, one.guest)} hos {school_named(register, one.host)}"


def _form(register: Register, visitor: Visitor, year: str) -> None:
    mine = visit_desk.desk()
    seen = mine.opened
    st.subheader(words.plain(_named(register, seen)) if seen else "Ett nytt besök")
    with st.form("visits_form", border=True):
        if visitor.may(Deed.PLAN_VISITS):
            _who_and_when(register, year, seen)
        st.date_input(
            "Datum",
            seen.date if seen else None,
            min_value=FIRST_DAY,
            max_value=LAST_DAY,
            format="YYYY-MM-DD",
            key=f"{FIELD}date",
            width=240,
        )
        _choose("Fokus", [one.number for one in register.areas], seen.focus if seen else None, "focus")
        if seen is not None:
            statuses = [one.value for one in VisitStatus]
            _choose("Status", statuses, seen.status.value if seen.status else None, "status")
            st.text_area(
                "Iakttagelser",
                seen.observations,
                max_chars=10_000,
                key=f"{FIELD}observations",
                help="Vad tog ni med er hem? Skriv inget om enskilda personer. "
                "Alla skolor i läsåret kan läsa det.",
            )
        with st.container(horizontal=True):
            if seen is None:
                st.form_submit_button(
                    "Lägg till", on_click=visit_desk.add, args=(year,), type="primary", key="visits_add"
                )
            else:
                st.form_submit_button("Spara", on_click=visit_desk.save, type="primary", key="visits_save")
            st.form_submit_button("Avbryt", on_click=visit_desk.close_form, key="visits_cancel")


def _who_and_when(register: Register, year: str, seen: Visit | None) -> None:
    schools = list(schools_of(register, year))
    _choose("Efter lärtillfälle", list(GAPS), seen.after if seen else None, "after")
    _choose("Skolan som tar emot", schools, seen.host if seen else None, "host")
    _choose("Skolan som kommer", schools, seen.guest if seen else None, "guest")


def _choose(label: str, options: Sequence[object], now: object, name: str) -> None:
    register = current.register()

    def told(one: object) -> str:
        if name in ("host", "guest"):
            return school_named(register, SchoolCode(str(one)))
        return area_named(register, one) if name == "focus" and isinstance(one, int) else str(one)

    options = [*options] if now is None or now in options else [now, *options]
    st.selectbox(
        label,
        options,
        index=options.index(now) if now is not None else None,
        format_func=told,
        placeholder="Välj",
        key=f"{FIELD}{name}",
        width=420,
    )
