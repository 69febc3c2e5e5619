"""Applications to a process year: sent by a principal, decided by the unit, withdrawn by either."""

import datetime as dt
import re
from collections.abc import Mapping

from services.certifying import verdicts
from services.comparing import published_rounds
from services.conducting import Plan
from services.days import day_in_words
from services.domain.access import Deed, Visitor
from services.domain.process import Application, ApplicationStatus
from services.domain.rules import Status, Verdict
from services.domain.school import SchoolCode
from services.errors import NotPermitted, NotReady, UnknownChoice
from services.grounds import grounds
from services.register import Register
from services.tables.sheet import Cell
from services.writing.deeds import NewRow, RowChange, SubmissionId, new_id
from services.writing.writer import Writer

APPLICATIONS = "Ansökningar"
MEETS_ALL = "Skolan uppfyller alla kriterier."
_YEAR = re.compile(r"(\d{4})-(\d{4})")


def applied_for(register: Register, visitor: Visitor) -> tuple[Application, ...]:
    """The applications that she may see: of the schools that she may open."""
    return tuple(
        one
        for one in register.applications
        if visitor.may_open_school(one.school) or visitor.may_open_school(register.today_of(one.school))
    )


def is_school_year(text: str) -> bool:
    """Whether it is a läsår as it is written: 2021-2022."""
    found = _YEAR.fullmatch(text)
    return found is not None and int(found[2]) == int(found[1]) + 1


def years_to_apply_for(today: dt.date) -> tuple[str, ...]:
    """The läsår that can be applied for: the next to begin, and until Christmas the one under way."""
    under_way = (f"{today.year}-{today.year + 1}",)
    return under_way if today.month < 8 else (*under_way, f"{today.year + 1}-{today.year + 2}")


def verdict_of(register: Register, round_name: str, school: SchoolCode) -> Verdict | None:
    """The verdict of a school in a published round, under any code it had then; None where there is none."""
    if round_name not in published_rounds(register):
        return None
    here = register.today_of(school)
    try:
        found = verdicts(register, round_name)
    except UnknownChoice:
        return None
    return next((one for one in found if register.today_of(one.school) == here), None)


def round_to_apply_from(register: Register) -> str | None:
    """The latest published round: what an application stands on."""
    return next(reversed(published_rounds(register)), None)


# --- The principal ------------------------------------------------------------------------------------


def application(register: Register, school: SchoolCode, year: str, motivation: str, today: dt.date) -> Plan:
    """Apply for a school to a läsår, after the latest published round."""
    round_name = round_to_apply_from(register) or ""
    row: dict[str, Cell] = {
        "Ansökan": new_id(),
        "Omgång": round_name or None,
        "Skolenhetskod": school,
        "Läsår": year,
        "Inskickad": today,
        "Motivering": motivation.strip() or None,
        "Status": ApplicationStatus.SENT.value,
    }
    does = f"{register.school_name(school)} söker till läsåret {year}. Enheten beslutar."
    return Plan(
        "Ansökan inskickad",
        (does,),
        (NewRow(APPLICATIONS, row),),
        _why_not(register, round_name, school, year, motivation),
    )


def _why_not(
    register: Register, round_name: str, school: SchoolCode, year: str, motivation: str
) -> tuple[str, ...]:
    name = register.school_name(school)
    if not round_name:
        return ("Ingen omgång är publicerad än, så det finns inget att söka på.",)
    if not is_school_year(year):
        return ("Skriv läsåret som två år i följd, till exempel 2021-2022.",)
    if live_application(register, school, year) is not None:
        return (f"{name} har redan sökt till läsåret {year}.",)
    verdict = verdict_of(register, round_name, school)
    status = verdict.status if verdict is not None else Status.NO_BASIS
    if status is Status.NEAR and not motivation.strip():
        return (f"{name} är nära men uppfyller inte alla kriterier. Skriv varför ni ändå söker.",)
    if status is Status.NO_BASIS:
        return (f"{name} har inget underlag i omgång {round_name}, så skolan kan inte söka.",)
    if status is Status.NOT_YET:
        return (f"{name} uppfyller inte kriterierna i omgång {round_name}, så skolan kan inte söka än.",)
    return ()


def live_application(register: Register, school: SchoolCode, year: str) -> Application | None:
    """The school's application to the läsår that is neither refused nor withdrawn."""
    here = register.today_of(school)
    mine = (one for one in register.applications if register.today_of(one.school) == here)
    return next((one for one in mine if one.school_year == year and one.is_live), None)


def withdrawal(register: Register, seen: Application) -> Plan:
    """Take an application back."""
    obstacles = () if seen.is_live else ("Ansökan är redan avgjord, så den kan inte tas tillbaka.",)
    deed = RowChange(
        APPLICATIONS,
        (seen.id,),
        {"Status": seen.status.value if seen.status else None},
        {"Status": ApplicationStatus.WITHDRAWN.value},
    )
    does = (
        f"Ansökan från {register.school_name(seen.school)} till läsåret {seen.school_year} är tillbakatagen."
    )
    return Plan("Ansökan återtagen", (does,), (deed,), obstacles)


# --- The unit -----------------------------------------------------------------------------------------


def ruling(
    register: Register, seen: Application, what: ApplicationStatus, reasons: str, day: dt.date
) -> Plan:
    """Admit or refuse a school, dated, with reasons and what they stood on."""
    name = register.school_name(seen.school)
    verdict = verdict_of(register, seen.round, seen.school)
    given = reasons.strip()
    if not given and what is ApplicationStatus.ADMITTED and verdict and verdict.status is Status.MET:
        given = MEETS_ALL
    new: dict[str, Cell] = {
        "Status": what.value,
        "Beslutsdatum": day,
        "Beslutsmotivering": _with_grounds(register, seen.round, given),
    }
    before: dict[str, Cell] = {
        "Status": seen.status.value if seen.status else None,
        "Beslutsdatum": seen.decided,
        "Beslutsmotivering": seen.reasons or None,
    }
    verb = "antagen till" if what is ApplicationStatus.ADMITTED else "inte antagen till"
    does = f"{name} är {verb} läsåret {seen.school_year}, beslut {day_in_words(day)}."
    deed = RowChange(APPLICATIONS, (seen.id,), before, new)
    return Plan("Beslut om ansökan", (does,), (deed,), _why_not_ruled(seen, what, given, day))


def _why_not_ruled(seen: Application, what: ApplicationStatus, given: str, day: dt.date) -> tuple[str, ...]:
    found = []
    if what not in (ApplicationStatus.ADMITTED, ApplicationStatus.REFUSED):
        found.append("Välj Antagen eller Avslagen.")
    if seen.status is ApplicationStatus.WITHDRAWN:
        found.append("Skolan har tagit tillbaka sin ansökan, så det finns inget att besluta om.")
    if seen.sent is not None and day < seen.sent:
        found.append(f"Beslutet kan inte vara före ansökan, som kom {day_in_words(seen.sent)}.")
    if not given:
        found.append("Skriv varför. Skolans rektor läser motiveringen.")
    return tuple(found)


def _with_grounds(register: Register, round_name: str, given: str) -> str | None:
    if round_name in register.rounds and round_name in register.answers:
        return grounds(register, round_name).below(given)
    return given or None


# --- Carrying out -------------------------------------------------------------------------------------


def carry_out(register: Register, plan: Plan, visitor: Visitor, writer: Writer) -> SubmissionId:
    """Write what the plan says.

    NotPermitted where it is not hers to do, NotReady where something stands in the way.
    """
    for deed in plan.writes:
        if isinstance(deed, NewRow):
            _must_apply(register, visitor, SchoolCode(str(deed.values["Skolenhetskod"])))
        elif not (visitor.may(Deed.RULE_ON_APPLICATIONS) or _is_hers(register, visitor, deed)):
            raise NotPermitted("Du kan bara ändra ansökningar från en skola som du leder.")
    if plan.obstacles:
        raise NotReady(plan.obstacles[0])
    for deed in plan.writes:  # somebody may have applied meanwhile
        if isinstance(deed, NewRow) and _is_doubled(register, deed.values):
            raise NotReady("Skolan har redan sökt till läsåret.")
    return writer.submit(plan.writes, visitor.signature, plan.event, plan.id)


def may_apply(register: Register, visitor: Visitor, school: SchoolCode) -> bool:
    """Whether she may apply for this school: she leads it, or what it has become."""
    return visitor.may(Deed.APPLY) and register.today_of(school) in visitor.led_schools


def _must_apply(register: Register, visitor: Visitor, school: SchoolCode) -> None:
    if not may_apply(register, visitor, school):
        raise NotPermitted("Bara skolans rektor kan söka. Fråga Digitaliseringsenheten.")


def _is_hers(register: Register, visitor: Visitor, deed: RowChange) -> bool:
    """Whether a principal may: withdraw, and take back what she did; what the unit decides is not hers."""
    one = next((one for one in register.applications if one.id == deed.key[0]), None)
    if one is None or not may_apply(register, visitor, one.school):
        return False
    withdrawn = ApplicationStatus.WITHDRAWN.value
    if deed.new.keys() == {"Status"}:
        return withdrawn in (deed.new["Status"], deed.seen.get("Status"))
    takes_back = all(value is None for value in deed.new.values())
    return takes_back and deed.seen.get("Status") == ApplicationStatus.SENT.value


def _is_doubled(register: Register, values: Mapping[str, Cell]) -> bool:
    school, year = SchoolCode(str(values["Skolenhetskod"])), str(values["Läsår"])
    return live_application(register, school, year) is not None
