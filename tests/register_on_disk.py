"""What a register's files say, read without the code under test."""

from dataclasses import dataclass
from pathlib import Path

from openpyxl import load_workbook


@dataclass(frozen=True, slots=True)
class SchoolRow:
    """A school as the sheet Skolor has it."""

    code: str
    name: str
    active: bool


def schools(register: Path) -> list[SchoolRow]:
    """Return the schools of the register in `register`, in the sheet's order."""
    book = load_workbook(register / "vebs.xlsx", read_only=True, data_only=True)
    try:
        header, *rows = book["Skolor"].iter_rows(values_only=True)
    finally:
        book.close()
    code, name, status = (header.index(one) for one in ("Skolenhetskod", "Skola", "Status"))
    return [
        SchoolRow(str(row[code]).zfill(8), str(row[name]), row[status] == "Aktiv")
        for row in rows
        if row[code]
    ]
