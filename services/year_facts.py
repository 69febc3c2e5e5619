"""What a school has done in a process year: sessions attended, contributions shared, visits."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from services.domain.school import SchoolCode
from services.domain.visit import VisitStatus
from services.register import Register, once_per_register
from services.visiting import SESSIONS, schools_of, visits_of

ATTENDANCE, CONTRIBUTIONS = "Närvaro", "Underlag"
TOLD = ("Utmaningar", "Målbild", "Aktiviteter", "Lärdomar", "Länk")
"""What a contribution may hold; a row with nothing of it is none."""


@dataclass(frozen=True, slots=True)
class YearFacts:
    """One school in one läsår: numbers of sessions, and of visits that have taken place."""

    school: SchoolCode
    attended: frozenset[int]
    counted: frozenset[int]
    """The sessions for which somebody has noted how many came from the school, none included."""
    contributed: frozenset[int]
    hosted: int
    visited: int


@once_per_register
def facts_of_year(register: Register, year: str) -> Mapping[SchoolCode, YearFacts]:
    """Each school of the läsår, by name."""
    schools = schools_of(register, year)
    noted = [(code, row["Nr"], row["Antal"]) for code, row in _rows(register, ATTENDANCE, year)]
    shared = [
        (code, row["Nr"])
        for code, row in _rows(register, CONTRIBUTIONS, year)
        if any(row[header] for header in TOLD)
    ]
    held = [one for one in visits_of(register, year) if one.status is VisitStatus.HELD and one.counts]
    return {
        code: YearFacts(
            code,
            frozenset(number for of, number, count in noted if of == code and count),
            frozenset(number for of, number, count in noted if of == code and count is not None),
            frozenset(number for of, number in shared if of == code),
            sum(one.host == code for one in held),
            sum(one.guest == code for one in held),
        )
        for code in schools
    }


def _rows(register: Register, name: str, year: str) -> Iterator[tuple[SchoolCode, Mapping[str, Any]]]:
    table = register.tables[name].columns
    for values in zip(*table.values(), strict=True):
        row = dict(zip(table, values, strict=True))
        if row["Läsår"] == year and row["Nr"] is not None and row["Skolenhetskod"]:
            yield register.today_of(SchoolCode(row["Skolenhetskod"])), row


@once_per_register
def session_days(register: Register, year: str) -> Mapping[int, dt.date]:
    """The days of a läsår's sessions, those that have one."""
    table = register.tables[SESSIONS].columns
    rows = zip(table["Läsår"], table["Nr"], table["Datum"], strict=True)
    return {number: day for name, number, day in rows if name == year and number and day is not None}


def school_years(register: Register) -> tuple[str, ...]:
    """The läsår that have sessions or admitted schools, the latest first."""
    found = {year for year in register.tables[SESSIONS].columns["Läsår"] if year}
    found |= {one.school_year for one in register.applications if schools_of(register, one.school_year)}
    return tuple(sorted(found, reverse=True))
