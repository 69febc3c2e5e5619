"""How the sheets of a spreadsheet in Google stand: headers, notes, formats, rules and protections."""

import zlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from services.workbook.cell_values import header_text
from services.workbook.google import SheetsClient, in_sheet
from services.workbook.google_terms import Json, Target
from services.workbook.pacing import Patience

LOOKED_AT = 20
"""Rows in which the header row is looked for: it is the first with content."""

PATIENT = Patience(180.0, gives_up_at_once=False)
"""A person waits at the command line, and would rather wait than begin again."""

_PROPERTIES = (
    "properties(title,locale),sheets(properties(sheetId,title,hidden,gridProperties),"
    "protectedRanges(protectedRangeId,description))"
)
_CELLS = (
    "sheets(properties.sheetId,data.rowData.values("
    "userEnteredValue,effectiveValue,note,dataValidation,userEnteredFormat.numberFormat))"
)


@dataclass(frozen=True, slots=True)
class Standing:
    """A sheet as it stands; rows and columns are counted from 0, as Google's requests do.

    `width` is the number of columns up to the last header; `formats` and `rules` are those of the row
    below the headers.
    """

    title: str
    gid: int
    rows: int
    columns: int
    frozen: int = 0
    hidden: bool = False
    header_row: int = 0
    headers: Mapping[str, int] = field(default_factory=dict)
    width: int = 0
    notes: Mapping[int, str] = field(default_factory=dict)
    formats: Mapping[int, str] = field(default_factory=dict)
    rules: Mapping[int, Json] = field(default_factory=dict)
    protections: frozenset[str] = frozenset()
    blank: bool = True

    @classmethod
    def unmade(cls, title: str, rows: int, columns: int) -> "Standing":
        """A sheet that is about to be made, with a number that follows from its name."""
        return cls(title, zlib.crc32(title.encode()) & 0x3FFFFFFF | 1, rows, columns)

    @property
    def properties(self) -> Json:
        """What makes the sheet."""
        grid = {"rowCount": self.rows, "columnCount": self.columns}
        return {"sheetId": self.gid, "title": self.title, "gridProperties": grid}


@dataclass(frozen=True, slots=True)
class Spreadsheet:
    """A spreadsheet as it stands: its language, and its sheets by title."""

    locale: str
    sheets: Mapping[str, Standing]


def look_at(client: SheetsClient, target: Target, titles: Collection[str]) -> Spreadsheet:
    """The whole spreadsheet's sheets, with what stands at the top of those named; two calls at most."""
    found = client.get(target, fields=_PROPERTIES, patience=PATIENT)
    shown = [sheet["properties"]["title"] for sheet in found.get("sheets", ())]
    tops: dict[int, Sequence[Json]] = {}
    if wanted := [title for title in shown if title in titles]:
        ranges = [in_sheet(title, f"1:{LOOKED_AT}") for title in wanted]
        cells = client.get(target, ranges=ranges, fields=_CELLS, patience=PATIENT)
        for sheet in cells.get("sheets", ()):
            data = sheet.get("data") or [{}]
            tops[sheet["properties"].get("sheetId", 0)] = data[0].get("rowData", [])
    sheets = {
        sheet["properties"]["title"]: _standing(sheet, tops.get(sheet["properties"].get("sheetId", 0), ()))
        for sheet in found.get("sheets", ())
    }
    return Spreadsheet(found.get("properties", {}).get("locale", ""), sheets)


def _standing(sheet: Json, top: Sequence[Json]) -> Standing:
    properties = sheet["properties"]
    grid = properties.get("gridProperties", {})
    rows = [row.get("values", []) for row in top]
    header_row = next((at for at, row in enumerate(rows) if any(map(_is_filled, row))), None)
    headers = rows[header_row] if header_row is not None else []
    first = rows[(header_row or 0) + 1] if header_row is not None and header_row + 1 < len(rows) else []
    texts = [header_text(_value(cell)) for cell in headers]
    return Standing(
        title=properties["title"],
        gid=properties.get("sheetId", 0),
        rows=grid.get("rowCount", 0),
        columns=grid.get("columnCount", 0),
        frozen=grid.get("frozenRowCount", 0),
        hidden=properties.get("hidden", False),
        header_row=header_row or 0,
        headers={text: at for at, text in reversed(list(enumerate(texts))) if text},
        width=max((at + 1 for at, cell in enumerate(headers) if _is_filled(cell)), default=0),
        notes={at: cell["note"] for at, cell in enumerate(headers) if cell.get("note")},
        formats={at: kind for at, cell in enumerate(first) if (kind := _format(cell))},
        rules={at: cell["dataValidation"] for at, cell in enumerate(first) if cell.get("dataValidation")},
        protections=frozenset(item.get("description", "") for item in sheet.get("protectedRanges", ())),
        blank=header_row is None,
    )


def _is_filled(cell: Json) -> bool:
    return bool(cell.get("userEnteredValue"))


def _format(cell: Json) -> str:
    kind: str = cell.get("userEnteredFormat", {}).get("numberFormat", {}).get("type", "")
    return kind


def _value(cell: Json) -> str | float | None:
    shown = cell.get("effectiveValue") or cell.get("userEnteredValue") or {}
    value: str | float | None = shown.get("stringValue", shown.get("numberValue"))
    return float(value) if isinstance(value, int | float) else value
