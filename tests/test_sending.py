"""What is drawn leaves the server at once: on a socket bound as Streamlit binds it."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from websockets.sync.client import connect

from config.settings import Settings
from pages.components.server import middleware
from pages.components.server.sending import AtOnce


async def tells_whether_it_waits(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer on a websocket whether its connection sends at once."""
    connection = send.__self__.transport.get_extra_info("socket")  # type: ignore[attr-defined]
    await send({"type": "websocket.accept"})
    at_once = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
    await send({"type": "websocket.send", "text": "at once" if at_once else "waits"})
    await send({"type": "websocket.close"})


@contextmanager
def served(app: ASGIApp) -> Iterator[str]:
    """Serve on a socket of our own, as Streamlit does."""
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    bound.bind(("127.0.0.1", 0))
    bound.listen()
    server = uvicorn.Server(uvicorn.Config(app, lifespan="off", ws="websockets-sansio", log_level="error"))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve([bound])), daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield f"ws://127.0.0.1:{bound.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


def told(app: ASGIApp) -> str:
    with served(app) as address, connect(address) as websocket:
        return str(websocket.recv())


def test_a_page_is_drawn_without_waiting_for_the_browser_to_say_that_its_first_message_came() -> None:
    assert told(tells_whether_it_waits) == "waits", "else there is nothing to mend any more"
    assert told(AtOnce(tells_whether_it_waits)) == "at once"


def test_it_is_outermost_where_it_finds_the_connection(tmp_path: Path) -> None:
    assert middleware(Settings(tmp_path, tmp_path))[0].cls is AtOnce
