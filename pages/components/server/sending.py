"""How soon what is written leaves for the browser."""

import socket

from starlette.types import ASGIApp, Receive, Scope, Send


class AtOnce:
    """Lets each message leave as it is written, without waiting to hear that the one before has arrived.

    Streamlit binds its socket in a way that asyncio does not take for TCP, and so leaves Nagle's algorithm
    on: what a page is drawn with waited for the browser to acknowledge its first message, 40 ms or more.
    Must be outermost: the connection is found through the server's own `send`.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Turn the waiting off for a websocket; where no connection is found it stays as it is."""
        if scope["type"] == "websocket":
            transport = getattr(getattr(send, "__self__", None), "transport", None)
            connection = transport.get_extra_info("socket") if transport is not None else None
            if connection is not None and connection.family in {socket.AF_INET, socket.AF_INET6}:
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        await self.app(scope, receive, send)
