"""What every workbook promises about cells that are changed, whichever it is."""

import pytest

from services.errors import CellProtected, SpreadsheetChanged
from services.workbook.memory import Formula
from tests.workbook.contract import SCHOOLS, change, fresh, rows_of, version_of


def test_every_write_changes_the_version(opened):
    workbook = opened({"vebs": {"Skolor": SCHOOLS}})
    seen = [version_of(workbook)]
    for number in range(5):
        workbook.write("vebs", [change(2, 1, f"Skola {number}")], fresh(workbook))
        seen.append(version_of(workbook))
    workbook.append("vebs", {"Skolor": [{"Skola": "Ny"}]})
    seen.append(version_of(workbook))
    assert len(set(seen)) == len(seen)


def test_named_cells_change_and_no_others(opened):
    workbook = opened({"vebs": {"Skolor": SCHOOLS, "Logg": [["Tid"], ["igår"]]}})
    workbook.write("vebs", [change(2, 1, "Nya namnet"), change(3, 2, 18)], fresh(workbook))
    wanted = [
        SCHOOLS[0],
        ["00123456", "Nya namnet", *SCHOOLS[1][2:]],
        ["00123457", "Björkskolan", 18.0, *SCHOOLS[2][3:]],
    ]
    assert rows_of(workbook, meant=wanted) == wanted
    assert rows_of(workbook, sheet="Logg") == [["Tid"], ["igår"]]


@pytest.mark.parametrize("blank", [None, ""])
def test_a_cell_can_be_emptied(opened, blank):
    workbook = opened({"vebs": {"Skolor": SCHOOLS}})
    workbook.write("vebs", [change(2, 1, blank)], fresh(workbook))
    assert rows_of(workbook)[1][1] == ""


def test_a_cell_outside_the_table_can_be_written(opened):
    workbook = opened({"vebs": {"Skolor": [["Skola"]]}})
    workbook.write("vebs", [change(4, 2, "långt bort")], fresh(workbook))
    assert rows_of(workbook) == [["Skola", "", ""], ["", "", ""], ["", "", ""], ["", "", "långt bort"]]


@pytest.mark.parametrize("place", [(0, 0), (1, -1), (1, 16_384), (1_048_577, 0)])
def test_a_cell_outside_every_sheet_is_refused(opened, place):
    workbook = opened({"vebs": {"Skolor": SCHOOLS}})
    with pytest.raises(ValueError):
        workbook.write("vebs", [change(*place, "x")], fresh(workbook))


def test_a_write_on_an_old_version_is_refused_and_nothing_written(opened):
    workbook = opened({"vebs": {"Skolor": SCHOOLS}})
    seen = fresh(workbook)
    workbook.write("vebs", [change(2, 2, 42)], fresh(workbook))
    before = rows_of(workbook)
    with pytest.raises(SpreadsheetChanged, match="vebs"):
        workbook.write("vebs", [change(2, 1, "för sent")], seen)
    assert rows_of(workbook) == before


def test_an_unknown_sheet_is_refused_and_nothing_written(opened):
    workbook = opened({"vebs": {"Skolor": SCHOOLS}})
    before = version_of(workbook)
    with pytest.raises(ValueError, match="Skolan"):
        workbook.append("vebs", {"Skolor": [{"Skola": "Bra"}], "Skolan": [{"Skola": "x"}]})
    with pytest.raises(ValueError, match="Skolan"):
        workbook.write("vebs", [change(2, 1, "x"), change(2, 1, "x", "Skolan")], fresh(workbook))
    assert version_of(workbook) == before


def test_a_formula_is_never_overwritten(opened):
    workbook = opened({"vebs": {"Skolor": [["Skola", "Antal"], ["Alvikskolan", Formula("=1+1")]]}})
    before = version_of(workbook)
    with pytest.raises(CellProtected, match="B2"):
        workbook.write("vebs", [change(2, 0, "Ny"), change(2, 1, 3)], fresh(workbook))
    assert version_of(workbook) == before
    assert rows_of(workbook)[1][0] == "Alvikskolan"
