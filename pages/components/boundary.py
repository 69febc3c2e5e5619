"""Where trouble ends: expected trouble is one sentence, a bug is a number in the log and on the page."""

import logging

import streamlit as st

from pages.components import words
from services.bugs import note_bug
from services.errors import Trouble

LOG = logging.getLogger(__name__)


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


def sentence(bug: str) -> str:
    """Return what a visitor is told about a bug."""
    return (
        f"Något gick fel hos oss. Felet är antecknat med nummer {bug}. "
        "Försök igen, eller kontakta Digitaliseringsenheten."
    )


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
