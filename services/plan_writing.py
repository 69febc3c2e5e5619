"""A principal writes the action plan of her school: adds an action, changes one, follows one up."""

from collections.abc import Mapping

from services.conducting import Plan
from services.domain.access import Deed, Visitor
from services.domain.plan import Action, ActionStatus
from services.domain.school import SchoolCode
from services.errors import NotPermitted, NotReady
from services.register import Register
from services.tables.sheet import Cell
from services.writing.deeds import NewRow, RowChange, SubmissionId, new_id
from services.writing.writer import Writer

ACTIONS = "Handlingsplan"
TEXTS = ("Mål", "Aktivitet", "Ansvarig roll", "Uppföljning")
LONGEST = 10_000
"""Characters in one text: more is nothing written but something pasted by mistake."""


def values_of(action: Action) -> dict[str, Cell]:
    """The cells of an action that can be changed, as they were seen."""
    return {
        "Delområde": action.area,
        "Fråga": action.question,
        "Mål": action.goal or None,
        "Aktivitet": action.activity or None,
        "Ansvarig roll": action.responsible or None,
        "Klart senast": action.due,
        "Status": action.status.value if action.status else None,
        "Uppföljning": action.follow_up or None,
    }


def addition(register: Register, school: SchoolCode, round_name: str, new: Mapping[str, Cell]) -> Plan:
    """Add an action to a school's plan, from a round."""
    values: dict[str, Cell] = {"Status": ActionStatus.PLANNED.value, **new}
    row: dict[str, Cell] = {"Insats": new_id(), "Omgång": round_name, "Skolenhetskod": school, **values}
    return Plan(
        "Insats tillagd", ("Insatsen är tillagd.",), (NewRow(ACTIONS, row),), _faults(register, values)
    )


def change(register: Register, seen: Action, new: Mapping[str, Cell]) -> Plan:
    """Change what differs from what was seen; what somebody else has written meanwhile is a conflict."""
    before = values_of(seen)
    changed = {header: value for header, value in new.items() if before.get(header) != value}
    obstacles = _faults(register, {**before, **changed})
    if not changed:
        obstacles = ("Inget är ändrat. Ändra något, eller avbryt.",)
    deed = RowChange(ACTIONS, (seen.id,), {header: before[header] for header in changed}, changed)
    return Plan("Insats ändrad", ("Insatsen är ändrad.",), (deed,), obstacles)


def _faults(register: Register, values: Mapping[str, Cell]) -> tuple[str, ...]:
    found = []
    if not values.get("Mål"):
        found.append("Skriv ett mål: vad ska vara annorlunda efteråt?")
    if not values.get("Aktivitet"):
        found.append("Skriv en aktivitet: vad gör ni?")
    if values.get("Delområde") not in {area.number for area in register.areas}:
        found.append("Välj ett delområde.")
    if values.get("Status") not in {one.value for one in ActionStatus}:
        found.append("Välj en status.")
    areas = {question.id: question.area for question in register.questions}
    question = values.get("Fråga")
    if question is not None and areas.get(str(question)) != values.get("Delområde"):
        found.append("Frågan hör till ett annat delområde. Välj en fråga i delområdet, eller ingen.")
    if any(len(str(values.get(header) or "")) > LONGEST for header in TEXTS):
        found.append("Texten är längre än 10 000 tecken. Korta den.")
    return tuple(found)


def may_write(register: Register, visitor: Visitor, school: SchoolCode) -> bool:
    """Whether the plan is hers to write: she leads the school, or what it has become."""
    return visitor.may(Deed.WRITE_ACTIONS) and register.today_of(school) in visitor.led_schools


def carry_out(register: Register, plan: Plan, visitor: Visitor, writer: Writer) -> SubmissionId:
    """Write what the plan says.

    NotPermitted where it is not the plan of a school of hers, NotReady where something stands in the way.
    """
    visitor.must(Deed.WRITE_ACTIONS)
    schools = {one.id: one.school for one in register.actions}
    for deed in plan.writes:
        school = schools.get(str(deed.key[0])) if isinstance(deed, RowChange) else _code(deed)
        if school is None or not may_write(register, visitor, school):
            raise NotPermitted("Du kan bara skriva i handlingsplanen för en skola som du leder.")
    if plan.obstacles:
        raise NotReady(plan.obstacles[0])
    return writer.submit(plan.writes, visitor.signature, plan.event, plan.id)


def _code(deed: NewRow) -> SchoolCode:
    return SchoolCode(str(deed.values["Skolenhetskod"]))
