"""Staff answer on their phones: through a lost network, on two devices, with the keyboard, for any eyes."""

import re
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page
from playwright.sync_api import Error as PlaywrightError

from tests.browser.driving import (
    ON_VIOLATION,
    PENDING,
    READY,
    TIMEOUT,
    Scheme,
    Visit,
    axe_violations,
    open_page,
    widest_overflow,
)
from tests.browser.test_accessibility import form_faults
from tests.serving import Server, demo_register, serving

pytestmark = pytest.mark.slow

THUMB = 44
AREAS, IN_EACH = 5, 8
LETTERS = "LUFKR"
SIRI = "som=siri"


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Server]:
    """A server on a demo register that may be written to."""
    with serving(demo_register(tmp_path), tmp_path / "server.log") as running:
        yield running


class Form:
    """The form as it stands on a screen."""

    def __init__(self, visit: Visit) -> None:
        self.visit, self.page = visit, visit.page

    @property
    def step(self) -> str:
        return self.page.locator('[class*="st-key-answering_step"] h2').inner_text().strip()

    @property
    def progress(self) -> str:
        return self.page.get_by_test_id("stProgress").inner_text().strip()

    def options(self, number: int) -> Locator:
        return self.page.locator(f'.st-key-question_{number} [data-testid="stRadioOption"]')

    def chosen(self, number: int) -> int | None:
        """Which level the question has on the screen, from 1; 5 is Kan inte bedöma."""
        radios = self.page.locator(f".st-key-question_{number} input").all()
        return next((place for place, one in enumerate(radios, 1) if one.is_checked()), None)

    def tap(self, number: int, level: int) -> None:
        self.options(number).nth(level - 1).click()

    def wait_for_answered(self, count: int) -> None:
        """Until the server has so many answers; only it counts them."""
        said = f"{count} av {AREAS * IN_EACH} frågor besvarade"
        self.page.get_by_text(said).first.wait_for()
        self.visit.wait()

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()
        self.visit.wait()

    def on(self, name: str, step: str) -> None:
        """Press a button that leads to another step."""
        self.page.get_by_role("button", name=name, exact=True).click()
        self.page.locator('[class*="st-key-answering_step"] h2', has_text=step).wait_for()
        self.visit.wait()


def level(area: int, number: int) -> int:
    """What is answered to a question, so that each step looks different: 1–4, and 5 now and then."""
    return (area + number) % 5 + 1


def a_device(browser: Browser, server: Server, width: int = 360) -> BrowserContext:
    context = browser.new_context(viewport={"width": width, "height": 740}, locale="sv-SE")
    context.set_default_timeout(TIMEOUT)
    context.add_init_script(ON_VIOLATION)
    return context


def open_form(context: BrowserContext, server: Server) -> Form:
    visit = Visit(context.new_page(), server.url)
    visit.go(f"{server.url}/answer?{SIRI}")
    return Form(visit)


def inbox(server: Server, hers: set[str]) -> list[dict[str, object]]:
    """The rows in the inbox of those keys that were not there at the start."""
    sheet = openpyxl.load_workbook(server.data / "inkorg.xlsx", read_only=True)["Inkomna"]
    headers, *rows = sheet.iter_rows(values_only=True)
    found = [dict(zip(map(str, headers), row, strict=False)) for row in rows if any(row)]
    return [row for row in found if str(row["Nyckel"]) not in hers]


def test_forty_questions_through_a_lost_network_on_two_devices_give_one_answer_with_the_last_values(
    own_server: Server, browser: Browser
) -> None:
    before = {str(row["Nyckel"]) for row in inbox(own_server, set())}
    phone = a_device(browser, own_server)
    form = open_form(phone, own_server)
    form.on("Börja svara", "1 av 5")
    done = 0
    for area in (1, 2):
        for number in range(1, IN_EACH + 1):
            form.tap(number, level(area, number))
            done += 1
            form.wait_for_answered(done)
        form.on("Nästa delområde", f"{area + 1} av 5")
    for number in range(1, 4):
        form.tap(number, level(3, number))
        done += 1
        form.wait_for_answered(done)

    phone.set_offline(True)
    form.tap(4, level(3, 4))
    form.page.wait_for_timeout(500)
    assert form.progress == f"{done} av 40 frågor besvarade", "only what the server has is counted"
    phone.set_offline(False)
    done += 1
    form.wait_for_answered(done)

    phone.set_offline(True)
    form.tap(5, 1)
    with pytest.raises(PlaywrightError):
        form.page.reload()
    phone.set_offline(False)
    form.visit.go(f"{own_server.url}/answer?{SIRI}&steg=3")
    assert form.step.startswith("3 av 5")
    here = [level(3, number) for number in range(1, 5)]
    assert [form.chosen(number) for number in range(1, 5)] == here
    # The last tap may have reached the server yet, or been lost: the screen shows what the server has.
    done += form.chosen(5) is not None
    form.wait_for_answered(done)

    laptop = a_device(browser, own_server, 1280)
    other = open_form(laptop, own_server)
    other.on(f"Fortsätt ({done} av 40 klara)", "3 av 5")
    assert [other.chosen(number) for number in range(1, 5)] == here
    late = other.chosen(5) is not None
    for area in (3, 4, 5):
        for number in range(5 if area == 3 else 1, IN_EACH + 1):
            other.tap(number, level(area, number))
            done += not (late and (area, number) == (3, 5))
            other.wait_for_answered(done)
        other.on(
            *(("Nästa delområde", f"{area + 1} av 5") if area < 5 else ("Granska och skicka", "Granska"))
        )
    other.page.get_by_role("button", name="Skicka svaret", exact=True).dblclick()
    other.page.get_by_text("Tack för ditt svar").wait_for()

    form.visit.go(f"{own_server.url}/answer?{SIRI}")
    form.on("Ändra svaret", "1 av 5")
    assert form.chosen(1) == level(1, 1)
    form.tap(1, 1)
    form.page.wait_for_timeout(300)
    form.visit.wait()
    form.press("Granska")
    form.press("Skicka ändringen")
    form.page.get_by_text("Sparat.").first.wait_for()

    rows = inbox(own_server, before)
    assert {str(row["Nyckel"]) for row in rows} == {str(rows[0]["Nyckel"])}
    assert sorted(int(str(row["Version"])) for row in rows) == [1, 2]
    newest = max(rows, key=lambda row: int(str(row["Version"])))
    expected = {
        f"{letter}{number}": level(area, number)
        for area, letter in enumerate(LETTERS, 1)
        for number in range(1, IN_EACH + 1)
    }
    expected["L1"] = 1
    assert {id_: newest[id_] for id_ in expected} == {
        id_: None if one == 5 else one for id_, one in expected.items()
    }
    assert form.visit.violations == other.visit.violations == []
    phone.close()
    laptop.close()


# --- For everybody -----------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_step_is_accessible_fits_a_phone_and_has_room_for_a_thumb(
    own_server: Server, browser: Browser, scheme: Scheme
) -> None:
    with open_page(browser, f"{own_server.url}/answer?{SIRI}", width=360, scheme=scheme) as visit:
        form, faults = Form(visit), []
        small = visit.page.viewport_size

        def look(where: str) -> None:
            found = [*form_faults(visit.page), *map(str, axe_violations(visit.page)), *visit.trouble]
            if overflow := widest_overflow(visit.page):
                found.append(f"{overflow} px too wide")
            faults.extend(f"{where}: {one}" for one in found)
            visit.page.set_viewport_size(small)  # type: ignore[arg-type]

        look("welcome")
        form.on("Börja svara", "1 av 5")
        for area in range(1, AREAS + 1):
            heights = [
                box["height"]
                for one in visit.page.locator(
                    '[data-testid="stRadioOption"], .st-key-answering_nav button'
                ).all()
                if (box := one.bounding_box())
            ]
            assert len(heights) >= IN_EACH * 5 and min(heights) >= THUMB
            form.tap(1, 2)
            form.wait_for_answered(area)
            look(f"step {area}")
            last = area == AREAS
            form.on(
                "Granska och skicka" if last else "Nästa delområde", "Granska" if last else f"{area + 1} av 5"
            )
        look("review")
        form.press("Skicka svaret")
        form.page.get_by_text("Tack för ditt svar").wait_for()
        look("receipt")
        visit.go(f"{own_server.url}/answer?som=nils")
        look("code")
    assert not faults, "\n".join(faults)


def test_the_whole_form_is_answered_with_the_keyboard_alone(own_server: Server, browser: Browser) -> None:
    with open_page(browser, f"{own_server.url}/answer?{SIRI}", width=360) as visit:
        page, form = visit.page, Form(visit)
        tab_to(page, "Börja svara")
        page.keyboard.press("Enter")
        page.locator('[class*="st-key-answering_step"] h2', has_text="1 av 5").wait_for()
        for area in range(1, AREAS + 1):
            wait_for_focus(page, f"{area} av 5")
            for number in range(1, IN_EACH + 1):
                page.keyboard.press("Tab")
                assert focused_name(page) == (area, number), "each question is one stop, in order"
                page.keyboard.press("Space")
                form.wait_for_answered((area - 1) * IN_EACH + number)
                assert focused_name(page) == (area, number), "an answer leaves the focus where it was"
            page.keyboard.press("ArrowDown")
            page.wait_for_timeout(300)
            visit.wait()
            assert form.chosen(IN_EACH) == 2
            page.keyboard.press("Tab")
            page.keyboard.press("Enter")
        wait_for_focus(page, "Granska och skicka")
        tab_to(page, "Skicka svaret")
        page.keyboard.press("Enter")
        page.get_by_text("omfattar 40 av 40 frågor").wait_for()


def tab_to(page: Page, name: str) -> None:
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText").strip() == name:
            return
    raise AssertionError(f"30 presses of Tab do not reach {name!r}")


def wait_for_focus(page: Page, heading: str) -> None:
    page.wait_for_function(
        "(text) => /^H[1-6]$/.test(document.activeElement.tagName)"
        " && document.activeElement.innerText.startsWith(text)",
        arg=heading,
    )
    box = page.evaluate("document.activeElement.getBoundingClientRect().top")
    assert 0 <= box < 300, "the step's beginning is in sight"
    page.wait_for_selector(READY)
    # The first radio buttons of all are drawn when the browser has fetched how.
    page.wait_for_function(PENDING)


def focused_name(page: Page) -> tuple[int, int]:
    """Area and number of the question that has the focus."""
    found = page.evaluate(
        """() => {
          const one = document.activeElement;
          const question = one.closest('[class*="st-key-question_"]');
          const step = one.closest('[class*="st-key-answering_step_"]');
          return (step ? step.className : '') + ' ' + (question ? question.className : '');
        }"""
    )
    step, question = re.search(r"answering_step_(\d)", found), re.search(r"question_(\d)", found)
    return (int(step[1]) if step else 0, int(question[1]) if question else 0)


def test_the_menu_is_away_while_she_answers_and_back_after(own_server: Server, browser: Browser) -> None:
    with open_page(browser, f"{own_server.url}/answer?{SIRI}") as visit:
        form = Form(visit)
        menu = visit.page.get_by_test_id("stSidebar")
        assert menu.is_visible()
        form.on("Börja svara", "1 av 5")
        assert not menu.is_visible()
        visit.page.go_back()
        visit.page.get_by_role("button", name="Börja svara").wait_for()
        assert menu.is_visible()


# --- Samtalsläge -------------------------------------------------------------------------------------


def test_a_group_goes_through_the_questions_with_the_arrow_keys(server: Server, browser: Browser) -> None:
    with open_page(browser, f"{server.url}/talk?{SIRI}", width=1920, height=1080) as visit:
        page = visit.page
        heading = page.locator(".st-key-talk h2")
        first = heading.inner_text()
        page.keyboard.press("ArrowRight")
        page.get_by_text("Fråga 2 av 40").wait_for()
        assert heading.inner_text() != first
        page.keyboard.press("ArrowLeft")
        page.get_by_text("Fråga 1 av 40").wait_for()
        assert heading.inner_text() == first
        size = float(heading.evaluate("one => getComputedStyle(one).fontSize").removesuffix("px"))
        assert size >= 40, "it is read from the back of the room"
        assert visit.trouble == []
