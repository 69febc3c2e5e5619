"""A published round is frozen: a few late changes in the sheets do not change what is shown.

Whoever could see the figures before and after a late change could subtract. So a school's figures follow
its sheet again only when what is new differs from everything the school has been shown with: in each
question, in each area and in whole rows either nothing differs or at least the least number of persons do.
Until then the rows it was shown with stand, and the unit is told. What the figures are made of besides the
answers (questions and their areas, the schools, the least number, the rules version) stays as it was
published; how many work at a school tells of nobody's answers, and may be corrected.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from services.domain.question import Question
from services.domain.round import Round, SchoolRound, Withheld
from services.domain.school import SchoolCode
from services.register import Register
from services.tables.answers import Answers

NO_ANSWERS = Answers((), (), (), np.zeros((0, 0), np.uint8))

Levels = npt.NDArray[np.uint8]
"""A school's rows in the order of the frozen questions."""


@dataclass(frozen=True, slots=True, eq=False)
class FrozenRound:
    """A round as it was published: `answers` has the columns of `questions`, in their order.

    `earlier` are the rows that schools were shown with before they followed their sheets; nothing has been
    `seen` of a round that is about to be published.
    """

    round: Round
    questions: tuple[Question, ...]
    parts: Mapping[SchoolCode, SchoolRound]
    answers: Answers
    earlier: tuple[Answers, ...] = ()
    seen: bool = False


def freeze(register: Register, round_: str) -> FrozenRound:
    """A round as it stands now."""
    questions = register.questions_in(round_)
    return FrozenRound(
        register.round(round_),
        questions,
        dict(register.school_rounds.get(round_, {})),
        _asked(register.answers.get(round_, NO_ANSWERS), questions),
    )


def refrozen(frozen: FrozenRound, register: Register) -> FrozenRound:
    """A round that is published once more: its rows are not new to those who have seen it already."""
    if not frozen.seen:
        return freeze(register, frozen.round.name)
    followed_, _ = followed(frozen, register)
    now = freeze(register, frozen.round.name)
    return replace(followed_, round=now.round, parts=now.parts)


def followed(frozen: FrozenRound, register: Register) -> tuple[FrozenRound, tuple[Withheld, ...]]:
    """The round with the schools that may follow their sheets, and those that may not yet."""
    read = register.answers.get(frozen.round.name, NO_ANSWERS)
    now = _asked(read, frozen.questions)
    if _are_same(frozen.answers, now) or _lost_a_question(frozen.answers, now):
        return frozen, ()
    shown, after = [_by_school(one) for one in (frozen.answers, *frozen.earlier)], _by_school(now)
    none: Levels = np.zeros((0, len(frozen.questions)), np.uint8)
    follow: set[str] = set()
    withheld: list[Withheld] = []
    for school in sorted(frozen.parts):
        new, before = after.get(school, none), shown[0].get(school, none)
        if not _differing(before, new):
            continue
        known = [before, *(one[school] for one in shown[1:] if school in one)]
        too_few = [n for one in known if (n := _fewest(one, new, frozen)) < frozen.round.least_answers]
        if too_few:
            withheld.append(Withheld(frozen.round.name, school, min(too_few)))
        else:
            follow.add(school)
    if not follow:
        return frozen, tuple(withheld)
    merged = _merged(frozen.answers, now, follow)
    earlier = (*frozen.earlier, _only(frozen.answers, follow))
    return replace(frozen, answers=merged, earlier=earlier), tuple(withheld)


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
        school_rounds={**register.school_rounds, **{name: _parts(register, held[name]) for name in held}},
        answers={**register.answers, **{name: one.answers for name, one in held.items()}},
        published_questions={name: one.questions for name, one in held.items()},
    )


def _with_rules(round_: Round, frozen: FrozenRound | None) -> Round:
    if frozen is None:
        return round_
    then = frozen.round
    version = then.rules_version or round_.rules_version
    return replace(round_, rules_version=version, least_answers=then.least_answers)


def _parts(register: Register, frozen: FrozenRound) -> Mapping[SchoolCode, SchoolRound]:
    """The schools that took part then, with the staff that they are now said to have had.

    A school that has no row in Skolor any more has no name to be shown by.
    """
    now = register.school_rounds.get(frozen.round.name, {})
    return {code: now.get(code, part) for code, part in frozen.parts.items() if code in register.schools}


def _asked(answers: Answers, questions: tuple[Question, ...]) -> Answers:
    """The answers with a column for each question, in that order."""
    ids = tuple(question.id for question in questions)
    if answers.questions == ids:
        return answers
    levels = np.zeros((len(answers.rows), len(ids)), np.uint8, order="F")
    for position, id_ in enumerate(ids):
        levels[:, position] = answers.column(id_)
    return Answers(answers.rows, answers.schools, ids, levels)


def _are_same(one: Answers, other: Answers) -> bool:
    return list(one.schools) == list(other.schools) and np.array_equal(one.levels, other.levels)


def _lost_a_question(before: Answers, now: Answers) -> bool:
    """Whether a question has no answers any more: its column is gone, or could not be read.

    The areas without it, beside the areas with it, would tell that question.
    """
    had, has = (np.count_nonzero(one.levels, axis=0) for one in (before, now))
    return bool(np.any((had > 0) & (has == 0)))


def _by_school(answers: Answers) -> dict[str, Levels]:
    """The rows of every school, however they stand."""
    places: dict[str, list[int]] = {}
    answered = np.count_nonzero(answers.levels, axis=1).tolist()
    for place, school in enumerate(answers.schools):
        if school is not None and answered[place]:
            places.setdefault(school, []).append(place)
    levels = np.ascontiguousarray(answers.levels)
    return {school: levels[rows] for school, rows in places.items()}


def _fewest(one: Levels, other: Levels, frozen: FrozenRound) -> int:
    """How many persons the smallest difference is of that could be seen; the least number where none is."""
    counts = [_differing(one[:, seen], other[:, seen]) for seen in _seen_together(frozen)]
    return min((count for count in counts if count), default=frozen.round.least_answers)


def _seen_together(frozen: FrozenRound) -> Iterator[list[int]]:
    """The questions that figures are made of together: all of them, those of an area, and each alone."""
    everything = range(len(frozen.questions))
    yield list(everything)
    for area in sorted({question.area for question in frozen.questions}, key=str):
        yield [place for place in everything if frozen.questions[place].area == area]
    yield from ([place] for place in everything)


def _differing(one: Levels, other: Levels) -> int:
    """How many rows differ: a changed row is one, and so is one more or one less."""
    before, after = (Counter(row.tobytes() for row in rows if row.any()) for rows in (one, other))
    return max((before - after).total(), (after - before).total())


def _only(answers: Answers, schools: set[str]) -> Answers:
    """The rows of some schools."""
    taken = [place for place, school in enumerate(answers.schools) if school in schools]
    return Answers(
        [answers.rows[place] for place in taken],
        [answers.schools[place] for place in taken],
        answers.questions,
        np.asfortranarray(answers.levels[taken]),
    )


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
