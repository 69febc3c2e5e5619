"""The visits of a process year: who may see them, add them, change them and tell of them afterwards."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from services.conducting import Plan
from services.days import day_in_words
from services.domain.access import Deed, Visitor
from services.domain.process import ApplicationStatus
from services.domain.school import SchoolCode
from services.domain.visit import GAPS, Match, Visit, VisitStatus
from services.errors import NotPermitted, NotReady
from services.register import Register, once_per_register
from services.tables.sheet import Cell
from services.writing.deeds import NewRow, RowChange, SubmissionId, new_id
from services.writing.writer import Writer

VISITS, SESSIONS = "Verksamhetsbesök", "Lärtillfällen"


@once_per_register
def visits_of(register: Register, year: str) -> tuple[Visit, ...]:
    """The visits of a läsår by gap, in the order of the sheet, schools under today's codes."""
    table = register.tables[VISITS].columns
    rows = [dict(zip(table, values, strict=True)) for values in zip(*table.values(), strict=True)]
    found = [_visit(register, row) for row in rows if row["Läsår"] == year]
    return tuple(sorted(found, key=lambda one: one.after or 9))


def _visit(register: Register, row: Mapping[str, Any]) -> Visit:
    host, guest = row["Värdskola"], row["Besökande skola"]
    return Visit(
        id=row["Besök"],
        school_year=row["Läsår"],
        after=row["Efter tillfälle"],
        host=register.today_of(host) if host else None,
        guest=register.today_of(guest) if guest else None,
        date=row["Datum"],
        focus=row["Fokus"],
        status=VisitStatus(row["Status"]) if row["Status"] else None,
        observations=row["Iakttagelser"] or "",
    )


def visits_for(register: Register, visitor: Visitor, year: str) -> tuple[Visit, ...]:
    """The visits that she may see: all of a läsår that one of her schools takes part in."""
    if not may_follow_year(register, visitor, year):
        raise NotPermitted(
            "Besöken är för de skolor som är med i läsåret. Välj ett läsår som din skola är med i."
        )
    return visits_of(register, year)


def may_follow_year(register: Register, visitor: Visitor, year: str) -> bool:
    """Whether she sees the visits of a läsår: the unit does, and the principals of the schools in it."""
    hers = {register.today_of(one) for one in visitor.led_schools}
    return visitor.may(Deed.PLAN_VISITS) or not hers.isdisjoint(schools_of(register, year))


def schools_of(register: Register, year: str) -> tuple[SchoolCode, ...]:
    """The schools admitted to a läsår, by name, under today's codes."""
    admitted = {
        register.today_of(one.school)
        for one in register.applications
        if one.school_year == year and one.status is ApplicationStatus.ADMITTED
    }
    return tuple(sorted(admitted, key=lambda code: (register.school_name(code).casefold(), code)))


def gaps_ahead(register: Register, year: str, today: dt.date) -> tuple[int, ...]:
    """The gaps that are not over yet: the session after them has not been held."""
    table = register.tables[SESSIONS].columns
    days = {
        number: day
        for name, number, day in zip(table["Läsår"], table["Nr"], table["Datum"], strict=True)
        if name == year and day is not None
    }
    return tuple(gap for gap in GAPS if days.get(gap + 1, today) >= today)


def row_of(year: str, match: Match) -> dict[str, Cell]:
    """A new row for a visit, with an id of its own."""
    return {
        "Besök": new_id(),
        "Läsår": year,
        "Efter tillfälle": match.after,
        "Värdskola": match.host,
        "Besökande skola": match.guest,
        "Fokus": match.focus,
    }


def faults(register: Register, year: str, match: Match) -> tuple[str, ...]:
    """What is wrong with a visit, a sentence each."""
    found = []
    if match.host == match.guest:
        found.append("En skola kan inte besöka sig själv. Välj två olika skolor.")
    if match.after not in GAPS:
        found.append("Besök görs efter lärtillfälle 1 till 5. Välj ett av dem.")
    strangers = [code for code in (match.host, match.guest) if code not in schools_of(register, year)]
    found += [f"{register.school_name(code)} är inte antagen till läsåret {year}." for code in strangers]
    return tuple(found)


def addition(register: Register, year: str, match: Match, date: dt.date | None) -> Plan:
    """Add one visit by hand."""
    host, guest = register.school_name(match.host), register.school_name(match.guest)
    row = row_of(year, match) | {"Datum": date, "Status": VisitStatus.PLANNED.value}
    busy = [
        f"{register.school_name(code)} har redan ett besök efter lärtillfälle {match.after}."
        for code in (match.host, match.guest)
        if any(
            one.counts and one.after == match.after and one.is_of(code) for one in visits_of(register, year)
        )
    ]
    when = f" {day_in_words(date)}" if date else ""
    does = f"{guest} besöker {host} efter lärtillfälle {match.after}{when}."
    return Plan("Besök tillagt", (does,), (NewRow(VISITS, row),), faults(register, year, match), tuple(busy))


EDITABLE = ("Datum", "Fokus", "Status", "Iakttagelser")
"""What the two schools may change of a visit; the unit also who goes to whom and when."""


def values_of(visit: Visit) -> dict[str, Cell]:
    """The cells of a visit that can be changed, as they were seen."""
    return {
        "Efter tillfälle": visit.after,
        "Värdskola": visit.host,
        "Besökande skola": visit.guest,
        "Datum": visit.date,
        "Fokus": visit.focus,
        "Status": visit.status.value if visit.status else None,
        "Iakttagelser": visit.observations or None,
    }


def change(register: Register, seen: Visit, new: Mapping[str, Cell]) -> Plan:
    """Change what differs from what was seen; what somebody else has written meanwhile is a conflict."""
    before = values_of(seen)
    changed = {header: value for header, value in new.items() if before.get(header) != value}
    after = {**before, **changed}
    match = Match(_gap(after), SchoolCode(str(after["Värdskola"])), SchoolCode(str(after["Besökande skola"])))
    moved = changed.keys() - set(EDITABLE)
    obstacles = faults(register, seen.school_year, match) if moved else ()
    if not changed:
        obstacles = ("Inget är ändrat. Ändra något, eller avbryt.",)
    deed = RowChange(VISITS, (seen.id,), {header: before[header] for header in changed}, changed)
    host, guest = (register.school_name(one) for one in (match.host, match.guest))
    return Plan("Besök ändrat", (f"Besöket hos {host} av {guest} är ändrat.",), (deed,), obstacles)


def _gap(row: Mapping[str, Cell]) -> int:
    found = row["Efter tillfälle"]
    return found if isinstance(found, int) else 0


def may_edit(register: Register, visitor: Visitor, visit: Visit) -> bool:
    """Whether she may change the visit: the unit all, a principal those of her schools."""
    hers = {register.today_of(one) for one in visitor.led_schools}
    return visitor.may(Deed.PLAN_VISITS) or (
        visitor.may(Deed.TELL_OF_VISITS) and any(visit.is_of(one) for one in hers)
    )


def carry_out(register: Register, plan: Plan, visitor: Visitor, writer: Writer) -> SubmissionId:
    """Write what the plan says. NotPermitted unless every visit in it is hers to change, NotReady where
    something stands in the way."""
    for deed in plan.writes:
        known = _visit_of(register, deed.key[0]) if isinstance(deed, RowChange) else None
        only_told = known is not None and isinstance(deed, RowChange) and deed.new.keys() <= set(EDITABLE)
        if known is None or not only_told:
            visitor.must(Deed.PLAN_VISITS)
        elif not may_edit(register, visitor, known):
            raise NotPermitted("Du kan bara ändra besök som din egen skola är med i.")
    if plan.obstacles:
        raise NotReady(plan.obstacles[0])
    return writer.submit(plan.writes, visitor.signature, plan.event, plan.id)


def _visit_of(register: Register, id_: Cell) -> Visit | None:
    table = register.tables[VISITS].columns
    if id_ not in table["Besök"]:
        return None
    year = table["Läsår"][list(table["Besök"]).index(id_)]
    return next((one for one in visits_of(register, year) if one.id == id_), None)
