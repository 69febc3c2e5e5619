"""Visits as tables."""

from collections.abc import Sequence

import pandas as pd

from pages.components import words
from services.domain.school import SchoolCode
from services.domain.visit import GAPS, Match, Visit
from services.register import Register


def by_school(register: Register, schools: Sequence[SchoolCode], matches: Sequence[Match]) -> pd.DataFrame:
    rows = []
    for code in schools:
        row = {"Skola": register.school_name(code)}
        for gap in GAPS:
            mine = [one for one in matches if one.after == gap and code in one.pair]
            row[f"Efter {gap}"] = ", ".join(_role(register, one, code) for one in mine) or words.NOTHING
        row["Värd"] = words.whole(sum(one.host == code for one in matches))
        row["På besök"] = words.whole(sum(one.guest == code for one in matches))
        rows.append(row)
    return pd.DataFrame(rows)


def _role(register: Register, match: Match, school: SchoolCode) -> str:
    if match.host == school:
        return f"tar emot {register.school_name(match.guest)}"
    return f"besöker {register.school_name(match.host)}"


def visit_table(register: Register, found: Sequence[Visit]) -> pd.DataFrame:
    """A row a visit."""
    return pd.DataFrame(
        [
            {
                "Efter tillfälle": words.whole(one.after),
                "Värd": school_named(register, one.host),
                "På besök": school_named(register, one.guest),
                "Datum": words.date(one.date),
                "Fokus": area_named(register, one.focus),
                "Status": one.status.value if one.status else words.NOTHING,
            }
            for one in found
        ]
    )


def school_named(register: Register, code: SchoolCode | None) -> str:
    """A school by name; a dash where there is none."""
    return words.NOTHING if code is None else register.school_name(code)


def area_named(register: Register, number: int | None) -> str:
    """An area by number and name."""
    found = next((one for one in register.areas if one.number == number), None)
    return f"{found.number} {found.name}" if found else words.NOTHING
