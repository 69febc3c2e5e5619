"""Where a login leads: back to the page that was left for it, and nowhere else whatever anybody writes."""

import ast
import asyncio
from collections.abc import Mapping
from urllib.parse import quote, unquote

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from pages.components.deep_links import COOKIE, FAILED, PARAMETERS, PLACES, DeepLinks, place
from tests.serving import ROOT

OURS = "https://vebs.example.se"
SIGNED = "_streamlit_user=c2lnbmVk.x; HttpOnly; Max-Age=2592000; Path=/; SameSite=lax"
TAKEN_AWAY = '_streamlit_user=""; expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/; SameSite=lax'
EKSKOLAN = "/school?omgang=2021&skola=00123456"

ELSEWHERE = [
    "//evil.example",
    "//evil.example/overview",
    "/\\evil.example",
    "\\\\evil.example",
    "https://evil.example/",
    "javascript:alert(1)",
    "/%2fevil.example",
    "/%5cevil.example",
    "/overview/..//evil.example",
    "/overview\r\nSet-Cookie: a=b",
    "/overview%0d%0aSet-Cookie:%20a=b",
    "/overview@evil.example",
    "/overview#//evil.example",
    "/.evil.example",
    "/auth/logout",
    "/_stcore/metrics",
    "/nosuchpage",
    "/start",
    "/Overview",
    "overview",
    " /overview",
    "",
]


def ask(app: ASGIApp, path: str, headers: Mapping[str, str] | None = None) -> httpx.Response:
    """What the app answers to a browser at this address of ours."""

    async def asked() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=OURS) as browser:
            return await browser.get(path, headers=headers)

    return asyncio.run(asked())


def before(answer: Response, address: str = OURS) -> DeepLinks:
    """Our middleware before an app that answers so."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await answer(scope, receive, send)

    return DeepLinks(app, address)


def sent_on(*cookies: str, location: str = "/") -> Response:
    answer = RedirectResponse(location, status_code=302)
    for cookie in cookies:
        answer.headers.append("Set-Cookie", cookie)
    return answer


def leave(referer: str | None) -> httpx.Response:
    """Press Logga in on the page of this address."""
    headers = {} if referer is None else {"Referer": referer}
    return ask(before(sent_on(location="https://accounts.example/")), "/auth/login", headers)


def come_back(cookie: str | None, *set_cookies: str, query: str = "code=x&state=y") -> httpx.Response:
    """Return from the provider with this value of our cookie."""
    headers = {} if cookie is None else {"Cookie": f"{COOKIE}={cookie}"}
    return ask(before(sent_on(*set_cookies)), f"/oauth2callback?{query}", headers)


def kept_by(answer: httpx.Response) -> str | None:
    """The address in our cookie, as it travels."""
    written = [one for one in answer.headers.get_list("set-cookie") if one.startswith(f"{COOKIE}=")]
    assert len(written) <= 1
    return written[0].partition("=")[2].partition(";")[0] if written else None


@pytest.mark.parametrize("address", ["/", "/overview", EKSKOLAN, "/areas?omrade=2"])
def test_who_follows_a_link_and_logs_in_comes_to_what_the_link_named(address: str) -> None:
    left = leave(OURS + address)
    assert left.headers["location"] == "https://accounts.example/"

    kept = kept_by(left)
    assert kept is not None
    back = come_back(kept, SIGNED)

    assert (back.status_code, back.headers["location"]) == (302, address)
    assert kept_by(back) == "" and "Max-Age=0" in back.headers["set-cookie"]


def test_the_cookie_lives_ten_minutes_and_goes_to_the_end_of_the_login_alone() -> None:
    [cookie] = leave(OURS + EKSKOLAN).headers.get_list("set-cookie")

    attributes = {one.strip() for one in cookie.split(";")[1:]}
    assert attributes == {"Max-Age=600", "Path=/oauth2callback", "HttpOnly", "SameSite=Lax"}
    assert unquote(cookie.partition(";")[0]) == f"{COOKIE}={EKSKOLAN}"


@pytest.mark.parametrize("written", ELSEWHERE)
def test_nothing_but_our_own_pages_is_a_place_to_go(written: str) -> None:
    assert place(written) is None
    # Forged into the cookie, plain and encoded, it leads to the start page.
    for cookie in (quote(written, safe=""), quote(quote(written, safe=""), safe="")):
        assert come_back(cookie, SIGNED).headers["location"] == "/"


@pytest.mark.parametrize(
    "referer",
    [
        None,
        "",
        "https://evil.example/overview",
        "http://vebs.example.se/overview",
        "https://vebs.example.se.evil.example/overview",
        "https://vebs.example.se@evil.example/overview",
        "https://vebs.example.se:8443/overview",
        "https://vebs.example.se//evil.example",
        "//vebs.example.se/overview",
    ],
)
def test_only_a_page_of_ours_is_remembered(referer: str | None) -> None:
    assert kept_by(leave(referer)) is None


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("/school?skola=00123456&next=//evil.example", "/school?skola=00123456"),
        ("/school?skola=" + "0" * 65, "/school"),
        ("/school?skola=a%0d%0aLocation:b", "/school"),
        ("/school?skola=%26x%3D%23", "/school?skola=%26x%3D%23"),
        ("/school?skola=1&skola=2", "/school?skola=2"),
        ("/school?som=unni", "/school"),
        ("/school?" + "a=b&" * 40, "/school"),
        ("/school?omgang=%C3%A5r", "/school?omgang=%C3%A5r"),
        ("/answer?kod=ABCDEFGHJKLM&steg=3", "/answer?steg=3"),
        ("/school?skola=//evil.example", "/school?skola=%2F%2Fevil.example"),
    ],
)
def test_of_what_a_link_says_only_what_pages_ask_about_is_kept(written: str, meant: str) -> None:
    assert place(written) == meant
    assert place(meant) == meant


def test_every_choice_that_pages_keep_in_the_address_survives_a_login() -> None:
    named = {
        ast.literal_eval(line.value)
        for file in sorted((ROOT / "pages").rglob("*.py"))
        for line in ast.parse(file.read_text("utf-8")).body
        if isinstance(line, ast.Assign)
        and isinstance(target := line.targets[0], ast.Name)
        and target.id.endswith("_PARAMETER")
    }
    # Whom the demo lets a visitor be, and that a login failed, are no places; and with a code none logs in.
    assert named - {"som", "inloggning", "kod"} == set(PARAMETERS)


def test_a_failed_login_ends_on_the_start_page_with_a_word_for_it_and_may_be_tried_again() -> None:
    kept = kept_by(leave(OURS + EKSKOLAN))

    for query, cookies in [
        ("error=access_denied&state=y", ()),
        ("code=x&state=y", (TAKEN_AWAY,)),
        ("code=x&state=stale", ()),
    ]:
        failed = come_back(kept, *cookies, query=query)
        assert failed.headers["location"] == FAILED == "/?inloggning=misslyckades"
        assert kept_by(failed) is None

    # Trying again from there keeps what was kept.
    assert kept_by(leave(OURS + FAILED)) is None
    assert come_back(kept, SIGNED).headers["location"] == EKSKOLAN


def test_the_back_button_after_a_login_and_the_way_out_are_no_failures() -> None:
    def back(query: str, *set_cookies: str) -> str:
        app = before(sent_on(*set_cookies))
        answer = ask(app, f"/oauth2callback?{query}", {"Cookie": "_streamlit_user=signed"})
        return str(answer.headers["location"])

    assert back("code=x&state=used") == "/"
    # Streamlit takes the cookie away where an exchange failed.
    assert back("code=x&state=y", TAKEN_AWAY) == FAILED
    assert come_back(None, query="").headers["location"] == "/"
    assert come_back(None, query="state=after-logging-out").headers["location"] == "/"


def test_a_provider_out_of_reach_is_told_on_the_start_page_and_not_in_english() -> None:
    app = before(Response("Authentication error", status_code=400))

    answer = ask(app, "/auth/login", {"Referer": OURS + EKSKOLAN})

    assert (answer.status_code, answer.headers["location"]) == (302, FAILED)
    assert "Authentication error" not in answer.text
    assert unquote(kept_by(answer) or "") == EKSKOLAN


def test_what_strangers_write_in_the_address_of_the_callback_goes_no_further() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse(Request(scope).url.query)(scope, receive, send)

    seen = ask(
        DeepLinks(app, OURS),
        "/oauth2callback?error=anna.svensson%40example.se&error_description=Anna%20finns%20inte&error_uri=x"
        "&code=a%2Fb%2B&state=s%3D",
    ).text

    assert seen == "error=unknown&code=a%2Fb%2B&state=s%3D"


def test_where_there_is_no_login_nothing_is_changed() -> None:
    for path in ("/auth/login", "/oauth2callback?error=x"):
        answer = ask(before(sent_on(), address=""), path, {"Referer": OURS + EKSKOLAN})
        assert answer.headers["location"] == "/" and "set-cookie" not in answer.headers


def test_every_page_is_a_place() -> None:
    pages = {file.stem for file in (ROOT / "pages").glob("*.py")} - {"menu", "__init__", "start"}
    assert {"/"} | {f"/{page}" for page in pages} <= PLACES
