"""Nothing secret in any log: whatever is logged while the tests run is read for what must not be there.

What this process logs is read as it is made, whatever logger makes it; what servers log is read from their
files, and what commands write to standard error as pytest captured it, when the test is over that they ran
for. That test fails then.
"""

import logging
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

PATTERNS = {
    "an e-mail address": re.compile(r"[\w.%+-]+@[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}", re.IGNORECASE),
    "a key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY|\"?private_key\"?\s*[:=]\s*\S+"),
    "an access token": re.compile(r"ya29\.[\w.-]{4,}|Bearer\s+[\w.~+/-]{8,}", re.IGNORECASE),
    "a signed token": re.compile(r"eyJ[\w-]{10,}\.[\w-]{4,}"),
    "a cookie": re.compile(r"_streamlit_user(?:_tokens)?=\S+"),
    "a login's way back": re.compile(r"[?&](?:code|state|nonce|id_token|access_token)=[^&\s\"']+"),
    "a row of answers": re.compile(r"(?:(?<![\w.:-])(?:[0-4]|None|nan|'')\s*[,;|\t]\s*){7,}"),
}

ALLOWED = (
    # The app's own name at Google: its administrator must share spreadsheets with just that address.
    re.compile(r"[\w.-]+@[\w.-]+\.iam\.gserviceaccount\.com", re.IGNORECASE),
)

SECRET_KEYS = frozenset({"cookie_secret", "client_secret", "private_key", "secret", "password", "pepper"})
"""What is secret in a file of secrets, at any depth."""

LONG_ENOUGH = 8
"""A shorter secret may stand in a log by chance."""


def found_in(text: str, secrets: Iterable[str] = ()) -> list[str]:
    """What must not be there, a sentence each; empty where all is well."""
    found = [f"{what}: {shown(secret)}" for what, secret in _matches(text)]
    return found + [f"a secret of the tests: {shown(secret)}" for secret in secrets if secret in text]


def _matches(text: str) -> Iterator[tuple[str, str]]:
    for what, pattern in PATTERNS.items():
        for match in pattern.finditer(text):
            if not any(allowed.fullmatch(match[0]) for allowed in ALLOWED):
                yield what, match[0]


def shown(secret: str) -> str:
    """Enough of it to look for."""
    return secret if len(secret) <= 40 else f"{secret[:40]} …"


def secrets_in(path: Path) -> list[str]:
    """The secrets that a file of secrets holds."""
    try:
        return list(_secrets(tomllib.loads(path.read_text("utf-8"))))
    except (OSError, ValueError):
        return []  # some tests write a file that is none


def _secrets(node: Any) -> Iterator[str]:
    for key, value in node.items():
        if isinstance(value, dict):
            yield from _secrets(value)
        elif key in SECRET_KEYS and isinstance(value, str) and len(value) >= LONG_ENOUGH:
            yield value


@dataclass
class LogFile:
    """The log of a server, and how much of it has been read."""

    path: Path
    read: int = 0

    def news(self) -> str:
        """What has come since it was last read, in whole lines."""
        try:
            with self.path.open("rb") as file:
                file.seek(self.read)
                news = file.read()
        except OSError:
            return ""
        whole = news[: news.rfind(b"\n") + 1]
        self.read += len(whole)
        return whole.decode("utf-8", errors="replace")


@dataclass(eq=False)  # pytest keeps its plugins in sets
class LogWatch:
    """A plugin of pytest: reads what is logged, and fails the test during which it was."""

    files: dict[Path, LogFile] = field(default_factory=dict)
    secrets: set[str] = field(default_factory=set)
    found: list[str] = field(default_factory=list)
    _make: Callable[..., logging.LogRecord] | None = None

    def follow(self, log_file: Path, secrets_file: Path | None = None) -> None:
        """Read this log too, and know these secrets."""
        self.files.setdefault(log_file, LogFile(log_file))
        if secrets_file is not None:
            self.secrets.update(secrets_in(secrets_file))

    def note(self, text: str, where: str) -> None:
        """Read a text; keep what must not be in it."""
        self.found += [f"{where}: {one}" for one in found_in(text, self.secrets)]

    def begin(self) -> None:
        """Read all records from now on: of every logger, handed on or not, before any handler has them."""
        self._make = make = logging.getLogRecordFactory()

        def read(*args: Any, **named: Any) -> logging.LogRecord:
            record = make(*args, **named)
            self.note(in_words(record), f"logged by {record.name}")
            return record

        logging.setLogRecordFactory(read)

    def end(self) -> None:
        """Leave logging as it was."""
        if self._make is not None:
            logging.setLogRecordFactory(self._make)

    def take(self) -> list[str]:
        """What was found since last asked, the servers' files included."""
        for file in self.files.values():
            self.note(file.news(), f"in {file.path.name}")
        found, self.found = list(dict.fromkeys(self.found)), []
        return found

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> Iterator[None]:
        """When all that the test used has been put away, what was logged for it is read."""
        yield
        for _, stream, text in item._report_sections:
            if stream == "stderr":
                self.note(text, "on standard error")
        found = self.take()
        if found:
            pytest.fail("What must not be in a log:\n" + "\n".join(found), pytrace=False)


def in_words(record: logging.LogRecord) -> str:
    """A record with all that a handler may write of it."""
    try:
        said = record.getMessage()
    except Exception:  # a handler would say so on standard error, and write both
        said = f"{record.msg} {record.args}"
    trace = logging.Formatter().formatException(record.exc_info) if record.exc_info else ""
    return "\n".join((said, trace, record.exc_text or "", record.stack_info or ""))


WATCH = LogWatch()
"""The one of this process; `tests.serving` tells it of servers."""
