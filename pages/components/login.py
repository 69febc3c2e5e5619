"""Who has logged in, asked anew at every run: Streamlit's cookie lives 30 days, our trust twelve hours."""

import datetime as dt
import hmac
import secrets
from collections.abc import Mapping

import streamlit as st

from config.settings import LoginSettings
from services.bugs import note_bug
from services.domain.login import Identity, LoginFault, identity
from services.ended_logins import EndedLogins, login_of

# Known to this process alone, so that nobody can find the addresses in a log by trying.
_PSEUDONYMS = secrets.token_bytes(32)


def claims() -> Mapping[str, object]:
    """What the provider said of whoever is logged in; empty where nobody is."""
    told = st.user.to_dict()  # at once: every single look at st.user copies all of it
    return told if told.get("is_logged_in") is True else {}


def logged_in(settings: LoginSettings, ended: EndedLogins, now: dt.datetime) -> Identity | LoginFault | None:
    """Who is logged in, or why this login lets nobody in; None where there is none."""
    told = claims()
    if not told:
        return None
    found = identity(told, settings.domains, settings.client_id, now)
    if isinstance(found, Identity) and login_of(told) in ended:
        return LoginFault.ENDED
    return found


def log_in(settings: LoginSettings) -> None:
    """Send the browser to the provider; it comes back to the page it left."""
    # "default" is how Streamlit calls a provider without a section of its own, but it must not be said.
    if settings.provider == "default":
        st.login()
    else:
        st.login(settings.provider)


def log_out(ended: EndedLogins, now: dt.datetime) -> None:
    """End this login for good, here and in every other tab, and take the cookie away."""
    told = claims()
    try:
        if told:
            ended.end(login_of(told), now)
    except OSError as failure:
        # A full disk is ours to mend; she gets out of this browser all the same.
        note_bug(failure)
    st.logout()


def pseudonym(email: str) -> str:
    """What somebody is called in the log: the same as long as this process lives, and nobody can tell who."""
    return hmac.digest(_PSEUDONYMS, email.casefold().encode(), "sha256").hex()[:8] if email else "nobody"
