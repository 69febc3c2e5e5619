"""An inbox with the answers of several rounds, and a search for what is left of them anywhere."""

import zipfile
from collections import Counter
from collections.abc import Collection, Hashable, Mapping, Sequence
from pathlib import Path

from services.errors import SpreadsheetChanged
from services.workbook.cell_values import header_text
from services.workbook.excel import ExcelFolder
from services.workbook.memory import MemoryWorkbook
from services.workbook.port import Cell, RowNumbers, Sheet, Snapshot, Workbook
from services.workbook.seen_rows import header_number, row_at
from tests.sheets_server.serving import LocalGoogle
from tests.workbook.contract import rows_of

TRIES = 8
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


def remove_seen(workbook: Workbook, spreadsheet: str, rows: RowNumbers, seen: Snapshot) -> int:
    """Remove rows of a snapshot, which may be old, wherever they stand by now; how many were there.

    A row that somebody has changed since is not among them: it stays, and so does every other row.
    """
    computed = {name: _computed(seen, name) for name in rows}
    wanted = {
        name: Counter(_content(seen.sheets[name], row, computed[name]) for row in rows[name]) for name in rows
    }
    for _ in range(TRIES):
        try:
            workbook.remove(spreadsheet, rows, seen)
            return sum(map(len, rows.values()))
        except SpreadsheetChanged:
            seen = workbook.fresh(spreadsheet, list(wanted))
        rows = {
            name: _standing(seen.sheets[name], sought, computed[name])
            for name, sought in wanted.items()
            if name in seen.sheets
        }
        if not any(rows.values()):
            return 0
    raise SpreadsheetChanged(spreadsheet, f"people are faster in {spreadsheet}")


def _standing(sheet: Sheet, wanted: Mapping[Hashable, int], computed: Collection[str]) -> list[int]:
    """The numbers of the rows that are among those wanted; of equal ones the first."""
    left = dict(wanted)
    found: list[int] = []
    for row in range(header_number(sheet) + 1, sheet.height + 1):
        content = _content(sheet, row, computed)
        if left.get(content, 0):
            left[content] -= 1
            found.append(row)
    return found


def _content(sheet: Sheet, row: int, computed: Collection[str]) -> Hashable:
    """What a row says, whatever the order of the columns, but for those that are computed."""
    names = _names(sheet)
    return frozenset(
        (names[column], type(cell).__name__, cell)
        for column, cell in enumerate(row_at(sheet, row))
        if cell != "" and names[column] not in computed
    )


def _computed(seen: Snapshot, name: str) -> set[str]:
    """The columns in which people have formulas: what those give is nobody's answer."""
    names = _names(seen.sheets[name])
    return {names[column] for sheet, _, column in seen.formulas if sheet == name and column < len(names)}


def _names(sheet: Sheet) -> list[str]:
    """What each column is called; by its number where it has no header."""
    headers = [header_text(cell) for cell in row_at(sheet, header_number(sheet))]
    headers += [""] * (len(sheet.columns) - len(headers))
    return [header or f"column {number}" for number, header in enumerate(headers)]
