"""A changed .xlsx file from an old one: only the sheets that are written to differ.

openpyxl's load and save would drop charts, pictures, slicers, newer drop-downs and the saved values
of formulas; so the sheets' XML is changed where it stands and every other part is copied.
"""

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePath

from lxml import etree

from services.errors import CellProtected
from services.workbook.cell_values import cell_name, header_text
from services.workbook.port import Cell, CellChange, Row
from services.workbook.xlsx_archive import Archive, as_xml, local_name
from services.workbook.xlsx_cells import Dates, SheetPart, decoded
from services.workbook.xlsx_guard import unreadable
from services.workbook.xlsx_removed import Removed
from services.workbook.xlsx_styles import NO_STYLES, Styles

_FORMULA = re.compile(rb"<(?:[\w.-]+:)?f[\s>]")
_AFTER_CALCULATION = frozenset(
    (
        "oleSize",
        "customWorkbookViews",
        "pivotCaches",
        "smartTagPr",
        "smartTagTypes",
        "webPublishing",
        "fileRecoveryPr",
        "webPublishObjects",
        "extLst",
    )
)
"""What the format wants after the settings for calculation."""


class Patch:
    """Changes to one file, gathered until `content` makes the new file of them."""

    def __init__(self, data: bytes, file: str) -> None:
        self.data = data
        self._archive = Archive(data, file)
        self._file = file
        self._removed = Removed()
        self._workbook = self._archive.xml(self._archive.workbook_part)
        self._sheets: dict[str, SheetPart] = {}
        styles = self._archive.related("/styles")
        if styles is None:
            raise unreadable(file, NO_STYLES)
        self._styles_part = styles
        self._styles = Styles(self._archive.part(styles), file)
        settings = [e for e in self._workbook if local_name(e) == "workbookPr"]
        self._dates = Dates(any(e.get("date1904") in ("1", "true") for e in settings))

    def append(self, sheet: str, rows: Sequence[Row]) -> None:
        """Rows by header after the last row with content; ValueError for an unknown header."""
        part = self._sheet(sheet)
        filled = part.filled_rows()
        if filled is None:
            raise ValueError(f"the sheet {sheet!r} has no header row")
        header_row, last = filled
        headers: dict[str, int] = {}
        for column, text in self._texts(part, header_row).items():
            headers.setdefault(header_text(text), column)
        headers.pop("", None)
        if unknown := {header for row in rows for header in row} - headers.keys():
            raise ValueError(f"the sheet {sheet!r} has no column {sorted(unknown)}")
        placed = [{headers[header]: value for header, value in row.items()} for row in rows]
        part.put_rows(last + 1, placed, like=last if last > header_row else None)

    def put(self, sheet: str, first: int, rows: Sequence[Sequence[Cell]]) -> None:
        """Rows from the first column on, for a file that is being made."""
        self._sheet(sheet).put_rows(first, [dict(enumerate(row)) for row in rows], like=None)

    def write(self, change: CellChange) -> None:
        """One cell; CellProtected if it holds a formula."""
        name = cell_name(change.row, change.column)
        part = self._sheet(change.sheet)
        if part.holds_formula(change.row, change.column):
            raise CellProtected(
                PurePath(self._file).stem,
                f"Cellen {name} i bladet {change.sheet} i {self._file} innehåller en formel "
                "och skrivs inte över; ändra den i kalkylbladet.",
            )
        part.write(change.row, change.column, change.value)

    def remove(self, sheet: str, rows: Iterable[int]) -> None:
        """Empty rows; formulas in them stay, without what they showed."""
        part = self._sheet(sheet)
        for number in rows:
            self._removed.row(part, number)

    def content(self) -> bytes:
        """The new file."""
        parts = {self._archive.sheet_parts[name]: sheet.xml() for name, sheet in self._sheets.items()}
        parts |= self._removed.parts(self._archive, parts)
        if self._styles.changed:
            parts[self._styles_part] = self._styles.xml()
        if self._has_formulas(parts):
            parts[self._archive.workbook_part] = self._recalculating()
        return self._archive.replaced(parts)

    def _sheet(self, name: str) -> SheetPart:
        if name not in self._sheets:
            if name not in self._archive.sheet_parts:
                raise ValueError(f"{self._file} has no sheet {name!r}")
            xml = self._archive.part(self._archive.sheet_parts[name])
            self._sheets[name] = SheetPart(xml, self._styles, self._dates, self._file)
        return self._sheets[name]

    def _has_formulas(self, parts: Mapping[str, bytes]) -> bool:
        sheets = self._archive.sheet_parts.values()
        return any(_FORMULA.search(parts.get(part) or self._archive.part(part)) for part in sheets)

    def _recalculating(self) -> bytes:
        """The workbook part, asking the next program that opens it to compute the formulas anew."""
        present = [e for e in self._workbook if local_name(e) == "calcPr"]
        if present:
            present[0].set("fullCalcOnLoad", "1")
            return as_xml(self._workbook)
        added = self._workbook.makeelement(str(self._workbook.tag).replace("workbook", "calcPr"))
        added.set("fullCalcOnLoad", "1")
        later = [e for e in self._workbook if local_name(e) in _AFTER_CALCULATION]
        if later:
            later[0].addprevious(added)
        else:
            self._workbook.append(added)
        return as_xml(self._workbook)

    def _texts(self, part: SheetPart, row: int) -> dict[int, str]:
        """What the cells of a row show, by column."""
        cells = part.row(row)
        shared_cells = {c: int(_text(cell, "v") or 0) for c, cell in cells.items() if cell.get("t") == "s"}
        shared = self._shared_strings(set(shared_cells.values()))
        return {
            column: shared.get(shared_cells[column], "") if column in shared_cells else _own_text(cell)
            for column, cell in cells.items()
        }

    def _shared_strings(self, wanted: set[int]) -> dict[int, str]:
        part = self._archive.related("/sharedStrings")
        if not wanted or part is None:
            return {}
        found: dict[int, str] = {}
        stream = io.BytesIO(self._archive.part(part))
        items = etree.iterparse(stream, tag="{*}si", resolve_entities=False, no_network=True)
        for index, (_, item) in enumerate(items):
            if index in wanted:
                found[index] = _text(item, "t")
            item.clear()
            if len(found) == len(wanted):
                break
        return found


def _text(element: etree._Element, name: str) -> str:
    """The element's text of that name; how it is pronounced (rPh) is not among it."""
    found = [
        piece
        for piece in element.iter()
        if local_name(piece) == name and not any(local_name(a) == "rPh" for a in piece.iterancestors())
    ]
    return decoded("".join(piece.text or "" for piece in found))


def _own_text(cell: etree._Element) -> str:
    if cell.get("t") == "inlineStr":
        return _text(cell, "t")
    text = _text(cell, "v")
    if cell.get("t", "n") == "n" and text:
        return header_text(float(text))
    return text
