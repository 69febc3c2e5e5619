"""What each login is told, on the real pages without a browser, and what a login leaves behind."""

import datetime as dt
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from pages.components import current, login
from services.ended_logins import login_of
from tests.oidc.deployment import ALL_PERMISSIONS, CONTACT, secrets_text
from tests.oidc.running import CLIENT, Provider
from tests.pages.visiting import Visit, plain
from tests.pages_on_disk import PAGES
from tests.people import BJORKSKOLAN, SCHOOLS, Row, answers, register_sheets, save

LoggedIn = Callable[..., Visit]
PORT = 8501


def claims(who: str, **other: Any) -> dict[str, Any]:
    """What the cookie of one of the cast says, a minute after logging in; None leaves a claim out."""
    told = {
        "is_logged_in": True,
        "provider": "google",
        "iss": "http://localhost:9400",
        "aud": CLIENT,
        "sub": who,
        "email": f"{who}@example.se",
        "email_verified": True,
        "given_name": who.title(),
        "iat": int(time.time()) - 60,
        "nonce": "a",
    }
    return {name: value for name, value in (told | other).items() if value is not None}


@pytest.fixture
def logged_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LoggedIn]:
    """Opens a page with a login, in a deployment that has one."""
    folder = save(tmp_path / "data", with_permissions(ALL_PERMISSIONS))
    secrets = tmp_path / "secrets.toml"
    secrets.write_text(secrets_text(PORT, Provider(9400)), "utf-8")
    for name, value in (("DATA", folder), ("STATE", tmp_path / "state"), ("SECRETS", secrets)):
        monkeypatch.setenv(f"VEBS_{name}", str(value))
    current.forget()

    def opened(page: str = "start", /, user: dict[str, Any] | None = None, **address: str) -> Visit:
        app = AppTest.from_file(str(PAGES / "menu.py"), default_timeout=60)
        app.user = user or {"is_logged_in": False}
        app.query_params.update(address)
        visit = Visit(app).again()
        return visit if page == "start" else visit.go(page, **address)

    yield opened
    current.forget()


def with_permissions(rows: tuple[Row, ...]) -> dict[str, Any]:
    return register_sheets(answers(14, BJORKSKOLAN, L=3, U=4), permissions=list(rows))


def assert_nobody(seen: Visit) -> None:
    assert not seen.tables and not seen.charts and not seen.metrics
    assert [name for name in SCHOOLS.values() if name in seen.text] == []
    assert not seen.h1.startswith("Hej")


def test_whoever_is_logged_in_is_greeted_and_may_log_out(logged_in: LoggedIn) -> None:
    seen = logged_in(user=claims("petra"))
    assert plain(seen.h1) == "Hej Petra!"
    assert "Inloggad som petra@example.se" in seen.text
    assert [one.label for one in seen.app.button] == ["Logga ut"]


def test_nobody_is_asked_to_log_in(logged_in: LoggedIn) -> None:
    for page in ("start", "overview", "school"):
        seen = logged_in(page)
        assert "Logga in med ditt arbetskonto för att komma vidare." in seen.text
        assert [one.label for one in seen.app.button] == ["Logga in"]
        assert_nobody(seen)


def test_the_way_of_the_demo_to_be_somebody_is_closed_where_there_is_a_login(logged_in: LoggedIn) -> None:
    seen = logged_in("overview", som="unni")
    assert not seen.app.selectbox
    assert_nobody(seen)


TROUBLE = {
    "too old": ({"iat": int(time.time()) - 13 * 3600}, "Din inloggning är för gammal. Logga in igen."),
    "not verified": ({"email_verified": False}, "Din e-postadress är inte bekräftad där du loggade in."),
    "elsewhere": ({"email": "unni@example.com"}, "ett konto som inte hör till kommunen."),
    "for another app": ({"aud": "another-app", "azp": CLIENT}, "Inloggningen gick inte att läsa."),
    "without an address": ({"email": None}, "Inloggningen gick inte att läsa."),
}


@pytest.mark.parametrize(("wrong", "told"), TROUBLE.values(), ids=TROUBLE)
def test_a_login_that_is_no_good_says_so_and_lets_her_try_again(
    wrong: dict[str, Any], told: str, logged_in: LoggedIn
) -> None:
    for page in ("start", "overview"):
        seen = logged_in(page, user=claims("unni", **wrong))
        assert told in seen.text
        assert {one.label for one in seen.app.button} == {"Logga in", "Logga ut"}
        assert_nobody(seen)


def test_a_login_that_failed_says_whom_to_ask(logged_in: LoggedIn) -> None:
    seen = logged_in(inloggning="misslyckades")
    assert f"Försök igen, eller kontakta Digitaliseringsenheten ({CONTACT})." in seen.text
    assert_nobody(seen)


def test_whoever_has_no_role_is_told_whom_to_ask_for_one(logged_in: LoggedIn) -> None:
    nils, sanna = (logged_in("school", user=claims(who)) for who in ("nils", "sanna"))
    assert (
        "Du är inloggad som nils@example.se, men den adressen har ingen behörighet i tjänsten." in nils.text
    )
    assert "men din behörighet gällde till och med 30 juni 2026." in sanna.text
    for seen in (nils, sanna):
        assert (
            "Fråga din rektor. Är du rektor, eller arbetar du någon annanstans i kommunen? Fråga "
            in seen.text
        )
        assert CONTACT in seen.text
        assert_nobody(seen)


def test_a_plus_in_the_address_does_not_make_her_petra(logged_in: LoggedIn) -> None:
    assert_nobody(logged_in("school", user=claims("petra", email="petra+x@example.se")))


def test_somebody_with_two_roles_is_told_of_both(logged_in: LoggedIn) -> None:
    assert "Dina roller (Forskare och Rektor) har inte" in logged_in("checks", user=claims("rita")).text
    assert "Din roll (Rektor) har inte" in logged_in("checks", user=claims("petra")).text


def test_a_name_is_text_and_nothing_else(logged_in: LoggedIn) -> None:
    hostile = "<script>alert(1)</script> ![x](https://evil.example/x.png) [l](https://evil.example)"
    seen = logged_in(user=claims("petra", given_name=hostile))
    assert plain(seen.h1) == f"Hej {hostile}!"
    assert "](" not in seen.app.title[0].value.replace("\\]\\(", "")


def test_logging_out_ends_the_login_and_no_other(logged_in: LoggedIn) -> None:
    hers, anew = claims("petra"), claims("petra", nonce="b")
    logged_in(user=hers).app.button(key="log_out").click().run()
    assert "Du har loggat ut. Logga in igen för att fortsätta." in logged_in("school", user=hers).text
    assert_nobody(logged_in("school", user=hers))
    assert plain(logged_in(user=anew).h1) == "Hej Petra!"


def test_she_gets_out_even_where_the_disk_is_full(
    logged_in: LoggedIn, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    hers = claims("petra")
    (tmp_path / "state" / "ended-logins.new").mkdir(parents=True)
    seen = logged_in(user=hers)
    seen.app.button(key="log_out").click().run()
    assert not seen.app.exception and not seen.app.error
    assert_nobody(logged_in("school", user=hers))
    assert "bug" in caplog.text and "petra" not in caplog.text
    assert login_of(hers) in current.ended_logins()


def test_a_role_that_is_taken_away_is_gone_at_the_next_run(logged_in: LoggedIn, tmp_path: Path) -> None:
    seen = logged_in("school", user=claims("lena"))
    assert "Ekskolan" in seen.text
    save(
        tmp_path / "data",
        with_permissions(tuple(r for r in ALL_PERMISSIONS if r["E-post"] != "lena@example.se")),
    )
    current.forget()
    seen.app.run()
    assert seen.h1 == "Behörighet saknas"
    assert_nobody(seen)


def test_a_role_holds_through_its_last_day(logged_in: LoggedIn, tmp_path: Path) -> None:
    today = current.today()
    for until, h1 in ((today, "Skola"), (today - dt.timedelta(days=1), "Behörighet saknas")):
        row = {
            "E-post": "ulla@example.se",
            "Roll": "Rektor",
            "Skolenhetskod": BJORKSKOLAN,
            "Giltig till": until,
        }
        save(tmp_path / "data", with_permissions((row,)))
        current.forget()
        assert logged_in("school", user=claims("ulla")).h1 == h1


def test_the_log_calls_somebody_the_same_as_long_as_the_process_lives_and_never_by_her_name() -> None:
    assert login.pseudonym("Petra@example.se") == login.pseudonym("petra@example.se")
    assert login.pseudonym("petra@example.se") != login.pseudonym("per@example.se")
    assert "petra" not in login.pseudonym("petra@example.se")
    assert login.pseudonym("") == "nobody"
