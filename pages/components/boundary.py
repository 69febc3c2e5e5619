"""Where trouble ends: expected trouble is one sentence, a bug is a number in the log and on the page."""

import logging
import threading
from typing import Any

import streamlit as st

from pages.components import words
from services.bugs import describe, new_id, note_bug
from services.errors import NotPermitted, Trouble

LOG = logging.getLogger(__name__)

OF_LOGINS = (
    "authlib",
    "httpcore",
    "httpx",
    "joserfc",
    "streamlit.auth_util",
    "streamlit.web.server.starlette.starlette_auth_routes",
)
"""Who logs addresses with codes in them, and what a provider or anybody in its place has said."""


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


class RecordWithoutQuotes(logging.LogRecord):
    """What anybody logs, without what it may quote: an exception under a number, a login without its words.

    Streamlit and its web server log what breaks in a fragment, a websocket or a login by themselves, each
    by loggers of its own; here all of them pass.
    """

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        if self.name.startswith(OF_LOGINS) and isinstance(self.args, tuple):
            self.args = tuple(one if isinstance(one, int) else "…" for one in self.args)
        exc = self.exc_info[1] if self.exc_info else None
        if exc is not None:
            # From the second line on, asyncio quotes the exception itself.
            said = super().getMessage().strip().partition("\n")[0]
            self.msg, self.args = f"{said} (bug {new_id()}: {describe(exc)})", ()
            self.exc_info = None
        elif self.name == "uvicorn.error" and str(self.msg).startswith("Traceback"):
            # The web server was handed the traceback as text; what matters is its end.
            self.msg, self.args = str(self.msg).strip().splitlines()[-1], ()


def note_in_thread(told: threading.ExceptHookArgs) -> None:
    """Log what ended a thread; Python would write it to standard error with all that it quotes."""
    if told.exc_value is not None and not isinstance(told.exc_value, SystemExit):
        note_bug(told.exc_value)


def listen() -> None:
    """Send our own log to standard error; done once, when the server starts."""
    logging.setLogRecordFactory(RecordWithoutQuotes)
    threading.excepthook = note_in_thread
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s", level=logging.WARNING)
    for ours in ("services", "pages"):
        logging.getLogger(ours).setLevel(logging.INFO)
    logging.getLogger("streamlit.error_util").addFilter(_WithoutStreamlitsCopy())
