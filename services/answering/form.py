"""The form: the round's questions area by area, how far somebody has come, and what she may have written."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.answering.round_file import CANNOT_JUDGE, Levels
from services.domain.question import Area, Level, Question
from services.register import Register, once_per_register

CHOICES = (*(int(level) for level in Level), CANNOT_JUDGE)
"""What a question may be answered with."""


@dataclass(frozen=True, slots=True)
class Step:
    """One area of the form, with its questions in the order of the question bank."""

    area: Area
    questions: tuple[Question, ...]

    def answered(self, levels: Levels) -> int:
        """How many of its questions have been taken a stand on, "Kan inte bedöma" included."""
        return sum(question.id in levels for question in self.questions)

    def counts(self, levels: Levels) -> bool:
        """Whether enough of it is answered, at least half, for her to count in the area."""
        given = sum(levels.get(question.id, CANNOT_JUDGE) != CANNOT_JUDGE for question in self.questions)
        return 2 * given >= len(self.questions)


@dataclass(frozen=True, slots=True)
class Form:
    """What the staff are asked in a round."""

    steps: tuple[Step, ...]

    @property
    def questions(self) -> tuple[Question, ...]:
        """All questions, step by step."""
        return tuple(question for step in self.steps for question in step.questions)

    def valid(self, levels: Mapping[str, object]) -> dict[str, int]:
        """Those of the answers that are answers: what a browser sends may be anything."""
        known = {question.id for question in self.questions}
        return {
            id_: level
            for id_, level in levels.items()
            if id_ in known and isinstance(level, int) and not isinstance(level, bool) and level in CHOICES
        }

    def answered(self, levels: Levels) -> int:
        """How many questions have been taken a stand on."""
        return sum(step.answered(levels) for step in self.steps)

    def is_empty(self, levels: Levels) -> bool:
        """Whether there is no level at all: such an answer would not count."""
        return not any(levels.get(question.id, CANNOT_JUDGE) != CANNOT_JUDGE for question in self.questions)

    def first_open(self, levels: Levels) -> int:
        """The number of the first step with a question left, counted from 0; the last step if all is done."""
        unfinished = (n for n, step in enumerate(self.steps) if step.answered(levels) < len(step.questions))
        return next(unfinished, max(0, len(self.steps) - 1))


@once_per_register
def form_of(register: Register, round_: str) -> Form:
    """The form of a round; questions whose area can't be read are left out, as they count nowhere."""
    asked = register.questions_in(round_)
    steps = (Step(area, tuple(one for one in asked if one.area == area.number)) for area in register.areas)
    return Form(tuple(step for step in steps if step.questions))
