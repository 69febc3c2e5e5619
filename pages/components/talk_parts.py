"""Samtalsläge: one question at a time, large enough to be read from the back of a staff room."""

import streamlit as st

from pages.components import current, words
from services.answering.entry import round_to_talk_about
from services.answering.form import Form, Step, form_of
from services.domain.question import LEVEL_LABELS, Question
from services.register import Register

QUESTION_PARAMETER = "fraga"
AREA_FIELD = "talk_area"

LARGE = """<style>
.st-key-talk h2 { font-size: clamp(1.5rem, 3.2vw, 3rem); line-height: 1.2; }
.st-key-talk h3 { font-size: clamp(1.1rem, 1.7vw, 1.6rem); }
.st-key-talk p { font-size: clamp(1rem, 1.45vw, 1.4rem); line-height: 1.45; }
.st-key-talk_nav button { min-height: 44px; }
</style>"""


def section(register: Register) -> None:
    """The question that is talked about, and the way to the others."""
    round_ = round_to_talk_about(register, current.today())
    form = form_of(register, round_.name) if round_ is not None else Form(())
    if round_ is None or not form.questions:
        st.info("Det finns inga frågor att tala om än. De kommer när en omgång är planerad.")
        return
    asked = [question.id for question in form.questions]
    wanted = st.query_params.get(QUESTION_PARAMETER, "")
    number = asked.index(wanted) if wanted in asked else 0
    step = next(one for one in form.steps if form.questions[number] in one.questions)
    st.html(LARGE)
    _ways(form, step, number)
    _question(step, form.questions[number])
    st.caption(
        f"Fråga {number + 1} av {len(asked)} i omgång {words.plain(round_.name)}. Inget sparas här. "
        "Var och en svarar sedan för sig, på sidan Svara."
    )


def _ways(form: Form, step: Step, number: int) -> None:
    """Next and previous, also with the arrow keys, and the choice of area."""
    asked = form.questions
    names = {one.area.number: f"{one.area.number} {words.plain(one.area.name)}" for one in form.steps}
    firsts = {one.area.number: one.questions[0].id for one in form.steps}
    with st.container(key="talk_nav", horizontal=True, vertical_alignment="bottom"):
        st.session_state[AREA_FIELD] = step.area.number
        st.selectbox(
            "Delområde",
            list(names),
            format_func=lambda one: names.get(one, ""),
            key=AREA_FIELD,
            on_change=_to_area,
            args=(firsts,),
            width=420,
        )
        st.button(
            "Föregående fråga",
            on_click=_to,
            args=(asked[max(0, number - 1)].id,),
            disabled=number == 0,
            shortcut="Left",
            key="talk_back",
        )
        st.button(
            "Nästa fråga",
            on_click=_to,
            args=(asked[min(len(asked) - 1, number + 1)].id,),
            disabled=number == len(asked) - 1,
            shortcut="Right",
            type="primary",
            key="talk_on",
        )


def _to(question: str) -> None:
    st.query_params[QUESTION_PARAMETER] = question


def _to_area(firsts: dict[int, str]) -> None:
    # What the browser sends may be anything.
    if (first := firsts.get(st.session_state.get(AREA_FIELD))) is not None:
        _to(first)


def _question(step: Step, question: Question) -> None:
    place = step.questions.index(question) + 1
    with st.container(key="talk"):
        st.header(f"{place}. {words.plain(question.statement)}")
        if question.example:
            st.write(f"Exempel: {words.plain(question.example)}")
        with st.grid(2, min_column_width=240):
            for name, meaning in zip(LEVEL_LABELS, question.levels, strict=True):
                with st.container(border=True, height="stretch"):
                    st.subheader(name)
                    st.write(words.plain(meaning) or words.NOTHING)
        st.write("Tala om: Var är vi i dag? Vad har vi sett som visar det? Vad skulle ta oss ett steg till?")
