"""What waits in the outbox, as the one who writes it takes it out and puts it back."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from services.errors import Trouble
from services.history import Anchor, LogEntry
from services.writing.deeds import Deed, SubmissionId

DeedNumber = tuple[int, int]
"""A deed in the outbox: the number of its submission, and its place there."""


@dataclass(frozen=True, slots=True)
class Submission:
    """Deeds that belong together, by whom, what for and when."""

    id: SubmissionId
    deeds: Sequence[Deed]
    who: str
    event: str
    made: dt.datetime


@dataclass(frozen=True, slots=True)
class OpenDeed:
    """A deed that is not settled; `sent` if it may already stand in the sheet."""

    number: DeedNumber
    deed: Deed
    sent: bool
    who: str
    event: str
    made: dt.datetime


@dataclass(frozen=True, slots=True)
class Line:
    """A log entry to append; `chain` is set once it may have been sent."""

    number: int
    entry: LogEntry
    chain: str | None


@dataclass(frozen=True, slots=True)
class Watched:
    """A row that may yet land once more, after a call of which nobody knows the outcome.

    `key` is what it is known by, as JSON; `wanted` how many of it there should be, one or none.
    """

    spreadsheet: str
    sheet: str
    key: str
    wanted: int
    made: dt.datetime
    looks: int = 0


@dataclass(frozen=True, slots=True)
class Settled:
    """What a round came to; all of it is kept in one step, or none."""

    saved: Sequence[DeedNumber] = ()
    refused: Mapping[DeedNumber, Trouble] = field(default_factory=dict)
    entries: Sequence[LogEntry] = ()
    lines: Sequence[int] = ()
    anchor: Anchor | None = None
