"""The cells of one worksheet part, changed in place; whatever is not named stays as it was."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from xml.sax.saxutils import escape

from lxml import etree

from services.workbook.cell_values import as_read, cell_name, column_letters, column_number
from services.workbook.port import Cell
from services.workbook.xlsx_archive import as_xml, local_name, parse_xml
from services.workbook.xlsx_guard import damaged
from services.workbook.xlsx_styles import Kind, Styles, kind_of

_CONTENT = frozenset({"v", "is", "f"})
_PLACE = re.compile(r"([A-Za-z]+)([0-9]+)$")
_AREA = re.compile(r"\$?([A-Z]+)\$?([0-9]+)(?::\$?([A-Z]+)\$?([0-9]+))?$")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_TO_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)|[\x00-\x08\x0b-\x1f]")
_EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001  # cells have no time zone
_DAYS_TO_1904 = 1462
_COLUMN = (("min", "1"), ("max", "1"), ("style", "0"))


@dataclass(frozen=True, slots=True)
class Dates:
    """How the workbook counts days: from 1899-12-30, or as old Macs did from 1904-01-01."""

    from_1904: bool = False

    def serial(self, value: dt.date | dt.time) -> float:
        """The number that stands for a moment."""
        if isinstance(value, dt.time):
            return (dt.datetime.combine(_EPOCH, value) - _EPOCH) / dt.timedelta(days=1)
        moment = value if isinstance(value, dt.datetime) else dt.datetime.combine(value, dt.time.min)
        return (moment - _EPOCH) / dt.timedelta(days=1) - (_DAYS_TO_1904 if self.from_1904 else 0)


def cell_xml(place: str, style: int, value: Cell, dates: Dates) -> str:
    """One cell; text is always inline text, so it can never become a formula."""
    value = as_read(value)
    start = f'<c r="{place}" s="{style}"' if style else f'<c r="{place}"'
    if value == "" or value is None:
        return f"{start}/>"
    if isinstance(value, bool):
        return f'{start} t="b"><v>{int(value)}</v></c>'
    if isinstance(value, str):
        text = escape(_TO_ESCAPE.sub(lambda found: f"_x{ord(found[0]):04X}_", value))
        return f'{start} t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
    number = value if isinstance(value, int | float) else dates.serial(value)
    whole = number == int(number) and abs(number) < 1e15
    return f"{start}><v>{int(number) if whole else repr(number)}</v></c>"


def decoded(text: str) -> str:
    """Text as people see it, without the format's escapes."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


class SheetPart:
    """A worksheet's XML, by row and column number (rows from 1, columns from 0)."""

    def __init__(self, xml: bytes, styles: Styles, dates: Dates, file: str) -> None:
        self._root = parse_xml(xml, file)
        self._styles = styles
        self._dates = dates
        self._namespace = etree.QName(self._root).namespace or ""
        parts = {local_name(child): child for child in self._root}
        if "sheetData" not in parts:
            raise damaged(file)
        self._data = parts["sheetData"]
        self._dimension = parts.get("dimension")
        self._column_styles = list(_styled_columns(parts.get("cols")))
        self._known_styles: dict[int, int] = {}
        self._rows: dict[int, etree._Element] = {}
        self._cells: dict[int, dict[int, etree._Element]] = {}
        self._number_rows()

    def xml(self) -> bytes:
        """The part as it now stands."""
        return as_xml(self._root)

    def filled_rows(self) -> tuple[int, int] | None:
        """The first and the last row that hold anything; None in an empty sheet."""
        first = next((r for r in sorted(self._rows) if self._filled(r)), None)
        if first is None:
            return None
        return first, next(r for r in sorted(self._rows, reverse=True) if self._filled(r))

    def row(self, number: int) -> Mapping[int, etree._Element]:
        """The cells of a row by column, filled or not."""
        if number not in self._cells:
            self._cells[number] = self._placed(number)
        return self._cells[number]

    def holds_formula(self, row: int, column: int) -> bool:
        """Whether the cell has a formula, or shows a part of an array formula's result."""
        cell = self.row(row).get(column)
        if cell is not None and any(local_name(child) == "f" for child in cell):
            return True
        return any(_covers(area, row, column) for area in self._array_areas)

    @cached_property
    def _array_areas(self) -> list[str]:
        formulas = self._data.iter(f"{{{self._namespace}}}f")
        return [f.get("ref", "") for f in formulas if f.get("t") in ("array", "dataTable")]

    def write(self, row: int, column: int, value: Cell) -> None:
        """Give the cell a value; its style stays unless it would make the value read as something else."""
        cells = self.row(row)
        present = cells.get(column)
        own = self._style_of(row, column)
        style = self._fitting(own, value, row, column)
        new = self._element(cell_xml(cell_name(row, column), style, value, self._dates))
        if present is not None:
            self._replace(present, new)
        else:
            self._insert(row, column, new)
        _drop(self._rows[row], "spans")
        self._widen(row, column, row, column)

    def drop(self, row: int, column: int) -> None:
        """Take away a cell that holds nothing and looks like nothing."""
        self._rows[row].remove(self._cells[row].pop(column))

    def put_rows(self, first: int, rows: Sequence[Mapping[int, Cell]], like: int | None) -> None:
        """Fill rows from `first` on; blank cells and rows take the look of row `like` where there is one."""
        if not rows:
            return
        pattern = {c: int(cell.get("s", "0")) for c, cell in self.row(like).items()} if like else {}
        columns = sorted(set(pattern) | {column for row in rows for column in row})
        chosen: dict[tuple[int, Kind, int], int] = {}
        written = []
        for number, values in enumerate(rows, first):
            present = {c: int(cell.get("s", "0")) for c, cell in self.row(number).items()}
            cells = []
            for column in sorted({*columns, *present}) if present else columns:
                value = values.get(column)
                base = present.get(column) or pattern.get(column)
                base = self._column_style(column) if base is None else base
                key = (column, _kind(value), base)
                if key not in chosen:
                    chosen[key] = self._fitting(base, value, first, column)
                if chosen[key] or (value is not None and value != ""):
                    cells.append(cell_xml(cell_name(number, column), chosen[key], value, self._dates))
            written.append(f'<row r="{number}">{"".join(cells)}</row>')
        self._put(first, written, like)
        self._widen(first, min(columns, default=0), first + len(rows) - 1, max(columns, default=0))

    def _put(self, first: int, written: Sequence[str], like: int | None) -> None:
        fresh = list(self._element(f"<sheetData>{''.join(written)}</sheetData>"))
        look = _attributes(self._rows[like]) if like else {}
        for number, row in enumerate(fresh, first):
            old = self._rows.get(number)
            for name, value in (look if old is None else _attributes(old)).items():
                if name in ("s", "customFormat") or (old is not None and name not in ("r", "spans")):
                    row.set(name, value)
            self._cells.pop(number, None)
            if old is not None:
                self._data.replace(old, row)
                self._rows[number] = row
            else:
                self._insert_row(number, row)

    def _number_rows(self) -> None:
        number = 0
        for row in self._data:
            if local_name(row) == "row":
                number = int(row.get("r", number + 1))
                row.set("r", str(number))
                self._rows[number] = row
        self._last = max(self._rows, default=0)

    def _placed(self, number: int) -> dict[int, etree._Element]:
        cells: dict[int, etree._Element] = {}
        column = -1
        for cell in self._rows.get(number, ()):
            if local_name(cell) == "c":
                place = _PLACE.match(cell.get("r", ""))
                column = column_number(place[1]) if place else column + 1
                cell.set("r", cell_name(number, column))
                cells[column] = cell
        return cells

    def _filled(self, number: int) -> bool:
        return any(local_name(child) in _CONTENT for cell in self._rows[number] for child in cell)

    def _element(self, xml: str) -> etree._Element:
        prefix = xml.index(" ") if " " in xml[: xml.index(">")] else xml.index(">")
        return etree.fromstring(f'{xml[:prefix]} xmlns="{self._namespace}"{xml[prefix:]}')

    def _replace(self, present: etree._Element, new: etree._Element) -> None:
        """Keep the element itself, so that what is unknown to us stays with it."""
        for child in list(present):
            if local_name(child) in _CONTENT:
                present.remove(child)
        # cm and vm point at what the old value was made of.
        _drop(present, "t", "cm", "vm")
        for name, value in _attributes(new).items():
            present.set(name, value)
        for position, child in enumerate(list(new)):
            present.insert(position, child)

    def _insert(self, row: int, column: int, new: etree._Element) -> None:
        if row not in self._rows:
            self._insert_row(row, self._element(f'<row r="{row}"/>'))
            self._cells[row] = {}
        before = [c for c in self.row(row) if c < column]
        if before:
            self.row(row)[max(before)].addnext(new)
        else:
            self._rows[row].insert(0, new)
        self._cells[row][column] = new

    def _insert_row(self, number: int, row: etree._Element) -> None:
        later = min((r for r in self._rows if r > number), default=None) if number < self._last else None
        if later is None:
            self._data.append(row)
        else:
            self._rows[later].addprevious(row)
        self._rows[number] = row
        self._last = max(self._last, number)

    def _style_of(self, row: int, column: int) -> int:
        cell = self.row(row).get(column)
        if cell is not None:
            return int(cell.get("s", "0"))
        around = self._rows.get(row)
        if around is not None and around.get("customFormat") in ("1", "true"):
            return int(around.get("s", "0"))
        return self._column_style(column)

    def _column_style(self, column: int) -> int:
        if column not in self._known_styles:
            found = (style for first, last, style in self._column_styles if first <= column <= last)
            self._known_styles[column] = next(found, 0)
        return self._known_styles[column]

    def _fitting(self, style: int, value: Cell, row: int, column: int) -> int:
        """The style if the value keeps its meaning in it; else the one above's; else a new one."""
        kind = _kind(value)
        if self._styles.fits(style, kind):
            return style
        if kind is not Kind.NUMBER:
            for number in sorted((r for r in self._rows if r < row), reverse=True):
                cell = self.row(number).get(column)
                if cell is not None and any(local_name(child) in _CONTENT for child in cell):
                    above = int(cell.get("s", "0"))
                    if self._styles.fits(above, kind):
                        return above
                    break
        return self._styles.fitting(style, kind)

    def _widen(self, first: int, left: int, last: int, right: int) -> None:
        area = _AREA.match(self._dimension.get("ref", "")) if self._dimension is not None else None
        if area is None or self._dimension is None:
            return
        rows = int(area[2]), int(area[4] or area[2])
        columns = column_number(area[1]), column_number(area[3] or area[1])
        top, bottom = min(first, rows[0]), max(last, rows[1])
        start, end = min(left, columns[0]), max(right, columns[1])
        self._dimension.set("ref", f"{column_letters(start)}{top}:{column_letters(end)}{bottom}")


def _attributes(element: etree._Element) -> dict[str, str]:
    return {str(name): str(value) for name, value in element.items()}


def _drop(element: etree._Element, *names: str) -> None:
    for name in names:
        if name in element.attrib:
            del element.attrib[name]


def _kind(value: Cell) -> Kind:
    return Kind.ANY if isinstance(as_read(value), str) else kind_of(value)


def _styled_columns(columns: etree._Element | None) -> Iterator[tuple[int, int, int]]:
    for column in columns if columns is not None else ():
        first, last, style = (int(column.get(name, default)) for name, default in _COLUMN)
        if style:
            yield first - 1, last - 1, style


def _covers(area: str, row: int, column: int) -> bool:
    found = _AREA.match(area)
    if found is None:
        return False
    return int(found[2]) <= row <= int(found[4] or found[2]) and column_number(
        found[1]
    ) <= column <= column_number(found[3] or found[1])
