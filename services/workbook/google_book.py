"""The address book: which spreadsheet at Google bears which name in the register.

Only what stands in it is ever opened: anybody may share a file called "vebs" with the app's address.
"""

import json
import os
import threading
import tomllib
from collections.abc import Mapping
from pathlib import Path

from services.errors import SpreadsheetMissing, SpreadsheetUnreadable
from services.workbook.google_terms import Target

SECTION = "spreadsheets"


class AddressBook:
    """Names and ids: those given in the settings, and those that setting up has added to a file.

    What the settings give goes first. The file is read again when it has changed.
    """

    def __init__(self, given: Mapping[str, str], file: Path | None = None) -> None:
        self._given, self._file = dict(given), file
        self._added: dict[str, str] = {}
        self._seen: tuple[int, int] | None = None
        self._lock = threading.Lock()

    def ids(self) -> dict[str, str]:
        """Every name and its id. SpreadsheetUnreadable where the file is not as we write it."""
        with self._lock:
            self._look()
            return {**self._added, **self._given}

    def target(self, name: str) -> Target:
        """The spreadsheet of this name. SpreadsheetMissing where there is none."""
        try:
            return Target(name, self.ids()[name])
        except KeyError:
            raise SpreadsheetMissing(
                name,
                f"Kalkylbladet {name} är inte kopplat till appen; dela det med appens adress och kör "
                "python -m services setup-google.",
            ) from None

    def add(self, name: str, id_: str) -> None:
        """Remember a spreadsheet, in the file too."""
        if self._file is None:
            self._given[name] = id_
            return
        with self._lock:
            self._look()
            self._added[name] = id_
            lines = [f"{json.dumps(key)} = {json.dumps(value)}" for key, value in sorted(self._added.items())]
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            unfinished = self._file.with_suffix(f".{os.getpid()}")
            unfinished.touch(mode=0o600)
            unfinished.write_text("\n".join([f"[{SECTION}]", *lines, ""]), encoding="utf-8")
            unfinished.replace(self._file)

    def _look(self) -> None:
        """Read the file if it is not the one read last."""
        if self._file is None:
            return
        try:
            status = self._file.stat()
            if self._seen == (status.st_mtime_ns, status.st_ino):
                return
            found = tomllib.loads(self._file.read_text(encoding="utf-8"))[SECTION]
            self._added = {str(name): str(id_) for name, id_ in found.items()}
            self._seen = status.st_mtime_ns, status.st_ino
        except FileNotFoundError:
            self._added, self._seen = {}, None
        except (OSError, ValueError, LookupError, AttributeError) as fault:
            raise SpreadsheetUnreadable(
                self._file.name,
                f"Filen {self._file.name} med kalkylbladens adresser går inte att läsa; ta bort den och kör "
                "python -m services setup-google.",
            ) from fault
