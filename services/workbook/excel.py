"""The workbook that is a folder of .xlsx files, which people open in Excel or LibreOffice at will."""

import os
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path

from services.errors import SpreadsheetBusy, SpreadsheetChanged, SpreadsheetMissing
from services.workbook import file_saving
from services.workbook.cell_values import columns_of
from services.workbook.port import CellChange, Columns, Row, RowNumbers, Snapshot, Version
from services.workbook.seen_rows import refuse_headers, stand_as_seen
from services.workbook.xlsx_guard import LARGEST_FILE, Damaged, unreadable
from services.workbook.xlsx_patch import Patch
from services.workbook.xlsx_read import read_xlsx

_PAUSES = (0.05, 0.1, 0.15, 0.3)  # between looks at a file that someone may be saving
_NOT_A_SPREADSHEET = (".", "~$")
_KEPT = ".tidigare"

_Change = Callable[[Patch], None]


class ExcelFolder:
    """Every `NAME.xlsx` in the folder is the spreadsheet NAME.

    The version before the last write is kept as `tidigare/NAME.xlsx` in the state folder, or in
    `.tidigare` beside the files where there is none. Reading changes nothing on disk.
    """

    def __init__(self, folder: Path, state: Path | None = None) -> None:
        self._folder = folder
        self._state = state

    def spreadsheets(self) -> frozenset[str]:
        """The names of the files, without those that programs leave beside them."""
        try:
            paths = list(self._folder.iterdir())
        except FileNotFoundError:
            return frozenset()
        except OSError as fault:
            name = self._folder.name
            raise SpreadsheetBusy(
                name, f"Mappen {name} med kalkylblad går inte att läsa; se över behörigheten till den."
            ) from fault
        return frozenset(
            path.stem
            for path in paths
            if path.suffix == ".xlsx" and not path.name.startswith(_NOT_A_SPREADSHEET) and path.is_file()
        )

    def version(self, spreadsheet: str) -> Version:
        """The file's time, size and identity."""
        path = self._path(spreadsheet)
        try:
            return _version(path.stat())
        except OSError as fault:
            raise _not_there(path, fault) from fault

    def read(self, spreadsheet: str, sheets: Collection[str] | None = None) -> Snapshot:
        """The worksheets named, or all; a file that is just being saved is looked at again for a moment."""
        found = self._read(self._path(spreadsheet))
        if sheets is None:
            return found
        return Snapshot(found.version, {name: found.sheets[name] for name in sheets if name in found.sheets})

    def fresh(self, spreadsheet: str, sheets: Collection[str]) -> Snapshot:
        """The worksheets as they stand at this moment."""
        return self.read(spreadsheet, sheets)

    def columns(self, spreadsheet: str, wanted: Mapping[str, Collection[str]]) -> Columns:
        """The columns named, by worksheet, as they stand at this moment."""
        return columns_of(self.read(spreadsheet, wanted).sheets, wanted)

    def append(self, spreadsheet: str, rows: Mapping[str, Sequence[Row]]) -> None:
        """Add rows after the last row with content of each sheet named, all of them or none."""
        wanted = {sheet: list(new) for sheet, new in rows.items()}
        path = self._path(spreadsheet)
        if not any(wanted.values()):
            self.version(spreadsheet)
            return

        def add(patch: Patch) -> None:
            for sheet, new in wanted.items():
                patch.append(sheet, new)

        for pause in _PAUSES:
            try:
                self._change(path, add)
                return
            except SpreadsheetChanged:
                # A person saved in between: what is added goes after what is there now.
                time.sleep(pause)
        self._change(path, add)

    def write(self, spreadsheet: str, changes: Sequence[CellChange], seen: Snapshot) -> None:
        """Change cells of the snapshot that was seen, all of them or none."""

        def put(patch: Patch) -> None:
            for change in changes:
                patch.write(change)

        self._change(self._path(spreadsheet), put if changes else None, seen.version)

    def remove(self, spreadsheet: str, rows: RowNumbers, seen: Snapshot) -> None:
        """Empty rows of the snapshot that was seen, all of them or none; what is saved below them stays."""
        path = self._path(spreadsheet)
        wanted = {sheet: sorted(set(numbers)) for sheet, numbers in rows.items() if numbers}
        for sheet, numbers in wanted.items():
            refuse_headers(seen, sheet, numbers)

        def take_away(patch: Patch) -> None:
            now = read_xlsx(patch.data, path.name)
            for sheet, numbers in wanted.items():
                if sheet not in now or not stand_as_seen(numbers, seen.sheets[sheet], now[sheet]):
                    raise _changed(path)
                patch.remove(sheet, numbers)

        self._change(path, take_away if wanted else None)

    def forget(self, spreadsheet: str) -> None:
        """Take away the version before the last write, and what a write that was cut off has left."""
        path = self._path(spreadsheet)
        # Whoever opened the folder without a state folder has left it beside the files.
        kept = {self.previous(spreadsheet), self._folder / _KEPT / path.name}
        with file_saving.alone(path, self._lock(path)):
            file_saving.forget(path.resolve(), kept)
        self.version(spreadsheet)

    def previous(self, spreadsheet: str) -> Path:
        """Where the version before the last write is kept."""
        kept = self._folder / _KEPT if self._state is None else self._state / "tidigare"
        return kept / self._path(spreadsheet).name

    def _path(self, spreadsheet: str) -> Path:
        path = self._folder / f"{spreadsheet}.xlsx"
        if Path(spreadsheet).name != spreadsheet or spreadsheet.startswith(_NOT_A_SPREADSHEET):
            raise _not_there(path, FileNotFoundError())
        return path

    def _lock(self, path: Path) -> Path:
        if self._state is None:
            return self._folder / f".{path.name}.lock"
        return self._state / f"{path.name}.lock"

    def _read(self, path: Path) -> Snapshot:
        for pause in _PAUSES:
            try:
                return _snapshot(path)
            except (Damaged, SpreadsheetMissing):
                # Excel moves the old file away and LibreOffice writes over it: both take a moment.
                time.sleep(pause)
        return _snapshot(path)

    def _change(self, path: Path, change: _Change | None, seen: Version | None = None) -> None:
        self.version(path.stem)
        with file_saving.alone(path, self._lock(path)):
            data, version = _content(path)
            if seen is not None and version != seen:
                raise _changed(path)
            if change is None:
                return
            file_saving.refuse_if_open(path)
            patch = Patch(data, path.name)
            change(patch)

            def check(new: Path) -> None:
                read_xlsx(new.read_bytes(), path.name)
                file_saving.refuse_if_open(path)
                if _version(path.stat()) != version:
                    raise _changed(path)

            # A link to a file elsewhere stays a link.
            file_saving.replace(path.resolve(), patch.content(), self.previous(path.stem), check)


def _snapshot(path: Path) -> Snapshot:
    data, version = _content(path)
    return Snapshot(version, read_xlsx(data, path.name))


def _content(path: Path) -> tuple[bytes, Version]:
    """The file's bytes and the version they are of."""
    for pause in (*_PAUSES, 0.0):
        try:
            with path.open("rb") as file:
                before = os.fstat(file.fileno())
                if before.st_size > LARGEST_FILE:
                    raise unreadable(path.name, "är för stor; ta bort bilder och blad som inte behövs.")
                data = file.read()
                after = os.fstat(file.fileno())
        except OSError as fault:
            raise _not_there(path, fault) from fault
        if _version(before) == _version(after) and len(data) == after.st_size:
            return data, _version(after)
        time.sleep(pause)
    raise SpreadsheetBusy(path.stem, f"Filen {path.name} sparas just nu av någon annan; försök igen strax.")


def _version(status: os.stat_result) -> Version:
    return Version(f"{status.st_mtime_ns}-{status.st_size}-{status.st_ino}")


def _changed(path: Path) -> SpreadsheetChanged:
    return SpreadsheetChanged(
        path.stem, f"Någon hann spara {path.name} före dig; läs in den igen och gör om ändringen."
    )


def _not_there(path: Path, fault: OSError) -> SpreadsheetMissing | SpreadsheetBusy:
    if isinstance(fault, FileNotFoundError | NotADirectoryError | IsADirectoryError):
        return SpreadsheetMissing(
            path.stem, f"Filen {path.name} finns inte; lägg tillbaka den bland kalkylbladen och försök igen."
        )
    return SpreadsheetBusy(
        path.stem,
        f"Filen {path.name} går inte att öppna härifrån; stäng den i andra program och se över behörigheten.",
    )
