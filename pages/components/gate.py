"""The gate: every page's first statement. Nothing is drawn before a visitor has been admitted."""

import hashlib
import logging
from pathlib import Path
from typing import NoReturn

import streamlit as st

from pages.components import current, notices
from services.domain.access import Page, Visitor

log = logging.getLogger(__name__)


def admit(file: str) -> Visitor:
    """The visitor, if she may open the page in this file; otherwise say whom to ask, and stop."""
    page = Page(Path(file).stem)
    visitor = current.visitor()
    if not visitor.may_open(page):
        _refuse(visitor, page)
    return visitor


def _refuse(visitor: Visitor, page: Page) -> NoReturn:
    shown = hashlib.sha256(visitor.name.encode()).hexdigest()[:8]
    log.info("refused: page %s, visitor %s", page, shown)
    st.title("Behörighet saknas")
    if visitor.is_known:
        st.write("Din roll har inte tillgång till den här sidan. Välj en annan sida i menyn.")
    else:
        st.write(notices.way_in(visitor))
    st.page_link("start.py", label="Till startsidan")
    st.stop()
