"""Backups: a dated folder with every spreadsheet, as .xlsx to open and, of Google's, exactly as it was.

A folder with a manifest is whole: it gets its name only when everything is written and on disk.
"""

import datetime as dt
import gzip
import hashlib
import json
import os
import shutil
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from services.assembly import MAIN
from services.connecting import Link, Say
from services.errors import MoveRefused, SpreadsheetBusy
from services.workbook.excel import ExcelFolder
from services.workbook.whole.as_xlsx import layouts
from services.workbook.whole.exact import Exact, as_json, from_json, read_exact
from services.workbook.whole.standing import PATIENT
from services.workbook.xlsx_new import write_new
from services.workbook.xlsx_read import read_xlsx

MANIFEST = "manifest.json"
_HALF = ".halv-"
_LOOKS = 3


@dataclass(frozen=True, slots=True)
class Kept:
    """One spreadsheet in a backup: its files by name with their SHA-256, and filled cells by sheet."""

    name: str
    id: str
    files: dict[str, str]
    cells: dict[str, int]


@dataclass(frozen=True, slots=True)
class Backup:
    """A whole backup: the folder, when it was begun, where it was taken from, and what is in it."""

    folder: Path
    made: str
    source: str
    spreadsheets: tuple[Kept, ...]

    def exact(self, name: str) -> Exact:
        """A spreadsheet of Google's exactly as it was."""
        return from_json(gzip.decompress((self.folder / f"{name}.json.gz").read_bytes()))

    def xlsx(self, name: str) -> bytes:
        """A spreadsheet as an .xlsx file."""
        return (self.folder / f"{name}.xlsx").read_bytes()


def back_up_google(link: Link, to: Path, now: dt.datetime) -> Path:
    """Keep every spreadsheet of the address book. Raises, leaving no folder, where one can't be read."""
    ids = link.book.ids()
    if not ids:
        raise MoveRefused("Inga kalkylblad är kopplade till appen än; kör python -m services setup-google.")
    return _whole(to, now, "google", (_keep_google(link, name) for name in _in_order(ids)))


def back_up_folder(data: Path, to: Path, now: dt.datetime, say: Say) -> Path:
    """Keep every .xlsx file of a folder, byte for byte."""
    folder = ExcelFolder(data)
    names = _in_order(folder.spreadsheets())
    if not names:
        raise MoveRefused(f"I {data} finns inga kalkylblad att säkerhetskopiera.")
    return _whole(to, now, "files", (_keep_file(folder, data, name, say) for name in names))


def _in_order(names: Iterable[str]) -> list[str]:
    """The register itself first."""
    return sorted(names, key=lambda name: (name != MAIN, name))


@dataclass(frozen=True, slots=True)
class _Taken:
    """A spreadsheet as read, before it is on disk."""

    name: str
    id: str
    cells: dict[str, int]
    exact: Exact | None = None
    content: bytes = b""


def _keep_google(link: Link, name: str) -> _Taken:
    """Read again where Drive says that somebody changed it while it was being read."""
    target = link.book.target(name)
    before = _version(link, target.id)
    for look in range(_LOOKS):
        exact = read_exact(link.client, target)
        after = _version(link, target.id)
        if after == before:
            break
        before = after
        if look == _LOOKS - 1:
            link.say(f"{name}: ändrades medan det lästes; kopian kan blanda före och efter.")
    cells = {
        sheet.title: sum("userEnteredValue" in cell for row in sheet.cells for cell in row)
        for sheet in exact.sheets
    }
    link.say(f"{name}: {len(cells)} blad. Celler med innehåll: {sum(cells.values())}.")
    if exact.left_out:
        link.say(f"{name}: {exact.left_out} diagram eller filterknappar följer inte med i kopian.")
    return _Taken(name, target.id, cells, exact)


def _version(link: Link, id_: str) -> str:
    return next((file.version for file in link.client.files(PATIENT) if file.id == id_), "")


def _keep_file(folder: ExcelFolder, data: Path, name: str, say: Say) -> _Taken:
    path = data / f"{name}.xlsx"
    for _ in range(_LOOKS):
        version = folder.version(name)
        content = path.read_bytes()
        if folder.version(name) == version:
            sheets = read_xlsx(content, path.name)
            cells = {
                title: sum(value not in ("", None) for values in sheet.columns for value in values)
                for title, sheet in sheets.items()
            }
            say(f"{name}: {len(cells)} blad. Celler med innehåll: {sum(cells.values())}.")
            return _Taken(name, "", cells, content=content)
    raise SpreadsheetBusy(name, f"Filen {path.name} sparas om och om igen just nu; försök igen strax.")


def _whole(to: Path, now: dt.datetime, source: str, taken: Iterable[_Taken]) -> Path:
    """Write everything under a name that is no backup's, and rename at the end."""
    folder = to / now.strftime("%Y-%m-%d-%H%M%S")
    if folder.exists():
        raise MoveRefused(f"Säkerhetskopian {folder} finns redan; vänta en sekund och kör igen.")
    half = to / f"{_HALF}{folder.name}-{os.getpid()}"
    try:
        half.mkdir(mode=0o700, parents=True)
        kept = [asdict(_write(half, one)) for one in taken]
        manifest = {"made": now.isoformat(), "source": source, "spreadsheets": kept}
        _put(half / MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1).encode())
        half.rename(folder)
        _settle(to)
    except OSError as fault:
        raise MoveRefused(f"Mappen {to} går inte att skriva i ({fault.strerror}); välj en annan.") from fault
    finally:
        shutil.rmtree(half, ignore_errors=True)
    return folder


def _write(half: Path, one: _Taken) -> Kept:
    xlsx = half / f"{one.name}.xlsx"
    paths = [xlsx]
    if one.exact is None:
        _put(xlsx, one.content)
    else:
        write_new(xlsx, layouts(one.exact))
        paths.append(half / f"{one.name}.json.gz")
        _put(paths[-1], gzip.compress(as_json(one.exact), compresslevel=6, mtime=0))
    for path in paths:
        path.chmod(0o600)
    return Kept(one.name, one.id, {path.name: _digest(path) for path in paths}, one.cells)


def open_backup(folder: Path) -> Backup:
    """A backup whose every file is as it was written. MoveRefused otherwise."""
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        kept = tuple(Kept(**one) for one in found["spreadsheets"])
        backup = Backup(folder, found["made"], found["source"], kept)
        if any(Path(name).name != name for one in kept for name in (one.name, *one.files)):
            raise ValueError("a name that leads elsewhere")
        wrong = [
            name for one in kept for name, digest in one.files.items() if _digest(folder / name) != digest
        ]
    except (OSError, ValueError, LookupError, TypeError) as fault:
        raise MoveRefused(f"I {folder} finns ingen hel säkerhetskopia.") from fault
    if wrong:
        raise MoveRefused(
            f"Filen {wrong[0]} i säkerhetskopian är ändrad eller skadad; använd en annan kopia."
        )
    return backup


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _put(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _settle(folder: Path) -> None:
    """Make the new name itself survive a power cut."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
