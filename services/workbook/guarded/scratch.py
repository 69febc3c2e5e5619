"""The app's own sheet in a spreadsheet: hidden and protected, for copies of what is about to be written over.

Each instance of the app (each folder for its journal) has one of its own: it alone writes there, so
a copy stays until its instance has settled what it is for, whatever other instances do meanwhile.

The sheet is also the fence against what lands late. An operation names the sheet by its number; once
the sheet has been replaced by a copy with another number, one that was sent earlier can only be
refused, all of it.
"""

import secrets
from collections.abc import Iterable

from services.workbook.google_terms import Json, SheetInfo
from services.workbook.guarded.requests import area, paste, sized

SCRATCH = "Appens arbetsyta"
"""How the titles of the app's own sheets begin."""

MOST = 8
"""Instances come and go: the oldest sheets beyond this many are removed when another is made."""


def is_scratch(title: str) -> bool:
    """Whether a sheet is one of the app's own, which nobody is to read as a table."""
    return title.startswith(SCRATCH)


def scratch_title(instance: str) -> str:
    """The title of an instance's own sheet."""
    return f"{SCRATCH} {instance}"


def new_number(infos: Iterable[SheetInfo]) -> int:
    """A number that no sheet has."""
    taken = {info.gid for info in infos}
    while (number := 1 + secrets.randbelow(2**31 - 2)) in taken:
        pass
    return number


def making(gid: int, title: str, address: str, infos: Iterable[SheetInfo]) -> list[Json]:
    """The requests that make the sheet."""
    old = [info.gid for info in infos if is_scratch(info.title)]
    return [
        *({"deleteSheet": {"sheetId": number}} for number in old[: max(len(old) + 1 - MOST, 0)]),
        _new_sheet(gid, title, 1, 2),
        _protection(gid, address),
    ]


def replacing(old: SheetInfo, gid: int, address: str) -> list[Json]:
    """The requests that put a copy of the sheet in its place, under another number."""
    size = {"width": old.columns, "height": old.rows}
    return [
        _new_sheet(gid, f"{old.title} ny", old.rows, old.columns),
        paste(area(old.gid, (0, 0), **size), area(gid, (0, 0), **size), "NORMAL"),
        {"deleteSheet": {"sheetId": old.gid}},
        {
            "updateSheetProperties": {
                "properties": {"sheetId": gid, "title": old.title},
                "fields": "title",
            }
        },
        _protection(gid, address),
    ]


def forgetting(infos: Iterable[SheetInfo], title: str) -> list[Json]:
    """The requests that leave nothing in any of the app's own sheets.

    Those of other instances are left from earlier, as only one at a time may have a register: away with them.
    """
    own = [info for info in infos if is_scratch(info.title)]
    return [
        sized(info.gid, 1, 1) if info.title == title else {"deleteSheet": {"sheetId": info.gid}}
        for info in own
    ]


def _new_sheet(gid: int, title: str, rows: int, columns: int) -> Json:
    grid = {"rowCount": rows, "columnCount": columns}
    properties = {"sheetId": gid, "title": title, "hidden": True, "gridProperties": grid}
    return {"addSheet": {"properties": properties}}


def _protection(gid: int, address: str) -> Json:
    protection: Json = {"range": {"sheetId": gid}, "description": SCRATCH, "warningOnly": False}
    if address:
        protection["editors"] = {"users": [address]}
    return {"addProtectedRange": {"protectedRange": protection}}
