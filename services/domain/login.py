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

_ADDRESS = re.compile(r"[!-?A-~]+@[!-?A-~]+")


class LoginFault(StrEnum):
    """Why a login lets nobody in; the words are those that she is told."""

    UNVERIFIED = "Din e-postadress är inte bekräftad där du loggade in. Bekräfta den och logga in igen."
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
    claims: Mapping[str, object], domains: frozenset[str], audience: str, now: dt.datetime
) -> Identity | LoginFault:
    """Who the claims of an ID token speak of, or why they are not to be trusted.

    `domains` are the organisation's, in lower case; `audience` is what the provider calls this app. The
    claims are OpenID Connect's standard ones, `iat` in seconds since 1970; `hd` is Google's word for the
    organisation that the account belongs to.
    """
    address, issued = _address(claims.get("email")), claims.get("iat")
    if not address or isinstance(issued, bool) or not isinstance(issued, int | float):
        return LoginFault.UNREADABLE
    # The library that reads the token is content with another audience, if `azp` names us.
    if not audience or claims.get("aud") not in (audience, [audience]):
        return LoginFault.UNREADABLE
    if claims.get("email_verified") is not True:
        return LoginFault.UNVERIFIED
    if not _is_ours(claims, address, domains):
        return LoginFault.FOREIGN
    # Compared as seconds: whatever number a token holds, there need be no such date, and no such float.
    until = now.timestamp()
    if not until - LONGEST.total_seconds() <= issued <= until + SKEW.total_seconds():
        return LoginFault.EXPIRED
    return Identity(address, _name(claims) or address.partition("@")[0])


def _address(email: object) -> str:
    """The address in lower case; nothing where it could be read in two ways.

    Letters beyond ASCII could: in lower case, a Kelvin sign is the letter k of somebody else's address.
    """
    found = _ADDRESS.fullmatch(email.strip()) if isinstance(email, str) else None
    return found[0].lower() if found else ""


def _is_ours(claims: Mapping[str, object], address: str, domains: frozenset[str]) -> bool:
    """Whether the account is the organisation's: Google says whose it is, others let the address say it."""
    hosted, by_google = claims.get("hd"), claims.get("iss") in GOOGLE
    if hosted is not None and not (
        isinstance(hosted, str) and hosted.isascii() and hosted.lower() in domains
    ):
        return False
    return hosted is not None if by_google else address.rpartition("@")[2] in domains


def _name(claims: Mapping[str, object]) -> str:
    told = (claims.get("given_name"), claims.get("name"))
    return next((one.strip() for one in told if isinstance(one, str) and one.strip()), "")
