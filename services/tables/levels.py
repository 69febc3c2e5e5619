"""Columns of whole numbers, by far the most cells of a register, read without a step in Python for each."""

import marshal
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

_OLD_FORM = 2
"""Later forms of Python's own serialisation abbreviate what comes twice."""

_NUMBER, _TEXT = b"iu"
_BEFORE_CELLS = 5
_A_CELL = 5


def whole_numbers(cells: Sequence[Any], least: int, most: int) -> bytes | None:
    """The cells as they are, 0 where they are ""; None unless all are whole numbers in range, or "".

    `least` is more than 0 and `most` less than 256. Serialised, a whole number and "" take five bytes
    each, kind and value (or length, 0 of ""), while a cell of another type, such as True, 1.0 or a word,
    says so: one look at all the bytes tells all cells.
    """
    if not cells or type(cells[0]) not in (int, str) or type(cells) is not list:
        return None
    try:
        written = marshal.dumps(cells, _OLD_FORM)
    except ValueError:
        return None  # a date, which has no serial form
    if len(written) != _BEFORE_CELLS + _A_CELL * len(cells):
        return None
    parts = np.frombuffer(written, np.uint8, offset=_BEFORE_CELLS).reshape(-1, _A_CELL)
    if parts[:, 2:].any():
        return None
    kind_and_value = np.ascontiguousarray(parts[:, :2]).view("<u2")[:, 0]
    if not _allowed(least, most)[kind_and_value].all():
        return None
    return parts[:, 1].tobytes()


@lru_cache
def _allowed(least: int, most: int) -> npt.NDArray[np.bool_]:
    """Which pairs of kind and value are a whole number in range, or ""."""
    found = np.zeros((256, 256), dtype=np.bool_)
    found[least : most + 1, _NUMBER] = True
    found[0, _TEXT] = True
    return found.ravel()
