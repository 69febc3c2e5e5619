"""A published round is frozen: a few late changes in the sheets do not change what is shown.

Whoever could see the figures before and after one row was changed could subtract. So a school's figures
follow its sheet again only when at least the least number of its rows differ, all at once; until then the
rows it was published with stand, and the unit is told. What the figures are made of besides the answers
(questions and their areas, staff, the least number, the rules version) stays as it was published.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from services.domain.question import Question
from services.domain.round import Round, SchoolRound, Withheld
from services.domain.school import SchoolCode
from services.register import Register
from services.tables.answers import Answers

NO_ANSWERS = Answers((), (), (), np.zeros((0, 0), np.uint8))


@dataclass(frozen=True, slots=True, eq=False)
class FrozenRound:
    """A round as it was published: `answers` has the columns of `questions`, in their order."""

    round: Round
    questions: tuple[Question, ...]
    parts: Mapping[SchoolCode, SchoolRound]
    answers: Answers


def freeze(register: Register, round_: str) -> FrozenRound:
    """A round as it stands now."""
    questions = register.questions_in(round_)
    return FrozenRound(
        register.round(round_),
        questions,
        dict(register.school_rounds.get(round_, {})),
        _asked(register.answers.get(round_, NO_ANSWERS), questions),
    )


def followed(frozen: FrozenRound, register: Register) -> tuple[FrozenRound, tuple[Withheld, ...]]:
    """The round with the schools that may follow their sheets, and those that may not yet."""
    now = _asked(register.answers.get(frozen.round.name, NO_ANSWERS), frozen.questions)
    before, after = _by_school(frozen.answers), _by_school(now)
    follow: set[str] = set()
    withheld: list[Withheld] = []
    for school in sorted(frozen.parts):
        differing = _differing(before.get(school, Counter()), after.get(school, Counter()))
        if differing >= frozen.round.least_answers:
            follow.add(school)
        elif differing:
            withheld.append(Withheld(frozen.round.name, school, differing))
    if not follow:
        return frozen, tuple(withheld)
    return replace(frozen, answers=_merged(frozen.answers, now, follow)), tuple(withheld)


def with_frozen(register: Register, frozen: Mapping[str, FrozenRound]) -> Register:
    """The register with the rounds that are published as they were published.

    A round that is not published any more shows nothing anyway, and follows its sheets.
    """
    held = {
        name: one
        for name, one in frozen.items()
        if name in register.rounds and register.rounds[name].is_published
    }
    if not held:
        return register
    return replace(
        register,
        rounds={name: _with_rules(round_, held.get(name)) for name, round_ in register.rounds.items()},
        school_rounds={**register.school_rounds, **{name: one.parts for name, one in held.items()}},
        answers={**register.answers, **{name: one.answers for name, one in held.items()}},
        published_questions={name: one.questions for name, one in held.items()},
    )


def _with_rules(round_: Round, frozen: FrozenRound | None) -> Round:
    if frozen is None:
        return round_
    then = frozen.round
    return replace(round_, rules_version=then.rules_version, least_answers=then.least_answers)


def _asked(answers: Answers, questions: tuple[Question, ...]) -> Answers:
    """The answers with a column for each question, in that order."""
    ids = tuple(question.id for question in questions)
    if answers.questions == ids:
        return answers
    levels = np.zeros((len(answers.rows), len(ids)), np.uint8, order="F")
    for position, id_ in enumerate(ids):
        levels[:, position] = answers.column(id_)
    return Answers(answers.rows, answers.schools, ids, levels)


def _by_school(answers: Answers) -> dict[str, Counter[bytes]]:
    """The rows of every school, however they stand."""
    found: dict[str, Counter[bytes]] = {}
    for school, row in zip(answers.schools, np.ascontiguousarray(answers.levels), strict=True):
        if school is not None and row.any():
            found.setdefault(school, Counter())[row.tobytes()] += 1
    return found


def _differing(before: Counter[bytes], after: Counter[bytes]) -> int:
    """How many rows differ: a changed row is one, and so is one more or one less."""
    return max((before - after).total(), (after - before).total())


def _merged(before: Answers, now: Answers, follow: set[str]) -> Answers:
    """The rows as they stand now for some schools, and as before for the others."""
    kept = [p for p, school in enumerate(before.schools) if school not in follow]
    taken = [p for p, school in enumerate(now.schools) if school in follow]
    levels = np.asfortranarray(np.concatenate([before.levels[kept], now.levels[taken]]))
    levels.flags.writeable = False
    return Answers(
        [*(before.rows[p] for p in kept), *(now.rows[p] for p in taken)],
        [*(before.schools[p] for p in kept), *(now.schools[p] for p in taken)],
        before.questions,
        levels,
    )
