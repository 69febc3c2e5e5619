"""Every page, light and dark, wide and narrow, keeps WCAG 2.1 AA as far as axe-core can tell."""

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.addresses import address
from tests.browser.driving import Scheme, Violation, Visit, axe_violations, open_page, widest_overflow
from tests.pages_on_disk import PageFile, page_files
from tests.serving import Server

pytestmark = pytest.mark.slow


@dataclass(frozen=True, slots=True)
class Streamlits:
    """A violation in Streamlit's own elements that no page can mend."""

    rule: str
    html: str  # part of the element's HTML, enough to know it by
    reason: str

    def explains(self, violation: Violation) -> bool:
        """Say whether this is the violation meant."""
        return violation.rule == self.rule and self.html in violation.html


# Each is named in the accessibility statement (Om tjänsten). Mended by Streamlit, it is to be taken out.
STREAMLITS_OWN: tuple[Streamlits, ...] = ()


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("page", page_files(), ids=lambda page: page.name)
def test_a_page_is_accessible(
    page: PageFile, scheme: Scheme, width: int, server: Server, register: Path, browser: Browser
) -> None:
    with open_page(browser, address(server.url, page, register), width=width, scheme=scheme) as visit:
        faults = [*form_faults(visit.page), *ours(visit.page), *visit.trouble]

    assert not faults, "\n".join(faults)


def ours(page: Page) -> list[str]:
    """Return what axe finds, less what Streamlit alone can mend."""
    found = axe_violations(page)
    return [str(one) for one in found if not any(known.explains(one) for known in STREAMLITS_OWN)]


def form_faults(page: Page) -> list[str]:
    """Return what is wrong with the page's language, title, headings and width."""
    levels = page.locator("h1:visible, h2:visible, h3:visible, h4:visible").evaluate_all(
        "(all) => all.filter((one) => one.innerText.trim()).map((one) => Number(one.tagName[1]))"
    )
    jumps = [f"h{a} is followed by h{b}" for a, b in pairwise(levels) if b > a + 1]
    overflow = widest_overflow(page)
    checks = {
        "the language is not Swedish": page.locator("html").get_attribute("lang") == "sv",
        f"the title is Streamlit's: {page.title()}": page.title() not in {"", "Streamlit", "menu"},
        f"not exactly one h1, and first: {levels}": levels.count(1) == 1 and levels[0] == 1,
        f"{overflow} px wider than the window": overflow == 0,
    }
    return [fault for fault, well in checks.items() if not well] + jumps


@pytest.mark.parametrize("page", page_files(), ids=lambda page: page.name)
def test_a_page_fits_the_narrowest_phone(
    page: PageFile, server: Server, register: Path, browser: Browser
) -> None:
    # 320 px is also what 400 % zoom leaves of a common screen (WCAG 1.4.10).
    with open_page(browser, address(server.url, page, register), width=320, height=640) as visit:
        assert widest_overflow(visit.page) == 0


@pytest.mark.parametrize("page", page_files(), ids=lambda page: page.name)
def test_a_page_is_reached_with_the_keyboard(
    page: PageFile, server: Server, register: Path, browser: Browser
) -> None:
    with open_page(browser, address(server.url, page, register)) as visit:
        stops = [focused(visit) for _ in range(12)]

    assert any(stops), "nothing takes the focus"
    assert all(stop["seen"] for stop in stops if stop), stops


def focused(visit: Visit) -> dict[str, object] | None:
    """Press Tab; return what has the focus now and whether it can be seen, or None past the last stop."""
    visit.page.keyboard.press("Tab")
    stop = visit.page.evaluate(
        """() => {
          const element = document.activeElement;
          if (!element || element === document.body) return null;
          const box = element.getBoundingClientRect();
          return { what: element.outerHTML.slice(0, 120), seen: box.width > 0 && box.height > 0 };
        }"""
    )
    return dict(stop) if stop else None
