"""Builders of .xlsx files that show only what a test is about."""

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import openpyxl
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import PatternFill
from openpyxl.worksheet.datavalidation import DataValidation
from PIL import Image as Picture

from services.workbook.excel import ExcelFolder
from services.workbook.port import Cell, CellChange

NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
FIRST_SHEET = "xl/worksheets/sheet1.xml"


def parts_of(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def save_parts(path: Path, **changes: Callable[[bytes], bytes]) -> None:
    """Save the file again, with some parts run through a function (`sheet`, `workbook`, `styles`)."""
    names = {"sheet": FIRST_SHEET, "workbook": "xl/workbook.xml", "styles": "xl/styles.xml"}
    parts = parts_of(path)
    for short, change in changes.items():
        parts[names[short]] = change(parts[names[short]])
    path.write_bytes(packed(parts))


def save_rows(path: Path, *rows: list[object], sheet: str = "Skolor") -> None:
    workbook = openpyxl.Workbook()
    workbook.active.title = sheet
    for row in rows:
        workbook.active.append(row)
    workbook.save(path)


def sheet_xml(rows_xml: str, head: str = "", start: str = "") -> bytes:
    data = f"<sheetData>{rows_xml}</sheetData>"
    return f'{start}<worksheet xmlns="{NAMESPACE}">{head}{data}</worksheet>'.encode()


def prefixed_sheet_xml(rows_xml: str, namespace: str = NAMESPACE) -> bytes:
    """The sheet as some programs write it, with a prefix on every element."""
    prefixed = re.sub(r"<(/?)(\w)", r"<\1x:\2", f"<sheetData>{rows_xml}</sheetData>")
    return f'<x:worksheet xmlns:x="{namespace}">{prefixed}</x:worksheet>'.encode()


def save_sheet_xml(path: Path, rows_xml: str, head: str = "") -> None:
    """A file with a hand-written sheet `Skolor`."""
    save_rows(path)
    save_parts(path, sheet=lambda _: sheet_xml(rows_xml, head))


def save_lively(path: Path) -> None:
    """What people make of a sheet: notes, colours, rules, drop-downs, charts, formulas, own sheets."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "Skolor"
    sheet.append(["Skola", "Personal", "Öppnar", "Eget"])
    sheet.append(["Alvikskolan", 41, None, "=B2*2"])
    sheet.append(["Björkskolan", 17, None, "=B3*2"])
    sheet["A2"].comment = Comment("Ring rektorn", "Eva")
    sheet["A2"].fill = PatternFill("solid", fgColor="FFFFCC00")
    sheet["B3"].fill = PatternFill("solid", fgColor="FF00CC00")
    sheet["B3"].number_format = '0" anställda"'
    sheet.column_dimensions["A"].width = 41.5
    sheet.row_dimensions[2].height = 33
    sheet.freeze_panes = "B2"
    sheet.conditional_formatting.add(
        "B2:B9", CellIsRule("greaterThan", ["40"], fill=PatternFill(bgColor="FFFF0000"))
    )
    rule = DataValidation(type="list", formula1='"Aktiv,Vilande"')
    rule.add("D2:D9")
    sheet.add_data_validation(rule)
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=2, min_row=1, max_row=3), titles_from_data=True)
    sheet.add_chart(chart, "F2")
    own = workbook.create_sheet("Eget blad")
    own.append(["=Skolor!B2+1", "Anteckning"])
    picture = io.BytesIO()
    Picture.new("RGB", (8, 8), "red").save(picture, "png")
    own.add_image(Image(picture), "C3")
    alone = BarChart()
    alone.add_data(Reference(sheet, min_col=2, min_row=1, max_row=3), titles_from_data=True)
    workbook.create_chartsheet("Diagram").add_chart(alone)
    workbook.save(path)
    save_parts(path, sheet=lambda xml: xml.replace(b"<f>B2*2</f><v></v>", b"<f>B2*2</f><v>82</v>"))
    assert b"<v>82</v>" in parts_of(path)[FIRST_SHEET]


def rows_in(path: Path, sheet: str = "Skolor") -> list[list[Cell]]:
    columns = ExcelFolder(path.parent).read(path.stem).sheets[sheet].columns
    return [list(row) for row in zip(*columns, strict=True)]


def write(folder: ExcelFolder, row: int, column: int, value: Cell) -> None:
    folder.write("vebs", [CellChange("Skolor", row, column, value)], folder.read("vebs"))


def files_beside(path: Path) -> list[str]:
    return sorted(p.name for p in path.parent.iterdir() if p != path)
