"""Underlag: what the schools of a läsår share with each other for a learning session."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from services.conducting import Plan
from services.domain.access import Deed, Visitor
from services.domain.learning_session import NUMBERS, Contribution
from services.domain.school import SchoolCode
from services.errors import NotPermitted, NotReady
from services.register import Register, once_per_register
from services.tables.sheet import Cell
from services.visiting import may_follow_year, schools_of
from services.writing.deeds import NewRow, RowChange, SubmissionId
from services.writing.writer import Writer

CONTRIBUTIONS = "Underlag"
TEXTS = ("Utmaningar", "Målbild", "Aktiviteter", "Lärdomar")
LINK = "Länk"
_KEYS = ("Läsår", "Nr", "Skolenhetskod")
LONGEST = 10_000


@once_per_register
def contributions_of(register: Register, year: str) -> tuple[Contribution, ...]:
    """The rows of a läsår in the order of the sheet, schools under the codes they have there."""
    table = register.tables[CONTRIBUTIONS].columns
    rows = [dict(zip(table, values, strict=True)) for values in zip(*table.values(), strict=True)]
    return tuple(
        Contribution(
            year,
            row["Nr"],
            SchoolCode(row["Skolenhetskod"]),
            challenges=row["Utmaningar"] or "",
            vision=row["Målbild"] or "",
            activities=row["Aktiviteter"] or "",
            lessons=row["Lärdomar"] or "",
            link=row[LINK] or "",
        )
        for row in rows
        if row["Läsår"] == year and row["Nr"] is not None and row["Skolenhetskod"]
    )


def contributions_for(
    register: Register, visitor: Visitor, year: str, number: int
) -> tuple[Contribution, ...]:
    """What is shared for a session, by school: for the schools of the läsår and the unit alone."""
    if not may_follow_year(register, visitor, year):
        raise NotPermitted("Underlagen är för de skolor som är med i läsåret.")
    found = [one for one in contributions_of(register, year) if one.number == number and not one.is_empty]
    return tuple(sorted(found, key=lambda one: register.school_name(one.school).casefold()))


def contribution_of(register: Register, year: str, number: int, school: SchoolCode) -> Contribution:
    """What a school shares for a session: an empty one where it has no row yet."""
    here = register.today_of(school)
    mine = (one for one in contributions_of(register, year) if one.number == number)
    found = next((one for one in mine if register.today_of(one.school) == here), None)
    return found or Contribution(year, number, school)


def schools_to_write_for(register: Register, visitor: Visitor, year: str) -> tuple[SchoolCode, ...]:
    """The schools of the läsår for which she may write: her own, or all for the unit."""
    return tuple(code for code in schools_of(register, year) if _may_write(register, visitor, year, code))


def _may_write(register: Register, visitor: Visitor, year: str, school: SchoolCode) -> bool:
    here = register.today_of(school)
    if here not in schools_of(register, year) or not visitor.may(Deed.CONTRIBUTE):
        return False
    return visitor.may(Deed.PLAN_SESSIONS) or here in {register.today_of(one) for one in visitor.led_schools}


def values_of(one: Contribution) -> dict[str, Cell]:
    """The cells of a contribution, as they were seen."""
    texts = (one.challenges, one.vision, one.activities, one.lessons, one.link)
    return {header: text or None for header, text in zip((*TEXTS, LINK), texts, strict=True)}


def sharing(register: Register, seen: Contribution, new: Mapping[str, Cell]) -> Plan:
    """Share what differs from what was seen; what somebody else has written meanwhile is a conflict."""
    before = values_of(seen)
    changed = {header: value for header, value in new.items() if before.get(header) != value}
    obstacles = [*_faults({**before, **changed})]
    if not changed:
        obstacles = ["Inget är ändrat. Ändra något, eller avbryt."]
    key = (seen.year, seen.number, seen.school)
    deed: NewRow | RowChange
    if _has_row(register, seen):
        deed = RowChange(CONTRIBUTIONS, key, {header: before[header] for header in changed}, changed)
    else:
        keys: dict[str, Cell] = dict(zip(_KEYS, key, strict=True))
        deed = NewRow(CONTRIBUTIONS, {**keys, **changed})
    name = register.school_name(seen.school)
    does = f"Underlaget från {name} till lärtillfälle {seen.number} är delat med skolorna i läsåret."
    return Plan("Underlag delat", (does,), (deed,), tuple(obstacles))


def _has_row(register: Register, seen: Contribution) -> bool:
    return any(
        (one.number, one.school) == (seen.number, seen.school)
        for one in contributions_of(register, seen.year)
    )


def _faults(after: Mapping[str, Cell]) -> list[str]:
    found = []
    if any(len(str(after.get(header) or "")) > LONGEST for header in TEXTS):
        found.append("Texten är längre än 10 000 tecken. Korta den.")
    link = str(after.get(LINK) or "")
    if link and not _is_web_address(link):
        found.append("Länken ska börja med https:// eller http://.")
    return found


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not any(map(str.isspace, text))


def carry_out(register: Register, plan: Plan, visitor: Visitor, writer: Writer) -> SubmissionId:
    """Write what the plan says.

    NotPermitted where it is not hers to write, NotReady where something stands in the way.
    """
    for deed in plan.writes:
        key = deed.key if isinstance(deed, RowChange) else tuple(map(deed.values.get, _KEYS))
        year, number, school = str(key[0]), key[1], SchoolCode(str(key[2]))
        if number not in NUMBERS or not _may_write(register, visitor, year, school):
            raise NotPermitted(
                "Du kan bara dela underlag för en skola som du leder och som är med i läsåret."
            )
    if plan.obstacles:
        raise NotReady(plan.obstacles[0])
    return writer.submit(plan.writes, visitor.signature, plan.event, plan.id)
