"""A proposal of visits on Processåret: asked for with who can't when, looked at, and added."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from pages.components import current, drawing, visit_desk, words
from pages.components.visit_tables import area_named, by_school
from services.domain.school import SchoolCode
from services.register import Register
from services.visit_proposing import MOST_SCHOOLS, Proposal
from services.visiting import gaps_ahead, schools_of


def section(register: Register, year: str) -> None:
    """A proposed schedule for the gaps that are left, around the visits that stand."""
    schools = schools_of(register, year)
    st.subheader("Förslag på besök")
    if not 2 <= len(schools) <= MOST_SCHOOLS:
        st.info(
            f"Förslag går att få när 2 till {MOST_SCHOOLS} skolor är antagna. "
            f"Läsåret {words.plain(year)} har {words.counted(len(schools), 'skola', 'skolor')}."
        )
        return
    st.markdown(
        "Appen föreslår vilka som besöker varandra: alla lika ofta, ingen två gånger innan alla har "
        "träffats, och först dem som har mest att lära av varandra i den senaste självskattningen. Inget "
        "sparas förrän du lägger till besöken."
    )
    mine = visit_desk.desk()
    if mine.is_proposing:
        with st.spinner("Räknar ut det bästa förslaget …"):
            visit_desk.make_proposal(year)
        st.rerun()
    if mine.proposal is not None and mine.proposal.year == year:
        _proposal(register, mine.proposal)
        return
    _wishes(register, year, schools)


def _wishes(register: Register, year: str, schools: Sequence[SchoolCode]) -> None:
    ahead = gaps_ahead(register, year, current.today())
    if not ahead:
        st.info("Alla lärtillfällen har varit, så det finns inget kvar att planera.")
        return
    with st.form("visits_wishes", border=True):
        st.multiselect(
            "Föreslå besök efter lärtillfälle",
            list(ahead),
            default=list(ahead),
            placeholder="Välj",
            key=visit_desk.GAPS,
            width=420,
        )
        with st.expander("Skolor som inte kan"):
            for gap in ahead:
                st.multiselect(
                    f"Kan inte efter lärtillfälle {gap}",
                    list(schools),
                    format_func=register.school_name,
                    placeholder="Alla kan",
                    key=visit_desk.unable_key(gap),
                )
        st.form_submit_button(
            "Föreslå besök", on_click=visit_desk.ask_for_proposal, type="primary", key="visits_propose"
        )


def _proposal(register: Register, proposal: Proposal) -> None:
    matches = proposal.schedule.matches
    if matches:
        drawing.show_table(by_school(register, proposal.asked.schools, matches))
        drawing.bullet_list([words.plain(one) for one in proposal.told])
        drawing.as_table(
            pd.DataFrame(
                [
                    {
                        "Efter tillfälle": words.whole(one.after),
                        "Värd": register.school_name(one.host),
                        "På besök": register.school_name(one.guest),
                        "Mest att lära": area_named(register, one.focus),
                    }
                    for one in matches
                ]
            ),
            "Visa vad skolorna kan lära av varandra",
        )
    else:
        st.info("Det finns inga fler besök att lägga till: alla skolor har redan besök, eller kan inte.")
    with st.container(horizontal=True):
        if matches:
            st.button("Lägg till besöken", on_click=visit_desk.adopt, type="primary", key="visits_adopt")
        st.button("Gör ett annat förslag", on_click=visit_desk.drop_proposal, key="visits_drop")
