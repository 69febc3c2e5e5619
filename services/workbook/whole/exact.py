"""A spreadsheet at Google exactly as people have made it: entered values and formulas, looks, notes, rules.

It is kept as JSON. A cell has `v` what was entered, `e` what a formula shows, `n` its note, `r` the looks of
parts of its text, and numbers of entries in the lists of looks (`f`) and rules (`d`) that many cells share.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from services.workbook.google import SheetsClient, in_sheet
from services.workbook.google_terms import Json, Target
from services.workbook.guarded.scratch import is_scratch
from services.workbook.whole.standing import PATIENT

CELLS_A_CALL = 100_000
ROW_PIXELS, COLUMN_PIXELS = 21, 100
BESIDE = ("merges", "conditionalFormats", "protectedRanges", "basicFilter", "bandedRanges", "filterViews")
"""What belongs to a sheet beside its cells."""

_WHOLE = (
    "properties(title,locale,timeZone),namedRanges,"
    f"sheets(properties,{','.join(BESIDE)},charts.chartId,slicers.slicerId)"
)
_DATA = (
    "sheets(properties.sheetId,data(startRow,rowData.values(userEnteredValue,effectiveValue,userEnteredFormat,"
    "note,dataValidation,textFormatRuns),rowMetadata(pixelSize,hiddenByUser),"
    "columnMetadata(pixelSize,hiddenByUser)))"
)
_NAMES = {"v": "userEnteredValue", "n": "note", "r": "textFormatRuns"}
_SHARED = {"f": "userEnteredFormat", "d": "dataValidation"}
CELL_FIELDS = ",".join((*_NAMES.values(), *_SHARED.values()))

Cells = list[list[Json]]


@dataclass(slots=True)
class ExactSheet:
    """One sheet: properties, cells row by row, and the rows and columns of an unusual size."""

    properties: Json
    beside: Json
    cells: Cells = field(default_factory=list)
    rows: dict[int, Json] = field(default_factory=dict)
    columns: dict[int, Json] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The sheet's name."""
        title: str = self.properties["title"]
        return title

    def cell(self, row: int, column: int) -> Json:
        """The CellData of a place, {} where nothing is."""
        if row < len(self.cells) and column < len(self.cells[row]):
            return self.cells[row][column]
        return {}


@dataclass(slots=True)
class Exact:
    """A spreadsheet: language, named ranges and sheets; `left_out` is what can't be kept, such as charts."""

    properties: Json
    named_ranges: list[Json]
    sheets: list[ExactSheet]
    left_out: int = 0


def read_exact(client: SheetsClient, target: Target) -> Exact:
    """Everything in a spreadsheet but the app's own sheets."""
    found = client.get(target, fields=_WHOLE, patience=PATIENT)
    sheets = [
        ExactSheet(sheet["properties"], {name: sheet[name] for name in BESIDE if name in sheet})
        for sheet in found.get("sheets", ())
        if not is_scratch(sheet["properties"]["title"])
        and sheet["properties"].get("sheetType", "GRID") == "GRID"
    ]
    charts = sum(
        len(sheet.get("charts", ())) + len(sheet.get("slicers", ())) for sheet in found.get("sheets", ())
    )
    by_gid = {sheet.properties.get("sheetId", 0): sheet for sheet in sheets}
    for ranges in _portions(sheets):
        answer = client.get(target, ranges=ranges, fields=_DATA, patience=PATIENT)
        for sheet in answer.get("sheets", ()):
            for block in sheet.get("data", ()):
                _add(by_gid[sheet["properties"].get("sheetId", 0)], block)
    for exact in sheets:
        _trim(exact)
    return Exact(found["properties"], found.get("namedRanges", []), sheets, charts)


def _portions(sheets: Sequence[ExactSheet]) -> Iterator[list[str]]:
    """Ranges of rows, together about as many cells as one call should fetch."""
    ranges: list[str] = []
    room = CELLS_A_CALL
    for sheet in sheets:
        grid = sheet.properties["gridProperties"]
        height, width = grid["rowCount"], max(grid["columnCount"], 1)
        step = max(1, CELLS_A_CALL // width)
        for top in range(0, height, step):
            bottom = min(top + step, height)
            if ranges and room < (bottom - top) * width:
                yield ranges
                ranges, room = [], CELLS_A_CALL
            ranges.append(in_sheet(sheet.title, f"{top + 1}:{bottom}"))
            room -= (bottom - top) * width
    if ranges:
        yield ranges


def _add(sheet: ExactSheet, block: Json) -> None:
    top = block.get("startRow", 0)
    rows = block.get("rowData", [])
    sheet.cells += [[] for _ in range(top + len(rows) - len(sheet.cells))]
    for at, row in enumerate(rows, top):
        sheet.cells[at] = [_kept(cell) for cell in row.get("values", [])]
    for name, sizes, usual, first in (
        ("rowMetadata", sheet.rows, ROW_PIXELS, top),
        ("columnMetadata", sheet.columns, COLUMN_PIXELS, 0),
    ):
        for index, size in enumerate(block.get(name, ()), first):
            if size.get("pixelSize", usual) != usual or size.get("hiddenByUser"):
                sizes[index] = size


def _kept(cell: Json) -> Json:
    """The cell without what follows from the rest."""
    if "formulaValue" not in cell.get("userEnteredValue", {}):
        cell.pop("effectiveValue", None)
    return cell


def _trim(sheet: ExactSheet) -> None:
    for row in sheet.cells:
        while row and not row[-1]:
            row.pop()
    while sheet.cells and not sheet.cells[-1]:
        sheet.cells.pop()


def as_json(exact: Exact) -> bytes:
    """The spreadsheet as a file keeps it."""
    lists: dict[str, dict[str, int]] = {"f": {}, "d": {}}
    sheets = [
        {
            "properties": sheet.properties,
            "beside": sheet.beside,
            "cells": [[_packed(cell, lists) for cell in row] for row in sheet.cells],
            "rows": sorted(sheet.rows.items()),
            "columns": sorted(sheet.columns.items()),
        }
        for sheet in exact.sheets
    ]
    found = {
        "properties": exact.properties,
        "named_ranges": exact.named_ranges,
        "sheets": sheets,
        "left_out": exact.left_out,
        "lists": {key: [json.loads(text) for text in texts] for key, texts in lists.items()},
    }
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode()


def _packed(cell: Json, lists: Mapping[str, dict[str, int]]) -> Json | int:
    if not cell:
        return 0
    packed = {short: cell[name] for short, name in (*_NAMES.items(), ("e", "effectiveValue")) if name in cell}
    for short, name in _SHARED.items():
        if name in cell:
            text = json.dumps(cell[name], sort_keys=True, ensure_ascii=False)
            packed[short] = lists[short].setdefault(text, len(lists[short]))
    return packed


def from_json(content: bytes) -> Exact:
    """The spreadsheet of a file."""
    found = json.loads(content)
    lists = found["lists"]
    sheets = [
        ExactSheet(
            properties=sheet["properties"],
            beside=sheet["beside"],
            cells=[[_unpacked(cell, lists) for cell in row] for row in sheet["cells"]],
            rows=dict(sheet["rows"]),
            columns=dict(sheet["columns"]),
        )
        for sheet in found["sheets"]
    ]
    return Exact(found["properties"], found["named_ranges"], sheets, found["left_out"])


def _unpacked(cell: Json | int, lists: Mapping[str, Sequence[Json]]) -> Json:
    if isinstance(cell, int):
        return {}
    names = (*_NAMES.items(), ("e", "effectiveValue"))
    found = {name: cell[short] for short, name in names if short in cell}
    return found | {name: lists[short][cell[short]] for short, name in _SHARED.items() if short in cell}
