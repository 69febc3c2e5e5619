"""The parts of Kontroll."""

import hashlib
from collections.abc import Sequence
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from pages.components import correcting_parts, current, drawing, words
from pages.components.correcting_parts import Ways
from services.reading import Copy
from services.tables.problems import Problem, Rule

RULE_WORDS = {
    Rule.MISSING_SHEET: "Blad saknas",
    Rule.MISSING_COLUMN: "Kolumn saknas",
    Rule.DUPLICATE_COLUMN: "Rubrik två gånger",
    Rule.DUPLICATE_KEY: "Samma rad två gånger",
    Rule.MISSING_KEY: "Nyckel saknas",
    Rule.REQUIRED: "Ska fyllas i",
    Rule.WRONG_TYPE: "Fel sorts värde",
    Rule.NOT_A_CHOICE: "Inte ett av valen",
    Rule.UNKNOWN_REFERENCE: "Finns inte",
    Rule.OUT_OF_RANGE: "Utanför gränserna",
    Rule.MORE_ANSWERS_THAN_STAFF: "Fler svar än personal",
    Rule.REFERENCE_CYCLE: "Ersätter sig själv",
    Rule.OVERLAPPING_ROUNDS: "Omgångar överlappar",
    Rule.FORMULA_ERROR: "Formeln ger fel",
}
ALL = "Alla"
IN_GOOGLE = "I Google"


def status(copy: Copy, problems: Sequence[Problem]) -> None:
    """How many problems, where, and how old the copy is."""
    sheets = {(problem.spreadsheet, problem.sheet) for problem in problems}
    drawing.key_numbers(
        [
            ("Att rätta", words.whole(len(problems)), None),
            ("Blad som berörs", words.whole(len(sheets)), None),
            ("Senast läst", words.clock(copy.read_at), "Kalkylbladen läses om när någon ändrar i dem."),
            (
                "Oläsliga kalkylblad" if current.is_on_google() else "Oläsliga filer",
                words.whole(sum(not notice.outage for notice in copy.notices)),
                None,
            ),
        ]
    )


def listing(copy: Copy, problems: Sequence[Problem], ways: Ways) -> None:
    """Every problem, filtered by sheet and kind; a click on one opens it to be corrected."""
    if not problems:
        if not copy.notices:
            st.success("Inga fel i kalkylbladen. Allt som står där räknas med.")
        return
    st.write("Värdena i listan används inte förrän de är rättade. När en cell är rättad försvinner raden.")
    sheets = [ALL, *dict.fromkeys(_sheet(problem) for problem in problems)]
    kinds = [ALL, *dict.fromkeys(RULE_WORDS[problem.rule] for problem in problems)]
    left, right = st.columns(2)
    sheet = left.selectbox("Blad", sheets, key="checks_sheet")
    kind = right.selectbox("Sorts fel", kinds, key="checks_kind")
    found = [
        problem
        for problem in problems
        if sheet in (ALL, _sheet(problem)) and kind in (ALL, RULE_WORDS[problem.rule])
    ]
    if not found:
        st.info("Inga rader med båda valen. Välj Alla i ett av dem.")
        return
    st.caption(f"{words.counted(len(found), 'rad', 'rader')} av {words.whole(len(problems))}")
    _table(found, ways)


def _table(found: Sequence[Problem], ways: Ways) -> None:
    frame = pd.DataFrame([_row(problem) for problem in found])
    columns: dict[str, Any] = {name: st.column_config.TextColumn(name) for name in frame.columns}
    links = [current.link(problem) for problem in found]
    if any(links):
        # Our own addresses only: nothing that stands in a cell becomes a link.
        # Beside the cell, where it is in sight on a phone too.
        frame.insert(2, IN_GOOGLE, links)
        columns[IN_GOOGLE] = st.column_config.LinkColumn(IN_GOOGLE, display_text="Öppna")
    # Another list is another table: what was clicked in this one says nothing of that one.
    key = f"checks_list_{hashlib.sha256(repr(found).encode()).hexdigest()[:12]}"
    st.dataframe(
        frame,
        hide_index=True,
        column_config=columns,
        height="content" if len(frame) <= drawing.ROWS_IN_FULL else 36 * drawing.ROWS_IN_FULL,
        width="stretch",
        key=key,
        on_select=partial(correcting_parts.clicked, key, found, ways),
        selection_mode="single-row",
    )


def _sheet(problem: Problem) -> str:
    return f"{problem.spreadsheet}: {problem.sheet}"


def _row(problem: Problem) -> dict[str, str]:
    cell = "" if problem.row is None else f"{problem.column or 'rad '}{problem.row}"
    return {
        "Blad": _sheet(problem),
        "Cell": cell,
        "Kolumn": problem.header or "",
        "Värde": "" if problem.value is None else str(problem.value),
        "Fel": RULE_WORDS[problem.rule],
        "Gör så här": problem.advice,
    }
