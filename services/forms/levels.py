"""A level as forms give it: `3`, `3 – Trygg` or `Trygg`; blank, or "Kan inte bedöma", is none."""

import re
from functools import lru_cache

from services.domain.question import LEVEL_LABELS
from services.forms.wording import normalised
from services.tables.cells import is_blank
from services.tables.sheet import Cell

NO_LEVEL = frozenset(("", "kan inte bedöma", "kan ej bedöma", "vet inte", "vet ej"))

_BY_LABEL = {normalised(label): level for level, label in enumerate(LEVEL_LABELS, 1)}
_LONGEST = 60
_NUMBER = re.compile(r"(?:nivå )?([1-4])(?:[.,]0+)?")
_LABELS = "|".join(_BY_LABEL)
_BOTH = re.compile(rf"\(?(?:nivå )?([1-4])\)?\s?[-.:=)]?\s?({_LABELS})|({_LABELS})\s?[-:=]?\s?\(?([1-4])\)?")


class NotALevel(ValueError):
    """The cell holds something else than a level."""


def read_level(cell: Cell) -> int:
    """1–4, or 0 where no level was given. NotALevel for anything else, such as "2 – Trygg"."""
    if is_blank(cell):
        return 0
    if isinstance(cell, str):
        level = _of_text(cell) if len(cell) <= _LONGEST else None
    else:
        is_number = isinstance(cell, int | float) and not isinstance(cell, bool)
        level = int(cell) if is_number and cell in (1, 2, 3, 4) else None  # type: ignore[arg-type]
    if level is None:
        raise NotALevel
    return level


def is_level(cell: Cell) -> bool:
    """Whether the cell holds a level, or says that there is none."""
    try:
        read_level(cell)
    except NotALevel:
        return False
    return True


@lru_cache(maxsize=1024)
def _of_text(cell: str) -> int | None:
    text = normalised(cell)
    if text in NO_LEVEL:
        return 0
    if text in _BY_LABEL:
        return _BY_LABEL[text]
    if number := _NUMBER.fullmatch(text):
        return int(number[1])
    if both := _BOTH.fullmatch(text):
        level, label = int(both[1] or both[4]), both[2] or both[3]
        return level if _BY_LABEL[label] == level else None
    return None
