"""Files that are damaged, foreign or made to choke us are refused in a sentence and in little memory."""

import io
import json
import random
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from services.errors import SpreadsheetUnreadable
from services.workbook.excel import ExcelFolder
from tests.workbook.xlsx_files import (
    FIRST_SHEET,
    NAMESPACE,
    packed,
    parts_of,
    prefixed_sheet_xml,
    save_lively,
    save_rows,
    save_sheet_xml,
    sheet_xml,
)

MOST_MEMORY = 100_000_000
"""Bytes of memory that a refusal may cost."""

MEASURED_READ = """
import json, resource, sys, time
from pathlib import Path
from services.errors import SpreadsheetUnreadable
from services.workbook.excel import ExcelFolder
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
folder, before, start = ExcelFolder(Path(sys.argv[1])), peak(), time.process_time()
try:
    height = max((s.height for s in folder.read("vebs").sheets.values()), default=0)
    sentence = ""
except SpreadsheetUnreadable as trouble:
    height, sentence = 0, str(trouble)
print(json.dumps({"memory": peak() - before, "seconds": time.process_time() - start,
                  "sentence": sentence, "height": height}))
"""


def measured_read(folder: Path) -> dict:
    run = subprocess.run(
        [sys.executable, "-c", MEASURED_READ, str(folder)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-2000:]
    print(run.stdout)  # noqa: T201  # shown when the test fails, and by pytest -rP
    return json.loads(run.stdout)


@pytest.fixture
def file(tmp_path):
    return tmp_path / "vebs.xlsx"


def refusal(file):
    """The sentence for the file, with no more memory than promised."""
    told = measured_read(file.parent)
    assert told["memory"] <= MOST_MEMORY
    assert told["sentence"].startswith("Filen vebs.xlsx ")
    assert told["sentence"].endswith(".")
    return told["sentence"]


def sentence(file):
    with pytest.raises(SpreadsheetUnreadable) as trouble:
        ExcelFolder(file.parent).read("vebs")
    assert trouble.value.spreadsheet == "vebs"
    assert str(trouble.value).startswith("Filen vebs.xlsx ")
    return str(trouble.value)


def save_with(file, **parts):
    """A small workbook with parts added or replaced; `__` in a name is a dot, `_` a slash."""
    save_rows(file, ["Skola"], ["Alvikskolan"])
    named = {name.replace("__", ".").replace("_", "/"): content for name, content in parts.items()}
    file.write_bytes(packed(parts_of(file) | named))


# --- not a workbook ------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [b"", b"\0" * 5000], ids=["empty", "zeros"])
def test_an_empty_file_is_called_damaged(file, content):
    file.write_bytes(content)
    assert "skadad eller inte färdigsparad" in sentence(file)


@pytest.mark.parametrize(
    "content", [b"Skola;Personal\n", b"<html></html>", b"%PDF-1.7"], ids=["csv", "html", "pdf"]
)
def test_another_kind_of_file_is_called_that(file, content):
    file.write_bytes(content)
    assert "är inte en Excel-arbetsbok" in sentence(file)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_a_file_cut_short_is_called_damaged(file, share):
    save_lively(file)
    whole = file.read_bytes()
    file.write_bytes(whole[: int(len(whole) * share)])
    assert "skadad eller inte färdigsparad" in sentence(file)


def test_a_file_with_a_password_or_an_old_one_is_called_that(file):
    file.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4096)
    assert "lösenordsskyddad eller sparad i det gamla formatet" in sentence(file)


def test_any_zip_is_not_a_workbook(file):
    file.write_bytes(packed({"läs mig.txt": b"hej"}))
    assert "är inte en Excel-arbetsbok" in sentence(file)


def test_a_text_document_is_not_a_workbook(file):
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    override = f'<Override PartName="/word/document.xml" ContentType="{main}"/>'
    space = "http://schemas.openxmlformats.org/package/2006/content-types"
    types = f'<Types xmlns="{space}">{override}</Types>'
    file.write_bytes(packed({"[Content_Types].xml": types.encode(), "word/document.xml": b"<document/>"}))
    assert "är inte en Excel-arbetsbok" in sentence(file)


def test_a_workbook_with_macros_is_refused(file):
    save_rows(file, ["Skola"])
    parts = parts_of(file)
    types = parts["[Content_Types].xml"]
    parts["[Content_Types].xml"] = types.replace(
        b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    )
    file.write_bytes(packed(parts))
    assert "innehåller makron" in sentence(file)


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/_rels/workbook.xml.rels", "_rels/.rels", FIRST_SHEET]
)
def test_a_workbook_that_lacks_a_part_is_called_damaged(file, part):
    save_rows(file, ["Skola"])
    parts = parts_of(file)
    del parts[part]
    file.write_bytes(packed(parts))
    assert "skadad" in sentence(file)


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels", FIRST_SHEET]
)
@pytest.mark.parametrize("content", [b"", b"<a", b"<a></b>", b"\xff\xfe\0<", b"text"], ids=range(5))
def test_a_part_of_rubbish_never_gives_a_traceback(file, part, content):
    save_rows(file, ["Skola"])
    file.write_bytes(packed(parts_of(file) | {part: content}))
    try:
        ExcelFolder(file.parent).read("vebs")
    except SpreadsheetUnreadable as trouble:
        assert str(trouble).startswith("Filen vebs.xlsx ")


@pytest.mark.parametrize("seed", range(40))
def test_random_damage_never_gives_a_traceback(file, seed):
    chance = random.Random(seed)
    save_lively(file)
    data = bytearray(file.read_bytes())
    for _ in range(chance.choice([1, 3, 30])):
        data[chance.randrange(len(data))] = chance.randrange(256)
    file.write_bytes(bytes(data))
    try:
        ExcelFolder(file.parent).read("vebs")
    except SpreadsheetUnreadable as trouble:
        assert str(trouble).startswith("Filen vebs.xlsx ")


@pytest.mark.parametrize("seed", range(40))
def test_random_damage_inside_a_sheet_never_gives_a_traceback(file, seed):
    chance = random.Random(seed)
    save_lively(file)
    parts = parts_of(file)
    name = chance.choice([FIRST_SHEET, "xl/styles.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"])
    xml = bytearray(parts[name])
    for _ in range(chance.choice([1, 3, 10])):
        xml[chance.randrange(len(xml))] = chance.choice(b"<>\"'/=&;09AZaz \0\xff")
    file.write_bytes(packed(parts | {name: bytes(xml)}))
    try:
        ExcelFolder(file.parent).read("vebs")
    except SpreadsheetUnreadable as trouble:
        assert str(trouble).startswith("Filen vebs.xlsx ")


# --- made to swell -------------------------------------------------------------------------------


def test_a_thousandfold_bomb_is_refused(file):
    blanks = b" " * 150_000_000
    save_with(file, xl_worksheets_sheet1__xml=f'<worksheet xmlns="{NAMESPACE}">'.encode() + blanks)
    assert file.stat().st_size < 1_000_000
    assert "packad på ett orimligt sätt" in refusal(file)


def test_a_bomb_of_many_parts_is_refused(file):
    part = b" " * 900_000
    save_rows(file, ["Skola"])
    file.write_bytes(packed(parts_of(file) | {f"xl/media/{n}.bin": part for n in range(300)}))
    assert "orimlig" in refusal(file)


def test_too_many_parts_are_refused(file):
    save_rows(file, ["Skola"])
    file.write_bytes(packed(parts_of(file) | {f"xl/media/{n}.bin": b"" for n in range(60_000)}))
    assert "orimligt många delar" in refusal(file)


def test_a_part_that_lies_about_its_size_is_refused(file):
    save_with(
        file, xl_worksheets_sheet1__xml=f'<worksheet xmlns="{NAMESPACE}">'.encode() + b" " * 150_000_000
    )
    data = file.read_bytes()
    real, lie = (
        struct.pack("<I", 150_000_000 + len(f'<worksheet xmlns="{NAMESPACE}">')),
        struct.pack("<I", 500),
    )
    assert data.count(real) == 2
    file.write_bytes(data.replace(real, lie))
    assert "skadad" in refusal(file)


def test_a_bomb_inside_an_embedded_workbook_is_never_opened(file):
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 200_000_000)
    save_with(file, xl_embeddings_inner__xlsx=bomb.getvalue())
    told = measured_read(file.parent)
    assert (told["sentence"], told["height"]) == ("", 2)
    assert told["memory"] <= MOST_MEMORY


def laughs(root):
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<?xml version="1.0"?>\n<!-- ha -->\n<!DOCTYPE {root} [<!ENTITY l0 "ha">{entities}]>\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-8-sig"])
@pytest.mark.parametrize(
    "part", [FIRST_SHEET, "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml", "_rels/.rels"]
)
def test_billion_laughs_are_refused_in_every_part(file, part, encoding):
    save_rows(file, ["Skola"])
    body = parts_of(file).get(part, b"<sst/>").decode()
    xml = laughs("x") + body[body.index("?>") + 2 if body.startswith("<?") else 0 :]
    file.write_bytes(packed(parts_of(file) | {part: xml.encode(encoding)}))
    assert "dokumenttypsdeklaration" in sentence(file)


def test_billion_laughs_in_a_sheet_cost_no_memory(file):
    row = '<row r="1"><c r="A1" t="inlineStr"><is><t>&l9;</t></is></c></row>'
    save_with(file, xl_worksheets_sheet1__xml=sheet_xml(row, start=laughs("worksheet")))
    assert "dokumenttypsdeklaration" in refusal(file)


def test_an_entity_from_outside_is_never_fetched(file, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("hemligt")
    start = f'<!DOCTYPE x [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    row = '<row r="1"><c r="A1" t="inlineStr"><is><t>&x;</t></is></c></row>'
    save_with(file, xl_worksheets_sheet1__xml=sheet_xml(row, start=start))
    assert "hemligt" not in sentence(file)


def test_a_hidden_start_of_comments_does_not_hide_a_declaration(file):
    xml = "<!-- - -->" * 20_000 + laughs("worksheet")[22:] + f'<worksheet xmlns="{NAMESPACE}"/>'
    save_with(file, xl_worksheets_sheet1__xml=xml.encode())
    assert "dokumenttypsdeklaration" in refusal(file)


@pytest.mark.slow
def test_a_million_filled_rows_are_refused(file):
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, 1_000_001))
    save_sheet_xml(file, rows)
    assert "ända till rad" in refusal(file)


@pytest.mark.slow
def test_a_million_blank_formatted_rows_are_read_as_blank(file):
    row = '<row r="1"><c r="A1"><v>5</v></c></row>'
    blank = "".join(
        f'<row r="{n}" s="1" customFormat="1"><c r="A{n}" s="1"/></row>' for n in range(2, 1_000_001)
    )
    save_sheet_xml(file, row + blank)
    told = measured_read(file.parent)
    assert (told["sentence"], told["height"]) == ("", 1)
    assert told["memory"] <= MOST_MEMORY


FAR = [
    '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
    '<row r="2"><c r="XFD1048576" s="1"><v>1</v></c></row>',
    "<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>",
    '<row r="1048576"><c\n\tr = "XFD1048576"><v>1</v></c></row>',
    '<row r="1048576"><c r="xfd1048576"><v>1</v></c></row>',
    '<row r="1048576"><c s="0" r="XFD1048576"><v>1</v></c></row>',
    f'<row r="1048576">{"<c/>" * 100}<c><v>1</v></c></row>',
    '<row r="200001"><c r="A200001"><v>1</v></c></row>',
    '<row r="199999"><c r="CZ199999"><v>1</v></c></row>',
    '<row r="9"><c r="XFD9"><v>1</v></c></row>',
]


@pytest.mark.parametrize("far", FAR, ids=range(len(FAR)))
def test_one_cell_far_away_is_refused_however_it_is_spelled(file, far):
    save_sheet_xml(file, f'<row r="1"><c r="A1"><v>1</v></c></row>{far}', '<dimension ref="A1:B2"/>')
    assert "ta bort det som står utanför tabellen" in refusal(file)


def test_a_far_cell_is_refused_whatever_the_sheet_declares(file):
    far = '<row r="150000"><c r="ZZ150000"><v>1</v></c></row>'
    save_sheet_xml(file, f'<row r="1"><c r="A1"><v>1</v></c></row>{far}', '<dimension ref="A1:ZZ150000"/>')
    assert "ta bort det som står utanför tabellen" in refusal(file)


def test_a_far_cell_in_a_prefixed_sheet_is_refused(file):
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    save_with(file, xl_worksheets_sheet1__xml=prefixed_sheet_xml(rows))
    assert "ta bort det som står utanför tabellen" in refusal(file)


def test_far_blank_cells_are_no_trouble(file):
    save_sheet_xml(
        file,
        '<row r="1"><c r="A1"><v>1</v></c><c r="XFD1" s="1"/></row>'
        '<row r="1048576"><c r="XFD1048576" s="1"/></row>',
    )
    assert ExcelFolder(file.parent).read("vebs").sheets["Skolor"].height == 1


def test_a_moderately_far_cell_is_read(file):
    save_sheet_xml(
        file, '<row r="1"><c r="A1"><v>1</v></c></row><row r="25000"><c r="AB25000"><v>2</v></c></row>'
    )
    sheet = ExcelFolder(file.parent).read("vebs").sheets["Skolor"]
    assert (sheet.height, len(sheet.columns), sheet.columns[27][-1]) == (25_000, 28, 2.0)


def test_a_text_without_end_is_refused(file):
    chance = bytes(range(48, 58)) * 100
    text = random.Random(1).randbytes(3_000_000).hex().encode() + chance
    sheet = (
        f'<worksheet xmlns="{NAMESPACE}"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>'.encode()
        + text
    )
    save_with(file, xl_worksheets_sheet1__xml=sheet)
    assert "skadad" in refusal(file)


def test_a_file_too_large_is_refused_before_it_is_read(file):
    with file.open("wb") as large:
        large.truncate(5_000_000_000)
    assert "är för stor" in refusal(file)


def test_parts_with_the_same_name_are_refused(file):
    save_rows(file, ["Skola"])
    with zipfile.ZipFile(file, "a") as archive, pytest.warns(UserWarning):
        archive.writestr(FIRST_SHEET, b"<worksheet/>")
    assert "ovanligt sätt" in sentence(file)


def test_an_encrypted_part_is_refused(file):
    save_rows(file, ["Skola"])
    data = bytearray(file.read_bytes())
    at = data.rindex(b"PK\x01\x02")
    data[at + 8] |= 1
    file.write_bytes(bytes(data))
    assert "krypterad" in sentence(file)
