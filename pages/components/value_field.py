"""A form's field for one cell: the widget that fits its column, and its value in a sentence."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import streamlit as st

from pages.components import words
from services.correcting import LONGEST, Correction
from services.tables.schema import Type
from services.tables.sheet import Cell

FIRST_DAY, LAST_DAY = dt.date(2000, 1, 1), dt.date(2099, 12, 31)
BLANK = "Lämna tomt"
MOST_SHOWN = 300
"""Characters of a long text that are quoted in a sentence."""


def draw(correction: Correction, references: Mapping[Any, str], key: str) -> None:
    """The field in which the new value is written; its value is then in the session under `key`."""
    column = correction.column
    label = f"Nytt värde i {column.header}"
    match column.type:
        case Type.CHOICE | Type.YESNO:
            _choose(label, {one: one for one in column.choices or ("Ja", "Nej")}, correction, key)
        case Type.REF:
            _choose(label, references, correction, key)
        case Type.DATE:
            st.date_input(
                label,
                value=None,
                min_value=FIRST_DAY,
                max_value=LAST_DAY,
                format="YYYY-MM-DD",
                key=key,
                width=320,
            )
        case Type.LONGTEXT:
            st.text_area(label, _as_text(correction.seen), max_chars=LONGEST, key=key)
        case _:
            # Numbers too: a field for numbers takes no decimal comma.
            st.text_input(label, _as_text(correction.seen), max_chars=LONGEST, key=key, width=420)


def _choose(label: str, options: Mapping[Any, str], correction: Correction, key: str) -> None:
    shown = dict(options) if correction.column.required else {None: BLANK, **options}
    st.selectbox(
        label,
        list(shown),
        index=None,
        format_func=lambda one: shown.get(one, ""),
        placeholder="Välj ett värde",
        key=key,
        width=420,
    )


def _as_text(value: Cell) -> str:
    return "" if value is None else in_words(value)


def in_words(value: Any, references: Mapping[Any, str] | None = None) -> str:
    """A cell's value as a person reads it, as plain text: a reference by name, a number with a comma."""
    if references and value in references:
        return references[value]
    match value:
        case None | "":
            return "ingenting"
        case bool():
            return "Ja" if value else "Nej"
        case float():
            return words.exactly(value, 0)
        case dt.datetime():
            return value.isoformat(" ", "minutes")
        case dt.date() | dt.time():
            return value.isoformat()
    return str(value)


def quoted(value: Any, references: Mapping[Any, str] | None = None) -> str:
    """The same for a sentence: nothing in it is more than text, and no longer than can be read."""
    text = in_words(value, references)
    return words.plain(text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]} …")
