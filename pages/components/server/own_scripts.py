"""The few scripts of our own, under our own address: the content policy lets no other run."""

from pathlib import Path

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

SCRIPTS = ("moved_on.js",)
_FOLDER = Path(__file__).parent


class OwnScripts:
    """Answers for each script, at whichever depth of the address the app lives."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._scripts = {name: (_FOLDER / name).read_bytes() for name in SCRIPTS}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send a script, or pass the request on."""
        name = scope["path"].rpartition("/")[2] if scope["type"] == "http" else ""
        if name in self._scripts and scope["method"] in {"GET", "HEAD"}:
            answer = Response(self._scripts[name], media_type="text/javascript")
            await answer(scope, receive, send)
            return
        await self.app(scope, receive, send)
