"""Which column of an export asks which question: surely by the same words, else as a proposal to confirm."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import StrEnum

from services.domain.question import Question
from services.forms.export import TIMESTAMPS, Export
from services.forms.levels import is_level
from services.forms.schools import Schools
from services.forms.wording import normalised
from services.tables.cells import is_blank
from services.tables.sheet import Cell

SCHOOL = "Skola"
"""What a mapping calls the column with the school."""

LEFT_OUT = "-"
"""What a mapping calls a column that is not read."""

ALIKE = 0.75
"""As alike as this (difflib's ratio, 0–1) a header is proposed for a question."""

MARGIN = 0.08
"""And by so much more alike than to any other question: else nothing is proposed."""

_LONGEST_COMPARED = 400
_SCHOOL_HEADERS = frozenset(
    normalised(text)
    for text in (
        "Skola",
        "Skolan",
        "Skolans namn",
        "Din skola",
        "Min skola",
        "Skolenhet",
        "Skolenhetskod",
        "Skolkod",
        "Vilken skola arbetar du på",
        "Vilken skola arbetar du på?",
        "Vilken skola jobbar du på?",
        "På vilken skola arbetar du?",
        "School",
        "Your school",
        "My school",
        "School name",
        "Name of school",
        "Name of your school",
        "School code",
        "School unit code",
        "Which school do you work at?",
        "At which school do you work?",
    )
)
_OF_THE_FORM = TIMESTAMPS | frozenset(
    normalised(text)
    for text in (
        "E-postadress",
        "E-post",
        "Email Address",
        "Email",
        "Användarnamn",
        "Username",
        "Poäng",
        "Resultat",
        "Score",
        "Total score",
    )
)
"""What Google Forms itself adds; an address is never read."""

_GRID = re.compile(r"\[([^\[\]]+)\]\s*$")
_NUMBERED = re.compile(r"^\(?(?:fråga |question |q)?([a-zåäö]{0,3}[0-9]{1,3}[a-z]?)(?:[.):]|\s*-)?\s+(?=\S)")


class How(StrEnum):
    """How a column's meaning is known."""

    SAME_WORDS = "same_words"
    CONFIRMED = "confirmed"
    REMEMBERED = "remembered"
    PROPOSED = "proposed"
    NO_LEVELS = "no_levels"
    OF_THE_FORM = "of_the_form"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Match:
    """What a column holds: `target` is a question's id, SCHOOL, LEFT_OUT, or "" where nobody knows.

    `likeness` is how alike header and question are, where that is why.
    """

    column: int
    header: str
    target: str
    how: How
    likeness: float | None = None

    @property
    def is_sure(self) -> bool:
        """Whether it may be used without asking."""
        return self.how not in (How.PROPOSED, How.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Decided:
    """What people have said of headers: now, and earlier; by normalised header."""

    now: Mapping[str, str]
    earlier: Mapping[str, str]


def match_columns(
    export: Export, questions: Sequence[Question], schools: Schools, decided: Decided
) -> tuple[Match, ...]:
    """The meaning of every column after the time, in their order; alike headers have one meaning."""
    by_text = _by_text(questions)
    ids = {question.id for question in questions}
    found: dict[str, Match] = {}
    for column, header in enumerate(export.headers[1:], 1):
        text = normalised(header)
        if text not in found:
            found[text] = _sure(column, header, ids, by_text, decided)
    _propose(found, questions)
    if SCHOOL not in {match.target for match in found.values()}:
        _propose_school(found, export, schools)
    for text, match in found.items():
        if match.how is How.UNKNOWN and not _mostly(_cells(export, text), is_level):
            found[text] = replace(match, target=LEFT_OUT, how=How.NO_LEVELS)
    return tuple(
        replace(found[normalised(header)], column=column, header=header)
        for column, header in enumerate(export.headers[1:], 1)
    )


def missing_questions(questions: Sequence[Question], matches: Sequence[Match]) -> tuple[Question, ...]:
    """The questions of the round that no column asks."""
    asked = {match.target for match in matches}
    return tuple(question for question in questions if question.id not in asked)


def _by_text(questions: Sequence[Question]) -> dict[str, str]:
    """Question ids by normalised statement, and by id; what two questions share says nothing."""
    ids: dict[str, set[str]] = {}
    for question in questions:
        for text in (normalised(question.statement), normalised(question.id)):
            ids.setdefault(text, set()).add(question.id)
    return {text: next(iter(named)) for text, named in ids.items() if len(named) == 1 and text}


def _sure(column: int, header: str, ids: set[str], by_text: Mapping[str, str], decided: Decided) -> Match:
    """The column's meaning where it is beyond doubt, else unknown."""
    text = normalised(header)
    if (said := decided.now.get(text)) is not None:
        return Match(column, header, said, How.CONFIRMED)
    if not text:
        return Match(column, header, "", How.UNKNOWN)
    if text in _OF_THE_FORM:
        return Match(column, header, LEFT_OUT, How.OF_THE_FORM)
    if (id_ := _same_words(header, by_text)) is not None:
        return Match(column, header, id_, How.SAME_WORDS)
    said = decided.earlier.get(text)
    if said is not None and said in {*ids, SCHOOL, LEFT_OUT}:
        return Match(column, header, said, How.REMEMBERED)
    if text in _SCHOOL_HEADERS:
        return Match(column, header, SCHOOL, How.SAME_WORDS)
    return Match(column, header, "", How.UNKNOWN)


def _same_words(header: str, by_text: Mapping[str, str]) -> str | None:
    """The question whose statement the header is: whole, as a row of a grid, or after its number."""
    for text in _readings(header):
        if text in by_text:
            return by_text[text]
        numbered = _NUMBERED.match(text)
        if numbered and (id_ := by_text.get(text[numbered.end() :])) is not None:
            # "L2. …" with the words of L1 is a slip that a person has to look at.
            named = by_text.get(numbered[1])
            return id_ if named in (None, id_) else None
    return None


def _readings(header: str) -> list[str]:
    """What of a header may be the question: all of it, or the brackets at its end, as in a grid."""
    grid = _GRID.search(header)
    return [normalised(header), *([normalised(grid[1])] if grid else [])]


def _cells(export: Export, text: str) -> list[Cell]:
    """What is filled in below a header."""
    columns = [at for at, header in enumerate(export.headers) if at and normalised(header) == text]
    cells = (row.cells[at] for row in export.rows for at in columns)
    return [cell for cell in cells if not is_blank(cell)]


def _mostly(cells: Sequence[Cell], is_such: Callable[[Cell], bool]) -> bool:
    """Whether more than half of the cells are such."""
    return 2 * sum(map(is_such, cells)) > len(cells)


def _propose_school(found: dict[str, Match], export: Export, schools: Schools) -> None:
    """Propose the first column without a meaning that mostly names schools of the round."""
    for text, match in found.items():
        if match.how is How.UNKNOWN and _mostly(_cells(export, text), schools.knows):
            found[text] = replace(match, target=SCHOOL, how=How.PROPOSED)
            return


def _propose(found: dict[str, Match], questions: Sequence[Question]) -> None:
    """Propose a question for each header without one, the likest first, and no question twice."""
    taken = {match.target for match in found.values() if match.is_sure}
    free = [question for question in questions if question.id not in taken]
    likely: list[tuple[float, str, str]] = []
    for text, match in found.items():
        if match.how is not How.UNKNOWN or not text:
            continue
        likeness = sorted(((_likeness(match.header, one), one.id) for one in free), reverse=True)
        best = likeness[0] if likeness else (0.0, "")
        second = likeness[1][0] if len(likeness) > 1 else 0.0
        if best[0] >= ALIKE and best[0] - second >= MARGIN:
            likely.append((best[0], text, best[1]))
    for ratio, text, id_ in sorted(likely, reverse=True):
        if id_ not in taken:
            taken.add(id_)
            found[text] = replace(found[text], target=id_, how=How.PROPOSED, likeness=ratio)


def _likeness(header: str, question: Question) -> float:
    statement = normalised(question.statement)[:_LONGEST_COMPARED]
    return max(_ratio(text[:_LONGEST_COMPARED], statement) for text in _readings(header))


def _ratio(text: str, statement: str) -> float:
    """difflib's ratio, or a bound above it that is too low to matter."""
    matcher = SequenceMatcher(None, text, statement, autojunk=False)
    for bound in (matcher.real_quick_ratio(), matcher.quick_ratio()):
        if bound < ALIKE - MARGIN:
            return bound
    return matcher.ratio()
