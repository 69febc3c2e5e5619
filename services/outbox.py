"""What has been received but not yet confirmed in the sheets, kept on disk over restarts.

A submission that is done leaves nothing of its content behind: not in the file, not in its journal.
"""

import contextlib
import datetime as dt
import json
import os
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from services.errors import Trouble
from services.history import Anchor, LogEntry
from services.writing import statements
from services.writing.deeds import (
    Deed,
    OutboxStatus,
    Outcome,
    Received,
    Refused,
    RowChange,
    Saved,
    SubmissionId,
    deed_as_json,
    deed_from_json,
    trouble_from_json,
)
from services.writing.statements import Do
from services.writing.waiting import DeedNumber, Line, OpenDeed, Settled, Submission, Watched

BUSY_SECONDS = 30.0
"""How long to wait for another process that is writing to the file."""


class Outbox:
    """The queue of one register: a SQLite file that several processes may share."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.settled = 0  # how much has been settled through this object
        self._lock = threading.RLock()
        try:
            _make_private(path)
            self._database = sqlite3.connect(
                path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
            for setting in ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON"):
                self._database.execute(f"PRAGMA {setting}")
            self._database.executescript(statements.TABLES)
        except (OSError, sqlite3.Error) as fault:
            raise _no_room(fault) from fault

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._database.close()

    def add(self, submission: Submission, refused: Mapping[int, Trouble]) -> None:
        """Keep a submission, on disk when this returns; one whose id is known already changes nothing."""
        kept = (submission.id, submission.made.isoformat(), submission.who, submission.event)
        with self._step() as do:
            known = do("SELECT 1 FROM saved WHERE digest = ?", (statements.digest(submission.id),))
            sql = "INSERT OR IGNORE INTO submission (id, made, who, event) VALUES (?, ?, ?, ?)"
            if known.fetchone() or not (added := do(sql, kept)).rowcount:
                return
            number: int = added.lastrowid
            for place, deed in enumerate(submission.deeds):
                do(
                    "INSERT INTO deed (submission, place, spreadsheet, sheet, is_change, content)"
                    " VALUES (?, ?, ?, ?, ?, ?)",
                    (number, place, *_kept(deed)),
                )
            if refused:
                statements.refuse(do, {(number, place): trouble for place, trouble in refused.items()})
            if refused or not submission.deeds:
                statements.finish(do, [number], submission.made.date())

    def outcome(self, id_: SubmissionId) -> Outcome | None:
        """What has come of a submission so far; None where nothing is known of it."""
        with self._step(writing=False) as do:
            found = do("SELECT number, refused FROM submission WHERE id = ?", (id_,)).fetchone()
            if found is None:
                digest = statements.digest(id_)
                saved = do("SELECT 1 FROM saved WHERE digest = ?", (digest,)).fetchone()
                return Saved() if saved else None
            number, refused = found
            sql = "SELECT place, state, trouble, spreadsheet, sheet FROM deed WHERE submission = ?"
            deeds = do(sql, (number,)).fetchall()
            if refused:
                troubles = {place: trouble_from_json(text) for place, _, text, *_ in deeds if text}
                return Refused(troubles, frozenset(place for place, state, *_ in deeds if state == "saved"))
            waiting = [where for _, state, _, *where in deeds if state == "waiting"]
            places = [part for where in waiting for part in (where, where[:1])]
            obstacles = (statements.fact(do, _obstacle(place)) for place in places)
            return Received(next(filter(None, obstacles), ""))

    def spreadsheets(self) -> set[str]:
        """The spreadsheets that deeds wait for."""
        with self._step(writing=False) as do:
            return {name for (name,) in do("SELECT DISTINCT spreadsheet FROM deed WHERE state = 'waiting'")}

    def new_rows(
        self, spreadsheet: str, most: int, without: Iterable[str] = (), *, held: bool = False
    ) -> list[OpenDeed]:
        """The rows that wait to be added, of so many submissions, oldest first, but for some sheets.

        Rows of a submission that also changes something come after its changes; `held`: these too.
        """
        return self._open(spreadsheet, False, most, without, held)

    def changes(self, spreadsheet: str, most: int, without: Iterable[str] = ()) -> list[OpenDeed]:
        """The changes that wait, of so many submissions, oldest first, but for some sheets."""
        return self._open(spreadsheet, True, most, without)

    def _open(
        self, spreadsheet: str, is_change: bool, most: int, without: Iterable[str], held: bool = False
    ) -> list[OpenDeed]:
        wanted = {
            "spreadsheet": spreadsheet,
            "is_change": is_change,
            "most": most,
            "without": json.dumps(sorted(without)),
            "held": held,
        }
        with self._step(writing=False) as do:
            found = do(statements.OPEN_DEEDS, wanted).fetchall()
        return [
            OpenDeed((number, place), deed_from_json(text), bool(sent), who, event, _moment(made))
            for number, place, text, sent, who, event, made in found
        ]

    def lines(self, most: int) -> list[Line]:
        """The log entries that wait to be added, in order."""
        with self._step(writing=False) as do:
            rows = do("SELECT number, texts, chain FROM line ORDER BY number LIMIT ?", (most,)).fetchall()
        return [Line(number, LogEntry(*json.loads(texts)), chain) for number, texts, chain in rows]

    def mark_sent(self, deeds: Iterable[DeedNumber], sent: bool = True) -> None:
        """Remember that the deeds may stand in the sheets from now on, or that they do not after all."""
        with self._step() as do:
            for number in deeds:
                do("UPDATE deed SET sent = ? WHERE submission = ? AND place = ?", (sent, *number))

    def mark_lines(self, chains: Mapping[int, str | None]) -> None:
        """Remember the chain values that the log entries are sent with; None: they were not."""
        with self._step() as do:
            for number, chain in chains.items():
                do("UPDATE line SET chain = ? WHERE number = ?", (chain, number))

    def settle(self, settled: Settled, today: dt.date) -> None:
        """Keep what a round came to, and wipe what is done."""
        with self._step() as do:
            for number in settled.saved:
                do("UPDATE deed SET state = 'saved' WHERE submission = ? AND place = ?", number)
            statements.refuse(do, settled.refused)
            for entry in settled.entries:
                do("INSERT INTO line (texts) VALUES (?)", (json.dumps(entry.texts, ensure_ascii=False),))
            for line in settled.lines:
                do("DELETE FROM line WHERE number = ?", (line,))
            if settled.anchor is not None:
                statements.keep_anchor(do, settled.anchor)
            self.settled += len(settled.saved) + len(settled.refused) + len(settled.lines)
            statements.finish(do, sorted({n for n, _ in (*settled.saved, *settled.refused)}), today)
        self._wipe()

    def watch(self, rows: Iterable[Watched]) -> None:
        """Remember rows that may yet land once more."""
        with self._step() as do:
            for row in rows:
                values = (row.spreadsheet, row.sheet, row.key, row.wanted, row.made.isoformat(), row.looks)
                do("INSERT OR REPLACE INTO watched VALUES (?, ?, ?, ?, ?, ?)", values)

    def watched(self) -> list[Watched]:
        """The rows that may yet land once more."""
        with self._step(writing=False) as do:
            rows = do("SELECT spreadsheet, sheet, key, wanted, made, looks FROM watched").fetchall()
        return [
            Watched(spreadsheet, sheet, key, wanted, _moment(made), looks)
            for spreadsheet, sheet, key, wanted, made, looks in rows
        ]

    def looked(self, rows: Iterable[Watched], most: int) -> None:
        """Count a look at watched rows; after so many they are forgotten."""
        with self._step() as do:
            for row in rows:
                where = (row.spreadsheet, row.sheet, row.key)
                sql = "UPDATE watched SET looks = looks + 1 WHERE spreadsheet = ? AND sheet = ? AND key = ?"
                do(sql, where)
            do("DELETE FROM watched WHERE looks >= ?", (most,))
        self._wipe()

    def forget(self, spreadsheet: str, which: Callable[[Deed], bool]) -> None:
        """Wipe the submissions with such deeds for a spreadsheet, and its rows that may land once more."""
        with self._step() as do:
            do("DELETE FROM watched WHERE spreadsheet = ?", (spreadsheet,))
            sql = "SELECT submission, content FROM deed WHERE spreadsheet = ? AND content <> ''"
            for number, text in do(sql, (spreadsheet,)).fetchall():
                if which(deed_from_json(text)):
                    statements.forget(do, number)
        self._build_anew()

    def anchor(self) -> Anchor | None:
        """How the log was left; None before the first entry."""
        with self._step(writing=False) as do:
            return statements.anchor_of(do)

    def obstacle(self, place: Sequence[str], sentence: str | None, at: dt.datetime) -> None:
        """Remember what stands in the way of a spreadsheet, or of one sheet of it, or that nothing does."""
        with self._step() as do:
            statements.keep_fact(do, _obstacle(place), sentence)
            if sentence is not None:
                statements.keep_fact(do, "fault", json.dumps([at.isoformat(), sentence]))

    def status(self) -> OutboxStatus:
        """What waits, what was refused, and the last fault."""
        with self._step(writing=False) as do:
            return statements.status_of(do)

    def dismiss(self, id_: SubmissionId) -> None:
        """Wipe a refused submission: somebody has dealt with it."""
        with self._step() as do:
            for (number,) in do("SELECT number FROM submission WHERE id = ? AND refused", (id_,)).fetchall():
                statements.forget(do, number)
        self._wipe()

    def again(self, id_: SubmissionId) -> None:
        """Let a refused submission wait once more."""
        with self._step() as do:
            for (number,) in do("SELECT number FROM submission WHERE id = ? AND refused", (id_,)).fetchall():
                do("UPDATE submission SET refused = 0 WHERE number = ?", (number,))
                changed = "UPDATE deed SET state = 'waiting', trouble = NULL WHERE submission = ?"
                do(f"{changed} AND state = 'refused'", (number,))

    @contextlib.contextmanager
    def _step(self, writing: bool = True) -> Iterator[Do]:
        """Statements that are kept all together, or not at all."""
        with self._lock:
            try:
                self._database.execute("BEGIN IMMEDIATE" if writing else "BEGIN")
                yield self._database.execute
                self._database.execute("COMMIT")
            except sqlite3.Error as fault:
                raise _no_room(fault) from fault
            finally:
                with contextlib.suppress(sqlite3.Error):
                    if self._database.in_transaction:
                        self._database.execute("ROLLBACK")

    def _wipe(self) -> None:
        """Empty the journal, where the pages of what is done still stand."""
        with self._lock, contextlib.suppress(sqlite3.Error):
            self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _build_anew(self) -> None:
        """Leave nothing in the file but what its tables hold: pages that rows were moved from keep traces."""
        with self._lock:
            try:
                self._database.execute("PRAGMA temp_store = MEMORY")
                self._database.execute("VACUUM")
                (busy, *_) = self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            except sqlite3.Error as fault:
                raise _no_room(fault) from fault
            if busy:
                raise _no_room(TimeoutError())


def _make_private(path: Path) -> None:
    """The file and its folder, for us alone; SQLite gives its journal the rights of the file."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.parent.chmod(0o700)
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    path.chmod(0o600)


def _kept(deed: Deed) -> tuple[str, str, bool, str]:
    return deed.spreadsheet, deed.sheet, isinstance(deed, RowChange), deed_as_json(deed)


def _obstacle(place: Sequence[str]) -> str:
    return f"obstacle {'/'.join(place)}"


def _moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def _no_room(fault: Exception) -> Trouble:
    return Trouble(f"Appen kan inte spara på sin disk ({type(fault).__name__}); se över den och försök igen.")
