"""Logins that somebody has ended by logging out, so that a kept copy of the cookie opens nothing more.

A file in the state folder, which every process of this deployment reads. It holds digests and times only:
who it was can't be read from it, and after twelve hours a login is too old anyway. What can't be read of it
may have been a login: then every login from before the file was written has ended.
"""

import datetime as dt
import hashlib
import os
import re
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from services.domain.login import LONGEST, SKEW

_NAME = "ended-logins"
_ALL = "*"
_LINE = re.compile(r"([0-9a-f]{64}|\*) (\d{1,11}\.\d{1,9})")


@dataclass(frozen=True, slots=True)
class Login:
    """One login: a digest of who, by whom and when, and the second in which it was made."""

    digest: str
    issued: float


def login_of(claims: Mapping[str, object]) -> Login:
    """The login that the claims of an ID token speak of."""
    # The nonce is another in every login: one made in the second after logging out is a new one.
    told = "\n".join(repr(claims.get(name)) for name in ("iss", "sub", "email", "iat", "nonce"))
    issued = claims.get("iat")
    return Login(
        hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest(),
        issued if isinstance(issued, int | float) else float("-inf"),
    )


class EndedLogins:
    """The logins that have been ended, kept until they are too old to matter."""

    def __init__(self, state: Path) -> None:
        self._file = state / _NAME
        self._read_as: tuple[int, int, int] | None = None
        self._ended: dict[str, float] = {}
        # What this process has ended holds here even if it could not be written.
        self._ended_here: dict[str, float] = {}
        self._lock = threading.Lock()

    def __contains__(self, login: Login) -> bool:
        """Whether the login has been ended, by this process or another."""
        with self._lock:
            self._read()
            if login.digest in self._ended or login.digest in self._ended_here:
                return True
            return not login.issued > self._ended.get(_ALL, 0.0)

    def end(self, login: Login, now: dt.datetime) -> None:
        """Let nobody in with this login again; OSError if only this process can be told."""
        with self._lock:
            self._ended_here[login.digest] = now.timestamp()
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(self._file.with_suffix(".lock")):
                self._read()
                oldest = (now - LONGEST - SKEW).timestamp()
                self._ended_here = _since(oldest, self._ended_here)
                self._write(_since(oldest, self._ended) | self._ended_here)
                self._read()

    def _write(self, ended: Mapping[str, float]) -> None:
        beside = self._file.with_suffix(".new")
        with beside.open("w", encoding="ascii", newline="\n") as file:
            file.writelines(f"{digest} {at:.6f}\n" for digest, at in ended.items())
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._file)

    def _read(self) -> None:
        """Read the file again if somebody has replaced it."""
        try:
            status = self._file.stat()
            read_as = (status.st_mtime_ns, status.st_ino, status.st_size)
            if self._read_as == read_as:
                return
            # Every byte is some letter of this alphabet.
            *lines, rest = self._file.read_text("latin-1").split("\n")
        except FileNotFoundError:
            return
        self._ended = _understood(lines, written=status.st_mtime, whole=bool(lines) and not rest)
        self._read_as = read_as


def _understood(lines: Iterable[str], *, written: float, whole: bool) -> dict[str, float]:
    """When each login was ended; under `*` the last second whose logins have all ended, if there is one."""
    found = [_LINE.fullmatch(line) for line in lines]
    ended = {one[1]: min(float(one[2]), written) for one in found if one is not None}
    return ended if whole and None not in found else ended | {_ALL: written}


def _since(oldest: float, ended: Mapping[str, float]) -> dict[str, float]:
    return {digest: at for digest, at in ended.items() if at >= oldest}
