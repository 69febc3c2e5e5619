"""Which round takes answers, for which schools somebody may answer in it, and until when."""

import datetime as dt
from dataclasses import dataclass
from enum import Enum, auto

from services.answering.keys import RoundSecrets
from services.demo.date import DEMO_DATE_SETTING
from services.domain.access import Visitor
from services.domain.round import Round, RoundStatus
from services.domain.school import SchoolCode
from services.errors import RoundSecretMissing
from services.register import Register


class When(Enum):
    """Whether the staff of a school may answer today."""

    NOT_YET = auto()
    NOW = auto()
    OVER = auto()


@dataclass(frozen=True, slots=True)
class Window:
    """The days on which the staff of one school may answer; `last` may be later than for other schools."""

    first: dt.date | None
    last: dt.date | None
    is_extended: bool
    when: When


def open_round(register: Register) -> Round | None:
    """The round that is open; the latest if somebody has opened two in the sheet."""
    return max(_with_status(register, RoundStatus.OPEN), key=_beginning, default=None)


def next_round(register: Register, today: dt.date) -> Round | None:
    """The planned round that opens next, if its day is known."""
    planned = (one for one in _with_status(register, RoundStatus.PLANNED) if _beginning(one) >= today)
    return min(planned, key=_beginning, default=None)


def round_to_talk_about(register: Register, today: dt.date) -> Round | None:
    """The round whose questions staff talk through: the open one, else the next, else the latest."""
    latest = max(register.rounds.values(), key=_beginning, default=None)
    return open_round(register) or next_round(register, today) or latest


def window(register: Register, round_: Round, school: SchoolCode, today: dt.date) -> Window | None:
    """When the staff of the school may answer; None where the school is not in the round."""
    part = register.school_rounds.get(round_.name, {}).get(school)
    if part is None:
        return None
    is_extended = bool(part.extended_to and round_.closes and part.extended_to > round_.closes)
    last = part.extended_to if is_extended else round_.closes
    if part.is_open_on(today, round_):
        when = When.NOW
    else:
        when = When.NOT_YET if round_.opens is not None and today < round_.opens else When.OVER
    return Window(round_.opens, last, is_extended, when)


def own_schools(register: Register, visitor: Visitor) -> tuple[SchoolCode, ...]:
    """The schools that the visitor works at or leads, by name: she answers for one of them and no other.

    The rows in Behörigheter are the list of the staff. Whoever of the municipality is logged in but has no
    row may not answer, through no link: a school's figures are its own staff's, and n never exceeds N.
    """
    codes = visitor.worked_schools | visitor.led_schools
    return tuple(sorted(codes, key=lambda code: (register.school_name(code).casefold(), code)))


def make_ready(register: Register, secrets: RoundSecrets, round_: Round) -> None:
    """Make the secret of the demo's open round, which nobody has opened in the app; of no other register.

    A real round has its secret when the unit opens it; made later, it would give people second keys.
    """
    if DEMO_DATE_SETTING not in register.settings or secrets.is_destroyed(round_.name):
        return
    try:
        secrets.of(round_.name)
    except RoundSecretMissing:
        secrets.make(round_.name)


def _with_status(register: Register, status: RoundStatus) -> list[Round]:
    return [one for one in register.rounds.values() if one.status is status]


def _beginning(round_: Round) -> dt.date:
    return round_.opens or dt.date.min
