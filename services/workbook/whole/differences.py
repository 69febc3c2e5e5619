"""How two exact pictures of a spreadsheet differ: what people would call content, and what looks."""

from collections.abc import Iterator
from dataclasses import dataclass

from services.workbook.cell_values import cell_name
from services.workbook.google_terms import Json
from services.workbook.guarded.cells import same, shown
from services.workbook.whole.exact import BESIDE, Exact, ExactSheet

_LOOKS = ("userEnteredFormat", "note", "dataValidation", "textFormatRuns")
_OF_GOOGLE = {"protectedRangeId", "requestingUserCanEdit", "bandedRangeId", "filterViewId", "sheetId"}
"""What Google numbers as it likes."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What is not as it was; `is_content` where it is something that was entered, not how it looks."""

    sheet: str
    what: str
    is_content: bool


def differences(kept: Exact, found: Exact) -> list[Difference]:
    """All that differs between what was kept and what stands now; sheets that are new do not count."""
    sheets = {sheet.title: sheet for sheet in found.sheets}
    differing: list[Difference] = []
    for sheet in kept.sheets:
        if sheet.title not in sheets:
            differing.append(Difference(sheet.title, "bladet saknas", is_content=True))
        else:
            differing += _of_sheet(sheet, sheets[sheet.title])
    if _names(kept) != _names(found):
        differing.append(Difference("", "namngivna områden", is_content=False))
    return differing


def _of_sheet(kept: ExactSheet, found: ExactSheet) -> Iterator[Difference]:
    for row in range(max(len(kept.cells), len(found.cells))):
        widths = (len(sheet.cells[row]) for sheet in (kept, found) if row < len(sheet.cells))
        for column in range(max(widths, default=0)):
            one, other = kept.cell(row, column), found.cell(row, column)
            is_content = one is not other and not same_content(one, other)
            if is_content or _looks_differ(one, other):
                yield Difference(kept.title, cell_name(row + 1, column), is_content)
    beside: list[tuple[str, object, object]] = [
        ("radhöjder", kept.rows, found.rows),
        ("kolumnbredder", kept.columns, found.columns),
        ("låsta rader, dold eller färg", _state(kept), _state(found)),
        *((name, plain(kept.beside.get(name)), plain(found.beside.get(name))) for name in BESIDE),
    ]
    for what, was, is_ in beside:
        if was != is_:
            yield Difference(kept.title, what, is_content=False)


def same_content(one: Json, other: Json) -> bool:
    """Whether the same was entered in two cells, formulas and types included."""
    a, b = one.get("userEnteredValue", {}), other.get("userEnteredValue", {})
    if a == b:
        return True
    if "formulaValue" in a or "formulaValue" in b:
        return False
    return same(shown(one), shown(other))


def _looks_differ(one: Json, other: Json) -> bool:
    return any(one.get(name) != other.get(name) for name in _LOOKS)


def _state(sheet: ExactSheet) -> Json:
    """What a person sees of the sheet as a whole; more room than there was does not count."""
    grid = sheet.properties.get("gridProperties", {})
    frozen = {name: count for name, count in grid.items() if name.startswith("frozen") and count}
    return frozen | {
        name: sheet.properties[name]
        for name in ("hidden", "tabColor", "rightToLeft")
        if sheet.properties.get(name)
    }


def plain(thing: object) -> object:
    """The thing without the numbers Google gives it, and without what it takes for granted."""
    if isinstance(thing, dict):
        return {name: plain(value) for name, value in thing.items() if name not in _OF_GOOGLE}
    if isinstance(thing, list):
        return [plain(item) for item in thing]
    return thing


def _names(exact: Exact) -> list[tuple[str, str]]:
    return sorted((item["name"], str(plain(item["range"]))) for item in exact.named_ranges)
