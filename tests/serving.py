"""A real server process on a free loopback port, started for a test and always ended."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import Message
from pathlib import Path

from filelock import FileLock

from tests.log_watch import WATCH

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 60.0
STOP_SECONDS = 10.0


class ServerTrouble(AssertionError):
    """The server did not start, or died; the text carries the end of its log."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: its process, its address, its data and its log."""

    process: subprocess.Popen[bytes]
    port: int
    data: Path
    log_file: Path

    @property
    def url(self) -> str:
        """The address without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        """All it has logged so far."""
        return self.log_file.read_text("utf-8", errors="replace")

    def get(
        self, path: str, method: str = "GET", headers: Mapping[str, str] | None = None
    ) -> tuple[int, Message, bytes]:
        """Ask over HTTP; return status, headers (by any case) and body, whatever the status."""
        request = urllib.request.Request(self.url + path, method=method, headers=dict(headers or {}))
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as refusal:
            return refusal.code, refusal.headers, refusal.read()


def demo_register(shared: Path) -> Path:
    """Return the folder of a demo register below `shared`, made by whichever worker comes first."""
    folder, done = shared / "demo-register", shared / "demo-register.done"
    with FileLock(shared / "demo-register.lock"):
        if not done.exists():
            command = [sys.executable, "-m", "services", "demo", "--data", str(folder), "--if-empty"]
            made = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
            if made.returncode:
                raise ServerTrouble(f"no demo register: {made.stdout}{made.stderr}")
            done.touch()
    return folder


def free_port() -> int:
    """Return a loopback port that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(
    data: Path,
    log_file: Path,
    root: Path = ROOT,
    environment: Mapping[str, str] | None = None,
    port: int | None = None,
) -> Iterator[Server]:
    """Serve the app that lies in `root` on the folder `data` while the block runs; at any port, or at one."""
    server = start(data, log_file, root=root, environment=environment, port=port)
    try:
        yield server
    finally:
        stop(server.process)


def start(
    data: Path,
    log_file: Path,
    root: Path = ROOT,
    environment: Mapping[str, str] | None = None,
    port: int | None = None,
) -> Server:
    """Start a server and return when it says that it is well. The caller must `stop` its process."""
    # Somebody else may take the port between our look and the server's bind.
    for attempt in range(3):
        chosen = port or free_port()
        process = _launch(data, log_file, root, environment or {}, chosen)
        try:
            _wait_until_well(process, chosen, log_file)
        except ServerTrouble:
            stop(process)
            if attempt == 2 or "is not available" not in log_file.read_text("utf-8", errors="replace"):
                raise
        except BaseException:
            stop(process)
            raise
        else:
            return Server(process, chosen, data, log_file)
    raise AssertionError("unreachable")


def _launch(
    data: Path, log_file: Path, root: Path, environment: Mapping[str, str], port: int
) -> subprocess.Popen[bytes]:
    # What a server keeps for itself lies beside its log, so that no two tests share it.
    own = {"VEBS_DATA": str(data), "VEBS_STATE": str(log_file.parent / "state"), "PYTHONUNBUFFERED": "1"}
    settings = {**os.environ, **own, **environment}
    WATCH.follow(log_file, Path(settings["VEBS_SECRETS"]) if "VEBS_SECRETS" in settings else None)
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    with log_file.open("ab") as log:
        return subprocess.Popen(
            command, cwd=root, env=settings, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
        )


def _wait_until_well(process: subprocess.Popen[bytes], port: int, log_file: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise ServerTrouble(f"the server ended with {process.returncode}:\n{_tail(log_file)}")
        with (
            suppress(OSError),
            urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2) as answer,
        ):
            if answer.status == 200:
                return
        time.sleep(0.05)
    raise ServerTrouble(f"the server was not well within {START_SECONDS:.0f} s:\n{_tail(log_file)}")


def _tail(log_file: Path) -> str:
    return log_file.read_text("utf-8", errors="replace")[-3000:]


def stop(process: subprocess.Popen[bytes]) -> None:
    """End exactly this process: asked first, then made to."""
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(STOP_SECONDS)
