"""Who follows a link and must log in first comes to what the link named, and never to another site.

Streamlit sends everybody to the start page after the login. So the page that was left for it waits in a
cookie meanwhile, and what comes back in that cookie is read as suspiciously as any address.
"""

import re
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs, parse_qsl, quote, unquote, urlencode

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pages.components.current import ROUND_PARAMETER, SCHOOL_PARAMETER
from pages.components.entering import FAILED_PARAMETER
from services.domain.access import Page

LOGIN = "/auth/login"
CALLBACK = "/oauth2callback"
FAILED = f"/?{FAILED_PARAMETER}=misslyckades"

PLACES = {"/"} | {f"/{page}" for page in Page if page is not Page.START}
"""The addresses of the pages. Nothing else is ever gone to."""

PARAMETERS = (ROUND_PARAMETER, SCHOOL_PARAMETER, "omrade", "fraga", "steg", "lasar")
"""What a link may say of what a page shows. A one-time code is no part of it."""

LONGEST_VALUE = 64
MOST_PARAMETERS = 20

COOKIE = "vebs_deep_link"
_LIMITS = f"Path={CALLBACK}; HttpOnly; SameSite=Lax"
_FORGET = f"{COOKIE}=; Max-Age=0; {_LIMITS}"
_MINUTES = 10

_USER = "_streamlit_user"
_ERROR = re.compile(r"[a-z_]{1,40}")


def place(written: str) -> str | None:
    """The address of ours that this is, with the parameters that are known; None if it is none."""
    path, _, query = written.partition("?")
    if path not in PLACES:
        return None
    try:
        pairs = parse_qsl(query, max_num_fields=MOST_PARAMETERS)
    except ValueError:
        pairs = []
    known = {
        name: value
        for name, value in pairs
        if name in PARAMETERS and len(value) <= LONGEST_VALUE and value.isprintable()
    }
    return f"{path}?{urlencode(known)}" if known else path


class DeepLinks:
    """Keeps the page that somebody leaves to log in, and sends her back there."""

    def __init__(self, app: ASGIApp, address: str = "") -> None:
        """Do so for the app that people have at this address; nothing where there is no login."""
        self.app, self._address = app, address

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on everything, and change only where the two ends of a login lead."""
        answer = send
        if self._address and scope["type"] == "http" and scope["path"] == LOGIN:
            answer = _Leaving(send, scope, self._left(Headers(scope=scope))).send
        elif self._address and scope["type"] == "http" and scope["path"] == CALLBACK:
            scope = _without_prose(scope)
            answer = _Returning(send, scope).send
        await self.app(scope, receive, answer)

    def _left(self, headers: Headers) -> str | None:
        """The page that was left, if our own page sent the browser here."""
        referer = headers.get("referer", "")
        if not referer.startswith(f"{self._address}/"):
            return None
        written = referer.removeprefix(self._address)
        # Whoever tries again after a failure still wants to go where she wanted to go at first.
        tries_again = FAILED_PARAMETER in parse_qs(written.partition("?")[2])
        return None if tries_again else place(written)


class _Leaving:
    """On the way to the provider: the page is remembered."""

    def __init__(self, send: Send, scope: Scope, left: str | None) -> None:
        self._send, self._scope, self._left, self._replaced = send, scope, left, False

    async def send(self, message: Message) -> None:
        """Remember the page in the answer; say in Swedish that the provider is out of reach."""
        if message["type"] == "http.response.start" and message["status"] >= 400:
            self._replaced = True
            await RedirectResponse(FAILED, status_code=302)(self._scope, _nothing_more, self._pass)
        elif not self._replaced:
            await self._pass(message)

    async def _pass(self, message: Message) -> None:
        if message["type"] == "http.response.start" and self._left is not None:
            kept = f"{COOKIE}={quote(self._left, safe='')}; Max-Age={_MINUTES * 60}; {_LIMITS}"
            MutableHeaders(scope=message).append("Set-Cookie", kept)
        await self._send(message)


class _Returning:
    """On the way back: to the page that was left, or to the start page with a word on what happened."""

    def __init__(self, send: Send, scope: Scope) -> None:
        self._send, self._scope = send, scope

    async def send(self, message: Message) -> None:
        """Say in the answer where to go."""
        if message["type"] == "http.response.start" and message["status"] == 302:
            headers = MutableHeaders(scope=message)
            if _sets_user(headers):
                headers["Location"] = place(unquote(self._cookies().get(COOKIE, ""))) or "/"
                headers.append("Set-Cookie", _FORGET)
            else:
                headers["Location"] = FAILED if self._has_failed(headers) else "/"
        await self._send(message)

    def _has_failed(self, headers: Headers) -> bool:
        """Whether a login was tried in vain.

        The provider sends people here after logging out too, with neither code nor error; and the back
        button repeats a login that went well, which Streamlit turns away but leaves its cookie alone.
        """
        told = parse_qs(self._scope["query_string"].decode("latin-1"))
        if not {"code", "error"} & told.keys():
            return False
        return _USER not in self._cookies() or _forgets_user(headers)

    def _cookies(self) -> dict[str, str]:
        found = SimpleCookie()
        for written in Headers(scope=self._scope).getlist("cookie"):
            for one in written.split(";"):
                try:
                    found.load(one.strip())
                except CookieError:
                    continue
        return {name: morsel.value for name, morsel in found.items()}


def _sets_user(headers: Headers) -> bool:
    return any(value and not gone for value, gone in _user_cookies(headers))


def _forgets_user(headers: Headers) -> bool:
    return any(gone for _, gone in _user_cookies(headers))


def _user_cookies(headers: Headers) -> list[tuple[str, bool]]:
    """What the answer does to the cookie of who is logged in: its value, and whether it takes it away."""
    found = []
    for written in headers.getlist("set-cookie"):
        name, _, rest = written.partition("=")
        if name.strip() == _USER:
            value, *attributes = rest.split(";")
            gone = any(one.strip().lower() == "max-age=0" for one in attributes)
            found.append((value.strip().strip('"'), gone))
    return found


def _without_prose(scope: Scope) -> Scope:
    """The callback without what anybody may have written into its address, which Streamlit logs."""
    pairs = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    kept = [
        (name, value if name != "error" or _ERROR.fullmatch(value) else "unknown")
        for name, value in pairs
        if name not in ("error_description", "error_uri")
    ]
    return {**scope, "query_string": urlencode(kept).encode("ascii")}


async def _nothing_more() -> Message:
    return {"type": "http.disconnect"}
