"""The workbook that is a set of spreadsheets at Google, which people edit at will.

A spreadsheet is one call to read. What is held of it is served without any: as it is for some seconds,
then as long as Drive has noticed no change, and never for longer than a minute, as Drive is late.
"""

import hashlib
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from services.errors import RequestRefused, SpreadsheetChanged, WorkbookTrouble
from services.workbook.cell_values import columns_of
from services.workbook.google import SheetsClient, in_sheet
from services.workbook.google_book import AddressBook
from services.workbook.google_columns import Places
from services.workbook.google_copies import PROBE, Held, Probe
from services.workbook.google_grids import Grid, as_sheet, formula_like
from services.workbook.google_grids import formulas as formulas_in
from services.workbook.google_terms import Grids, SheetInfo, Target, Usage
from services.workbook.google_writing import GoogleWriting
from services.workbook.guarded.scratch import is_scratch
from services.workbook.pacing import PAGE, WRITER, Patience
from services.workbook.port import CellChange, Columns, Row, RowNumbers, Snapshot, Version

AS_IT_IS = 15.0
"""Seconds for which what was read is served without asking."""

READ_AGAIN = 40.0
"""Seconds after which it is read whatever Drive says, so that nobody is shown what is older than a minute."""

LISTED = 60.0
"""Seconds for which a closed round is taken for what Drive said last."""

WITHOUT_DRIVE = 600.0
"""Seconds for which a closed round is taken to be unchanged where Drive says nothing."""

NOT_READ = Version("not read")

_LOOKS = 3


def never(_: str) -> bool:
    """No spreadsheet is settled."""
    return False


class GoogleWorkbook:
    """The spreadsheets of the address book; those that `settled` names change so seldom that Drive judges.

    What Google has not answered for is written down in the folder `journal`, so that a restart knows of it.
    """

    def __init__(
        self,
        client: SheetsClient,
        book: AddressBook,
        settled: Callable[[str], bool] = never,
        patience: Patience = PAGE,
        journal: Path | None = None,
    ) -> None:
        self.client, self.book = client, book
        self._settled, self._patience = settled, patience
        self._writing = GoogleWriting(client, book.target, journal)
        self._clock = client.pace.clock
        self._probe = Probe(client)
        self._places = Places()
        self._held: dict[str, Held] = {}
        self._gids: dict[str, tuple[float, dict[str, int]]] = {}
        self._written: Counter[str] = Counter()
        self._reading: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)

    def spreadsheets(self) -> frozenset[str]:
        """The names in the address book."""
        return frozenset(self.book.ids())

    def version(self, spreadsheet: str) -> Version:
        """Changes with the content; of a settled spreadsheet, with what Drive calls its version."""
        target = self.book.target(spreadsheet)
        held = self._held.get(spreadsheet)
        if self._settled(spreadsheet):
            return self._settled_version(target, held)
        return NOT_READ if held is None else self._renewed(target, held).version

    def read(self, spreadsheet: str, sheets: Collection[str] | None = None) -> Snapshot:
        """The sheets as held if that is fresh enough, else as they stand at Google."""
        target = self.book.target(spreadsheet)
        asked = None if sheets is None else frozenset(sheets)
        held = self._held.get(spreadsheet)
        if held is not None and held.asked == asked:
            version, held = self.version(spreadsheet), self._held[spreadsheet]
            if held.version == version:
                return held.snapshot()
        return self._fetch(target, asked).snapshot()

    def fresh(self, spreadsheet: str, sheets: Collection[str]) -> Snapshot:
        """The sheets as they stand at this moment, with the places of their formulas."""
        target = self.book.target(spreadsheet)
        self._writing.settle(target)
        for _ in range(_LOOKS):
            found = self._grids_of(target, list(sheets), formulas=True)
            suspects = [name for name, grid in found.items() if formula_like(grid)]
            shown = self._grids_of(target, suspects) if suspects else {}
            formulas = [formulas_in(name, found[name], shown.get(name)) for name in suspects]
            if None not in formulas:
                read = {name: as_sheet(grid) for name, grid in {**found, **shown}.items()}
                self._places.remember(spreadsheet, read)
                places = frozenset(place for one in formulas for place in one or ())
                return Snapshot(Version("fresh"), read, places)
        raise SpreadsheetChanged(
            spreadsheet, f"Någon ändrar i {spreadsheet} just nu; läs in det igen och gör om ändringen."
        )

    def columns(self, spreadsheet: str, wanted: Mapping[str, Collection[str]]) -> Columns:
        """The columns as they stand at this moment; one call if the headers are where they were seen last."""
        target = self.book.target(spreadsheet)
        self._writing.settle(target)
        guess = self._places.guess(spreadsheet, wanted)
        if guess is not None:
            try:
                found = guess.confirmed(self.client.values(target, guess.ranges(), patience=WRITER))
            except RequestRefused:
                found = None  # a sheet or a column is gone
            if found is not None:
                return found
        sheets = {name: as_sheet(grid) for name, grid in self._grids_of(target, list(wanted)).items()}
        self._places.remember(spreadsheet, sheets)
        return columns_of(sheets, wanted)

    def append(self, spreadsheet: str, rows: Mapping[str, Sequence[Row]]) -> None:
        """Add rows after the last row with content of each sheet named, all of them or none."""
        try:
            self._writing.append(spreadsheet, rows)
        finally:
            self.wrote(spreadsheet)

    def write(self, spreadsheet: str, changes: Sequence[CellChange], seen: Snapshot) -> None:
        """Change cells of the fresh snapshot that was seen, all of them or none."""
        try:
            self._writing.write(spreadsheet, changes, seen)
        finally:
            self.wrote(spreadsheet)

    def remove(self, spreadsheet: str, rows: RowNumbers, seen: Snapshot) -> None:
        """Empty rows of the fresh snapshot that was seen, all of them or none."""
        try:
            self._writing.remove(spreadsheet, rows, seen)
        finally:
            self.wrote(spreadsheet)

    def forget(self, spreadsheet: str) -> None:
        """Leave no copy of what it held before; Google's own history of versions is out of our reach."""
        self._writing.forget(spreadsheet)

    def wrote(self, spreadsheet: str) -> None:
        """What is held of the spreadsheet is stale: we have written, or may have."""
        self._written[spreadsheet] += 1
        held = self._held.get(spreadsheet)
        if held is not None:
            self._held[spreadsheet] = replace(
                held, read_at=-float("inf"), checked_at=-float("inf"), drive=None
            )

    def age(self, spreadsheet: str) -> float | None:
        """Seconds since the spreadsheet was read; None if it has not been."""
        held = self._held.get(spreadsheet)
        return None if held is None else self._clock() - held.read_at

    def usage(self) -> Usage:
        """What has been asked of Google."""
        return self.client.usage()

    def link(self, spreadsheet: str, sheet: str | None = None, cell: str | None = None) -> str:
        """The address of a cell, for a person to open; of the spreadsheet where Google doesn't tell more.

        One call the first time a spreadsheet is asked for, and seldom again.
        """
        target = self.book.target(spreadsheet)
        address = f"https://docs.google.com/spreadsheets/d/{target.id}/edit"
        gid = None if sheet is None else self._gid(target, sheet)
        if gid is None:
            return address
        return f"{address}#gid={gid}" + (f"&range={cell}" if cell else "")

    def _gid(self, target: Target, sheet: str) -> int | None:
        """Google's number of a sheet; one that is not known is not looked for time and again."""
        looked, gids = self._gids.get(target.name, (-float("inf"), {}))
        if sheet not in gids and self._clock() - looked >= LISTED:
            try:
                self._sheets_of(target, PROBE)
            except WorkbookTrouble:
                self._gids[target.name] = self._clock(), gids
            gids = self._gids[target.name][1]
        return gids.get(sheet)

    def _settled_version(self, target: Target, held: Held | None) -> Version:
        listed = self._probe.version_of(target.id, LISTED)
        if listed is not None:
            if held is not None and held.drive == listed:
                return held.version
            return self._version(target, listed, "")
        if held is None:
            return NOT_READ
        if self._clock() - held.read_at >= WITHOUT_DRIVE and not self.client.is_resting:
            held = self._fetch(target, held.asked)
        return held.version

    def _version(self, target: Target, drive: str | None, content: str) -> Version:
        """What Drive calls it, and how often we wrote, as Drive is late; else a digest of its content."""
        if drive is None or not self._settled(target.name):
            return Version(content)
        return Version(f"{target.id}-{drive}-{self._written[target.name]}")

    def _renewed(self, target: Target, held: Held) -> Held:
        now = self._clock()
        if now - held.checked_at < AS_IT_IS:
            return held
        if now - held.read_at < READ_AGAIN:
            listed = self._probe.version_of(target.id, AS_IT_IS)
            if listed is None or held.drive in (None, listed):
                # What Drive says first is where we begin: the next full reading is soon.
                checked = self._held[target.name] = replace(held, checked_at=now, drive=listed)
                return checked
        return self._fetch(target, held.asked)

    def _fetch(self, target: Target, asked: frozenset[str] | None) -> Held:
        """Read the sheets and hold them; the very same ones where nothing has changed."""
        came = self._clock()
        with self._reading[target.name]:
            before = self._held.get(target.name)
            if before is not None and before.asked == asked and before.read_at > came:
                return before  # someone else was first while we waited
            written, drive, now = self._written[target.name], self._probe.last_known(target.id), self._clock()
            titles, absent, grids = self._look(target, asked, before, drive)
            content = hashlib.sha256("\n".join([grids.digest, *titles]).encode()).hexdigest()
            if before is not None and before.content == content:
                sheets = before.sheets
            else:
                sheets = {name: as_sheet(grid) for name, grid in zip(titles, grids.values, strict=True)}
                self._places.remember(target.name, sheets)
            held = self._held[target.name] = Held(
                asked, absent, self._version(target, drive, content), content, sheets, drive, now, now
            )
            if self._written[target.name] != written:
                self.wrote(target.name)  # while we read: what we read may be from before
            return held

    def _look(
        self, target: Target, asked: frozenset[str] | None, before: Held | None, drive: str | None
    ) -> tuple[list[str], frozenset[str], Grids]:
        """Read the sheets that are there: by the titles known, unless Google says that one is missing."""
        absent: frozenset[str] | None = None
        if asked is not None:
            absent = before.absent if before is not None and before.asked == asked else frozenset()
            if absent and (drive is None or before is None or drive != before.drive):
                absent = None  # it may have come back
        for _ in range(_LOOKS):
            if absent is None or asked is None:
                there = [info.title for info in self._sheets_of(target, self._patience)]
                wanted = {name for name in there if not is_scratch(name)} if asked is None else asked
                titles, absent = [name for name in there if name in wanted], frozenset(wanted) - set(there)
            else:
                titles = sorted(asked - absent)
            try:
                ranges = [in_sheet(name) for name in titles]
                grids = self.client.grids(target, ranges, self._patience) if ranges else Grids([], "")
                return titles, absent, grids
            except RequestRefused as trouble:
                refused, absent = trouble, None
        raise refused

    def _sheets_of(self, target: Target, patience: Patience) -> tuple[SheetInfo, ...]:
        found = self.client.sheets(target, patience)
        self._gids[target.name] = self._clock(), {info.title: info.gid for info in found}
        return found

    def _grids_of(self, target: Target, titles: list[str], *, formulas: bool = False) -> dict[str, Grid]:
        """The grids of the sheets that are there, read for the writer."""
        for is_last in (False, True):
            ranges = [in_sheet(name) for name in titles]
            try:
                found = self.client.values(target, ranges, formulas=formulas, patience=WRITER)
                return dict(zip(titles, found, strict=True))
            except RequestRefused:
                if is_last:
                    raise
                there = {info.title for info in self.client.sheets(target, WRITER)}
                titles = [name for name in titles if name in there]
                if not titles:
                    return {}
        raise AssertionError("unreachable")
