"""An inbox with the answers of several rounds, and a search for what is left of them anywhere."""

import zipfile
from collections.abc import Sequence
from pathlib import Path

from services.workbook.excel import ExcelFolder
from services.workbook.memory import MemoryWorkbook
from services.workbook.port import Cell, Workbook
from tests.sheets_server.serving import LocalGoogle
from tests.workbook.contract import rows_of

ROUND = ("Omgång", "2027")
SHEETS = ("Inkomna", "Deltagande")
RECEIVED = ["Nyckel", "Omgång", "Skolenhetskod", "Version", "1.1", "1.2", "Eget"]
TAKEN_PART = ["Nyckel", "Omgång", "Skolenhetskod"]


def key(number: int) -> str:
    """As long as the keys of people are."""
    return f"{number:02}{'nyckel' * 5}{number:02}"


def answer(number: int, round_: str = "2027", version: int = 1) -> list[Cell]:
    return [key(number), round_, "00123456", float(version), 3.0, "" if number % 3 else 4.0, ""]


def inbox(rounds: Sequence[str] = ("2027", "2026", "2027", "2027", "2026")) -> dict[str, list[list[Cell]]]:
    """The sheets, with one answer for each of the rounds named, in that order."""
    answers = [answer(number, round_) for number, round_ in enumerate(rounds)]
    return {"Inkomna": [[*RECEIVED], *answers], "Deltagande": [[*TAKEN_PART], *(row[:3] for row in answers)]}


def keys_in(workbook: Workbook, sheet: str = "Inkomna") -> list[Cell]:
    """The keys that stand in a sheet, from the top."""
    return [row[0] for row in rows_of(workbook, "inkorg", sheet)[1:] if row[0] != ""]


def everything_of(workbook: Workbook, folder: Path, google: LocalGoogle | None) -> str:
    """All that is stored: every byte of every file, unzipped too; all of Google's own state."""
    found = [repr(vars(workbook))] if isinstance(workbook, MemoryWorkbook) else []
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            found.append(path.read_bytes().decode("utf-8", "replace"))
            if zipfile.is_zipfile(path):
                with zipfile.ZipFile(path) as archive:
                    found += [archive.read(name).decode("utf-8", "replace") for name in archive.namelist()]
    if google is not None:
        for file in google.google.files.values():
            assert file.book is not None
            found += [repr((vars(sheet), sheet.grid.rows)) for sheet in file.book.sheets]
            found.append(repr((file.book.named_ranges, file.book.metadata)))
    assert found
    return "\n".join(found)


def in_files(folder: Path, sheets: dict[str, list[list[Cell]]]) -> ExcelFolder:
    """The inbox as a file, in the way the contract's tests save it."""
    from tests.workbook.contract import save_with_openpyxl

    save_with_openpyxl(folder / "inkorg.xlsx", sheets)
    return ExcelFolder(folder, folder / "state")
