"""An export of a form's answers, as Google Forms and its spreadsheet make it: headers and rows of cells.

The file may be anything: it is looked at before it is parsed, and refused in a sentence.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from services.errors import ImportRefused
from services.forms.wording import normalised, shown
from services.tables.cells import is_blank, read_text
from services.tables.sheet import Cell, Sheet
from services.workbook.xlsx_read import read_xlsx

LARGEST_CSV = 10_000_000
"""Bytes; 4,000 answers to 40 questions in whole words take a fifth of it."""

LARGEST_XLSX = 20_000_000
MOST_COLUMNS = 300
MOST_CELLS = 1_000_000
LONGEST_HEADER = 2_000
TIMESTAMPS = frozenset(("tidstämpel", "tidsstämpel", "timestamp"))

_SEPARATORS = ",;\t"
_NOT_OURS = "Den ska vara som Google Forms gör den: första kolumnen heter Tidstämpel eller Timestamp."


@dataclass(frozen=True, slots=True)
class ExportRow:
    """One person's row: `number` as the spreadsheet numbers it, the cells in the order of the headers."""

    number: int
    cells: tuple[Cell, ...]
    too_long: bool = False
    """It has cells beyond the last header: nobody can tell what belongs where."""


@dataclass(frozen=True, slots=True)
class Export:
    """A form's answers: `headers[0]` is the time; `rows` are those with something in them."""

    name: str
    headers: tuple[str, ...]
    rows: tuple[ExportRow, ...]


def load_export(path: Path) -> Export:
    """The export in a file. ImportRefused where it can't be read; nothing is guessed from its ending."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_XLSX + 1)
    except OSError as fault:
        raise ImportRefused(
            f"Filen {shown(path.name)} går inte att läsa; se över namnet och behörigheten till den."
        ) from fault
    return read_export(data, path.name)


def read_export(data: bytes, name: str) -> Export:
    """The export in a file's content. ImportRefused or SpreadsheetUnreadable where it is none."""
    name = shown(PurePath(name).name)
    if name.casefold().endswith(".zip"):
        raise ImportRefused(f"Filen {name} är packad; packa upp den och läs in filen som ligger i den.")
    if len(data) > LARGEST_XLSX:
        raise _refused(name, "är för stor; hämta svaren för en omgång i taget.")
    if data.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        return _from_xlsx(data, name)
    return _from_csv(data, name)


def _refused(name: str, what: str) -> ImportRefused:
    return ImportRefused(f"Filen {name} {what}")


def _from_xlsx(data: bytes, name: str) -> Export:
    for sheet in read_xlsx(data, name).values():
        top = _header_row(sheet)
        if top is not None:
            return _from_sheet(sheet, top, name)
    raise _refused(name, f"är ingen export av ett formulär. {_NOT_OURS}")


def _header_row(sheet: Sheet) -> int | None:
    """The index of the first row with content, if it is a form's headers."""
    for index in range(sheet.height):
        if not all(is_blank(values[index]) for values in sheet.columns):
            first = sheet.columns[0][index]
            return index if _is_timestamp(first) else None
    return None


def _is_timestamp(header: Cell) -> bool:
    return isinstance(header, str) and len(header) < 100 and normalised(header) in TIMESTAMPS


def _from_sheet(sheet: Sheet, top: int, name: str) -> Export:
    headers = _headers([values[top] for values in sheet.columns], name)
    _check_size(len(headers) * sheet.height, name)
    records = (
        (index + 1, [values[index] for values in sheet.columns]) for index in range(top + 1, sheet.height)
    )
    return Export(name, headers, tuple(_rows(records, len(headers))))


def _headers(cells: Sequence[Cell], name: str) -> tuple[str, ...]:
    """The headers up to the last one. ImportRefused where there is none but the time, or far too many."""
    headers = ["" if is_blank(cell) else read_text(cell)[:LONGEST_HEADER] for cell in cells]
    while headers and not headers[-1].strip():
        headers.pop()
    if len(headers) < 2:
        raise _refused(name, "har inga kolumner med svar efter tidstämpeln.")
    if len(headers) > MOST_COLUMNS:
        raise _refused(name, f"har {len(headers)} kolumner, och ett formulär har högst {MOST_COLUMNS}.")
    return tuple(headers)


def _check_size(cells: int, name: str) -> None:
    if cells > MOST_CELLS:
        raise _refused(name, "är för stor; hämta svaren för en omgång i taget.")


def _rows(records: Iterator[tuple[int, Sequence[Cell]]], width: int) -> Iterator[ExportRow]:
    for number, cells in records:
        if all(map(is_blank, cells)):
            continue
        kept = (*cells[:width], *[None] * (width - len(cells)))
        yield ExportRow(number, kept, not all(map(is_blank, cells[width:])))


def _from_csv(data: bytes, name: str) -> Export:
    text = _decoded(data, name)
    if max(map(text.count, _SEPARATORS)) > MOST_CELLS:
        raise _refused(name, "är för stor; hämta svaren för en omgång i taget.")
    try:
        separator = _separator(text)
        if separator is None:
            raise _refused(name, f"är ingen export av ett formulär. {_NOT_OURS}")
        records = enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True), 1)
        top = next(cells for _, cells in records if any(cell.strip() for cell in cells))
        headers = _headers(top, name)
        rows = tuple(_rows(records, len(headers)))
    except csv.Error as fault:
        raise _refused(name, "är skadad (citattecken utan slut, eller en orimligt lång cell).") from fault
    _check_size(len(headers) * len(rows), name)
    return Export(name, headers, rows)


def _decoded(data: bytes, name: str) -> str:
    """The text, in UTF-8 or as older programs of Windows write it."""
    if len(data) > LARGEST_CSV:
        raise _refused(name, "är för stor; hämta svaren för en omgång i taget.")
    if not data.strip():
        raise _refused(name, "är tom.")
    if b"\0" in data:
        raise _refused(name, "är varken CSV eller en Excel-arbetsbok; hämta svaren från formuläret igen.")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _refused(name, "har okänd teckenkodning; spara den som CSV i UTF-8 och försök igen.")


def _separator(text: str) -> str | None:
    """What stands between the cells: that with which the first header is the time, and most others follow."""
    start = text[: MOST_COLUMNS * LONGEST_HEADER]
    found: dict[str, int] = {}
    for separator in _SEPARATORS:
        lines = csv.reader(io.StringIO(start, newline=""), delimiter=separator)
        first = next((cells for cells in lines if any(cell.strip() for cell in cells)), [])
        if first and _is_timestamp(first[0]):
            found[separator] = len(first)
    return max(found, key=lambda one: found[one], default=None)
