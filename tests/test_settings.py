"""What the settings say of Google, and that a wrong one is named."""

from pathlib import Path

import pytest

from config.settings import SettingFault, Settings
from services.errors import NotConnected
from services.workbook.excel import ExcelFolder
from services.workbook.google_workbook import GoogleWorkbook
from services.workbook.opening import is_per_round, link_to, open_workbook, usage_of
from tests.sheets_server.serving import local_google


def settings(tmp_path: Path, secrets: str | None = None, **environment: str) -> Settings:
    file = tmp_path / ".streamlit" / "secrets.toml"
    file.parent.mkdir(exist_ok=True)
    if secrets is not None:
        file.write_text(secrets, encoding="utf-8")
    folders = {"VEBS_DATA": str(tmp_path / "data"), "VEBS_STATE": str(tmp_path / "state")}
    return Settings.from_environment({**folders, **environment}, file)


def test_without_a_word_of_google_the_spreadsheets_are_files(tmp_path: Path) -> None:
    for secrets in (None, ""):
        found = settings(tmp_path, secrets, SHEETS_BASE_URL="")
        assert found.google is None
        workbook = open_workbook(found)
        assert isinstance(workbook, ExcelFolder)
        assert (link_to(workbook, "vebs", "Skolor", "A1"), usage_of(workbook)) == (None, None)


def test_a_local_google_needs_no_key_and_another_one_does(tmp_path: Path) -> None:
    for url in ("http://127.0.0.1:8600", "http://localhost:8600", "http://[::1]:8600"):
        local = settings(tmp_path, SHEETS_BASE_URL=url).google
        assert local is not None
        assert local.is_anonymous
    elsewhere = settings(tmp_path, SHEETS_BASE_URL="https://sheets.example.test").google
    assert elsewhere is not None
    assert not elsewhere.is_anonymous


def test_a_key_file_is_found_beside_the_folder_of_the_secrets(tmp_path: Path) -> None:
    found = settings(tmp_path, '[google]\nservice_account_file = "nyckel.json"\n').google
    assert found is not None
    assert found.key_file == tmp_path / "nyckel.json"
    with pytest.raises(NotConnected, match=r"Nyckelfilen nyckel\.json går inte att läsa"):
        open_workbook(settings(tmp_path))


def test_a_key_in_the_secrets_opens_the_spreadsheets_named_there(tmp_path: Path) -> None:
    with local_google() as google:
        key = google.control.service_account()
        google.control.settings(any_token=False)
        id_ = google.control.spreadsheet("vebs", {"Skolor": [["Skola"], ["Ek"]]})
        lines = [f"{name} = {value!r}".replace("'", '"') for name, value in key.items()]
        section = "\n".join(["[google.service_account]", *lines, "[google.spreadsheets]", f'vebs = "{id_}"'])
        found = settings(tmp_path, section, SHEETS_BASE_URL=google.url)
        workbook = open_workbook(found)
        assert isinstance(workbook, GoogleWorkbook)
        assert workbook.read("vebs", ["Skolor"]).sheets["Skolor"].columns == (["Skola", "Ek"],)
        assert workbook.client.address == key["client_email"]
        assert key["private_key"] not in repr(found)
        used = usage_of(workbook)
        assert used is not None
        assert used.calls == {"values.batchGet": 1}

        workbook.append("vebs", {"Skolor": [{"Skola": "Björk"}]})
        assert [row[0] for row in google.control.values("vebs", "Skolor")] == ["Skola", "Ek", "Björk"]
        assert (tmp_path / "state" / "journal").is_dir()  # what has no answer yet survives a restart


WRONG = [
    ("[google]\nservice_acount_file = 'x'", "service_acount_file"),
    ("google = 1", r"\[google\]"),
    ("[google]\nservice_account = 'x'", r"\[google.service_account\]"),
    ("[google]\nservice_account_file = 1", "service_account_file"),
    ("[google]\nservice_account_file = ''", "service_account_file"),
    ("[google]\nservice_account_file = 'x'\n[google.service_account]\ntype = 'x'", "keep one"),
    ("[google.spreadsheets]\nvebs = 1", "vebs ="),
    ("[google]\nspreadsheets = 'vebs'", r"\[google.spreadsheets\]"),
    ("[google", "can't be read"),
]


@pytest.mark.parametrize(("secrets", "named"), WRONG)
def test_a_wrong_setting_is_named(tmp_path: Path, secrets: str, named: str) -> None:
    with pytest.raises(SettingFault, match=named):
        settings(tmp_path, secrets)


@pytest.mark.parametrize("url", ["127.0.0.1:8600", "file:///tmp", "http://"])
def test_an_address_that_is_none_is_named(tmp_path: Path, url: str) -> None:
    with pytest.raises(SettingFault, match="SHEETS_BASE_URL"):
        settings(tmp_path, SHEETS_BASE_URL=url)


def test_the_answers_of_a_round_have_a_spreadsheet_each() -> None:
    assert is_per_round("svar-2021")
    assert not is_per_round("vebs")
    assert not is_per_round("inkorg")
