"""Spreadsheets in the local Google with all that people leave in them, and exact pictures of them."""

import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from services.errors import WorkbookTrouble
from services.workbook.google import SheetsClient
from services.workbook.google_accounts import anonymous
from services.workbook.google_book import AddressBook
from services.workbook.google_workbook import GoogleWorkbook
from services.workbook.guarded.scratch import is_scratch
from services.workbook.pacing import Pace
from services.workbook.port import Cell as Value
from services.workbook.port import CellChange
from tests.sheets_server.cells import Cell
from tests.sheets_server.errors import ApiError
from tests.sheets_server.formulas.moving import offset
from tests.sheets_server.serving import LocalGoogle

Json = dict[str, Any]
HEADERS = ["Nyckel", "Namn", "Antal", "Anteckning", "Dubbelt", "Eget"]
ROWS = 12
FAR_DOWN = 500


def a_workbook(google: LocalGoogle, ids: dict[str, str], journal: Path | None = None) -> GoogleWorkbook:
    """As a process of the app opens it."""
    pace = Pace(clock=lambda: 0.0, sleep=lambda _: None, chance=lambda: 1.0, calls=10**6)
    return GoogleWorkbook(SheetsClient(anonymous(), pace, google.url), AddressBook(ids), journal=journal)


def a_book(google: LocalGoogle, name: str, seed: int = 0) -> str:
    """A spreadsheet with texts, numbers, formulas, notes, colours and formats of people's own; its id."""
    chance = random.Random(seed)
    rows: list[list[Any]] = [list(HEADERS)]
    for number in range(ROWS):
        note = f"anteckning {chance.randrange(1000)}" if chance.random() < 0.7 else ""
        rows.append([f"'k{number:02}", f"Skola {chance.randrange(1000)}", 10 + number, note])
        rows[-1] += [f"=C{number + 2}*2", f"eget {number}"]
    id_ = google.control.spreadsheet(name, {"Skolor": rows, "Annat": [["Id", "Text"], ["a", "=1+1"]]})
    looks = []
    for number in range(ROWS):
        cell = {
            "note": f"lapp {number}",
            "userEnteredFormat": {"backgroundColor": {"red": 1}, "numberFormat": {"type": "TEXT"}},
        }
        start = {"sheetId": 0, "rowIndex": number + 1, "columnIndex": chance.randrange(6)}
        fields = "note,userEnteredFormat"
        looks.append({"updateCells": {"start": start, "rows": [{"values": [cell]}], "fields": fields}})
    google.control.edit("batch_update", id_, requests=looks)
    return id_


def rows_in(google: LocalGoogle, id_: str, sheet: int | str = 0) -> list[tuple[Any, ...]]:
    """Every row with a value or a note in it: values, formulas (as if in one and the same row), notes, looks.

    Rows with nothing but colours are left out: what an inserted row looks like depends on its neighbour.
    """
    book = google.google.files[id_].book
    assert book is not None
    page = book.sheets[sheet] if isinstance(sheet, int) else book.sheet_by_title(sheet)
    assert page is not None
    return [
        _cut(tuple(_cell(cell, row) for cell in cells))
        for row, cells in enumerate(page.grid.rows)
        if any(cell.filled or cell.note for cell in cells)
    ]


def _cell(cell: Cell, row: int) -> tuple[Any, ...]:
    formula = None if cell.formula is None else offset(cell.formula, FAR_DOWN - row, 0)
    return (cell.value, formula, repr(cell.format), cell.note, repr(cell.validation), repr(cell.extra))


def _cut(row: tuple[Any, ...]) -> tuple[Any, ...]:
    blank = _cell(Cell(), 0)
    end = len(row)
    while end and row[end - 1] == blank:
        end -= 1
    return row[:end]


def picture(google: LocalGoogle, id_: str) -> dict[str, Counter[tuple[Any, ...]]]:
    """All sheets but the app's own: their rows, whatever their order."""
    book = google.google.files[id_].book
    assert book is not None
    titles = [sheet.title for sheet in book.sheets if not is_scratch(sheet.title)]
    return {title: Counter(rows_in(google, id_, title)) for title in titles}


def values(google: LocalGoogle, id_: str, sheet: str = "Skolor") -> list[list[Any]]:
    return google.control.values(id_, sheet)


def edit_by_hand(google: LocalGoogle, id_: str, edit: Json) -> bool:
    """Make an edit; False where it no longer fits."""
    given = {name: item for name, item in edit.items() if name not in ("edit", "spreadsheet")}
    try:
        google.control.edit(edit["edit"], id_, **given)
    except (ApiError, LookupError, ValueError):
        return False
    return True


def some_edits(chance: random.Random, id_: str, count: int) -> list[Json]:
    """What people do, at random."""
    return [{"spreadsheet": id_, "sheet": "Skolor", **_an_edit(chance)} for _ in range(count)]


def _an_edit(chance: random.Random) -> Json:
    key, header = f"k{chance.randrange(ROWS):02}", chance.choice(HEADERS)
    row = chance.randrange(1, ROWS + 1)
    colour = {"userEnteredFormat": {"backgroundColor": {"green": 1}}}
    place = {"sheetId": 0, "rowIndex": row, "columnIndex": chance.randrange(6)}
    paint = {"start": place, "rows": [{"values": [colour]}], "fields": "userEnteredFormat.backgroundColor"}
    edits: Sequence[Json] = [
        {"edit": "sort", "header": header, "descending": chance.random() < 0.5},
        {"edit": "sort", "header": "Nyckel", "descending": True},
        {"edit": "insert_rows", "at": row, "count": chance.randrange(1, 3)},
        {"edit": "insert_rows", "at": 0},
        {"edit": "insert_columns", "at": chance.randrange(6)},
        {"edit": "delete_rows", "key": key},
        {"edit": "delete_columns", "header": chance.choice(HEADERS[3:])},
        {"edit": "move_rows", "at": row, "to": chance.randrange(1, ROWS + 2)},
        {"edit": "move_columns", "header": header, "to": chance.randrange(6)},
        {"edit": "rename_header", "header": header, "to": f"{header} ny"},
        {"edit": "type", "key": key, "column": "Antal", "value": f"hand {chance.randrange(1000)}"},
        {"edit": "type", "key": key, "column": "Namn", "value": f"hand {chance.randrange(1000)}"},
        {"edit": "type", "key": key, "column": "Antal", "value": f"=10+{chance.randrange(100)}"},
        {"edit": "type", "key": key, "column": "Namn", "value": ""},
        {"edit": "append", "values": [[f"'n{chance.randrange(1000)}", "ny för hand", 1]]},
        {"edit": "rename_sheet", "to": "Skolor gamla"},
        {"edit": "batch_update", "requests": [{"updateCells": paint}]},
    ]
    return dict(chance.choice(edits))


def outcome_of(action: Any) -> str:
    """The name of the trouble, nothing if there was none."""
    try:
        action()
    except WorkbookTrouble as trouble:
        return type(trouble).__name__
    return ""


def cell(google: LocalGoogle, id_: str, row: int, column: int, sheet: int = 0) -> Cell:
    """A cell with everything in it, row and column from 0."""
    book = google.google.files[id_].book
    assert book is not None
    return book.sheets[sheet].grid.cell(row, column)


def change(row: int, column: int, value: Value, sheet: str = "Skolor") -> CellChange:
    """A new value for one cell."""
    return CellChange(sheet, row, column, value)


def by_hand(edit: str, id_: str, **details: Any) -> Json:
    """What a person does in Skolor."""
    return {"edit": edit, "spreadsheet": id_, "sheet": "Skolor", **details}
