"""A browser that notes whatever a hostile text achieved: a script, a request, an element, a violation."""

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route

from tests.browser.driving import DOES_WITHOUT, Visit
from tests.hostile.payloads import FOREIGN
from tests.pages.test_plain_text import as_read

INIT = """
window.__violations = [];
document.addEventListener('securitypolicyviolation', (event) => {
  window.__violations.push(`${event.violatedDirective} ${event.blockedURI}`);
});
"""
MADE = """(hosts) => {
  const found = [];
  if (window.__xss !== undefined) found.push('a script ran');
  const names = (text) => hosts.some((host) => text.includes(host));
  const foreign = (url) => names(url) || /^\\s*(javascript|vbscript|data:text)/i.test(url);
  const leads = ('href xlink:href src srcset srcdoc action formaction data poster ping').split(' ');
  for (const element of document.querySelectorAll('*')) {
    const note = (what) => found.push(`${what}: ${element.outerHTML.slice(0, 120)}`);
    if (element.classList.contains('evilmark')) note('an element was made');
    for (const { name, value } of element.attributes) {
      if (/^on/i.test(name)) note(`it listens by ${name}`);
      if (leads.includes(name) && foreign(value)) note(`its ${name} leads away`);
      if (name === 'style' && /url\\(|@import/i.test(value) && names(value)) note('its style leads away');
    }
    if (element.tagName === 'STYLE' && names(element.textContent)) note('a style was written');
  }
  for (const made of ['.katex', '[data-testid="stMain"] iframe', '[data-testid="stMain"] object']) {
    if (document.querySelector(made)) found.push(`there is ${made}`);
  }
  if (names(document.title)) found.push('it is in the title');
  return found;
}"""
"""What the hostile texts have made of the page, a sentence each."""
# How many tenths of a second a text may be late.
PATIENCE = 300
UNFOLD = "document.querySelectorAll('details:not([open]) > summary').forEach((one) => one.click())"


@dataclass
class Trap:
    """A port on which nobody should ever call."""

    host: str
    callers: list[str] = field(default_factory=list)


@contextmanager
def trap() -> Iterator[Trap]:
    """Listen on a loopback port; whoever calls, the server as well as the browser, is noted."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        found = Trap(f"127.0.0.1:{listener.getsockname()[1]}")
        done = threading.Event()

        def listen() -> None:
            while not done.is_set():
                try:
                    caller, _ = listener.accept()
                except TimeoutError:
                    continue
                with caller:
                    caller.settimeout(1.0)
                    try:
                        found.callers.append(caller.recv(200).decode(errors="replace"))
                    except OSError as lost:
                        found.callers.append(type(lost).__name__)

        thread = threading.Thread(target=listen)
        thread.start()
        try:
            yield found
        finally:
            done.set()
            thread.join()


class Watched:
    """One visitor's tab, and all that was seen in it."""

    def __init__(self, visit: Visit, hosts: tuple[str, ...]) -> None:
        self.visit, self.hosts = visit, hosts
        self.achieved: list[str] = []
        self.read: list[str] = []

    @property
    def page(self) -> Page:
        return self.visit.page

    def go(self, url: str) -> None:
        """Open a page; what the one before it was refused is told first."""
        self.look()
        self.visit.go(url)
        self.look()

    def look(self) -> None:
        """Note what the texts have made of the page as it is now, and what can be read on it."""
        if self.page.url == "about:blank":
            return
        self.achieved += self.page.evaluate(MADE, list(self.hosts))
        told = self.page.evaluate("window.__violations.splice(0)")
        refused = [one for one in told if not one.startswith(DOES_WITHOUT)]
        self.achieved += [f"the policy had to refuse {one}" for one in refused]
        self.read.append(visible(self.page.locator("body").inner_text()))

    def says(self, text: str) -> bool:
        """Whether a cell's text can be read on the page, letter for letter."""
        return any(visible(as_read(text)) in one for one in self.read)

    def comes_to_say(self, text: str) -> bool:
        """Whether a cell's text can be read now or in a while: a page may draw in more than one go."""
        for _ in range(PATIENCE):
            if self.says(text):
                return True
            self.page.wait_for_timeout(100)
            self.look()
        return self.says(text)

    def everything(self) -> None:
        """Fold out, point at and open whatever the page has; look each time."""
        self.page.evaluate(UNFOLD)
        self.visit.wait()
        self.look()
        for sign in self.page.get_by_test_id("stTooltipIcon").all():
            sign.hover()
            self.look()
        for box in self.page.get_by_test_id("stSelectbox").locator("input").all():
            self.open_list(box)
        for chart in self.page.get_by_test_id("stVegaLiteChart").all()[:3]:
            self.point_at(chart)
        for table in self.page.get_by_test_id("stDataFrame").all()[:2]:
            self.open_cell(table)

    def open_list(self, box: Locator) -> None:
        """Open a list to choose from, by the keyboard, and close it again."""
        box.focus()
        self.page.keyboard.press("ArrowDown")
        self.page.wait_for_timeout(120)
        self.look()
        self.page.keyboard.press("Escape")

    def point_at(self, chart: Locator) -> None:
        """Point at something in a chart, so that its tooltip comes."""
        marks = chart.locator("svg .role-mark path, svg .role-mark text").all()
        chart.scroll_into_view_if_needed()
        for mark in marks[len(marks) // 2 :][:1]:
            mark.hover(force=True)
            self.page.wait_for_timeout(150)
            self.look()

    def open_cell(self, table: Locator) -> None:
        """Click twice in a cell, so that all of its text comes up; close it again."""
        table.scroll_into_view_if_needed()
        table.dblclick(position={"x": 60, "y": 52})
        self.page.wait_for_timeout(150)
        self.look()
        self.page.keyboard.press("Escape")
        self.visit.wait()


@contextmanager
def watched(browser: Browser, origin: str, hosts: tuple[str, ...]) -> Iterator[Watched]:
    """A tab in which every request is stopped that is not to `origin`."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="sv-SE")
    try:
        context.add_init_script(INIT)
        page = context.new_page()
        visit = Visit(page, origin)
        seen = Watched(visit, hosts)
        _keep_in(context, origin, seen)
        page.on("dialog", lambda dialog: (seen.achieved.append("a dialog opened"), dialog.dismiss()))
        page.on("popup", lambda other: seen.achieved.append(f"a window opened: {other.url}"))
        page.on("websocket", visit.note_request)
        yield seen
        seen.look()
        seen.achieved += [f"a socket was opened to {one}" for one in visit.foreign]
    finally:
        context.close()


def _keep_in(context: BrowserContext, origin: str, seen: Watched) -> None:
    own = urlsplit(origin).netloc

    def meet(route: Route) -> None:
        parts = urlsplit(route.request.url)
        if parts.netloc == own or parts.scheme in {"data", "blob"}:
            route.continue_()
            return
        seen.achieved.append(f"a request left for {route.request.url}")
        route.abort()

    def note(url: str) -> None:
        if any(host in urlsplit(url).netloc for host in (FOREIGN, *seen.hosts)):
            seen.achieved.append(f"a request was made for {url}")

    context.route("**", meet)
    context.on("request", lambda request: note(request.url))


def visible(text: str) -> str:
    """Text as it is read: without what takes no room, and with one blank where there are several."""
    return re.sub(r"\s+", " ", re.sub("[\u2060\ufeff]", "", text)).strip()
