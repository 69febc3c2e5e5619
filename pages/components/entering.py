"""How a visitor comes in and goes out, and what she is told when she may not: whom to ask, and for what."""

import streamlit as st

from pages.components import current, login, words
from services.domain.access import Visitor
from services.domain.login import Identity, LoginFault
from services.register import permissions_of
from services.tables.schema import load_schema

FAILED_PARAMETER = "inloggning"
"""In the address when a login came back with nothing that can be trusted."""


def log_in_button() -> None:
    """The way to the municipality's login, where there is one and nobody is logged in."""
    settings = current.settings().login
    if settings is None or isinstance(current.identity(), Identity):
        return
    st.button("Logga in", on_click=login.log_in, args=(settings,), type="primary", key="log_in")


def log_out_button() -> None:
    """Who is logged in, and the way out, in the sidebar."""
    if current.settings().login is None or not login.claims():
        return
    who = current.identity()
    with st.sidebar:
        if isinstance(who, Identity):
            st.caption(f"Inloggad som {words.plain(who.email)}")
        st.button("Logga ut", on_click=_log_out, key="log_out")


def _log_out() -> None:
    login.log_out(current.ended_logins(), current.now())


def why_not(visitor: Visitor) -> str:
    """Why this visitor comes no further, and what she can do about it."""
    if visitor.is_known:
        held = "Din roll" if len(visitor.roles) == 1 else "Dina roller"
        roles = words.listed(sorted(visitor.roles))
        return f"{held} ({roles}) har inte tillgång till den här sidan. Välj en annan sida i menyn."
    for notice in current.copy().notices:
        if notice.spreadsheet == load_schema().table("Behörigheter").spreadsheet and not notice.kept:
            # What ails the register is for whoever sits at its computer, and for nobody out there.
            what = words.plain(notice.sentence) if current.visitor_is_chosen() else "Försök igen om en stund."
            return f"Behörigheterna går inte att läsa just nu. {what}"
    who = current.identity()
    if current.settings().login is not None:
        return _without_role(who) if isinstance(who, Identity) else _without_login(who)
    if not current.visitor_is_chosen():
        return "Här går det inte att logga in än. Den som sköter tjänsten kan slå på inloggningen."
    if visitor.name and current.demo_date() is None:
        return "Du har ingen behörighet i det här registret. Den som sköter tjänsten kan ge dig en."
    return "Välj längst upp vem du vill vara, så visas det som den rollen får se."


def _without_login(fault: LoginFault | None) -> str:
    if fault is not None:
        return fault.value
    if FAILED_PARAMETER in st.query_params:
        return f"Inloggningen gick inte igenom. Försök igen, eller kontakta {_unit()}."
    return "Logga in med ditt arbetskonto för att komma vidare."


def _without_role(who: Identity) -> str:
    ends = [one.until for one in permissions_of(current.register(), who.email) if one.until is not None]
    lacks = (
        f"men din behörighet gällde till och med {words.date(max(ends))}"
        if ends
        else "men den adressen har ingen behörighet i tjänsten"
    )
    return (
        f"Du är inloggad som {words.plain(who.email)}, {lacks}.\n\n"
        "Arbetar du på en skola? Fråga din rektor. "
        f"Är du rektor, eller arbetar du någon annanstans i kommunen? Fråga {_unit()}.\n\n"
        "Är det fel konto? Logga ut och logga in med ett annat."
    )


def _unit() -> str:
    settings = current.settings().login
    address = words.plain(settings.contact) if settings is not None else ""
    return f"Digitaliseringsenheten ({address})" if address else "Digitaliseringsenheten"
