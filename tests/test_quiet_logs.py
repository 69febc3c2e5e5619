"""What others log of a login or of what broke goes without what it quotes."""

import logging
import threading
from pathlib import Path
from urllib.parse import quote

import pytest

from pages.components.boundary import OF_LOGINS, RecordWithoutQuotes, note_in_thread
from tests.log_watch import found_in, in_words
from tests.serving import demo_register, free_port, serving

MAIL = "anna.svensson@malmo.se"


def broken(words: str) -> BaseException:
    try:
        raise RuntimeError(words) from KeyError(words)
    except RuntimeError as exc:
        return exc


def written(name: str, message: str, *args: object, exc: BaseException | None = None) -> str:
    """What a handler writes of it."""
    told = (type(exc), exc, exc.__traceback__) if exc is not None else None
    return in_words(RecordWithoutQuotes(name, logging.ERROR, __file__, 1, message, args, told))


@pytest.mark.parametrize("name", ["streamlit.x", "uvicorn.error", "asyncio", "authlib.x", "services.x"])
def test_an_exception_is_its_kind_and_its_place_and_none_of_its_words(name: str) -> None:
    said = written(name, "It failed for '%s'.", "google", exc=broken(MAIL))

    assert "It failed for '" in said and "builtins.RuntimeError" in said and "builtins.KeyError" in said
    assert "in broken" in said
    assert "anna" not in said


def test_what_asyncio_quotes_below_its_message_is_left_out() -> None:
    message = f"Task exception was never retrieved\nfuture: <Task exception=KeyError({MAIL!r})>"
    said = written("asyncio", message, exc=broken(MAIL))

    assert said.startswith("Task exception was never retrieved (bug ") and "anna" not in said


@pytest.mark.parametrize("name", [*OF_LOGINS, "authlib.integrations.base_client"])
def test_what_is_logged_of_a_login_names_nobody_and_holds_no_code(name: str) -> None:
    address = "https://accounts.example.se/token?code=4/0Adeu5B&state=xyz"
    said = written(name, "HTTP Request: %s %s %d for %s", "GET", address, 400, RuntimeError(MAIL))

    assert said.strip() == "HTTP Request: … … 400 for …"


def test_what_others_log_otherwise_is_as_it_was() -> None:
    assert written("streamlit.web.server", "Port %s is not available", 8501).strip() == (
        "Port 8501 is not available"
    )
    assert written("services.keeping", "round %s could not be kept", "2021").strip() == (
        "round 2021 could not be kept"
    )


def test_what_ends_a_thread_is_a_number_in_the_log(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threading, "excepthook", note_in_thread)

    def fail() -> None:
        raise broken(MAIL)

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()

    assert "bug " in caplog.text and "builtins.RuntimeError" in caplog.text and "in fail" in caplog.text
    assert found_in(caplog.text + capfd.readouterr().err) == []


@pytest.mark.slow
def test_what_comes_back_from_a_login_that_failed_is_not_logged(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> None:
    base = tmp_path_factory.getbasetemp()
    register = demo_register(base if worker_id == "master" else base.parent)
    port, secrets = free_port(), tmp_path / "secrets.toml"
    secrets.write_text(
        f"""
[auth]
redirect_uri = "http://127.0.0.1:{port}/oauth2callback"
cookie_secret = "kakan som ingen annan har, trettiotva tecken"
[auth.google]
client_id = "klienten"
client_secret = "klientens hemlighet"
server_metadata_url = "http://127.0.0.1:{free_port()}/.well-known/openid-configuration"
[login]
domains = ["example.se"]
"""
    )
    environment = {"VEBS_SECRETS": str(secrets)}
    with serving(register, tmp_path / "server.log", environment=environment, port=port) as server:
        told = f"error=access_denied&error_description={quote('Inte ' + MAIL)}&state=hemligt"
        server.get(f"/oauth2callback?{told}")
        server.get("/oauth2callback?code=4/0Adeu5B&state=hemligt")
        server.get("/auth/login?provider=google")
        log = server.log

    assert "Error during authentication: …. Error description: …" in log
    assert found_in(log, ["hemligt", "0Adeu5B", "klientens hemlighet", "trettiotva"]) == []
    assert "anna" not in log
