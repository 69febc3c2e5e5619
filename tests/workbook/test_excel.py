"""What only files can do: other people's work in them, and what reading makes of it."""

import datetime as dt
import re
import threading

import openpyxl
import pytest

from services.errors import CellProtected
from services.workbook.excel import ExcelFolder
from tests.workbook.xlsx_files import (
    FIRST_SHEET,
    packed,
    parts_of,
    prefixed_sheet_xml,
    rows_in,
    save_lively,
    save_parts,
    save_rows,
    save_sheet_xml,
    write,
)


@pytest.fixture
def folder(tmp_path):
    return ExcelFolder(tmp_path)


@pytest.fixture
def file(tmp_path):
    return tmp_path / "vebs.xlsx"


# --- other people's work -------------------------------------------------------------------------


def test_parts_that_are_not_written_to_stay_byte_for_byte(folder, file):
    save_lively(file)
    before = parts_of(file)
    write(folder, 2, 1, 42)
    folder.append("vebs", {"Skolor": [{"Skola": "Cedern"}]})
    after = parts_of(file)
    assert list(after) == list(before)
    assert {name for name in before if after[name] != before[name]} == {FIRST_SHEET, "xl/workbook.xml"}
    assert any("chart" in name for name in after)
    assert any("media/image" in name for name in after)


def test_a_workbook_without_formulas_differs_only_in_the_sheet(folder, file):
    save_rows(file, ["Skola"], ["Alvikskolan"])
    before = parts_of(file)
    write(folder, 2, 0, "Björkskolan")
    assert {name for name, part in parts_of(file).items() if part != before[name]} == {FIRST_SHEET}


def test_a_note_survives_a_write(folder, file):
    save_lively(file)
    write(folder, 2, 0, "Nytt namn")
    folder.append("vebs", {"Skolor": [{"Skola": "Cedern"}]})
    cell = openpyxl.load_workbook(file)["Skolor"]["A2"]
    assert (cell.value, cell.comment.text) == ("Nytt namn", "Ring rektorn")


def test_colours_widths_rules_and_drop_downs_survive_a_write(folder, file):
    save_lively(file)
    before = parts_of(file)[FIRST_SHEET]
    write(folder, 2, 0, "Nytt namn")
    write(folder, 3, 1, 18)
    sheet = openpyxl.load_workbook(file)["Skolor"]
    assert sheet["A2"].fill.fgColor.rgb == "FFFFCC00"
    assert sheet["B3"].number_format == '0" anställda"'
    after = parts_of(file)[FIRST_SHEET]
    for element in (
        b"cols",
        b"sheetViews",
        b"conditionalFormatting",
        b"dataValidations",
        b"drawing",
        b"legacyDrawing",
    ):
        pattern = re.compile(rb"<%s[ >].*?(?:</%s>|/>)" % (element, element), re.DOTALL)
        assert pattern.findall(before)
        assert pattern.findall(after) == pattern.findall(before)


def test_a_formula_keeps_its_saved_value_and_is_computed_anew_when_opened(folder, file):
    save_lively(file)
    write(folder, 2, 1, 50)
    assert rows_in(file)[1][3] == 82.0
    assert b"<f>B2*2</f><v>82</v>" in parts_of(file)[FIRST_SHEET]
    assert b'fullCalcOnLoad="1"' in parts_of(file)["xl/workbook.xml"]


def test_the_calculation_setting_stands_where_the_format_wants_it(folder, file):
    save_lively(file)
    save_parts(
        file,
        workbook=lambda xml: re.sub(rb"<calcPr[^>]*/>", b"", xml).replace(
            b"</workbook>", b"<extLst><ext uri='x'/></extLst></workbook>"
        ),
    )
    write(folder, 2, 1, 50)
    assert re.search(rb'<calcPr fullCalcOnLoad="1"/><extLst>', parts_of(file)["xl/workbook.xml"])


def test_cells_that_show_an_array_formula_are_protected(folder, file):
    save_sheet_xml(
        file,
        '<row r="1"><c r="A1" t="inlineStr"><is><t>Skola</t></is></c></row>'
        '<row r="2"><c r="A2"><f t="array" ref="A2:B3">C2:D3</f><v>1</v></c></row>'
        '<row r="3"><c r="B3"><v>4</v></c></row>',
    )
    with pytest.raises(CellProtected, match=r"B3.*Skolor.*vebs\.xlsx"):
        write(folder, 3, 1, 5)


def test_a_new_row_looks_like_the_row_above(folder, file):
    save_lively(file)
    folder.append("vebs", {"Skolor": [{"Skola": "Cedern", "Personal": 12}]})
    sheet = openpyxl.load_workbook(file)["Skolor"]
    assert sheet["B4"].fill.fgColor.rgb == "FF00CC00"
    assert sheet["B4"].number_format == '0" anställda"'


def test_the_first_row_does_not_look_like_the_header(folder, file):
    workbook = openpyxl.Workbook()
    workbook.active.title = "Skolor"
    workbook.active.append(["Skola"])
    workbook.active["A1"].font = openpyxl.styles.Font(bold=True)
    workbook.save(file)
    folder.append("vebs", {"Skolor": [{"Skola": "Cedern"}]})
    assert not openpyxl.load_workbook(file)["Skolor"]["A2"].font.bold


def test_rows_formatted_in_advance_are_filled_and_keep_their_looks(folder, file):
    save_rows(file, ["Skola", "Personal"], ["Alvikskolan", 41])
    workbook = openpyxl.load_workbook(file)
    for row in range(3, 40):
        workbook["Skolor"].cell(row, 1).fill = openpyxl.styles.PatternFill("solid", fgColor="FF123456")
        workbook["Skolor"].row_dimensions[row].height = 44
    workbook.save(file)
    folder.append("vebs", {"Skolor": [{"Skola": "Cedern", "Personal": 3}]})
    sheet = openpyxl.load_workbook(file)["Skolor"]
    assert (sheet["A3"].value, sheet["B3"].value, sheet["A3"].fill.fgColor.rgb) == ("Cedern", 3, "FF123456")
    assert sheet.row_dimensions[3].height == 44
    assert sheet["A39"].fill.fgColor.rgb == "FF123456"


def test_a_date_takes_the_look_of_the_date_above(folder, file):
    save_rows(file, ["Skola", "Öppnar"], ["Alvikskolan", dt.date(2022, 1, 24)], ["Björkskolan", None])
    workbook = openpyxl.load_workbook(file)
    workbook["Skolor"]["B2"].number_format = "d mmm yyyy"
    workbook.save(file)
    write(folder, 3, 1, dt.date(2022, 2, 1))
    folder.append("vebs", {"Skolor": [{"Öppnar": dt.date(2022, 3, 1)}]})
    sheet = openpyxl.load_workbook(file)["Skolor"]
    assert [sheet.cell(r, 2).number_format for r in (2, 3, 4)] == ["d mmm yyyy"] * 3


def test_a_date_where_none_was_gets_a_date_format_once(folder, file):
    save_lively(file)
    for row in (2, 3):
        write(folder, row, 2, dt.date(2022, 1, row))
    formats = re.findall(rb"<xf ", parts_of(file)["xl/styles.xml"])
    write(folder, 2, 2, dt.date(2023, 1, 1))
    assert openpyxl.load_workbook(file)["Skolor"]["C3"].number_format == "yyyy-mm-dd"
    assert re.findall(rb"<xf ", parts_of(file)["xl/styles.xml"]) == formats


def test_a_coloured_cell_stays_coloured_when_it_becomes_a_date(folder, file):
    save_lively(file)
    write(folder, 2, 0, dt.date(2022, 1, 24))
    cell = openpyxl.load_workbook(file)["Skolor"]["A2"]
    assert (cell.is_date, cell.fill.fgColor.rgb) == (True, "FFFFCC00")


def test_an_emptied_cell_keeps_its_colour(folder, file):
    save_lively(file)
    write(folder, 2, 0, None)
    cell = openpyxl.load_workbook(file)["Skolor"]["A2"]
    assert (cell.value, cell.fill.fgColor.rgb) == (None, "FFFFCC00")


def test_the_used_area_grows_with_what_is_written(folder, file):
    save_rows(file, ["Skola"], ["Alvikskolan"])
    write(folder, 9, 5, "x")
    assert b'<dimension ref="A1:F9"' in parts_of(file)[FIRST_SHEET]


def test_rows_stay_in_order_when_one_is_written_between_them(folder, file):
    save_sheet_xml(
        file,
        '<row r="1"><c r="A1"><v>1</v></c><c r="D1"><v>4</v></c></row>'
        '<row r="7"><c r="A7"><v>7</v></c></row>',
    )
    write(folder, 4, 0, "x")
    write(folder, 1, 2, "y")
    xml = parts_of(file)[FIRST_SHEET]
    assert re.findall(rb'<row r="(\d+)"', xml) == [b"1", b"4", b"7"]
    assert re.findall(rb'<c r="(\w+)"', xml) == [b"A1", b"C1", b"D1", b"A4", b"A7"]


def test_a_file_in_the_strict_dialect_with_prefixes_can_be_written(folder, file):
    save_rows(file)
    strict = "http://purl.oclc.org/ooxml/spreadsheetml/main"
    rows = '<row><c t="str"><v>Skola</v></c></row>'
    save_parts(file, sheet=lambda _: prefixed_sheet_xml(rows, strict))
    folder.append("vebs", {"Skolor": [{"Skola": "Cedern"}]})
    write(folder, 2, 1, 4)
    assert rows_in(file) == [["Skola", ""], ["Cedern", 4.0]]


def test_a_workbook_that_counts_days_from_1904_can_be_written(folder, file):
    save_rows(file, ["Skola"], ["Alvikskolan"])
    save_parts(file, workbook=lambda xml: re.sub(rb"<workbookPr[^>]*/>", b'<workbookPr date1904="1"/>', xml))
    moments = [dt.date(2022, 1, 24), dt.datetime.fromisoformat("2022-01-24T13:05"), dt.date(1904, 1, 2)]
    folder.append("vebs", {"Skolor": [{"Skola": moment} for moment in moments]})
    assert [row[0] for row in rows_in(file)[2:]] == moments


def test_shared_strings_with_several_styles_are_headers_too(folder, file):
    save_lively_with_shared_strings(file)
    folder.append("vebs", {"Skolor": [{"Skola": "Cedern"}]})
    assert rows_in(file)[1] == ["Cedern"]


def save_lively_with_shared_strings(file):
    save_rows(file)
    parts = parts_of(file)
    rich = "<si><t>annat</t></si><si><r><t>Sko</t></r><r><t>la </t></r><rPh sb='0' eb='1'><t>x</t></rPh></si>"
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    parts["xl/sharedStrings.xml"] = f"<sst {space}>{rich}</sst>".encode()
    if b"sharedStrings" not in parts["xl/_rels/workbook.xml.rels"]:
        kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
        link = f'<Relationship Id="rId99" Type="{kind}" Target="sharedStrings.xml"/></Relationships>'
        parts["xl/_rels/workbook.xml.rels"] = parts["xl/_rels/workbook.xml.rels"].replace(
            b"</Relationships>", link.encode()
        )
        main = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
        parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
            b"</Types>", f'<Override PartName="/xl/sharedStrings.xml" ContentType="{main}"/></Types>'.encode()
        )
    sheet = (
        f'<worksheet {space}><sheetData><row r="1"><c r="A1" t="s"><v>1</v></c></row></sheetData></worksheet>'
    )
    parts[FIRST_SHEET] = sheet.encode()
    file.write_bytes(packed(parts))


# --- reading -------------------------------------------------------------------------------------


def test_errors_read_as_their_text(folder, file):
    errors = ["#N/A", "#DIV/0!", "#REF!", "#SPILL!", "#CALC!", "#NAME?"]
    cells = "".join(
        f'<c r="{letter}2" t="e"><f>x()</f><v>{e}</v></c>' for letter, e in zip("ABCDEF", errors, strict=True)
    )
    save_sheet_xml(file, f'<row r="1"><c r="A1"><v>5</v></c></row><row r="2">{cells}</row>')
    assert rows_in(file)[1] == errors


@pytest.mark.parametrize(
    "cell", ["<c t='e' r='B9'><v>#N/A</v></c>", '<c r="B9" cm="1" t = "e"><v>#N/A</v></c>']
)
def test_an_error_is_found_however_it_is_spelled(folder, file, cell):
    save_sheet_xml(file, f'<row r="9">{cell}</row>')
    assert rows_in(file)[8][1] == "#N/A"


def test_an_error_in_a_prefixed_sheet_is_found(folder, file):
    save_rows(file)
    rows = '<row r="1"><c r="B1" t="e"><v>#REF!</v></c></row>'
    save_parts(file, sheet=lambda _: prefixed_sheet_xml(rows))
    assert rows_in(file) == [["", "#REF!"]]


def test_a_length_of_time_reads_as_a_time_or_as_days(folder, file):
    save_rows(file, ["Start"], [dt.timedelta(hours=13, minutes=5)], [dt.timedelta(hours=36)])
    assert rows_in(file) == [["Start"], [dt.time(13, 5)], [1.5]]


def test_a_sheet_that_is_a_chart_is_not_among_the_sheets(folder, file):
    save_lively(file)
    assert set(folder.read("vebs").sheets) == {"Skolor", "Eget blad"}


def test_only_spreadsheets_are_listed(folder, tmp_path):
    save_rows(tmp_path / "vebs.xlsx", ["Skola"])
    for name in ("~$vebs.xlsx", ".~lock.vebs.xlsx#", ".vebs.xlsx", "vebs.xls", "vebs.xlsx.tmp", "läs.txt"):
        (tmp_path / name).write_text("x")
    (tmp_path / "mapp.xlsx").mkdir()
    assert folder.spreadsheets() == {"vebs"}


def test_a_folder_that_is_not_there_has_no_spreadsheets(tmp_path):
    assert ExcelFolder(tmp_path / "data").spreadsheets() == frozenset()


def test_reading_changes_nothing_on_disk(folder, file, tmp_path):
    save_lively(file)
    before = [(p.name, p.stat().st_mtime_ns, p.stat().st_size) for p in tmp_path.iterdir()]
    folder.read("vebs")
    folder.version("vebs")
    assert [(p.name, p.stat().st_mtime_ns, p.stat().st_size) for p in tmp_path.iterdir()] == before


def test_a_half_written_file_is_waited_for(folder, file):
    save_lively(file)
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    saving = threading.Timer(0.15, lambda: file.write_bytes(whole))
    saving.start()
    snapshot = folder.read("vebs")
    saving.join()
    assert snapshot.sheets["Skolor"].columns[0][1] == "Alvikskolan"
    assert snapshot.version == folder.version("vebs")


def test_a_file_that_is_moved_away_and_back_is_waited_for(folder, file):
    save_lively(file)
    aside = file.with_suffix(".aside")
    file.rename(aside)
    saving = threading.Timer(0.15, lambda: aside.rename(file))
    saving.start()
    assert "Skolor" in folder.read("vebs").sheets
    saving.join()


def test_the_version_read_is_the_version_of_what_was_read(folder, file):
    """A person saves again and again while we read; every snapshot belongs to its version."""
    texts = {}
    stop = threading.Event()

    def save_again_and_again():
        for number in range(10_000):
            if stop.is_set():
                return
            beside = file.with_suffix(".new")
            save_rows(beside, ["Skola"], [f"nr {number}"])
            texts[str(beside.stat().st_mtime_ns)] = f"nr {number}"
            beside.replace(file)

    save_rows(file, ["Skola"], ["först"])
    person = threading.Thread(target=save_again_and_again)
    person.start()
    try:
        for _ in range(20):
            snapshot = folder.read("vebs")
            text = snapshot.sheets["Skolor"].columns[0][1]
            assert texts.get(snapshot.version.split("-")[0], "först") == text
    finally:
        stop.set()
        person.join()
