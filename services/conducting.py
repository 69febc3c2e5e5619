"""What the unit does with a round: prepare, open, extend, close and publish it.

Each deed is first a Plan that says in words what it will do and what stands in the way; nothing is written
before it is carried out, and then as one submission.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from services.answering.keys import RoundSecrets
from services.days import day_in_words
from services.domain.access import Deed, Visitor
from services.domain.round import LEAST_ANSWERS_FLOOR, Round, RoundStatus
from services.domain.school import SchoolCode, SchoolStatus
from services.errors import NotReady
from services.frozen_rounds import FrozenRounds
from services.participation import answered_by_school
from services.publishing import LEAST_FOR_QUESTIONS
from services.register import Register
from services.round_obstacles import (
    answered_already,
    closed_before,
    latest_round,
    nothing_to_ask,
    still_answering,
    without_staff,
    wrong_dates,
    wrong_name,
    wrong_status,
)
from services.tables.schema import load_schema
from services.tables.sheet import Cell
from services.writing.deeds import Deed as WritingDeed
from services.writing.deeds import NewRow, RowChange, SubmissionId, new_id
from services.writing.writer import Writer

ROUNDS, PARTS = "Omgångar", "Skolans omgång"


@dataclass(frozen=True, slots=True)
class Plan:
    """A deed as it will be done: its name for the log, what it does in words, and what it writes.

    Where there are `obstacles` it can't be done before they are dealt with; `warnings` only want a look.
    `is_final` marks what can't be taken back. However often a plan is carried out, it is done once: `id`.
    """

    event: str
    does: tuple[str, ...]
    writes: tuple[WritingDeed, ...] = ()
    obstacles: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    is_final: bool = False
    id: str = field(default_factory=new_id, compare=False)

    def is_same_as(self, other: "Plan") -> bool:
        """Whether it does and writes the same, and nothing stands in the way that did not before."""
        mine, others = ((one.does, one.writes, one.obstacles) for one in (self, other))
        return mine == others

    def turned_back(self) -> "Plan":
        """The plan that puts back what this one wrote, unless somebody has changed it since."""
        does = "Det som stod i kalkylbladet före läggs tillbaka."
        return Plan(f"{self.event}, ångrat", (does,), tuple(_turned_back(one) for one in self.writes))


def preparation(register: Register, name: str, opens: dt.date, closes: dt.date) -> Plan:
    """A new round with the questions that are asked then, the latest round's rules, and today's schools.

    The staff of each school is what Skolor says, or else what the school had in the latest round.
    """
    latest = latest_round(register)
    staff = _staff_today(register, latest)
    row = _new_round(register, latest) | {"Omgång": name, "Öppnar": opens, "Stänger": closes}
    parts = [
        NewRow(PARTS, {"Omgång": name, "Skolenhetskod": code, "Personal": count})
        for code, count in staff.items()
        if count is not None
    ]
    unknown = [register.school_name(code) for code, count in staff.items() if count is None]
    version = row["Regelversion"]
    return Plan(
        "Omgång förberedd",
        (
            f"Omgång {name} läggs till som planerad, {_days(opens, closes)}.",
            f"Den bedöms med regelversion {version or '(saknas)'}, och en skola behöver minst "
            f"{row['Minsta antal svar']} svar för att visas.",
            f"{len(register.questions_in(name))} frågor ställs: de i Frågor som inte har slutat tidigare.",
            f"{len(parts)} aktiva skolor är med, med det antal anställda som står i Skolor.",
            "Inget öppnas. Ni kan ändra allt det här ända tills ni öppnar omgången.",
        ),
        (NewRow(ROUNDS, row), *parts),
        (
            *wrong_name(register, name),
            *wrong_dates(opens, closes),
            *([] if version else ["Det finns inga regler än. Lägg till kriterier i Regler."]),
            *nothing_to_ask(register, name),
            *([] if parts else ["Ingen aktiv skola har ett antal anställda. Fyll i Personal i Skolor."]),
        ),
        tuple(f"{school} saknar antal anställda och får ingen rad. Fyll i Skolor." for school in unknown),
    )


def opening(register: Register, name: str, today: dt.date, secrets: RoundSecrets) -> Plan:
    """Open a planned round; from then on its rules, its questions and its least number stay as they are."""
    round_ = register.round(name)
    parts = register.school_rounds.get(name, {})
    obstacles = [
        *wrong_status(round_, RoundStatus.PLANNED),
        *closed_before(round_, secrets),
        *wrong_dates(round_.opens, round_.closes),
        *nothing_to_ask(register, name),
    ]
    if round_.closes is not None and round_.closes < today:
        obstacles.append("Omgångens sista dag är passerad. Ändra Stänger i Omgångar först.")
    if not register.criteria.get(round_.rules_version or ""):
        obstacles.append(f"Regelversionen {round_.rules_version or '(tom)'} har inga kriterier i Regler.")
    others = [one.name for one in register.rounds.values() if one.status is RoundStatus.OPEN]
    obstacles += [f"Omgång {other} är redan öppen. Stäng den först." for other in others]
    if not parts:
        obstacles.append(f"Ingen skola har en rad i {PARTS} för omgång {name}.")
    return Plan(
        "Omgång öppnad",
        (
            f"Personalen på {len(parts)} skolor kan svara, {_days(round_.opens, round_.closes)}.",
            "Regler, frågor och minsta antal svar låses.",
            "Plats för svaren ordnas i kalkylbladen.",
            "Inga resultat visas för någon förrän omgången är publicerad.",
        ),
        (_status_change(round_, RoundStatus.OPEN),),
        tuple(obstacles),
        (*answered_already(register, name, secrets), *without_staff(register, name)),
        is_final=True,
    )


def extension(register: Register, name: str, school: SchoolCode, until: dt.date, today: dt.date) -> Plan:
    """Let one school answer for longer, while the round is open."""
    round_ = register.round(name)
    part = register.school_rounds.get(name, {}).get(school)
    if part is None:
        raise NotReady(f"{register.school_name(school)} är inte med i omgång {name}.")
    obstacles = [*wrong_status(round_, RoundStatus.OPEN)]
    if round_.closes is not None and until <= round_.closes:
        obstacles.append("Den nya sista dagen ska vara efter omgångens egen.")
    if until < today:
        obstacles.append("Den nya sista dagen är redan passerad.")
    if until == part.extended_to:
        obstacles.append("Skolan har redan den sista dagen.")
    change = RowChange(PARTS, (name, school), {"Förlängd till": part.extended_to}, {"Förlängd till": until})
    does = (
        f"{register.school_name(school)} kan svara till och med {day_in_words(until)}.",
        "För andra skolor ändras inget. Omgången stängs när ni stänger den, så vänta in skolan.",
    )
    return Plan("Omgång förlängd för en skola", does, (change,), tuple(obstacles))


def closure(register: Register, name: str, today: dt.date) -> Plan:
    """Close a round: what `services.closing` does step by step, and what to look at before."""
    round_ = register.round(name)
    obstacles = [] if round_.status is RoundStatus.CLOSED else wrong_status(round_, RoundStatus.OPEN)
    answered = register.participation.get(name, {})
    few = sum(answered.get(code, 0) < round_.least_answers for code in register.school_rounds.get(name, {}))
    return Plan(
        "Omgång stängd",
        (
            "Ingen kan svara längre, och ingen kan ändra sitt svar.",
            f"Svaren skrivs utan nycklar och i blandad ordning i svar-{name}, och läses tillbaka.",
            "Omgångens hemlighet förstörs och inkorgen töms. Sedan kan ingen ta reda på vem som svarat vad.",
            "Inget resultat visas än. Det gör ni när ni publicerar.",
        ),
        obstacles=tuple(obstacles),
        warnings=(
            *still_answering(register, round_, today),
            *(
                [f"{_schools(few)} färre än {round_.least_answers} svar och kommer inte att visas."]
                * bool(few)
            ),
        ),
        is_final=True,
    )


def publication(register: Register, name: str) -> Plan:
    """Let results be seen; from then on the round is frozen."""
    round_ = register.round(name)
    obstacles = [*wrong_status(round_, RoundStatus.CLOSED)]
    answers = register.answers.get(name)
    if answers is None or not len(answers.rows):
        obstacles.append(f"Det finns inga svar i svar-{name}. Stäng omgången i appen först.")
    least, counts = round_.least_answers, answered_by_school(register, name).values()
    few = sum(count < least for count in counts)
    shown = len(counts) - few
    some = sum(least <= count < LEAST_FOR_QUESTIONS for count in counts)
    return Plan(
        "Omgång publicerad",
        (
            f"{shown} {'skola' if shown == 1 else 'skolor'} visas, för sin rektor, enheten och "
            "förvaltningsledningen. Personalen får se en sammanfattning för sin skola.",
            f"{_schools(few)} färre än {least} svar. {'Den' if few == 1 else 'De'} visas inte och räknas "
            "inte med i stadens nivåer.",
            *([f"{_schools(some)} färre än {LEAST_FOR_QUESTIONS} svar och visas utan frågor."] * bool(some)),
            "Omgången fryses: det som visas ändras inte av enstaka sena ändringar.",
        ),
        (_status_change(round_, RoundStatus.PUBLISHED),),
        tuple(obstacles),
        is_final=True,
    )


def carry_out(plan: Plan, visitor: Visitor, writer: Writer) -> SubmissionId:
    """Do what the plan says. NotReady where something stands in the way."""
    visitor.must(Deed.RUN_ROUNDS)
    if plan.obstacles:
        raise NotReady(plan.obstacles[0])
    return writer.submit(plan.writes, visitor.signature, plan.event, plan.id)


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


def _turned_back(deed: WritingDeed) -> RowChange:
    """A new row is turned back by blanking all its cells, if nobody has written more in it."""
    if isinstance(deed, RowChange):
        return RowChange(deed.sheet, deed.key, deed.new, deed.seen, deed.spreadsheet)
    table = load_schema().table(deed.sheet)
    seen = {column.header: deed.values.get(column.header) for column in table.columns}
    key = tuple(deed.values[column.header] for column in table.keys)
    return RowChange(deed.sheet, key, seen, dict.fromkeys(seen), deed.spreadsheet)


def _schools(count: int) -> str:
    return f"{count or 'Ingen'} {'skola' if count <= 1 else 'skolor'} har"


def _new_round(register: Register, latest: Round | None) -> dict[str, Cell]:
    """What a round begins with: the latest one's rules, and before the first the newest there are."""
    version = latest.rules_version if latest is not None else None
    return {
        "Status": RoundStatus.PLANNED.value,
        "Regelversion": version or max(register.criteria, default=None),
        "Minsta antal svar": latest.least_answers if latest else LEAST_ANSWERS_FLOOR,
        "Svarsform": "App",
    }


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


def _days(first: dt.date | None, last: dt.date | None) -> str:
    if first is None or last is None:
        return "men första eller sista dag saknas"
    return f"från {day_in_words(first)} till och med {day_in_words(last)}"
