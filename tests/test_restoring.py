"""The drill: back up, drop the spreadsheets, restore, and not a cell differs."""

import datetime as dt
import gzip
import json
import shutil
from pathlib import Path

import pytest

from services.backing_up import MANIFEST, back_up_folder, back_up_google, open_backup
from services.connecting import Link, Wanted, connect
from services.errors import MoveRefused, NotShared, Trouble
from services.moving import upload
from services.reading import read_once
from services.restoring import restore_folder, restore_google
from services.tables.schema import load_schema
from services.workbook.excel import ExcelFolder
from services.workbook.whole.as_xlsx import layouts
from services.workbook.whole.exact import as_json, from_json, read_exact
from tests.google_links import a_link
from tests.people import a_workbook, answers, register_sheets, save
from tests.sheets_server.serving import LocalGoogle

pytestmark = pytest.mark.slow

SCHEMA = load_schema()
NOW = dt.datetime(2026, 1, 24, 8, 30, 5, tzinfo=dt.UTC)
TOWN = answers(16, L=3, U=3)
PEOPLES = [
    {"addSheet": {"properties": {"title": "Våra siffror", "sheetId": 77, "tabColor": {"red": 1}}}},
    {"addSheet": {"properties": {"title": "Dold", "sheetId": 78, "hidden": True}}},
    {
        "updateCells": {
            "start": {"sheetId": 77, "rowIndex": 0, "columnIndex": 0},
            "rows": [
                {
                    "values": [
                        {"userEnteredValue": {"stringValue": "=inte formel"}, "note": "Min anteckning"},
                        {"userEnteredValue": {"formulaValue": "=COUNTA(Skolor!A2:A)"}},
                        {"userEnteredValue": {"boolValue": True}},
                        {
                            "userEnteredValue": {"numberValue": 44585},
                            "userEnteredFormat": {
                                "numberFormat": {"type": "DATE", "pattern": "d mmm yyyy"},
                                "backgroundColor": {"green": 1},
                                "textFormat": {"italic": True},
                            },
                        },
                        {"userEnteredValue": {"formulaValue": "=1/0"}},
                    ]
                }
            ],
            "fields": "*",
        }
    },
    {
        "updateDimensionProperties": {
            "range": {"sheetId": 77, "dimension": "COLUMNS", "startIndex": 1, "endIndex": 3},
            "properties": {"pixelSize": 222},
            "fields": "pixelSize",
        }
    },
    {
        "updateDimensionProperties": {
            "range": {"sheetId": 77, "dimension": "ROWS", "startIndex": 4, "endIndex": 6},
            "properties": {"hiddenByUser": True},
            "fields": "hiddenByUser",
        }
    },
    {
        "mergeCells": {
            "range": {
                "sheetId": 77,
                "startRowIndex": 8,
                "endRowIndex": 10,
                "startColumnIndex": 0,
                "endColumnIndex": 2,
            },
            "mergeType": "MERGE_ALL",
        }
    },
    {
        "addNamedRange": {
            "namedRange": {"name": "skolor", "range": {"sheetId": 77, "startRowIndex": 0, "endRowIndex": 3}}
        }
    },
    {
        "addConditionalFormatRule": {
            "rule": {
                "ranges": [{"sheetId": 77, "startColumnIndex": 0, "endColumnIndex": 1}],
                "booleanRule": {
                    "condition": {"type": "NOT_BLANK"},
                    "format": {"textFormat": {"bold": True}},
                },
            },
            "index": 0,
        }
    },
]


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def link(google: LocalGoogle, tmp_path: Path, said: list[str]) -> Link:
    return a_link(google, tmp_path, said)


@pytest.fixture
def register_in_google(google: LocalGoogle, link: Link) -> None:
    """A town, with columns, sheets, colours, notes and formulas that people have added."""
    upload(link, SCHEMA, a_workbook(TOWN), Wanted())
    google.control.edit("batch_update", "vebs", requests=PEOPLES)
    google.control.edit("type", "vebs", range="Skolor!I1", values=[["Eget"], ["=A2&B2"], ["3,5"]])


def pictures(link: Link) -> dict[str, bytes]:
    return {name: as_json(read_exact(link.client, link.book.target(name))) for name in link.book.ids()}


def test_dropped_spreadsheets_come_back_to_the_last_cell(google, link, register_in_google, tmp_path) -> None:
    folder = back_up_google(link, tmp_path / "kept", NOW)
    before = {name: values(google, name) for name in link.book.ids()}
    old = link.book.ids()
    for name in old:
        google.control.edit("delete_file", name)

    restored = restore_google(link, open_backup(folder), Wanted())

    assert [(one.spreadsheet, one.differing) for one in restored] == [("vebs", ()), ("svar-2021", ())]
    assert sum(one.cells for one in restored) > 300
    assert {name: values(google, name) for name in link.book.ids()} == before
    assert not set(old.values()) & set(link.book.ids().values())
    formulas = google.control.values("vebs", "Våra siffror", "FORMULA")[0]
    assert formulas[:2] == ["=inte formel", "=COUNTA(Skolor!A2:A)"]


def values(google: LocalGoogle, name: str) -> dict[str, list]:
    (file,) = (file for file in google.control.files() if file["name"] == name)
    return {title: google.control.values(file["id"], title, "FORMULA") for title in file["sheets"]}


def test_a_sheet_that_was_deleted_comes_back_and_the_others_are_not_touched(
    google, link, register_in_google, tmp_path
) -> None:
    folder = back_up_google(link, tmp_path, NOW)
    before = pictures(link)
    google.control.edit("delete_sheet", "vebs", sheet="Våra siffror")
    google.control.edit("delete_sheet", "vebs", sheet="Regler")

    restored = restore_google(link, open_backup(folder), Wanted())

    assert [one.differing for one in restored] == [(), ()]
    assert pictures(link).keys() == before.keys()
    assert values(google, "vebs")["Regler"][0][0] == "Regelversion"


def test_a_restore_into_what_setting_up_has_made_gives_the_old_columns_back(
    google, link, register_in_google, tmp_path
) -> None:
    folder = back_up_google(link, tmp_path, NOW)
    for name in link.book.ids():
        google.control.edit("delete_file", name)
    link.book.add("vebs", "gone")
    (tmp_path / "google.toml").unlink()
    connect(link, SCHEMA, Wanted(rounds=["2021"]))

    restored = restore_google(link, open_backup(folder), Wanted())

    assert [one.differing for one in restored] == [(), ()]


def test_a_second_restore_writes_nothing(google, link, register_in_google, tmp_path) -> None:
    folder = back_up_google(link, tmp_path, NOW)
    google.control.clear_counts()

    restored = restore_google(link, open_backup(folder), Wanted())

    assert [one.differing for one in restored] == [(), ()]
    assert "sheets.write" not in google.control.counts()["requests"]


def test_what_people_have_written_since_is_not_overwritten(
    google, link, register_in_google, tmp_path
) -> None:
    folder = back_up_google(link, tmp_path, NOW)
    google.control.edit("type", "vebs", range="Skolor!B2", value="Nytt namn")
    before = values(google, "vebs")

    with pytest.raises(MoveRefused, match=r"Bladet Skolor i vebs har annat innehåll.*\(cell B2\)"):
        restore_google(link, open_backup(folder), Wanted())

    assert values(google, "vebs") == before


def test_a_restore_that_was_cut_off_is_finished_by_the_next(
    google, link, register_in_google, tmp_path
) -> None:
    folder = back_up_google(link, tmp_path, NOW)
    for name in link.book.ids():
        google.control.edit("delete_file", name)
    for skip in range(3):
        google.control.fault(503, match={"operation": "sheets.batchUpdate"}, skip=skip, times=4)
        with pytest.raises(Trouble):
            restore_google(link, open_backup(folder), Wanted())
        google.control.clear_faults()

    restored = restore_google(link, open_backup(folder), Wanted())

    assert [one.differing for one in restored] == [(), ()]


def test_an_id_in_the_settings_is_not_gone_round(google, link, register_in_google, tmp_path) -> None:
    folder = back_up_google(link, tmp_path, NOW)
    for name in link.book.ids():
        google.control.edit("delete_file", name)
    settings = Link(link.client, type(link.book)(link.book.ids(), tmp_path / "other.toml"), link.say)

    with pytest.raises(MoveRefused, match=r"Kalkylbladet vebs under \[google.spreadsheets\]"):
        restore_google(settings, open_backup(folder), Wanted())


def test_the_backup_opens_as_the_embedded_workbook(google, link, register_in_google, tmp_path) -> None:
    folder = back_up_google(link, tmp_path, NOW)

    copy = read_once(ExcelFolder(folder), SCHEMA)

    expected = read_once(a_workbook(TOWN), SCHEMA).register
    assert copy.notices == ()
    assert copy.register.problems == expected.problems == ()
    assert copy.register.rounds == expected.rounds
    assert copy.register.schools == expected.schools
    own = ExcelFolder(folder).read("vebs").sheets["Våra siffror"].columns
    assert [column[0] for column in own] == ["=inte formel", 3.0, True, dt.date(2022, 1, 24), "#DIV/0!"]


def test_a_spreadsheet_that_can_not_be_read_leaves_no_backup(
    google, link, register_in_google, tmp_path
) -> None:
    google.control.edit("delete_file", "svar-2021")

    with pytest.raises(NotShared):
        back_up_google(link, tmp_path / "kept", NOW)

    assert list((tmp_path / "kept").iterdir()) == []


def test_a_backup_is_for_its_owner_alone_and_says_what_is_in_it(
    google, link, register_in_google, tmp_path
) -> None:
    folder = back_up_google(link, tmp_path / "kept", NOW)

    assert folder.name == "2026-01-24-083005"
    assert folder.stat().st_mode & 0o777 == 0o700
    manifest = json.loads((folder / MANIFEST).read_text())
    main = manifest["spreadsheets"][0]
    assert (main["name"], main["id"]) == ("vebs", link.book.ids()["vebs"])
    assert main["cells"]["Våra siffror"] == 5
    assert set(main["files"]) == {"vebs.xlsx", "vebs.json.gz"}


@pytest.mark.parametrize("file", ["vebs.xlsx", "svar-2021.xlsx", MANIFEST])
@pytest.mark.parametrize("harm", ["changed", "missing"])
def test_a_damaged_backup_is_refused(tmp_path: Path, file: str, harm: str) -> None:
    folder = back_up_folder(
        save(tmp_path / "town", register_sheets(TOWN)), tmp_path / "kept", NOW, lambda _: None
    )
    if harm == "changed":
        (folder / file).write_bytes(b"x" + (folder / file).read_bytes())
    else:
        (folder / file).unlink()

    with pytest.raises(MoveRefused, match=r"ingen hel säkerhetskopia|är ändrad eller skadad"):
        open_backup(folder)


def test_files_come_back_byte_for_byte_and_never_over_others(tmp_path: Path) -> None:
    town = save(tmp_path / "town", register_sheets(TOWN))
    before = {path.name: path.read_bytes() for path in town.iterdir()}
    backup = open_backup(back_up_folder(town, tmp_path / "kept", NOW, lambda _: None))
    shutil.rmtree(town)

    restore_folder(backup, town, lambda _: None)
    restore_folder(backup, town, lambda _: None)
    assert {path.name: path.read_bytes() for path in town.iterdir()} == before

    (town / "vebs.xlsx").write_bytes(b"another")
    with pytest.raises(MoveRefused, match=r"vebs\.xlsx finns redan och är en annan"):
        restore_folder(backup, town, lambda _: None)


def test_a_backup_of_files_is_carried_to_google_by_upload(link, tmp_path: Path) -> None:
    town = save(tmp_path / "town", register_sheets(TOWN))
    backup = open_backup(back_up_folder(town, tmp_path / "kept", NOW, lambda _: None))

    with pytest.raises(MoveRefused, match="upload --data"):
        restore_google(link, backup, Wanted())


def test_the_exact_picture_survives_its_file(google, link, register_in_google, tmp_path) -> None:
    exact = read_exact(link.client, link.book.target("vebs"))

    again = from_json(gzip.decompress(gzip.compress(as_json(exact))))

    assert again == exact


def test_titles_that_excel_does_not_take_are_made_such(google, link) -> None:
    google.control.spreadsheet("vebs", {"a" * 40: [["x"]], "a" * 39: [["y"]], "b/c?": [["z"]]})
    (file,) = google.control.files()
    link.book.add("vebs", file["id"])
    google.control.edit("share", "vebs", email="app@local-project.iam.gserviceaccount.com", role="writer")

    titles = list(layouts(read_exact(link.client, link.book.target("vebs"))))

    assert titles == ["a" * 31, "a" * 27 + " (2)", "b_c_"]
