"""What the contract's tests share: registers to open, and how what is read is held against what was meant."""
# ruff: noqa: DTZ001  # cells have no time zone

import datetime as dt
import re
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import openpyxl

from services.workbook.memory import Formula
from services.workbook.port import Cell, CellChange, Snapshot, Version, Workbook

Content = Cell | Formula
Register = Mapping[str, Mapping[str, Sequence[Sequence[Content]]]]

SCHOOLS = [
    ["Skolenhetskod", "Skola", " Personal ", "Öppnar", "Start"],
    ["00123456", "Alvikskolan", 41, dt.date(2022, 1, 24), dt.time(13, 5)],
    ["00123457", "Björkskolan", 17.5, dt.date(2022, 2, 1), dt.time(8, 0)],
]
FIRST_DAY = dt.datetime(1899, 12, 30)


def save_with_openpyxl(path: Path, sheets: Mapping[str, Sequence[Sequence[Content]]]) -> None:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.worksheets[0])
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for r, row in enumerate(rows, 1):
            for c, value in enumerate(row, 1):
                if isinstance(value, Formula):
                    sheet.cell(r, c).value = value.text
                elif value not in (None, ""):
                    sheet.cell(r, c).value = value
                    if isinstance(value, str):
                        sheet.cell(r, c).data_type = "s"
    workbook.save(path)
    formulas = [cell for rows in sheets.values() for row in rows for cell in row if isinstance(cell, Formula)]
    if any(isinstance(formula.value, str) for formula in formulas):
        _show_results(path, formulas)


def _show_results(path: Path, formulas: Sequence[Formula]) -> None:
    """Let formulas that give a text show it, as a program leaves them that has computed them."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    for formula in formulas:
        if isinstance(formula.value, str):
            text, value = escape(formula.text[1:]), escape(formula.value)
            bare = re.compile(rf"<c ([^>]*)><f>{re.escape(text)}</f>(?:<v ?/>|<v></v>)</c>")
            shown = rf'<c \1 t="str"><f>{text}</f><v>{value}</v></c>'
            parts = {name: bare.sub(shown, content) for name, content in parts.items()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def rows_of(
    workbook: Workbook,
    spreadsheet: str = "vebs",
    sheet: str = "Skolor",
    meant: Sequence[Sequence[Cell]] = (),
) -> list[list[Cell]]:
    """The rows as read; a number where a date or a time was meant is read as the moment it stands for."""
    columns = workbook.read(spreadsheet).sheets[sheet].columns
    found = [["" if cell is None else cell for cell in row] for row in zip(*columns, strict=True)]
    for r, row in enumerate(meant):
        for c, wish in enumerate(row):
            if r < len(found) and c < len(found[r]):
                found[r][c] = as_meant(found[r][c], wish)
    return found


def as_meant(cell: Cell, wish: Cell) -> Cell:
    is_moment = isinstance(wish, dt.date | dt.time)
    if isinstance(cell, bool) or not isinstance(cell, int | float) or not is_moment:
        return cell
    moment = FIRST_DAY + dt.timedelta(milliseconds=round(cell * 86_400_000))
    if isinstance(wish, dt.datetime):
        return moment
    if isinstance(wish, dt.date):
        return moment.date() if moment.time() == dt.time() else moment
    return moment.time() if 0 <= cell < 1 else cell


def fresh(workbook: Workbook, *sheets: str) -> Snapshot:
    return workbook.fresh("vebs", sheets or ["Skolor"])


def version_of(workbook: Workbook) -> Version:
    """Of what is read now."""
    return workbook.read("vebs").version


def change(row: int, column: int, value: Cell, sheet: str = "Skolor") -> CellChange:
    return CellChange(sheet, row, column, value)
