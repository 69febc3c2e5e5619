"""The real server, asked over its websocket as a browser does: how fast, how soon, how much memory."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from statistics import median

from websockets.exceptions import WebSocketException

from tests.benchmarks.measuring import Measurement, in_milliseconds
from tests.raw_client import RawClient
from tests.serving import ROOT, Server, free_port, serving

PAGES = (("overview", "Översikt"), ("school", "Skola"))
VISITOR = "som=unni"
TIMES = 15
VIEWERS = 20
STARTS = 3
PATIENCE = 120.0


def measure_pages(small: Path, large: Path, folder: Path) -> list[Measurement]:
    """A warm Översikt and Skola, and the same with ten times the answers."""
    found = []
    with _served(small, folder) as server, _served(large, folder) as server10:
        for page, title in PAGES:
            once, ten = _warm_times([server, server10], page)
            note = f"shortest {in_milliseconds(min(once))}, with 10 × the answers {in_milliseconds(min(ten))}"
            ratio = min(ten) / min(once)
            found += [
                Measurement(f"{title}, warm: server time, median", median(once) * 1000, 150, "ms", note),
                Measurement(f"{title}, warm: 10 × the answers, against 1 ×", ratio, 1.3, "×"),
            ]
    return found


def _warm_times(servers: list[Server], page: str) -> list[list[float]]:
    """How long each server needs for the page, turn about, each time for a new visitor."""
    taken: list[list[float]] = [[] for _ in servers]
    for turn in range(TIMES + 2):
        for place, server in enumerate(servers):
            with RawClient(server.url) as client:
                begun = time.perf_counter()
                _draw(client, page)
                if turn >= 2:  # the first turns warm it
                    taken[place].append(time.perf_counter() - begun)
    return taken


def _draw(client: RawClient, page: str = PAGES[0][0]) -> None:
    """Have a page drawn to its end, and make sure that it was one with figures."""
    if "vega_lite_chart" not in client.run(page, VISITOR).kinds:
        raise AssertionError(f"the page {page} drew no chart")


def measure_memory(small: Path, folder: Path) -> list[Measurement]:
    """The process when a first visitor has seen Översikt, and each further one that stays on it."""
    with _served(small, folder) as server, ExitStack() as staying:
        for _ in range(3):  # what every visit leaves behind is there before anything is counted
            with RawClient(server.url) as client:
                _draw(client)
        _draw(staying.enter_context(RawClient(server.url)))
        alone = _megabytes(server.process.pid)
        for _ in range(VIEWERS):
            _draw(staying.enter_context(RawClient(server.url)))
        each = (_megabytes(server.process.pid) - alone) / VIEWERS
    return [
        Measurement("memory with 7 rounds loaded and one viewer", alone, 400, "MB"),
        Measurement("memory for each further viewer", max(each, 0.0), 5, "MB", f"over {VIEWERS} viewers"),
    ]


def _megabytes(pid: int) -> float:
    found = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=True)
    return int(found.stdout) * 1024 / 1e6


@contextmanager
def _served(register: Path, folder: Path) -> Iterator[Server]:
    state = folder / f"state-{register.name}"
    log = folder / f"{register.name}.log"
    with serving(register, log, environment={"VEBS_STATE": str(state)}) as server:
        yield server


def measure_starts(folder: Path) -> list[Measurement]:
    """`make run` until the first page is drawn, with the demo to be made first and with the demo there."""
    made_first = [_first_page(folder / f"demo-{turn}", folder) for turn in range(STARTS)]
    there = [_first_page(folder / f"demo-{turn}", folder) for turn in range(STARTS)]
    shortest = "shortest of {}, median {:.1f} s".format
    return [
        Measurement("make run to the first page", min(there), 4, "s", shortest(STARTS, median(there))),
        Measurement("… demo made first", min(made_first), 15, "s", shortest(STARTS, median(made_first))),
    ]


def _first_page(data: Path, folder: Path) -> float:
    """Seconds from the command to the last message of Översikt."""
    port = free_port()
    settings = {"PORT": str(port), "VEBS_DATA": str(data), "VEBS_STATE": str(folder / f"state-{data.name}")}
    with (folder / "make-run.log").open("ab") as log:
        begun = time.perf_counter()
        make = subprocess.Popen(
            ["make", "--silent", "run"],
            cwd=ROOT,
            env={**os.environ, **settings},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            _wait_for_page(f"http://127.0.0.1:{port}", begun)
            return time.perf_counter() - begun
        finally:
            _stop(make)


def _wait_for_page(url: str, begun: float) -> None:
    while True:
        try:
            with RawClient(url) as client:
                _draw(client)
                return
        except (OSError, WebSocketException):
            if time.perf_counter() - begun > PATIENCE:
                raise
            time.sleep(0.02)


def _stop(make: "subprocess.Popen[bytes]") -> None:
    """End make and the server it started, which are a session of their own."""
    with suppress(ProcessLookupError):
        os.killpg(make.pid, signal.SIGTERM)
    try:
        make.wait(10)
    except subprocess.TimeoutExpired:
        os.killpg(make.pid, signal.SIGKILL)
        make.wait(10)
