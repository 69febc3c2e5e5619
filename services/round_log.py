"""What has been done with a round: who, when and what, as the sheet Logg says it."""

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from services.domain.school import SchoolCode
from services.history import LOG
from services.register import Register, once_per_register
from services.tables.parse import TypedTable

PARTS = "Skolans omgång"
_OF_THE_ROUND = frozenset({"Omgångar", "Svar"})
_JOIN = " · "
MOST_SCHOOLS = 3
"""So many schools are named; more are counted."""


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that somebody did with a round; `at` is None where somebody has changed the time by hand."""

    at: dt.datetime | None
    who: str
    event: str
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    time: str
    who: str
    event: str
    table: str
    key: str
    field: str
    before: str
    after: str


@once_per_register
def log_of(register: Register, round_: str) -> tuple[Happening, ...]:
    """All that has been done with the round through the app, the latest first."""
    mine = [line for line in _lines(register.tables[LOG]) if _is_about(line, round_)]
    grouped = groupby(mine, key=lambda line: (line.time, line.who, line.event))
    found = [
        Happening(_moment(time), who, event, tuple(_changes(register, list(lines))))
        for (time, who, event), lines in grouped
    ]
    return tuple(reversed(found))


def _lines(log: TypedTable) -> Iterator[_Line]:
    headers = ("Tid", "Vem", "Händelse", "Tabell", "Nyckel", "Fält", "Före", "Efter")
    for values in zip(*(log.columns[header] for header in headers), strict=True):
        yield _Line(*("" if value is None else str(value) for value in values))


def _is_about(line: _Line, round_: str) -> bool:
    if line.table == PARTS:
        return line.key.startswith(f"{round_}{_JOIN}")
    return line.key == round_ and line.table in _OF_THE_ROUND


def _moment(time: str) -> dt.datetime | None:
    try:
        found = dt.datetime.fromisoformat(time)
    except ValueError:
        return None
    return found if found.tzinfo else None


def _changes(register: Register, lines: list[_Line]) -> Iterator[str]:
    """What changed, in the words of the sheets; many schools alike are counted and not named."""
    for line in lines:
        if line.table != PARTS and line.field:
            yield f"{line.field}: {line.before or '–'} → {line.after or '–'}"
    parts = [line for line in lines if line.table == PARTS]
    if len(parts) > MOST_SCHOOLS:
        yield f"{len({line.key for line in parts})} skolor"
        return
    for line in parts:
        name = register.school_name(SchoolCode(line.key.rpartition(_JOIN)[2]))
        yield (
            f"{name}, {line.field}: {line.before or '–'} → {line.after or '–'}"
            if line.field
            else (f"{name}, {_staff(line)} anställda")
        )


def _staff(line: _Line) -> str:
    try:
        return str(json.loads(line.after).get("Personal", "–"))
    except (ValueError, AttributeError):
        return "–"
