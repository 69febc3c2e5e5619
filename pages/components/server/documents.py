"""Streamlit's index.html, in Swedish and without what it would run or fetch by itself."""

import re
from collections.abc import Iterable
from functools import lru_cache

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Everything else may fall back to index.html, whichever page it names.
NOT_DOCUMENTS = ("/static/", "/media/", "/_stcore/", "/component/", "/auth/", "/oauth2callback")

NOSCRIPT = (
    "<noscript><p>Den här tjänsten behöver JavaScript. "
    "Slå på JavaScript i webbläsaren och ladda om sidan.</p></noscript>"
)


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
