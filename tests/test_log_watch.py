"""The watch over the logs sees what must not be there, and fails the test that it was logged for."""

import logging
from pathlib import Path

import pytest

from tests.log_watch import LogFile, LogWatch, found_in, in_words, secrets_in

pytest_plugins = ["pytester"]

SECRET_LINES = {
    "an e-mail address": "row refused for anna.svensson@malmo.se",
    "a key": "-----BEGIN RSA PRIVATE KEY-----",
    "an access token": "GET /v4 with ya29.a0AfB_byC",
    "a signed token": "claims of eyJhbGciOiJSUzI1NiJ9.eyJzdWIi",
    "a cookie": "sent _streamlit_user=2|1:0",
    "a login's way back": "GET /oauth2callback?code=4/0Adeu5B&x=y",
    "a row of answers": "could not keep [3, 4, 2, 1, None, 3, 3, 2]",
}
CLEAN = (
    "refused: page overview, visitor 1f2e3d4c",
    "refused: page overview, visitor nobody",
    "shared with vebs@vebs-123456.iam.gserviceaccount.com",
    "2026-11-23 23:51:42,123 INFO streamlit 1.67.0, 3, 4",
    "GET /overview?omgang=2021&skola=00123456",
    "took 1.2, 3.4, 0.1, 2.2, 1.1, 3.3, 2.1, 4.0 seconds",
    'bug AB23CD: builtins.KeyError\n  File "pages/school.py", line 3, in <module>',
)


@pytest.mark.parametrize("what", SECRET_LINES)
def test_each_kind_is_found_for_what_it_is(what: str) -> None:
    assert [one.partition(":")[0] for one in found_in(SECRET_LINES[what])] == [what]


@pytest.mark.parametrize("line", CLEAN)
def test_what_a_log_should_say_is_let_through(line: str) -> None:
    assert found_in(line) == []


def test_the_secrets_of_a_file_are_known_by_what_they_are_called(tmp_path: Path) -> None:
    file = tmp_path / "secrets.toml"
    file.write_text(
        '[auth]\ncookie_secret = "kaka-som-ingen-vet"\n[auth.google]\nclient_id = "klienten-heter-sa"\n'
        'client_secret = "klientens-hemlighet"\n'
    )
    assert secrets_in(file) == ["kaka-som-ingen-vet", "klientens-hemlighet"]
    assert found_in("signed with kaka-som-ingen-vet", secrets_in(file)) != []
    assert found_in("client klienten-heter-sa", secrets_in(file)) == []
    assert secrets_in(tmp_path / "none.toml") == []


def test_a_servers_log_is_read_line_by_line_and_once(tmp_path: Path) -> None:
    log = LogFile(tmp_path / "server.log")
    assert log.news() == ""
    log.path.write_text("one\ntw")
    assert log.news() == "one\n"
    log.path.write_text("one\ntwo\n")
    assert (log.news(), log.news()) == ("two\n", "")


def test_what_an_exception_quotes_is_read_too() -> None:
    try:
        raise KeyError(SECRET_LINES["an e-mail address"])
    except KeyError as exc:
        told = (type(exc), exc, exc.__traceback__)
    record = logging.LogRecord("x", logging.ERROR, __file__, 1, "a %s", ("bug",), told)
    assert [one.partition(":")[0] for one in found_in(in_words(record))] == ["an e-mail address"]


def test_a_logger_that_hands_nothing_on_is_read_as_well() -> None:
    watch, alone = LogWatch(), logging.getLogger("tests.alone")
    alone.propagate = False
    alone.addHandler(logging.NullHandler())
    before = logging.getLogRecordFactory()
    logging.setLogRecordFactory(logging.LogRecord)  # not the run's own watch
    try:
        watch.begin()
        alone.warning("for %s", SECRET_LINES["an e-mail address"])
        watch.end()
    finally:
        logging.setLogRecordFactory(before)
    assert len(watch.take()) == 1 and watch.take() == []


FAILING = """
import logging, subprocess, sys
from pathlib import Path
from watched import WATCH
MAIL = "anna.svensson" + "@" + "malmo.se"

def test_logs_it():
    logging.getLogger("streamlit.x").warning("for %s", MAIL)

def test_has_a_server_that_logs_it(tmp_path):
    WATCH.follow(tmp_path / "server.log")
    (tmp_path / "server.log").write_text(f"for {MAIL}\\n")

def test_runs_a_command_that_says_it():
    subprocess.run([sys.executable, "-c", f"import sys; sys.stderr.write('{MAIL}')"], check=True)

def test_prints_it():
    print(MAIL)

def test_logs_nothing_of_the_kind():
    logging.getLogger("streamlit.x").warning("for nobody")
"""


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["one process", "two workers"])
def test_the_test_that_it_was_logged_for_fails_and_no_other(
    pytester: pytest.Pytester, workers: tuple[str, ...]
) -> None:
    here = Path(__file__).parent
    pytester.makepyfile(watched=(here / "log_watch.py").read_text("utf-8"))
    pytester.makeconftest(
        "from watched import WATCH\n"
        "def pytest_configure(config):\n"
        "    WATCH.begin()\n"
        "    config.pluginmanager.register(WATCH)\n"
    )
    pytester.makepyfile(test_some=FAILING)
    done = pytester.runpytest_subprocess("-p", "no:cacheprovider", *workers)
    done.assert_outcomes(passed=5, errors=3)
    lost = {line.split("::")[1].split(" ")[0] for line in done.outlines if line.startswith("ERROR test_")}
    assert lost == {
        "test_logs_it",
        "test_has_a_server_that_logs_it",
        "test_runs_a_command_that_says_it",
    }
