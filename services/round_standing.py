"""Where a round really is on its way: what the sheet says of it, and what the server knows besides."""

from enum import StrEnum

from services.answering import entry
from services.answering.keys import RoundSecrets
from services.domain.round import Round, RoundStatus
from services.errors import RoundSecretMissing
from services.forms.importing import is_forms_round
from services.register import Register


class Standing(StrEnum):
    """Where a round is, as far as what can be done with it."""

    PLANNED = "planned"
    OPEN = "open"
    OPENED_BY_HAND = "opened in the sheet, so that nobody can answer"
    HALF_CLOSED = "its closing was interrupted, or it was closed in the sheet"
    WAITS_FOR_FORMS = "closed, and its answers are still in Google Forms"
    CLOSED = "closed"
    PUBLISHED = "published"
    PUBLISHED_UNCLOSED = "published in the sheet, without having been closed"
    UNKNOWN = "nothing that can be read"


def standing(register: Register, round_: Round, secrets: RoundSecrets, is_sealed: bool) -> Standing:
    """Where the round is; `is_sealed` where the server has begun to close it."""
    keeps_secret = has_secret(secrets, round_.name)
    match round_.status:
        case RoundStatus.PLANNED:
            return Standing.PLANNED
        case RoundStatus.OPEN:
            if is_sealed or secrets.is_destroyed(round_.name):
                return Standing.HALF_CLOSED
            by_hand = not keeps_secret and not is_forms_round(register, round_.name)
            return Standing.OPENED_BY_HAND if by_hand else Standing.OPEN
        case RoundStatus.CLOSED:
            return _closed(register, round_, keeps_secret)
        case RoundStatus.PUBLISHED:
            return Standing.PUBLISHED_UNCLOSED if keeps_secret else Standing.PUBLISHED
    return Standing.UNKNOWN


def _closed(register: Register, round_: Round, keeps_secret: bool) -> Standing:
    if keeps_secret or register.participation.get(round_.name):
        return Standing.HALF_CLOSED
    answers = register.answers.get(round_.name)
    has_none = answers is None or not len(answers.rows)
    waits = has_none and is_forms_round(register, round_.name)
    return Standing.WAITS_FOR_FORMS if waits else Standing.CLOSED


def round_in_focus(register: Register) -> Round | None:
    """The round that something is to be done with first: open, closed, planned, and else the latest."""
    found = entry.open_round(register)
    if found is not None:
        return found
    for status in (RoundStatus.CLOSED, RoundStatus.PLANNED):
        waiting = [one for one in register.rounds.values() if one.status is status]
        if waiting:
            return max(waiting, key=lambda one: one.name)
    return max(register.rounds.values(), key=lambda one: one.name, default=None)


def has_secret(secrets: RoundSecrets, name: str) -> bool:
    """Whether the server keeps the secret that answers are taken in with."""
    try:
        secrets.of(name)
    except RoundSecretMissing:
        return False
    return True
