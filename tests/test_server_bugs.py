"""A bug anywhere in the server is a number: on the page, in the log, and never what it may quote."""

import asyncio
import re
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from starlette.types import Receive, Scope, Send
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from pages.components.server.headers import SecurityHeaders
from tests.raw_client import RawClient
from tests.serving import ROOT, Server, serving

pytestmark = pytest.mark.slow


def test_a_bug_is_a_number_on_the_page_and_in_the_log(tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(ROOT, broken, ignore=shutil.ignore_patterns(".*", "tests", "data"))
    shutil.copytree(ROOT / ".streamlit", broken / ".streamlit")
    (broken / "pages" / "menu.py").write_text('{}["anna" + ".svensson"]\n', "utf-8")

    with (
        serving(tmp_path / "data", tmp_path / "server.log", root=broken) as server,
        RawClient(server.url) as client,
    ):
        told = client.run()
        log = server.log

    number = re.search(
        r"Något gick fel hos oss\. Felet är antecknat med nummer ([A-Z]{2}\d{2}[A-Z]{2})\. "
        r"Försök igen, eller kontakta Digitaliseringsenheten\.",
        told.text,
    )
    assert number is not None and told.kinds == ("alert",)
    assert f"bug {number[1]}: builtins.KeyError" in log and "menu.py" in log
    assert "anna.svensson" not in told.text
    assert "anna.svensson" not in log


BROKEN = """
import streamlit as st
from pages.components import boundary

def broken():
    {}["anna" + ".svensson"]

@st.fragment
def part():
    if st.button("Del", key="in_part"):
        broken()

st.button("Hela", key="whole", on_click=broken)
part()
"""
SENTENCE = re.compile(r"Felet är antecknat med nummer ([A-Z]{2}\d{2}[A-Z]{2})\.")


def wait_until(true: Callable[[], bool]) -> None:
    for _ in range(600):
        if true():
            return
        time.sleep(0.05)
    raise AssertionError("it never became true")


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("broken")
    root = folder / "broken"
    shutil.copytree(ROOT, root, ignore=shutil.ignore_patterns(".*", "tests", "data"))
    shutil.copytree(ROOT / ".streamlit", root / ".streamlit")
    (root / "pages" / "menu.py").write_text(BROKEN, "utf-8")
    with serving(folder / "data", folder / "server.log", root=root) as running:
        yield running


@pytest.mark.parametrize("where", ["whole", "in_part"])
def test_a_bug_in_a_callback_or_in_a_part_of_a_page_is_a_number_too(broken: Server, where: str) -> None:
    with RawClient(broken.url) as client:
        first = client.run()
        pressed = {first.widget(where): "trigger"}
        if where == "whole":
            told = client.run(widgets=pressed).text
        else:
            [part] = {one.delta.fragment_id for one in first.messages if one.delta.fragment_id}
            client.ask_for_part(part, pressed)
            # Asked for at once, the page would take the place of its part.
            wait_until(lambda: "in part" in broken.log)
            told = client.run().text

    number = SENTENCE.search(told)
    assert number is not None
    assert f"bug {number[1]}: builtins.KeyError" in broken.log
    assert "anna.svensson" not in told + broken.log and "Traceback" not in told + broken.log


@pytest.mark.parametrize("frame", ["en rad text", b"\xff\xff\xff"])
def test_what_breaks_in_a_websocket_is_a_number_in_the_log(broken: Server, frame: str | bytes) -> None:
    before = len(broken.log)
    with connect(broken.url.replace("http", "ws") + "/_stcore/stream", proxy=None) as socket:
        socket.send(frame)
        with pytest.raises(ConnectionClosed):
            while True:
                socket.recv(timeout=10)
    wait_until(lambda: "(bug " in broken.log[before:])

    log = broken.log[before:]
    assert re.search(r"\(bug [A-Z]{2}\d{2}[A-Z]{2}: ", log)
    assert "Traceback" not in log


def test_a_bug_in_front_of_the_app_is_a_number_with_all_headers(caplog: pytest.LogCaptureFixture) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        {}["anna" + ".svensson"]

    async def asked() -> httpx.Response:
        transport = httpx.ASGITransport(SecurityHeaders(app, is_https=True))
        async with httpx.AsyncClient(transport=transport, base_url="https://vebs.example.se") as browser:
            return await browser.get("/")

    answer = asyncio.run(asked())

    number = SENTENCE.search(answer.text)
    assert answer.status_code == 500 and number is not None
    assert f"bug {number[1]}: builtins.KeyError" in caplog.text
    assert answer.headers["content-security-policy"].startswith("default-src 'self'")
    assert answer.headers["strict-transport-security"] and "anna.svensson" not in answer.text + caplog.text
