"""The register: all tables of all spreadsheets as typed values, with everything that was wrong in them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from services.domain.access import Permission
from services.domain.plan import Action
from services.domain.process import Application, Certificate
from services.domain.question import Area, Question
from services.domain.round import Round, SchoolRound, Withheld
from services.domain.rules import Criterion
from services.domain.school import School, SchoolCode
from services.errors import UnknownChoice
from services.tables.answers import Answers
from services.tables.parse import TypedTable
from services.tables.problems import Problem
from services.tables.references import final_successor

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Register:
    """Everything the sheets say, at one moment; read-only, shared by all visitors.

    Mappings are in the order of the sheets; `answers` and `participation` are by round; `successors`
    leads from a school to the one that replaced it. `published_questions` are the questions of rounds that
    were frozen when they were published, `withheld` the schools that differ too little since. `tables` are
    the typed tables themselves; `problems` what could not be used of them.
    """

    areas: tuple[Area, ...]
    questions: tuple[Question, ...]
    schools: Mapping[SchoolCode, School]
    criteria: Mapping[str, tuple[Criterion, ...]]
    rounds: Mapping[str, Round]
    school_rounds: Mapping[str, Mapping[SchoolCode, SchoolRound]]
    applications: tuple[Application, ...]
    certificates: tuple[Certificate, ...]
    actions: tuple[Action, ...]
    permissions: tuple[Permission, ...]
    settings: Mapping[str, str]
    successors: Mapping[str, str]
    tables: Mapping[str, TypedTable]
    answers: Mapping[str, Answers] = field(default_factory=dict)
    participation: Mapping[str, Mapping[SchoolCode, int]] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    published_questions: Mapping[str, tuple[Question, ...]] = field(default_factory=dict)
    withheld: tuple[Withheld, ...] = ()

    def round(self, name: str) -> Round:
        """The round of this name. UnknownChoice if there is none."""
        if name not in self.rounds:
            known = ", ".join(self.rounds) or "ingen"
            raise UnknownChoice(f"Omgången {name} finns inte. De som finns: {known}.")
        return self.rounds[name]

    def rules(self, version: str | None) -> tuple[Criterion, ...]:
        """The criteria of a rules version. UnknownChoice if there are none: nobody qualifies by nothing."""
        criteria = self.criteria.get(version or "", ())
        if not criteria:
            raise UnknownChoice(f"Regelversionen {version or '(tom)'} har inga kriterier i bladet Regler.")
        return criteria

    def questions_in(self, round_name: str) -> tuple[Question, ...]:
        """The questions asked in a round, in the order of the question bank."""
        if round_name in self.published_questions:
            return self.published_questions[round_name]
        return tuple(question for question in self.questions if question.asked_in(round_name))

    def school_name(self, code: SchoolCode) -> str:
        """The school's name, or its code where it has none."""
        school = self.schools.get(code)
        return school.name if school and school.name else code

    def today_of(self, code: SchoolCode) -> SchoolCode:
        """The code of the school that this school is today, through any chain of successors."""
        return SchoolCode(final_successor(code, self.successors))


def once_per_register(
    derive: Callable[Concatenate[Register, P], R],
) -> Callable[Concatenate[Register, P], R]:
    """Derive something from a register once for each set of arguments, as long as that register lives."""
    derived: WeakKeyDictionary[Register, dict[Any, R]] = WeakKeyDictionary()

    @wraps(derive)
    def remembered(register: Register, /, *args: P.args, **kwargs: P.kwargs) -> R:
        known = derived.setdefault(register, {})
        key = (args, tuple(sorted(kwargs.items())))
        if key not in known:
            known[key] = derive(register, *args, **kwargs)
        return known[key]

    return remembered


def permissions_of(register: Register, email: str) -> tuple[Permission, ...]:
    """The rows of Behörigheter for an e-mail address in lower case, whether they hold today or not."""
    return _permissions_by_address(register).get(email, ())


@once_per_register
def _permissions_by_address(register: Register) -> Mapping[str, tuple[Permission, ...]]:
    found: dict[str, list[Permission]] = {}
    for one in register.permissions:
        found.setdefault(one.email, []).append(one)
    return {email: tuple(rows) for email, rows in found.items()}
