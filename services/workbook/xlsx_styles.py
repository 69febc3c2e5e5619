"""The cell styles of an .xlsx file: which show dates and times, and new ones where none does."""

import copy
import datetime as dt
import re
from enum import StrEnum

from lxml import etree

from services.workbook.port import Cell
from services.workbook.xlsx_archive import as_xml, local_name, parse_xml
from services.workbook.xlsx_guard import unreadable

NO_STYLES = "saknar formatmallar; öppna den i Excel eller LibreOffice och spara om den."


class Kind(StrEnum):
    """What a style must show; the value is the format code given to a new style."""

    DATE = "yyyy-mm-dd"
    DATETIME = "yyyy-mm-dd hh:mm:ss"
    TIME = "hh:mm"
    NUMBER = "General"
    ANY = ""


def kind_of(value: Cell) -> Kind:
    """What the style of a cell with this value must show."""
    if isinstance(value, dt.datetime):
        return Kind.DATETIME
    if isinstance(value, dt.date):
        return Kind.DATE
    if isinstance(value, dt.time):
        return Kind.TIME
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return Kind.NUMBER if is_number else Kind.ANY


_BUILT_IN = (
    dict.fromkeys((*range(14), *range(37, 45), 48, 49), Kind.NUMBER)
    | dict.fromkeys((14, 15, 16, 17), Kind.DATE)
    | dict.fromkeys((18, 19, 20, 21), Kind.TIME)
    | {22: Kind.DATETIME}
)
_FIRST_OWN_FORMAT = 164
_NOT_LETTERS = re.compile(r'"[^"]*"|\\.')
_BRACKETS = re.compile(r"\[[^\]]*\]")
_DURATION = re.compile(r"\[[hms]+\]", re.IGNORECASE)


def _kind_of_format(code: str) -> Kind:
    """What a format code shows; ANY where programs might disagree."""
    bare = _NOT_LETTERS.sub("", code)
    letters = set(_BRACKETS.sub("", bare).casefold()) & set("ymdhs")
    if _DURATION.search(bare):
        return Kind.ANY
    if not letters:
        return Kind.NUMBER
    has_day, has_time = bool(letters & {"y", "d"}), bool(letters & {"h", "s"})
    if "_" in bare or "*" in bare or not (has_day or "h" in letters):
        return Kind.ANY
    if has_day:
        return Kind.DATETIME if has_time else Kind.DATE
    return Kind.TIME


class Styles:
    """The styles part; `fitting` may add to it."""

    def __init__(self, xml: bytes, file: str) -> None:
        self._root = parse_xml(xml, file)
        found = {local_name(child): child for child in self._root}
        if "cellXfs" not in found:
            raise unreadable(file, NO_STYLES)
        self._cell_styles = found["cellXfs"]
        self._formats = found.get("numFmts")
        self._kinds = dict(_BUILT_IN)
        for own in self._formats if self._formats is not None else ():
            self._kinds[int(own.get("numFmtId", "0"))] = _kind_of_format(own.get("formatCode", ""))
        self.changed = False

    def fits(self, style: int, kind: Kind) -> bool:
        """Whether a value of that kind reads as itself, and is shown as itself, in the style."""
        if kind is Kind.ANY:
            return True
        shown = self._kinds.get(self._format_of(style), Kind.ANY)
        return shown is kind

    def fitting(self, style: int, kind: Kind) -> int:
        """The style itself if it fits; else one that only differs in its number format."""
        if self.fits(style, kind):
            return style
        base = self._cell_styles[style] if style < len(self._cell_styles) else self._cell_styles[0]
        new = copy.deepcopy(base)
        new.set("numFmtId", str(self._format_for(kind)))
        new.set("applyNumberFormat", "1")
        return self._index_of(new)

    def xml(self) -> bytes:
        """The part as it now stands."""
        return as_xml(self._root)

    def _format_of(self, style: int) -> int:
        if style >= len(self._cell_styles):
            return 0
        return int(self._cell_styles[style].get("numFmtId", "0"))

    def _format_for(self, kind: Kind) -> int:
        if kind is Kind.NUMBER:
            return 0
        if self._formats is None:
            # The schema wants it first among the children.
            self._formats = self._root.makeelement(_like(self._root, "numFmts"))
            self._root.insert(0, self._formats)
        for present in self._formats:
            if present.get("formatCode") == kind.value:
                return int(present.get("numFmtId", "0"))
        number = max([_FIRST_OWN_FORMAT - 1, *(int(f.get("numFmtId", "0")) for f in self._formats)]) + 1
        added = etree.SubElement(self._formats, _like(self._root, "numFmt"))
        added.set("numFmtId", str(number))
        added.set("formatCode", kind.value)
        self._formats.set("count", str(len(self._formats)))
        self._kinds[number] = kind
        self.changed = True
        return number

    def _index_of(self, style: etree._Element) -> int:
        """The number of that style; added only when no equal one is there."""
        wanted = etree.tostring(style, method="c14n", with_tail=False)
        for index, present in enumerate(self._cell_styles):
            if etree.tostring(present, method="c14n", with_tail=False) == wanted:
                return index
        self._cell_styles.append(style)
        self._cell_styles.set("count", str(len(self._cell_styles)))
        self.changed = True
        return len(self._cell_styles) - 1


def _like(root: etree._Element, name: str) -> str:
    """The name in the root's namespace, which differs between the two dialects of the format."""
    return etree.QName(etree.QName(root).namespace, name).text
