"""What every answer carries: headers that keep a browser from doing more than the app asks of it."""

import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pages.components import boundary

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

# A year, and this name only: what else the organisation has below it is not ours to speak for.
ONLY_ENCRYPTED = "max-age=31536000"


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
    """Sets the headers on every answer, and answers itself when the app behind it breaks.

    Where people reach the app over https, no cookie of ours or of Streamlit's travels otherwise. All are
    closed to scripts but `_streamlit_xsrf`, which a script must read to show that it may.
    """

    def __init__(self, app: ASGIApp, is_https: bool = False) -> None:
        self.app, self._is_https = app, is_https

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
                if self._is_https:
                    _only_encrypted(message)
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


def _only_encrypted(start: Message) -> None:
    headers = MutableHeaders(scope=start)
    headers["Strict-Transport-Security"] = ONLY_ENCRYPTED
    # Streamlit leaves Secure out, as it does not know of the proxy in front.
    start["headers"] = [
        (name, value + b"; Secure" if name == b"set-cookie" and not _is_secure(value) else value)
        for name, value in headers.raw
    ]


def _is_secure(cookie: bytes) -> bool:
    return any(part.strip().lower() == b"secure" for part in cookie.split(b";")[1:])
