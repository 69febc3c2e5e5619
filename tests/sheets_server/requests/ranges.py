"""Requests about named ranges, protections, filters and rules over ranges."""

import re
from typing import Any

from tests.sheets_server.a1 import read_box
from tests.sheets_server.book import Sheet
from tests.sheets_server.boxes import Box
from tests.sheets_server.cells import coloured
from tests.sheets_server.discovery import write_mask
from tests.sheets_server.errors import PROTECTED, invalid
from tests.sheets_server.fields import overlay, without_defaults
from tests.sheets_server.requests.base import Job, Json, handles

LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"


def shown_range(job: Job, given: Json | None) -> Json:
    """Return a GridRange as kept: the number 0 of the first sheet left out."""
    given = given or {}
    sheet = job.sheet(given.get("sheetId"))
    return Box.from_json(given).to_json(sheet.sheet_id)


def check_name(job: Job, name: str, own: str = "") -> None:
    """Refuse a range name that is no name, or taken."""
    good = re.fullmatch(r"[^\W\d]\w*(\.\w+)*", name or "") and len(name) <= 250
    if not good or read_box(name) is not None or name.lower() in ("true", "false"):
        raise invalid(
            "The name of a range must start with a letter or underscore, must not contain spaces and must "
            f"not be a cell reference: {name}"
        )
    taken = job.book.named(name)
    if taken is not None and taken["namedRangeId"] != own:
        raise invalid(f'A named range with the name "{name}" already exists.')


@handles("addNamedRange")
def add_named_range(job: Job, request: Json) -> Json:
    """Name a range."""
    given = request.get("namedRange", {})
    check_name(job, given.get("name", ""))
    job.area(given.get("range"))
    found = given.get("namedRangeId") or "".join(job.chance.choice(LETTERS) for _ in range(12))
    if any(item["namedRangeId"] == found for item in job.book.named_ranges):
        raise invalid(f"A named range with the id {found} already exists.")
    named = {"namedRangeId": found, "name": given["name"], "range": shown_range(job, given["range"])}
    job.book.named_ranges.append(named)
    return {"namedRange": named}


def _named(job: Job, number: str | None) -> Json:
    for item in job.book.named_ranges:
        if item["namedRangeId"] == number:
            return item
    raise invalid(f"No named range with id: {number}")


@handles("updateNamedRange")
def update_named_range(job: Job, request: Json) -> Json:
    """Rename or move a named range."""
    given = request.get("namedRange", {})
    item = _named(job, given.get("namedRangeId"))
    mask = write_mask(request.get("fields"), "NamedRange")
    if "name" in mask or "*" in mask:
        check_name(job, given.get("name", ""), item["namedRangeId"])
        item["name"] = given["name"]
    if "range" in mask or "*" in mask:
        item["range"] = shown_range(job, given.get("range"))
    return {}


@handles("deleteNamedRange")
def delete_named_range(job: Job, request: Json) -> Json:
    """Forget a name."""
    job.book.named_ranges.remove(_named(job, request.get("namedRangeId")))
    return {}


def _protection(job: Job, number: int | None) -> tuple[Sheet, Json]:
    for sheet in job.book.sheets:
        for item in sheet.protected:
            if item["protectedRangeId"] == number:
                return sheet, item
    raise invalid(f"No protected range with id: {number}")


def _checked(job: Job, given: Json) -> tuple[Sheet, Json]:
    """Return the sheet and the protection as kept; refuses what contradicts itself."""
    if given.get("warningOnly") and given.get("editors"):
        raise invalid("ProtectedRange is warningOnly. Editors cannot be set on it.")
    if given.get("namedRangeId"):
        place = _named(job, given["namedRangeId"])["range"]
    else:
        place = shown_range(job, given.get("range"))
    sheet = job.sheet(place.get("sheetId"))
    if place.keys() - {"sheetId"}:
        job.area(place)
    kept = {**without_defaults(given), "range": place, "requestingUserCanEdit": True}
    for name in ("protectedRangeId", "namedRangeId"):
        if not kept.get(name):
            kept.pop(name, None)
    if not given.get("warningOnly"):
        users = list((given.get("editors") or {}).get("users", []))
        kept["editors"] = {
            **(given.get("editors") or {}),
            "users": users + [job.email] * (job.email not in users),
        }
    return sheet, kept


@handles("addProtectedRange")
def add_protected_range(job: Job, request: Json) -> Json:
    """Protect a range or a sheet."""
    sheet, kept = _checked(job, request.get("protectedRange", {}))
    whole = Box.from_json(kept["range"]) == Box()
    if whole and any(Box.from_json(item.get("range", {})) == Box() for item in sheet.protected):
        raise invalid(f'Sheet "{sheet.title}" already has sheet protection.')
    taken = [item["protectedRangeId"] for one in job.book.sheets for item in one.protected]
    if kept.get("protectedRangeId") in taken:
        raise invalid(f"A protected range with the id {kept['protectedRangeId']} already exists.")
    kept.setdefault("protectedRangeId", job.fresh_id(taken))
    sheet.protected.append(kept)
    return {"protectedRange": kept}


@handles("updateProtectedRange")
def update_protected_range(job: Job, request: Json) -> Json:
    """Change a protection."""
    given = request.get("protectedRange", {})
    sheet, item = _protection(job, given.get("protectedRangeId"))
    if not job.guard.allowed(item):
        raise invalid(PROTECTED)
    mask = write_mask(request.get("fields"), "ProtectedRange")
    merged = overlay(item, given, mask)
    merged.pop("requestingUserCanEdit", None)
    target, kept = _checked(job, merged)
    sheet.protected.remove(item)
    target.protected.append(kept)
    return {}


@handles("deleteProtectedRange")
def delete_protected_range(job: Job, request: Json) -> Json:
    """Take away a protection."""
    sheet, item = _protection(job, request.get("protectedRangeId"))
    if not job.guard.allowed(item):
        raise invalid(PROTECTED)
    sheet.protected.remove(item)
    return {}


@handles("setBasicFilter")
def set_basic_filter(job: Job, request: Json) -> Json:
    """Set the sheet's filter, and its order."""
    given = request.get("filter", {})
    sheet, rect = job.area(given.get("range"))
    sheet.basic_filter = {**without_defaults(coloured(given)), "range": rect.box.to_json(sheet.sheet_id)}
    if "sortSpecs" in given:
        from tests.sheets_server.requests.copying import sort_rows

        sort_rows(job, sheet, rect, given["sortSpecs"])
    return {}


@handles("clearBasicFilter")
def clear_basic_filter(job: Job, request: Json) -> Json:
    """Take away the sheet's filter."""
    job.sheet(request.get("sheetId")).basic_filter = None
    return {}


@handles("addFilterView")
def add_filter_view(job: Job, request: Json) -> Json:
    """Add a filter of a viewer."""
    given = without_defaults(request.get("filter", {}))
    sheet, _ = job.area(given.get("range"))
    taken = [item["filterViewId"] for one in job.book.sheets for item in one.lists["filterViews"]]
    given.setdefault("filterViewId", job.fresh_id(taken))
    given["range"] = shown_range(job, given["range"])
    sheet.lists["filterViews"].append(given)
    return {"filter": given}


@handles("deleteFilterView")
def delete_filter_view(job: Job, request: Json) -> Json:
    """Delete a filter of a viewer."""
    number = request.get("filterId")
    for sheet in job.book.sheets:
        for item in sheet.lists["filterViews"]:
            if item["filterViewId"] == number:
                sheet.lists["filterViews"].remove(item)
                return {}
    raise invalid(f"No filter view with id: {number}")


@handles("addConditionalFormatRule")
def add_conditional_format_rule(job: Job, request: Json) -> Json:
    """Add a rule that colours cells."""
    rule = without_defaults(coloured(request.get("rule", {})))
    if not rule.get("ranges"):
        raise invalid("At least one range is required.")
    sheet = job.sheet(rule["ranges"][0].get("sheetId"))
    rule["ranges"] = [shown_range(job, item) for item in rule["ranges"]]
    sheet.lists["conditionalFormats"].insert(request.get("index", 0), rule)
    return {}


def _rule_at(sheet: Sheet, index: int) -> list[Any]:
    rules = sheet.lists["conditionalFormats"]
    if not 0 <= index < len(rules):
        raise invalid(f"No conditional format on sheet: {sheet.sheet_id} at index: {index}")
    return rules


@handles("deleteConditionalFormatRule")
def delete_conditional_format_rule(job: Job, request: Json) -> Json:
    """Delete a rule that colours cells."""
    sheet, index = job.sheet(request.get("sheetId")), request.get("index", 0)
    return {"rule": _rule_at(sheet, index).pop(index)}


@handles("updateConditionalFormatRule")
def update_conditional_format_rule(job: Job, request: Json) -> Json:
    """Replace or move a rule that colours cells."""
    given, index = request.get("rule"), request.get("index", 0)
    place = given["ranges"][0].get("sheetId") if given and given.get("ranges") else request.get("sheetId")
    sheet = job.sheet(place)
    rules = _rule_at(sheet, index)
    old = rules.pop(index)
    if given is None:
        rules.insert(request.get("newIndex", 0), old)
        return {"newRule": old, "oldIndex": index, "newIndex": request.get("newIndex", 0)}
    new = coloured(given) | {"ranges": [shown_range(job, item) for item in given.get("ranges", [])]}
    rules.insert(index, new)
    return {"newRule": new, "oldRule": old, "newIndex": index}


@handles("addBanding")
def add_banding(job: Job, request: Json) -> Json:
    """Colour alternating rows."""
    given = coloured(request.get("bandedRange", {}))
    sheet, _ = job.area(given.get("range"))
    taken = [item["bandedRangeId"] for one in job.book.sheets for item in one.lists["bandedRanges"]]
    given.setdefault("bandedRangeId", job.fresh_id(taken))
    given["range"] = shown_range(job, given["range"])
    sheet.lists["bandedRanges"].append(given)
    return {"bandedRange": given}


@handles("deleteBanding")
def delete_banding(job: Job, request: Json) -> Json:
    """Take away alternating colours."""
    number = request.get("bandedRangeId")
    for sheet in job.book.sheets:
        for item in sheet.lists["bandedRanges"]:
            if item["bandedRangeId"] == number:
                sheet.lists["bandedRanges"].remove(item)
                return {}
    raise invalid(f"No banded range with id: {number}")
