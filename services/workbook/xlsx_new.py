"""New .xlsx files: the empty template and the demo. The same layout always gives the same bytes."""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from openpyxl import Workbook as NewWorkbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from services.workbook.cell_values import LAST_ROW
from services.workbook.file_saving import create
from services.workbook.port import Cell
from services.workbook.xlsx_patch import Patch

_MADE = dt.datetime(2021, 1, 1)  # noqa: DTZ001  # the format's own times have no zone
_CHANGED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
_LONGEST_LIST = 255
_LISTS = "Listor"


@dataclass(frozen=True, slots=True)
class SheetLayout:
    """A sheet to make: `rows` with the header row first; columns are numbered from 0.

    `widths` are in characters; `choices` are drop-downs, `dates` columns shown as dates, `texts`
    columns where what people type stays text (00123456 keeps its zeros), `notes` comments on headers.
    """

    rows: Sequence[Sequence[Cell]]
    widths: Sequence[float] = ()
    choices: Mapping[int, Sequence[str]] = field(default_factory=dict)
    dates: Collection[int] = ()
    notes: Mapping[int, str] = field(default_factory=dict)
    texts: Collection[int] = ()


def write_new(path: Path, sheets: Mapping[str, SheetLayout]) -> None:
    """Make the file; FileExistsError if there is one already."""
    if path.exists():
        raise FileExistsError(f"{path.name} already exists")
    # openpyxl takes ten times as long over the rows as writing them into what it made.
    patch = Patch(_without_times(_frame(sheets)), path.name)
    for name, layout in sheets.items():
        patch.put(name, 2, layout.rows[1:])
    create(path, patch.content())


def _frame(sheets: Mapping[str, SheetLayout]) -> bytes:
    """The file with its header rows, widths, drop-downs and notes."""
    workbook = NewWorkbook()
    workbook.remove(workbook.worksheets[0])
    workbook.properties.creator = ""
    workbook.properties.created = _MADE
    lists: list[Sequence[str]] = []
    for name, layout in sheets.items():
        sheet = workbook.create_sheet(name)
        _shape_columns(sheet, layout)
        _head(sheet, layout)
        for column, values in layout.choices.items():
            _offer(sheet, column, values, lists)
    if lists:
        _add_lists(workbook, lists)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def _shape_columns(sheet: Worksheet, layout: SheetLayout) -> None:
    for column, width in enumerate(layout.widths):
        sheet.column_dimensions[get_column_letter(column + 1)].width = width
    for columns, number_format in ((layout.dates, "yyyy-mm-dd"), (layout.texts, "@")):
        for column in columns:
            sheet.column_dimensions[get_column_letter(column + 1)].number_format = number_format


def _head(sheet: Worksheet, layout: SheetLayout) -> None:
    if not layout.rows:
        return
    for column, header in enumerate(layout.rows[0], 1):
        cell = sheet.cell(1, column)
        cell.value = header
        if isinstance(header, str):
            cell.data_type = "s"  # never a formula
        cell.font = Font(bold=True)
        cell.alignment = Alignment(vertical="top", wrap_text=True)
    for column, text in layout.notes.items():
        note = Comment(text, "")
        note.width, note.height = 320, 40 + 18 * (len(text) // 40 + 1)
        sheet.cell(1, column + 1).comment = note
    sheet.freeze_panes = "A2"
    if layout.rows[0]:
        last = get_column_letter(len(layout.rows[0]))
        sheet.auto_filter.ref = f"A1:{last}{max(len(layout.rows), 2)}"


def _offer(sheet: Worksheet, column: int, values: Sequence[str], lists: list[Sequence[str]]) -> None:
    inline = ",".join(values)
    if len(inline) <= _LONGEST_LIST and not any(set(value) & set(',"') for value in values):
        source = f'"{inline}"'
    else:
        lists.append(values)
        letter = get_column_letter(len(lists))
        source = f"{_LISTS}!${letter}$1:${letter}${len(values)}"
    rule = DataValidation(type="list", formula1=source, allow_blank=True, showErrorMessage=True)
    rule.errorTitle, rule.error = "Finns inte i listan", "Välj ett av värdena i listan."
    letter = get_column_letter(column + 1)
    rule.add(f"{letter}2:{letter}{LAST_ROW}")
    sheet.add_data_validation(rule)


def _add_lists(workbook: NewWorkbook, lists: Sequence[Sequence[str]]) -> None:
    """Lists too long for a drop-down's own text stand in a sheet that people need not see."""
    sheet = workbook.create_sheet(_LISTS)
    sheet.sheet_state = "hidden"
    for column, values in enumerate(lists, 1):
        for row, value in enumerate(values, 1):
            cell = sheet.cell(row, column)
            cell.value = value
            cell.data_type = "s"  # never a formula


def _without_times(data: bytes) -> bytes:
    """The same file with no trace of when it was made."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            content = old.read(info)
            if info.filename == "docProps/core.xml":
                content = _CHANGED.sub(rb"\g<1>" + _MADE.strftime("%Y-%m-%dT%H:%M:%SZ").encode(), content)
            part = zipfile.ZipInfo(info.filename, (1980, 1, 1, 0, 0, 0))
            part.compress_type = zipfile.ZIP_DEFLATED
            part.create_system = 3
            part.external_attr = 0o600 << 16
            new.writestr(part, content)
    return out.getvalue()
