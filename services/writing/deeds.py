"""What one can ask the writer to do, and what came of it."""

import datetime as dt
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, NewType, TypeAlias

from services import errors
from services.assembly import MAIN
from services.errors import Trouble
from services.workbook.port import Cell

SubmissionId = NewType("SubmissionId", str)
"""Names one submission; a new one is random and says nothing of who or what."""

_LETTERS = "abcdefghjkmnpqrstuvwxyz"
_SIGNS = _LETTERS + "23456789"


def new_id() -> str:
    """A random id for a row or a submission, which no spreadsheet takes for a number or a date."""
    return secrets.choice(_LETTERS) + "".join(secrets.choice(_SIGNS) for _ in range(11))


@dataclass(frozen=True, slots=True)
class NewRow:
    """A row to add, with its key among the values; by header, typed or as text."""

    sheet: str
    values: Mapping[str, Cell]
    spreadsheet: str = MAIN


@dataclass(frozen=True, slots=True)
class RowChange:
    """New values for some fields of a row, and the values whoever changes them saw there.

    `key` is in the order of the table's key columns; `seen` and `new` have the same headers, and values
    as the register's tables have them (None where blank). A field whose value stays the same is a
    condition: the change is a conflict if somebody else has changed it. Leave out what does not matter.
    """

    sheet: str
    key: tuple[Cell, ...]
    seen: Mapping[str, Cell]
    new: Mapping[str, Cell]
    spreadsheet: str = MAIN

    def __post_init__(self) -> None:
        if self.seen.keys() != self.new.keys():
            raise ValueError("what was seen and what is new must have the same headers")


Deed: TypeAlias = NewRow | RowChange


@dataclass(frozen=True, slots=True)
class Saved:
    """It stands in the sheets: read back, each row exactly once."""


@dataclass(frozen=True, slots=True)
class Received:
    """It is kept safe here and will be written; `sentence` says what stands in the way, if anything does."""

    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """It can't be done as it was asked: why, by the place of the deed in the submission.

    Nothing of the submission was written but the deeds in `saved`, as a rule none. It is kept, for the
    status page, until it is dismissed or tried again.
    """

    troubles: Mapping[int, Trouble] = field(default_factory=lambda: MappingProxyType({}))
    saved: frozenset[int] = frozenset()


Outcome: TypeAlias = Saved | Received | Refused


@dataclass(frozen=True, slots=True)
class Setback:
    """A submission that could not be done and that nobody has dealt with yet; no values of it."""

    id: SubmissionId
    made: dt.datetime
    who: str
    event: str
    sheets: tuple[str, ...]
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """The last thing that stood in the way of writing, and when."""

    at: dt.datetime
    sentence: str


@dataclass(frozen=True, slots=True)
class OutboxStatus:
    """What waits to be written and since when, what could not be written, and the last fault."""

    waiting: int
    oldest: dt.datetime | None
    last_fault: Fault | None
    setbacks: tuple[Setback, ...] = ()
    log_rows_waiting: int = 0


def deed_as_json(deed: Deed) -> str:
    """The deed as the outbox keeps it."""
    kept: dict[str, Any] = {"sheet": deed.sheet, "spreadsheet": deed.spreadsheet}
    if isinstance(deed, NewRow):
        kept["values"] = _packed(deed.values)
    else:
        kept |= {
            "key": [_packed_cell(part) for part in deed.key],
            "seen": _packed(deed.seen),
            "new": _packed(deed.new),
        }
    return json.dumps(kept)


def deed_from_json(text: str) -> Deed:
    """The deed that `deed_as_json` kept."""
    kept = json.loads(text)
    sheet, spreadsheet = kept["sheet"], kept["spreadsheet"]
    if "values" in kept:
        return NewRow(sheet, _unpacked(kept["values"]), spreadsheet)
    key = tuple(_unpacked_cell(part) for part in kept["key"])
    return RowChange(sheet, key, _unpacked(kept["seen"]), _unpacked(kept["new"]), spreadsheet)


def key_as_json(key: Sequence[Cell]) -> str:
    """A key as the outbox keeps it; equal keys give equal text."""
    return json.dumps([_packed_cell(part) for part in key])


def key_from_json(text: str) -> tuple[Cell, ...]:
    """The key that `key_as_json` kept."""
    return tuple(_unpacked_cell(part) for part in json.loads(text))


def _packed(row: Mapping[str, Cell]) -> dict[str, Any]:
    return {header: _packed_cell(value) for header, value in row.items()}


def _unpacked(row: Mapping[str, Any]) -> dict[str, Cell]:
    return {header: _unpacked_cell(value) for header, value in row.items()}


def _packed_cell(value: Cell) -> Any:
    """JSON has no dates: they are a list of what they are and their ISO text."""
    if isinstance(value, dt.datetime):
        return ["datetime", value.isoformat()]
    if isinstance(value, dt.date):
        return ["date", value.isoformat()]
    if isinstance(value, dt.time):
        return ["time", value.isoformat()]
    if value is None or isinstance(value, str | bool | int | float):
        return value
    raise ValueError(f"a cell cannot hold {type(value).__name__}")


def _unpacked_cell(kept: Any) -> Cell:
    if not isinstance(kept, list):
        found: Cell = kept
        return found
    kind, text = kept
    if kind == "date":
        return dt.date.fromisoformat(text)
    return dt.time.fromisoformat(text) if kind == "time" else dt.datetime.fromisoformat(text)


def trouble_as_json(trouble: Trouble) -> str:
    """The trouble as the outbox keeps it."""
    kept: dict[str, Any] = {"kind": type(trouble).__name__, "sentence": str(trouble)}
    if isinstance(trouble, errors.WorkbookTrouble):
        kept["spreadsheet"] = trouble.spreadsheet
    if isinstance(trouble, errors.Conflict):
        kept |= {name: _packed(getattr(trouble, name)) for name in ("base", "theirs", "mine")}
    return json.dumps(kept)


def trouble_from_json(text: str) -> Trouble:
    """The trouble that `trouble_as_json` kept."""
    kept = json.loads(text)
    kind: type[Trouble] = getattr(errors, kept["kind"], errors.RowTrouble)
    if issubclass(kind, errors.Conflict):
        base, theirs, mine = (_unpacked(kept[name]) for name in ("base", "theirs", "mine"))
        return kind(kept["sentence"], base, theirs, mine)
    if issubclass(kind, errors.WorkbookTrouble):
        return kind(kept["spreadsheet"], kept["sentence"])
    return kind(kept["sentence"])
