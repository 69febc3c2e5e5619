"""What LibreOffice sees in the files we write, and what we see in its."""

import datetime as dt
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest

from services.workbook.excel import ExcelFolder
from tests.workbook.xlsx_files import rows_in, save_lively, write


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
