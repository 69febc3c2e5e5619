"""Restoring a backup: what is missing is made, what is blank is filled, what people have written stays."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from services.backing_up import Backup
from services.connecting import FIRST_SHEETS, Finder, Link, Say, Wanted
from services.errors import MoveRefused, NotShared
from services.workbook.cell_values import cell_name
from services.workbook.file_saving import create
from services.workbook.google_terms import Json, Target
from services.workbook.whole.differences import Difference, differences, same_content
from services.workbook.whole.exact import Exact, ExactSheet, read_exact
from services.workbook.whole.restoring import CELLS_A_CALL, beside, cells, numbers, shapes, size_of, sizes


@dataclass(frozen=True, slots=True)
class Restored:
    """A spreadsheet after restoring: its filled cells, and what was read back and differs from the backup."""

    spreadsheet: str
    cells: int
    differing: tuple[Difference, ...]

    @property
    def content_differs(self) -> int:
        """How many cells hold something else than in the backup."""
        return sum(one.is_content for one in self.differing)


def restore_google(link: Link, backup: Backup, wanted: Wanted) -> list[Restored]:
    """Bring every spreadsheet of a backup back to Google, and read it back.

    MoveRefused, before anything of that spreadsheet is written, where other content stands in its place.
    """
    if backup.source != "google":
        raise MoveRefused(
            f"Säkerhetskopian {backup.folder.name} är av .xlsx-filer; bär den till Google med upload --data."
        )
    finder = Finder(link, wanted)
    found = [
        _Restoring(link, finder, kept.name, backup.exact(kept.name)).run() for kept in backup.spreadsheets
    ]
    finder.tell_of_made()
    return found


def restore_folder(backup: Backup, data: Path, say: Say) -> None:
    """Put the backup's .xlsx files in a folder. MoveRefused where another file of that name is there."""
    for kept in backup.spreadsheets:
        path = data / f"{kept.name}.xlsx"
        if path.exists() and path.read_bytes() != backup.xlsx(kept.name):
            raise MoveRefused(f"Filen {path} finns redan och är en annan; flytta undan den och kör igen.")
    for kept in backup.spreadsheets:
        path = data / f"{kept.name}.xlsx"
        if path.exists():
            say(f"{path.name}: fanns redan, likadan.")
            continue
        create(path, backup.xlsx(kept.name))
        say(f"{path.name}: återställd.")


class _Restoring:
    """One spreadsheet's way back."""

    def __init__(self, link: Link, finder: Finder, name: str, kept: Exact) -> None:
        self._link, self._finder, self._name, self._kept = link, finder, name, kept

    def run(self) -> Restored:
        """Compare, write what is missing, and read back."""
        target, found = self._target()
        present = {sheet.title: sheet for sheet in found.sheets}
        for sheet in self._kept.sheets:
            if sheet.title in present:
                self._refuse_other(sheet, present[sheet.title])
        if differing := differences(self._kept, found):
            self._write(target, found, {one.sheet for one in differing})
            found = read_exact(self._link.client, target)
        differing = differences(self._kept, found)
        filled = sum("userEnteredValue" in cell for s in self._kept.sheets for row in s.cells for cell in row)
        result = Restored(self._name, filled, tuple(differing))
        looks = len(differing) - result.content_differs
        self._link.say(
            f"{self._name}: återställt. Celler: {filled}, varav {result.content_differs} skiljer sig"
            + (f", och {looks} ser annorlunda ut." if looks else ".")
        )
        return result

    def _target(self) -> tuple[Target, Exact]:
        """The spreadsheet and what stands in it; another one where the known one is gone."""
        target = self._finder.target(self._name)
        try:
            return target, read_exact(self._link.client, target)
        except NotShared:
            target = self._finder.another(self._name)
            return target, read_exact(self._link.client, target)

    def _refuse_other(self, kept: ExactSheet, found: ExactSheet) -> None:
        """MoveRefused where a cell holds something else; headers alone are no content."""
        if _is_headers_alone(found):
            return
        for row, line in enumerate(found.cells):
            for column, cell in enumerate(line):
                if "userEnteredValue" in cell and not same_content(kept.cell(row, column), cell):
                    raise MoveRefused(
                        f"Bladet {found.title} i {self._name} har annat innehåll än säkerhetskopian "
                        f"(cell {cell_name(row + 1, column)}); byt namn på bladet och kör igen."
                    )

    def _write(self, target: Target, found: Exact, titles: Collection[str]) -> None:
        """Write the sheets of these titles."""
        gids = numbers(self._kept, found)
        present = {sheet.title: sheet for sheet in found.sheets}
        wanted = [sheet for sheet in self._kept.sheets if sheet.title in titles]
        language, unwanted = self._first(found)
        if first := language + shapes(wanted, found, gids) + unwanted:
            self._link.change(target, first)
        pending: list[Json] = []
        room = CELLS_A_CALL
        for sheet in wanted:
            now = present.get(sheet.title)
            height, width = _extent(now)
            gid = gids[sheet.properties.get("sheetId", 0)]
            for piece in cells(sheet, gid, height, width):
                size = size_of(piece)
                if pending and size > room:
                    self._link.change(target, pending)
                    self._link.say(f"{self._name}: hunnit till bladet {sheet.title}.")
                    pending, room = [], CELLS_A_CALL
                pending.append(piece)
                room -= size
            pending += sizes(sheet, now, gid)
        if pending:
            self._link.change(target, pending)
        if last := beside(self._kept, found, gids):
            self._link.change(target, last)

    def _first(self, found: Exact) -> tuple[list[Json], list[Json]]:
        """A spreadsheet that we made just now gets the language it had, and loses its first, empty sheet."""
        if self._name not in self._finder.made:
            return [], []
        names = [name for name in ("locale", "timeZone") if name in self._kept.properties]
        properties = {name: self._kept.properties[name] for name in names}
        update: Json = {"properties": properties, "fields": ",".join(names)}
        titles = {sheet.title for sheet in self._kept.sheets}
        unwanted = [
            {"deleteSheet": {"sheetId": sheet.properties.get("sheetId", 0)}}
            for sheet in found.sheets
            if sheet.title in FIRST_SHEETS and sheet.title not in titles and not sheet.cells
        ]
        return ([{"updateSpreadsheetProperties": update}] if names else []), unwanted


def _is_headers_alone(sheet: ExactSheet) -> bool:
    filled = [row for row in sheet.cells if any("userEnteredValue" in cell for cell in row)]
    return len(filled) <= 1


def _extent(sheet: ExactSheet | None) -> tuple[int, int]:
    rows: Sequence[Sequence[Json]] = sheet.cells if sheet else ()
    return len(rows), max(map(len, rows), default=0)
