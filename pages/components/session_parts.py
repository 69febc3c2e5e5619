"""Lärtillfällena on Processåret: the läsår, what comes next, and each session."""

import datetime as dt
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from pages.components import current, drawing, plan_desk, session_desk, session_form, words
from pages.components.address import choose
from pages.components.value_field import in_words
from pages.components.year_chart import year_chart
from services.applying import years_to_apply_for
from services.calendar_files import calendar_file, calendar_name
from services.domain.access import Deed, Visitor
from services.domain.learning_session import NUMBERS, LearningSession
from services.domain.visit import Visit, VisitStatus
from services.learning_sessions import SessionChange, carry_out, changes_for, next_session, sessions_of
from services.register import Register
from services.visiting import may_follow_year, schools_of, visits_for
from services.year_facts import school_years

YEAR_PARAMETER = "lasar"
CHOSEN = "sessions_chosen"
RECENTLY = dt.timedelta(days=60)
"""How long a change is told of."""


def choose_year(register: Register, visitor: Visitor) -> str | None:
    """Let the visitor choose among the läsår that she may follow; the unit also one to lay out."""
    known = [year for year in school_years(register) if may_follow_year(register, visitor, year)]
    if visitor.may(Deed.PLAN_SESSIONS):
        known = sorted({*known, *years_to_apply_for(current.today())}, reverse=True)
    under_way = [year for year in known if sessions_of(register, year)]
    year = choose(
        YEAR_PARAMETER,
        "Läsår",
        known,
        str,
        default=_nearest(register, under_way) or (known[0] if known else None),
    )
    if year is None:
        st.info(
            "Här följer skolorna sitt läsår på väg mot certifieringen. Din skola är inte antagen till något "
            "läsår än."
        )
        st.page_link("certification.py", label="Till Certifiering: se var skolan står och sök")
    return year


def _nearest(register: Register, years: Sequence[str]) -> str | None:
    """The läsår that has a session ahead, else the latest."""
    today = current.today()
    ahead = [year for year in years if next_session(sessions_of(register, year), today) is not None]
    return min(ahead, default=None) or next(iter(years), None)


def section(register: Register, visitor: Visitor, year: str) -> int | None:
    """The sessions of the läsår; the number of the one that is chosen, None where there are none."""
    with st.container(key="sessions"):
        if plan_desk.work(session_desk.NAME, carry_out):
            st.rerun()
        plan_desk.told(session_desk.NAME, session_desk.ANSWERS, lambda _, value: in_words(value))
        _taking_part(register, year)
        sessions = sessions_of(register, year)
        if not sessions:
            _none_yet(register, visitor, year)
            return None
        _next(sessions)
        _changes(register, visitor, year)
        _calendar(register, visitor, year, sessions)
        _timeline(register, visitor, year, sessions)
        if visitor.may(Deed.PLAN_SESSIONS) and len(sessions) < len(NUMBERS):
            session_form.lay_out(year)
        return _one(register, visitor, year, sessions)


def _taking_part(register: Register, year: str) -> None:
    schools = [register.school_name(code) for code in schools_of(register, year)]
    if schools:
        who = words.plain(words.listed(schools))
        st.markdown(f"**{words.counted(len(schools), 'skola', 'skolor')} är med:** {who}.")
    else:
        st.info(f"Ingen skola är antagen till läsåret {words.plain(year)} än.")


def _none_yet(register: Register, visitor: Visitor, year: str) -> None:
    del register
    if visitor.may(Deed.PLAN_SESSIONS):
        session_form.lay_out(year)
    else:
        st.info("Digitaliseringsenheten har inte lagt upp lärtillfällena än. De syns här när de är klara.")


# --- What comes next ------------------------------------------------------------------------------------


def _next(sessions: Sequence[LearningSession]) -> None:
    one = next_session(sessions, current.today())
    if one is None:
        undated = any(session.day is None for session in sessions)
        st.info(
            "Nästa lärtillfälle har inget datum än." if undated else "Alla lärtillfällen i läsåret har varit."
        )
        return
    with st.container(border=True):
        st.header(f"Nästa: lärtillfälle {one.number}, {words.plain(one.theme)}")
        st.markdown(f"**{when_and_where(one)}** · {_how_soon(one)}")
        if one.preparation:
            st.markdown(f"**Att göra före:** {words.plain(one.preparation)}")


def when_and_where(one: LearningSession) -> str:
    """The day, the time and the place: 9 februari 2022 kl. 13.00–16.30, Goto 10 Malmö."""
    if one.day is None:
        return "Datum är inte bestämt"
    time = f" kl. {one.start:%H.%M}" if one.start else ""
    time += f"–{one.end:%H.%M}" if one.start and one.end else ""
    place = f", {words.plain(one.place)}" if one.place else ""
    return f"{words.date(one.day)}{time}{place}"


def _how_soon(one: LearningSession) -> str:
    assert one.day is not None
    days = (one.day - current.today()).days
    return "i dag" if days == 0 else "i morgon" if days == 1 else f"om {words.whole(days)} dagar"


def _changes(register: Register, visitor: Visitor, year: str) -> None:
    """What has been moved lately, for everybody in the läsår to see."""
    found = changes_for(register, visitor, year, current.now() - RECENTLY)
    if found:
        st.warning("**Ändrat på sistone**\n\n" + "\n".join(f"- {_changed(one)}" for one in found[:8]))


def _changed(one: SessionChange) -> str:
    on = words.date(one.at.astimezone(current.TIME_ZONE).date())
    if one.field in ("Innehåll", "Förberedelse"):
        return f"Lärtillfälle {one.number}: {one.field.lower()} är ändrad ({on})."
    before = words.plain(_readable(one.before) or "inte bestämt")
    after = words.plain(_readable(one.after) or "inte bestämt")
    return f"Lärtillfälle {one.number}: {one.field.lower()} ändrat från {before} till {after} ({on})."


def _readable(text: str) -> str:
    """A day and a time as they are said."""
    try:
        return words.date(dt.date.fromisoformat(text))
    except ValueError:
        pass
    try:
        return f"{dt.time.fromisoformat(text):%H.%M}"
    except ValueError:
        return text


def _calendar(register: Register, visitor: Visitor, year: str, sessions: Sequence[LearningSession]) -> None:
    if not any(one.day for one in sessions):
        return
    st.download_button(
        "Alla lärtillfällen till din kalender (.ics)",
        lambda: calendar_file(register, visitor, year, current.now()),
        calendar_name(year),
        "text/calendar",
        on_click="ignore",
        key="sessions_calendar",
        help="Öppna filen i din kalender. Flyttas ett lärtillfälle hämtar du filen igen, så flyttas det där "
        "också.",
    )


def _timeline(register: Register, visitor: Visitor, year: str, sessions: Sequence[LearningSession]) -> None:
    """The year to look at, with its table."""
    visits = [one for one in visits_for(register, visitor, year) if one.status is not VisitStatus.CANCELLED]
    rows = [
        {"dag": one.day.isoformat(), "rad": "Lärtillfällen", "text": one.theme, "nr": str(one.number)}
        for one in sessions
        if one.day
    ]
    rows += [
        {"dag": one.date.isoformat(), "rad": "Besök", "text": _visit_words(register, one), "nr": ""}
        for one in visits
        if one.date
    ]
    if not rows:
        return
    today = current.today()
    held = sum(one.day is not None and one.day < today for one in sessions)
    drawing.figure(
        f"{words.whole(held)} av {words.whole(len(sessions))} lärtillfällen har varit",
        year_chart,
        pd.DataFrame(rows),
        today.isoformat(),
        current.theme_is_dark(),
        table=_table(sessions),
        key="year_chart",
    )


def _visit_words(register: Register, one: Visit) -> str:
    names = [register.school_name(code) if code else words.NOTHING for code in (one.guest, one.host)]
    return f"{names[0]} besöker {names[1]}"


def _table(sessions: Sequence[LearningSession]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "Nr": words.whole(one.number),
                "Tema": one.theme,
                "Datum": words.date(one.day),
                "Tid": f"{one.start:%H.%M}" if one.start else words.NOTHING,
                "Plats": one.place or words.NOTHING,
            }
            for one in sessions
        ]
    )


# --- One session ---------------------------------------------------------------------------------------


def _one(register: Register, visitor: Visitor, year: str, sessions: Sequence[LearningSession]) -> int:
    """The session that is chosen: the next one to begin with."""
    st.header("Lärtillfälle för lärtillfälle")
    by_number = {one.number: one for one in sessions}
    upcoming = next_session(sessions, current.today()) or sessions[-1]
    numbers = list(by_number)
    number = st.selectbox(
        "Lärtillfälle",
        numbers,
        index=numbers.index(upcoming.number),
        format_func=lambda one: f"{one} {by_number[one].theme}" if one in by_number else "",
        key=f"{CHOSEN}_{year}",
        width=420,
    )
    one = by_number.get(number or 0, upcoming)
    st.markdown(f"**{when_and_where(one)}**")
    if one.contents:
        st.markdown(words.plain(one.contents))
    if one.preparation:
        st.markdown(f"**Att göra före:** {words.plain(one.preparation)}")
    with st.container(horizontal=True):
        if one.day is not None:
            st.download_button(
                "Till kalendern (.ics)",
                lambda: calendar_file(register, visitor, year, current.now(), one.number),
                calendar_name(year, one.number),
                "text/calendar",
                on_click="ignore",
                key=f"sessions_calendar_{one.number}",
            )
        if visitor.may(Deed.PLAN_SESSIONS) and session_desk.desk().opened is None:
            st.button(
                "Ändra lärtillfället", on_click=session_desk.open_form, args=(one,), key="sessions_change"
            )
    if visitor.may(Deed.PLAN_SESSIONS) and session_desk.desk().opened is not None:
        session_form.change()
    return one.number
