"""The requests that make a spreadsheet at Google what a backup says it was."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from services.workbook.google_terms import Json
from services.workbook.whole.differences import plain
from services.workbook.whole.exact import CELL_FIELDS, COLUMN_PIXELS, ROW_PIXELS, Exact, ExactSheet

CELLS_A_CALL = 30_000
"""A few megabytes at most: with their looks, cells are several times as long as their values alone."""

_WRITTEN = ("userEnteredValue", "userEnteredFormat", "note", "dataValidation", "textFormatRuns")
_SHEET_FIELDS = ("hidden", "tabColorStyle", "rightToLeft")

Gids = Mapping[int, int]
"""From the numbers that sheets had to those that they have now."""


def numbers(kept: Exact, found: Exact) -> dict[int, int]:
    """The number of every sheet of the backup: that of the same name, else its old one, or a free one."""
    present = {sheet.title: _gid(sheet) for sheet in found.sheets}
    taken = set(present.values())
    gids: dict[int, int] = {}
    for sheet in kept.sheets:
        old = _gid(sheet)
        new = present.get(sheet.title, old)
        while sheet.title not in present and new in taken:
            new = (new * 7 + 11) % 1_000_000_007
        taken.add(new)
        gids[old] = new
    return gids


def shapes(kept: Sequence[ExactSheet], found: Exact, gids: Gids) -> list[Json]:
    """Make the sheets that are missing, and give all of them room, frozen rows and colour."""
    present = {sheet.title: sheet for sheet in found.sheets}
    requests: list[Json] = []
    for sheet in kept:
        gid, properties = gids[_gid(sheet)], sheet.properties
        now = present.get(sheet.title)
        grid = {**properties.get("gridProperties", {})}
        if now is None:
            added = {"sheetId": gid, "title": sheet.title, "gridProperties": grid}
            requests.append({"addSheet": {"properties": added}})
        else:
            size = now.properties["gridProperties"]
            grid |= {name: max(grid[name], size[name]) for name in ("rowCount", "columnCount")}
        wanted = {name: properties[name] for name in _SHEET_FIELDS if name in properties}
        update = {
            "properties": {"sheetId": gid, "gridProperties": grid, **wanted},
            "fields": ",".join((*_grid_fields(grid, now), *_SHEET_FIELDS)),
        }
        requests.append({"updateSheetProperties": update})
    # A sheet can be hidden only while another is to be seen.
    requests.sort(key=lambda request: "updateSheetProperties" in request)
    return requests


def _grid_fields(grid: Json, now: ExactSheet | None) -> list[str]:
    names = set(grid) | set(now.properties["gridProperties"] if now else ())
    return sorted(f"gridProperties.{name}" for name in names)


def cells(sheet: ExactSheet, gid: int, height: int, width: int) -> Iterator[Json]:
    """All cells of a sheet, in pieces; blank where the backup has none, up to that height and width."""
    width = max([width, 1, *map(len, sheet.cells)])
    last = _last_with_content(sheet)
    step = max(1, CELLS_A_CALL // width)
    for top in range(0, last, step):
        lines = [
            {"values": [_written(sheet.cell(row, column)) for column in range(width)]}
            for row in range(top, min(top + step, last))
        ]
        start = {"sheetId": gid, "rowIndex": top, "columnIndex": 0}
        yield {"updateCells": {"start": start, "rows": lines, "fields": CELL_FIELDS}}
    # Below the content there are only looks, the same for a thousand rows: a request for each run of them.
    for column in range(width):
        looks = [_written(sheet.cell(row, column)) for row in range(last, max(height, len(sheet.cells)))]
        for start_row, end_row, look in _equal_runs(looks):
            area = {
                "sheetId": gid,
                "startRowIndex": last + start_row,
                "endRowIndex": last + end_row,
                "startColumnIndex": column,
                "endColumnIndex": column + 1,
            }
            yield {"repeatCell": {"range": area, "cell": look, "fields": CELL_FIELDS}}


def _last_with_content(sheet: ExactSheet) -> int:
    """How many rows there are up to the last with an entered value or a note."""
    filled = (
        row
        for row in range(len(sheet.cells), 0, -1)
        if any("userEnteredValue" in cell or "note" in cell for cell in sheet.cells[row - 1])
    )
    return next(filled, 0)


def _equal_runs(looks: Sequence[Json]) -> Iterator[tuple[int, int, Json]]:
    start = 0
    for at in range(1, len(looks) + 1):
        if at == len(looks) or looks[at] != looks[start]:
            yield start, at, looks[start]
            start = at


def size_of(piece: Json) -> int:
    """How many cells a piece sends."""
    return sum(len(row["values"]) for row in piece.get("updateCells", {}).get("rows", ())) or 1


def _written(cell: Json) -> Json:
    return {name: cell[name] for name in _WRITTEN if name in cell}


def sizes(sheet: ExactSheet, found: ExactSheet | None, gid: int) -> list[Json]:
    """Heights, widths and what is hidden, as runs of equal ones; back to the usual where it was usual."""
    requests = []
    for axis, kept, now, usual in (
        ("ROWS", sheet.rows, found.rows if found else {}, ROW_PIXELS),
        ("COLUMNS", sheet.columns, found.columns if found else {}, COLUMN_PIXELS),
    ):
        wanted = {
            index: (
                kept.get(index, {}).get("pixelSize", usual),
                bool(kept.get(index, {}).get("hiddenByUser")),
            )
            for index in kept.keys() | now.keys()
        }
        for start, end, (pixels, hidden) in _runs(wanted):
            requests.append(
                {
                    "updateDimensionProperties": {
                        "range": {"sheetId": gid, "dimension": axis, "startIndex": start, "endIndex": end},
                        "properties": {"pixelSize": pixels, "hiddenByUser": hidden},
                        "fields": "pixelSize,hiddenByUser",
                    }
                }
            )
    return requests


def _runs(wanted: Mapping[int, tuple[int, bool]]) -> list[tuple[int, int, tuple[int, bool]]]:
    runs: list[tuple[int, int, tuple[int, bool]]] = []
    for index, size in sorted(wanted.items()):
        if runs and runs[-1][1] == index and runs[-1][2] == size:
            runs[-1] = (runs[-1][0], index + 1, size)
        else:
            runs.append((index, index + 1, size))
    return runs


def beside(kept: Exact, found: Exact, gids: Gids) -> list[Json]:
    """Merged cells, rules for colours, protections, filters and names that are not there."""
    present = {sheet.title: sheet for sheet in found.sheets}
    requests: list[Json] = []
    for sheet in kept.sheets:
        now = present[sheet.title].beside if sheet.title in present else {}
        for name, make in _MAKERS.items():
            there = [plain(item) for item in _listed(now.get(name))]
            items = [item for item in _listed(sheet.beside.get(name)) if plain(item) not in there]
            requests += [make(_moved(item, gids), at) for at, item in enumerate(items, len(there))]
    names = {item["name"] for item in found.named_ranges}
    return requests + [
        {"addNamedRange": {"namedRange": {"name": item["name"], "range": _moved(item["range"], gids)}}}
        for item in kept.named_ranges
        if item["name"] not in names
    ]


def _merge(item: Json, _: int) -> Json:
    return {"mergeCells": {"range": item, "mergeType": "MERGE_ALL"}}


def _colour_rule(item: Json, at: int) -> Json:
    return {"addConditionalFormatRule": {"rule": item, "index": at}}


def _protection(item: Json, _: int) -> Json:
    dropped = {"protectedRangeId", "requestingUserCanEdit", "namedRangeId"}
    return {
        "addProtectedRange": {
            "protectedRange": {name: value for name, value in item.items() if name not in dropped}
        }
    }


def _filter(item: Json, _: int) -> Json:
    return {"setBasicFilter": {"filter": item}}


def _banding(item: Json, _: int) -> Json:
    return {
        "addBanding": {
            "bandedRange": {name: value for name, value in item.items() if name != "bandedRangeId"}
        }
    }


def _view(item: Json, _: int) -> Json:
    return {
        "addFilterView": {"filter": {name: value for name, value in item.items() if name != "filterViewId"}}
    }


_MAKERS = {
    "merges": _merge,
    "conditionalFormats": _colour_rule,
    "protectedRanges": _protection,
    "basicFilter": _filter,
    "bandedRanges": _banding,
    "filterViews": _view,
}


def _listed(thing: object) -> list[Json]:
    if isinstance(thing, list):
        return thing
    return [thing] if isinstance(thing, dict) else []


def _moved(thing: Json, gids: Gids) -> Json:
    """The same with every sheet's number as it is now; a sheet without one is the first ever made, 0."""
    moved: Json = _renumbered(thing, gids)
    return moved


def _renumbered(thing: Any, gids: Gids) -> Any:
    if isinstance(thing, dict):
        found = {name: _renumbered(value, gids) for name, value in thing.items()}
        places = {"startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex", "sheetId"}
        if "sheetId" in thing or (thing and thing.keys() <= places):
            found["sheetId"] = gids.get(thing.get("sheetId", 0), thing.get("sheetId", 0))
        return found
    if isinstance(thing, Sequence) and not isinstance(thing, str):
        return [_renumbered(item, gids) for item in thing]
    return thing


def _gid(sheet: ExactSheet) -> int:
    gid: int = sheet.properties.get("sheetId", 0)
    return gid
