"""What the server keeps of an open round: codes as keys, drafts, and what each key has sent.

A file a round, beside the outbox, destroyed when the round closes. It holds no e-mail and no code: only
with the round's secret could a key be found for a person, and that is destroyed first.
"""

import contextlib
import datetime as dt
import json
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from services.answering.keys import Key
from services.domain.school import SchoolCode
from services.errors import RoundNotOpen, StoreTrouble
from services.writing.deeds import SubmissionId, new_id

CANNOT_JUDGE = 0
"""What stands for "Kan inte bedöma" among levels 1–4; a question that is not there has not been reached."""

Levels = Mapping[str, int]
"""Answers by question: 1–4, or CANNOT_JUDGE."""

_BUSY_SECONDS = 30.0
_TABLES = """
CREATE TABLE IF NOT EXISTS code (key TEXT PRIMARY KEY, school TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS reply (
    key TEXT PRIMARY KEY, school TEXT NOT NULL, levels TEXT NOT NULL,
    version INTEGER NOT NULL DEFAULT 0, sent TEXT, submission TEXT
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS seal (at TEXT NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Reply:
    """What one key has filled in, and what of it was sent: `sent` is None before the first time."""

    school: SchoolCode
    levels: Levels
    version: int = 0
    sent: Levels | None = None
    submission: SubmissionId | None = None

    @property
    def is_changed(self) -> bool:
        """Whether something was filled in after it was last sent."""
        return self.levels != self.sent


class RoundFile:
    """One round's file; several processes may share it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.RLock()
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.touch(mode=0o600)
            self._database = sqlite3.connect(
                path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
            # A draft that is lost with the power costs one tap; what is sent is safe in the outbox.
            for setting in ("journal_mode = WAL", "synchronous = NORMAL", "secure_delete = ON"):
                self._database.execute(f"PRAGMA {setting}")
            self._database.executescript(_TABLES)
        except (OSError, sqlite3.Error) as fault:
            raise _no_room() from fault

    def reply(self, key: Key) -> Reply | None:
        """What this key has filled in; None where it has not begun."""
        with self._step(writing=False) as database:
            sql = "SELECT school, levels, version, sent, submission FROM reply WHERE key = ?"
            row = database.execute(sql, (key,)).fetchone()
        if row is None:
            return None
        school, levels, version, sent, submission = row
        return Reply(
            SchoolCode(school), json.loads(levels), version, json.loads(sent) if sent else None, submission
        )

    def keep(self, key: Key, school: SchoolCode, levels: Levels) -> None:
        """Keep a draft. The school stays the one she has sent an answer for: a person answers once."""
        with self._step() as database:
            self._refuse_sealed()
            database.execute(
                "INSERT INTO reply (key, school, levels) VALUES (?, ?, ?)"
                " ON CONFLICT (key) DO UPDATE SET levels = excluded.levels,"
                " school = CASE WHEN version = 0 THEN excluded.school ELSE school END",
                (key, school, json.dumps(dict(levels))),
            )

    def fill_in(self, key: Key, school: SchoolCode, levels: Levels) -> None:
        """Add these answers to the draft, in one step: somebody may be filling in on two devices."""
        with self._step():
            found = self.reply(key)
            self.keep(key, school, {**(found.levels if found else {}), **levels})

    def send(self, key: Key, submit: Callable[[Reply], object]) -> Reply:
        """Send what is filled in, once: as long as nothing changes it keeps its submission's name.

        `submit` hands it on before anybody may seal the round: whatever is on its way then, has set out.
        """
        with self._step() as database:
            self._refuse_sealed()
            found = self.reply(key)
            if found is None:
                raise ValueError("nothing to send")
            if not found.is_changed and found.submission is not None:
                return found
            database.execute(
                "UPDATE reply SET sent = levels, version = version + 1, submission = ? WHERE key = ?",
                (new_id(), key),
            )
            return self._handed_on(key, submit)

    def send_again(self, key: Key, submit: Callable[[Reply], object]) -> Reply:
        """Hand on what was sent already, the same once more, as long as the round is not sealed."""
        with self._step():
            self._refuse_sealed()
            return self._handed_on(key, submit)

    def surpass(self, key: Key, version: int, submit: Callable[[Reply], object]) -> Reply:
        """Send once more, with a version above one that was found in the inbox."""
        with self._step() as database:
            self._refuse_sealed()
            database.execute(
                "UPDATE reply SET version = max(version, ?) + 1, submission = ? WHERE key = ?",
                (version, new_id(), key),
            )
            return self._handed_on(key, submit)

    def replies(self) -> list[tuple[Key, Reply]]:
        """All that has been begun or sent, for closing."""
        with self._step(writing=False) as database:
            keys = [Key(key) for (key,) in database.execute("SELECT key FROM reply ORDER BY key")]
            return [(key, reply) for key in keys if (reply := self.reply(key)) is not None]

    def seal(self, at: dt.datetime) -> None:
        """From now on nothing is taken in: the round is being closed. Doing it again changes nothing."""
        with self._step() as database:
            if not self.is_sealed:
                database.execute("INSERT INTO seal VALUES (?)", (at.isoformat(),))

    @property
    def is_sealed(self) -> bool:
        """Whether the round is being closed."""
        with self._step(writing=False) as database:
            return database.execute("SELECT 1 FROM seal").fetchone() is not None

    def _refuse_sealed(self) -> None:
        if self.is_sealed:
            raise RoundNotOpen("Omgången stängs just nu, så svaret kan inte tas emot.")

    def _handed_on(self, key: Key, submit: Callable[[Reply], object]) -> Reply:
        found = self.reply(key)
        assert found is not None
        submit(found)
        return found

    def issue(self, keys: Iterable[Key], school: SchoolCode) -> None:
        """Let these codes answer for a school, from now on."""
        with self._step() as database:
            database.executemany("INSERT INTO code VALUES (?, ?)", [(key, school) for key in keys])

    def revoke(self, school: SchoolCode) -> None:
        """Let the codes of a school be used no more, except those that have been used."""
        with self._step() as database:
            database.execute(
                "DELETE FROM code WHERE school = ? AND key NOT IN (SELECT key FROM reply)", (school,)
            )

    def school_of(self, key: Key) -> SchoolCode | None:
        """The school that a code answers for; None where there is no such code."""
        with self._step(writing=False) as database:
            row = database.execute("SELECT school FROM code WHERE key = ?", (key,)).fetchone()
        return SchoolCode(row[0]) if row else None

    def issued(self) -> Mapping[SchoolCode, int]:
        """How many codes there are, by school."""
        with self._step(writing=False) as database:
            return {
                SchoolCode(school): count
                for school, count in database.execute("SELECT school, count(*) FROM code GROUP BY school")
            }

    def destroy(self) -> None:
        """Wipe everything and take the file away; doing it again changes nothing."""
        with self._lock:
            with contextlib.suppress(sqlite3.Error):
                self._database.executescript("DELETE FROM reply; DELETE FROM code;")
                self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            self._database.close()
            for suffix in ("", "-wal", "-shm"):
                self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._database.close()

    @contextlib.contextmanager
    def _step(self, writing: bool = True) -> Iterator[sqlite3.Connection]:
        with self._lock:
            if self._database.in_transaction:
                yield self._database
                return
            try:
                self._database.execute("BEGIN IMMEDIATE" if writing else "BEGIN")
                yield self._database
                self._database.execute("COMMIT")
            except sqlite3.Error as fault:
                self._roll_back()
                raise _no_room() from fault
            except BaseException:
                self._roll_back()
                raise

    def _roll_back(self) -> None:
        with contextlib.suppress(sqlite3.Error):
            self._database.execute("ROLLBACK")


def _no_room() -> StoreTrouble:
    return StoreTrouble("Svaret kan inte sparas just nu: servern kommer inte åt sin disk. Försök igen strax.")
