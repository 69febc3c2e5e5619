"""Rows taken out of an .xlsx file for good: their texts stand in more places than in their cells."""

import re
from collections.abc import Iterable, Mapping

from lxml import etree

from services.errors import CellProtected
from services.workbook.xlsx_archive import Archive, as_xml, local_name, parse_xml
from services.workbook.xlsx_cells import SheetPart

_CONTENT = ("v", "is", "f")
_TELLING = re.compile(r"[\w-]{12,}")
"""What tells one row from all others, such as its key; a school's code or a level stands in many."""

_COPIES = re.compile(r"pivotCache|/charts/")
"""Parts in which spreadsheet programs keep cells of other sheets once more."""


class Removed:
    """The rows that a patch takes away, and what has to go with them."""

    def __init__(self) -> None:
        self._texts: set[str] = set()
        self._is_any = False

    def row(self, part: SheetPart, number: int) -> None:
        """Empty a row; a formula stays, without what it showed."""
        self._is_any = True
        for column, cell in list(part.row(number).items()):
            is_formula = part.holds_formula(number, column)
            for child in [one for one in cell if local_name(one) in _CONTENT]:
                if not (is_formula and local_name(child) == "f"):
                    self._texts.update(piece.text for piece in child.iter() if piece.text)
                    cell.remove(child)
            for name in ("t", "cm", "vm"):
                if name in cell.attrib and not (is_formula and name != "t"):
                    del cell.attrib[name]
            if not len(cell) and set(cell.attrib) <= {"r"}:
                part.drop(number, column)

    def parts(self, archive: Archive, changed: Mapping[str, bytes]) -> dict[str, bytes]:
        """The parts that differ for it, `changed` being the sheets as they then are."""
        if not self._is_any:
            return {}
        found: dict[str, bytes] = {}
        sheets = set(archive.sheet_parts.values())
        roots = {name: parse_xml(changed.get(name) or archive.part(name), archive.file) for name in sheets}
        strings = archive.related("/sharedStrings")
        if strings is not None:
            root = archive.xml(strings)
            if texts := _without_unused(root, {number for one in roots.values() for number in _used(one)}):
                self._texts |= texts
                found[strings] = as_xml(root)
        telling = {word for text in self._texts for word in _TELLING.findall(text)}
        for name, root in roots.items():
            if _without_results(root, telling):
                found[name] = as_xml(root)
        _refuse_copies(archive, telling)
        return found


def _used(sheet: etree._Element) -> Iterable[int]:
    """The numbers of the shared texts that the cells of a sheet show."""
    for cell in _cells(sheet):
        if cell.get("t") == "s":
            yield from (int(child.text or 0) for child in cell if local_name(child) == "v")


def _without_unused(strings: etree._Element, used: set[int]) -> set[str]:
    """Blank the shared texts that no cell shows, so that all others keep their numbers; what they were."""
    gone: set[str] = set()
    items = [item for item in strings if local_name(item) == "si"]
    for number, item in enumerate(items):
        texts = {piece.text for piece in item.iter() if piece.text}
        if number not in used and texts:
            gone |= texts
            for child in list(item):
                item.remove(child)
            etree.SubElement(item, str(item.tag).replace("}si", "}t"))
    return gone


def _without_results(sheet: etree._Element, telling: set[str]) -> bool:
    """Drop the results of formulas that still show what was removed; whether there were any."""
    found = False
    for cell in _cells(sheet):
        results = [child for child in cell if local_name(child) == "v"]
        if cell.get("t") == "str" and any(_tells(one.text or "", telling) for one in results):
            found = True
            for result in results:
                cell.remove(result)
            del cell.attrib["t"]
    return found


def _refuse_copies(archive: Archive, telling: set[str]) -> None:
    """CellProtected where a pivot table or a chart holds what was removed."""
    for name in archive.names:
        if _COPIES.search(name) and _tells(archive.part(name).decode("utf-8", "replace"), telling):
            raise CellProtected(
                archive.file.removesuffix(".xlsx"),
                f"I filen {archive.file} finns ett diagram eller en pivottabell som har kvar det som ska tas "
                "bort. Ta bort diagrammet eller pivottabellen, spara filen och försök igen.",
            )


def _tells(text: str, telling: set[str]) -> bool:
    return not telling.isdisjoint(_TELLING.findall(text))


def _cells(sheet: etree._Element) -> Iterable[etree._Element]:
    return (element for element in sheet.iter() if local_name(element) == "c")
