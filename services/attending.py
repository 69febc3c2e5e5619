"""Närvaro: how many came from each school to a learning session, noted by the unit."""

from collections.abc import Mapping

from services.conducting import Plan
from services.domain.access import Deed, Visitor
from services.domain.learning_session import NUMBERS, Attendance
from services.domain.school import SchoolCode
from services.errors import NotReady
from services.register import Register, once_per_register
from services.tables.sheet import Cell
from services.visiting import schools_of
from services.writing.deeds import NewRow, RowChange, SubmissionId
from services.writing.writer import Writer

ATTENDANCE = "Närvaro"
MOST = 500
"""More than this from one school is a slip of the hand."""


@once_per_register
def attendance_of(register: Register, year: str) -> Mapping[tuple[int, SchoolCode], Attendance]:
    """What is noted of a läsår, by session and today's code."""
    table = register.tables[ATTENDANCE].columns
    found: dict[tuple[int, SchoolCode], Attendance] = {}
    for values in zip(*table.values(), strict=True):
        row = dict(zip(table, values, strict=True))
        if row["Läsår"] == year and row["Nr"] is not None and row["Skolenhetskod"]:
            code = SchoolCode(row["Skolenhetskod"])
            one = Attendance(year, row["Nr"], code, row["Antal"], row["Anteckning"] or "")
            found.setdefault((row["Nr"], register.today_of(code)), one)
    return found


def noting(
    register: Register,
    year: str,
    number: int,
    counts: Mapping[SchoolCode, int | None],
    seen: Mapping[SchoolCode, Attendance],
) -> Plan:
    """Note how many came, for the schools where it differs from what was seen."""
    writes: list[NewRow | RowChange] = []
    for code, count in counts.items():
        one = seen.get(code)
        if (one.count if one else None) == count:
            continue
        if one is not None:
            deed = RowChange(ATTENDANCE, (year, number, one.school), {"Antal": one.count}, {"Antal": count})
            writes.append(deed)
        else:
            keys: dict[str, Cell] = {"Läsår": year, "Nr": number, "Skolenhetskod": code}
            writes.append(NewRow(ATTENDANCE, {**keys, "Antal": count}))
    obstacles = [] if writes else ["Inget är ändrat. Skriv hur många som kom, eller avbryt."]
    if any(count is not None and not 0 <= count <= MOST for count in counts.values()):
        obstacles.append(f"Skriv ett antal mellan 0 och {MOST}.")
    strangers = [code for code in counts if code not in schools_of(register, year)]
    obstacles += [f"{register.school_name(code)} är inte antagen till läsåret {year}." for code in strangers]
    if number not in NUMBERS:
        obstacles.append("Lärtillfällena är 1 till 6.")
    does = f"Närvaron vid lärtillfälle {number} är noterad."
    return Plan("Närvaro noterad", (does,), tuple(writes), tuple(obstacles))


def carry_out(register: Register, plan: Plan, visitor: Visitor, writer: Writer) -> SubmissionId:
    """Write what the plan says.

    NotPermitted for others than the unit, NotReady where something stands in the way.
    """
    del register
    visitor.must(Deed.PLAN_SESSIONS)
    if plan.obstacles:
        raise NotReady(plan.obstacles[0])
    return writer.submit(plan.writes, visitor.signature, plan.event, plan.id)
