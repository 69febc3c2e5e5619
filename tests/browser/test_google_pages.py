"""The app on the local Google, in a real browser: people at the sheet, people at the app, and outages."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.driving import Visit, axe_violations, open_page
from tests.browser.local_google import GoogleProcess, Row, carry, google_process
from tests.pages.registers import small
from tests.pages.visiting import TITLES
from tests.people import SCHOOLS, a_part, a_school
from tests.serving import Server, start, stop

pytestmark = pytest.mark.slow

BAD = "femtio"
CODES = {**{name: code for code, name in SCHOOLS.items()}, "Lindskolan": "44444444"}
ROWS = {name: row for row, name in enumerate(CODES, 2)}
"""Schools whose number of staff can't be read, and the row of each in Skolans omgång: one for each test."""

OUTAGE = "Google svarar inte just nu. Det du ser är läst"
LONG = 100_000
"""Milliseconds to wait at the longest: what is read at Google may be a minute old."""


@pytest.fixture(scope="module")
def google() -> Iterator[GoogleProcess]:
    with google_process() as running:
        yield running


@pytest.fixture(scope="module")
def folder(google: GoogleProcess, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a register at Google, with some cells that can't be read."""
    folder = tmp_path_factory.mktemp("google")
    register = small(
        folder / "register",
        schools=[a_school(code, name) for name, code in CODES.items()],
        parts=[a_part(code, BAD) for code in CODES.values()],
    )
    carry(google, register, folder / "state")
    return folder


def begin(google: GoogleProcess, folder: Path) -> Server:
    """Start the app on that register. The caller must stop it."""
    return start(folder / "none", folder / "server.log", environment={"SHEETS_BASE_URL": google.url})


@pytest.fixture(scope="module")
def app(google: GoogleProcess, folder: Path) -> Iterator[Server]:
    running = begin(google, folder)
    yield running
    stop(running.process)


@contextmanager
def kontroll(browser: Browser, app: Server) -> Iterator[Visit]:
    with open_page(browser, f"{app.url}/checks?som=unni") as visit:
        expect(visit.page.get_by_role("heading", name="Rätta här")).to_be_visible(timeout=LONG)
        yield visit


def what(school: str) -> str:
    """The cell that a test is about, as the page calls it."""
    return f"Personal för 2021 · {school}"


def open_form(visit: Visit, school: str) -> None:
    # By the keyboard: the list closes when the page is scrolled, as Playwright does before it clicks.
    visit.page.get_by_label("Cell att rätta").focus()
    visit.page.keyboard.type(school, delay=30)
    expect(visit.page.get_by_role("option", name=f"C{ROWS[school]}: {what(school)}")).to_be_visible()
    visit.page.keyboard.press("Enter")
    expect(visit.page.get_by_role("heading", name=what(school))).to_be_visible()
    visit.wait()


def click_first_row(visit: Visit) -> None:
    """Click in the list, beside its first row's values; the list is a drawing."""
    grid = visit.page.get_by_test_id("stDataFrame")
    grid.scroll_into_view_if_needed()
    visit.wait()
    grid.click(position={"x": 16, "y": 52})


def save(visit: Visit, value: str, *, clicks: int = 1) -> None:
    visit.page.get_by_label("Nytt värde i Personal").fill(value)
    visit.page.get_by_role("button", name="Spara").click(click_count=clicks)


def say(visit: Visit, text: str) -> None:
    """Wait until the page says so."""
    expect(visit.page.get_by_text(text).first).to_be_visible(timeout=LONG)


def count(visit: Visit) -> Locator:
    """How many there are to correct, as the page has it."""
    return visit.page.get_by_test_id("stMetricValue").first


def one_less(before: str) -> str:
    return str(int(before) - 1)


def staff(google: GoogleProcess, school: str) -> object:
    """What stands in the cell that a test is about."""
    return google.rows("Skolans omgång")[ROWS[school] - 1][2]


def type_in(google: GoogleProcess, school: str, value: object) -> None:
    """A person types in that cell."""
    google.type_in("Skolans omgång", f"C{ROWS[school]}", value)


def test_a_click_on_a_row_of_the_list_opens_it_to_be_corrected(app: Server, browser: Browser) -> None:
    with kontroll(browser, app) as visit:
        click_first_row(visit)

        say(visit, what("Ekskolan"))
        expect(visit.page.get_by_label("Nytt värde i Personal")).to_have_value(BAD)
        visit.page.get_by_role("button", name="Avbryt").click()
        expect(visit.page.get_by_label("Cell att rätta")).to_be_visible()
        assert visit.trouble == []


def test_what_a_person_types_in_the_sheet_shows_on_an_open_page(
    google: GoogleProcess, app: Server, browser: Browser
) -> None:
    with kontroll(browser, app) as visit:
        before = count(visit).inner_text()

        type_in(google, "Rönnbärsskolan", 50)

        expect(count(visit)).to_have_text(one_less(before), timeout=LONG)
        assert visit.trouble == []


def test_a_correction_made_in_the_app_stands_in_the_sheet_and_touches_nothing_else(
    google: GoogleProcess, app: Server, browser: Browser
) -> None:
    cells, logged = google.everything(), google.logged()
    with kontroll(browser, app) as visit:
        before = count(visit).inner_text()
        open_form(visit, "Björkskolan")
        save(visit, "50", clicks=2)
        say(visit, f"Sparat. {what('Björkskolan')} är nu 50.")
        expect(count(visit)).to_have_text(one_less(before))
        say(visit, "Inget väntar på att sparas.")
        assert visit.trouble == []

    cells["vebs", "Skolans omgång"][ROWS["Björkskolan"] - 1][2] = 50
    assert google.everything() == cells
    [entry] = logged_since(google, len(logged))
    assert entry[:3] == ["unni@example.se", "Rättad i Kontroll", "Skolans omgång"]
    assert [str(part) for part in entry[4:]] == ["Personal", BAD, "50"]


@pytest.mark.parametrize("choice", ["Behåll det som står där", "Skriv mitt värde i stället"])
def test_a_cell_retyped_while_the_form_was_open_is_asked_about(
    google: GoogleProcess, app: Server, browser: Browser, choice: str
) -> None:
    theirs_is_kept = choice.startswith("Behåll")
    school = "Ekskolan" if theirs_is_kept else "Lindskolan"
    with kontroll(browser, app) as visit:
        open_form(visit, school)
        type_in(google, school, 52)
        save(visit, "50")
        dialogue = visit.page.get_by_role("dialog")
        expect(dialogue).to_be_visible(timeout=LONG)
        for line in (f"När du öppnade stod det {BAD}", "Nu står det 52", "Du vill skriva 50"):
            expect(dialogue.get_by_text(line)).to_be_visible()
        assert staff(google, school) == 52
        assert axe_violations(visit.page) == []

        dialogue.get_by_role("button", name=choice).click()

        say(visit, "står kvar som det var" if theirs_is_kept else f"Sparat. {what(school)} är nu 50.")
        assert staff(google, school) == (52 if theirs_is_kept else 50)


def test_in_an_outage_every_page_can_be_used_and_nothing_that_was_sent_is_lost(
    google: GoogleProcess, folder: Path, browser: Browser
) -> None:
    type_in(google, "Ekskolan", BAD)
    logged = len(google.logged())
    app = begin(google, folder)
    try:
        with kontroll(browser, app) as visit:
            open_form(visit, "Ekskolan")
            google.tell("fault", fault=503)
            save(visit, "50")
            say(visit, "Mottaget – sparas så snart Google svarar.")
            say(visit, OUTAGE)
            pages_are_usable(visit, app)
        stop(app.process)
        google.tell("clear_faults")
        google.tell("fault", fault="hang")
        app = begin(google, folder)
        with kontroll(browser, app) as visit:
            say(visit, OUTAGE)
            say(visit, "1 ändring väntar på att sparas")
            before = count(visit).inner_text()
            assert staff(google, "Ekskolan") == BAD
            pages_are_usable(visit, app)
            visit.go(f"{app.url}/checks?som=unni")

            google.tell("clear_faults")

            expect(count(visit)).to_have_text(one_less(before), timeout=LONG)
            say(visit, "Inget väntar på att sparas.")
            expect(visit.page.get_by_text(OUTAGE)).to_have_count(0, timeout=LONG)
    finally:
        google.tell("clear_faults")
        stop(app.process)
    assert staff(google, "Ekskolan") == 50
    assert [row[5] for row in logged_since(google, logged)] == [BAD]


def logged_since(google: GoogleProcess, count: int) -> list[Row]:
    """The rows of the log after so many; they are written after what they tell of."""
    until = time.monotonic() + 60
    while len(google.logged()) <= count and time.monotonic() < until:
        time.sleep(0.2)
    return google.logged()[count:]


def pages_are_usable(visit: Visit, app: Server) -> None:
    """Each page has its heading and says that Google does not answer; none says that something is wrong."""
    for page, title in TITLES.items():
        visit.go(f"{app.url}/{page}?som=unni")
        expect(visit.page.get_by_role("heading", level=1)).to_have_text(title)
        if page != "about":
            say(visit, OUTAGE)
        assert visit.page.get_by_text("Något gick fel").count() == 0
