"""The last copy of a spreadsheet on disk, so that a start during an outage has something to show.

Only what a spreadsheet far away holds is kept, as it was read, before anything is made of it. Keeping
is a convenience: whatever goes wrong with it, there is no copy.
"""

import contextlib
import datetime as dt
import gzip
import hashlib
import json
import logging
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from services.tables.sheet import Sheet

log = logging.getLogger(__name__)

Sheets = Mapping[str, Sheet]


@dataclass(frozen=True, slots=True)
class LastCopy:
    """The sheets of a spreadsheet, and when it was last known to say so."""

    sheets: Sheets
    read_at: dt.datetime


class LastCopies:
    """The folder where last copies are kept; it is made when first needed, for us alone."""

    def __init__(self, folder: Path, clock: Callable[[], dt.datetime]) -> None:
        self.folder, self._clock = folder, clock

    def keep(self, spreadsheet: str, sheets: Sheets) -> None:
        """Keep what was just read; the copy kept before is replaced in one step."""
        try:
            columns = {name: [list(values) for values in sheet.columns] for name, sheet in sheets.items()}
            text = json.dumps(columns).encode()
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            unfinished = self._path(spreadsheet).with_suffix(f".{os.getpid()}")
            packed = gzip.compress(hashlib.sha256(text).digest() + text, compresslevel=1)
            unfinished.touch(mode=0o600)
            unfinished.write_bytes(packed)
            unfinished.replace(self._path(spreadsheet))
            self.confirm(spreadsheet)
        except (OSError, TypeError) as trouble:
            log.warning("%s could not be kept: %s", spreadsheet, type(trouble).__name__)

    def confirm(self, spreadsheet: str) -> None:
        """The copy kept is what the spreadsheet says now, too."""
        now = self._clock().timestamp()
        with contextlib.suppress(OSError):
            os.utime(self._path(spreadsheet), (now, now))

    def load(self, spreadsheet: str) -> LastCopy | None:
        """The copy kept, or None where there is none that is whole."""
        try:
            content = gzip.decompress(self._path(spreadsheet).read_bytes())
            if hashlib.sha256(content[32:]).digest() != content[:32]:
                raise ValueError("damaged")
            found = json.loads(content[32:])
            sheets = {name: Sheet(tuple(columns)) for name, columns in found.items()}
            read_at = self._path(spreadsheet).stat().st_mtime
            return LastCopy(sheets, dt.datetime.fromtimestamp(read_at, self._clock().tzinfo))
        except FileNotFoundError:
            return None
        except (OSError, EOFError, ValueError, LookupError, TypeError, AttributeError) as trouble:
            log.warning("the last copy of %s could not be read: %s", spreadsheet, type(trouble).__name__)
            return None

    def forget(self, spreadsheet: str) -> bool:
        """Take the copy away, and any that was left unfinished; whether there is none any more."""
        try:
            # A copy is written under its name with the number of the process, and then renamed.
            for path in list(self.folder.iterdir()) if self.folder.is_dir() else ():
                if path.name.rpartition(".")[0] == f"{spreadsheet}.json":
                    path.unlink(missing_ok=True)
        except OSError as trouble:
            log.warning("the last copy of %s is still there: %s", spreadsheet, type(trouble).__name__)
            return False
        return True

    def _path(self, spreadsheet: str) -> Path:
        return self.folder / f"{spreadsheet}.json.gz"
