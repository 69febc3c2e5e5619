"""What a school has done in a process year: sessions attended, contributions shared, visits."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from services.attending import attendance_of
from services.contributing import contributions_of
from services.domain.school import SchoolCode
from services.domain.visit import VisitStatus
from services.learning_sessions import sessions_of
from services.register import Register, once_per_register
from services.visiting import SESSIONS, schools_of, visits_of


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
    noted = attendance_of(register, year)
    shared = [
        (register.today_of(one.school), one.number)
        for one in contributions_of(register, year)
        if not one.is_empty
    ]
    held = [one for one in visits_of(register, year) if one.status is VisitStatus.HELD and one.counts]
    return {
        code: YearFacts(
            code,
            frozenset(number for (number, of), one in noted.items() if of == code and one.count),
            frozenset(number for (number, of), one in noted.items() if of == code and one.count is not None),
            frozenset(number for of, number in shared if of == code),
            sum(one.host == code for one in held),
            sum(one.guest == code for one in held),
        )
        for code in schools
    }


@once_per_register
def session_days(register: Register, year: str) -> Mapping[int, dt.date]:
    """The days of a läsår's sessions, those that have one."""
    return {one.number: one.day for one in sessions_of(register, year) if one.day is not None}


def school_years(register: Register) -> tuple[str, ...]:
    """The läsår that have sessions or admitted schools, the latest first."""
    found = {year for year in register.tables[SESSIONS].columns["Läsår"] if year}
    found |= {one.school_year for one in register.applications if schools_of(register, one.school_year)}
    return tuple(sorted(found, reverse=True))
