"""Text from sheets is text: with hostile texts in every column, no page does what a text says."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, expect

from services.tables.schema import load_schema
from tests.hostile.payloads import FOREIGN, TEMPLATES, payloads
from tests.hostile.register import SCHOOLS, HostileRegister
from tests.hostile.watching import MADE, Trap, Watched, trap, watched
from tests.pages.visiting import TITLES
from tests.pages_on_disk import PageFile, page_files
from tests.serving import ROOT, Server, serving

pytestmark = pytest.mark.slow

VISITORS = ("unni", "petra")
CHECKS = PageFile(Path("checks.py"))


@dataclass(frozen=True, slots=True)
class Town:
    """A register of hostile texts, the server that shows it, and the port that they call."""

    register: HostileRegister
    server: Server
    trap: Trap

    @property
    def hosts(self) -> tuple[str, ...]:
        return (FOREIGN, self.trap.host)

    def address(self, page: PageFile, visitor: str, **more: str) -> str:
        return f"{self.server.url}/{page.address}?{urlencode({'som': visitor, **more})}"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp("hostile")
    with trap() as listener:
        register = HostileRegister(payloads((FOREIGN, listener.host)))
        with serving(register.save(folder / "data"), folder / "server.log") as server:
            yield Town(register, server, listener)


def test_there_are_more_than_a_hundred_hostile_texts_and_each_gives_itself_away() -> None:
    assert len(set(TEMPLATES)) >= 100
    assert [text for text in TEMPLATES if "HOST" not in text] == []


def test_every_column_of_every_table_holds_every_hostile_text() -> None:
    register = HostileRegister(payloads((FOREIGN,)))
    found: dict[tuple[str, str], str] = {}
    for table, header, cell in register.text_cells():
        found[table, header] = f"{found.get((table, header), '')}\n{cell}\n"

    columns = {(table.name, column.header) for table in load_schema().tables for column in table.columns}
    assert found.keys() == columns
    lacking = {
        place: [text for text in register.texts if f"\n{text}\n" not in said] for place, said in found.items()
    }
    assert {place: texts for place, texts in lacking.items() if texts} == {}


def texts_of(page: PageFile, town: Town) -> list[str]:
    """What the page prints of the cells, outside its tables and charts."""
    one, told = town.register, town.register.told
    areas = [f"{area} {told('Delområden', row, 'Delområde')}" for row, area in enumerate((1, 2, 3))]
    school = told("Skolor", 0, "Skola")
    return {
        "start": [one.rounds["Öppen"]],
        "overview": areas,
        "areas": [
            told("Delområden", 0, "Beskrivning"),
            *(told("Frågor", row, header) for row in range(4) for header in ("Fråga", "Påstående")),
        ],
        "school": [school, *areas],
        "certification": [school, one.version, *areas],
        "process_year": [
            school,
            *(told("Lärtillfällen", 0, header) for header in ("Tema", "Plats", "Innehåll", "Förberedelse")),
            *(told("Underlag", 0, header) for header in ("Utmaningar", "Målbild", "Aktiviteter", "Lärdomar")),
            told("Verksamhetsbesök", 0, "Iakttagelser"),
            told("Certifikat", 0, "Motivering"),
        ],
        "action_plan": [school, *(told("Handlingsplan", 0, header) for header in ("Mål", "Aktivitet"))],
        "self_assessment": [one.rounds["Öppen"]],
        "answer": [one.rounds["Öppen"]],
        "talk": [told("Frågor", 0, "Påstående")],
        "forms": [],
        "checks": [],
        "about": [told("Inställningar", 1, "Värde")],
    }[page.name]


@pytest.mark.parametrize("visitor", VISITORS)
@pytest.mark.parametrize("page", page_files(), ids=lambda page: page.name)
def test_a_page_shows_the_texts_letter_for_letter_and_does_nothing_that_they_say(
    page: PageFile, visitor: str, town: Town, browser: Browser
) -> None:
    with watched(browser, town.server.url, town.hosts) as seen:
        seen.go(town.address(page, visitor, skola=SCHOOLS[0]))
        if visitor == "unni":
            assert [text for text in texts_of(page, town) if not seen.comes_to_say(text)] == []
            menu = seen.page.get_by_test_id("stSidebarNav").get_by_role("link").all_inner_texts()
            assert [one.strip() for one in menu] == ["Start", *TITLES.values()]
        assert seen.page.title() == f"{TITLES.get(page.name, 'Start')} – Varje elevs bästa skola"
        seen.everything()

    assert seen.achieved == []
    assert town.trap.callers == []
    assert not any("Något gick fel" in said for said in seen.read)
    assert "Traceback" not in town.server.log


# --- Correcting a cell -------------------------------------------------------------------------------


def choose_cell(seen: Watched, words: str) -> None:
    """Choose a cell to correct, by the keyboard."""
    box = seen.page.get_by_label("Cell att rätta")
    box.focus()
    seen.page.keyboard.type(words, delay=5)
    expect(seen.page.get_by_role("option").first).to_be_visible()
    seen.look()
    seen.page.keyboard.press("Enter")
    expect(seen.page.get_by_role("button", name="Spara")).to_be_visible()
    seen.visit.wait()


def test_the_form_for_a_cell_quotes_what_stands_there_as_text(town: Town, browser: Browser) -> None:
    with watched(browser, town.server.url, town.hosts) as seen:
        seen.go(town.address(CHECKS, "unni"))
        for cell in ("Skolor F", "Skolor G", "Skolor E", "Underlag H", "Lärtillfällen D", "Frågor B"):
            choose_cell(seen, cell)
            seen.look()
            assert "Nu står det" in seen.read[-1]
            for box in seen.page.get_by_label(re.compile("^Nytt värde")).all()[:1]:
                seen.open_list(box)
            if cell in ("Skolor E", "Underlag H"):
                seen.page.get_by_role("button", name="Spara").click()
                expect(
                    seen.page.get_by_text("Skriv ett heltal.")
                    .or_(seen.page.get_by_text("Skriv en länk"))
                    .first
                ).to_be_visible()
            seen.look()
            seen.page.get_by_role("button", name="Avbryt").click()
            seen.visit.wait()

    assert seen.achieved == []


def test_a_conflict_quotes_all_three_values_as_text(browser: Browser, tmp_path: Path) -> None:
    texts = payloads((FOREIGN,))
    before, after = HostileRegister(texts), HostileRegister(texts[::-1])
    with serving(before.save(tmp_path / "data"), tmp_path / "server.log") as server:
        town = Town(before, server, Trap(FOREIGN))
        with watched(browser, server.url, town.hosts) as seen:
            seen.go(town.address(CHECKS, "unni"))
            choose_cell(seen, "Skolor E")
            after.save(tmp_path / "data")
            seen.page.get_by_label("Nytt värde i Personal").fill("30")
            seen.page.get_by_role("button", name="Spara").click()
            expect(seen.page.get_by_text("Någon hann före")).to_be_visible(timeout=30_000)
            seen.look()
        assert seen.achieved == []


# --- And that this would be seen ---------------------------------------------------------------------


def careless_copy(folder: Path) -> Path:
    """The app in another folder, where texts from cells are not made plain, and one is even HTML."""
    shutil.copytree(ROOT / "pages", folder / "pages", ignore=shutil.ignore_patterns("__pycache__"))
    for same in ("services", "config", ".streamlit"):
        (folder / same).symlink_to(ROOT / same)
    shutil.copy(ROOT / "app.py", folder / "app.py")
    with (folder / "pages/components/words.py").open("a") as words:
        words.write("\n\ndef plain(text: str) -> str:\n    return text\n")
    with (folder / "pages/areas.py").open("a") as page:
        page.write("import streamlit as st\n\nst.html(current.register().areas[0].description)\n")
    return folder


def test_a_page_that_is_careless_with_its_texts_is_seen(browser: Browser, tmp_path: Path) -> None:
    register = HostileRegister(payloads((FOREIGN,)))
    app, areas = careless_copy(tmp_path / "app"), PageFile(Path("areas.py"))
    with serving(register.save(tmp_path / "data"), tmp_path / "server.log", root=app) as server:
        town = Town(register, server, Trap(FOREIGN))
        with watched(browser, server.url, town.hosts) as seen:
            seen.go(town.address(areas, "unni"))
            assert [text for text in texts_of(areas, town) if not seen.says(text)]
        found = "\n".join(seen.achieved)

    assert "its href leads away" in found
    assert "there is .katex" in found
    assert "an element was made" in found
    assert f"the policy had to refuse img-src http://{FOREIGN}" in found


def test_where_a_browser_takes_them_for_html_the_texts_do_what_they_say(browser: Browser) -> None:
    """Without our policy and without escapes: the hostile texts are no duds."""
    ran, left = 0, 0
    with watched(browser, "http://127.0.0.1:1", (FOREIGN,)) as seen:
        for text in payloads((FOREIGN,)):
            if "http-equiv" in text:  # it leads the whole tab away
                continue
            before = len(seen.achieved)
            seen.page.set_content(f"<!doctype html><div>{text}</div>", wait_until="commit")
            seen.page.wait_for_timeout(10)
            ran += "a script ran" in seen.page.evaluate(MADE, [FOREIGN])
            left += any(one.startswith("a request left for") for one in seen.achieved[before:])
    assert (ran >= 10, left >= 10) == (True, True), (ran, left)
