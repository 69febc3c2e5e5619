"""The form: one area at a time, then what is left to answer, then it is sent."""

import re
from functools import partial

import streamlit as st

from pages.components import answering_receipt, answering_seat, current, words
from pages.components.answering_entry import is_open, school_name
from pages.components.answering_seat import RECEIPT, REVIEW, STEP_PARAMETER, Place
from pages.components.gate import living
from services.answering import entry
from services.answering.form import CHOICES, Step
from services.answering.round_file import CANNOT_JUDGE, Levels, Reply
from services.domain.access import Page
from services.domain.question import LEVEL_LABELS, Question
from services.errors import AnswerTrouble

_SIGNS = re.compile(r"[^\w\s,.?%-]|_|\.(?=\S)")
"""What markdown could make something of, even in a label that is not seen."""

CANNOT = "Kan inte bedöma"

THUMBS = """<style>
.st-key-answering [data-testid="stRadioOption"] {
  width: 100%; min-height: 44px; padding: 0.5rem; margin: 0; border-radius: 0.5rem;
}
.st-key-answering button, .st-key-answering_nav button, .st-key-begin button { min-height: 44px; }
[class*="st-key-answering_step"], [class*="st-key-question"] { scroll-margin-top: 4rem; }
</style>"""
"""A thumb hits 44 pixels; Streamlit's own rows are half as high."""

NO_MENU = """[data-testid="stSidebar"], [data-testid="stExpandSidebarButton"] { display: none; }"""
"""Nothing beside the questions leads away from them by mistake. The way out stands below them."""

MOVED_ON = "moved_on.js"
"""The script that brings a new step to its beginning, for the eye and for a screen reader."""


@living(Page.ANSWER, every=None)
def section() -> None:
    """The part of the page that is drawn anew with every tap: all else stays as it is."""
    try:
        found = answering_seat.place()
    except AnswerTrouble:
        found = None
    if found is None:
        st.rerun()  # the whole page, which says why
    st.html(THUMBS)
    register = current.register()
    if not is_open(found, entry.window(register, found.round, found.who.school, current.today())):
        return
    reply = found.desk.reply(found.who)
    if trouble := answering_seat.seat().trouble:
        st.error(words.plain(trouble))
    if not found.form.steps:
        st.info("Det finns inga frågor i den här omgången än. Fråga Digitaliseringsenheten.")
        return
    _draw(found, reply)


def _draw(found: Place, reply: Reply) -> None:
    asked = st.query_params.get(STEP_PARAMETER, "")
    steps = [str(number) for number in range(1, len(found.form.steps) + 1)]
    if asked in steps:
        _step(found, reply.levels, int(asked))
    elif asked == REVIEW:
        _review(found, reply)
    elif reply.version and (asked == RECEIPT or not reply.is_changed):
        answering_receipt.receipt(found, reply)
    else:
        _welcome(found, reply)


def _welcome(found: Place, reply: Reply) -> None:
    register = current.register()
    window = entry.window(register, found.round, found.who.school, current.today())
    last = words.date(window.last) if window else words.NOTHING
    longer = " Din skola har fått längre tid." if window and window.is_extended else ""
    st.markdown(
        f"Du svarar för **{school_name(found.who.school)}** i omgång {words.plain(found.round.name)}, "
        f"till och med {last}.{longer}"
    )
    asked, answered = len(found.form.questions), found.form.answered(reply.levels)
    st.markdown(
        f"Det är {asked} frågor i {words.counted(len(found.form.steps), 'delområde', 'delområden')} och tar "
        "ungefär tio minuter. Utgå från hur det är hos er i dag. "
        "Varje svar sparas direkt, så du kan stänga sidan och fortsätta senare, också på en annan enhet."
    )
    if reply.version:
        label = "Granska och skicka ändringen"
        st.warning("Du har ändrat ditt svar men inte skickat ändringen. Det förra svaret gäller.")
        st.button(label, on_click=answering_seat.go, args=(REVIEW,), type="primary", key="begin")
    else:
        label = f"Fortsätt ({answered} av {asked} klara)" if answered else "Börja svara"
        st.button(label, on_click=answering_seat.begin, type="primary", key="begin")
    if not reply.version and answering_seat.has_other_schools(found):
        st.button("Svara för en annan skola", on_click=answering_seat.choose_anew, key="another_school")
    answering_receipt.leave_button(found)
    st.header("Så skyddas ditt svar")
    answering_receipt.protection()
    answering_receipt.as_the_principal_sees_it(found)


def _step(found: Place, levels: Levels, number: int) -> None:
    step, steps = found.form.steps[number - 1], found.form.steps
    _at_the_beginning(str(number), answering_seat.seat().target)
    with st.container(key=f"answering_step_{number}"):
        _progress(found, levels)
        st.header(f"{number} av {len(steps)}: {words.plain(step.area.name)}")
        if step.area.description:
            st.write(words.plain(step.area.description))
        with st.container(key="answering"):
            for place, question in enumerate(step.questions, 1):
                _question(place, question, levels.get(question.id))
    st.caption(_kept(found, step, levels))
    with st.container(key="answering_nav", horizontal=True):
        back, on = str(number - 1) if number > 1 else "", str(number + 1) if number < len(steps) else REVIEW
        forward = "Nästa delområde" if number < len(steps) else "Granska och skicka"
        st.button(forward, on_click=answering_seat.go, args=(on,), type="primary", key=f"on_{number}")
        st.button("Föregående", on_click=answering_seat.go, args=(back,), key=f"back_{number}")
        if number < len(steps):
            st.button("Granska", on_click=answering_seat.go, args=(REVIEW,), key=f"review_{number}")


def _kept(found: Place, step: Step, levels: Levels) -> str:
    left = len(step.questions) - step.answered(levels)
    rest = f"{words.counted(left, 'fråga', 'frågor')} kvar här. " if left else "Allt här är besvarat. "
    how = " med samma kod" if found.who.by_code else ""
    return f"{rest}Svaren är sparade. Du kan fortsätta senare{how}, också på en annan enhet."


def _progress(found: Place, levels: Levels) -> None:
    answered, asked = found.form.answered(levels), len(found.form.questions)
    st.caption(f"{school_name(found.who.school)}, omgång {words.plain(found.round.name)}")
    st.progress(answered / asked, text=f"{answered} av {asked} frågor besvarade")


def _question(number: int, question: Question, level: int | None) -> None:
    key = answering_seat.field(question.id)
    if st.session_state.get(key) != level or key not in st.session_state:
        st.session_state[key] = level  # what the server has, perhaps from another device
    with st.container(key=f"question_{number}"):
        st.subheader(f"{number}. {words.plain(question.statement)}")
        if question.example:
            st.caption(f"Exempel: {words.plain(question.example)}")
        st.radio(
            f"Fråga {number}: {_spoken(question.statement)}",
            CHOICES,
            format_func=partial(_choice, question),
            key=key,
            index=None,
            on_change=answering_seat.answer,
            args=(question.id,),
            label_visibility="collapsed",
            width="stretch",
        )


def _spoken(statement: str) -> str:
    """The statement as a screen reader is to say it: it is told a label as written, escapes and all."""
    return _SIGNS.sub(" ", statement)


def _choice(question: Question, level: int) -> str:
    """What a choice is called and means: one label, so that a thumb may hit any of it."""
    if level == CANNOT_JUDGE:
        return CANNOT
    meaning = words.plain(question.levels[level - 1])
    return f"**{LEVEL_LABELS[level - 1]}.** {meaning}" if meaning else LEVEL_LABELS[level - 1]


def _at_the_beginning(step: str, target: int) -> None:
    """Hide the menu, and bring the step's beginning, or the question asked for, into sight."""
    data = f'data-step="{step}" data-moves="{answering_seat.seat().moves}" data-target="{target}"'
    st.html(
        f'<style>{NO_MENU}</style><script src="{MOVED_ON}" {data}></script>',
        unsafe_allow_javascript=True,
    )


def _review(found: Place, reply: Reply) -> None:
    _at_the_beginning(REVIEW, 0)
    with st.container(key=f"answering_step_{REVIEW}"):
        _progress(found, reply.levels)
        st.header("Granska och skicka")
        left = len(found.form.questions) - found.form.answered(reply.levels)
        st.write(
            f"{words.counted(left, 'fråga är', 'frågor är')} inte besvarade. Du kan skicka ändå, "
            "men svara gärna på dem du kan. Vet du inte? Välj Kan inte bedöma."
            if left
            else "Alla frågor är besvarade."
        )
        with st.container(key="answering"):
            for number, step in enumerate(found.form.steps, 1):
                _summary(number, step, reply.levels)
    with st.container(key="answering_nav", horizontal=True):
        if reply.version and not reply.is_changed:
            st.button("Till kvittot", on_click=answering_seat.go, args=(RECEIPT,), type="primary", key="sent")
        else:
            label = "Skicka ändringen" if reply.version else "Skicka svaret"
            st.button(label, on_click=answering_seat.send, type="primary", key="send")
        last = str(len(found.form.steps))
        st.button("Föregående", on_click=answering_seat.go, args=(last,), key="back_review")


def _summary(number: int, step: Step, levels: Levels) -> None:
    missing = [place for place, one in enumerate(step.questions, 1) if one.id not in levels]
    st.subheader(f"{number}. {words.plain(step.area.name)}")
    said = f"{step.answered(levels)} av {len(step.questions)} frågor besvarade."
    if missing and len(missing) < len(step.questions):
        noun = "Fråga" if len(missing) == 1 else "Frågorna"
        said += f" {noun} {words.listed([str(one) for one in missing])} är kvar."
    if not step.counts(levels):
        said += " Delområdet räknas först när minst hälften har en nivå."
    st.write(said)
    label = f"Svara på fråga {missing[0]}" if missing else "Ändra"
    st.button(
        f"{label} i delområde {number}",
        on_click=answering_seat.go,
        args=(str(number), missing[0] if missing else 0),
        key=f"to_{number}",
    )
