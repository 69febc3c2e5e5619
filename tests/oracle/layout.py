"""Writing a draft as .xlsx, in the many ways people write the same thing."""

from __future__ import annotations

import datetime
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from .clean import Draft, Record
from .schema import Column, Table

Reader = Callable[[Record], object]

# Columns whose header may be missing or doubled without the register losing its sense.
SPARE_COLUMNS = {
    "Skolor": ("Utbildningsområde", "Årskurser", "Skola", "Anteckning"),
    "Frågor": ("Tagg", "Exempel", "Påstående", "Jämförbar med", "Väsentlig", "Till omgång"),
    "Regler": ("Motivering",),
    "Omgångar": ("Svarsform", "Minsta antal svar"),
    "Skolans omgång": ("Svarskod", "Förlängd till", "Personal"),
    "Certifikat": ("Diarienummer", "Motivering"),
    "Behörigheter": ("Giltig till",),
    "Handlingsplan": ("Ansvarig roll",),
}


@dataclass(frozen=True)
class Written:
    """One column to be written: its header and where its values come from."""

    header: str
    read: Reader
    column: Column | None


def write_sheet(draft: Draft, sheet: Worksheet, table: Table, rows: list[Record]) -> None:
    """Write a table with this draft's oddities of layout."""
    rng = draft.rng
    columns = _columns(draft, table, rows)
    top = 1
    if rng.random() < 0.3 and draft.on("blank_rows_above_header"):
        top += rng.randint(1, 2)
    for place, written in enumerate(columns, start=1):
        _put(sheet, top, place, _spaced(draft, written.header, "header_spaces"))
    number = top
    for row in rows:
        number += 1
        if rng.random() < 0.05 and draft.on("blank_rows"):
            number += 1
        if rng.random() < 0.05 and draft.on("note_rows"):  # nothing but a note beyond the last column
            _put(sheet, number, len(columns) + 2, "en anteckning")
            number += 1
        last = _last_column(draft, table, columns)
        for place, written in enumerate(columns[:last], start=1):
            _put(sheet, number, place, _form(draft, written, written.read(row)))
        if rng.random() < 0.03 and draft.on("long_rows"):
            _put(sheet, number, len(columns) + 1, 3)


def _put(sheet: Worksheet, row: int, place: int, value: object) -> None:
    if value is not None:
        sheet.cell(row, place).value = value  # type: ignore[assignment]


def _columns(draft: Draft, table: Table, rows: list[Record]) -> list[Written]:
    rng = draft.rng
    columns = [Written(c.header, _reader(c.header), c) for c in table.columns]
    spare = SPARE_COLUMNS.get(table.sheet, ())
    if table.sheet == "Svar":
        spare = tuple(column.header for column in table.columns[2:]) if rng.random() < 0.5 else ()
    doubled = rng.choice(spare) if spare and rng.random() < 0.5 and draft.on("doubled_headers") else None
    if spare and rng.random() < 0.4 and draft.on("missing_headers"):
        gone = rng.choice(spare)
        columns = [column for column in columns if column.header != gone or gone == doubled]
    if rng.random() < 0.6 and draft.on("unknown_columns"):
        columns.append(Written("Egen kolumn", lambda row: "eget" if rng.random() < 0.5 else None, None))
        columns.append(Written("Total", lambda row: rng.choice((None, 7, "#N/A")), None))
    if doubled:
        others = [row.get(doubled) for row in rows] or [None]
        twin = next(column for column in columns if column.header == doubled)
        columns.append(Written(doubled, lambda row: rng.choice(others), twin.column))
    if draft.on("shuffled_columns"):
        rng.shuffle(columns)
    return columns


def _reader(header: str) -> Reader:
    return lambda row: row.get(header)


def _last_column(draft: Draft, table: Table, columns: list[Written]) -> int:
    """How many columns of this row are written: a ragged row ends early."""
    keep = len(columns)
    if draft.rng.random() >= 0.03 or not draft.on("ragged_rows"):
        return keep
    if table.sheet in ("Regler", "Omgångar"):
        return keep  # without them there is no round to ask about
    return draft.rng.randint(1, keep)


def _spaced(draft: Draft, text: str, flag: str) -> str:
    rng = draft.rng
    if rng.random() < 0.08 and draft.on(flag):
        return rng.choice((f"{text} ", f" {text}", f"{text}  "))
    return text


def _form(draft: Draft, written: Written, value: object) -> object:
    """The value in one of the forms people write it in."""
    rng, column = draft.rng, written.column
    if value is None:
        return "  " if column and rng.random() < 0.01 and draft.on("space_cells") else None
    if column is None or (isinstance(value, str) and value.startswith("#")):
        return value
    value = _typed(draft, column, value)
    return _spaced(draft, value, "value_spaces") if isinstance(value, str) else value


def _typed(draft: Draft, column: Column, value: object) -> object:
    rng = draft.rng
    if isinstance(value, bool):
        return _yes(rng, value, draft.on("yes_as_bool"))
    if isinstance(value, datetime.date):
        return value.isoformat() if rng.random() < 0.4 and draft.on("dates_as_text") else value
    if column.kind == "integer" and isinstance(value, int):
        other = rng.random() < 0.3 and draft.on("integers_as_text")
        return rng.choice((str(value), float(value))) if other else value
    if column.kind == "decimal" and isinstance(value, float):
        other = draft.on("decimals_as_text")
        return rng.choice((str(value), str(value).replace(".", ","), value)) if other else value
    if column.kind == "choice" and isinstance(value, str) and rng.random() < 0.2 and draft.on("choice_case"):
        return rng.choice((value.upper(), value.lower()))
    return _numeric(draft, column, value)


def _yes(rng: random.Random, value: bool, as_bool: bool) -> object:
    if as_bool:
        return value if rng.random() < 0.7 else str(value)
    return rng.choice(("Ja", "ja", "JA") if value else ("Nej", "nej", None))


def _numeric(draft: Draft, column: Column, value: object) -> object:
    """Codes and names of digits, which a spreadsheet likes to turn into numbers."""
    rng = draft.rng
    school = column.kind == "code" or (column.kind == "ref" and column.target in ("Skolor", "Skolans omgång"))
    if not isinstance(value, str) or not value.isascii() or not value.isdigit():
        return value
    if school:
        if rng.random() < 0.3 and len(value) == 8 and int(value) and draft.on("codes_as_numbers"):
            return int(value)
        return value
    if not value.startswith("0") and rng.random() < 0.3 and draft.on("texts_as_numbers"):
        return rng.choice((int(value), float(value)))
    return value


def area_by_name(draft: Draft) -> None:
    """Write some areas by name instead of number."""
    names = {row["Nr"]: row["Delområde"] for row in draft.tables["Delområden"]}
    if not draft.on("area_by_name"):
        return
    for sheet in ("Frågor", "Regler", "Handlingsplan"):
        for row in draft.tables.get(sheet, []):
            if row.get("Delområde") in names and draft.rng.random() < 0.6:
                row["Delområde"] = names[row["Delområde"]]


def save(draft: Draft, path: Path, sheets: list[tuple[Table, list[Record]]]) -> None:
    """Write one spreadsheet file."""
    book = Workbook()
    book.remove(book["Sheet"])
    for table, rows in sheets:
        write_sheet(draft, book.create_sheet(table.sheet), table, rows)
    if draft.on("unknown_sheets"):
        book.create_sheet("Eget blad", draft.rng.randint(0, 1)).append(["#REF!", "vad som helst"])
    book.save(path)
