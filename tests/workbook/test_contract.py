"""What every workbook promises, whichever it is."""
# ruff: noqa: DTZ001  # cells have no time zone

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import openpyxl
import pytest

from services.errors import CellProtected, SpreadsheetChanged, SpreadsheetMissing
from services.workbook.excel import ExcelFolder
from services.workbook.memory import Formula, MemoryWorkbook
from services.workbook.port import Cell, CellChange, Snapshot, Version, Workbook

Content = Cell | Formula
Register = Mapping[str, Mapping[str, Sequence[Sequence[Content]]]]

SCHOOLS = [
    ["Skolenhetskod", "Skola", " Personal ", "Öppnar", "Start"],
    ["00123456", "Alvikskolan", 41, dt.date(2022, 1, 24), dt.time(13, 5)],
    ["00123457", "Björkskolan", 17.5, dt.date(2022, 2, 1), dt.time(8, 0)],
]


@pytest.fixture(params=["memory", "excel"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[Register], Workbook]:
    def open_(register: Register) -> Workbook:
        if request.param == "memory":
            return MemoryWorkbook(register)
        for name, sheets in register.items():
            save_with_openpyxl(tmp_path / f"{name}.xlsx", sheets)
        return ExcelFolder(tmp_path)

    return open_


def save_with_openpyxl(path: Path, sheets: Mapping[str, Sequence[Sequence[Content]]]) -> None:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.worksheets[0])
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for r, row in enumerate(rows, 1):
            for c, value in enumerate(row, 1):
                if isinstance(value, Formula):
                    sheet.cell(r, c).value = value.text
                elif value not in (None, ""):
                    sheet.cell(r, c).value = value
                    if isinstance(value, str):
                        sheet.cell(r, c).data_type = "s"
    workbook.save(path)


def rows_of(workbook: Workbook, spreadsheet: str = "vebs", sheet: str = "Skolor") -> list[list[Cell]]:
    columns = workbook.read(spreadsheet).sheets[sheet].columns
    return [["" if cell is None else cell for cell in row] for row in zip(*columns, strict=True)]


def change(row: int, column: int, value: Cell, sheet: str = "Skolor") -> CellChange:
    return CellChange(sheet, row, column, value)


def test_the_spreadsheets_are_named(opened):
    assert opened({"vebs": {"Skolor": SCHOOLS}, "svar-2021": {"Svar": []}}).spreadsheets() == {
        "vebs",
        "svar-2021",
    }


def test_every_sheet_is_read_with_its_types(opened):
    workbook = opened({"vebs": {"Skolor": SCHOOLS, "Delområden": [["Nr"], [1]]}})
    assert set(workbook.read("vebs").sheets) == {"Skolor", "Delområden"}
    assert rows_of(workbook) == SCHOOLS
    types = [type(cell) for cell in rows_of(workbook)[1]]
    assert types == [str, str, float, dt.date, dt.time]


def test_an_empty_sheet_has_no_columns(opened):
    assert opened({"vebs": {"Skolor": []}}).read("vebs").sheets["Skolor"].columns == ()


def test_rows_and_columns_are_numbered_as_the_spreadsheet_does(opened):
    workbook = opened({"vebs": {"Skolor": [[], [], [None, None, "Skola"], [], [None, None, "Alvikskolan"]]}})
    sheet = workbook.read("vebs").sheets["Skolor"]
    assert sheet.height == 5
    assert sheet.columns[2][3 - 1] == "Skola"
    assert sheet.columns[2][5 - 1] == "Alvikskolan"
    assert {len(column) for column in sheet.columns} == {5}


def test_a_missing_spreadsheet_is_named(opened):
    workbook = opened({"vebs": {"Skolor": SCHOOLS}})
    for ask in (
        lambda: workbook.version("inkorg"),
        lambda: workbook.read("inkorg"),
        lambda: workbook.append("inkorg", {"Inkomna": [{"Nyckel": "a"}]}),
        lambda: workbook.write("inkorg", [change(1, 1, "x", "Inkomna")], Snapshot(Version("1"), {})),
    ):
        with pytest.raises(SpreadsheetMissing, match="inkorg") as trouble:
            ask()
        assert trouble.value.spreadsheet == "inkorg"


@pytest.mark.parametrize("name", ["../vebs", "a/vebs", ".vebs", ""])
def test_a_name_cannot_lead_out_of_the_folder(opened, name):
    with pytest.raises(SpreadsheetMissing):
        opened({"vebs": {"Skolor": SCHOOLS}}).read(name)


def test_the_version_stays_while_nothing_changes(opened):
    workbook = opened({"vebs": {"Skolor": SCHOOLS}})
    before = workbook.version("vebs")
    assert workbook.read("vebs").version == before
    assert workbook.version("vebs") == before


def test_every_write_changes_the_version(opened):
    workbook = opened({"vebs": {"Skolor": SCHOOLS}})
    seen = [workbook.version("vebs")]
    for number in range(5):
        workbook.write("vebs", [change(2, 1, f"Skola {number}")], workbook.read("vebs"))
        seen.append(workbook.version("vebs"))
    workbook.append("vebs", {"Skolor": [{"Skola": "Ny"}]})
    seen.append(workbook.version("vebs"))
    assert len(set(seen)) == len(seen)


def test_rows_are_appended_by_header_in_any_order(opened):
    workbook = opened({"vebs": {"Skolor": SCHOOLS}})
    day = dt.date(2023, 3, 3)
    workbook.append(
        "vebs", {"Skolor": [{"Personal": 9, "Skola": "Cedern", "Öppnar": day}, {"Skola": "Dalen"}]}
    )
    assert rows_of(workbook)[3:] == [["", "Cedern", 9.0, day, ""], ["", "Dalen", "", "", ""]]
    assert rows_of(workbook)[:3] == SCHOOLS


def test_several_sheets_are_appended_to_at_once(opened):
    workbook = opened({"vebs": {"Skolor": SCHOOLS, "Logg": [["Tid", "Vem"]]}})
    moment = dt.datetime(2022, 1, 24, 13, 5, 6, 123000)
    workbook.append("vebs", {"Skolor": [{"Skola": "Cedern"}], "Logg": [{"Tid": moment, "Vem": "e@x.se"}]})
    assert rows_of(workbook)[3][1] == "Cedern"
    assert rows_of(workbook, sheet="Logg") == [["Tid", "Vem"], [moment, "e@x.se"]]


def test_a_blank_row_among_the_rows_is_not_the_end(opened):
    rows = [["Skola"], ["Alvikskolan"], [], [], ["Björkskolan"]]
    workbook = opened({"vebs": {"Skolor": rows}})
    workbook.append("vebs", {"Skolor": [{"Skola": "Cedern"}]})
    assert rows_of(workbook) == [["Skola"], ["Alvikskolan"], [""], [""], ["Björkskolan"], ["Cedern"]]


def test_the_header_row_is_the_first_row_with_anything_in_it(opened):
    workbook = opened({"vebs": {"Skolor": [[], [None, "Skola"]]}})
    workbook.append("vebs", {"Skolor": [{"Skola": "Cedern"}]})
    assert rows_of(workbook) == [["", ""], ["", "Skola"], ["", "Cedern"]]


def test_a_header_may_be_a_number(opened):
    workbook = opened({"vebs": {"Skolor": [["Skola", 2021]]}})
    workbook.append("vebs", {"Skolor": [{"2021": 3}]})
    assert rows_of(workbook)[1] == ["", 3.0]


@pytest.mark.parametrize("row", [{"Rektor": "x"}, {"Skola": "x", "": "y"}, {"personal": 1}])
def test_an_unknown_header_is_refused_and_nothing_written(opened, row):
    workbook = opened({"vebs": {"Skolor": SCHOOLS, "Logg": [["Tid"]]}})
    before = workbook.version("vebs")
    with pytest.raises(ValueError, match="no column"):
        workbook.append("vebs", {"Logg": [{"Tid": 1}], "Skolor": [{"Skola": "Bra"}, row]})
    assert workbook.version("vebs") == before
    assert rows_of(workbook, sheet="Logg") == [["Tid"]]


def test_an_unknown_sheet_is_refused_and_nothing_written(opened):
    workbook = opened({"vebs": {"Skolor": SCHOOLS}})
    before = workbook.version("vebs")
    with pytest.raises(ValueError, match="Skolan"):
        workbook.append("vebs", {"Skolor": [{"Skola": "Bra"}], "Skolan": [{"Skola": "x"}]})
    with pytest.raises(ValueError, match="Skolan"):
        workbook.write("vebs", [change(2, 1, "x"), change(2, 1, "x", "Skolan")], workbook.read("vebs"))
    assert workbook.version("vebs") == before


def test_appending_nothing_changes_nothing(opened):
    workbook = opened({"vebs": {"Skolor": SCHOOLS}})
    before = workbook.version("vebs")
    workbook.append("vebs", {"Skolor": []})
    workbook.append("vebs", {})
    assert workbook.version("vebs") == before


def test_columns_are_found_by_their_headers(opened):
    workbook = opened({"vebs": {"Skolor": SCHOOLS, "Logg": [["Tid"]]}})
    found = workbook.columns("vebs", {"Skolor": ["Skola", "Personal", "Rektor"], "Skolan": ["x"], "Logg": []})
    assert found == {
        "Skolor": {"Skola": ["Alvikskolan", "Björkskolan"], "Personal": [41.0, 17.5]},
        "Logg": {},
    }


def test_only_the_sheets_named_are_read(opened):
    workbook = opened({"vebs": {"Skolor": SCHOOLS, "Logg": [["Tid"]]}})
    assert set(workbook.read("vebs", ["Logg", "Skolan"]).sheets) == {"Logg"}
    assert set(workbook.fresh("vebs", ["Skolor"]).sheets) == {"Skolor"}


def test_named_cells_change_and_no_others(opened):
    workbook = opened({"vebs": {"Skolor": SCHOOLS, "Logg": [["Tid"], ["igår"]]}})
    workbook.write("vebs", [change(2, 1, "Nya namnet"), change(3, 2, 18)], workbook.read("vebs"))
    assert rows_of(workbook) == [
        SCHOOLS[0],
        ["00123456", "Nya namnet", *SCHOOLS[1][2:]],
        ["00123457", "Björkskolan", 18.0, *SCHOOLS[2][3:]],
    ]
    assert rows_of(workbook, sheet="Logg") == [["Tid"], ["igår"]]


@pytest.mark.parametrize("blank", [None, ""])
def test_a_cell_can_be_emptied(opened, blank):
    workbook = opened({"vebs": {"Skolor": SCHOOLS}})
    workbook.write("vebs", [change(2, 1, blank)], workbook.read("vebs"))
    assert rows_of(workbook)[1][1] == ""


def test_a_cell_outside_the_table_can_be_written(opened):
    workbook = opened({"vebs": {"Skolor": [["Skola"]]}})
    workbook.write("vebs", [change(4, 2, "långt bort")], workbook.read("vebs"))
    assert rows_of(workbook) == [["Skola", "", ""], ["", "", ""], ["", "", ""], ["", "", "långt bort"]]


@pytest.mark.parametrize("place", [(0, 0), (1, -1), (1, 16_384), (1_048_577, 0)])
def test_a_cell_outside_every_sheet_is_refused(opened, place):
    workbook = opened({"vebs": {"Skolor": SCHOOLS}})
    with pytest.raises(ValueError):
        workbook.write("vebs", [change(*place, "x")], workbook.read("vebs"))


def test_a_write_on_an_old_version_is_refused_and_nothing_written(opened):
    workbook = opened({"vebs": {"Skolor": SCHOOLS}})
    seen = workbook.read("vebs")
    workbook.write("vebs", [change(2, 2, 42)], workbook.read("vebs"))
    before = rows_of(workbook)
    with pytest.raises(SpreadsheetChanged, match="vebs"):
        workbook.write("vebs", [change(2, 1, "för sent")], seen)
    assert rows_of(workbook) == before


def test_a_formula_is_never_overwritten(opened):
    workbook = opened({"vebs": {"Skolor": [["Skola", "Antal"], ["Alvikskolan", Formula("=1+1")]]}})
    before = workbook.version("vebs")
    with pytest.raises(CellProtected, match="B2"):
        workbook.write("vebs", [change(2, 0, "Ny"), change(2, 1, 3)], workbook.read("vebs"))
    assert workbook.version("vebs") == before
    assert rows_of(workbook)[1][0] == "Alvikskolan"


def test_a_row_with_only_a_formula_is_not_written_over(opened):
    workbook = opened(
        {"vebs": {"Skolor": [["Skola", "Antal"], ["Alvikskolan", 1], [None, Formula("=SUM(B2)")]]}}
    )
    workbook.append("vebs", {"Skolor": [{"Skola": "Cedern"}]})
    assert rows_of(workbook)[3][0] == "Cedern"


TEXTS = [
    "=1+1",
    '=IMPORTXML("http://x")',
    "+46",
    "-1",
    "@namn",
    "'citat",
    "00123456",
    "3,5",
    "2022-01-24",
    "#N/A",
    "TRUE",
    "  mellanslag  ",
    "rad\nrad\r\nrad\ttabb",
    "<b>&amp;</b> ]]>",
    "_x0041_ _x005F_ _x00e5_",
    "\x01\x0b\x1f",
    "😀 åäö \u202e\u200b\ufeff",
    " ",
    "å" * 32_767,
]


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_text_reads_back_as_the_same_text(opened, text):
    workbook = opened({"vebs": {"Skolor": [["Skola", "Mål"]]}})
    workbook.append("vebs", {"Skolor": [{"Skola": text}]})
    workbook.write("vebs", [change(2, 1, text)], workbook.read("vebs"))
    assert rows_of(workbook)[1] == [text, text]


VALUES = [
    True,
    False,
    0,
    -1,
    3.5,
    1e-9,
    123456789012,
    dt.date(2022, 1, 24),
    dt.date(1904, 1, 2),
    dt.date(9999, 12, 31),
    dt.datetime(2022, 1, 24, 13, 5, 6),
    dt.datetime(2022, 1, 24, 23, 59, 59, 999000),
    dt.time(0, 0),
    dt.time(13, 5),
    dt.time(23, 59, 59, 999000),
]


@pytest.mark.parametrize("value", VALUES, ids=str)
@pytest.mark.parametrize(
    "before", ["text", 1, dt.date(2020, 1, 1), dt.time(1, 2), dt.datetime(2020, 1, 1, 2, 3), True]
)
def test_any_value_reads_back_whatever_stood_there(opened, before, value):
    workbook = opened({"vebs": {"Skolor": [["Skola"], [before]]}})
    workbook.write("vebs", [change(2, 0, value)], workbook.read("vebs"))
    workbook.append("vebs", {"Skolor": [{"Skola": value}]})
    read = [row[0] for row in rows_of(workbook)[1:]]
    assert read == [value, value]
    assert isinstance(read[0], bool) == isinstance(value, bool)


def test_a_midnight_reads_as_its_date(opened):
    workbook = opened({"vebs": {"Skolor": [["Skola"]]}})
    workbook.append("vebs", {"Skolor": [{"Skola": dt.datetime(2022, 1, 24)}]})
    assert rows_of(workbook)[1] == [dt.date(2022, 1, 24)]


def test_a_date_older_than_spreadsheets_is_kept_as_text(opened):
    workbook = opened({"vebs": {"Skolor": [["Skola"]]}})
    workbook.append("vebs", {"Skolor": [{"Skola": dt.date(1842, 6, 18)}]})
    assert rows_of(workbook)[1] == ["1842-06-18"]


@pytest.mark.parametrize(
    "value",
    [float("nan"), float("inf"), 2**60, "å" * 32_768, dt.datetime(2022, 1, 1, tzinfo=dt.UTC), object()],
    ids=["nan", "inf", "long number", "long text", "zone", "object"],
)
def test_what_no_cell_can_hold_is_refused_and_nothing_written(opened, value):
    workbook = opened({"vebs": {"Skolor": SCHOOLS}})
    before = workbook.version("vebs")
    with pytest.raises(ValueError):
        workbook.append("vebs", {"Skolor": [{"Skola": "Bra"}, {"Skola": value}]})
    with pytest.raises(ValueError):
        workbook.write("vebs", [change(2, 0, "Bra"), change(2, 1, value)], workbook.read("vebs"))
    assert workbook.version("vebs") == before


def test_what_cannot_be_stored_as_a_character_is_replaced(opened):
    workbook = opened({"vebs": {"Skolor": [["Skola"]]}})
    workbook.append("vebs", {"Skolor": [{"Skola": "a\ud800b\uffff"}]})
    assert rows_of(workbook)[1] == ["a\ufffdb\ufffd"]
