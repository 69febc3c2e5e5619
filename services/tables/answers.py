"""The answers of one round: persons by questions, levels as small whole numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from services.tables.parse import TypedTable


@dataclass(frozen=True, slots=True)
class Answers:
    """All rows of `svar-<omgång>` that could be read.

    `levels[p, q]` is the level 1–4 that person p gave question q, 0 where it is blank.
    `schools[p]` is the school's code, None where the row's school could not be read.
    `rows[p]` is the row in the spreadsheet.
    """

    rows: Sequence[int]
    schools: Sequence[str | None]
    questions: tuple[str, ...]
    levels: npt.NDArray[np.uint8]

    def column(self, question: str) -> npt.NDArray[np.uint8]:
        """The levels given to one question; blanks where the spreadsheet has no such column."""
        if question in self.questions:
            return self.levels[:, self.questions.index(question)]
        return np.zeros(len(self.rows), dtype=np.uint8)


def level_array(values: Any) -> npt.NDArray[np.uint8]:
    """A column of levels as small whole numbers, 0 where blank."""
    if isinstance(values, np.ndarray):
        return values
    if isinstance(values, bytes):
        return np.frombuffer(values, np.uint8)
    return np.fromiter((value or 0 for value in values), np.uint8, len(values))


def answers_of(typed: TypedTable, schools: Sequence[str | None]) -> Answers:
    """The typed sheet `Svar` as answers."""
    questions = tuple(column.header for column in typed.table.columns[2:])
    levels = np.zeros((len(typed), len(questions)), dtype=np.uint8, order="F")
    for position, question in enumerate(questions):
        values = typed.columns[question]
        levels[:, position] = level_array(values)
    levels.flags.writeable = False
    return Answers(typed.rows, schools, questions, levels)
