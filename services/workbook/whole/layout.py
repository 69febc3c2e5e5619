"""What a sheet in Google should look like by the schema, as requests for what it lacks.

Nothing is moved or taken away: headers, notes, rules and formats that people have stay as they are. A sheet
that lacks nothing gives no request.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.tables.schema import Column, Schema, Table, Type
from services.workbook.cell_values import column_letters
from services.workbook.google_terms import Json
from services.workbook.whole.standing import Standing

DATE: Json = {"type": "DATE", "pattern": "yyyy-mm-dd"}
TIME: Json = {"type": "TIME", "pattern": "hh:mm"}
TEXT: Json = {"type": "TEXT", "pattern": "@"}
FORMATS = {Type.DATE: DATE, Type.TIME: TIME, Type.TEXT: TEXT, Type.CODE: TEXT}
"""Codes and names are text, so that 00123456 keeps its zeros however it is typed."""

ROWS, COLUMNS = 1000, 26
HEADERS_STAY = "Appen känner igen kolumnerna på rubrikerna."
ONLY_THE_APP = "Bara appen skriver här."
_PIXELS = {Type.LONGTEXT: 340, Type.INTEGER: 85, Type.DECIMAL: 85, Type.DATE: 100, Type.TIME: 80}
_WIDTH, _NARROW, _MANY = 135, 70, 20
_HEADER_LOOKS: Json = {"textFormat": {"bold": True}, "wrapStrategy": "WRAP", "verticalAlignment": "TOP"}
_HEADER_FIELDS = "userEnteredValue,note,userEnteredFormat(textFormat.bold,wrapStrategy,verticalAlignment)"


@dataclass(frozen=True, slots=True)
class Work:
    """One request, and in a word what it brings about."""

    what: str
    request: Json


Places = Mapping[str, Mapping[str, int]]
"""The column of every header, by sheet."""


def places(tables: Sequence[Table], standing: Mapping[str, Standing]) -> dict[str, dict[str, int]]:
    """Where every header stands, or will stand: a missing one comes after the last that is there."""
    found: dict[str, dict[str, int]] = {}
    for table in tables:
        sheet = standing.get(table.name)
        known = dict(sheet.headers) if sheet else {}
        after = sheet.width if sheet else 0
        for column in table.columns:
            if column.header not in known:
                known[column.header], after = after, after + 1
        found[table.name] = known
    return found


@dataclass(frozen=True, slots=True)
class Layout:
    """The schema, where every header of the spreadsheet stands, and who may write where only the app does."""

    schema: Schema
    at: Places
    address: str

    def requests_for(self, table: Table, sheet: Standing | None, rows: int = 0) -> list[Work]:
        """What a table's sheet lacks: itself, room for so many rows, headers, looks and protections."""
        works: list[Work] = []
        at = self.at[table.name]
        missing = [column for column in table.columns if sheet is None or column.header not in sheet.headers]
        if sheet is None:
            sheet = Standing.unmade(table.name, max(ROWS, rows), max(COLUMNS, len(at)))
            works.append(Work("blad", {"addSheet": {"properties": sheet.properties}}))
        works += enlarge(sheet, max(rows, sheet.header_row + 2), max(at.values()) + 1)
        if missing:
            works += _head(self.schema, sheet, missing, at, len(table.columns) >= _MANY)
        works += _freeze(sheet)
        for column in table.columns:
            works += _note(sheet, column, at[column.header]) + self._column(sheet, column, rows)
        return works + _protect(table, sheet, at, self.address)

    def _column(self, sheet: Standing, column: Column, rows: int) -> list[Work]:
        """Number format and drop-down of one column, where it has none, and in rows that are added."""
        index = self.at[sheet.title][column.header]
        works = []
        wanted = FORMATS.get(self.schema.target(column).type)
        top = _first_row(sheet, index in sheet.formats, rows)
        if wanted is not None and top is not None:
            repeat = {
                "range": {**_span(sheet.gid, "Column", index), "startRowIndex": top},
                "cell": {"userEnteredFormat": {"numberFormat": wanted}},
                "fields": "userEnteredFormat.numberFormat",
            }
            works.append(Work("format", {"repeatCell": repeat}))
        rule = rule_of(column, self.at)
        present = sheet.rules.get(index)
        if rule is None:
            return works
        is_kept = not _may_set(rule, present)
        top = _first_row(sheet, is_kept, rows)
        if top is not None:
            area = {**_span(sheet.gid, "Column", index), "startRowIndex": top}
            chosen = present if is_kept else rule
            works.append(Work("listval", {"setDataValidation": {"range": area, "rule": chosen}}))
        return works


def enlarge(sheet: Standing, rows: int, columns: int) -> list[Work]:
    """Room for so many rows and columns."""
    lengths = {"COLUMNS": columns - sheet.columns, "ROWS": rows - sheet.rows}
    return [
        Work("plats", {"appendDimension": {"sheetId": sheet.gid, "dimension": axis, "length": length}})
        for axis, length in lengths.items()
        if length > 0
    ]


def _first_row(sheet: Standing, is_set: bool, rows: int) -> int | None:
    """From which row on a column is to be given its looks: all of it, the rows that are added, or none."""
    if not is_set:
        return sheet.header_row + 1
    return sheet.rows if rows > sheet.rows else None


def _head(
    schema: Schema, sheet: Standing, missing: Sequence[Column], at: Mapping[str, int], many: bool
) -> list[Work]:
    """Headers that are not there, bold, with a note, in columns wide enough."""
    works = []
    for column in missing:
        cell: Json = {"userEnteredValue": {"stringValue": column.header}, "userEnteredFormat": _HEADER_LOOKS}
        if not column.level:
            cell["note"] = column.help
        start = {"sheetId": sheet.gid, "rowIndex": sheet.header_row, "columnIndex": at[column.header]}
        update = {"start": start, "rows": [{"values": [cell]}], "fields": _HEADER_FIELDS}
        works.append(Work("kolumn", {"updateCells": update}))
        pixels = _NARROW if many else _PIXELS.get(schema.target(column).type, _WIDTH)
        size = {
            "range": {"dimension": "COLUMNS", **_span(sheet.gid, "", at[column.header])},
            "properties": {"pixelSize": pixels},
            "fields": "pixelSize",
        }
        works.append(Work("bredd", {"updateDimensionProperties": size}))
    return works


def new_header(sheet: Standing, header: str, column: int) -> Json:
    """The header of a column that people have added."""
    cell = {"userEnteredValue": {"stringValue": header}, "userEnteredFormat": _HEADER_LOOKS}
    start = {"sheetId": sheet.gid, "rowIndex": sheet.header_row, "columnIndex": column}
    fields = _HEADER_FIELDS.replace("note,", "")
    return {"updateCells": {"start": start, "rows": [{"values": [cell]}], "fields": fields}}


def _freeze(sheet: Standing) -> list[Work]:
    if sheet.frozen:
        return []
    grid = {"frozenRowCount": sheet.header_row + 1}
    update = {
        "properties": {"sheetId": sheet.gid, "gridProperties": grid},
        "fields": "gridProperties.frozenRowCount",
    }
    return [Work("låst rubrikrad", {"updateSheetProperties": update})]


def _note(sheet: Standing, column: Column, index: int) -> list[Work]:
    if column.level or column.header not in sheet.headers or index in sheet.notes:
        return []
    start = {"sheetId": sheet.gid, "rowIndex": sheet.header_row, "columnIndex": index}
    update = {"start": start, "rows": [{"values": [{"note": column.help}]}], "fields": "note"}
    return [Work("hjälptext", {"updateCells": update})]


def rule_of(column: Column, at: Places) -> Json | None:
    """The drop-down of a column: strict for choices, an offer only where people may write otherwise."""
    choices = column.choices or (("Ja", "Nej") if column.type is Type.YESNO else ())
    if choices:
        values = [{"userEnteredValue": choice} for choice in choices]
        return {
            "condition": {"type": "ONE_OF_LIST", "values": values},
            "strict": True,
            "showCustomUi": True,
            "inputMessage": "Välj ett av värdena i listan.",
        }
    if column.reference is None or column.reference.table not in at:
        return None
    letters = column_letters(at[column.reference.table][column.reference.header])
    place = f"='{column.reference.table}'!${letters}$2:${letters}"
    return {
        "condition": {"type": "ONE_OF_RANGE", "values": [{"userEnteredValue": place}]},
        "showCustomUi": True,
    }


def _may_set(wanted: Json, present: Json | None) -> bool:
    """Whether there is no rule, or an older one of ours: a list with fewer choices."""
    if present is None:
        return True
    kinds = {rule["condition"].get("type") for rule in (wanted, present)}
    if kinds != {"ONE_OF_LIST"}:
        return False
    new, old = ({value["userEnteredValue"] for value in _values(rule)} for rule in (wanted, present))
    return old < new


def _values(rule: Json) -> list[Any]:
    found: list[Any] = rule["condition"].get("values", [])
    return found


def _protect(table: Table, sheet: Standing, at: Mapping[str, int], address: str) -> list[Work]:
    """A warning before headers and keys are changed; a sheet of the app's own is closed to all others."""
    if table.append_only:
        return _protection(sheet, {"sheetId": sheet.gid}, ONLY_THE_APP, address)
    row = sheet.header_row
    works = _protection(
        sheet, {"sheetId": sheet.gid, "startRowIndex": row, "endRowIndex": row + 1}, HEADERS_STAY, ""
    )
    for column in table.keys:
        span = {**_span(sheet.gid, "Column", at[column.header]), "startRowIndex": row + 1}
        works += _protection(sheet, span, f"Nyckel: appen känner igen raden på {column.header}.", "")
    return works


def _protection(sheet: Standing, area: Json, description: str, editor: str) -> list[Work]:
    """Against everybody but the editor; without one, a warning."""
    if description in sheet.protections:
        return []
    who: Json = {"editors": {"users": [editor]}} if editor else {"warningOnly": True}
    protected = {"range": area, "description": description, **who}
    return [Work("skydd", {"addProtectedRange": {"protectedRange": protected}})]


def _span(gid: int, axis: str, index: int) -> Json:
    """One column, as ranges (axis "Column") and as dimensions (axis "") name it."""
    start, end = (f"start{axis}Index", f"end{axis}Index")
    return {"sheetId": gid, start: index, end: index + 1}
