"""Logins that somebody has ended by logging out, so that a kept copy of the cookie opens nothing more.

A file in the state folder, which every process of this deployment reads. It holds digests and times only:
who it was can't be read from it, and after twelve hours a login is too old anyway.
"""

import datetime as dt
import hashlib
import threading
from collections.abc import Mapping
from pathlib import Path

from filelock import FileLock

from services.domain.login import LONGEST, SKEW

_NAME = "ended-logins"


def login_id(claims: Mapping[str, object]) -> str:
    """What a login is called here: a digest of who, by whom and when."""
    told = "\n".join(str(claims.get(name)) for name in ("iss", "sub", "email", "iat"))
    return hashlib.sha256(told.encode()).hexdigest()


class EndedLogins:
    """The logins that have been ended, kept until they are too old to matter."""

    def __init__(self, state: Path) -> None:
        self._file = state / _NAME
        self._read_as: tuple[int, int] | None = None
        self._known: dict[str, float] = {}
        self._lock = threading.Lock()

    def __contains__(self, login: str) -> bool:
        """Whether the login has been ended, by this process or another."""
        with self._lock:
            self._read()
            return login in self._known

    def end(self, login: str, now: dt.datetime) -> None:
        """Let nobody in with this login again."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._lock, FileLock(self._file.with_suffix(".lock")):
            self._read()
            oldest = (now - LONGEST - SKEW).timestamp()
            kept = {one: at for one, at in self._known.items() if at >= oldest} | {login: now.timestamp()}
            beside = self._file.with_suffix(".new")
            beside.write_text("".join(f"{one} {at}\n" for one, at in kept.items()), "ascii")
            beside.replace(self._file)
            self._read()

    def _read(self) -> None:
        """Read the file again if somebody has replaced it."""
        try:
            status = self._file.stat()
        except FileNotFoundError:
            return
        if self._read_as == (status.st_mtime_ns, status.st_ino):
            return
        rows = (line.split() for line in self._file.read_text("ascii").splitlines())
        self._known = {row[0]: float(row[1]) for row in rows if len(row) == 2}
        self._read_as = (status.st_mtime_ns, status.st_ino)
