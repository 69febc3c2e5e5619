"""A reverse proxy such as an operator puts in front: ends TLS, keeps the Host, says for whom it asks."""

import asyncio
import datetime as dt
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

NAME = "vebs.example.test"
VISITOR = "203.0.113.7"


@dataclass(slots=True)
class Proxy:
    """A running proxy at a name that nobody else knows the way to."""

    port: int
    certificate: Path
    loop: asyncio.AbstractEventLoop
    app_port: int = 0
    seen: list[bytes] = field(default_factory=list)
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    @property
    def address(self) -> str:
        """What people type."""
        return f"https://{NAME}:{self.port}"

    @property
    def trusting(self) -> ssl.SSLContext:
        """What a browser trusts that has been told of this proxy alone."""
        return ssl.create_default_context(cafile=str(self.certificate))

    def connection(self) -> socket.socket:
        """A connection to it, as if the name were known."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=10)

    def through_tls(self) -> socket.socket:
        """A plain socket whose other end is encrypted to the proxy: for a client that reads and writes in
        two threads, which one TLS connection does not stand."""
        ours, theirs = socket.socketpair()
        asyncio.run_coroutine_threadsafe(self._encrypt(theirs), self.loop).result(10)
        return ours

    async def _encrypt(self, plain: socket.socket) -> None:
        reader, writer = await asyncio.open_connection(sock=plain)
        there = await asyncio.open_connection("127.0.0.1", self.port, ssl=self.trusting, server_hostname=NAME)
        self.tasks += [
            self.loop.create_task(_pump_quietly(reader, there[1])),
            self.loop.create_task(_pump_quietly(there[0], writer)),
        ]

    def browser(self) -> "Browser":
        """Somebody who has this name in her address bar."""
        return Browser(self)


class Browser:
    """A client with cookies, which finds the proxy by its name."""

    def __init__(self, proxy: Proxy) -> None:
        self._proxy = proxy
        self.client = httpx.Client(verify=proxy.trusting, timeout=30)

    def get(self, url: str, **headers: str) -> httpx.Response:
        """Ask for a page of the proxy's, or of somebody else's."""
        if url.startswith("/") or url.startswith(self._proxy.address):
            path = url.removeprefix(self._proxy.address)
            # The client's cookies belong to the number it connects to: a name of its own would need a DNS.
            return self.client.get(
                f"https://127.0.0.1:{self._proxy.port}{path}",
                headers={"Host": f"{NAME}:{self._proxy.port}", **headers},
                extensions={"sni_hostname": NAME},
            )
        return self.client.get(url, headers=headers)


@contextmanager
def reverse_proxy(folder: Path) -> Iterator[Proxy]:
    """Listen on loopback while the block runs; the block says which port the app has."""
    certificate, key = _certificate(folder)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, key)
    listening = socket.create_server(("127.0.0.1", 0))
    loop = asyncio.new_event_loop()
    proxy = Proxy(listening.getsockname()[1], certificate, loop)
    thread = threading.Thread(target=loop.run_forever, name="reverse proxy")
    thread.start()

    async def begin() -> asyncio.Server:
        return await asyncio.start_server(lambda r, w: _pass_on(proxy, r, w), sock=listening, ssl=tls)

    async def end() -> None:
        server.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()

    server = asyncio.run_coroutine_threadsafe(begin(), loop).result(10)
    try:
        yield proxy
    finally:
        asyncio.run_coroutine_threadsafe(end(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


async def _pass_on(proxy: Proxy, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One request over one connection; a websocket is passed both ways until it ends."""
    with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
        head = await reader.readuntil(b"\r\n\r\n")
        proxy.seen.append(head)
        app_reader, app_writer = await asyncio.open_connection("127.0.0.1", proxy.app_port)
        lines = head.removesuffix(b"\r\n\r\n").split(b"\r\n")
        if not any(line.lower().startswith(b"upgrade:") for line in lines):
            lines = [line for line in lines if not line.lower().startswith(b"connection:")]
            lines.append(b"Connection: close")
        lines += [b"X-Forwarded-Proto: https", f"X-Forwarded-For: {VISITOR}".encode()]
        app_writer.write(b"\r\n".join(lines) + b"\r\n\r\n")
        await asyncio.gather(_pump(reader, app_writer), _pump(app_reader, writer))
    with suppress(OSError):
        writer.close()


async def _pump_quietly(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError, asyncio.CancelledError):
        await _pump(reader, writer)


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while piece := await reader.read(65536):
        writer.write(piece)
        await writer.drain()
    writer.close()


def _certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate that this name signs for itself, good for a day."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    certificate, key_file = folder / "proxy.pem", folder / "proxy.key"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return certificate, key_file
