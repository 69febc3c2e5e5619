"""Rounds: one self-assessment of all schools, from planning to publishing."""

import datetime as dt
import hashlib
from dataclasses import dataclass
from enum import StrEnum

from services.domain.school import SchoolCode

LEAST_ANSWERS_FLOOR = 5
"""Fewer answers than this are never shown, whatever the sheet says."""


class RoundStatus(StrEnum):
    """Where a round is on its way."""

    PLANNED = "Planerad"
    OPEN = "Öppen"
    CLOSED = "Stängd"
    PUBLISHED = "Publicerad"


@dataclass(frozen=True, slots=True)
class Round:
    """One round. `least_answers` is the least number of answers a school must have to be shown."""

    name: str
    status: RoundStatus | None
    opens: dt.date | None = None
    closes: dt.date | None = None
    rules_version: str | None = None
    least_answers: int = LEAST_ANSWERS_FLOOR

    @property
    def is_published(self) -> bool:
        """Whether its results may be shown at all."""
        return self.status is RoundStatus.PUBLISHED

    @property
    def has_answers(self) -> bool:
        """Whether its answers have been gathered into a spreadsheet of their own."""
        return self.status in (RoundStatus.CLOSED, RoundStatus.PUBLISHED)


@dataclass(frozen=True, slots=True)
class SchoolRound:
    """A school's part in a round; `staff` is how many worked there then, None where it can't be read."""

    round: str
    school: SchoolCode
    staff: int | None
    extended_to: dt.date | None = None

    def is_open_on(self, day: dt.date, round_: Round) -> bool:
        """Whether the school's staff may answer that day; an extension is for this school alone."""
        if round_.status is not RoundStatus.OPEN or round_.closes is None:
            return False
        last = max(round_.closes, self.extended_to or round_.closes)
        return (round_.opens is None or round_.opens <= day) and day <= last


@dataclass(frozen=True, slots=True)
class Withheld:
    """A school whose answers differ from what was published, in too few rows for the figures to follow."""

    round: str
    school: SchoolCode
    rows: int


LONGEST_STEM = 200
"""Signs of a file's name that every disk takes, with an ending to come."""


def file_stem(round_: str) -> str:
    """How the names of the round's files begin: its own name comes from a sheet, and may be anything."""
    stem = round_.encode().hex()
    return stem if len(stem) <= LONGEST_STEM else f"long-{hashlib.sha256(round_.encode()).hexdigest()}"
