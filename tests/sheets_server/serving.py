"""Run the local Google on a loopback port: in a thread of a test, or by itself."""

import contextlib
import logging
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import uvicorn
from starlette.types import Scope
from uvicorn.protocols.http.h11_impl import H11Protocol

from tests.sheets_server.app import App
from tests.sheets_server.control import Control
from tests.sheets_server.google import Google

RESET = struct.pack("ii", 1, 0)


class Transports:
    """The open connections by the caller's address, so that a fault can cut one."""

    def __init__(self) -> None:
        self.open: dict[tuple[str, int], Any] = {}

    def protocol(self) -> type[H11Protocol]:
        """Return a protocol that registers its connections here."""
        kept = self.open

        class Protocol(H11Protocol):
            def connection_made(self, transport: Any) -> None:
                super().connection_made(transport)
                kept[transport.get_extra_info("peername")[:2]] = transport

            def connection_lost(self, exc: Exception | None) -> None:
                kept.pop(self.transport.get_extra_info("peername")[:2], None)
                super().connection_lost(exc)

        return Protocol

    def cut(self, scope: Scope, hard: bool) -> None:
        """End a connection: hard with a reset, else by closing it."""
        transport = self.open.get(tuple(scope.get("client") or ()))  # type: ignore[arg-type]
        if transport is None:
            return
        if hard:
            transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        transport.abort()


class Quiet(logging.Filter):
    """Keeps uvicorn from telling of every connection that a fault has cut."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Say whether the record is told."""
        return "ASGI callable returned without" not in record.getMessage()


def make_server(google: Google, port: int) -> tuple[uvicorn.Server, socket.socket, App]:
    """Return a server bound to a loopback port (0: any free one), not yet running."""
    transports = Transports()
    listening = socket.socket(
        socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP
    )  # else answers wait 40 ms
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind(("127.0.0.1", port))
    listening.listen(2048)
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    app = App(google, transports.cut, url)
    logging.getLogger("uvicorn.error").addFilter(Quiet())
    config = uvicorn.Config(
        app,
        http=transports.protocol(),
        log_level="error",
        access_log=False,
        lifespan="off",
        timeout_keep_alive=75,
    )
    return uvicorn.Server(config), listening, app


class LocalGoogle:
    """A running local Google: its address, its state and its control interface."""

    def __init__(self, google: Google, app: App) -> None:
        self.google = google
        self.url = app.control.base_url
        self.control: Control = app.control


@contextlib.contextmanager
def local_google(
    port: int = 0, seed: int | None = 0, clock: Callable[[], float] | None = None
) -> Iterator[LocalGoogle]:
    """Run a local Google in a thread for as long as the block lasts."""
    google = Google(seed, clock)
    server, listening, app = make_server(google, port)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    until = time.monotonic() + 20
    while not server.started and thread.is_alive() and time.monotonic() < until:
        time.sleep(0.005)
    if not server.started:
        raise RuntimeError("the local Google did not start")
    try:
        yield LocalGoogle(google, app)
    finally:
        server.should_exit = True
        server.force_exit = True
        thread.join(10)
        listening.close()
