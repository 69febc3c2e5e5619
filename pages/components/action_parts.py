"""The parts of Handlingsplan that are about one school."""

from collections.abc import Mapping, Sequence

import streamlit as st

from pages.components import action_desk, current, plan_desk, words
from pages.components.action_desk import FIELD, About
from pages.components.value_field import FIRST_DAY, LAST_DAY, in_words
from services.domain.access import Visitor
from services.domain.plan import Action, ActionStatus
from services.domain.round import Round
from services.domain.school import SchoolCode
from services.errors import UnknownChoice
from services.plan_writing import LONGEST, carry_out
from services.planning import Effect, ProposedAction, proposed_actions
from services.profile import profile
from services.publishing import LEAST_FOR_EXACT_SHARES, LEAST_FOR_QUESTIONS
from services.register import Register

REGRESSION = (
    "Det som var svagast en gång ligger ofta lite högre nästa gång, också utan insats. Läs förändringarna "
    "med det i minnet."
)


def heading(register: Register, code: SchoolCode, actions: Sequence[Action]) -> None:
    """The school, how many actions it has, and how many are late."""
    st.header(words.plain(register.school_name(code)))
    late = [one for one in actions if one.is_late(current.today())]
    if late:
        them = "En insats skulle" if len(late) == 1 else f"{words.whole(len(late))} insatser skulle"
        st.warning(f"{them} ha varit klara. De står först." if len(late) > 1 else f"{them} ha varit klar.")
    if actions:
        done = sum(one.status is ActionStatus.DONE for one in actions)
        st.markdown(f"{words.counted(len(actions), 'insats', 'insatser')}, varav {words.whole(done)} klara.")


def outcome() -> None:
    """Do what is on its way, and tell what became of the last deed."""
    if plan_desk.work(action_desk.NAME, carry_out):
        st.rerun()
    plan_desk.told(action_desk.NAME, action_desk.ANSWERS, _written)


def _written(header: str, value: object) -> str:
    if header == "Delområde" and isinstance(value, int):
        return _about(current.register(), (value, None))
    return in_words(value)


# --- What is decided --------------------------------------------------------------------------------


def cards(
    register: Register, actions: Sequence[Action], found: Mapping[str, Effect], *, writes: bool
) -> None:
    """Every action, the late ones first, each with what came of what it is about."""
    if not actions:
        st.info(
            "Skolan har inga insatser än. Börja från ett förslag nedan, eller lägg till en egen."
            if writes
            else "Skolan har inga insatser än. Rektor skriver dem här."
        )
        return
    if found:
        st.caption(REGRESSION)
    today = current.today()
    for place, one in enumerate(
        sorted(actions, key=lambda one: (not one.is_late(today), not one.is_under_way))
    ):
        with st.container(border=True):
            st.subheader(words.plain(one.goal or "Mål saknas"))
            st.markdown(f"**{words.plain(_about(register, (one.area, one.question)))}**")
            st.markdown(words.plain(one.activity))
            st.markdown(_state(one))
            if one.follow_up:
                st.markdown(f"**Uppföljning:** {words.plain(one.follow_up)}")
            if one.id in found:
                st.markdown(_effect(found[one.id], is_question=one.question is not None))
            if writes:
                st.button(
                    "Ändra eller följ upp",
                    on_click=action_desk.open_form,
                    args=(one.school, one),
                    key=f"action_change_{place}",
                )


def _state(one: Action) -> str:
    status = one.status.value if one.status else "Status saknas"
    parts = [f"**{status}**"]
    if one.due is not None:
        is_late = one.is_late(current.today())
        parts.append(
            f"{'försenad, skulle vara' if is_late else ''} klar senast {words.date(one.due)}".strip()
        )
    if one.responsible:
        parts.append(f"ansvarig: {words.plain(one.responsible)}")
    return f"{' · '.join(parts)} · från omgång {words.plain(one.round)}"


def _effect(found: Effect, *, is_question: bool) -> str:
    """What it came to: called a change only where it is one."""
    change = found.change
    is_few = is_question and min(change.before.n, change.after.n) < LEAST_FOR_EXACT_SHARES
    write = words.mean_of_few if is_few else words.number
    levels = f"{write(change.before.mean)} → {write(change.after.mean)}"
    later = words.plain(found.later)
    if not found.is_told:
        return f"**Gjorde det skillnad?** Ingen säker förändring till omgång {later} ({levels})."
    way = "högre" if change.difference > 0 else "lägre"
    return f"**Gjorde det skillnad?** Nivån är {way} i omgång {later} ({levels}), en säker förändring."


def _about(register: Register, about: About) -> str:
    area, id_ = about
    if id_ is not None:
        question = next((one for one in register.questions if one.id == id_), None)
        return f"{id_} {question.statement}" if question else id_
    known = next((one for one in register.areas if one.number == area), None)
    return f"{known.number} {known.name}" if known else "Delområde saknas"


# --- Writing ----------------------------------------------------------------------------------------


def form(register: Register, round_: Round, code: SchoolCode) -> None:
    """The form of the action that is opened, or the way to a new one."""
    mine = action_desk.desk()
    if not mine.has_form(code):
        st.button("Lägg till en egen insats", on_click=action_desk.open_new, args=(code,), key="action_new")
        return
    seen, proposed = mine.opened, mine.proposed
    st.subheader("Ändra eller följ upp insatsen" if seen else "Ny insats")
    about, goal, activity = _beginning(seen, proposed)
    with st.form("action_form", border=True):
        _choose_about(register, seen.round if seen else round_.name, about)
        _text("Mål", "goal", goal, "Vad är annorlunda efteråt?")
        _text("Aktivitet", "activity", activity, "Vad gör ni?")
        _who_and_when(seen)
        if seen is not None:
            _text("Uppföljning", "follow_up", seen.follow_up, "Vad blev det av den? Hur vet ni det?")
        save = {"on_click": action_desk.save, "args": (code, round_.name)}
        with st.container(horizontal=True):
            st.form_submit_button("Spara", type="primary", key="action_save", **save)
            st.form_submit_button("Avbryt", on_click=action_desk.close_form, key="action_cancel")


def _beginning(seen: Action | None, proposed: ProposedAction | None) -> tuple[About | None, str, str]:
    """What the form begins with: what it is about, its goal, its activity."""
    if seen is not None:
        return (seen.area, seen.question), seen.goal, seen.activity
    if proposed is not None:
        about = (proposed.area.number, proposed.question.id if proposed.question else None)
        return about, proposed.goal, proposed.activity
    return None, "", ""


def _who_and_when(seen: Action | None) -> None:
    st.text_input(
        "Ansvarig roll",
        seen.responsible if seen else "",
        max_chars=200,
        key=f"{FIELD}responsible",
        help="Skriv en roll, till exempel förstelärare. Skriv inget namn.",
        width=420,
    )
    st.date_input(
        "Klart senast",
        seen.due if seen else None,
        min_value=FIRST_DAY,
        max_value=LAST_DAY,
        format="YYYY-MM-DD",
        key=f"{FIELD}due",
        width=240,
    )
    statuses = [one.value for one in ActionStatus]
    now = seen.status.value if seen and seen.status else ActionStatus.PLANNED.value
    st.selectbox("Status", statuses, statuses.index(now), key=f"{FIELD}status", width=240)


def _text(label: str, name: str, now: str, help_: str) -> None:
    st.text_area(label, now, max_chars=LONGEST, key=f"{FIELD}{name}", help=help_)


def _choose_about(register: Register, round_name: str, now: About | None) -> None:
    """One choice for both columns, so that a question never stands beside another area than its own."""
    options: list[About] = []
    for area in register.areas:
        options.append((area.number, None))
        asked = [one for one in register.questions_in(round_name) if one.area == area.number]
        options += [(area.number, one.id) for one in asked]
    if now is not None and now not in options:
        options.insert(0, now)
    st.selectbox(
        "Gäller",
        options,
        index=options.index(now) if now is not None else None,
        format_func=lambda about: _about(register, about),
        placeholder="Välj ett delområde eller en fråga",
        key=f"{FIELD}about",
        help="Ett helt delområde, eller en enda fråga.",
    )


# --- What might be done -----------------------------------------------------------------------------


def proposals(register: Register, visitor: Visitor, round_: Round, code: SchoolCode) -> None:
    """Actions to begin from: the weakest, and where colleagues disagree."""
    st.header("Förslag att börja från")
    if not round_.is_published:
        st.info(f"Förslagen kommer när omgång {words.plain(round_.name)} är publicerad.")
        return
    try:
        found = profile(register, visitor, round_.name, code)
    except UnknownChoice as trouble:
        st.info(words.plain(str(trouble)))
        return
    if not found.figures.shown:
        st.info(f"Inga förslag: färre än {round_.least_answers} har svarat, så resultatet visas inte.")
        return
    if not found.questions:
        st.caption(f"Frågor visas först när minst {LEAST_FOR_QUESTIONS} har svarat.")
    offered = proposed_actions(register, found, round_.name)
    if not offered:
        st.info("Skolan har redan insatser för det som är svagast i omgången.")
        return
    st.markdown("Orden är våra. Ändra dem till era egna innan ni sparar.")
    with st.grid(3, min_column_width=240):
        for place, one in enumerate(offered):
            with st.container(border=True, height="stretch"):
                st.caption(one.why.value)
                st.markdown(f"**{words.plain(one.about)}**")
                st.markdown(words.plain(one.goal))
                st.button(
                    "Börja från förslaget",
                    on_click=action_desk.open_new,
                    args=(code, one),
                    key=f"action_from_{place}",
                )
