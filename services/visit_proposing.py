"""A proposal of who visits whom in a process year, from what the schools may learn of each other."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from services.comparing import published_rounds
from services.conducting import Plan
from services.domain.access import Deed, Visitor
from services.domain.figures import RoundFigures
from services.domain.school import SchoolCode
from services.domain.visit import GAPS, VisitStatus
from services.errors import NotReady
from services.publishing import round_figures
from services.register import Register
from services.visit_schedule import Question, Schedule, best_schedule
from services.visiting import VISITS, row_of, schools_of, visits_of
from services.writing.deeds import NewRow

MOST_SCHOOLS = 12
"""With more the best schedule takes too long to find."""


@dataclass(frozen=True, slots=True)
class Strengths:
    """The schools' levels by area in the latest published round, where they may be shown."""

    levels: Mapping[SchoolCode, Mapping[int, float]]

    def best(self, host: SchoolCode, guest: SchoolCode) -> tuple[float, int | None]:
        """How far the host is over the guest where it is most, in levels, and in which area."""
        own, others = self.levels.get(host, {}), self.levels.get(guest, {})
        apart = [(own[area] - others[area], area) for area in sorted(own.keys() & others.keys())]
        most, area = max(apart, key=lambda pair: (pair[0], -pair[1]), default=(0.0, None))
        return (most, area) if most > 0 else (0.0, None)

    def learning(self, host: SchoolCode, guest: SchoolCode) -> float:
        """The same without the area."""
        return self.best(host, guest)[0]


def strengths(register: Register) -> Strengths:
    """What the latest published round says of each school, under today's codes."""
    rounds = published_rounds(register)
    if not rounds:
        return Strengths({})
    return Strengths(_levels(register, round_figures(register, rounds[-1])))


def _levels(register: Register, figures: RoundFigures) -> dict[SchoolCode, dict[int, float]]:
    return {
        register.today_of(one.school): {
            figure.area: figure.level for figure in one.areas if figure.level is not None
        }
        for one in figures.schools
        if one.shown
    }


@dataclass(frozen=True, slots=True)
class Proposal:
    """A schedule for the gaps that are left, and how good it is in words."""

    year: str
    asked: Question
    schedule: Schedule

    @property
    def told(self) -> tuple[str, ...]:
        """How even it is, whether anybody meets twice, and whether it could be better."""
        worth = self.schedule.worth
        even = (
            "Alla skolor är värd ungefär lika ofta, och på besök ungefär lika ofta: det skiljer högst ett."
            if not worth.uneven
            else "Besöken går inte att fördela helt jämnt, med dem som redan finns och när skolorna kan."
        )
        again = (
            "Ingen träffar samma skola två gånger."
            if not worth.repeated
            else "Några skolor träffas mer än en gång, men så sent det går och så få gånger det går."
        )
        near = (
            "Ingen annan fördelning ger skolorna mer att lära av varandra."
            if self.schedule.is_best
            else f"En annan fördelning kan ge högst {self.schedule.gap * 100:.0f} procent mer att lära."
        )
        return even, again, near


def propose(
    register: Register,
    visitor: Visitor,
    year: str,
    gaps: Iterable[int],
    unable: Iterable[tuple[SchoolCode, int]],
) -> Proposal:
    """A schedule for these gaps around the visits that stand. NotReady where there is nobody to visit."""
    visitor.must(Deed.PLAN_VISITS)
    schools = schools_of(register, year)
    if len(schools) < 2:
        raise NotReady(f"Det behövs minst två antagna skolor läsåret {year} för att planera besök.")
    if len(schools) > MOST_SCHOOLS:
        raise NotReady(
            f"Förslag går att få för högst {MOST_SCHOOLS} skolor, och läsåret {year} har {len(schools)}. "
            "Lägg till besöken ett och ett."
        )
    standing = tuple(one.match for one in visits_of(register, year) if one.counts and one.match)
    known = tuple(one for one in standing if one.pair <= set(schools))
    asked = Question(schools, tuple(gap for gap in GAPS if gap in set(gaps)), frozenset(unable), known)
    found = strengths(register)
    schedule = best_schedule(asked, found.learning)
    told = tuple(replace(one, focus=found.best(one.host, one.guest)[1]) for one in schedule.matches)
    return Proposal(year, asked, replace(schedule, matches=told))


def adoption(register: Register, proposal: Proposal) -> Plan:
    """Add the visits of a proposal as planned; nothing that stands is touched."""
    rows = [
        NewRow(VISITS, row_of(proposal.year, one) | {"Status": VisitStatus.PLANNED.value})
        for one in proposal.schedule.matches
    ]
    does = f"{len(rows)} planerade besök läggs till läsåret {proposal.year}. Du kan ändra dem ett och ett."
    obstacles = _moved_on(register, proposal)
    if not rows:
        obstacles = ("Det finns inga fler besök att lägga till.",)
    return Plan("Besök planerade", (does,), tuple(rows), obstacles)


def _moved_on(register: Register, proposal: Proposal) -> tuple[str, ...]:
    """Whether visits have come since the proposal was made, for which it leaves no room."""
    standing = {one.match for one in visits_of(register, proposal.year) if one.counts}
    if standing - {None} <= set(proposal.asked.standing):
        return ()
    return ("Besöken har ändrats sedan förslaget gjordes. Gör ett nytt förslag.",)
