"""What every column of an export is: what is sure, and what somebody has to settle."""

from functools import partial

import pandas as pd
import streamlit as st

from pages.components import current, drawing, forms_desk, words
from pages.components.forms_desk import Desk
from services.domain.question import Question
from services.forms.intake import Looked
from services.forms.matching import LEFT_OUT, SCHOOL, How, Match
from services.forms.wording import normalised, shown
from services.tables.problems import column_letter

Questions = dict[str, Question]

_LONGEST = 90
_SURE = {
    How.SAME_WORDS: "Samma ord",
    How.CONFIRMED: "Bekräftad",
    How.REMEMBERED: "Bekräftad vid en tidigare inläsning",
    How.NO_LEVELS: "Här står inga nivåer",
    How.OF_THE_FORM: "Formulärets egen kolumn",
    How.PROPOSED: "Förslag att bekräfta",
    How.UNKNOWN: "Inte kopplad",
}


def section(mine: Desk, looked: Looked) -> None:
    """The columns that are not sure, with what is proposed and why; then all of them."""
    st.header("Vad varje kolumn är")
    questions = {one.id: one for one in current.register().questions_in(looked.preview.round)}
    uncertain, settled = looked.uncertain, looked.settled_by_people
    if uncertain:
        _form(mine, looked, questions)
    else:
        st.markdown("Alla kolumner är kopplade.")
    if settled and not uncertain:
        with st.expander(f"Ändra det som är bekräftat ({len(settled)})"):
            _form(mine, looked, questions)
    with st.expander(f"Alla kolumner ({len(looked.matches)})"):
        drawing.show_table(pd.DataFrame([_row(match, questions) for match in looked.matches]))


def _form(mine: Desk, looked: Looked, questions: Questions) -> None:
    with st.form(f"forms_columns_{mine.turn}", border=True):
        if looked.uncertain:
            st.markdown(_asks(looked))
        for match in looked.uncertain:
            _field(mine, match, questions, _why(match, questions))
        if looked.uncertain and looked.settled_by_people:
            st.markdown("Det här är bekräftat. Ändra om det är fel.")
        for match in looked.settled_by_people:
            _field(mine, match, questions, _SURE[match.how])
        st.form_submit_button(
            "Bekräfta kopplingarna", on_click=forms_desk.confirm, type="primary", key="forms_confirm"
        )


def _asks(looked: Looked) -> str:
    count = len(looked.uncertain)
    if not looked.has_school:
        return "Ingen kolumn ser ut att vara skolan. Välj vilken det är, och bekräfta."
    return (
        f"{words.counted(count, 'kolumn behöver', 'kolumner behöver')} ett svar av dig. Förslagen är "
        "ifyllda. Ändra det som är fel och bekräfta, så minns appen det till nästa gång."
    )


def _field(mine: Desk, match: Match, questions: Questions, why: str) -> None:
    options = [SCHOOL, *questions, LEFT_OUT]
    header = words.plain(shown(match.header, _LONGEST)) or "utan rubrik"
    st.selectbox(
        f"Kolumn {column_letter(match.column)}: {header}",
        options,
        index=options.index(match.target) if match.target in options else None,
        format_func=partial(_meaning, questions),
        placeholder="Välj vad kolumnen är",
        key=mine.field_of(match.column),
    )
    st.caption(why)


def _meaning(questions: Questions, target: str) -> str:
    if target in questions:
        return f"{target}: {shown(questions[target].statement, _LONGEST)}"
    return {SCHOOL: "Skolan", LEFT_OUT: "Läses inte in", "": "Vet inte"}.get(target, target)


def _why(match: Match, questions: Questions) -> str:
    """What was guessed of a column that is not sure, and on what ground."""
    if match.how is How.PROPOSED and match.target == SCHOOL:
        return "Förslag: i kolumnen står mest namn eller koder på skolor i omgången."
    if match.how is How.PROPOSED and match.target in questions:
        statement = words.plain(shown(questions[match.target].statement, 200))
        return f"Förslag: {words.percent(match.likeness)} lik frågan {words.plain(match.target)}: {statement}"
    if match.how is How.NO_LEVELS:
        return "Inget förslag: här står inga nivåer. Är det kolumnen med skolan?"
    if not normalised(match.header):
        return "Inget förslag: kolumnen har nivåer men ingen rubrik."
    return "Inget förslag: här står nivåer, men ingen fråga i omgången är tillräckligt lik rubriken."


def _row(match: Match, questions: Questions) -> dict[str, str]:
    return {
        "Kolumn": column_letter(match.column),
        "Rubrik": shown(match.header, 200),
        "Läses in som": _meaning(questions, match.target),
        "Varför": _SURE[match.how],
    }
