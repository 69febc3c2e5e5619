"""Where trouble ends: expected trouble is one sentence, a bug is a number in the log and on the page."""

import logging
import secrets
import traceback

import streamlit as st

from pages.components import words
from services.errors import Trouble

LOG = logging.getLogger(__name__)

# Read aloud over the telephone, so without 0/O and 1/I.
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
DIGITS = "23456789"

# Their messages name code. Every other message may quote a cell, and a cell may hold a person.
SPEAKS_OF_CODE = (AttributeError, ImportError, ModuleNotFoundError, NameError, UnboundLocalError)


def show_failure(exc: Exception) -> bool:
    """Show what a script or a callback raised; True tells Streamlit that nothing more need be shown."""
    if isinstance(exc, Trouble):
        LOG.warning("trouble shown to a visitor: %s", type(exc).__name__)
        st.error(words.plain(str(exc)))
    else:
        show_bug(exc)
    return True


def show_bug(exc: BaseException) -> str:
    """Log a bug under a new id, show the visitor one sentence with that id, and return it."""
    bug = note_bug(exc)
    st.error(sentence(bug))
    return bug


def note_bug(exc: BaseException) -> str:
    """Log a bug without what it may quote of people, and return the id it was logged under."""
    bug = new_id()
    LOG.error("bug %s: %s", bug, describe(exc))
    return bug


def sentence(bug: str) -> str:
    """Return what a visitor is told about a bug."""
    return (
        f"Något gick fel hos oss. Felet är antecknat med nummer {bug}. "
        "Försök igen, eller kontakta Digitaliseringsenheten."
    )


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


class _WithoutStreamlitsCopy(logging.Filter):
    """Drops the copy that Streamlit logs of every exception before it asks us: it quotes the message."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep everything but that one line."""
        return not record.getMessage().startswith("Uncaught app execution")


def listen() -> None:
    """Send our own log to standard error; done once, when the server starts."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s", level=logging.WARNING)
    for ours in ("services", "pages"):
        logging.getLogger(ours).setLevel(logging.INFO)
    logging.getLogger("streamlit.error_util").addFilter(_WithoutStreamlitsCopy())
