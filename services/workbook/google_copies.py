"""What is held of the spreadsheets at Google, and how we find out that they have changed."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from services.errors import WorkbookTrouble
from services.workbook.google import SheetsClient
from services.workbook.pacing import Patience
from services.workbook.port import Sheet, Snapshot, Version

PROBE = Patience(4.0)
"""How long to wait for Drive: without it there is more to read, but nothing is lost."""


@dataclass(frozen=True, slots=True)
class Held:
    """A spreadsheet as last read: the titles asked for, those that were missing, and what the others held.

    `content` is a digest of it; `drive` is what Drive called the spreadsheet's version before it was read,
    None where it did not say; `read_at` and `checked_at` are times on
    the client's clock.
    """

    asked: frozenset[str] | None
    absent: frozenset[str]
    version: Version
    content: str
    sheets: Mapping[str, Sheet]
    drive: str | None
    read_at: float
    checked_at: float

    def snapshot(self) -> Snapshot:
        """The same, as the rest of the product knows it."""
        return Snapshot(self.version, self.sheets)


class Probe:
    """One listing of all spreadsheets in Drive, shared by all who wonder whether theirs has changed.

    Drive notices what people type up to some minutes late: what it says of a change is true, what it
    says of none is not. It has no say where it does not answer.
    """

    def __init__(self, client: SheetsClient) -> None:
        self._client = client
        self._clock: Callable[[], float] = client.pace.clock
        self._versions: Mapping[str, str] = {}
        self._asked_at = -float("inf")
        self._lock = threading.Lock()

    def version_of(self, id_: str, longest: float) -> str | None:
        """Drive's version of a spreadsheet, at most so many seconds old; None where Drive does not tell."""
        with self._lock:
            if self._clock() - self._asked_at >= longest:
                self._ask()
            return self._versions.get(id_)

    def last_known(self, id_: str) -> str | None:
        """The same, however old, without asking."""
        return self._versions.get(id_)

    def _ask(self) -> None:
        if self._client.is_resting:
            return
        try:
            self._versions = {file.id: file.version for file in self._client.files(PROBE)}
        except WorkbookTrouble:
            self._versions = {}
        self._asked_at = self._clock()
