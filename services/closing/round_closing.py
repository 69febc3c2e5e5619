"""Closes a round, step by step, each of which may be interrupted and done again without loss or double.

    seal      nothing more is taken in, here or in another process
    drain     what is on its way reaches the inbox
    write     the newest answer of every key becomes a row of svar-<omgång>, all at once and shuffled
    verify    every row is read back and compared
    destroy   the round's secret first, then what the server kept of it: from here no key can be made
    empty     the rows of the round leave the inbox, and every copy of them
    tell      the round is Stängd, in the sheet Omgångar and in the log

That a secret is destroyed stays noted on disk: whoever closes the round again goes on from there, as the ids
of the rows can't be made again to look whether they stand there, and as nothing can have come since.
"""

import datetime as dt
import random
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from filelock import FileLock, Timeout

from services.answering.form import form_of
from services.answering.keys import RoundSecrets
from services.answering.round_file import RoundFile
from services.assembly import INBOX, MAIN
from services.closing.gathering import RECEIVED, answer_rows, in_inbox, newest, on_server
from services.domain.access import Deed, Visitor
from services.domain.round import RoundStatus
from services.errors import ClosingTrouble
from services.outbox import Outbox
from services.register import Register
from services.tables.schema import Schema
from services.workbook.cell_values import header_text
from services.workbook.port import Row, Workbook
from services.writing.deeds import Received, Refused, RowChange, Saved
from services.writing.writer import Writer

ANSWERS = "Svar"
EVENT = "Omgång stängd"

_ROUNDS, _ROUND, _STATUS = "Omgångar", "Omgång", "Status"

PATIENCE = 120.0
"""Seconds to wait for what is on its way to the inbox."""

_LOOK = 0.25
_ON_THEIR_WAY = (
    "Några svar har inte hunnit skrivas till inkorgen än. Inget är förlorat. Stäng omgången igen om en stund."
)
_NOT_TOLD_YET = "Svaren är sparade. Att omgången är stängd skrivs när kalkylbladet går att nå."
_NOT_LOGGED_YET = "Omgången är stängd. Det skrivs i loggen när kalkylbladet går att nå."


class Step(StrEnum):
    """What is being done, as it is told."""

    SEAL = "Tar inte längre emot svar"
    DRAIN = "Väntar in svar som är på väg"
    WRITE = "Skriver svaren utan nycklar och i blandad ordning"
    VERIFY = "Läser tillbaka och jämför"
    DESTROY = "Förstör omgångens hemlighet"
    EMPTY = "Tömmer inkorgen"
    TELL = "Noterar att omgången är stängd"


@dataclass(frozen=True, slots=True)
class Office:
    """What closing works with: the sheets, the writer, and what the server keeps of the round.

    `empty` takes the round's rows out of the inbox and forgets every copy of them.
    """

    workbook: Workbook
    schema: Schema
    writer: Writer
    outbox: Outbox
    secrets: RoundSecrets
    file: RoundFile
    notes: Path
    clock: Callable[[], dt.datetime]
    empty: Callable[[str], None]
    chance: random.Random = field(default_factory=random.SystemRandom)
    sleep: Callable[[float], None] = time.sleep


def close(office: Office, register: Register, visitor: Visitor, round_: str) -> Iterator[Step]:
    """Close a round; each step is told before it is done. Any Trouble leaves it to be closed again.

    `register` is read anew for this: a round that another process has just closed is closed in it.
    """
    visitor.must(Deed.RUN_ROUNDS)
    office.notes.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with FileLock(office.notes / "closing.lock", timeout=0, thread_local=False):
            yield from _close(office, register, visitor, round_)
    except Timeout:
        raise ClosingTrouble("Någon annan stänger en omgång just nu. Vänta tills det är klart.") from None


def _close(office: Office, register: Register, visitor: Visitor, round_: str) -> Iterator[Step]:
    require_closable(register, round_)
    if not office.secrets.is_destroyed(round_):
        yield Step.SEAL
        office.file.seal(office.clock())
        yield Step.DRAIN
        _wait(office, lambda: INBOX not in office.outbox.spreadsheets(), _ON_THEIR_WAY)
        yield Step.WRITE
        rows = _gathered(office, register, round_)
        _write(office, round_, rows)
        yield Step.VERIFY
        _verify(office, round_, rows)
    yield Step.DESTROY
    office.secrets.destroy(round_)
    office.file.destroy()
    yield Step.EMPTY
    office.empty(round_)
    yield Step.TELL
    _tell(office, visitor, round_)


def require_closable(register: Register, round_: str) -> None:
    """ClosingTrouble unless it is open, or closed already: then closing makes sure that all is done."""
    status = register.round(round_).status
    if status not in (RoundStatus.OPEN, RoundStatus.CLOSED):
        named = status.value.lower() if status else "utan status"
        raise ClosingTrouble(f"Omgång {round_} är {named}. Bara en öppen omgång kan stängas.")


def _wait(office: Office, is_done: Callable[[], bool], otherwise: str) -> None:
    """Wait for what is on its way; ClosingTrouble where that takes too long."""
    waited = 0.0
    while not is_done():
        if waited >= PATIENCE:
            raise ClosingTrouble(otherwise)
        office.sleep(_LOOK)
        waited += _LOOK


def _gathered(office: Office, register: Register, round_: str) -> Mapping[str, Row]:
    """The rows to write; without a secret, on a server that lost it, the ids get one of their own."""
    questions = [question.id for question in form_of(register, round_).questions]
    seen = office.workbook.fresh(INBOX, {RECEIVED}).sheets
    if RECEIVED not in seen:
        raise ClosingTrouble(f"Bladet {RECEIVED} saknas i kalkylbladet {INBOX}. Lägg tillbaka det först.")
    sent = on_server(office.file.replies())
    if gone := {id_ for one in sent for id_ in one.levels} - set(questions):
        raise ClosingTrouble(
            f"Fråga {min(gone)} har svar, men ställs inte i omgång {round_} enligt bladen Frågor och "
            "Delområden. Rätta bladen först, så att inga svar går förlorade."
        )
    standing = in_inbox(office.schema, seen[RECEIVED], round_, questions)
    return answer_rows(newest([*sent, *standing]), office.secrets.make(round_), office.chance)


def _write(office: Office, round_: str, rows: Mapping[str, Row]) -> None:
    spreadsheet = _spreadsheet(office.schema, round_)
    headers = {ANSWERS, *(header for row in rows.values() for header in row)}
    standing = office.workbook.columns(spreadsheet, {ANSWERS: headers}).get(ANSWERS, {})
    if lacking := sorted(headers - standing.keys()):
        raise ClosingTrouble(
            f"Rubriken {lacking[0]} saknas i bladet {ANSWERS} i {spreadsheet}. Lägg dit den och stäng igen."
        )
    known = {id_ for id_ in standing[ANSWERS] if id_ not in (None, "")}
    if rows and (others := len(known - rows.keys())):
        raise ClosingTrouble(
            f"I {spreadsheet} står redan {others} svar från en stängning som servern inte känner till. "
            f"Inget är ändrat. Är de alla omgångens svar: ta bort omgångens rader i {INBOX}. "
            f"Är de inte det: ta bort dem ur {spreadsheet}. Stäng sedan igen."
        )
    missing = [row for id_, row in rows.items() if id_ not in known]
    if missing:
        office.workbook.append(spreadsheet, {ANSWERS: missing})


def _verify(office: Office, round_: str, rows: Mapping[str, Row]) -> None:
    """Compare what stands in the sheet with what should; ClosingTrouble where they differ."""
    spreadsheet = _spreadsheet(office.schema, round_)
    headers = sorted({header for row in rows.values() for header in row})
    columns = office.workbook.columns(spreadsheet, {ANSWERS: headers}).get(ANSWERS, {})
    found: dict[str, int] = {}
    for position, id_ in enumerate(columns.get(ANSWERS, ())):
        if not isinstance(id_, str) or id_ not in rows:
            continue
        found[id_] = found.get(id_, 0) + 1
        cells = {header: values[position] for header, values in columns.items()}
        if any(_plain(cells.get(header)) != _plain(rows[id_].get(header)) for header in headers):
            raise ClosingTrouble(f"En rad i {spreadsheet} blev inte som den skulle. Inkorgen är orörd.")
    if any(found.get(id_) != 1 for id_ in rows):
        raise ClosingTrouble(
            f"Alla svar syns inte precis en gång i {spreadsheet} än. Inkorgen är orörd. Stäng omgången igen."
        )


def _tell(office: Office, visitor: Visitor, round_: str) -> None:
    """Write and log that the round is closed, unless it is: that may be on its way from an earlier try."""
    _wait(office, lambda: MAIN not in office.outbox.spreadsheets(), _NOT_TOLD_YET)
    columns = office.workbook.columns(MAIN, {_ROUNDS: (_ROUND, _STATUS)}).get(_ROUNDS, {})
    pairs = zip(columns.get(_ROUND, ()), columns.get(_STATUS, ()), strict=True)
    if (round_, RoundStatus.CLOSED) not in {(header_text(name), header_text(found)) for name, found in pairs}:
        _write_closed(office, visitor, round_)
    _wait(office, lambda: not office.outbox.status().log_rows_waiting, _NOT_LOGGED_YET)


def _write_closed(office: Office, visitor: Visitor, round_: str) -> None:
    before, after = {_STATUS: RoundStatus.OPEN.value}, {_STATUS: RoundStatus.CLOSED.value}
    id_ = office.writer.submit([RowChange(_ROUNDS, (round_,), before, after)], visitor.signature, EVENT)
    outcome = office.writer.outcome(id_, PATIENCE)
    if isinstance(outcome, Received):
        raise ClosingTrouble(_NOT_TOLD_YET)
    if isinstance(outcome, Refused):
        office.writer.dismiss(id_)
        raise next(iter(outcome.troubles.values()))
    assert isinstance(outcome, Saved)


def _spreadsheet(schema: Schema, round_: str) -> str:
    return schema.table(ANSWERS).spreadsheet_of(round_)


def _plain(value: object) -> object:
    """A cell as it compares: blanks alike, and 3.0 as 3."""
    if value in ("", None):
        return None
    return int(value) if isinstance(value, float) and value.is_integer() else value
