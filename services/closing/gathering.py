"""The newest answer of every key, and the row it becomes: no key, no version, no order."""

import hmac
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from services.answering.keys import Key
from services.answering.round_file import CANNOT_JUDGE, Reply
from services.assembly import INBOX
from services.domain.school import SchoolCode
from services.tables.answers import level_array
from services.tables.parse import parse_sheet
from services.tables.schema import Schema
from services.tables.sheet import Sheet
from services.workbook.port import Row

RECEIVED, TAKING_PART = "Inkomna", "Deltagande"

_ID_BYTES = 10


@dataclass(frozen=True, slots=True)
class Received:
    """One version of one person's answer: levels 1–4 by question, what she could not judge left out."""

    key: Key
    school: SchoolCode
    version: int
    levels: Mapping[str, int]


def in_inbox(schema: Schema, sheet: Sheet | None, round_: str, questions: Iterable[str]) -> list[Received]:
    """What stands in the sheet Inkomna for a round; rows without key, school or version are no answers."""
    asked = tuple(questions)
    table = schema.table(RECEIVED).with_questions(asked)
    columns = parse_sheet(schema, table, INBOX, sheet).typed.columns
    about = [columns[header] for header in ("Nyckel", "Omgång", "Skolenhetskod", "Version")]
    levels = [level_array(columns[id_]) for id_ in asked]
    return [
        Received(
            Key(key),
            SchoolCode(str(school)),
            version,
            {id_: int(given[row]) for id_, given in zip(asked, levels, strict=True) if given[row]},
        )
        for row, (key, name, school, version) in enumerate(zip(*about, strict=True))
        if name is not None and str(name) == round_ and key and school and version
    ]


def on_server(replies: Iterable[tuple[Key, Reply]]) -> list[Received]:
    """What people have sent, as the server keeps it, whether the inbox has it yet or not."""
    return [
        Received(
            key,
            reply.school,
            reply.version,
            {id_: level for id_, level in reply.sent.items() if level != CANNOT_JUDGE},
        )
        for key, reply in replies
        if reply.sent is not None
    ]


def newest(received: Iterable[Received]) -> list[Received]:
    """The highest version of every key; of two that are equal the first."""
    by_key: dict[Key, Received] = {}
    for one in received:
        if one.key not in by_key or one.version > by_key[one.key].version:
            by_key[one.key] = one
    return list(by_key.values())


def answer_rows(answers: Sequence[Received], secret: bytes, chance: random.Random) -> dict[str, Row]:
    """The rows of `Svar` by their id, shuffled.

    The id follows from the key as long as the round has its secret, so that a closing that was interrupted
    adds nothing twice; once the secret is destroyed nobody can tell whose it was.
    """
    rows: dict[str, Row] = {
        _id(secret, one.key): {"Skolenhetskod": one.school, **one.levels} for one in answers if one.levels
    }
    ids = list(rows)
    chance.shuffle(ids)
    return {id_: {"Svar": id_, **rows[id_]} for id_ in ids}


def _id(secret: bytes, key: Key) -> str:
    # A letter first, and letters alone: no spreadsheet takes it for a number or a date.
    digest = hmac.digest(secret, f"svar {key}".encode(), "sha256")[:_ID_BYTES]
    return "s" + "".join(chr(ord("a") + nibble) for byte in digest for nibble in (byte >> 4, byte & 15))
