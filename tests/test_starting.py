"""The server starts where that is safe, says in one sentence why it does not, and stops in good order."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from config.settings import GoogleSettings, LoginSettings, Settings
from pages.components.server.starting_up import OPTIONS, is_loopback, refusal
from tests.people import register_sheets, save
from tests.raw_client import RawClient
from tests.serving import ROOT, Server, demo_register, free_port, start, stop

AUTH = """
[auth]
redirect_uri = "https://vebs.example.test/oauth2callback"
cookie_secret = "0123456789abcdef0123456789abcdef"
client_id = "vebs"
client_secret = "hemlig"
server_metadata_url = "https://accounts.example.test/.well-known/openid-configuration"
"""
LOGIN = AUTH + '[login]\ndomains = ["example.test"]\n'
HERE = dict.fromkeys(OPTIONS) | {"server.address": "127.0.0.1"}


def started(
    tmp_path: Path,
    secrets: str,
    options: Mapping[str, object] | None = None,
    before: str = "",
    mode: int = 0o600,
) -> subprocess.CompletedProcess[str]:
    """What importing app.py does, as the server does it, with these options of Streamlit's."""
    file = tmp_path / "secrets.toml"
    file.write_text(secrets, "utf-8")
    file.chmod(mode)
    environment = {
        **os.environ,
        "VEBS_SECRETS": str(file),
        "VEBS_DATA": str(tmp_path / "data"),
        "VEBS_STATE": str(tmp_path / "state"),
    }
    setting = "".join(f"config.set_option({name!r}, {value!r})\n" for name, value in (options or {}).items())
    script = f"{before}\nfrom streamlit import config\n{setting}import app\nprint('started')"
    return subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


WITHOUT_HTTPX = "import sys\nsys.modules['httpx'] = None"
WITHOUT_AUTHLIB = "import sys\nsys.modules['authlib'] = None"
REFUSED = {
    "a setting is wrong": (AUTH, {}, "", "[login]"),
    "everybody hears it": ("", {"server.address": "0.0.0.0"}, "", "[auth]"),
    "everybody hears it, unsaid": ("", {"server.address": None}, "", "[auth]"),
    "the network hears it": ("", {"server.address": "192.0.2.2"}, "", "[auth]"),
    "real Google": ("[google]\n", {}, "", "the register is at Google"),
    "no Authlib": (LOGIN, {}, WITHOUT_AUTHLIB, "Authlib"),
    "no httpx": (LOGIN, {}, WITHOUT_HTTPX, "httpx"),
    "headers make people": (LOGIN, {"server.trustedUserHeaders": {"X": "email"}}, "", "trustedUserHeaders"),
    "below another site": (LOGIN, {"server.baseUrlPath": "vebs"}, "", "baseUrlPath"),
    "a provider that Streamlit cannot name": (
        LOGIN.replace("client_id", "[auth.my_login]\nclient_id"),
        {},
        "",
        "underscore",
    ),
    "no such key file": (LOGIN + '[google]\nservice_account_file = "x.json"', {}, "", "Nyckelfilen x.json"),
}


@pytest.mark.slow
@pytest.mark.parametrize("why", REFUSED)
def test_where_it_would_be_unsafe_it_says_why_in_one_sentence_and_stops(tmp_path: Path, why: str) -> None:
    secrets, options, before, named = REFUSED[why]

    told = started(tmp_path, secrets, {"server.address": "127.0.0.1", **options}, before)

    assert told.returncode == 2
    [sentence] = [line for line in told.stderr.splitlines() if line.strip()]
    assert sentence.startswith("The app does not start: ") and named in sentence
    assert "hemlig" not in sentence and "started" not in told.stdout


@pytest.mark.slow
@pytest.mark.parametrize("address", ["127.0.0.1", "0.0.0.0", None])
def test_with_a_login_it_may_be_heard_by_everybody(tmp_path: Path, address: str | None) -> None:
    told = started(tmp_path, LOGIN, {"server.address": address})

    assert (told.returncode, told.stdout, told.stderr) == (0, "started\n", "")


@pytest.mark.slow
def test_secrets_that_others_can_read_are_told_of(tmp_path: Path) -> None:
    told = started(tmp_path, LOGIN, {"server.address": "127.0.0.1"}, mode=0o644)

    assert told.returncode == 0
    assert "secrets.toml can be read by others on this computer: chmod 600 it" in told.stderr


@pytest.mark.slow
def test_the_one_file_of_secrets_is_the_one_that_streamlit_reads(tmp_path: Path) -> None:
    after = (
        "import atexit, os\n"
        "def tell():\n"
        "    from streamlit import config, secrets\n"
        "    print(secrets['auth']['client_id'], config.get_option('server.allowedHosts'))\n"
        "    config.get_config_options(force_reparse=True)\n"  # as when somebody edits config.toml
        "    print(config.get_option('secrets.files') == [os.environ['VEBS_SECRETS']],"
        " 'vebs.example.test' in config.get_option('server.allowedHosts'))\n"
        "atexit.register(tell)"
    )

    told = started(tmp_path, LOGIN, {"server.address": "127.0.0.1"}, after).stdout.splitlines()

    assert told[1] == "vebs ['localhost', '127.0.0.1', '::1', 'vebs.example.test']"
    assert told[2] == "True True"


@pytest.mark.slow
@pytest.mark.parametrize("command", [["streamlit", "run", "app.py", "--server.port"], ["services", "demo"]])
def test_a_wrong_setting_ends_both_commands_of_make_run_in_one_sentence(
    tmp_path: Path, command: list[str]
) -> None:
    arguments = [str(free_port())] if command[0] == "streamlit" else ["--if-empty", "--data", str(tmp_path)]
    told = subprocess.run(
        [sys.executable, "-m", *command, *arguments],
        cwd=ROOT,
        env={**os.environ, "VEBS_SECRETS": str(tmp_path / "none.toml")},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert told.returncode == 2
    [sentence] = [line for line in told.stderr.splitlines() if line.strip()]
    assert "VEBS_SECRETS should be the name of a .toml file" in sentence
    assert "Traceback" not in told.stdout


def settings(google: GoogleSettings | None = None, login: LoginSettings | None = None) -> Settings:
    return Settings(Path("data"), Path("state"), google=google, login=login)


def test_the_demo_and_a_google_on_this_computer_need_no_login() -> None:
    assert refusal(settings(), HERE) is None
    assert refusal(settings(GoogleSettings(base_url="http://127.0.0.1:8600")), HERE) is None
    for base_url in (None, "https://sheets.example.test"):
        assert "Google" in (refusal(settings(GoogleSettings(base_url=base_url)), HERE) or "")


@pytest.mark.parametrize(
    ("address", "here"),
    [
        ("127.0.0.1", True),
        ("127.1.2.3", True),
        ("::1", True),
        ("localhost", True),
        (None, False),
        ("", False),
        ("0.0.0.0", False),
        ("::", False),
        ("10.0.0.1", False),
        ("vebs.example.se", False),
        ("127.0.0.1.evil.example", False),
    ],
)
def test_this_computer_is_known_from_the_others(address: str | None, here: bool) -> None:
    assert is_loopback(address) is here


@pytest.fixture
def server(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Server:
    base = tmp_path_factory.getbasetemp()
    return start(demo_register(base if worker_id == "master" else base.parent), tmp_path / "server.log")


@pytest.mark.slow
def test_asked_to_stop_it_stops_though_people_are_still_looking(server: Server) -> None:
    try:
        with RawClient(server.url, origin=server.url) as client:
            client.run()
            server.process.terminate()
            ended = server.process.wait(30)
    finally:
        stop(server.process)

    # Asked by a signal, a process that has tidied up ends by that signal.
    assert ended in (0, -signal.SIGTERM)
    assert "Traceback" not in server.log and "bug " not in server.log


@pytest.mark.slow
def test_a_bug_at_the_start_is_a_number_in_the_log_and_no_more(tmp_path: Path) -> None:
    broken = (
        "from pages.components import current\n"
        "def start(): raise KeyError('anna.svensson')\n"
        "current.start = start"
    )
    told = in_lifespan(tmp_path, broken)

    assert "bug " in told and "builtins.KeyError" in told
    assert "Något gick fel hos oss. Felet är antecknat med nummer" in told
    assert "anna.svensson" not in told and "Traceback" not in told


@pytest.mark.slow
def test_a_bug_at_the_end_is_a_number_in_the_log_and_the_rest_is_stopped(tmp_path: Path) -> None:
    broken = (
        "from pages.components import current\n"
        "def stop(): raise KeyError('anna.svensson')\n"
        "current.stop = stop"
    )
    told = in_lifespan(tmp_path, broken)

    assert "builtins.KeyError" in told and "anna.svensson" not in told and "Traceback" not in told


def in_lifespan(tmp_path: Path, broken: str) -> str:
    """All that a server logs that is broken so, started and then asked to stop at once."""
    script = (
        f"{broken}\n"
        "import app, uvicorn, threading\n"
        f"server = uvicorn.Server(uvicorn.Config(app.app, port={free_port()}, access_log=False))\n"
        "async def leave(): server.should_exit = True\n"
        "server.on_tick, server.main_loop = None, leave\n"
        "server.run()"
    )
    save(tmp_path / "data", register_sheets([]))
    folders = {"VEBS_DATA": str(tmp_path / "data"), "VEBS_STATE": str(tmp_path / "state")}
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={**os.environ, **folders},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.stdout + done.stderr
