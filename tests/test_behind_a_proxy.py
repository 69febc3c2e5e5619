"""A deployment as the README describes it: https in front, the name of its own, a login at a provider."""

import re
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

import httpx
import pytest
from websockets.exceptions import InvalidStatus

from tests.oidc.running import CLIENT, Provider, openid_provider
from tests.people import answers, register_sheets, save
from tests.raw_client import Answer, RawClient
from tests.reverse_proxy import NAME, Browser, Proxy, reverse_proxy
from tests.serving import Server, serving

pytestmark = pytest.mark.slow

SECRET = "known to this test and to nobody else"


@dataclass(frozen=True, slots=True)
class Town:
    """The app, the proxy in front of it and the provider beside it."""

    server: Server
    proxy: Proxy
    provider: Provider

    def visit(self, browser: Browser, page: str = "", widgets: dict[str, object] | None = None) -> Answer:
        """Open a page as this browser does, over a websocket with its cookies."""
        with self.websocket(browser) as client:
            answer = client.run(page)
            return client.run(
                page, widgets={answer.widget(one): value for one, value in (widgets or {}).items()}
            )

    def websocket(self, browser: Browser | None = None, origin: str | None = None) -> RawClient:
        """A websocket through the proxy, with what the browser has of cookies."""
        cookies = {} if browser is None else dict(browser.client.cookies)
        xsrf = cookies.get("_streamlit_xsrf", "none")
        return RawClient(
            self.proxy.address.replace("https", "http", 1),
            origin=origin or self.proxy.address,
            sock=self.proxy.through_tls(),
            subprotocols=["streamlit", xsrf],
            additional_headers={"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())},
        )

    def way_to_log_in(self, browser: Browser) -> str:
        """Where the button Logga in leads."""
        answer = self.visit(browser, widgets={"log_in": "trigger"})
        [url] = [one.auth_redirect.url for one in answer.messages if one.HasField("auth_redirect")]
        return str(url)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp("town")
    data = save(folder / "data", register_sheets(answers(16, L=3, U=3)))
    with openid_provider(folder / "provider.log") as provider, reverse_proxy(folder) as proxy:
        provider.knows("unni", email="unni@example.se", email_verified=True, given_name="Unni")
        secrets = folder / "secrets.toml"
        secrets.write_text(
            f"""
            [auth]
            redirect_uri = "{proxy.address}/oauth2callback"
            cookie_secret = "{SECRET}"
            [auth.google]
            client_id = "{CLIENT}"
            client_secret = "not so secret"
            server_metadata_url = "{provider.metadata_url}"
            [login]
            domains = ["example.se"]
            """,
            "utf-8",
        )
        with serving(data, folder / "server.log", environment={"VEBS_SECRETS": str(secrets)}) as server:
            proxy.app_port = server.port
            yield Town(server, proxy, provider)


def logged_in(town: Town, browser: Browser, sub: str = "unni", referer: str = "/") -> httpx.Response:
    """Press Logga in on a page, say who one is, and come back."""
    left = browser.get(town.way_to_log_in(browser), Referer=town.proxy.address + referer)
    assert left.status_code == 302
    returned = browser.client.post(left.headers["location"], data={"sub": sub})
    assert returned.status_code == 302, returned.text
    return browser.get(returned.headers["location"])


def test_a_link_leads_through_the_login_to_what_it_named(town: Town) -> None:
    browser = town.proxy.browser()
    browser.get("/_stcore/health")
    link = "/school?skola=00123456&omgang=2021"

    back = logged_in(town, browser, referer=link)

    assert (back.status_code, back.headers["location"]) == (302, link)
    seen = town.visit(browser, "school")
    assert "Ekskolan" in seen.text and "Inloggad som" in seen.text


def test_a_callback_sent_twice_ends_on_the_start_page_without_a_word_of_failure(town: Town) -> None:
    browser = town.proxy.browser()
    browser.get("/_stcore/health")
    left = browser.get(town.way_to_log_in(browser), Referer=town.proxy.address + "/overview")
    returned = browser.client.post(left.headers["location"], data={"sub": "unni"}).headers["location"]

    assert browser.get(returned).headers["location"] == "/overview"
    assert browser.get(returned).headers["location"] == "/"
    assert "Inloggad som" in town.visit(browser).text


def test_a_login_that_fails_says_so_and_leaves_nobody_logged_in(town: Town) -> None:
    browser = town.proxy.browser()
    browser.get("/_stcore/health")
    left = browser.get(town.way_to_log_in(browser), Referer=town.proxy.address + "/overview")
    state = re.search(r"[?&]state=([^&]+)", left.headers["location"])
    assert state is not None

    for query in (f"code=forged&state={state[1]}", f"error=access_denied&state={state[1]}", "code=x&state=y"):
        failed = browser.get(f"/oauth2callback?{query}")
        assert failed.headers["location"] == "/?inloggning=misslyckades"
    assert not any(name.startswith("_streamlit_user") for name in browser.client.cookies)
    assert "Hej Unni" not in town.visit(browser).text


def test_what_a_stranger_puts_in_our_cookie_leads_nowhere_else(town: Town) -> None:
    for written in (
        "//evil.example",
        "https:%2F%2Fevil.example",
        "%2F%2Fevil.example",
        "%2Foverview%0d%0aX:y",
    ):
        browser = town.proxy.browser()
        browser.get("/_stcore/health")
        left = browser.get(town.way_to_log_in(browser))
        returned = browser.client.post(left.headers["location"], data={"sub": "unni"}).headers["location"]
        browser.client.cookies.set("vebs_deep_link", written, domain="127.0.0.1", path="/oauth2callback")
        back = browser.get(returned)
        assert back.headers["location"] == "/", unquote(written)
        assert "x" not in back.headers


def test_every_cookie_travels_encrypted_only_and_scripts_see_but_one(town: Town) -> None:
    browser = town.proxy.browser()
    answers_ = [browser.get("/_stcore/health")]
    left = browser.get(town.way_to_log_in(browser), Referer=town.proxy.address + "/overview")
    returned = browser.client.post(left.headers["location"], data={"sub": "unni"}).headers["location"]
    answers_ += [left, browser.get(returned), browser.get("/auth/logout")]

    set_ = [cookie for answer in answers_ for cookie in answer.headers.get_list("set-cookie")]
    names = {cookie.partition("=")[0] for cookie in set_}
    assert names >= {"_streamlit_xsrf", "_streamlit_session", "_streamlit_user", "vebs_deep_link"}
    for cookie in set_:
        attributes = {one.strip().lower() for one in cookie.split(";")[1:]}
        assert "secure" in attributes, cookie
        assert "samesite=lax" in attributes or "samesite=strict" in attributes, cookie
        if cookie.startswith("_streamlit_xsrf="):
            # A script reads it and sends it along, which another site's script cannot do.
            assert "samesite=strict" in attributes
        elif "max-age=0" not in attributes:
            assert "httponly" in attributes, cookie


@pytest.mark.parametrize("path", ["/", "/overview", "/_stcore/health", "/_stcore/metrics", "/auth/login"])
def test_a_browser_is_told_never_to_come_unencrypted(town: Town, path: str) -> None:
    answer = town.proxy.browser().get(path)

    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    assert answer.headers["cache-control"] == "no-store"
    assert f"wss://{NAME}:{town.proxy.port}" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("origin", ["https://evil.example", "http://" + NAME, "https://" + NAME, "null"])
def test_only_pages_of_this_very_address_open_a_websocket(town: Town, origin: str) -> None:
    with pytest.raises(InvalidStatus, match="403"), town.websocket(origin=origin):
        pass
    with pytest.raises(InvalidStatus, match="403"), town.websocket(origin=f"http://{NAME}:{town.proxy.port}"):
        pass


def test_the_name_is_allowed_without_being_written_twice_and_others_are_not(town: Town) -> None:
    with town.websocket() as client:
        assert "Logga in" in client.run().text

    # Around the proxy, by a name that somebody pointed here.
    around = socket.create_connection(("127.0.0.1", town.server.port), timeout=10)
    with (
        pytest.raises(InvalidStatus, match="403"),
        RawClient(f"http://evil.example:{town.server.port}", sock=around),
    ):
        pass


def test_a_visitor_without_a_login_sees_nothing_though_the_proxy_is_this_computer(town: Town) -> None:
    with town.websocket() as client:
        for page in ("", "overview", "school", "checks"):
            told = client.run(page, query="som=unni")
            assert "Ekskolan" not in told.text
            assert "Logga in" in told.text


def test_the_proxy_is_real(town: Town) -> None:
    with pytest.raises(ssl.SSLError):
        ssl.create_default_context().wrap_socket(town.proxy.connection(), server_hostname=NAME)
    town.proxy.browser().get("/overview")
    assert town.proxy.seen[-1].startswith(b"GET /overview HTTP/1.1")


def test_nothing_secret_is_in_the_log(town: Town) -> None:
    log = town.server.log
    assert SECRET not in log and "not so secret" not in log
    assert "unni@example.se" not in log and "Traceback" not in log
