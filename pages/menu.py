"""The script every visit runs: who is visiting, the pages she may open, the chosen page in its boundary."""

import streamlit as st

from pages.components import boundary, current, drawing, entering, forms_desk, notices
from services.domain.access import Page

TITLES = {
    Page.START: "Start",
    Page.OVERVIEW: "Översikt",
    Page.AREAS: "Delområden",
    Page.SCHOOL: "Skola",
    Page.CERTIFICATION: "Certifiering",
    Page.PROCESS_YEAR: "Processåret",
    Page.ACTION_PLAN: "Handlingsplan",
    Page.SELF_ASSESSMENT: "Självskattning",
    Page.ANSWER: "Svara",
    Page.TALK: "Samtalsläge",
    Page.FORMS: "Formulärsvar",
    Page.CHECKS: "Kontroll",
    Page.ABOUT: "Om tjänsten",
}
SERVICE = "Varje elevs bästa skola"


def main() -> None:
    """Draw the menu and the chosen page. Every page is known, so that the gate answers at its address."""
    st.set_page_config(page_title=SERVICE, page_icon="🏫", layout="wide")
    try:
        visitor = current.visitor()
        pages = [
            st.Page(
                f"{page}.py",
                title=title,
                default=page is Page.START,
                visibility="visible" if visitor.may_open(page) else "hidden",
            )
            for page, title in TITLES.items()
        ]
        chosen = st.navigation(pages, expanded=True)
        st.set_page_config(page_title=f"{chosen.title} – {SERVICE}", page_icon="🏫", layout="wide")
        if chosen.title != TITLES[Page.FORMS]:
            forms_desk.forget()  # an export is other people's answers: it stays no longer than its page
        drawn = current.copy()
        drawing.leave_out_extras()
        notices.demo_bar()
        entering.log_out_button()
        chosen.run()
        notices.watch(drawn, visitor)
    except Exception as failure:
        boundary.show_failure(failure)


main()
