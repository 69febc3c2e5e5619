"""A step of a round: said before it is done, asked about, done step by step, and told of after."""

from collections.abc import Sequence

import streamlit as st

from pages.components import current, drawing, round_desk, words
from pages.components.gate import dialogue
from pages.components.round_desk import Kind, Task
from services.conducting import Plan
from services.domain.access import Page

FINAL = "**Det går inte att ångra.**"
BACKUPS = (
    "Finns det säkerhetskopior från när omgången var öppen? De har kvar inkorgen. Ta bort dem där ni har dem."
)

BUTTONS = {
    Kind.PREPARE: "Lägg till omgången",
    Kind.OPEN: "Öppna omgången",
    Kind.EXTEND: "Förläng för skolan",
    Kind.CLOSE: "Stäng omgången",
    Kind.PUBLISH: "Publicera omgången",
}
_QUESTIONS = {
    Kind.PREPARE: "Lägga till omgången?",
    Kind.OPEN: "Öppna omgången?",
    Kind.EXTEND: "Ge skolan längre tid?",
    Kind.CLOSE: "Stänga omgången?",
    Kind.PUBLISH: "Publicera omgången?",
}
_DOING = {
    Kind.PREPARE: "Lägger till omgången",
    Kind.OPEN: "Öppnar omgången",
    Kind.EXTEND: "Ger skolan längre tid",
    Kind.CLOSE: "Stänger omgången",
    Kind.PUBLISH: "Publicerar omgången",
}


def show(round_: str) -> None:
    """Choose a round."""
    st.query_params[current.ROUND_PARAMETER] = round_


def work() -> None:
    """Do what has been confirmed, telling each step; then draw the page anew."""
    mine = round_desk.desk()
    if mine.doing is None:
        return
    wish = mine.doing.wish
    title = "Ångrar" if mine.doing.is_undo else _DOING[wish.kind]
    with st.status(f"{title} {words.plain(wish.round)} …", expanded=True) as told:
        round_desk.work(lambda step: told.markdown(f"{words.plain(step.rstrip('.'))}."))
    if wish.kind is Kind.PREPARE and mine.last is not None:
        show(wish.round)
    st.rerun()


def outcome() -> None:
    """What became of the last deed, and of those that waited."""
    round_desk.settle_received()
    mine = round_desk.desk()
    for task in mine.received:
        waits_for = "Google svarar" if current.is_on_google() else "kalkylbladet går att skriva i"
        st.info(
            f"Mottaget – görs så snart {waits_for}: {_done_words(task)}. Du behöver inte göra om det, och du "
            "kan lämna sidan."
        )
    if mine.trouble:
        st.error(words.plain(mine.trouble))
    if mine.last is None:
        return
    st.success(f"Klart: {_done_words(mine.last)}.")
    if mine.last.wish.kind is Kind.CLOSE:
        st.warning(BACKUPS)
    if not mine.last.plan.is_final and not mine.last.is_undo:
        st.button("Ångra", on_click=round_desk.turn_back, key="round_undo")


def _done_words(task: Task) -> str:
    name = words.plain(task.wish.round)
    if task.is_undo:
        return f"det som gjordes med omgång {name} är ångrat"
    school = words.plain(current.register().school_name(task.wish.school)) if task.wish.school else ""
    return {
        Kind.PREPARE: f"omgång {name} är förberedd",
        Kind.OPEN: f"omgång {name} är öppen",
        Kind.EXTEND: f"{school} kan svara till och med {words.date(task.wish.closes)}",
        Kind.CLOSE: f"omgång {name} är stängd",
        Kind.PUBLISH: f"omgång {name} är publicerad",
    }[task.wish.kind]


def confirmation() -> None:
    """Ask, over the page, whether to do what was asked about; what it does is said first."""
    mine = round_desk.desk()
    if mine.asking is None:
        return
    kind = mine.asking.wish.kind

    @dialogue(Page.SELF_ASSESSMENT, _QUESTIONS[kind], dismissible=False)
    def ask() -> None:
        task = round_desk.desk().asking
        if task is None:  # answered: the dialogue is drawn once more by itself
            st.rerun()
        told(task.plan)
        if not task.plan.obstacles:
            if task.plan.is_final:
                st.markdown(FINAL)
            st.button(
                BUTTONS[kind],
                on_click=round_desk.confirm,
                type="primary",
                key="round_confirm",
                width="stretch",
            )
        back = "Tillbaka" if task.plan.obstacles else "Avbryt"
        st.button(back, on_click=round_desk.cancel, key="round_cancel", width="stretch")

    ask()


def told(plan: Plan) -> None:
    """What a plan does, what to think of, and what stands in its way."""
    drawing.bullet_list([words.plain(one) for one in plan.does])
    if plan.warnings:
        st.warning(_lines("Att tänka på:", plan.warnings))
    if plan.obstacles:
        st.error(_lines("Det här behöver göras först:", plan.obstacles))


def _lines(begins: str, sentences: Sequence[str]) -> str:
    if len(sentences) == 1:
        return f"{begins} {words.plain(sentences[0])}"
    return "\n".join([begins, "", *(f"- {words.plain(one)}" for one in sentences)])
