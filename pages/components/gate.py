"""The gate: every page's first statement. Nothing is drawn before a visitor has been admitted."""

import logging
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import NoReturn, ParamSpec

import streamlit as st

from pages.components import current, entering, login
from services.domain.access import Page, Visitor

log = logging.getLogger(__name__)

P = ParamSpec("P")


def admit(file: str) -> Visitor:
    """The visitor, if she may open the page in this file; otherwise say whom to ask, and stop."""
    page = Page(Path(file).stem)
    visitor = current.visitor()
    if not visitor.may_open(page):
        _refuse(visitor, page)
    return visitor


def living(page: Page, every: str) -> Callable[[Callable[P, None]], Callable[P, None]]:
    """Make a function draw its part of a page anew every so often.

    Such a part is drawn without the page around it, and so without its gate: here it has its own.
    """

    def decorated(draw: Callable[P, None]) -> Callable[P, None]:
        @wraps(draw)
        def drawn_if_admitted(*args: P.args, **kwargs: P.kwargs) -> None:
            if not current.visitor().may_open(page):
                st.rerun()
            draw(*args, **kwargs)

        return st.fragment(run_every=every)(drawn_if_admitted)

    return decorated


def _refuse(visitor: Visitor, page: Page) -> NoReturn:
    log.info("refused: page %s, visitor %s", page, login.pseudonym(visitor.email))
    st.title("Behörighet saknas")
    st.write(entering.why_not(visitor))
    entering.log_in_button()
    st.page_link("start.py", label="Till startsidan")
    st.stop()
