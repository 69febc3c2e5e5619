"""Applications that somebody has written by hand and that can't be right."""

from collections.abc import Iterator

from services.applying import APPLICATIONS, is_school_year, verdict_of
from services.domain.process import ApplicationStatus
from services.domain.rules import Status
from services.register import Register
from services.tables.problems import Problem, Rule


def applications_in_disorder(register: Register) -> Iterator[Problem]:
    """A läsår that is none, a school that applies twice or can't yet, a decision before the application."""
    table = register.tables[APPLICATIONS]
    seen: set[tuple[str, str]] = set()
    for index, one in enumerate(register.applications):
        if one.school_year and not is_school_year(one.school_year):
            advice = "Läsåret ska vara två år i följd, till exempel 2021-2022. Rätta Läsår."
            yield table.problem(index, "Läsår", Rule.OUT_OF_RANGE, advice)
        if one.sent is not None and one.decided is not None and one.decided < one.sent:
            advice = "Beslutet är före ansökan. Rätta ett av datumen."
            yield table.problem(index, "Beslutsdatum", Rule.OUT_OF_RANGE, advice)
        if not one.is_live or not one.school:
            continue
        key = register.today_of(one.school), one.school_year
        if key in seen:
            advice = (
                f"Skolan har redan en ansökan till läsåret {one.school_year}. Ta bort eller ändra en av dem."
            )
            yield table.problem(index, "Skolenhetskod", Rule.DUPLICATE_KEY, advice)
        seen.add(key)
        if one.status is ApplicationStatus.SENT:
            yield from _not_a_candidate(register, index)


def _not_a_candidate(register: Register, index: int) -> Iterator[Problem]:
    """What is sent in without a basis; what is decided already, the unit has seen."""
    table, one = register.tables[APPLICATIONS], register.applications[index]
    verdict = verdict_of(register, one.round, one.school)
    if verdict is None:
        return
    if verdict.status in (Status.NOT_YET, Status.NO_BASIS):
        advice = (
            f"Skolan uppfyller inte kriterierna i omgång {one.round}, så den kan inte söka. Rätta "
            "Skolenhetskod eller Omgång, eller avslå ansökan."
        )
        yield table.problem(index, "Skolenhetskod", Rule.OUT_OF_RANGE, advice)
    elif verdict.status is Status.NEAR and not one.motivation.strip():
        advice = "Skolan är nära men uppfyller inte alla kriterier. Be rektor skriva en motivering."
        yield table.problem(index, "Motivering", Rule.OUT_OF_RANGE, advice)
