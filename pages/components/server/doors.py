"""Who gets in at all: closed addresses, and what other sites' pages send here."""

import re
from urllib.parse import unquote, urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import config

# All that a browser needs of Streamlit's own addresses. The others speak of memory, run the script for
# programs, or serve components that we do not have, and a later version may bring more of them.
OPEN = re.compile(r"/_stcore/(health|host-config|stream|upload_file/[\w-]+/[\w-]+)")
INNER = {"_stcore", "component"}


class ClosedDoors:
    """Answers 404 for what Streamlit would tell anybody who asks."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on unless its address is closed, however it is spelt."""
        if scope["type"] == "http" and is_closed(scope["path"]):
            await PlainTextResponse("Finns inte.", status_code=404)(scope, receive, send)
            return
        await self.app(scope, receive, send)


def is_closed(path: str) -> bool:
    """Whether an address is one of Streamlit's own, and not one that a browser needs."""
    plain = path
    for _ in range(3):  # somebody may have encoded what was encoded
        plain = unquote(plain)
    parts = set(re.split(r"[/\\]", plain.casefold()))
    return bool(parts & INNER) and OPEN.fullmatch(path) is None


class OwnVisitors:
    """Turns away what another site's page sends here, before Streamlit looks at it.

    Streamlit would let any page on this computer in, and to find out whether a foreign one may it asks
    a server on the internet for its own address, while everybody waits.
    """

    def __init__(self, app: ASGIApp, address: str = "") -> None:
        self.app, self._address = app, address

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Close a foreign websocket; answer a foreign request as if it had not told where it is from."""
        if scope["type"] in {"http", "websocket"} and _is_foreign(Headers(scope=scope), self._address):
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 1008})
                return
            scope = {**scope, "headers": [pair for pair in scope["headers"] if pair[0] != b"origin"]}
        await self.app(scope, receive, send)


def _is_foreign(headers: Headers, address: str) -> bool:
    """Say whether a browser sent this from a page of another origin than ours."""
    origin, host = headers.get("origin"), headers.get("host")
    if origin is None:
        return False
    if host is not None and host == urlsplit(address).netloc:
        # What came unencrypted under our name may be from anybody on the way.
        return origin != address
    # For a proxy in front that changes the Host header; the addresses it is known by.
    allowed = {str(one).rstrip("/") for one in config.get_option("server.corsAllowedOrigins")}
    return urlsplit(origin).netloc != host and origin not in allowed
