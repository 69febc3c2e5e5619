"""The pages in a visitor's hands: a click, the keyboard, the back button, paper, and odd names."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.driving import Visit, open_page
from tests.pages.registers import DEMO_DAY
from tests.pages.test_plain_text import HOSTILE, as_read
from tests.people import EKSKOLAN, answers, register_sheets, save
from tests.register_on_disk import schools
from tests.serving import Server, serving

pytestmark = pytest.mark.slow

MAIN = '[data-testid="stMain"]'
MOST_STOPS = 40


def parameter(page: Page, name: str) -> str | None:
    return parse_qs(urlsplit(page.url).query).get(name, [None])[0]


def wait_for_parameter(visit: Visit, name: str, value: str) -> None:
    visit.page.wait_for_url(lambda url: parse_qs(urlsplit(url).query).get(name) == [value])
    visit.wait()


def school_shown(page: Page) -> str:
    """The heading under the choices on Skola."""
    return page.locator(f"{MAIN} h2").first.inner_text().strip()


@pytest.fixture(scope="module")
def code(register: Path) -> dict[str, str]:
    return {school.name: school.code for school in schools(register) if school.active}


# --- With a mouse ------------------------------------------------------------------------------------


def test_a_click_on_a_cell_of_the_heat_map_opens_that_school(
    server: Server, browser: Browser, code: dict[str, str]
) -> None:
    with open_page(browser, f"{server.url}/overview?som=unni&omgang=2020") as visit:
        search = visit.page.get_by_label("Sök skola")
        search.fill("ltrast")
        search.press("Enter")
        visit.page.wait_for_timeout(500)
        visit.wait()
        cells = visit.page.locator('.st-key-heat [data-testid="stVegaLiteChart"] svg .mark-rect path').all()
        heights = [box["height"] for cell in cells if (box := cell.bounding_box())]
        assert len(heights) == 5 and min(heights) > 16, "a single school has room for its figures"
        cells[2].click()
        visit.page.wait_for_url(re.compile(r"/school\?"))
        wait_for_parameter(visit, "skola", code["Koltrastskolan"])
        assert school_shown(visit.page) == "Koltrastskolan"
        assert parameter(visit.page, "omgang") == "2020"
        assert visit.trouble == []


def test_choosing_another_round_changes_address_and_figures_and_back_undoes_it(
    server: Server, browser: Browser
) -> None:
    with open_page(browser, f"{server.url}/school?som=petra&omgang=2021") as visit:
        before = visit.page.locator(MAIN).inner_text()
        visit.page.get_by_label("Omgång", exact=True).click()
        visit.page.get_by_role("option", name="2019 (publicerad)").click()
        wait_for_parameter(visit, "omgang", "2019")
        assert visit.page.locator(MAIN).inner_text() != before
        assert parameter(visit.page, "skola") == EKSKOLAN
        visit.page.go_back()
        wait_for_parameter(visit, "omgang", "2021")
        visit.page.wait_for_function("(text) => document.body.innerText.includes(text)", arg="42 av 51")
        assert visit.trouble == []


def test_an_address_sent_to_a_colleague_shows_her_the_same(
    server: Server, browser: Browser, code: dict[str, str]
) -> None:
    with open_page(browser, f"{server.url}/areas?som=unni&omgang=2020&omrade=4") as visit:
        address, seen = visit.page.url, visit.page.locator(MAIN).inner_text()
    with open_page(browser, address) as colleague:
        assert _timeless(colleague.page.locator(MAIN).inner_text()) == _timeless(seen)
        chosen = colleague.page.get_by_label("Delområde", exact=True).input_value()
        assert chosen == "4 Kulturen kring skolans digitalisering"


def _timeless(text: str) -> str:
    return re.sub(r"Hämtat \d\d\.\d\d", "", text)


# --- With the keyboard alone -------------------------------------------------------------------------


def tab_to(page: Page, name: str) -> list[str]:
    """Press Tab until what is so called has the focus; return where it was on the way."""
    stops: list[str] = []
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        stops.append(
            page.evaluate("""() => {
          const one = document.activeElement;
          return (one.getAttribute('aria-label') || one.innerText || '').trim();
        }""")
        )
        if re.search(name, stops[-1]):
            return stops
    raise AssertionError(f"{MOST_STOPS} presses of Tab do not reach {name!r}: {[one[:40] for one in stops]}")


def test_from_the_address_bar_to_another_school_with_the_keyboard_alone(
    server: Server, browser: Browser, code: dict[str, str]
) -> None:
    with open_page(browser, f"{server.url}/?som=unni&omgang=2021") as visit:
        page = visit.page
        tab_to(page, "^Skola$")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(r"/school"))
        visit.wait()
        assert page.locator("h1").inner_text().strip() == "Skola"
        tab_to(page, r"Skola$")
        page.keyboard.type("trastsk", delay=30)
        page.keyboard.press("Enter")
        wait_for_parameter(visit, "skola", code["Trastskolan"])
        assert school_shown(page) == "Trastskolan"
        assert visit.trouble == []


def test_a_table_is_folded_out_with_the_keyboard_alone(server: Server, browser: Browser) -> None:
    with open_page(browser, f"{server.url}/overview?som=frida&omgang=2021") as visit:
        folded = visit.page.locator("details").first
        assert folded.get_attribute("open") is None
        on_the_way = tab_to(visit.page, r"^(\w+\s+)?Visa som tabell$")
        # No stops on Streamlit's own buttons: they are in English, and four for each chart.
        assert not [stop for stop in on_the_way if stop.startswith(("Show data", "Download", "Link to"))]
        visit.page.keyboard.press("Enter")
        visit.page.wait_for_timeout(300)
        assert folded.get_attribute("open") is not None


# --- On paper ----------------------------------------------------------------------------------------


def test_print_hides_no_figure_and_no_chart(server: Server, browser: Browser) -> None:
    with open_page(browser, f"{server.url}/school?som=petra&omgang=2021") as visit:
        figures = visit.page.locator('[data-testid="stMetricValue"]')
        on_screen = figures.all_inner_texts()
        visit.page.emulate_media(media="print")
        assert figures.all_inner_texts() == on_screen
        assert all(one.is_visible() for one in figures.all())
        charts = visit.page.locator('[data-testid="stVegaLiteChart"] svg').all()
        assert len(charts) >= 10 and all(chart.is_visible() for chart in charts)


# --- Odd names ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def odd_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A question for each hostile text, and an area that has one for a name."""
    folder = tmp_path_factory.mktemp("odd")
    # What XML can't hold never comes from a spreadsheet.
    texts = [
        text for text in HOSTILE if as_read(text) and not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", text)
    ]
    questions = [
        {"Fråga": f"L{number}", "Delområde": 1, "Påstående": f"x{text}", "Från omgång": "2019"}
        for number, text in enumerate(texts, 1)
    ]
    rows = [
        {**row, **{str(one["Fråga"]): 1 + (index % 4) for one in questions}}
        for index, row in enumerate(answers(20, EKSKOLAN))
    ]
    sheets = register_sheets(
        rows,
        questions=questions,
        areas=[
            {
                "Nr": 1,
                "Delområde": "**A** [b](https://c.se) :smile: $d$",
                "Beskrivning": "    <b>e</b> www.f.se",
            }
        ],
        settings=[DEMO_DAY],
    )
    with serving(save(folder / "data", sheets), folder / "server.log") as running:
        yield running


def test_text_from_cells_is_shown_letter_for_letter_and_makes_nothing_else(
    odd_server: Server, browser: Browser
) -> None:
    with open_page(browser, f"{odd_server.url}/areas?som=unni") as visit:
        main = visit.page.locator(MAIN)
        said = [_visible(text) for text in main.locator("ul > li").all_inner_texts()]
        texts = [
            text for text in HOSTILE if as_read(text) and not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", text)
        ]
        missing = [
            text for text in texts if not any(line.endswith(_visible(as_read(f"x{text}"))) for line in said)
        ]
        assert missing == []
        assert "<b>e</b> www.f.se" in _visible(main.inner_text())
        lists = main.locator("ul > li")
        for made in (
            "a",
            "img",
            "em",
            "del",
            "code",
            "table",
            "h1",
            "h2",
            "h3",
            "script",
            "svg",
            "input",
            ".katex",
        ):
            assert lists.locator(made).count() == 0, made
        assert main.locator("a[href*='c.se'], a[href*='example'], a[href*='f.se'], .katex, img").count() == 0
        assert visit.trouble == []


def _visible(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("\N{WORD JOINER}", "").replace("\ufeff", "")).strip()
