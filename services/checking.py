"""Everything wrong in the sheets: what could not be read, and what contradicts something else."""

from collections.abc import Iterator, Sequence

from services.application_checks import applications_in_disorder
from services.award_checks import awards_in_disorder
from services.domain.round import Round
from services.register import Register, once_per_register
from services.results import count_answers
from services.session_checks import sessions_in_disorder
from services.tables.problems import Problem, Rule
from services.tables.references import cycles


@once_per_register
def all_problems(register: Register) -> tuple[Problem, ...]:
    """Every problem, in the order of spreadsheets, sheets and rows."""
    found = [
        *register.problems,
        *_successor_cycles(register),
        *_rounds_out_of_order(register),
        *_more_answers_than_staff(register),
        *_visits_to_oneself(register),
        *sessions_in_disorder(register),
        *applications_in_disorder(register),
        *awards_in_disorder(register),
    ]
    sheets = {place: number for number, place in enumerate(dict.fromkeys(map(_sheet_of, found)))}
    return tuple(sorted(found, key=lambda one: (sheets[_sheet_of(one)], *_cell_of(one))))


def _sheet_of(problem: Problem) -> tuple[str, str]:
    return problem.spreadsheet, problem.sheet


def _cell_of(problem: Problem) -> tuple[int, int, str]:
    column = problem.column or ""
    return problem.row or 0, len(column), column


def _successor_cycles(register: Register) -> Iterator[Problem]:
    schools = register.tables["Skolor"]
    turning = cycles(register.successors)
    for index, code in enumerate(schools.columns["Skolenhetskod"]):
        if code in turning:
            advice = "Skolan ersätts till slut av sig själv. Rätta Ersatt av så att kedjan slutar i en skola."
            yield schools.problem(index, "Ersatt av", Rule.REFERENCE_CYCLE, advice)


def _rounds_out_of_order(register: Register) -> Iterator[Problem]:
    table = register.tables["Omgångar"]
    rounds = [register.rounds[name] for name in table.columns["Omgång"]]
    for index, round_ in enumerate(rounds):
        if round_.opens is None or round_.closes is None:
            continue
        if round_.closes < round_.opens:
            advice = "Omgången stänger innan den öppnar. Rätta ett av datumen."
            yield table.problem(index, "Stänger", Rule.OUT_OF_RANGE, advice)
            continue
        before = next((one for one in _in_time(rounds) if _begins_before(one, round_, rounds)), None)
        if before is not None:
            advice = f"Omgången överlappar omgång {before.name}. Ändra datumen så att bara en är öppen."
            yield table.problem(index, "Öppnar", Rule.OVERLAPPING_ROUNDS, advice)


def _in_time(rounds: Sequence[Round]) -> Iterator[Round]:
    for round_ in rounds:
        if round_.opens is not None and round_.closes is not None and round_.opens <= round_.closes:
            yield round_


def _begins_before(one: Round, other: Round, rounds: Sequence[Round]) -> bool:
    """Whether `one` overlaps `other` and is the first of the two, by date and then by row."""
    if one is other or one.opens is None or one.closes is None or other.opens is None:
        return False
    starts_first = (one.opens, rounds.index(one)) < (other.opens, rounds.index(other))
    return starts_first and other.opens <= one.closes


def _more_answers_than_staff(register: Register) -> Iterator[Problem]:
    table = register.tables["Skolans omgång"]
    rows = {
        (round_name, school): index
        for index, (round_name, school) in enumerate(
            zip(table.columns["Omgång"], table.columns["Skolenhetskod"], strict=True)
        )
    }
    for name, round_ in register.rounds.items():
        if not round_.has_answers:
            continue
        parts = register.school_rounds.get(name, {})
        counted = count_answers(register.answers.get(name), parts, register.questions_in(name))
        for school, n in zip(counted.schools, counted.answers, strict=True):
            staff = parts[school].staff
            if staff is not None and n > staff:
                advice = f"Skolan har {n} svar men bara {staff} anställda. Rätta Personal."
                yield table.problem(rows[name, school], "Personal", Rule.MORE_ANSWERS_THAN_STAFF, advice)


def _visits_to_oneself(register: Register) -> Iterator[Problem]:
    table = register.tables["Verksamhetsbesök"]
    schools = zip(table.columns["Värdskola"], table.columns["Besökande skola"], strict=True)
    for index, (host, guest) in enumerate(schools):
        if host is not None and host == guest:
            advice = "Skolan kan inte besöka sig själv. Ändra Värdskola eller Besökande skola."
            yield table.problem(index, "Besökande skola", Rule.OUT_OF_RANGE, advice)
