"""What the staff of a school are told came of their answers: the published summary, and the school's plan."""

from dataclasses import dataclass

from services.comparing import published_rounds
from services.domain.access import Visitor
from services.domain.plan import Action
from services.domain.question import Area
from services.domain.school import SchoolCode
from services.errors import NotPermitted
from services.planning import actions_of
from services.publishing import round_figures
from services.register import Register


@dataclass(frozen=True, slots=True)
class AreaTold:
    """An area and the school's level in it."""

    area: Area
    level: float


@dataclass(frozen=True, slots=True)
class Summary:
    """A school in the latest published round that it took part in; `round` is "" where there is none.

    Where so few have answered that the school is not shown, nothing is told of the answers but that.
    """

    school: SchoolCode
    name: str
    actions: tuple[Action, ...]
    round: str = ""
    least: int = 0
    is_shown: bool = False
    answers: int | None = None
    staff: int | None = None
    areas: tuple[AreaTold, ...] = ()

    @property
    def response_rate(self) -> float | None:
        """The share of the staff that answered."""
        return self.answers / self.staff if self.answers is not None and self.staff else None

    @property
    def strongest(self) -> AreaTold | None:
        """The area with the highest level; the first of several."""
        return max(self.areas, key=lambda one: one.level, default=None)

    @property
    def weakest(self) -> AreaTold | None:
        """The area with the lowest level; the first of several."""
        return min(self.areas, key=lambda one: one.level, default=None)


def summaries(register: Register, visitor: Visitor) -> tuple[Summary, ...]:
    """What she is told of the schools that she works at, by name."""
    codes = sorted(visitor.worked_schools & register.schools.keys())
    found = [summary(register, visitor, code) for code in codes]
    return tuple(sorted(found, key=lambda one: (one.name.casefold(), one.school)))


def summary(register: Register, visitor: Visitor, school: SchoolCode) -> Summary:
    """What the staff of one school are told. NotPermitted to anybody else."""
    if school not in visitor.worked_schools:
        raise NotPermitted("Du har inte behörighet till den skolan. Välj en av dina egna.")
    name, actions = register.school_name(school), _actions(register, visitor, school)
    took_part = [one for one in published_rounds(register) if school in register.school_rounds.get(one, {})]
    if not took_part:
        return Summary(school, name, actions)
    latest = took_part[-1]
    figures, least = round_figures(register, latest), register.round(latest).least_answers
    own = figures.school(school)
    if own is None or not own.shown:
        return Summary(school, name, actions, latest, least)
    told = tuple(
        AreaTold(area, figure.level)
        for area in figures.areas
        if (figure := own.area(area.number)) is not None and figure.level is not None
    )
    return Summary(school, name, actions, latest, least, True, own.n, own.staff, told)


def _actions(register: Register, visitor: Visitor, school: SchoolCode) -> tuple[Action, ...]:
    """The school's actions; those of another code only where that school has become this one."""
    is_of_today = register.today_of(school) == school
    return tuple(
        one for one in actions_of(register, school) if is_of_today or one.school in visitor.worked_schools
    )
