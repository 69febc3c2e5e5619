"""Carries out operations on Google's spreadsheets so that nothing of anybody else's is lost.

What an operation found is held against what was thought; where it differs, what was overwritten is put
back. An operation without an answer stands in the journal, and is settled before the next one.
"""

import contextlib
import logging
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import replace

from services.errors import CellProtected, OutcomeUnknown, RequestRefused, SpreadsheetChanged, WorkbookTrouble
from services.workbook.google import SheetsClient, in_sheet
from services.workbook.google_terms import Json, SheetInfo, Target
from services.workbook.guarded.blocks import added_again
from services.workbook.guarded.cells import sheet_of
from services.workbook.guarded.debts import Done, WrongRow, owed
from services.workbook.guarded.image import FIELDS, READ_FIELDS, Image, misplaced, moved_rows
from services.workbook.guarded.journal import Journal
from services.workbook.guarded.misplaced import blanks_of
from services.workbook.guarded.operation import Line, Operation, Spot
from services.workbook.guarded.placing import back_to, lines_of
from services.workbook.guarded.requests import requests_of, sized
from services.workbook.guarded.scratch import forgetting, making, new_number, replacing, scratch_title
from services.workbook.pacing import WRITER
from services.workbook.port import Sheet

_ROUNDS = 12
"""How often we try to put something back while people go on moving rows."""

_log = logging.getLogger(__name__)


class Guard:
    """Operations on spreadsheets, one at a time in each."""

    def __init__(self, client: SheetsClient, journal: Journal) -> None:
        self._client, self._journal = client, journal
        self._title = scratch_title(journal.name)
        self._infos: dict[str, tuple[SheetInfo, ...]] = {}

    @contextlib.contextmanager
    def ready(self, target: Target) -> Iterator[None]:
        """Alone with the spreadsheet, and with everything earlier settled."""
        with self._journal.alone(target):
            self._settle(target)
            yield

    def infos(self, target: Target, *, again: bool = False) -> dict[str, SheetInfo]:
        """The sheets by title, as last told."""
        if again or target.id not in self._infos:
            self._infos[target.id] = self._client.sheets(target, patience=WRITER)
        return {info.title: info for info in self._infos[target.id]}

    def operation(self, target: Target, titles: Sequence[str], done: Done = ()) -> Operation:
        """An operation on the sheets of these titles that does nothing yet, with room after earlier ones."""
        infos = self.infos(target)
        scratch = infos.get(self._title)
        return Operation(
            id=secrets.token_hex(8),
            scratch=scratch.gid if scratch else new_number(infos.values()),
            titles=tuple((infos[title].gid, title) for title in titles),
            top=done[-1][0].bottom if done else 0,
            columns_before=done[-1][0].columns if done else 2,
            makes_scratch=scratch is None,
        )

    def carry_out(self, target: Target, operation: Operation, done: Done = ()) -> Image:
        """Do it, and tell what it found. Nothing was done if any trouble but OutcomeUnknown is raised."""
        earlier = [one for one, _ in done]
        self._journal.keep(target, [*earlier, operation])
        try:
            image = self._send(target, operation)
        except OutcomeUnknown:
            raise
        except RequestRefused as refusal:
            # Should Google do it and then fail to answer, as a title to be shown is gone: look.
            found = self._look(target)
            if found is None or not found[1].has(operation):
                self._journal.keep(target, earlier)
                self._tell_changes(target, operation, refusal)
                raise
            titles = {info.gid: title for title, info in self.infos(target, again=True).items()}
            image = replace(found[1], titles=titles)
        except WorkbookTrouble:
            self._journal.keep(target, earlier)
            raise
        if not image.has(operation):
            raise OutcomeUnknown(
                target.name, f"Google svarade inte på om ändringen i {target.name} sparades; läs in på nytt."
            )
        return image

    def forget_copies(self, target: Target, operation: Operation) -> None:
        """Leave nothing of what was written over in the app's own sheet."""
        try:
            self._client.change(target, [sized(operation.scratch, 1, 2)])
        except WorkbookTrouble as trouble:
            _log.warning("copies of blanked cells are still in %s: %s", target.name, trouble)

    def forget(self, target: Target) -> None:
        """Leave nothing of what anything held before in the app's own sheets, nor in the journal."""
        if requests := forgetting(self.infos(target, again=True).values(), self._title):
            self._client.change(target, requests)
            self._infos.pop(target.id, None)
        self._journal.forget(target)

    def finish(self, target: Target) -> None:
        """Nothing is left to settle."""
        self._journal.keep(target, ())

    def _send(self, target: Target, operation: Operation) -> Image:
        requests = requests_of(operation)
        if operation.makes_scratch:
            infos = self.infos(target).values()
            requests[:0] = making(operation.scratch, self._title, self._client.address, infos)
        show = [*operation.room(self._title), *(in_sheet(title, "A1") for _, title in operation.titles)]
        answer = self._client.change(target, requests, show=show, fields=FIELDS)
        if operation.makes_scratch:
            own = SheetInfo(self._title, operation.scratch, operation.bottom, operation.columns, hidden=True)
            self._infos[target.id] += (own,)
        return Image.read(answer.get("updatedSpreadsheet", {}).get("sheets", ()), operation.scratch)

    def _look(self, target: Target) -> tuple[SheetInfo, Image] | None:
        """The app's own sheet as it stands; None if there is none."""
        try:
            found = self._client.get(
                target, ranges=[in_sheet(self._title)], fields=READ_FIELDS, patience=WRITER
            )
        except RequestRefused:
            return None
        sheets = found.get("sheets", ())
        info = SheetInfo.read(sheets[0]["properties"])
        return info, Image.read(sheets, info.gid)

    def _tell_changes(self, target: Target, operation: Operation, refusal: RequestRefused) -> None:
        """SpreadsheetChanged if the sheets are not as they were thought to be."""
        before = self._infos.get(target.id)
        now = self.infos(target, again=True)
        gids = {gid for gid, _ in operation.titles} | {operation.scratch}
        known = {info for info in before or () if info.gid in gids and info.title != self._title}
        is_gone = any(now.get(title) is None or now[title].gid != gid for gid, title in operation.titles)
        scratch = now.get(self._title)
        # Another process of this instance may have put another sheet in its place.
        expected = None if operation.makes_scratch else operation.scratch
        is_gone = is_gone or (scratch.gid if scratch else None) != expected
        if is_gone or (before is not None and not known <= set(now.values())):
            raise changed(target) from refusal

    # --- Putting back ----------------------------------------------------------------------------------

    def put_back(self, target: Target, done: Done) -> None:
        """Give every cell that was overwritten by mistake back what stood there, wherever it is by now."""
        chain = list(done)
        for _ in range(_ROUNDS):
            wrong = owed(chain)
            try:
                operation = self._restoring(target, wrong, chain) if wrong else None
                if operation is None:
                    return
                chain.append((operation, self.carry_out(target, operation, chain)))
            except (SpreadsheetChanged, RequestRefused, CellProtected) as trouble:
                _log.warning("could not put back cells in %s yet: %s", target.name, trouble)
        _log.error("gave up putting back cells in %s", target.name)

    def _restoring(self, target: Target, wrong: Sequence[WrongRow], done: Done) -> Operation | None:
        """The operation that puts back what can be found again; None if nothing can."""
        titles = {info.gid: title for title, info in self.infos(target, again=True).items()}
        gids = [gid for gid in dict.fromkeys(row.gid for row in wrong) if gid in titles]
        if not gids:
            return None
        sheets = self.read(target, [titles[gid] for gid in gids])
        lines: list[Line] = []
        spots: list[Spot] = []
        for gid in gids:
            found = back_to(gid, sheets[titles[gid]], [row for row in wrong if row.gid == gid])
            lines += lines_of(gid, sheets[titles[gid]], found)
            spots += found
        operation = self.operation(target, [titles[gid] for gid in gids], done)
        return replace(operation, lines=tuple(lines), spots=tuple(spots)) if spots else None

    def read(self, target: Target, titles: Sequence[str]) -> dict[str, Sheet]:
        """The values of sheets, as they stand."""
        values = self._client.values(target, [in_sheet(title) for title in titles], patience=WRITER)
        return {title: sheet_of(columns) for title, columns in zip(titles, values, strict=True)}

    def take_back(self, target: Target, operation: Operation, image: Image) -> None:
        """Blank rows that were added while their headers stood elsewhere."""
        earlier = [(operation, image)]
        for _ in range(_ROUNDS):
            try:
                blanking = self._blanking(target, operation, earlier)
                if blanking is None:
                    return
                found = self.carry_out(target, blanking, earlier)
            except (SpreadsheetChanged, RequestRefused, CellProtected) as trouble:
                _log.warning("could not take back rows in %s yet: %s", target.name, trouble)
                continue
            if not owed([(blanking, found)]):
                return
            self.put_back(target, [*earlier, (blanking, found)])
        _log.error("gave up taking back misplaced rows in %s", target.name)

    def add_again(self, target: Target, done: Done) -> bool:
        """Add the rows that were emptied at the wrong places; whether any had to be."""
        if not done or not (done[0][0].blocks and moved_rows(*done[0])):
            return False
        for _ in range(_ROUNDS if len(done) == 1 else 0):
            titles = {info.gid: title for title, info in self.infos(target, again=True).items()}
            added = tuple(part for part in added_again(*done[0]) if part.gid in titles)
            operation = self.operation(target, [titles[part.gid] for part in added], done)
            try:
                if added:
                    self.carry_out(target, replace(operation, added=added), done)
                return True
            except (SpreadsheetChanged, RequestRefused, CellProtected) as trouble:
                _log.warning("could not add rows in %s again yet: %s", target.name, trouble)
        return True

    def _blanking(self, target: Target, operation: Operation, done: Done) -> Operation | None:
        """The operation that blanks what was added, where it still stands; None if it does not."""
        titles = {info.gid: title for title, info in self.infos(target, again=True).items()}
        added = [part for part in operation.added if part.gid in titles]
        sheets = self.read(target, [titles[part.gid] for part in added]) if added else {}
        lines: list[Line] = []
        spots: list[Spot] = []
        for part in added:
            found = blanks_of(part, sheets[titles[part.gid]])
            lines += lines_of(part.gid, sheets[titles[part.gid]], found)
            spots += found
        blanking = self.operation(target, [titles[part.gid] for part in added], done)
        return replace(blanking, lines=tuple(lines), spots=tuple(spots)) if spots else None

    # --- Settling --------------------------------------------------------------------------------------

    def _settle(self, target: Target) -> None:
        """Find out what became of operations without an answer, and put right what they did wrong."""
        operations = self._journal.load(target)
        if not operations:
            return
        self._infos.pop(target.id, None)
        image = self._decided(target, operations[-1])
        done = [(operation, image) for operation in operations if image.has(operation)]
        first, rest = (done[0], done[1:]) if done and done[0][0].added else (None, done)
        if rest:
            self.put_back(target, done)
        self.add_again(target, done)
        if first is not None and misplaced(*first):
            self.take_back(target, *first)
        self.finish(target)

    def _decided(self, target: Target, operation: Operation) -> Image:
        """What the app's own sheet tells, once it is certain that the operation can't land any more."""
        nothing = Image({}, {}, {})
        found = self._look(target)
        if found is not None and (found[1].has(operation) or found[0].gid != operation.scratch):
            return found[1]
        if found is None and not operation.makes_scratch:
            _log.error("the app's own sheet in %s is gone, with what it kept", target.name)
            return nothing
        infos = self.infos(target, again=True).values()
        gid, address = new_number(infos), self._client.address
        fence: list[Json]
        fence = (
            making(gid, self._title, address, infos) if found is None else replacing(found[0], gid, address)
        )
        with contextlib.suppress(RequestRefused):  # as it landed in this very moment
            self._client.change(target, fence)
        self._infos.pop(target.id, None)
        found = self._look(target)
        if found is None or (found[0].gid == operation.scratch and not found[1].has(operation)):
            raise OutcomeUnknown(
                target.name, f"Google svarade inte på om ändringen i {target.name} sparades; försök igen."
            )
        return found[1]


def changed(target: Target) -> SpreadsheetChanged:
    """Somebody was faster."""
    return SpreadsheetChanged(
        target.name, f"Någon hann ändra i {target.name} före dig; läs in det igen och gör om ändringen."
    )
