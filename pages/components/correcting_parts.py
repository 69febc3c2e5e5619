"""Rätta här: one cell of the sheets, corrected on the page that lists what is wrong."""

from collections.abc import Mapping, Sequence

import streamlit as st

from pages.components import correcting_desk, current, value_field, words
from pages.components.correcting_desk import Desk
from pages.components.gate import dialogue
from pages.components.value_field import quoted
from services.correcting import TURNED_BACK, Change, Correction, Elsewhere, references
from services.domain.access import Page
from services.register import Register
from services.tables.problems import Problem
from services.tables.schema import load_schema

Ways = Mapping[Problem, Correction | Elsewhere]
"""For each problem, what can be corrected here, or where it is done instead."""

CHOSEN = "correcting_chosen"
CLICKED = "correcting_clicked"


def section(register: Register, ways: Ways) -> None:
    """Everything about correcting: what became of the last, the form, or the choice of a row."""
    mine = correcting_desk.desk()
    with st.container(key="correcting"):
        if mine.on_its_way is not None:
            with st.spinner("Sparar …"):
                settled = correcting_desk.settle()
            if settled:
                st.rerun()
        if not ways and mine.correction is None and mine.last is None and not mine.received:
            return
        st.header("Rätta här")
        _tell_received(mine)
        _tell_last(mine, ways)
        if mine.conflict is not None and mine.last is not None:
            _conflict_dialogue(register, mine)
        if mine.correction is not None:
            _form(register, mine, mine.correction, ways)
        elif ways:
            _choice(ways)


def clicked(key: str, shown: Sequence[Problem], ways: Ways) -> None:
    """Open the form for the row that was clicked in the list, or say where it is to be done."""
    rows = st.session_state[key].selection.rows
    st.session_state[CLICKED] = None
    if rows and rows[0] < len(shown):
        way = ways[shown[rows[0]]]
        if isinstance(way, Correction):
            correcting_desk.open_form(way)
        else:
            st.session_state[CLICKED] = way


def _choice(ways: Ways) -> None:
    here = {_name(way): way for way in ways.values() if isinstance(way, Correction)}
    elsewhere = st.session_state.get(CLICKED)
    if isinstance(elsewhere, Elsewhere):
        st.info(elsewhere)
    if not here:
        st.write("Inget i listan kan rättas i appen. Rätta det i kalkylbladet.")
        return
    left = len(ways) - len(here)
    st.write(
        "Klicka på en rad i listan, eller välj den här."
        + (f" {words.counted(left, 'rad', 'rader')} kan bara rättas i kalkylbladet." if left else "")
    )
    st.selectbox(
        "Cell att rätta",
        list(here),
        index=None,
        placeholder="Välj en cell",
        key=CHOSEN,
        on_change=_open_chosen,
        args=(here,),
        width=640,
    )


def _open_chosen(here: Mapping[str, Correction]) -> None:
    chosen = here.get(st.session_state[CHOSEN] or "")
    if chosen is not None:
        correcting_desk.open_form(chosen)


def _name(correction: Correction) -> str:
    problem = correction.problem
    return f"{problem.sheet} {problem.column}{problem.row}: {problem.header} för {correction.row}"


def _form(register: Register, mine: Desk, correction: Correction, ways: Ways) -> None:
    known = references(register, load_schema(), correction)
    problem = correction.problem
    st.subheader(words.plain(f"{problem.header} för {correction.row}"))
    st.markdown(
        f"Bladet {words.plain(problem.sheet)} i {words.plain(problem.spreadsheet)}. "
        f"Nu står det **{quoted(correction.seen, known)}**."
    )
    if mine.conflict is None and _has_moved_on(correction, ways):
        st.warning("Cellen har ändrats sedan du öppnade den. Sparar du, så får du välja vad som ska gälla.")
    with st.form(f"form_{mine.form}", border=True):
        st.markdown(words.plain(f"{problem.advice} {correction.column.help}"))
        value_field.draw(correction, known, mine.field)
        if mine.refusal:
            st.error(words.plain(mine.refusal))
        with st.container(horizontal=True):
            st.form_submit_button(
                "Spara", on_click=correcting_desk.save, type="primary", key="correcting_save"
            )
            st.form_submit_button("Avbryt", on_click=correcting_desk.close_form, key="correcting_cancel")


def _has_moved_on(correction: Correction, ways: Ways) -> bool:
    """Whether the list no longer has the cell as it was when the form opened."""
    return not any(_is_same_cell(way, correction) and way.seen == correction.seen for way in _here(ways))


def _here(ways: Ways) -> list[Correction]:
    return [way for way in ways.values() if isinstance(way, Correction)]


def _is_same_cell(one: Correction, other: Correction) -> bool:
    return (one.problem.sheet, one.column.header, one.key) == (
        other.problem.sheet,
        other.column.header,
        other.key,
    )


def _tell_received(mine: Desk) -> None:
    for change in mine.received:
        waits_for = "Google svarar" if current.is_on_google() else "kalkylbladet går att skriva i"
        st.info(
            f"Mottaget – sparas så snart {waits_for}. {_what(change)} blir {_value(change)}. "
            "Du behöver inte göra om det, och du kan lämna sidan."
        )


def _tell_last(mine: Desk, ways: Ways) -> None:
    last = mine.last
    if mine.trouble is not None:
        st.error(words.plain(str(mine.trouble)))
    if last is None or mine.trouble is not None or mine.conflict is not None:
        return
    if mine.kept_theirs:
        st.info(f"{_what(last)} står kvar som det var. Inget har ändrats.")
        return
    if last.event == TURNED_BACK:
        st.success(f"Ångrat. I {_what(last)} står det {_value(last)} igen.")
    else:
        st.success(f"Sparat. {_what(last)} är nu {_value(last)}.")
        still = next((way for way in _here(ways) if _is_same_cell(way, last.correction)), None)
        if still is not None:
            st.warning(f"Värdet är ändrat men räknas inte ännu. {words.plain(still.problem.advice)}")
    st.button("Ångra", on_click=correcting_desk.turn_back, key="correcting_undo")


def _what(change: Change) -> str:
    correction = change.correction
    return words.plain(f"{correction.column.header} för {correction.row}")


def _value(change: Change) -> str:
    known = references(current.register(), load_schema(), change.correction)
    return f"**{quoted(change.value, known)}**"


def _conflict_dialogue(register: Register, mine: Desk) -> None:
    change, conflict = mine.last, mine.conflict
    assert change is not None and conflict is not None
    known = references(register, load_schema(), change.correction)
    header = change.correction.column.header

    @dialogue(Page.CHECKS, "Någon hann före", dismissible=False)
    def ask() -> None:
        st.write(f"{_what(change)} har ändrats sedan du öppnade cellen. Vad ska gälla?")
        st.markdown(
            f"- När du öppnade stod det **{quoted(conflict.base.get(header), known)}**\n"
            f"- Nu står det **{quoted(conflict.theirs.get(header), known)}**\n"
            f"- Du vill skriva **{quoted(conflict.mine.get(header), known)}**"
        )
        st.button(
            "Behåll det som står där",
            on_click=correcting_desk.keep_theirs,
            key="conflict_keep",
            width="stretch",
        )
        st.button(
            "Skriv mitt värde i stället",
            on_click=correcting_desk.write_mine,
            key="conflict_write",
            width="stretch",
        )

    ask()
