"""Schools' action plans: what they have decided, what they might, and whether it made a difference."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from services.comparing import area_comparisons, published_rounds, question_changes, roots_of
from services.domain.access import Deed, Visitor
from services.domain.plan import Action
from services.domain.question import LEVEL_LABELS, Area, Question
from services.domain.school import SchoolCode
from services.errors import NotPermitted
from services.profile import Profile
from services.register import Register
from services.statistics import Change, told_changes

MOST_PROPOSED = 3
"""Of each kind: more is no choice but a list."""


def actions_of(register: Register, school: SchoolCode) -> tuple[Action, ...]:
    """A school's actions, those of its earlier codes too, in the order of the sheet."""
    here = register.today_of(school)
    return tuple(action for action in register.actions if register.today_of(action.school) == here)


def plan_of(register: Register, visitor: Visitor, school: SchoolCode) -> tuple[Action, ...]:
    """The actions of a school that the visitor may see: those of an earlier code only if it is hers too.

    NotPermitted if the school is not hers to see.
    """
    if not visitor.may_open_school(school):
        raise NotPermitted("Du har inte behörighet till den skolan. Välj en av dina egna.")
    all_hers = visitor.may_open_school(register.today_of(school))
    return tuple(
        one for one in actions_of(register, school) if all_hers or visitor.may_open_school(one.school)
    )


# --- What might be done ------------------------------------------------------------------------------


class Why(StrEnum):
    """Why an action is proposed."""

    WEAKEST_AREA = "Skolans svagaste delområde"
    WEAKEST_QUESTION = "En av skolans svagaste frågor"
    DISAGREEMENT = "Här går svaren isär"


@dataclass(frozen=True, slots=True)
class ProposedAction:
    """An action that a school might decide on, with words to begin from."""

    why: Why
    area: Area
    question: Question | None
    goal: str
    activity: str

    @property
    def about(self) -> str:
        """What it is about, in words."""
        if self.question is not None:
            return f"{self.question.id} {self.question.statement}"
        return f"{self.area.number} {self.area.name}"


def proposed_actions(register: Register, found: Profile, round_name: str) -> tuple[ProposedAction, ...]:
    """What a school might do, from what may be shown of it: its weakest, and where colleagues disagree.

    What it already works with in that round is left out.
    """
    areas = {area.number: area for area in register.areas}
    mine = [one for one in actions_of(register, found.school) if one.round == round_name]
    taken = {one.question for one in mine if one.question}
    areas_taken = {one.area for one in mine}
    proposals = [
        *(one for one in _of_the_weakest_area(found) if one.area.number not in areas_taken),
        *(
            _of_question(Why.WEAKEST_QUESTION, areas[one.question.area], one.question, one.school.mean)
            for one in found.weakest(MOST_PROPOSED)
            if one.question.area in areas
        ),
        *(
            _of_question(Why.DISAGREEMENT, areas[one.question.area], one.question, one.school.mean)
            for one in found.disagreements(MOST_PROPOSED)
            if one.question.area in areas
        ),
    ]
    seen: set[tuple[int, str | None]] = set()
    kept = []
    for one in proposals:
        what = (one.area.number, one.question.id if one.question else None)
        if what not in seen and what[1] not in taken - {None}:
            seen.add(what)
            kept.append(one)
    return tuple(kept)


def _of_the_weakest_area(found: Profile) -> list[ProposedAction]:
    known = [one for one in found.areas if one.school.level is not None]
    if not known:
        return []
    area = min(known, key=lambda one: one.school.level or 0.0).area
    goal = f"Fler av oss är trygga i {area.name[:1].lower()}{area.name[1:]}."
    activity = "Arbetslagen väljer ett första steg i delområdet och följer upp det efter en termin."
    return [ProposedAction(Why.WEAKEST_AREA, area, None, goal, activity)]


def _of_question(why: Why, area: Area, question: Question, mean: float | None) -> ProposedAction:
    """The goal is what the next level looks like, in the question's own words."""
    next_level = min(len(LEVEL_LABELS), int((mean or 1.0) + 1e-9) + 1)
    goal = question.levels[next_level - 1] or question.statement
    activity = (
        "Vi talar igenom frågan på en APT: vad lägger var och en i nivåerna, och vem märker vad?"
        if why is Why.DISAGREEMENT
        else "Arbetslagen väljer ett första steg, prövar det under en termin och berättar för varandra."
    )
    return ProposedAction(why, area, question, goal, activity)


# --- Did it make a difference? -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Effect:
    """How what an action is about has moved until the next published round.

    `is_told` where it may be told as a change; otherwise the difference may be chance.
    """

    later: str
    change: Change
    is_told: bool


def effects(register: Register, school: SchoolCode, actions: Sequence[Action]) -> Mapping[str, Effect]:
    """By the id of each action that can be compared: the next round's change of what it is about.

    All of them are on one page, so that a change is told only if it survives among all their tests.
    """
    here = register.today_of(school)
    found = {one.id: pair for one in actions if (pair := _change_after(register, here, one)) is not None}
    # The same question beside two actions is one test.
    tests = {(later, id(change)): change for later, change in found.values()}
    told = dict(zip(tests, told_changes(list(tests.values())), strict=True))
    return {
        action: Effect(later, change, told[later, id(change)]) for action, (later, change) in found.items()
    }


def _change_after(register: Register, here: SchoolCode, action: Action) -> tuple[str, Change] | None:
    published = published_rounds(register)
    later = min((name for name in published if name > action.round), default=None)
    if later is None or action.round not in published:
        return None
    changes: Mapping[SchoolCode, Change] = {}
    if action.question is not None:
        roots = roots_of(register)
        root = roots.get(action.question)
        by_question = question_changes(register, action.round, later)
        changes = next((one for id_, one in by_question.items() if roots.get(id_) == root), {})
    else:
        compared = area_comparisons(register, action.round, later)
        changes = next((one.changes for one in compared if one.area == action.area), {})
    change = changes.get(here)
    return None if change is None else (later, change)


# --- What the schools work with ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class WorkedWith:
    """How many schools have an action in an area, and how many have one that is under way."""

    area: Area
    schools: int
    under_way: int


@dataclass(frozen=True, slots=True)
class QuestionWorkedWith:
    """A question, and how many schools have an action about it."""

    question: Question
    schools: int


def worked_with(register: Register, visitor: Visitor, round_name: str) -> tuple[WorkedWith, ...]:
    """How many schools work with what, area by area. NotPermitted for whoever may not see all plans."""
    visitor.must(Deed.OPEN_ALL_SCHOOLS)
    actions = [one for one in register.actions if one.round == round_name]
    return tuple(
        WorkedWith(
            area,
            _schools(register, [one for one in actions if one.area == area.number]),
            _schools(register, [one for one in actions if one.area == area.number and one.is_under_way]),
        )
        for area in register.areas
    )


def questions_worked_with(
    register: Register, visitor: Visitor, round_name: str
) -> tuple[QuestionWorkedWith, ...]:
    """The questions that schools have actions about, most schools first."""
    visitor.must(Deed.OPEN_ALL_SCHOOLS)
    pairs = {
        (one.question, register.today_of(one.school))
        for one in register.actions
        if one.round == round_name and one.question
    }
    counts = Counter(question for question, _ in pairs)
    questions = {one.id: one for one in register.questions}
    found = [QuestionWorkedWith(questions[id_], n) for id_, n in counts.items() if id_ in questions]
    return tuple(sorted(found, key=lambda one: (-one.schools, one.question.id)))


def schools_without_plan(register: Register, visitor: Visitor, round_name: str) -> tuple[SchoolCode, ...]:
    """The schools of a round without any action from it, by name."""
    visitor.must(Deed.OPEN_ALL_SCHOOLS)
    planning = {register.today_of(one.school) for one in register.actions if one.round == round_name}
    codes = register.school_rounds.get(round_name, {})
    found = [code for code in codes if register.today_of(code) not in planning]
    return tuple(sorted(found, key=lambda code: (register.school_name(code).casefold(), code)))


def _schools(register: Register, actions: Sequence[Action]) -> int:
    return len({register.today_of(one.school) for one in actions})
