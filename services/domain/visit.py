"""Verksamhetsbesök: one school of a process year visits another between two learning sessions."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from services.domain.school import SchoolCode

GAPS = (1, 2, 3, 4, 5)
"""The gaps between the six learning sessions, by the session that they follow."""


class VisitStatus(StrEnum):
    """Where a visit is."""

    PLANNED = "Planerat"
    HELD = "Genomfört"
    CANCELLED = "Inställt"


@dataclass(frozen=True, slots=True)
class Match:
    """Who goes to whom after which session, and the area (focus) in which there is most to learn."""

    after: int
    host: SchoolCode
    guest: SchoolCode
    focus: int | None = None

    @property
    def pair(self) -> frozenset[SchoolCode]:
        """The two schools, whoever visits whom."""
        return frozenset((self.host, self.guest))


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit as the sheet has it: `host` and `guest` under the codes they have today."""

    id: str
    school_year: str
    after: int | None
    host: SchoolCode | None
    guest: SchoolCode | None
    date: dt.date | None = None
    focus: int | None = None
    status: VisitStatus | None = None
    observations: str = ""

    @property
    def match(self) -> Match | None:
        """Who goes to whom; None where the row does not say, or says what can't be."""
        if self.after not in GAPS or self.host is None or self.guest is None or self.host == self.guest:
            return None
        return Match(self.after, self.host, self.guest, self.focus)

    @property
    def counts(self) -> bool:
        """Whether it takes place: it can be, and is not cancelled."""
        return self.match is not None and self.status is not VisitStatus.CANCELLED

    def is_of(self, school: SchoolCode) -> bool:
        """Whether the school takes part in it."""
        return school in (self.host, self.guest)
