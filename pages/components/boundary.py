"""Where trouble ends: expected trouble is one sentence, a bug is a number in the log and on the page."""

import logging
from typing import Any

import streamlit as st

from pages.components import words
from services.bugs import describe, new_id, note_bug
from services.errors import NotPermitted, Trouble

LOG = logging.getLogger(__name__)


def show_failure(exc: Exception) -> bool:
    """Show what a script or a callback raised; True tells Streamlit that nothing more need be shown."""
    if isinstance(exc, NotPermitted):
        _note_refusal()
    if isinstance(exc, Trouble):
        LOG.warning("trouble shown to a visitor: %s", type(exc).__name__)
        st.error(words.plain(str(exc)))
    else:
        show_bug(exc)
    return True


def _note_refusal() -> None:
    # Imported here: what stands between the network and the app needs no register.
    from pages.components import current, refusals

    refusals.note("deed", current.visitor())


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


class _RecordWithoutQuotes(logging.LogRecord):
    """What anybody logs of an exception, under a number and without what its message may quote.

    Streamlit and its web server log what breaks in a fragment, a websocket or a login by themselves, each
    by loggers of its own; here all of them pass.
    """

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        exc = self.exc_info[1] if self.exc_info else None
        if exc is not None:
            said = super().getMessage().strip()
            self.msg, self.args = f"{said} (bug {new_id()}: {describe(exc)})", ()
            self.exc_info = None
        elif self.name == "uvicorn.error" and str(self.msg).startswith("Traceback"):
            # The web server was handed the traceback as text; what matters is its end.
            self.msg, self.args = str(self.msg).strip().splitlines()[-1], ()


def listen() -> None:
    """Send our own log to standard error; done once, when the server starts."""
    logging.setLogRecordFactory(_RecordWithoutQuotes)
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s", level=logging.WARNING)
    for ours in ("services", "pages"):
        logging.getLogger(ours).setLevel(logging.INFO)
    logging.getLogger("streamlit.error_util").addFilter(_WithoutStreamlitsCopy())
