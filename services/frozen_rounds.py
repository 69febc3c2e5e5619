"""The rounds as they were published, kept on disk for as long as they are published.

Unlike what `services.keeping` keeps, this can't be made again from the spreadsheets: it belongs in the
backup. A round that was published by hand in its sheet is frozen when it is first read, and so are all if
what was kept is lost.
"""

import base64
import datetime as dt
import fcntl
import json
import logging
import os
import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np

from services.domain.question import Question
from services.domain.round import Round, RoundStatus, SchoolRound, Withheld, file_stem
from services.domain.school import SchoolCode
from services.freezing import FrozenRound, followed, freeze, refrozen, with_frozen
from services.register import Register
from services.tables.answers import Answers

_ENDING = ".frozen.json"
_LOCK = "lock"

log = logging.getLogger(__name__)


class FrozenRounds:
    """The folder of one register's frozen rounds; several processes may share it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[str, tuple[tuple[int, int], FrozenRound]] = {}
        self._lock = threading.Lock()

    def hold(self, register: Register, round_: str) -> None:
        """Freeze a round as it stands, just before it is published.

        One that was published before keeps what those who have seen it may not compare.
        """
        with self._alone():
            held = self._load(round_)
            self._keep(refrozen(held, register) if held else freeze(register, round_))

    def applied(self, register: Register, unread: Collection[str] = ()) -> Register:
        """The register as it may be shown; schools whose sheets may be followed are followed from now on.

        A published round seen for the first time is frozen, unless its answers are `unread` just now.
        """
        published = [name for name, round_ in register.rounds.items() if round_.is_published]
        if not published:
            return register
        try:
            with self._alone():
                return self._applied(register, published, unread)
        except OSError as trouble:
            # A folder that can't be written is no reason to show nothing: what is known of it is shown.
            log.warning("frozen rounds could not be kept: %s", type(trouble).__name__)
            return with_frozen(register, {name: held for name, (_, held) in self._known.items()})

    def _applied(self, register: Register, published: list[str], unread: Collection[str]) -> Register:
        frozen: dict[str, FrozenRound] = {}
        withheld: list[Withheld] = []
        for name in published:
            if (held := self._load(name)) is None:
                if name not in unread and name in register.answers and register.answers[name].rows:
                    self._keep(replace(freeze(register, name), seen=True))
                continue
            frozen[name], differing = (held, ()) if name in unread else followed(held, register)
            withheld += differing
            if not held.seen:
                frozen[name] = replace(frozen[name], seen=True)
            if frozen[name] is not held:
                self._keep(frozen[name])
        found = with_frozen(register, frozen)
        return replace(found, withheld=tuple(withheld)) if withheld else found

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Between reading a frozen round and keeping it nobody else may: both would be shown."""
        with self._lock:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            file = os.open(self._folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                fcntl.flock(file, fcntl.LOCK_EX)
                yield
            finally:
                os.close(file)

    def _load(self, round_: str) -> FrozenRound | None:
        path = self._path(round_)
        try:
            stat = path.stat()
            # Two files kept within a tick of the clock differ in their place on disk.
            changed = stat.st_mtime_ns, stat.st_ino
            if round_ not in self._known or self._known[round_][0] != changed:
                self._known[round_] = changed, _unpacked(json.loads(path.read_text("utf-8")))
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError) as trouble:
            # Shown as it was before is safer than as it is; without either, the sheets are what there is.
            log.warning("frozen round could not be read: %s", type(trouble).__name__)
            return self._known[round_][1] if round_ in self._known else None
        return self._known[round_][1]

    def _keep(self, frozen: FrozenRound) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._path(frozen.round.name)
        unfinished = path.with_suffix(f".{os.getpid()}")
        unfinished.touch(mode=0o600)
        with unfinished.open("w", encoding="utf-8") as file:
            json.dump(_packed(frozen), file, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
        stat = path.stat()
        self._known[frozen.round.name] = (stat.st_mtime_ns, stat.st_ino), frozen

    def _path(self, round_: str) -> Path:
        return self._folder / f"{file_stem(round_)}{_ENDING}"


def _packed(frozen: FrozenRound) -> dict[str, Any]:
    round_ = frozen.round
    return {
        "round": asdict(round_) | {"opens": _day(round_.opens), "closes": _day(round_.closes)},
        "questions": [asdict(question) for question in frozen.questions],
        "parts": [asdict(part) | {"extended_to": _day(part.extended_to)} for part in frozen.parts.values()],
        **_packed_answers(frozen.answers),
        "earlier": [_packed_answers(one) for one in frozen.earlier],
        "seen": frozen.seen,
    }


def _packed_answers(answers: Answers) -> dict[str, Any]:
    levels = np.ascontiguousarray(answers.levels)
    return {
        "rows": list(answers.rows),
        "schools": list(answers.schools),
        "levels": base64.b64encode(levels.tobytes()).decode("ascii"),
    }


def _unpacked(kept: dict[str, Any]) -> FrozenRound:
    about = kept["round"]
    status = RoundStatus(about["status"]) if about["status"] else None
    dates = {name: _read_day(about[name]) for name in ("opens", "closes")}
    questions = tuple(Question(**one | {"levels": tuple(one["levels"])}) for one in kept["questions"])
    parts = [SchoolRound(**one | {"extended_to": _read_day(one["extended_to"])}) for one in kept["parts"]]
    ids = tuple(question.id for question in questions)
    return FrozenRound(
        Round(**about | {"status": status, **dates}),
        questions,
        {SchoolCode(part.school): part for part in parts},
        _unpacked_answers(kept, ids),
        tuple(_unpacked_answers(one, ids) for one in kept.get("earlier", ())),
        kept.get("seen", True),
    )


def _unpacked_answers(kept: dict[str, Any], ids: tuple[str, ...]) -> Answers:
    flat = np.frombuffer(base64.b64decode(kept["levels"]), np.uint8)
    levels = np.asfortranarray(flat.reshape(len(kept["rows"]), len(ids)))
    levels.flags.writeable = False
    return Answers(kept["rows"], kept["schools"], ids, levels)


def _day(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


def _read_day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
