"""The checklist for a real account at Google: what our code takes for granted, seen with one's own eyes.

It works in a spreadsheet of its own, never in the register, and takes away what it made there.
"""

import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from services.errors import MoveRefused, Trouble, WorkbookTrouble
from services.workbook.google import SheetsClient, in_sheet
from services.workbook.google_terms import Json, Target
from services.workbook.whole.standing import PATIENT

NAME = "vebs smoke-google"


class Verdict(StrEnum):
    """How a check went."""

    AS_THOUGHT = "OK"
    DIFFERS = "avviker"
    UNTRIED = "kan inte provas"


@dataclass(frozen=True, slots=True)
class Seen:
    """What a check saw, and whether our code may go on taking it for granted."""

    verdict: Verdict
    what: str


@dataclass(frozen=True, slots=True)
class Result:
    """A line of the report."""

    claim: str
    seen: Seen

    @property
    def line(self) -> str:
        """As it is printed."""
        return f"{self.seen.verdict:<16} {self.claim}: {self.seen.what}"


@dataclass(slots=True)
class Bench:
    """Where the checks work: a spreadsheet, a person if there is one, and time."""

    client: SheetsClient
    target: Target
    ask: Callable[[str], bool]
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    made: list[int] = field(default_factory=list)

    def sheet(self, title: str, rows: Sequence[Sequence[Any]] = ()) -> int:
        """Make a sheet with these rows, typed; its number."""
        gid = zlib.crc32(f"{title} {self.clock()}".encode()) & 0x3FFFFFFF | 1
        properties = {"sheetId": gid, "title": title, "gridProperties": {"rowCount": 200, "columnCount": 8}}
        requests: list[Json] = [{"addSheet": {"properties": properties}}]
        if rows:
            requests.append(put(gid, 0, 0, rows))
        self.change(*requests)
        self.made.append(gid)
        return gid

    def change(self, *requests: Json, **shown: Any) -> Json:
        """Change the spreadsheet."""
        return self.client.change(self.target, requests, patience=PATIENT, **shown)

    def columns(self, title: str, *, formulas: bool = False) -> list[list[Any]]:
        """What stands in a sheet, column by column."""
        return self.client.values(self.target, [in_sheet(title)], formulas=formulas, patience=PATIENT)[0]

    def version(self) -> str:
        """What Drive calls the spreadsheet's version."""
        return next((file.version for file in self.client.files(PATIENT) if file.id == self.target.id), "")

    def clean(self) -> None:
        """Take away every sheet that was made."""
        there = {info.gid for info in self.client.sheets(self.target, PATIENT)}
        requests: list[Json] = [{"deleteSheet": {"sheetId": gid}} for gid in set(self.made) & there]
        if requests:
            self.change(*requests)
        self.made.clear()


Check = Callable[[Bench], Seen]


def value(thing: str | float | bool) -> Json:
    """A typed cell."""
    if isinstance(thing, str):
        kind = "formulaValue" if thing.startswith("=") else "stringValue"
        return {"userEnteredValue": {kind: thing}}
    return {"userEnteredValue": {"boolValue" if isinstance(thing, bool) else "numberValue": thing}}


def put(gid: int, row: int, column: int, rows: Sequence[Sequence[Any]]) -> Json:
    """The request that writes typed cells from a corner; text that starts with = is a formula."""
    cells = [{"values": [value(thing) for thing in line]} for line in rows]
    start = {"sheetId": gid, "rowIndex": row, "columnIndex": column}
    return {"updateCells": {"start": start, "rows": cells, "fields": "userEnteredValue"}}


def area(gid: int, top: int, bottom: int, left: int, right: int) -> Json:
    """A range of a sheet, from 0, ends not included."""
    return {
        "sheetId": gid,
        "startRowIndex": top,
        "endRowIndex": bottom,
        "startColumnIndex": left,
        "endColumnIndex": right,
    }


def agree(what: str, expected: object, found: object) -> Seen:
    """As thought where the two are equal; else what was seen instead."""
    if expected == found:
        return Seen(Verdict.AS_THOUGHT, what)
    return Seen(Verdict.DIFFERS, f"väntade {expected!r}, såg {found!r}")


def place(client: SheetsClient, id_: str | None) -> Target:
    """The spreadsheet to work in: the one given, one that an earlier run made, or a new one."""
    if id_ is not None:
        return Target(NAME, id_)
    own = [
        file
        for file in client.files(PATIENT)
        if file.name == NAME and file.owner in ("", client.address or file.owner)
    ]
    if own:
        return Target(NAME, own[0].id)
    try:
        return Target(NAME, client.create(NAME, PATIENT))
    except WorkbookTrouble as refusal:
        raise MoveRefused(
            "Google låter inte appen göra ett kalkylblad att prova i; skapa ett tomt, dela det med "
            f"{client.address or 'appens adress'} som redigerare och kör igen med --spreadsheet och dess id."
        ) from refusal


def run(bench: Bench, checks: Sequence[tuple[str, Check]]) -> Iterator[Result]:
    """Every check in turn; one that fails in a way we have a sentence for does not stop the rest."""
    try:
        for claim, check in checks:
            try:
                seen = check(bench)
            except Trouble as trouble:
                seen = Seen(Verdict.DIFFERS, str(trouble))
            yield Result(claim, seen)
    finally:
        bench.clean()


def summary(results: Sequence[Result]) -> str:
    """How many went which way."""
    counts = {verdict: sum(result.seen.verdict is verdict for result in results) for verdict in Verdict}
    return (
        f"{counts[Verdict.AS_THOUGHT]} som väntat, {counts[Verdict.DIFFERS]} avviker, "
        f"{counts[Verdict.UNTRIED]} kunde inte provas."
    )
