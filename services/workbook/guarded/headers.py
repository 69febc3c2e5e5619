"""Where the headers of sheets at Google stand."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from services.errors import RequestRefused
from services.workbook.google import SheetsClient, in_sheet
from services.workbook.google_terms import Target
from services.workbook.guarded.cells import header_row, headers_in, row_of, sheet_of
from services.workbook.pacing import WRITER
from services.workbook.port import Sheet

_FIRST_ROWS = "1:10"
"""Looked through for headers; a sheet that begins further down is read whole."""


@dataclass(frozen=True, slots=True)
class Header:
    """The first row with anything in it, counted from 0, and its columns by header."""

    row: int
    columns: Mapping[str, int]


def read_headers(client: SheetsClient, target: Target, sheets: Collection[str]) -> dict[str, Header | None]:
    """The headers of the sheets that are there, one call; None for a sheet with nothing in it."""
    names = list(sheets)
    try:
        found = _read(client, target, dict.fromkeys(names, _FIRST_ROWS))
    except RequestRefused:
        there = {info.title for info in client.sheets(target, WRITER)}
        found = _read(client, target, {name: _FIRST_ROWS for name in names if name in there})
    low = [name for name, sheet in found.items() if header_row(sheet) is None]
    found |= _read(client, target, dict.fromkeys(low))
    return {name: _header(sheet) for name, sheet in found.items()}


def _read(client: SheetsClient, target: Target, parts: Mapping[str, str | None]) -> dict[str, Sheet]:
    if not parts:
        return {}
    ranges = [in_sheet(name, cells) for name, cells in parts.items()]
    values = client.values(target, ranges, patience=WRITER)
    return {name: sheet_of(columns) for name, columns in zip(parts, values, strict=True)}


def _header(sheet: Sheet) -> Header | None:
    row = header_row(sheet)
    return None if row is None else Header(row, headers_in(row_of(sheet, row, len(sheet.columns))))


def lacking(wanted: Mapping[str, Collection[str]], headers: Mapping[str, Header | None]) -> str:
    """What is not there, in words; nothing if all is."""
    for sheet, texts in wanted.items():
        if sheet not in headers:
            return f"there is no sheet {sheet!r}"
        header = headers[sheet]
        if header is None:
            return f"the sheet {sheet!r} has no header row"
        if unknown := sorted(set(texts) - header.columns.keys()):
            return f"the sheet {sheet!r} has no column {unknown}"
    return ""
