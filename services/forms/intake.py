"""An export in the hands of the unit: looked at, its columns confirmed, and taken in when asked to."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from services.domain.access import Deed, Visitor
from services.domain.round import Round
from services.forms.importing import FormsImport, Preview, is_forms_round, is_settled
from services.forms.matching import LEFT_OUT, SCHOOL, How, Match
from services.forms.wording import normalised
from services.register import Register


@dataclass(frozen=True, slots=True)
class Looked:
    """What an export would do to a round, by what has been confirmed of its headers so far."""

    matches: tuple[Match, ...]
    preview: Preview
    confirmed: Mapping[str, str]

    @property
    def is_settled(self) -> bool:
        """Whether every column's meaning is sure, and one of them is the school."""
        return is_settled(self.matches)

    @property
    def has_school(self) -> bool:
        """Whether some column is, or is proposed to be, the school."""
        return any(match.target == SCHOOL for match in self.matches)

    @property
    def uncertain(self) -> tuple[Match, ...]:
        """One column for each header that somebody has to settle.

        Where no column is the school, it may be any of those that no question is asked in.
        """
        return _by_header(
            one
            for one in self.matches
            if not one.is_sure or (one.how is How.NO_LEVELS and not self.has_school)
        )

    @property
    def settled_by_people(self) -> tuple[Match, ...]:
        """One column for each header that somebody has settled, now or earlier, and may have got wrong."""
        return _by_header(one for one in self.matches if one.how in (How.CONFIRMED, How.REMEMBERED))

    @property
    def has_work(self) -> bool:
        """Whether taking it in would do anything."""
        return bool(self.preview.new) or self.preview.is_unfinished


def _by_header(matches: Iterable[Match]) -> tuple[Match, ...]:
    found: dict[str, Match] = {}
    for match in matches:
        found.setdefault(normalised(match.header), match)
    return tuple(found.values())


def rounds_in_forms(register: Register) -> list[Round]:
    """The rounds that are answered in Google Forms and not published yet, the latest first."""
    found = [
        one for one in register.rounds.values() if not one.is_published and is_forms_round(register, one.name)
    ]
    return sorted(found, key=lambda one: one.name, reverse=True)


def look(visitor: Visitor, work: FormsImport, confirmed: Mapping[str, str]) -> Looked:
    """What taking in would do; nothing is written."""
    visitor.must(Deed.RUN_ROUNDS)
    known = _targets(work)
    heard = {text: target for text, target in confirmed.items() if target in known}
    matches = work.match(heard)
    return Looked(matches, work.preview(matches), heard)


def confirm(visitor: Visitor, work: FormsImport, looked: Looked, said: Mapping[str, str]) -> Looked:
    """Look again, with what somebody says of headers; it is remembered for the next export too.

    What is no header of the export, or no question of the round, is not listened to.
    """
    visitor.must(Deed.RUN_ROUNDS)
    headers, known = {normalised(match.header) for match in looked.matches}, _targets(work)
    by_text = {normalised(header): target for header, target in said.items()}
    heard = {text: target for text, target in by_text.items() if text in headers and target in known}
    work.remember(heard)
    return look(visitor, work, {**looked.confirmed, **heard})


def _targets(work: FormsImport) -> frozenset[str]:
    """What a column may be said to be."""
    return frozenset((SCHOOL, LEFT_OUT, *(question.id for question in work.questions)))


def take_in(visitor: Visitor, work: FormsImport, looked: Looked, now: dt.datetime) -> Preview:
    """Write what is new, once; the account of it holds no levels."""
    visitor.must(Deed.RUN_ROUNDS)
    done = work.take_in(work.match(looked.confirmed), visitor.signature, now)
    return replace(done, replies=replace(done.replies, good=()))
