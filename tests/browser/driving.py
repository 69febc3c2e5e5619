"""Driving the app in a real Chromium: open a page, wait until it is drawn, see what it did meanwhile.

with chromium() as browser, open_page(browser, f"{url}/overview?som=unni", width=360) as visit:
    assert visit.page.get_by_role("heading", level=1).inner_text() == "Översikt"
    assert visit.trouble == []
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, WebSocket, sync_playwright

from tests.browser.find import NO_BROWSER, find_browser

Scheme = Literal["light", "dark"]

# Without a graphics card, and without the browser calling home while we count foreign requests.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
READY = (
    '[data-testid="stApp"][data-test-script-state="notRunning"][data-test-connection-state="CONNECTED"]'
    ' [data-testid="stMainBlockContainer"]'
)
# Where something is still to come: a placeholder, or a chart whose container is empty.
PENDING = """() => {
  if (document.querySelector('[data-testid="stSkeleton"], [data-testid="stAppSkeleton"]')) return false;
  const charts = [...document.querySelectorAll('[data-testid="stVegaLiteChart"]')];
  return charts.every((chart) => chart.querySelector('canvas, svg'));
}"""
ON_VIOLATION = """
window.__violations = [];
document.addEventListener('securitypolicyviolation', (event) => {
  window.__violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile || ''}`);
});
"""
# Streamlit's reader of messages tries WebAssembly for long integers and, refused, counts without it.
# Allowing it would allow it to everything, so the policy stays as strict as the app can live with.
DOES_WITHOUT = "script-src wasm-eval"
# Opened at a page's address, Streamlit first asks whether the app lives below that address.
PROBES = re.compile(r"/[^/]+/_stcore/(health|host-config)")
# Milliseconds, as Playwright counts.
TIMEOUT = 30_000


# Without slots: Playwright hangs marks of its own on whatever listens to it.
@dataclass
class Visit:
    """An open page and what was seen while it was open."""

    page: Page
    origin: str
    errors: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    @property
    def violations(self) -> list[str]:
        """What the content policy refused, as the page itself was told."""
        told = [str(one) for one in self.page.evaluate("window.__violations")]
        return [one for one in told if not one.startswith(DOES_WITHOUT)]

    @property
    def trouble(self) -> list[str]:
        """Errors in the console, refusals by the policy, requests to anyone but our server."""
        return [*self.errors, *self.violations, *self.foreign]

    def go(self, url: str) -> None:
        """Open another address in the same tab and wait until it is drawn."""
        self.page.goto(url)
        self.wait()

    def wait(self) -> None:
        """Wait until the script has run and its charts are drawn."""
        self.page.wait_for_selector(READY, timeout=TIMEOUT)
        self.page.wait_for_function(PENDING, timeout=TIMEOUT)
        # A rerun that the page itself asked for (a widget bound to the address) begins within a frame or two.
        self.page.wait_for_timeout(150)
        self.page.wait_for_selector(READY, timeout=TIMEOUT)

    def note_console(self, message: ConsoleMessage) -> None:
        """Keep an error; the rest is chatter."""
        url = message.location.get("url", "")
        if message.type == "error" and not PROBES.fullmatch(urlsplit(url).path):
            self.errors.append(f"{message.text} ({url})")

    def note_request(self, request: Request | WebSocket) -> None:
        """Keep a request to anyone but our server."""
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "blob"} and parts.netloc != urlsplit(self.origin).netloc:
            self.foreign.append(request.url)

    def note_failure(self, request: Request) -> None:
        """Forget a request that never left, because the policy stopped it: that is a violation instead."""
        if request.failure == "csp" and request.url in self.foreign:
            self.foreign.remove(request.url)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run the browser that was found on this machine."""
    path = find_browser()
    if path is None:
        raise RuntimeError(NO_BROWSER)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(path), args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def open_page(
    browser: Browser, url: str, *, width: int = 1280, height: int = 900, scheme: Scheme = "light"
) -> Iterator[Visit]:
    """Open `url` as a visitor of her own (no cookies) and yield when it is drawn."""
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=scheme,
        locale="sv-SE",
        accept_downloads=True,
    )
    try:
        context.add_init_script(ON_VIOLATION)
        page = context.new_page()
        page.set_default_timeout(TIMEOUT)
        parts = urlsplit(url)
        visit = Visit(page, f"{parts.scheme}://{parts.netloc}")
        page.on("console", visit.note_console)
        page.on("pageerror", lambda error: visit.errors.append(str(error)))
        page.on("request", visit.note_request)
        page.on("requestfailed", visit.note_failure)
        page.on("websocket", visit.note_request)
        visit.go(url)
        yield visit
    finally:
        context.close()


@dataclass(frozen=True, slots=True)
class Violation:
    """One rule of axe that one element breaks."""

    rule: str
    impact: str
    target: str
    html: str
    why: str

    def __str__(self) -> str:
        return f"{self.rule} ({self.impact}): {self.target}\n    {self.html}\n    {self.why}"


# WCAG 2.1 A and AA are the law; best practices are not.
AXE_OPTIONS: Mapping[str, Any] = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]},
    "resultTypes": ["violations"],
}


def axe_violations(page: Page, impacts: Sequence[str] = ("serious", "critical")) -> list[Violation]:
    """Return what axe-core finds on the whole page, of these impacts, one for each element."""
    # It judges the contrast of what it can see only, so all of it must be in the window.
    grow(page)
    response = Axe().run(page, options=dict(AXE_OPTIONS)).response
    return [
        Violation(
            rule=str(rule["id"]),
            impact=str(rule["impact"]),
            target=" ".join(str(part) for part in node["target"]),
            html=re.sub(r"\s+", " ", str(node["html"]))[:300],
            why=re.sub(r"\s+", " ", str(node.get("failureSummary", "")))[:300],
        )
        for rule in response["violations"]
        if rule["impact"] in impacts
        for node in rule["nodes"]
    ]


HEIGHT = """() => Math.max(...[...document.querySelectorAll(
  '[data-testid="stMain"], [data-testid="stSidebarContent"], body'
)].map((element) => element.scrollHeight))"""
OVERFLOW = """() => Math.max(0, ...[...document.querySelectorAll('[data-testid="stMain"], html')]
  .map((element) => element.scrollWidth - element.clientWidth))"""


def full_height(page: Page) -> int:
    """Return the height the whole page needs: it is the page's middle that scrolls, not the window."""
    return int(page.evaluate(HEIGHT))


def grow(page: Page) -> None:
    """Make the window as high as the page and wait for what that brings into sight."""
    width = page.viewport_size["width"] if page.viewport_size else 1280
    for _ in range(3):
        height = full_height(page)
        if page.viewport_size and page.viewport_size["height"] >= height:
            return
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(400)
        page.wait_for_selector(READY)
        page.wait_for_function(PENDING)


def widest_overflow(page: Page) -> int:
    """Return by how many pixels the page is wider than its window; 0 is what a phone needs."""
    return int(page.evaluate(OVERFLOW))
