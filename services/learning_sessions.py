"""The learning sessions of a läsår: laid out from the template, changed, and every change told of."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from services.conducting import Plan
from services.days import day_in_words
from services.domain.access import Deed, Visitor
from services.domain.learning_session import NUMBERS, LearningSession
from services.errors import NotPermitted, NotReady
from services.history import key_text
from services.register import Register, once_per_register
from services.tables.sheet import Cell
from services.template import framework_rows
from services.visiting import SESSIONS, may_follow_year
from services.writing.deeds import NewRow, RowChange, SubmissionId
from services.writing.writer import Writer

LOG = "Logg"
TOLD = ("Tema", "Datum", "Start", "Slut", "Plats", "Innehåll", "Förberedelse")
"""What can be changed of a session."""


@once_per_register
def sessions_of(register: Register, year: str) -> tuple[LearningSession, ...]:
    """The sessions of a läsår in their order, the first row of each number."""
    table = register.tables[SESSIONS].columns
    found: dict[int, LearningSession] = {}
    for values in zip(*table.values(), strict=True):
        row = dict(zip(table, values, strict=True))
        if row["Läsår"] == year and row["Nr"] is not None:
            found.setdefault(
                row["Nr"],
                LearningSession(
                    year,
                    row["Nr"],
                    row["Tema"] or "",
                    row["Datum"],
                    row["Start"],
                    row["Slut"],
                    row["Plats"] or "",
                    row["Innehåll"] or "",
                    row["Förberedelse"] or "",
                ),
            )
    return tuple(found[number] for number in sorted(found))


def sessions_for(register: Register, visitor: Visitor, year: str) -> tuple[LearningSession, ...]:
    """The sessions that she may see: of a läsår that one of her schools takes part in; all for the unit."""
    if not may_follow_year(register, visitor, year):
        raise NotPermitted("Lärtillfällena är för de skolor som är med i läsåret.")
    return sessions_of(register, year)


def next_session(sessions: Sequence[LearningSession], today: dt.date) -> LearningSession | None:
    """The first session that is today or later."""
    ahead = [one for one in sessions if one.day is not None and one.day >= today]
    return min(ahead, key=lambda one: (one.day or today, one.number), default=None)


# --- Laying out and changing ----------------------------------------------------------------------------


def laying_out(register: Register, year: str, days: Mapping[int, dt.date | None]) -> Plan:
    """Add the six sessions of a läsår with the template's themes; those that are there already stay."""
    there = {one.number for one in sessions_of(register, year)}
    rows = [
        NewRow(SESSIONS, {**row, "Läsår": year, "Datum": days.get(_number(row))})
        for row in framework_rows(year)["Lärtillfällen"]
        if _number(row) not in there
    ]
    dated = {one.number: one.day for one in sessions_of(register, year)} | {
        _number(row.values): days.get(_number(row.values)) for row in rows
    }
    obstacles = list(_out_of_order(dated))
    if not rows:
        obstacles = [f"Läsåret {year} har redan sina sex lärtillfällen."]
    does = f"Läsåret {year} har fått {len(rows)} lärtillfällen med teman och förberedelser från mallen."
    return Plan("Läsår upplagt", (does,), tuple(rows), tuple(obstacles))


def _number(row: Mapping[str, Cell]) -> int:
    found = row["Nr"]
    assert isinstance(found, int)
    return found


def values_of(session: LearningSession) -> dict[str, Cell]:
    """The cells of a session that can be changed, as they were seen."""
    return {
        "Tema": session.theme or None,
        "Datum": session.day,
        "Start": session.start,
        "Slut": session.end,
        "Plats": session.place or None,
        "Innehåll": session.contents or None,
        "Förberedelse": session.preparation or None,
    }


def change(register: Register, seen: LearningSession, new: Mapping[str, Cell]) -> Plan:
    """Change what differs from what was seen; what somebody else has written meanwhile is a conflict."""
    before = values_of(seen)
    changed = {header: value for header, value in new.items() if before.get(header) != value}
    after = {**before, **changed}
    obstacles = [*_faults(after)]
    if "Datum" in changed:
        days = {one.number: one.day for one in sessions_of(register, seen.year)}
        day = after["Datum"]
        obstacles += _out_of_order({**days, seen.number: day if isinstance(day, dt.date) else None})
    if not changed:
        obstacles = ["Inget är ändrat. Ändra något, eller avbryt."]
    deed = RowChange(
        SESSIONS, (seen.year, seen.number), {header: before[header] for header in changed}, changed
    )
    does = f"Lärtillfälle {seen.number} är ändrat. De skolor som är med ser vad som är ändrat."
    return Plan("Lärtillfälle ändrat", (does,), (deed,), tuple(obstacles))


def _faults(after: Mapping[str, Cell]) -> Iterator[str]:
    if not after.get("Tema"):
        yield "Skriv ett tema."
    start, end = after.get("Start"), after.get("Slut")
    if isinstance(start, dt.time) and isinstance(end, dt.time) and end <= start:
        yield "Lärtillfället slutar innan det börjar. Ändra en av tiderna."
    if start is None and end is not None:
        yield "Skriv när lärtillfället börjar."


def _out_of_order(days: Mapping[int, dt.date | None]) -> list[str]:
    """A sentence for the first session that is not after the one before it."""
    dated = [(number, days[number]) for number in sorted(days) if days[number] is not None]
    for (first, day), (second, later) in pairwise(dated):
        assert day is not None and later is not None
        if later <= day:
            return [
                f"Lärtillfälle {second} ({day_in_words(later)}) måste vara efter lärtillfälle {first} "
                f"({day_in_words(day)}). Ändra ett av datumen."
            ]
    return []


def carry_out(register: Register, plan: Plan, visitor: Visitor, writer: Writer) -> SubmissionId:
    """Write what the plan says.

    NotPermitted for others than the unit, NotReady where something stands in the way.
    """
    visitor.must(Deed.PLAN_SESSIONS)
    if plan.obstacles:
        raise NotReady(plan.obstacles[0])
    for deed in plan.writes:  # somebody may have laid it out meanwhile
        if isinstance(deed, NewRow):
            year, number = str(deed.values["Läsår"]), _number(deed.values)
            if any(one.number == number for one in sessions_of(register, year)):
                raise NotReady(f"Lärtillfälle {number} finns redan i läsåret {year}.")
    return writer.submit(plan.writes, visitor.signature, plan.event, plan.id)


# --- What has changed ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SessionChange:
    """A change of a session as the log has it: which field, from what to what, and when (UTC)."""

    number: int
    field: str
    before: str
    after: str
    at: dt.datetime


def changes_for(
    register: Register, visitor: Visitor, year: str, since: dt.datetime
) -> tuple[SessionChange, ...]:
    """What was changed in the app of a läsår's days, times, places and themes, the latest first.

    The last word of each field, where it differs from the first: a change that was taken back is none.
    """
    if not may_follow_year(register, visitor, year):
        raise NotPermitted("Lärtillfällena är för de skolor som är med i läsåret.")
    numbers = {key_text((year, number)): number for number in NUMBERS}
    found: dict[tuple[int, str], SessionChange] = {}
    log = register.tables[LOG].columns
    columns = (log[header] for header in ("Tid", "Tabell", "Nyckel", "Fält", "Före", "Efter"))
    for time, table, key, field, before, after in zip(*columns, strict=True):
        at = _moment(time)
        if table != SESSIONS or key not in numbers or field not in TOLD or at is None or at < since:
            continue
        place = numbers[key], field
        first = found.pop(place, None)
        began = first.before if first else before or ""
        if began != (after or ""):
            found[place] = SessionChange(*place, began, after or "", at)
    return tuple(sorted(found.values(), key=lambda one: one.at, reverse=True))


def _moment(text: str | None) -> dt.datetime | None:
    try:
        found = dt.datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=dt.UTC)
