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


AUTH = """
[auth]
redirect_uri = "https://vebs.example.se/oauth2callback"
cookie_secret = "0123456789abcdef0123456789abcdef"
[auth.google]
client_id = "vebs"
client_secret = "hemlig"
server_metadata_url = "https://accounts.example.se/.well-known/openid-configuration"
"""
LOGIN = AUTH + '[login]\ndomains = ["Example.SE"]\ncontact = "it@example.se"\n'


def test_a_login_is_a_provider_the_domains_and_the_address_of_the_app(tmp_path: Path) -> None:
    login = settings(tmp_path, LOGIN).login
    assert login is not None
    assert (login.provider, login.domains, login.contact) == ("google", {"example.se"}, "it@example.se")
    assert (login.address, login.is_https) == ("https://vebs.example.se", True)
    assert "hemlig" not in repr(settings(tmp_path, LOGIN))

    plain = settings(tmp_path, LOGIN.replace("[auth.google]\n", "")).login
    assert plain is not None and plain.provider == "default"


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("https://vebs.example.se:8443", "https://vebs.example.se:8443"),
        ("http://localhost:8501", "http://localhost:8501"),
        ("http://[::1]:8501", "http://[::1]:8501"),
        ("https://xn--frskola-q4a.example.se", "https://xn--frskola-q4a.example.se"),
    ],
)
def test_the_address_is_written_as_browsers_write_it(tmp_path: Path, written: str, address: str) -> None:
    login = settings(tmp_path, LOGIN.replace("https://vebs.example.se", written)).login
    assert login is not None and login.address == address


WRONG_LOGIN = [
    (AUTH, r"\[login\].* domains"),
    ('[login]\ndomains = ["example.se"]', r"no \[auth\]"),
    (LOGIN.replace('["Example.SE"]', "[]"), "domains"),
    (LOGIN.replace('["Example.SE"]', '"example.se"'), "domains"),
    (LOGIN.replace("Example.SE", "@example.se"), "domains"),
    (LOGIN.replace("client_id", "clientid"), r"\[auth.google\] .* client_id"),
    (LOGIN.replace("0123456789abcdef0123456789abcdef", "short"), "cookie_secret"),
    (LOGIN.replace("[login]", "[auth.entra]\nclient_id = 'x'\n[login]"), "2 providers"),
    (LOGIN.replace("https://vebs", "http://vebs"), "https://"),
    *(
        (LOGIN.replace("https://vebs.example.se/oauth2callback", written), "redirect_uri")
        for written in (
            "https://vebs.example.se",
            "https://vebs.example.se/vebs/oauth2callback",
            "https://Vebs.example.se/oauth2callback",
            "https://vebs.example.se:443/oauth2callback",
            "https://vebs.example.se:port/oauth2callback",
            "https://someone@vebs.example.se/oauth2callback",
            "https://vebs.example.se/oauth2callback?x=1",
            "https://förskola.example.se/oauth2callback",
            "https://[vebs/oauth2callback",
            "vebs.example.se/oauth2callback",
        )
    ),
]


@pytest.mark.parametrize(("secrets", "named"), WRONG_LOGIN)
def test_a_wrong_login_is_named_and_no_secret_is(tmp_path: Path, secrets: str, named: str) -> None:
    with pytest.raises(SettingFault, match=named) as fault:
        settings(tmp_path, secrets)
    assert "hemlig" not in str(fault.value)


def test_secrets_that_are_named_have_to_be_there(tmp_path: Path) -> None:
    for name in ("none.toml", "secrets", ""):
        (tmp_path / "secrets").touch()
        environment = {"VEBS_SECRETS": str(tmp_path / name), "VEBS_DATA": str(tmp_path)}
        with pytest.raises(SettingFault, match="VEBS_SECRETS"):
            Settings.from_environment(environment)

    (tmp_path / "there.toml").write_text('[google]\nservice_account_file = "key.json"', "utf-8")
    found = Settings.from_environment({"VEBS_SECRETS": str(tmp_path / "there.toml")})
    assert found.secrets == tmp_path / "there.toml"
    assert found.google is not None and found.google.key_file == tmp_path / "key.json"
