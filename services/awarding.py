"""Certification: the unit's decision after the sixth session, renewed and revoked, each with its reasons."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from services.comparing import published_rounds
from services.conducting import Plan
from services.days import day_in_words
from services.domain.access import Deed, Visitor
from services.domain.process import Certificate, Decision
from services.domain.school import SchoolCode
from services.errors import NotReady
from services.grounds import grounds
from services.register import Register
from services.tables.sheet import Cell
from services.visiting import schools_of
from services.writing.deeds import NewRow, RowChange, SubmissionId, new_id
from services.writing.writer import Writer
from services.year_facts import session_days

CERTIFICATES = "Certifikat"
LAST_SESSION = 6
YEARS = "Certifikat gäller år"
"""The setting that says how long a certificate is valid."""
VALID = (Decision.CERTIFIED, Decision.RENEWED)
EDITABLE = ("Datum", "Giltigt till", "Motivering", "Diarienummer")


@dataclass(frozen=True, slots=True)
class Award:
    """What the unit has decided of a school, when, why, and where it is filed."""

    decision: Decision
    date: dt.date | None
    reasons: str
    record: str = ""


def last_session(register: Register, year: str) -> dt.date | None:
    """The day of the sixth session of a läsår."""
    return session_days(register, year).get(LAST_SESSION)


def undecided(register: Register, year: str) -> tuple[SchoolCode, ...]:
    """The schools of a läsår of which nothing is decided yet, by name."""
    decided = {register.today_of(one.school) for one in register.certificates if one.school_year == year}
    return tuple(code for code in schools_of(register, year) if code not in decided)


def decision(register: Register, year: str, school: SchoolCode, award: Award, today: dt.date) -> Plan:
    """Certify a school after the sixth session of its läsår, or decide that it is not certified yet."""
    name = register.school_name(school)
    obstacles = [*_not_in_the_year(register, year, school), *_too_early(register, year, award.date, today)]
    does = {
        Decision.CERTIFIED: f"{name} är certifierad",
        Decision.NOT_CERTIFIED: f"{name} är inte certifierad efter läsåret {year}",
    }.get(award.decision)
    if does is None:
        obstacles.append("Välj Certifierad eller Ej certifierad.")
    return _plan(register, school, year, award, does or "", obstacles)


def renewal(register: Register, school: SchoolCode, award: Award, today: dt.date) -> Plan:
    """Renew a school's certificate."""
    obstacles = _of_the_certified(register, school, award.date, today)
    year = school_year_of(award.date or today)
    return _plan(
        register, school, year, award, f"{register.school_name(school)} är certifierad på nytt", obstacles
    )


def revocation(register: Register, school: SchoolCode, award: Award, today: dt.date) -> Plan:
    """Take a school's certificate back."""
    obstacles = _of_the_certified(register, school, award.date, today)
    latest = latest_of(register, school)
    year = latest.school_year if latest else school_year_of(today)
    does = f"Certifikatet för {register.school_name(school)} är återkallat"
    return _plan(register, school, year, award, does, obstacles)


def _plan(
    register: Register, school: SchoolCode, year: str, award: Award, does: str, obstacles: list[str]
) -> Plan:
    until = None
    if award.decision in VALID and award.date is not None:
        years = years_valid(register)
        if years is None:
            obstacles = [*obstacles, f"Skriv ett helt antal år i {YEARS} i Inställningar."]
        else:
            until = years_after(award.date, years)
            does += f" till och med {day_in_words(until)}"
    if not award.reasons.strip():
        obstacles = [*obstacles, "Skriv varför. Skolan läser motiveringen."]
    row: dict[str, Cell] = {
        "Certifikat": new_id(),
        "Skolenhetskod": school,
        "Läsår": year,
        "Beslut": award.decision.value,
        "Datum": award.date,
        "Giltigt till": until,
        "Motivering": _with_grounds(register, school, award.reasons),
        "Diarienummer": award.record.strip() or None,
    }
    return Plan("Beslut om certifikat", (f"{does}.",), (NewRow(CERTIFICATES, row),), tuple(obstacles))


def _with_grounds(register: Register, school: SchoolCode, reasons: str) -> str:
    """The reasons with what they stood on: the latest published round that the school took part in."""
    for name in reversed(published_rounds(register)):
        for code in register.school_rounds.get(name, {}):
            if register.today_of(code) == school:
                return grounds(register, name).below(reasons)
    return reasons.strip()


def _not_in_the_year(register: Register, year: str, school: SchoolCode) -> list[str]:
    name = register.school_name(school)
    if school not in schools_of(register, year):
        return [f"{name} är inte antagen till läsåret {year}."]
    if school not in undecided(register, year):
        return [f"{name} har redan ett beslut för läsåret {year}. Ändra det i stället."]
    return []


def _too_early(register: Register, year: str, day: dt.date | None, today: dt.date) -> list[str]:
    last = last_session(register, year)
    if last is None:
        return ["Lärtillfälle 6, certifieringen, har inget datum än. Sätt det först."]
    if day is not None and day < last:
        return [f"Beslutet kan inte vara före lärtillfälle 6, som är {day_in_words(last)}. Ändra dagen."]
    return _wrong_day(day, today)


def _wrong_day(day: dt.date | None, today: dt.date) -> list[str]:
    if day is None:
        return ["Välj dagen för beslutet."]
    return ["Dagen för beslutet har inte varit än. Välj en annan dag."] if day > today else []


def _of_the_certified(
    register: Register, school: SchoolCode, day: dt.date | None, today: dt.date
) -> list[str]:
    latest = latest_of(register, school)
    if latest is None or latest.decision not in VALID:
        return [f"{register.school_name(school)} har inget certifikat som gäller."]
    if day is not None and latest.date is not None and day < latest.date:
        return [f"Dagen är före det senaste beslutet, {day_in_words(latest.date)}. Välj en annan dag."]
    return _wrong_day(day, today)


def latest_of(register: Register, school: SchoolCode) -> Certificate | None:
    """The latest decision about a school, under any code it has had; the lowest row of a day counts."""
    here = register.today_of(school)
    mine = [one for one in register.certificates if register.today_of(one.school) == here]
    return max(reversed(mine), key=lambda one: one.date or dt.date.min, default=None)


def years_valid(register: Register) -> int | None:
    """How many years a new certificate is valid, as the settings say; None where they don't."""
    told = register.settings.get(YEARS, "").strip()
    return int(told) if told.isdecimal() and 0 < int(told) <= 50 else None


def years_after(day: dt.date, years: int) -> dt.date:
    """The same day so many years later; after 29 February the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def school_year_of(day: dt.date) -> str:
    """The läsår of a day, from August to July: 2021-2022."""
    first = day.year if day.month >= 8 else day.year - 1
    return f"{first}-{first + 1}"


# --- Correcting -------------------------------------------------------------------------------------


def change(register: Register, id_: str, seen: Mapping[str, Cell], new: Mapping[str, Cell]) -> Plan:
    """Change the day, the last day, the reasons or the record of a decision as it was seen."""
    changed = {header: value for header, value in new.items() if seen.get(header) != value}
    after = {**seen, **changed}
    obstacles = _faults_of(register, id_, after)
    if not changed:
        obstacles = ["Inget är ändrat. Ändra något, eller avbryt."]
    deed = RowChange(CERTIFICATES, (id_,), {header: seen.get(header) for header in changed}, changed)
    return Plan("Beslut om certifikat ändrat", ("Beslutet är ändrat.",), (deed,), tuple(obstacles))


def _faults_of(register: Register, id_: str, after: Mapping[str, Cell]) -> list[str]:
    day, until = after.get("Datum"), after.get("Giltigt till")
    found = []
    if not isinstance(day, dt.date):
        found.append("Välj dagen för beslutet.")
    elif isinstance(until, dt.date) and until < day:
        found.append("Certifikatet kan inte sluta gälla före beslutet. Ändra en av dagarna.")
    certificate = next((one for one in register.certificates if one.id == id_), None)
    if certificate is None:
        found.append("Beslutet finns inte längre i kalkylbladet.")
    elif isinstance(day, dt.date) and certificate.decision is Decision.CERTIFIED:
        last = last_session(register, certificate.school_year)
        if last is not None and day < last:
            found.append(f"Beslutet kan inte vara före lärtillfälle 6, som är {day_in_words(last)}.")
    return found


def carry_out(register: Register, plan: Plan, visitor: Visitor, writer: Writer) -> SubmissionId:
    """Write what the plan says.

    NotPermitted unless she may certify, NotReady where something stands in the way.
    """
    visitor.must(Deed.CERTIFY)
    if plan.obstacles:
        raise NotReady(plan.obstacles[0])
    for deed in plan.writes:  # somebody may have decided meanwhile
        if isinstance(deed, NewRow) and deed.values["Beslut"] in ("Certifierad", "Ej certifierad"):
            school, year = SchoolCode(str(deed.values["Skolenhetskod"])), str(deed.values["Läsår"])
            if obstacles := _not_in_the_year(register, year, school):
                raise NotReady(obstacles[0])
    return writer.submit(plan.writes, visitor.signature, plan.event, plan.id)
