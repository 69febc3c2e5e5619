"""Logging in and out as a person does it, and what she sees then."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.driving import ON_VIOLATION, READY, TIMEOUT, Visit
from tests.oidc.cookies import by_name
from tests.oidc.deployment import Deployment
from tests.people import SCHOOLS

SIXTY_SECONDS = 60_000


@contextmanager
def a_browser_of(
    browser: Browser, cookies: Mapping[str, str] | None = None, url: str = "", width: int = 1280
) -> Iterator[BrowserContext]:
    """Somebody's own browser, with these cookies of the site at `url` in it."""
    context = browser.new_context(viewport={"width": width, "height": 900}, locale="sv-SE")
    try:
        context.add_init_script(ON_VIOLATION)
        context.set_default_timeout(TIMEOUT)
        for name, value in (cookies or {}).items():
            context.add_cookies([{"name": name, "value": value, "url": url}])
        yield context
    finally:
        context.close()


def open_tab(context: BrowserContext, url: str) -> Visit:
    """Another tab in the same browser, drawn."""
    page = context.new_page()
    visit = Visit(page, url)
    page.on("pageerror", lambda error: visit.errors.append(str(error)))
    visit.go(url)
    return visit


def log_in(visit: Visit, deployed: Deployment, who: str) -> None:
    """Press the button, be somebody at the provider, and wait until our page is drawn again."""
    visit.page.get_by_role("button", name="Logga in").click()
    visit.page.wait_for_url(f"{deployed.provider.url}/**")
    visit.page.fill("input[name=sub]", who)
    visit.page.get_by_role("button", name="Authorize").click()
    visit.page.wait_for_url(f"{deployed.url}/**")
    visit.wait()


def login_cookies(context: BrowserContext) -> dict[str, str]:
    """The cookies of the login."""
    return by_name(context.cookies())  # type: ignore[arg-type]


def said(page: Page) -> str:
    """What can be read on the page, without the signs that can't be seen."""
    return re.sub(r"[\u2060\u200b]", "", page.inner_text('[data-testid="stApp"]'))


def wait_until_said(page: Page, words: str, timeout: float = SIXTY_SECONDS) -> None:
    """Wait until the page says so, however it comes to it, and is drawn."""
    page.get_by_text(words).first.wait_for(timeout=timeout)
    page.wait_for_selector(READY)


def assert_lets_nobody_in(visit: Visit) -> None:
    """Fail if the page greets anybody, leads anywhere but out, or holds anything of the register."""
    content = visit.page.content()
    assert [name for name in SCHOOLS.values() if name in content] == []
    assert [code for code in SCHOOLS if f">{code}" in content] == []
    assert "Hej " not in content
    links = visit.page.locator('[data-testid="stSidebarNavLink"]').all_inner_texts()
    assert set(links) <= {"Start", "Svara", "Om tjänsten"}
