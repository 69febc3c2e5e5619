"""The rounds as they were published, kept on disk for as long as they are published.

Unlike what `services.keeping` keeps, this can't be made again from the spreadsheets: it belongs in the
backup. Lost, the rounds are shown as their spreadsheets stand, until they are published anew.
"""

import base64
import datetime as dt
import json
import logging
import os
import threading
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np

from services.domain.question import Question
from services.domain.round import Round, RoundStatus, SchoolRound, Withheld
from services.domain.school import SchoolCode
from services.freezing import FrozenRound, followed, freeze, with_frozen
from services.register import Register
from services.tables.answers import Answers

_ENDING = ".frozen.json"

log = logging.getLogger(__name__)


class FrozenRounds:
    """The folder of one register's frozen rounds; several processes may share it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[str, tuple[int, FrozenRound]] = {}
        self._lock = threading.Lock()

    def hold(self, register: Register, round_: str) -> None:
        """Freeze a round as it stands, just before it is published."""
        with self._lock:
            self._keep(freeze(register, round_))

    def applied(self, register: Register) -> Register:
        """The register as it may be shown; schools whose sheets may be followed are followed from now on."""
        with self._lock:
            frozen: dict[str, FrozenRound] = {}
            withheld: list[Withheld] = []
            for name, round_ in register.rounds.items():
                if not round_.is_published or (held := self._load(name)) is None:
                    continue
                frozen[name], differing = followed(held, register)
                withheld += differing
                if frozen[name] is not held:
                    self._keep(frozen[name])
            found = with_frozen(register, frozen)
            return replace(found, withheld=tuple(withheld)) if withheld else found

    def _load(self, round_: str) -> FrozenRound | None:
        path = self._path(round_)
        try:
            changed = path.stat().st_mtime_ns
            if round_ not in self._known or self._known[round_][0] != changed:
                self._known[round_] = changed, _unpacked(json.loads(path.read_text("utf-8")))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError) as trouble:
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
        self._known[frozen.round.name] = path.stat().st_mtime_ns, frozen

    def _path(self, round_: str) -> Path:
        # A round's name comes from a sheet, and may be anything.
        return self._folder / f"{round_.encode().hex()}{_ENDING}"


def _packed(frozen: FrozenRound) -> dict[str, Any]:
    levels, round_ = np.ascontiguousarray(frozen.answers.levels), frozen.round
    return {
        "round": asdict(round_) | {"opens": _day(round_.opens), "closes": _day(round_.closes)},
        "questions": [asdict(question) for question in frozen.questions],
        "parts": [asdict(part) | {"extended_to": _day(part.extended_to)} for part in frozen.parts.values()],
        "rows": list(frozen.answers.rows),
        "schools": list(frozen.answers.schools),
        "levels": base64.b64encode(levels.tobytes()).decode("ascii"),
    }


def _unpacked(kept: dict[str, Any]) -> FrozenRound:
    about = kept["round"]
    status = RoundStatus(about["status"]) if about["status"] else None
    dates = {name: _read_day(about[name]) for name in ("opens", "closes")}
    questions = tuple(Question(**one | {"levels": tuple(one["levels"])}) for one in kept["questions"])
    parts = [SchoolRound(**one | {"extended_to": _read_day(one["extended_to"])}) for one in kept["parts"]]
    flat = np.frombuffer(base64.b64decode(kept["levels"]), np.uint8)
    levels = np.asfortranarray(flat.reshape(len(kept["rows"]), len(questions)))
    levels.flags.writeable = False
    ids = tuple(question.id for question in questions)
    return FrozenRound(
        Round(**about | {"status": status, **dates}),
        questions,
        {SchoolCode(part.school): part for part in parts},
        Answers(kept["rows"], kept["schools"], ids, levels),
    )


def _day(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


def _read_day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
