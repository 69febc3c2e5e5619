"""The gate: every page's first statement. Nothing is drawn before a visitor has been admitted.

A callback runs before the page and so before its gate, and a fragment or a dialogue without the page:
each of them has its own here.
"""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, NoReturn, ParamSpec

import streamlit as st

from pages.components import current, entering, refusals
from services.domain.access import Deed, Page, Visitor

P = ParamSpec("P")
Drawing = Callable[P, None]


def admit(file: str) -> Visitor:
    """The visitor, if she may open the page in this file; otherwise say whom to ask, and stop."""
    page = Page(Path(file).stem)
    visitor = current.visitor()
    if not visitor.may_open(page):
        _refuse(visitor, page)
    return visitor


def permitted(deed: Deed) -> Callable[[Drawing[P]], Drawing[P]]:
    """Make a callback do nothing for a visitor who may not do the deed; she is asked for anew each time.

    What her page shows after that is for its own gate to say.
    """

    def decorated(act: Drawing[P]) -> Drawing[P]:
        @wraps(act)
        def done_if_permitted(*args: P.args, **kwargs: P.kwargs) -> None:
            visitor = current.visitor()
            if visitor.may(deed):
                act(*args, **kwargs)
            else:
                refusals.note(f"deed {deed}", visitor)

        return done_if_permitted

    return decorated


def living(page: Page, every: str | None) -> Callable[[Drawing[P]], Drawing[P]]:
    """Make a function draw its part of a page anew every so often, as long as the visitor may open it.

    With None it is drawn anew by itself when something in it is touched.
    """

    def decorated(draw: Drawing[P]) -> Drawing[P]:
        return st.fragment(run_every=every)(_if_admitted(page, draw))

    return decorated


def dialogue(page: Page, title: str, **how: Any) -> Callable[[Drawing[P]], Drawing[P]]:
    """Make a function draw a dialogue over its page, as long as the visitor may open the page."""

    def decorated(draw: Drawing[P]) -> Drawing[P]:
        return st.dialog(title, **how)(_if_admitted(page, draw))

    return decorated


def _if_admitted(page: Page, draw: Drawing[P]) -> Drawing[P]:
    @wraps(draw)
    def drawn_if_admitted(*args: P.args, **kwargs: P.kwargs) -> None:
        if not current.visitor().may_open(page):
            st.rerun()  # the whole page, whose gate says why
        draw(*args, **kwargs)

    return drawn_if_admitted


def _refuse(visitor: Visitor, page: Page) -> NoReturn:
    refusals.note(f"page {page}", visitor)
    st.title("Behörighet saknas")
    st.write(entering.why_not(visitor))
    entering.log_in_button()
    st.page_link("start.py", label="Till startsidan")
    st.stop()
