"""What the unit does with a round before it is closed: prepare, open, extend, and publish it after.

Each deed is first a Plan that says in words what it will do and what stands in the way; nothing is written
before it is carried out, and then as one submission.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from services.answering.form import form_of
from services.answering.keys import RoundSecrets
from services.domain.access import Deed, Visitor
from services.domain.round import LEAST_ANSWERS_FLOOR, Round, RoundStatus
from services.domain.school import SchoolCode, SchoolStatus
from services.errors import NotReady
from services.frozen_rounds import FrozenRounds
from services.register import Register
from services.tables.sheet import Cell
from services.writing.deeds import Deed as WritingDeed
from services.writing.deeds import NewRow, RowChange, SubmissionId
from services.writing.writer import Writer

ROUNDS, PARTS = "Omgångar", "Skolans omgång"


@dataclass(frozen=True, slots=True)
class Plan:
    """A deed as it will be done: its name for the log, what it does in words, and what it writes.

    Where there are `obstacles` it can't be done before they are dealt with; `warnings` only want a look.
    """

    event: str
    does: tuple[str, ...]
    writes: tuple[WritingDeed, ...]
    obstacles: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def preparation(register: Register, name: str, opens: dt.date, closes: dt.date) -> Plan:
    """A new round with the questions that are asked then, the latest round's rules, and today's schools.

    The staff of each school is what Skolor says, or else what the school had in the latest round.
    """
    latest = _latest(register)
    staff = _staff_today(register, latest)
    obstacles = [*_wrong_dates(opens, closes)]
    if name in register.rounds:
        obstacles.append(f"Omgång {name} finns redan.")
    if not name.strip():
        obstacles.append("Omgången behöver ett namn, till exempel året.")
    if latest is None or latest.rules_version is None:
        obstacles.append("Det finns ingen tidigare omgång att ta regler från. Lägg till den i Omgångar.")
    unknown = [register.school_name(code) for code, count in staff.items() if count is None]
    version = latest.rules_version if latest else None
    least = latest.least_answers if latest else LEAST_ANSWERS_FLOOR
    row: dict[str, Cell] = {
        "Omgång": name,
        "Öppnar": opens,
        "Stänger": closes,
        "Status": RoundStatus.PLANNED.value,
        "Regelversion": version,
        "Minsta antal svar": least,
        "Svarsform": "App",
    }
    parts = [
        NewRow(PARTS, {"Omgång": name, "Skolenhetskod": code, "Personal": count})
        for code, count in staff.items()
        if count is not None
    ]
    asked = len(register.questions_in(name))
    return Plan(
        "Omgång förberedd",
        (
            f"Omgång {name} läggs till som planerad, med regelversion {version} och minst {least} svar.",
            f"{asked} frågor ställs. Frågor utan slutomgång följer med av sig själva.",
            f"{len(parts)} aktiva skolor får varsin rad i {PARTS}, med personalen från Skolor.",
        ),
        (NewRow(ROUNDS, row), *parts),
        tuple(obstacles),
        tuple(f"{school} saknar antal personal och får ingen rad. Fyll i Skolor." for school in unknown),
    )


def opening(register: Register, name: str, today: dt.date) -> Plan:
    """Open a planned round; from then on its rules, its questions and its least number stay as they are."""
    round_ = register.round(name)
    parts = register.school_rounds.get(name, {})
    obstacles = [
        *_wrong_status(round_, RoundStatus.PLANNED),
        *_wrong_dates(round_.opens, round_.closes),
        *_nothing_to_ask(register, name),
    ]
    if round_.closes is not None and round_.closes < today:
        obstacles.append("Omgångens sista dag är passerad. Ändra Stänger först.")
    if not register.criteria.get(round_.rules_version or ""):
        obstacles.append(f"Regelversionen {round_.rules_version or '(tom)'} har inga kriterier i Regler.")
    others = [one.name for one in register.rounds.values() if one.status is RoundStatus.OPEN]
    obstacles += [f"Omgång {other} är redan öppen. Stäng den först." for other in others]
    if not parts:
        obstacles.append(f"Ingen skola har en rad i {PARTS} för omgång {name}.")
    nobody = [register.school_name(code) for code, part in parts.items() if not part.staff]
    return Plan(
        "Omgång öppnad",
        (
            f"{len(parts)} skolors personal kan svara till och med {round_.closes}.",
            "Regler, frågor och minsta antal svar låses.",
            "Inga resultat visas för någon förrän omgången är publicerad.",
        ),
        (_status_change(round_, RoundStatus.OPEN),),
        tuple(obstacles),
        tuple(f"{school} saknar antal personal i {PARTS}." for school in nobody),
    )


def extension(register: Register, name: str, school: SchoolCode, until: dt.date, today: dt.date) -> Plan:
    """Let one school answer for longer, while the round is open."""
    round_ = register.round(name)
    part = register.school_rounds.get(name, {}).get(school)
    if part is None:
        raise NotReady(f"{register.school_name(school)} är inte med i omgång {name}.")
    obstacles = [*_wrong_status(round_, RoundStatus.OPEN)]
    if round_.closes is not None and until <= round_.closes:
        obstacles.append("Den nya sista dagen ska vara efter omgångens egen.")
    if until < today:
        obstacles.append("Den nya sista dagen är redan passerad.")
    change = RowChange(PARTS, (name, school), {"Förlängd till": part.extended_to}, {"Förlängd till": until})
    does = f"{register.school_name(school)} kan svara till och med {until}. För andra skolor ändras inget."
    return Plan("Omgång förlängd för en skola", (does,), (change,), tuple(obstacles))


def publication(register: Register, name: str) -> Plan:
    """Let results be seen; from then on the round is frozen."""
    round_ = register.round(name)
    obstacles = [*_wrong_status(round_, RoundStatus.CLOSED)]
    answers = register.answers.get(name)
    if answers is None or not len(answers.rows):
        obstacles.append(f"Det finns inga svar i svar-{name}. Stäng omgången i appen först.")
    return Plan(
        "Omgång publicerad",
        (
            "Varje skola med tillräckligt många svar visas, för rektor och för enheten.",
            f"Skolor med färre än {round_.least_answers} svar visas inte.",
            "Omgången fryses: det som visas ändras inte av enstaka sena ändringar.",
        ),
        (_status_change(round_, RoundStatus.PUBLISHED),),
        tuple(obstacles),
    )


def carry_out(plan: Plan, visitor: Visitor, writer: Writer, id_: str | None = None) -> SubmissionId:
    """Do what the plan says. NotReady where something stands in the way."""
    visitor.must(Deed.RUN_ROUNDS)
    if plan.obstacles:
        raise NotReady(plan.obstacles[0])
    return writer.submit(plan.writes, visitor.signature, plan.event, id_)


def open_up(plan: Plan, visitor: Visitor, writer: Writer, secrets: RoundSecrets, name: str) -> SubmissionId:
    """Open a round: its secret is there before anybody may answer."""
    visitor.must(Deed.RUN_ROUNDS)
    if not plan.obstacles:
        secrets.make(name)
    return carry_out(plan, visitor, writer)


def publish(
    plan: Plan, visitor: Visitor, writer: Writer, frozen: FrozenRounds, register: Register, name: str
) -> SubmissionId:
    """Publish a round: it is frozen as it stands before anybody may see it."""
    visitor.must(Deed.RUN_ROUNDS)
    if not plan.obstacles:
        frozen.hold(register, name)
    return carry_out(plan, visitor, writer)


def _latest(register: Register) -> Round | None:
    dated = [one for one in register.rounds.values() if one.opens is not None]
    return max(dated, key=lambda one: one.opens or dt.date.min, default=None)


def _staff_today(register: Register, latest: Round | None) -> Mapping[SchoolCode, int | None]:
    before = register.school_rounds.get(latest.name, {}) if latest else {}
    return {
        code: school.staff or (before[code].staff if code in before else None)
        for code, school in register.schools.items()
        if school.status is SchoolStatus.ACTIVE
    }


def _status_change(round_: Round, to: RoundStatus) -> RowChange:
    now = round_.status.value if round_.status else None
    # What the round was opened or published with is a condition: somebody may just have changed it.
    same = {"Regelversion": round_.rules_version, "Stänger": round_.closes}
    return RowChange(ROUNDS, (round_.name,), {"Status": now, **same}, {"Status": to.value, **same})


def _wrong_status(round_: Round, wanted: RoundStatus) -> list[str]:
    if round_.status is wanted:
        return []
    named = round_.status.value.lower() if round_.status else "utan status"
    return [f"Omgång {round_.name} är {named}, och ska vara {wanted.value.lower()} för det här."]


def _wrong_dates(opens: dt.date | None, closes: dt.date | None) -> list[str]:
    if opens is None or closes is None:
        return ["Omgången behöver både en första och en sista dag."]
    return ["Omgångens sista dag är före den första."] if closes < opens else []


def _nothing_to_ask(register: Register, name: str) -> list[str]:
    asked = {step.area.number for step in form_of(register, name).steps}
    return [
        f"Delområde {area.number} {area.name} har inga frågor i omgång {name}."
        for area in register.areas
        if area.number not in asked
    ]
