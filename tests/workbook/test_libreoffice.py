"""What LibreOffice sees in the files we write, and what we see in its."""

import datetime as dt
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest

from services.workbook.emptying import empty
from services.workbook.excel import ExcelFolder
from tests.workbook.contract import rows_of, save_with_openpyxl
from tests.workbook.emptied import RECEIVED, ROUND, SHEETS, everything_of, inbox, key, keys_in
from tests.workbook.xlsx_files import parts_of, rows_in, save_lively, write


@pytest.fixture
def folder(tmp_path):
    return ExcelFolder(tmp_path)


@pytest.fixture
def file(tmp_path):
    return tmp_path / "vebs.xlsx"


RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


@pytest.fixture(scope="module")
def through_libreoffice(tmp_path_factory):
    """Opens a file in LibreOffice and saves it; the saved file."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed (soffice)")
    homes = {settings: tmp_path_factory.mktemp("office") for settings in ("", RECALCULATE)}

    def open_and_save(path: Path, settings: str = "") -> Path:
        out = tmp_path_factory.mktemp("saved")
        home = homes[settings]
        (home / "user").mkdir(exist_ok=True)
        if settings:
            (home / "user" / "registrymodifications.xcu").write_text(settings)
        profile = f"-env:UserInstallation={home.as_uri()}"
        command = [office, profile, "--headless", "--convert-to", "xlsx", "--outdir", str(out), str(path)]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        return out / path.name

    return open_and_save


@pytest.mark.slow
def test_libreoffice_sees_what_was_written_beside_what_was_there(folder, file, through_libreoffice):
    save_lively(file)
    texts = ["=1+1", " mellan \n rader ", "_x0041_ <&>", "00123456"]
    write(folder, 2, 1, 50)
    folder.append("vebs", {"Skolor": [{"Skola": text, "Öppnar": dt.date(2022, 1, 24)} for text in texts]})
    saved = through_libreoffice(file)
    rows = rows_in(saved)
    assert [row[0] for row in rows[3:]] == texts
    assert [row[2] for row in rows[3:]] == [dt.date(2022, 1, 24)] * 4
    assert rows[1][1] == 50.0
    sheet = openpyxl.load_workbook(saved)["Skolor"]
    assert "Ring rektorn" in sheet["A2"].comment.text
    assert sheet["A2"].fill.fgColor.rgb == "FFFFCC00"
    assert sheet._charts


@pytest.mark.slow
def test_libreoffice_set_to_recalculate_computes_formulas_anew(folder, file, through_libreoffice):
    """LibreOffice as installed never recalculates a file it opens; Excel does as the file asks."""
    save_lively(file)
    write(folder, 2, 1, 50)
    assert rows_in(through_libreoffice(file, RECALCULATE))[1][3] == 100.0


@pytest.mark.slow
def test_a_file_that_libreoffice_saved_can_be_written(file, through_libreoffice):
    save_lively(file)
    saved = through_libreoffice(file)
    folder = ExcelFolder(saved.parent)
    write(folder, 2, 0, "Nytt namn")
    folder.append("vebs", {"Skolor": [{"Skola": "Cedern", "Personal": 3}]})
    again = rows_in(through_libreoffice(saved))
    assert again[1][0] == "Nytt namn"
    assert again[3][:2] == ["Cedern", 3.0]


@pytest.mark.slow
def test_libreoffice_opens_a_file_that_rows_were_removed_from_and_finds_nothing_of_them(
    tmp_path, through_libreoffice
):
    """The file is one that LibreOffice saved: its texts stand in a part of their own, shared by the cells."""
    save_with_openpyxl(tmp_path / "inkorg.xlsx", inbox(["2027", "2026", "2027"]))
    saved = through_libreoffice(tmp_path / "inkorg.xlsx")
    assert key(0).encode() in parts_of(saved)["xl/sharedStrings.xml"]
    folder = ExcelFolder(saved.parent)
    assert empty(folder, "inkorg", SHEETS, ROUND) == 4
    folder.forget("inkorg")
    folder.append("inkorg", {"Deltagande": [{"Nyckel": key(9), "Omgång": "2028"}]})
    folder.forget("inkorg")

    opened = ExcelFolder(through_libreoffice(saved).parent)

    for one in (folder, opened):
        assert keys_in(one) == [key(1)]
        assert keys_in(one, "Deltagande") == [key(1), key(9)]
        assert rows_of(one, "inkorg", "Inkomna")[0] == RECEIVED
    left = everything_of(folder, saved.parent, None)
    assert [number for number in (0, 2) if key(number) in left] == []
