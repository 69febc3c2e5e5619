"""A chart as every page shows it: its finding above it, a name for screen readers, its table below."""

import pickle
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from pages.components import words

ROWS_IN_FULL = 15
"""Longer tables scroll."""

EXTRAS = """<style>
[data-testid="stFullScreenFrame"]:has([data-testid="stVegaLiteChart"]) [data-testid="stElementToolbar"],
[data-testid="stHeaderActionElements"] { display: none; }
</style>"""
"""Streamlit's own buttons on charts and links on headings: in English, and five stops for a keyboard each."""


def leave_out_extras() -> None:
    """Take them away; every chart has its table below it, and every page its own address."""
    st.html(EXTRAS)


Draw = Callable[..., alt.LayerChart]
Shown = pd.DataFrame | bool | float


def chart(draw: Draw, *shown: Shown, alt: str, **how: Any) -> Any:
    """Draw `draw(*shown)` as wide as there is room for; `alt` is its name for screen readers."""
    return st.vega_lite_chart(spec=_vega_lite(draw, pickle.dumps(shown)), alt=alt, width="stretch", **how)


@lru_cache(maxsize=256)
def _vega_lite(draw: Draw, shown: bytes) -> dict[str, Any]:
    """The chart as Vega-Lite, remembered as long as it shows the same: Altair needs some 30 ms for each."""
    spec: dict[str, Any] = draw(*pickle.loads(shown)).to_dict()
    spec.pop("config", None)  # Altair's own sizes; the theme is Streamlit's
    return spec


def figure(finding: str, draw: Draw, *shown: Shown, table: pd.DataFrame, note: str = "", key: str) -> None:
    """Draw a chart under a heading that states its finding, with the same figures as a table.

    The finding is plain text; it may quote cells.
    """
    with st.container(key=key):
        st.header(words.plain(finding))
        if note:
            st.caption(note)
        chart(draw, *shown, alt=finding)
        as_table(table)


def as_table(table: pd.DataFrame, label: str = "Visa som tabell") -> None:
    """The chart's table twin, out of the way until it is asked for."""
    with st.expander(label):
        show_table(table)


def show_table(table: pd.DataFrame) -> None:
    """A table of text that the reader may sort; nothing in it is more than text.

    Not st.table: on a phone its scrolling part can't be reached with a keyboard.
    """
    columns = {name: st.column_config.TextColumn(str(name)) for name in table.columns}
    height: Any = "content" if len(table) <= ROWS_IN_FULL else 36 * ROWS_IN_FULL
    st.dataframe(table, hide_index=True, column_config=columns, height=height, width="stretch")


def key_numbers(pairs: list[tuple[str, str, str | None]]) -> None:
    """Key figures in a row that wraps on a phone: (label, value, help)."""
    with st.grid(min(len(pairs), 6), min_column_width=112):
        for label, value, help_ in pairs:
            st.metric(label, value, help=help_, border=True, height="stretch")


def bullet_list(lines: list[str]) -> None:
    """Sentences as a list; text from cells must come as `words.plain`."""
    st.markdown("\n".join(f"- {line}" for line in lines))
