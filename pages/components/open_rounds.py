"""The real ones of a round: its file, its secret, the desk that takes in answers, what is frozen of it.

Each is one in the process, for all visitors.
"""

import threading
from functools import cache

from pages.components import current
from services.answering.desk import AnswerDesk
from services.answering.guessing import GuessGuard
from services.answering.keys import RoundSecrets
from services.answering.round_file import RoundFile
from services.closing import opening
from services.closing.round_closing import Office
from services.frozen_rounds import FrozenRounds
from services.outbox import Outbox
from services.sharing import frozen_rounds
from services.writing.opening import outbox_file

_files: dict[str, RoundFile] = {}
_lock = threading.Lock()


def secrets() -> RoundSecrets:
    """The secrets of the rounds that are open."""
    return opening.round_secrets(current.workbook(), current.settings())


def file(round_: str) -> RoundFile:
    """What the server keeps of an open round."""
    with _lock:
        if round_ not in _files:
            _files[round_] = opening.round_file(current.workbook(), current.settings(), round_)
        return _files[round_]


def desk(round_: str) -> AnswerDesk:
    """Where the answers of a round are taken in."""
    return AnswerDesk(round_, secrets(), file(round_), current.writer(), current.workbook())


@cache
def guesses() -> GuessGuard:
    """Who has mistyped one-time codes, and how often."""
    return GuessGuard()


def office(round_: str) -> Office:
    """The office that closes a round."""
    workbook, settings = current.workbook(), current.settings()
    return opening.closing_office(
        workbook, settings, current.writer(), Outbox(outbox_file(workbook, settings)), round_, current.now
    )


def frozen() -> FrozenRounds:
    """The rounds as they were when they were published."""
    return frozen_rounds(current.workbook(), current.settings())


def forget() -> None:
    """Let go of every file: the process ends, or a test begins anew."""
    with _lock:
        for one in _files.values():
            one.close()
        _files.clear()
    guesses.cache_clear()
