"""Whether a login is good enough to be asked for permissions: who says so, of whom, and how long ago."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

LONGEST = dt.timedelta(hours=12)
"""How old a login may be: a working day, whatever the browser's cookie says."""

SKEW = dt.timedelta(minutes=2)
"""How far the provider's clock may be ahead of ours."""

GOOGLE = ("https://accounts.google.com", "accounts.google.com")
"""Who vouches for private accounts too, whose addresses may look like anybody's: only `hd` tells."""


class LoginFault(StrEnum):
    """Why a login lets nobody in; the words are those that she is told."""

    UNVERIFIED = "Din e-postadress är inte bekräftad hos den som du loggade in hos."
    FOREIGN = "Du är inloggad med ett konto som inte hör till kommunen. Logga in med ditt arbetskonto."
    EXPIRED = "Din inloggning är för gammal. Logga in igen."
    ENDED = "Du har loggat ut. Logga in igen för att fortsätta."
    UNREADABLE = "Inloggningen gick inte att läsa. Logga in igen."


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody whose login is good: her address in lower case, and what to call her."""

    email: str
    name: str


def identity(
    claims: Mapping[str, object], domains: frozenset[str], now: dt.datetime
) -> Identity | LoginFault:
    """Who the claims of an ID token speak of, or why they are not to be trusted.

    `domains` are the organisation's, in lower case. The claims are OpenID Connect's standard ones, `iat` in
    seconds since 1970; `hd` is Google's word for the organisation that the account belongs to.
    """
    email, issued = claims.get("email"), claims.get("iat")
    if not _is_address(email) or isinstance(issued, bool) or not isinstance(issued, int | float):
        return LoginFault.UNREADABLE
    if claims.get("email_verified") is not True:
        return LoginFault.UNVERIFIED
    address = str(email).strip().casefold()
    if _organisation(claims, address) not in domains:
        return LoginFault.FOREIGN
    # Compared as seconds: whatever number a token holds, there need be no such date.
    age = now.timestamp() - issued
    if not -SKEW.total_seconds() <= age <= LONGEST.total_seconds():
        return LoginFault.EXPIRED
    name = claims.get("given_name") or claims.get("name")
    return Identity(address, name if isinstance(name, str) else address.partition("@")[0])


def _is_address(email: object) -> bool:
    if not isinstance(email, str):
        return False
    return re.fullmatch(r"[^\s@]+@[^\s@]+", email.strip()) is not None


def _organisation(claims: Mapping[str, object], address: str) -> str:
    hosted = claims.get("hd")
    if hosted is None and claims.get("iss") not in GOOGLE:
        return address.rpartition("@")[2]
    return hosted.casefold() if isinstance(hosted, str) else ""
