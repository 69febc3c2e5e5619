"""Whatever is written reads back the same, and none of it is ever a formula."""

import datetime as dt
import re
import tempfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.workbook.cell_values import as_read
from services.workbook.excel import ExcelFolder
from services.workbook.memory import MemoryWorkbook
from services.workbook.port import CellChange
from services.workbook.xlsx_new import SheetLayout, write_new
from tests.workbook.xlsx_files import FIRST_SHEET, parts_of

pytestmark = pytest.mark.slow

TEXT = st.text(max_size=40) | st.sampled_from(
    ["=1+1", "+1", "-1", "@a", "\t=1", "\r=1", "_x0041_", "_x005F_", "#N/A"]
)
NUMBER = (
    st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False, allow_subnormal=False)
    | st.booleans()
)
MOMENT = (
    st.dates(dt.date(1800, 1, 1))
    | st.datetimes(dt.datetime(1800, 1, 1))  # noqa: DTZ001  # cells have no zone
    | st.times()
)
CELL = st.none() | TEXT | NUMBER | MOMENT
WIDTH = 4
ROWS = st.lists(st.lists(CELL, min_size=WIDTH, max_size=WIDTH), max_size=6)
HEADERS = ["A", "B", "C", "D"]
quiet = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def as_it_reads(rows):
    """The rows as promised, without blank ones at the end."""
    read = [[as_read(cell) for cell in row] for row in rows]
    while read and not any(cell != "" for cell in read[-1]):
        read.pop()
    return read


def typed(rows):
    """True and 1.0 are equal, and so are False and 0.0: not here."""
    return [[(type(cell), cell) for cell in row] for row in rows]


def rows_of(workbook):
    return [list(row) for row in zip(*workbook.read("vebs").sheets["Skolor"].columns, strict=True)]


def formulas_in(file):
    seen_by_openpyxl = [
        c for row in openpyxl.load_workbook(file)["Skolor"].iter_rows() for c in row if c.data_type == "f"
    ]
    return seen_by_openpyxl or re.findall(rb"<f[\s>/]", parts_of(file)[FIRST_SHEET])


@pytest.fixture
def folder():
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


@quiet
@given(ROWS)
def test_any_rows_in_a_new_file_read_back(rows):
    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "vebs.xlsx"
        write_new(file, {"Skolor": SheetLayout([HEADERS, *rows], dates=[1], texts=[2])})
        assert typed(rows_of(ExcelFolder(file.parent))) == typed([HEADERS, *as_it_reads(rows)])
        assert not formulas_in(file)


@quiet
@given(ROWS, ROWS)
def test_any_rows_appended_read_back_in_both_workbooks(first, then):
    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "vebs.xlsx"
        write_new(file, {"Skolor": SheetLayout([HEADERS, *first])})
        twin = MemoryWorkbook({"vebs": {"Skolor": [HEADERS, *first]}})
        folder = ExcelFolder(file.parent)
        for workbook in (folder, twin):
            workbook.append("vebs", {"Skolor": [dict(zip(HEADERS, row, strict=True)) for row in then]})
        expected = as_it_reads([HEADERS, *as_it_reads(first), *then])
        assert typed(rows_of(folder)) == typed(expected)
        assert typed(rows_of(twin)) == typed(expected)
        assert not formulas_in(file)


@quiet
@given(ROWS, st.lists(st.tuples(st.integers(2, 12), st.integers(0, 6), CELL), max_size=8))
def test_any_cells_written_read_back_in_both_workbooks(rows, changes):
    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "vebs.xlsx"
        write_new(file, {"Skolor": SheetLayout([HEADERS, *rows])})
        folder, twin = ExcelFolder(file.parent), MemoryWorkbook({"vebs": {"Skolor": [HEADERS, *rows]}})
        for workbook in (folder, twin):
            new = [CellChange("Skolor", row, column, value) for row, column, value in changes]
            workbook.write("vebs", new, workbook.read("vebs"))
        grid = [[*HEADERS, "", "", ""], *([""] * 7 for _ in range(11))]
        for r, row in enumerate(rows, 1):
            grid[r][:WIDTH] = [as_read(cell) for cell in row]
        for row, column, value in changes:
            grid[row - 1][column] = as_read(value)
        width = max(c for row in grid for c, cell in enumerate(row, 1) if cell != "")
        expected = typed([row[:width] for row in as_it_reads(grid)])
        assert typed(rows_of(folder)) == expected
        assert typed(rows_of(twin)) == expected
        assert not formulas_in(file)


# --- new files -----------------------------------------------------------------------------------


LAYOUT = {
    "Skolor": SheetLayout(
        rows=[
            ["Skolenhetskod", "Skola", "Status", "Datum"],
            ["00123456", "=Alvik", "Aktiv", dt.date(2022, 1, 24)],
        ],
        widths=[14, 40.5, 12, 12],
        choices={2: ["Aktiv", "Vilande", "Upphört"], 1: [f"Skola, {n}" for n in range(80)]},
        dates=[3],
        notes={0: "Åtta siffror", 3: "Beslutets datum"},
        texts=[0],
    ),
    "Logg": SheetLayout(rows=[["Tid"]]),
}


def test_the_same_layout_gives_the_same_bytes(folder):
    write_new(folder / "a.xlsx", LAYOUT)
    write_new(folder / "b.xlsx", LAYOUT)
    assert (folder / "a.xlsx").read_bytes() == (folder / "b.xlsx").read_bytes()
    assert all(not name.endswith(".ny") for name in (p.name for p in folder.iterdir()))


def test_a_new_file_has_its_layout(folder):
    write_new(folder / "vebs.xlsx", LAYOUT)
    sheet = openpyxl.load_workbook(folder / "vebs.xlsx")["Skolor"]
    assert [cell.value for cell in sheet[2]] == ["00123456", "=Alvik", "Aktiv", dt.datetime(2022, 1, 24)]  # noqa: DTZ001
    assert [sheet.column_dimensions[letter].width for letter in "AB"] == [14, 40.5]
    assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet["A1"].font.bold) == ("A2", "A1:D2", True)
    assert sheet["A1"].comment.text == "Åtta siffror"
    assert {str(v.sqref): v.formula1 for v in sheet.data_validations.dataValidation} == {
        "C2:C1048576": '"Aktiv,Vilande,Upphört"',
        "B2:B1048576": "Listor!$A$1:$A$80",
    }
    assert (sheet.column_dimensions["A"].number_format, sheet["D2"].number_format) == ("@", "yyyy-mm-dd")
    assert set(ExcelFolder(folder).read("vebs").sheets) == {"Skolor", "Logg", "Listor"}


def test_rows_added_to_a_new_sheet_take_the_columns_formats(folder):
    write_new(folder / "vebs.xlsx", LAYOUT | {"Svar": SheetLayout([["Svar", "Datum"]], dates=[1], texts=[0])})
    ExcelFolder(folder).append(
        "vebs", {"Svar": [{"Svar": "001", "Datum": dt.date(2022, 1, 24)}, {"Svar": "002"}]}
    )
    sheet = openpyxl.load_workbook(folder / "vebs.xlsx")["Svar"]
    assert [cell.number_format for cell in sheet[2]] == ["@", "yyyy-mm-dd"]


def test_a_header_is_never_a_formula(folder):
    write_new(folder / "vebs.xlsx", {"Skolor": SheetLayout([["=1+1", "+x"]])})
    assert rows_of(ExcelFolder(folder)) == [["=1+1", "+x"]]


def test_an_existing_file_is_never_written_over(folder):
    (folder / "vebs.xlsx").write_text("hennes")
    with pytest.raises(FileExistsError):
        write_new(folder / "vebs.xlsx", LAYOUT)
    assert (folder / "vebs.xlsx").read_text() == "hennes"


def test_a_file_that_appears_meanwhile_is_not_written_over(folder, monkeypatch):
    file = folder / "vebs.xlsx"
    monkeypatch.setattr(
        "services.workbook.xlsx_new._without_times", lambda data: file.write_text("hennes") and data
    )
    with pytest.raises(FileExistsError):
        write_new(file, LAYOUT)
    assert file.read_text() == "hennes"


def test_a_sheet_without_rows_is_empty(folder):
    write_new(folder / "vebs.xlsx", {"Skolor": SheetLayout([])})
    assert ExcelFolder(folder).read("vebs").sheets["Skolor"].columns == ()
