"""How the outbox lays out its file, and the steps that several of its doings share."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any, Protocol

from services.errors import Trouble
from services.history import Anchor
from services.writing.deeds import Fault, OutboxStatus, Setback, SubmissionId, trouble_as_json
from services.writing.waiting import DeedNumber

REMEMBERED = dt.timedelta(days=7)
"""How long it is known that a submission was saved; only a digest of its random id is kept."""

TABLES = """
CREATE TABLE IF NOT EXISTS submission (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, made TEXT NOT NULL,
    who TEXT NOT NULL, event TEXT NOT NULL, refused INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS deed (
    submission INTEGER NOT NULL, place INTEGER NOT NULL, spreadsheet TEXT NOT NULL, sheet TEXT NOT NULL,
    is_change INTEGER NOT NULL, content TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'waiting',
    sent INTEGER NOT NULL DEFAULT 0, trouble TEXT, PRIMARY KEY (submission, place)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS open_deed ON deed (spreadsheet, is_change, submission) WHERE state = 'waiting';
CREATE TABLE IF NOT EXISTS line (number INTEGER PRIMARY KEY AUTOINCREMENT, texts TEXT NOT NULL, chain TEXT);
CREATE TABLE IF NOT EXISTS watched (
    spreadsheet TEXT NOT NULL, sheet TEXT NOT NULL, key TEXT NOT NULL, wanted INTEGER NOT NULL,
    made TEXT NOT NULL, looks INTEGER NOT NULL, PRIMARY KEY (spreadsheet, sheet, key)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS saved (digest TEXT PRIMARY KEY, day TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""

OPEN_DEEDS = """
SELECT d.submission, d.place, d.content, d.sent, s.who, s.event, s.made
FROM deed d JOIN submission s ON s.number = d.submission
WHERE d.state = 'waiting' AND d.spreadsheet = :spreadsheet AND d.is_change = :is_change
AND d.sheet NOT IN (SELECT value FROM json_each(:without))
AND d.submission IN (
    SELECT DISTINCT o.submission FROM deed o
    WHERE o.state = 'waiting' AND o.spreadsheet = :spreadsheet AND o.is_change = :is_change
    AND o.sheet NOT IN (SELECT value FROM json_each(:without))
    AND (:held OR o.is_change OR NOT EXISTS (
        SELECT 1 FROM deed c WHERE c.submission = o.submission AND c.is_change AND c.state = 'waiting'))
    ORDER BY o.submission LIMIT :most)
ORDER BY d.submission, d.place
"""
"""Rows of a submission that also changes something come after its changes."""


class Do(Protocol):
    """Executes a statement within a step."""

    def __call__(self, sql: str, values: Any = (), /) -> Any:
        """The cursor."""
        ...


def digest(id_: SubmissionId) -> str:
    """What is left of a submission that is saved."""
    return hashlib.sha256(id_.encode()).hexdigest()


def refuse(do: Do, troubles: Mapping[DeedNumber, Trouble]) -> None:
    """Refuse deeds, and with them whatever of their submissions has not been sent."""
    for number, trouble in troubles.items():
        sql = "UPDATE deed SET state = 'refused', trouble = ? WHERE submission = ? AND place = ?"
        do(sql, (trouble_as_json(trouble), *number))
    for submission in {submission for submission, _ in troubles}:
        sql = "UPDATE deed SET state = 'refused' WHERE submission = ? AND state = 'waiting' AND NOT sent"
        do(sql, (submission,))


def finish(do: Do, submissions: Iterable[int], today: dt.date) -> None:
    """Forget the submissions of which everything is saved; set aside those of which something is refused."""
    for number in submissions:
        rows = do("SELECT DISTINCT state FROM deed WHERE submission = ?", (number,))
        states = {state for (state,) in rows}
        if "waiting" in states:
            continue
        if "refused" in states:
            do("UPDATE submission SET refused = 1 WHERE number = ?", (number,))
            do("UPDATE deed SET content = '' WHERE submission = ? AND state = 'saved'", (number,))
            continue
        (id_,) = do("SELECT id FROM submission WHERE number = ?", (number,)).fetchone()
        do("INSERT OR IGNORE INTO saved VALUES (?, ?)", (digest(id_), today.isoformat()))
        forget(do, number)
    do("DELETE FROM saved WHERE day < ?", ((today - REMEMBERED).isoformat(),))


def forget(do: Do, submission: int) -> None:
    """Wipe a submission and its deeds."""
    do("DELETE FROM deed WHERE submission = ?", (submission,))
    do("DELETE FROM submission WHERE number = ?", (submission,))


def fact(do: Do, name: str) -> str | None:
    """Something to remember, by name."""
    found = do("SELECT value FROM fact WHERE name = ?", (name,)).fetchone()
    return None if found is None else str(found[0])


def keep_fact(do: Do, name: str, value: str | None) -> None:
    """Remember something, or forget it."""
    if value is None:
        do("DELETE FROM fact WHERE name = ?", (name,))
    else:
        do("INSERT OR REPLACE INTO fact VALUES (?, ?)", (name, value))


def keep_anchor(do: Do, anchor: Anchor) -> None:
    """Remember how the log was left."""
    kept = asdict(anchor)
    del kept["pending"]
    keep_fact(do, "anchor", json.dumps(kept))


def anchor_of(do: Do) -> Anchor | None:
    """How the log was left, and what may have come to it since."""
    text = fact(do, "anchor")
    if text is None:
        return None
    kept = json.loads(text)
    sent = {chain for (chain,) in do("SELECT chain FROM line WHERE chain IS NOT NULL")}
    again = {json.loads(key)[0] for (key,) in do("SELECT key FROM watched WHERE sheet = 'Logg'")}
    return Anchor(kept["count"], kept["chain"], frozenset(sent | again), tuple(kept["breaks"]))


def status_of(do: Do) -> OutboxStatus:
    """What waits, what was refused, and the last fault."""
    waiting, oldest = do("SELECT COUNT(*), MIN(made) FROM submission WHERE NOT refused").fetchone()
    (lines,) = do("SELECT COUNT(*) FROM line").fetchone()
    fault = fact(do, "fault")
    at, sentence = json.loads(fault) if fault else ("", "")
    return OutboxStatus(
        waiting=waiting,
        oldest=dt.datetime.fromisoformat(oldest) if oldest else None,
        last_fault=Fault(dt.datetime.fromisoformat(at), sentence) if fault else None,
        setbacks=tuple(_setbacks(do)),
        log_rows_waiting=lines,
    )


def _setbacks(do: Do) -> list[Setback]:
    found: list[Setback] = []
    submissions = do("SELECT number, id, made, who, event FROM submission WHERE refused ORDER BY number")
    for number, id_, made, who, event in submissions.fetchall():
        deeds = do(
            "SELECT sheet, trouble FROM deed WHERE submission = ? ORDER BY place", (number,)
        ).fetchall()
        sentences = tuple(json.loads(trouble)["sentence"] for _, trouble in deeds if trouble)
        sheets = tuple(dict.fromkeys(sheet for sheet, _ in deeds))
        found.append(
            Setback(SubmissionId(id_), dt.datetime.fromisoformat(made), who, event, sheets, sentences)
        )
    return found
