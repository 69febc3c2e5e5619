"""Play recorded exchanges with the real Google at the local one, and hold the answers together."""

import gzip
import json
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

RECORDINGS = (
    Path(__file__).resolve().parents[2].parent / "shared" / "google-recordings" / "exchanges.jsonl.gz"
)
DIFFERS_BY_NATURE = {
    "createdTime",
    "modifiedTime",
    "spreadsheetUrl",
    "defaultFormat",
    "spreadsheetTheme",
    "editors",
    "rowMetadata",
    "columnMetadata",
}
ID_KEYS = {
    "id",
    "spreadsheetId",
    "sheetId",
    "namedRangeId",
    "protectedRangeId",
    "sourceSheetId",
    "newSheetId",
    "destinationSpreadsheetId",
    "filterViewId",
    "filterId",
    "bandedRangeId",
    "metadataId",
}
Json = dict[str, Any]


@dataclass
class Difference:
    """An answer that is not as recorded."""

    episode: str
    number: int
    call: str
    wanted: Any
    got: Any
    reason: str

    def __str__(self) -> str:
        return f"{self.episode} #{self.number}: {self.call}: {self.reason}"


@dataclass
class Score:
    """How many answers were equal, and which were not."""

    equal: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    different: list[Difference] = field(default_factory=list)

    @property
    def replayed(self) -> int:
        return self.equal + len(self.different)

    @property
    def share(self) -> float:
        return self.equal / self.replayed if self.replayed else 0.0

    def __str__(self) -> str:
        first = f"{self.equal} of {self.replayed} answers equal ({self.share:.2%})"
        left_out = [f"not replayable: {count}, {why}" for why, count in self.skipped.items()]
        return "\n".join([first, *left_out, *map(str, self.different)])


def recorded(path: Path = RECORDINGS) -> list[Json]:
    """Return all recorded exchanges."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def episodes(exchanges: Iterable[Json]) -> dict[str, list[Json]]:
    """Return the exchanges by the test that made them."""
    found: dict[str, list[Json]] = {}
    for exchange in exchanges:
        found.setdefault(exchange["episode"], []).append(exchange)
    return found


class Replay:
    """One episode being played; learns which id here stands for which one there."""

    def __init__(self, base_url: str, session: requests.Session, score: Score) -> None:
        self.base_url, self.session, self.score = base_url, session, score
        self.ids: dict[Any, Any] = {}

    def play(self, exchanges: list[Json]) -> None:
        """Play an episode."""
        for number, exchange in enumerate(exchanges):
            why = self.unplayable(exchange)
            if why:
                self.score.skipped[why] += 1
                continue
            answer = self.session.request(
                exchange["method"],
                self.base_url + self.translated_url(exchange["url"]),
                json=self.translated(exchange["body"]) if exchange["body"] is not None else None,
                timeout=60,
            )
            self.compare(exchange, number, answer)

    def unplayable(self, exchange: Json) -> str:
        """Return why an exchange can't be played, "" if it can."""
        parts = exchange["url"].partition("?")[0].strip("/").split("/")
        named = [
            part.partition(":")[0]
            for at, part in enumerate(parts)
            if at and parts[at - 1] in ("spreadsheets", "files")
        ]
        if any(name and name not in self.ids for name in named):
            return "spreadsheet made outside the episode"
        listed = exchange["response"].get("files", []) if isinstance(exchange["response"], dict) else []
        if any(isinstance(file, dict) and file.get("id") not in self.ids for file in listed):
            return "lists files made outside the episode"
        return ""

    def translated_url(self, url: str) -> str:
        """Return an address with the ids of here."""
        for there, here in self.ids.items():
            if isinstance(there, str):
                url = url.replace(there, here)
            elif f"/sheets/{there}:" in url:
                url = url.replace(f"/sheets/{there}:", f"/sheets/{here}:")
        return url

    def translated(self, value: Any, key: str = "") -> Any:
        """Return a body with the ids of here."""
        if isinstance(value, dict):
            return {name: self.translated(item, name) for name, item in value.items()}
        if isinstance(value, list):
            return [self.translated(item, key) for item in value]
        return self.ids.get(value, value) if key in ID_KEYS and not isinstance(value, bool) else value

    def compare(self, exchange: Json, number: int, answer: requests.Response) -> None:
        """Hold an answer against the recorded one."""
        try:
            found: Any = answer.json() if answer.content else None
        except ValueError:
            found = answer.text
        self.learn(exchange["response"], found)
        wanted, got = self.bare(exchange["response"], self.translated), self.bare(found, lambda value: value)
        if answer.status_code == exchange["status"] and wanted == got:
            self.score.equal += 1
            return
        call = f"{exchange['method']} {exchange['url'][:120]}"
        reason = f"status {answer.status_code}, recorded {exchange['status']}"
        if answer.status_code == exchange["status"]:
            reason = first_difference(wanted, got)
        self.score.different.append(Difference(exchange["episode"], number, call, wanted, got, reason))

    def learn(self, there: Any, here: Any) -> None:
        """Note the ids of an answer."""
        if isinstance(there, dict) and isinstance(here, dict):
            for name in there.keys() & here.keys():
                if name in ID_KEYS and there[name] and isinstance(there[name], str | int):
                    self.ids.setdefault(there[name], here[name])
                self.learn(there[name], here[name])
        elif isinstance(there, list) and isinstance(here, list):
            for one, two in zip(there, here, strict=False):
                self.learn(one, two)

    def bare(self, value: Any, translate: Callable[[Any], Any]) -> Any:
        """Return an answer without what differs by nature."""
        return _without(translate(value))


def _without(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without(item) for name, item in value.items() if name not in DIFFERS_BY_NATURE}
    return [_without(item) for item in value] if isinstance(value, list) else value


def first_difference(wanted: Any, got: Any, path: str = "") -> str:
    """Return where two answers part, in words."""
    if isinstance(wanted, dict) and isinstance(got, dict):
        for name in sorted(wanted.keys() | got.keys()):
            if name not in got:
                return f"{path}.{name} is missing, recorded {json.dumps(wanted[name])[:150]}"
            if name not in wanted:
                return f"{path}.{name} is too much: {json.dumps(got[name])[:150]}"
            if wanted[name] != got[name]:
                return first_difference(wanted[name], got[name], f"{path}.{name}")
    if isinstance(wanted, list) and isinstance(got, list) and len(wanted) == len(got):
        for at, (one, two) in enumerate(zip(wanted, got, strict=True)):
            if one != two:
                return first_difference(one, two, f"{path}[{at}]")
    return f"{path} is {json.dumps(got)[:200]}, recorded {json.dumps(wanted)[:200]}"


def replay(found: dict[str, list[Json]], base_url: str, reset: Callable[[], None]) -> Score:
    """Play episodes, each at an empty Google."""
    score, session = Score(), requests.Session()
    session.headers["Authorization"] = "Bearer replayed"
    for exchanges in found.values():
        reset()
        Replay(base_url, session, score).play(exchanges)
    return score
