"""What a visitor can do now: read off the rounds, their dates and what stands in the sheets."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from services.comparing import published_rounds
from services.domain.access import Deed, Visitor
from services.domain.round import Round, RoundStatus
from services.domain.school import SchoolCode
from services.forms.importing import is_forms_round
from services.register import Register


class Doing(StrEnum):
    """What there is to do."""

    ANSWER = "answer"
    INVITE = "invite"
    OPEN = "open"
    FOLLOW = "follow"
    CLOSE = "close"
    TAKE_IN = "take in"
    PUBLISH = "publish"
    READ = "read"


@dataclass(frozen=True, slots=True)
class Step:
    """Something to do in a round; `schools` are those it is about, where it is not about all."""

    doing: Doing
    round: Round
    schools: tuple[SchoolCode, ...] = ()


def next_steps(register: Register, visitor: Visitor, today: dt.date) -> tuple[Step, ...]:
    """What the visitor can do now, round by round."""
    found = [step for one in register.rounds.values() for step in _steps(register, visitor, one, today)]
    if visitor.led_schools and (latest := _latest_of(register, visitor.led_schools)) is not None:
        found.append(latest)
    return tuple(found)


def _steps(register: Register, visitor: Visitor, round_: Round, today: dt.date) -> Iterator[Step]:
    parts = register.school_rounds.get(round_.name, {})
    open_now = {code for code, part in parts.items() if part.is_open_on(today, round_)}
    # A round in Google Forms is answered there: the app has no form of it, and no link to give.
    if not is_forms_round(register, round_.name):
        if works_at := sorted(visitor.worked_schools & open_now):
            yield Step(Doing.ANSWER, round_, tuple(works_at))
        if leads := sorted(visitor.led_schools & open_now):
            yield Step(Doing.INVITE, round_, tuple(leads))
    if visitor.may(Deed.RUN_ROUNDS) and (doing := _of_the_unit(register, round_, today)) is not None:
        yield Step(doing, round_)


def _of_the_unit(register: Register, round_: Round, today: dt.date) -> Doing | None:
    match round_.status:
        case RoundStatus.PLANNED:
            return Doing.OPEN
        case RoundStatus.OPEN:
            return Doing.CLOSE if is_over(register, round_, today) else Doing.FOLLOW
        case RoundStatus.CLOSED:
            answers = register.answers.get(round_.name)
            has_none = answers is None or not len(answers.rows)
            return Doing.TAKE_IN if has_none and is_forms_round(register, round_.name) else Doing.PUBLISH
    return None


def is_over(register: Register, round_: Round, today: dt.date) -> bool:
    """Whether the last day has passed for every school, those with an extension too."""
    parts = register.school_rounds.get(round_.name, {}).values()
    days = [round_.closes, *(part.extended_to for part in parts)]
    return round_.closes is not None and max(day for day in days if day is not None) < today


def _latest_of(register: Register, schools: Iterable[SchoolCode]) -> Step | None:
    """The latest published round that one of the schools took part in."""
    for name in reversed(published_rounds(register)):
        if mine := sorted(register.school_rounds.get(name, {}).keys() & set(schools)):
            return Step(Doing.READ, register.rounds[name], tuple(mine))
    return None
