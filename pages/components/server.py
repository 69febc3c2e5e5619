"""What stands between the network and the app: headers, closed doors, a Swedish index page, start and stop.

Plain ASGI callables, because Starlette's own base class for middleware would wrap every answer in a
task of its own; a websocket passes through here untouched.
"""

import logging
import re
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config

from pages.components import boundary

# Streamlit answers these without asking anyone: memory figures, and an interface for programs.
CLOSED = ("/_stcore/metrics", "/_stcore/agent")
# Everything else may fall back to index.html, whichever page it names.
NOT_DOCUMENTS = ("/static/", "/media/", "/_stcore/", "/component/", "/auth/", "/oauth2callback")
# A file whose name carries the hash of its content never changes, so it may be kept.
HASHED = re.compile(r"/static/.+\.[\w-]{8}\.\w+$")
# The half of a Host header that may be repeated inside a policy.
HOST = re.compile(r"[\w.\-]+(:\d{1,5})?|\[[0-9a-fA-F:]+\](:\d{1,5})?")

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), "
        "microphone=(), midi=(), payment=(), usb=()"
    ),
}

NOSCRIPT = (
    "<noscript><p>Den här tjänsten behöver JavaScript. "
    "Slå på JavaScript i webbläsaren och ladda om sidan.</p></noscript>"
)


def content_policy(host: str) -> str:
    """Return the Content-Security-Policy: nothing is loaded from, or sent to, anywhere but `host`.

    Styles are inline because Streamlit writes them so; scripts never are. Charts need no `eval`:
    Streamlit hands Vega an interpreter.
    """
    # 'self' covers websockets in today's browsers; older Safari wants them spelled out.
    sockets = f" ws://{host} wss://{host}" if HOST.fullmatch(host) else ""
    return "; ".join(
        (
            "default-src 'self'",
            "script-src 'self'",
            "style-src 'self' 'unsafe-inline'",
            f"connect-src 'self'{sockets}",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "media-src 'self' blob:",
            "worker-src 'self' blob:",
            "frame-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


class SecurityHeaders:
    """Sets the headers on every answer, and answers itself when the app behind it breaks."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; what is not HTTP passes."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        policy = content_policy(Headers(scope=scope).get("host", ""))
        begun = False

        async def send_with_headers(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                _set_headers(message, scope["path"], policy)
            await send(message)

        try:
            await self.app(scope, receive, send_with_headers)
        except Exception as exc:
            if begun:
                raise
            # Starlette's own answer to a bug would be English and leave without these headers.
            sorry = PlainTextResponse(boundary.sentence(boundary.note_bug(exc)), status_code=500)
            await sorry(scope, receive, send_with_headers)


def _set_headers(start: Message, path: str, policy: str) -> None:
    headers = MutableHeaders(scope=start)
    headers.update(HEADERS)
    headers["Content-Security-Policy"] = policy
    # Figures about schools have no business in a shared computer's cache.
    if not (HASHED.search(path) and "immutable" in headers.get("cache-control", "")):
        headers["Cache-Control"] = "no-store"


class ClosedDoors:
    """Answers 404 for what Streamlit would tell anybody who asks."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on unless its address is closed, at whatever depth it is asked for."""
        if scope["type"] == "http" and any(door in scope["path"] for door in CLOSED):
            await PlainTextResponse("Finns inte.", status_code=404)(scope, receive, send)
            return
        await self.app(scope, receive, send)


class OwnVisitors:
    """Turns away what another site's page sends here, before Streamlit looks at it.

    Streamlit would let any page on this computer in, and to find out whether a foreign one may it asks
    a server on the internet for its own address, while everybody waits.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Close a foreign websocket; answer a foreign request as if it had not told where it is from."""
        if scope["type"] in {"http", "websocket"} and _is_foreign(Headers(scope=scope)):
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 1008})
                return
            scope = {**scope, "headers": [pair for pair in scope["headers"] if pair[0] != b"origin"]}
        await self.app(scope, receive, send)


def _is_foreign(headers: Headers) -> bool:
    """Say whether a browser sent this from a page of another origin than ours."""
    origin = headers.get("origin")
    if origin is None:
        return False
    # For a proxy in front that changes the Host header; the addresses it is known by.
    allowed = {str(one).rstrip("/") for one in config.get_option("server.corsAllowedOrigins")}
    return urlsplit(origin).netloc != headers.get("host") and origin not in allowed


class SwedishIndex:
    """Rewrites Streamlit's index.html, so that a screen reader speaks Swedish from the first word."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Collect an HTML answer, rewrite it, and send it whole."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        head = scope["method"] == "HEAD"
        if not any(part in scope["path"] for part in NOT_DOCUMENTS):
            scope = _plainly_asked(scope)
        rewriting = _Rewriting(send, without_body=head)
        await self.app(scope, receive, rewriting.send)


def _plainly_asked(scope: Scope) -> Scope:
    """Return the request as one for the whole, uncompressed page, which is what can be rewritten.

    HEAD becomes GET for the length to be that of the rewritten page. The page is some 8 kB.
    """
    unwanted = {b"accept-encoding", b"range", b"if-range", b"if-none-match", b"if-modified-since"}
    headers = [(name, value) for name, value in scope["headers"] if name not in unwanted]
    method = "GET" if scope["method"] == "HEAD" else scope["method"]
    return {**scope, "method": method, "headers": headers, "extensions": {}}


class _Rewriting:
    """Holds back an HTML answer until its last byte is there; lets every other answer through."""

    def __init__(self, send: Send, *, without_body: bool) -> None:
        self._send, self._without_body = send, without_body
        self._start: Message | None = None
        self._body = bytearray()

    async def send(self, message: Message) -> None:
        """Pass on one ASGI message, or keep it until the page is whole."""
        if message["type"] == "http.response.start" and _is_page(message):
            self._start = message
        elif self._start is None:
            if self._without_body and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await self._send(message)
        else:
            self._body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._finish(self._start, in_swedish(bytes(self._body)))

    async def _finish(self, start: Message, page: bytes) -> None:
        headers = MutableHeaders(scope=start)
        headers["Content-Length"] = str(len(page))
        # They describe the file on disk, not what is sent; nobody keeps a copy to compare with anyway.
        for stale in ("etag", "last-modified", "accept-ranges"):
            del headers[stale]
        await self._send(start)
        await self._send({"type": "http.response.body", "body": b"" if self._without_body else page})


def _is_page(start: Message) -> bool:
    headers = Headers(raw=start["headers"])
    return (
        start["status"] == 200
        and headers.get("content-type", "").startswith("text/html")
        and "content-encoding" not in headers
    )


@lru_cache(maxsize=4)
def in_swedish(page: bytes) -> bytes:
    """Return index.html in Swedish, without inline scripts and without the pointer to a closed door."""
    text = page.decode("utf-8")
    changes: Iterable[tuple[str, str]] = (
        (r'<html lang="[^"]*"', '<html lang="sv"'),
        (r"<title>.*?</title>", "<title>Varje elevs bästa skola</title>"),
        (r"<noscript>.*?</noscript>", NOSCRIPT),
        (r'<link rel="service-desc"[^>]*>', ""),
        # It speaks to a rendering service; without it, script-src needs no exception.
        (r"<script>.*?</script>", ""),
    )
    for pattern, replacement in changes:
        text = re.sub(pattern, replacement, text, count=1, flags=re.DOTALL)
    return text.encode("utf-8")


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[None]:
    """Start what the whole process shares before the first visitor, and stop it after the last."""
    # Imported here: the module reads settings, which Streamlit has ready only now.
    from anyio import to_thread

    from pages.components import current

    boundary.listen()
    try:
        await to_thread.run_sync(getattr(current, "start", _nothing))
    except Exception as exc:
        logging.getLogger(__name__).critical("Tjänsten kunde inte starta: %s", exc)
        raise
    try:
        yield
    finally:
        await to_thread.run_sync(getattr(current, "stop", _nothing))


def _nothing() -> None:
    """Stand in for a hook that is not there."""


# The first is outermost: its headers reach the others' answers too.
MIDDLEWARE = [Middleware(one) for one in (SecurityHeaders, ClosedDoors, OwnVisitors, SwedishIndex)]
