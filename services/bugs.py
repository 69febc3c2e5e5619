"""Bugs: each is logged under an id, without a word of what it may quote of people."""

import logging
import secrets
import traceback

LOG = logging.getLogger(__name__)

# Read aloud over the telephone, so without 0/O and 1/I.
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
DIGITS = "23456789"

# Their messages name code. Every other message may quote a cell, and a cell may hold a person.
SPEAKS_OF_CODE = (AttributeError, ImportError, ModuleNotFoundError, NameError, UnboundLocalError)


def note_bug(exc: BaseException) -> str:
    """Log a bug without what it may quote of people, and return the id it was logged under."""
    bug = new_id()
    LOG.error("bug %s: %s", bug, describe(exc))
    return bug


def new_id() -> str:
    """Return a short id such as AB23CD."""
    pairs = (LETTERS, DIGITS, LETTERS)
    return "".join(secrets.choice(alphabet) for alphabet in pairs for _ in range(2))


def describe(exc: BaseException) -> str:
    """Return the exception with its causes, innermost last, and where each was raised."""
    told: list[str] = []
    seen: set[int] = set()
    link: BaseException | None = exc
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        frames = "".join(traceback.format_tb(link.__traceback__))
        told.append(f"{_name(link)}\n{frames}".rstrip())
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
    return "\nbecause of ".join(told)


def _name(exc: BaseException) -> str:
    name = f"{type(exc).__module__}.{type(exc).__qualname__}"
    return f"{name}: {exc}" if type(exc) in SPEAKS_OF_CODE else name
