"""A choice that is kept in the address, so that a page can be linked and the back button works.

Streamlit's own binding writes the words of an option in the address; ours writes its key (a school's
code), and falls back on the last choice when a page is opened from the menu without one.
"""

from collections.abc import Callable, Sequence

import streamlit as st


def chosen(parameter: str, options: Sequence[str], default: str | None = "") -> str | None:
    """The choice in the address if it is one of the options, else the last one, else the default."""
    for value in (st.query_params.get(parameter), st.session_state.get(_kept(parameter))):
        if value is not None and value in options:
            st.session_state[_kept(parameter)] = value
            return str(value)
    return default


def choose(
    parameter: str,
    label: str,
    options: Sequence[str],
    words: Callable[[str], str],
    *,
    default: str | None = None,
) -> str | None:
    """A select box for such a choice; the choice, or None where there is nothing to choose from."""
    if not options:
        return None
    value = chosen(parameter, options, default if default in options else options[0])
    if value and st.query_params.get(parameter) != value:
        st.query_params[parameter] = value
    widget = _widget(parameter)
    st.session_state[widget] = value
    st.selectbox(label, options, format_func=words, key=widget, on_change=_take, args=(parameter,), width=420)
    return value


def _take(parameter: str) -> None:
    # What the browser sends is checked against the options when the page is drawn again.
    value = str(st.session_state[_widget(parameter)])
    st.session_state[_kept(parameter)] = value
    st.query_params[parameter] = value


def _kept(parameter: str) -> str:
    return f"kept_{parameter}"


def _widget(parameter: str) -> str:
    return f"choose_{parameter}"
