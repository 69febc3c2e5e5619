"""Who logs in at the municipality's provider sees what her roles let her see, and comes out again."""

import pytest
from playwright.sync_api import Browser

from tests.browser.logging_in import (
    a_browser_of,
    assert_lets_nobody_in,
    log_in,
    login_cookies,
    open_tab,
    said,
    wait_until_said,
)
from tests.oidc.cookies import client_with
from tests.oidc.deployment import ALL_PERMISSIONS, CONTACT, Deployment
from tests.people import BJORKSKOLAN, EKSKOLAN, RONNBARSSKOLAN, SCHOOLS
from tests.raw_client import FIGURES

pytestmark = pytest.mark.slow

LOG_IN = "Logga in med ditt arbetskonto för att komma vidare."


def test_petra_logs_in_and_the_start_page_greets_her_at_once(deployed: Deployment, browser: Browser) -> None:
    with a_browser_of(browser) as hers:
        tab = open_tab(hers, deployed.url)
        assert LOG_IN in said(tab.page)
        assert_lets_nobody_in(tab)

        log_in(tab, deployed, "petra")

        assert tab.page.get_by_role("heading", level=1).inner_text() == "Hej Petra!"
        assert "Inloggad som petra@example.se" in said(tab.page)
        assert tab.page.get_by_role("button", name="Logga in").count() == 0
        assert tab.page.url == f"{deployed.url}/"

        tab.page.get_by_role("link", name="Skola").first.click()
        wait_until_said(tab.page, "Ekskolan")
        assert "Björkskolan" not in tab.page.content()
        # A foreign code in the address changes nothing.
        tab.go(f"{deployed.url}/school?skola={BJORKSKOLAN}&omgang=2021")
        assert "Ekskolan" in said(tab.page) and "Björkskolan" not in tab.page.content()
        # Another tab of the same browser is logged in from the beginning.
        assert "Hej Petra!" in said(open_tab(hers, deployed.url).page)
        assert tab.errors == [] and tab.violations == []


def test_a_link_leads_through_the_login_to_what_it_names(deployed: Deployment, browser: Browser) -> None:
    link = f"{deployed.url}/school?omgang=2021&skola={RONNBARSSKOLAN}"
    with a_browser_of(browser) as his:
        tab = open_tab(his, link)
        assert tab.page.get_by_role("heading", level=1).inner_text() == "Behörighet saknas"
        assert LOG_IN in said(tab.page)
        assert_lets_nobody_in(tab)

        log_in(tab, deployed, "per")

        assert tab.page.url == link
        assert "Rönnbärsskolan" in said(tab.page)
        # Per has two schools, and no third.
        tab.page.locator('[data-testid="stSelectbox"]', has_text="Skola").locator("input").click()
        options = tab.page.get_by_role("option").all_inner_texts()
        assert options == [SCHOOLS[BJORKSKOLAN], SCHOOLS[RONNBARSSKOLAN]]


def test_somebody_with_two_roles_has_the_pages_of_both(deployed: Deployment, browser: Browser) -> None:
    with a_browser_of(browser) as hers:
        tab = open_tab(hers, deployed.url)
        log_in(tab, deployed, "rita")
        pages = tab.page.locator('[data-testid="stSidebarNavLink"]').all_inner_texts()
        assert pages == [
            "Start",
            "Översikt",
            "Delområden",
            "Skola",
            "Certifiering",
            "Processåret",
            "Handlingsplan",
            "Självskattning",
            "Svara",
            "Samtalsläge",
            "Om tjänsten",
        ]


def test_an_address_in_capitals_is_the_same_address(deployed: Deployment, browser: Browser) -> None:
    deployed.provider.knows("UNNI", email="Unni@Example.SE", email_verified=True, name="Unni Berg")
    with a_browser_of(browser) as hers:
        tab = open_tab(hers, deployed.url)
        log_in(tab, deployed, "UNNI")
        assert "Hej Unni Berg!" in said(tab.page)
        assert "Kontroll" in tab.page.locator('[data-testid="stSidebarNavLink"]').all_inner_texts()


def test_logging_out_ends_every_tab_and_every_copy_of_the_cookie(
    deployed: Deployment, browser: Browser
) -> None:
    with a_browser_of(browser) as hers:
        here = open_tab(hers, deployed.url)
        log_in(here, deployed, "petra")
        there = open_tab(hers, f"{deployed.url}/school")
        assert "Ekskolan" in said(there.page)
        copied = login_cookies(hers)
        with client_with(copied, deployed.url) as thief:
            assert "Ekskolan" in thief.run(page="school").text, "the copy is good until she logs out"

            here.page.get_by_role("button", name="Logga ut").click()
            wait_until_said(here.page, LOG_IN)
            wait_until_said(there.page, "Du har loggat ut.")

            # Whoever was in with the copy is out, in the midst of it.
            assert "Ekskolan" not in thief.run(page="school").text

        assert_lets_nobody_in(here)
        assert_lets_nobody_in(there)
        assert here.page.url == f"{deployed.url}/"
        assert login_cookies(hers) == {}

        log_in(there, deployed, "petra")
        assert "Ekskolan" in said(there.page), "she may come back at once"

    with a_browser_of(browser, copied, deployed.url) as theirs:
        tab = open_tab(theirs, f"{deployed.url}/school")
        assert "Du har loggat ut. Logga in igen för att fortsätta." in said(tab.page)
        assert_lets_nobody_in(tab)
    with client_with(copied, deployed.url) as again:
        answer = again.run(page="school")
    assert "Ekskolan" not in answer.text and not FIGURES.intersection(answer.kinds)


def test_a_provider_that_ends_its_own_session_too_sends_her_back_without_a_word_of_failure(
    deployed: Deployment, browser: Browser
) -> None:
    deployed.provider.tells_the_truth(ends_sessions=True)
    try:
        with a_browser_of(browser) as hers:
            tab = open_tab(hers, deployed.url)
            log_in(tab, deployed, "petra")
            tab.page.get_by_role("button", name="Logga ut").click()
            tab.page.get_by_role("button", name="End session").click()
            wait_until_said(tab.page, LOG_IN)
            assert tab.page.url == f"{deployed.url}/"
            assert_lets_nobody_in(tab)
    finally:
        deployed.provider.tells_the_truth()


NOBODY = {
    "nils": f"Arbetar du på en skola? Fråga din rektor. Är du rektor, eller arbetar du någon annanstans i "
    f"kommunen? Fråga Digitaliseringsenheten ({CONTACT}).",
    "sanna": "men din behörighet gällde till och med 30 juni 2026.",
    "otto": "Du är inloggad med ett konto som inte hör till kommunen.",
    "olga": "Din e-postadress är inte bekräftad",
}


@pytest.mark.parametrize("who", NOBODY)
def test_whoever_may_not_come_in_is_told_why_and_whom_to_ask(
    who: str, deployed: Deployment, browser: Browser
) -> None:
    deployed.provider.knows("otto", email="otto@example.com", email_verified=True, given_name="Otto")
    deployed.provider.knows("olga", email="unni@example.se", email_verified=False, given_name="Olga")
    with a_browser_of(browser) as theirs:
        tab = open_tab(theirs, f"{deployed.url}/school?skola={EKSKOLAN}")
        log_in(tab, deployed, who)

        assert tab.page.get_by_role("heading", level=1).inner_text() == "Behörighet saknas"
        assert NOBODY[who] in said(tab.page)
        assert tab.page.get_by_role("button", name="Logga ut").count() == 1
        assert_lets_nobody_in(tab)
        with client_with(login_cookies(theirs), deployed.url) as client:
            pages = ("", "overview", "areas", "school", "certification", "checks")
            drawn = [client.run(page=page) for page in pages]
        assert not [page for page, one in zip(pages, drawn, strict=True) if FIGURES.intersection(one.kinds)]
        assert not [name for name in SCHOOLS.values() if any(name in one.text for one in drawn)]


def test_a_role_that_is_taken_away_is_gone_in_every_open_tab_within_a_minute(
    deployed: Deployment, browser: Browser
) -> None:
    with a_browser_of(browser) as hers:
        here = open_tab(hers, f"{deployed.url}/school")
        log_in(here, deployed, "lena")
        there = open_tab(hers, f"{deployed.url}/certification")
        assert "Ekskolan" in said(here.page) and "Ekskolan" in said(there.page)

        deployed.permits(*(row for row in ALL_PERMISSIONS if row["E-post"] != "lena@example.se"))
        try:
            for tab in (here, there):
                wait_until_said(tab.page, "Behörighet saknas")
                assert "Du är inloggad som lena@example.se" in said(tab.page)
                assert_lets_nobody_in(tab)
        finally:
            deployed.permits(*ALL_PERMISSIONS)
