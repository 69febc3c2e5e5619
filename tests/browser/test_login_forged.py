"""Nobody comes in with a token that is wrong in one thing, or with a cookie that is old or not ours."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.driving import Visit
from tests.browser.logging_in import (
    a_browser_of,
    assert_lets_nobody_in,
    log_in,
    login_cookies,
    open_tab,
    said,
)
from tests.oidc.cookies import claims_of, client_with, signed
from tests.oidc.deployment import COOKIE_SECRET, Deployment
from tests.oidc.running import CLIENT
from tests.oidc.tampering import FOREIGN, OWN, PUBLIC
from tests.people import SCHOOLS

pytestmark = pytest.mark.slow

HOUR = 3600
FAILED = "Inloggningen gick inte igenom."
UNREADABLE = "Inloggningen gick inte att läsa."
UNVERIFIED = "Din e-postadress är inte bekräftad"
NOT_OURS = "Du är inloggad med ett konto som inte hör till kommunen."
TOO_OLD = "Din inloggning är för gammal."
LOG_IN = "Logga in med ditt arbetskonto för att komma vidare."


@dataclass(frozen=True, slots=True)
class Lie:
    """What is wrong in the token, and what she is told. Times are counted from now."""

    told: str
    claims: dict[str, Any] = field(default_factory=dict)
    times: dict[str, int] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    key: str | None = OWN

    def tell(self, deployed: Deployment) -> None:
        """Have the provider lie so."""
        moved = {name: int(time.time()) + later for name, later in self.times.items()}
        deployed.provider.lies({**self.claims, **moved}, without=self.without, key=self.key)


LIES = {
    "another audience": Lie(FAILED, {"aud": "another-app"}),
    "another audience, through us": Lie(UNREADABLE, {"aud": "another-app", "azp": CLIENT}),
    "another audience beside us": Lie(UNREADABLE, {"aud": [CLIENT, "another-app"], "azp": CLIENT}),
    "no audience": Lie(FAILED, without=("aud",)),
    "another issuer": Lie(FAILED, {"iss": "https://accounts.example.com"}),
    "no issuer": Lie(FAILED, without=("iss",)),
    "the nonce of another login": Lie(FAILED, {"nonce": "6ojpBR6VZMnD52reTVL9"}),
    "no nonce": Lie(FAILED, without=("nonce",)),
    "expired": Lie(FAILED, times={"exp": -HOUR}),
    "issued yesterday": Lie(TOO_OLD, times={"iat": -13 * HOUR}),
    "issued tomorrow": Lie(FAILED, times={"iat": 24 * HOUR, "exp": 25 * HOUR}),
    "never issued": Lie(FAILED, without=("iat",)),
    "somebody else's key": Lie(FAILED, key=FOREIGN),
    "our key known to all": Lie(FAILED, key=PUBLIC),
    "no signature": Lie(FAILED, key=None),
    "no word of verifying": Lie(UNVERIFIED, without=("email_verified",)),
    "verified as text": Lie(UNVERIFIED, {"email_verified": "true"}),
    "no address": Lie(UNREADABLE, without=("email",)),
    "an alike address": Lie(UNREADABLE, {"email": "unni@ex\u0430mple.se"}),
    "another organisation": Lie(NOT_OURS, {"hd": "example.com"}),
}


@pytest.fixture(scope="module")
def stranger(deployed: Deployment, browser: Browser) -> Iterator[Visit]:
    """Somebody's tab, in which she tries again and again."""
    with a_browser_of(browser) as theirs:
        yield open_tab(theirs, deployed.url)


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_a_token_that_is_wrong_in_one_thing_lets_nobody_in(
    lie: Lie, stranger: Visit, deployed: Deployment
) -> None:
    lie.tell(deployed)
    try:
        log_in(stranger, deployed, "unni")
    finally:
        deployed.provider.tells_the_truth()

    assert lie.told in said(stranger.page)
    assert ("inloggning=misslyckades" in stranger.page.url) == (lie.told == FAILED)
    assert_lets_nobody_in(stranger)
    with client_with(login_cookies(stranger.page.context), deployed.url) as client:
        assert not [name for name in SCHOOLS.values() if name in client.run(page="overview").text]


def test_a_token_that_our_layer_has_signed_anew_lets_her_in(deployed: Deployment, browser: Browser) -> None:
    deployed.provider.lies({"aud": [CLIENT]}, key=OWN)
    try:
        with a_browser_of(browser) as hers:
            tab = open_tab(hers, deployed.url)
            log_in(tab, deployed, "unni")
            assert "Hej Unni!" in said(tab.page)
    finally:
        deployed.provider.tells_the_truth()


@pytest.fixture(scope="module")
def unnis(deployed: Deployment, browser: Browser) -> dict[str, Any]:
    """What Unni's cookie says after a login."""
    with a_browser_of(browser) as hers:
        log_in(open_tab(hers, deployed.url), deployed, "unni")
        return claims_of(login_cookies(hers), COOKIE_SECRET)


def shown_with(cookies: dict[str, str], deployed: Deployment, browser: Browser) -> tuple[str, str]:
    """What the start page says to a browser with these cookies, and all that Översikt sends to it."""
    with a_browser_of(browser, cookies, deployed.url) as theirs:
        tab = open_tab(theirs, deployed.url)
        with client_with(cookies, deployed.url) as client:
            sent = client.run(page="overview").text
        if "Hej " not in said(tab.page):
            assert_lets_nobody_in(tab)
        return said(tab.page), sent


def test_a_cookie_opens_nothing_after_twelve_hours(
    unnis: dict[str, Any], deployed: Deployment, browser: Browser
) -> None:
    now = int(time.time())
    young, old = (
        shown_with(signed({**unnis, "iat": now - hours * HOUR}, COOKIE_SECRET), deployed, browser)
        for hours in (11, 13)
    )
    assert "Hej Unni!" in young[0] and "Ekskolan" in young[1]
    assert "Din inloggning är för gammal. Logga in igen." in old[0]
    assert not [name for name in SCHOOLS.values() if name in old[1]]


def test_a_cookie_that_another_secret_has_signed_opens_nothing(
    unnis: dict[str, Any], deployed: Deployment, browser: Browser
) -> None:
    said_to_her, sent = shown_with(signed(unnis, "another secret, of somebody else"), deployed, browser)
    assert LOG_IN in said_to_her
    assert "Ekskolan" not in sent


def test_the_cookie_of_another_deployment_with_the_same_secret_opens_nothing(
    unnis: dict[str, Any], deployed: Deployment, browser: Browser
) -> None:
    of_another = {**unnis, "origin": "https://vebs.example.com"}
    said_to_her, sent = shown_with(signed(of_another, COOKIE_SECRET), deployed, browser)
    assert LOG_IN in said_to_her
    assert "Ekskolan" not in sent


def test_a_good_cookie_opens_nothing_to_another_site(unnis: dict[str, Any], deployed: Deployment) -> None:
    cookies = signed(unnis, COOKIE_SECRET)
    with client_with(cookies, deployed.url) as ours:
        assert "Ekskolan" in ours.run(page="overview").text
    with (
        pytest.raises(Exception, match=r"1008|403"),
        client_with(cookies, deployed.url, origin="https://evil.example") as theirs,
    ):
        theirs.run(page="overview")


def test_a_login_that_somebody_else_began_is_not_finished_in_her_browser(
    deployed: Deployment, browser: Browser
) -> None:
    with a_browser_of(browser) as attackers, a_browser_of(browser) as hers:
        theirs = open_tab(attackers, deployed.url)
        caught: list[str] = []
        theirs.page.route(
            "**/oauth2callback**", lambda route: (caught.append(route.request.url), route.abort())
        )
        theirs.page.get_by_role("button", name="Logga in").click()
        theirs.page.fill("input[name=sub]", "frida")
        with theirs.page.expect_request("**/oauth2callback**") as callback:
            theirs.page.get_by_role("button", name="Authorize").click()

        tab = open_tab(hers, callback.value.url)
        assert "inloggning=misslyckades" in tab.page.url
        assert FAILED in said(tab.page)
        assert login_cookies(hers) == {}
        assert_lets_nobody_in(tab)
