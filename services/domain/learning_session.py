"""Lärtillfällen: the six learning sessions of a läsår, and what a school brings to each."""

import datetime as dt
from dataclasses import dataclass

from services.domain.school import SchoolCode

NUMBERS = (1, 2, 3, 4, 5, 6)
"""The sessions of a läsår; the sixth is the certification."""


@dataclass(frozen=True, slots=True)
class LearningSession:
    """A learning session as the sheet has it; without a day it is not yet planned."""

    year: str
    number: int
    theme: str = ""
    day: dt.date | None = None
    start: dt.time | None = None
    end: dt.time | None = None
    place: str = ""
    contents: str = ""
    preparation: str = ""


@dataclass(frozen=True, slots=True)
class Contribution:
    """What a school shares before or at a session; `link` leads to its own material."""

    year: str
    number: int
    school: SchoolCode
    challenges: str = ""
    vision: str = ""
    activities: str = ""
    lessons: str = ""
    link: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is shared."""
        return not any((self.challenges, self.vision, self.activities, self.lessons, self.link))


@dataclass(frozen=True, slots=True)
class Attendance:
    """How many came from a school; None where nobody has noted it."""

    year: str
    number: int
    school: SchoolCode
    count: int | None = None
    note: str = ""
