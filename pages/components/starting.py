"""What the start page says to each role."""

import datetime as dt

import streamlit as st

from pages.components import entering, words
from services.domain.access import Page, Role, Visitor
from services.domain.round import Round, RoundStatus
from services.register import Register

_WAYS = {
    Page.OVERVIEW: (
        "overview.py",
        "Översikt",
        "Alla skolor i alla delområden, och vad som har ändrats.",
    ),
    Page.AREAS: ("areas.py", "Delområden", "Ett delområde i taget, fråga för fråga."),
    Page.SCHOOL: (
        "school.py",
        "Skola",
        "En skola bredvid staden: styrkor, svagheter och sådant att tala om.",
    ),
    Page.CERTIFICATION: (
        "certification.py",
        "Certifiering",
        "Vilka kriterier som är uppfyllda, och vad som fattas.",
    ),
    Page.CHECKS: ("checks.py", "Kontroll", "Det som inte går att läsa i kalkylbladen, cell för cell."),
}


def welcome(visitor: Visitor) -> None:
    """The heading, and what the service is in two sentences."""
    st.title(f"Hej {words.plain(visitor.name)}!" if visitor.is_known else "Varje elevs bästa skola")
    st.write(
        "En gång om året skattar personalen på Malmös skolor hur långt skolan har kommit i sin "
        "digitalisering. Här syns var skolorna står, och vilka som kan söka certifiering."
    )


def who_may_enter(visitor: Visitor) -> None:
    """A visitor without a role: how to get on."""
    st.info(entering.why_not(visitor))
    entering.log_in_button()
    st.page_link("about.py", label="Läs om tjänsten och hur svaren skyddas")


def what_now(register: Register, visitor: Visitor, today: dt.date) -> None:
    """What is going on, and the pages this visitor can go to."""
    for round_ in register.rounds.values():
        if round_.status is RoundStatus.OPEN:
            st.info(_open_round(register, visitor, round_, today))
    if visitor.roles <= {Role.STAFF}:
        st.write("Rektor visar skolans resultat för er när omgången är publicerad.")
    ways = [_WAYS[page] for page in _WAYS if visitor.may_open(page)]
    if not ways:
        return
    st.header("Hit kan du gå")
    with st.grid(3, min_column_width=260):
        for file, title, about in ways:
            with st.container(border=True, height="stretch"):
                st.page_link(file, label=f"**{title}**")
                st.write(about)


def _open_round(register: Register, visitor: Visitor, round_: Round, today: dt.date) -> str:
    text = f"Omgång {words.plain(round_.name)} är öppen"
    if round_.closes is not None:
        days = (round_.closes - today).days
        left = f", {words.counted(days, 'dag', 'dagar')} kvar" if days > 0 else ""
        text += f" till och med {words.date(round_.closes)}{left}"
    answered = register.participation.get(round_.name, {})
    parts = register.school_rounds.get(round_.name, {})
    mine = [code for code in parts if visitor.may_see(code)]
    if not mine or not answered:
        return f"{text}."
    staff = sum(parts[code].staff or 0 for code in mine)
    have = sum(answered.get(code, 0) for code in mine)
    return f"{text}. {words.whole(have)} av {words.whole(staff)} har svarat."
