"""The whole way from candidate to certificate and on, by the unit, two principals and a reader, on Google."""

import datetime as dt
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import pypdf
import pytest
from playwright.sync_api import Browser, Page, expect

from services.grounds import grounds_of, without_grounds
from tests.browser.driving import open_page
from tests.browser.local_google import GoogleProcess, carry, google_process
from tests.people import BJORKSKOLAN, EKSKOLAN, RONNBARSSKOLAN, answers, register_sheets, save
from tests.serving import Server, start, stop

pytestmark = pytest.mark.slow

YEAR = "2021-2022"
LONG = 100_000
"""Milliseconds to wait at the longest: what is read at Google may be a minute old."""
DAYS = ("2021-09-15", "2021-10-27", "2021-12-08", "2022-02-09", "2022-03-30", "2022-05-18")
SETTINGS = [
    {"Namn": "Demodatum", "Värde": "2021-04-07"},
    {"Namn": "Certifikat gäller år", "Värde": "3"},
    {"Namn": "Ort", "Värde": "Malmö"},
]
SCHOOLS = {EKSKOLAN: "Ekskolan", BJORKSKOLAN: "Björkskolan", RONNBARSSKOLAN: "Rönnbärsskolan"}


class Story:
    """A register at Google, and the app on it, begun anew on another day when the clock is moved."""

    def __init__(self, google: GoogleProcess, folder: Path, browser: Browser) -> None:
        self.google, self.folder, self.browser = google, folder, browser
        self.app = self._begin()

    def _begin(self) -> Server:
        settings = {"SHEETS_BASE_URL": self.google.url}
        return start(self.folder / "none", self.folder / "server.log", environment=settings)

    def on(self, day: str) -> None:
        """Move the clock: the unit writes another day in the sheet."""
        stop(self.app.process)
        self.google.type_in("Inställningar", "B2", f"'{day}")  # as text: a day would be a number
        self.app = self._begin()

    @contextmanager
    def at(self, who: str, page: str, **more: str) -> Iterator[Page]:
        """One of the cast on a page; nothing goes wrong there that shows."""
        query = urlencode({"som": who, "omgang": "2021", "lasar": YEAR, **more})
        address = f"{self.app.url}/{page}?{query}"
        with open_page(self.browser, address) as visit:
            yield visit.page
            visit.wait()
            assert visit.trouble == []
            assert visit.page.get_by_text("Något gick fel").count() == 0

    def rows(self, sheet: str) -> list[dict[str, object]]:
        headers, *rows = self.google.rows(sheet)
        width = len(headers)
        return [dict(zip(headers, [*row, *[None] * width], strict=False)) for row in rows if any(row)]

    def standings(self) -> dict[str, str]:
        """Where the three schools stand, as management reads it."""
        found = {}
        for code, name in SCHOOLS.items():
            with self.at("rut", "certification", skola=code) as page:
                told = page.get_by_text("Läge i processen:").inner_text()
                assert told.startswith(name)
                found[name] = told.rpartition(": ")[2].rstrip(".")
        return found

    def all_stand(self, where: str) -> None:
        """Claim that all three stand there."""
        assert self.standings() == dict.fromkeys(SCHOOLS.values(), where)


def saved(page: Page, words: str = "Sparat.") -> None:
    expect(page.get_by_text(words).first).to_be_visible(timeout=LONG)


def click(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click()


def fill(page: Page, label: str, text: str) -> None:
    page.get_by_role("textbox", name=label, exact=True).fill(text)


@pytest.fixture
def story(tmp_path: Path, browser: Browser) -> Iterator[Story]:
    everyone = [one for code in SCHOOLS for one in answers(30, code, L=3, U=4)]
    register = save(tmp_path / "register", register_sheets(everyone, staff=40, settings=SETTINGS))
    with google_process() as google:
        carry(google, register, tmp_path / "state")
        told = Story(google, tmp_path, browser)
        try:
            yield told
        finally:
            stop(told.app.process)


def test_from_candidate_to_certificate_and_on(story: Story) -> None:
    three_apply_and_are_admitted(story)
    a_year_is_lived(story)
    the_unit_decides(story)
    three_years_later_it_is_renewed(story)
    the_log_tells_all_of_it(story)


def three_apply_and_are_admitted(story: Story) -> None:
    story.all_stand("kandidat")
    with story.at("petra", "certification") as page:
        fill(page, "Motivering (om ni vill)", "Vi vill lära av andra.")
        click(page, "Skicka ansökan")
        saved(page, "Sparat. Ekskolan söker till läsåret 2021-2022.")
    with story.at("per", "certification") as page:
        for _ in range(2):
            click(page, "Skicka ansökan")
            saved(page)
            page.reload()
            page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')
    story.all_stand("sökande")

    with story.at("unni", "certification") as page:
        for left in (
            "2 ansökningar väntar på beslut",
            "1 ansökan väntar på beslut",
            "Ingen ansökan väntar på beslut",
        ):
            click(page, "Besluta")
            click(page, "Spara beslutet")
            expect(page.get_by_text(left).first).to_be_visible(timeout=LONG)
    rows = story.rows("Ansökningar")
    assert {(row["Skolenhetskod"], row["Status"], row["Omgång"], row["Läsår"]) for row in rows} == {
        (code, "Antagen", "2021", YEAR) for code in SCHOOLS
    }
    for row in rows:
        found = grounds_of(str(row["Beslutsmotivering"]))
        assert found is not None and (found.round, found.version) == ("2021", "2021")
    story.all_stand("deltagare")


def a_year_is_lived(story: Story) -> None:
    story.on("2021-09-15")
    with story.at("unni", "process_year") as page:
        for number, day in enumerate(DAYS, 1):
            parts = page.get_by_role("group", name=f"Lärtillfälle {number}", exact=True)
            parts.get_by_role("spinbutton").first.focus()
            page.keyboard.type(day.replace("-", ""), delay=20)
        click(page, "Lägg upp läsåret")
        saved(page, "Sparat. Läsåret 2021-2022 har fått 6 lärtillfällen")
        click(page, "Föreslå besök")
        click(page, "Lägg till besöken")
        saved(page, "planerade besök läggs till läsåret")
    assert [row["Nr"] for row in story.rows("Lärtillfällen")] == [1, 2, 3, 4, 5, 6]
    assert len(story.rows("Verksamhetsbesök")) == 5

    with story.at("petra", "process_year") as page:
        expect(page.get_by_text("Nästa: lärtillfälle 1, Digitalt ledarskap")).to_be_visible()
        click(page, "Dela underlag")
        fill(page, "Utmaningar", "Tiden att prova nytt.")
        click(page, "Dela")
        saved(page, "Underlaget från Ekskolan till lärtillfälle 1 är delat")
    with story.at("per", "process_year") as page:
        expect(page.get_by_text("Tiden att prova nytt.")).to_be_visible()
    with story.at("unni", "process_year") as page:
        click(page, "Notera närvaro")
        page.get_by_role("spinbutton", name="Ekskolan").fill("4")
        click(page, "Spara närvaron")
        saved(page, "Närvaron vid lärtillfälle 1 är noterad.")
    [contribution] = story.rows("Underlag")
    assert (contribution["Skolenhetskod"], contribution["Utmaningar"]) == (EKSKOLAN, "Tiden att prova nytt.")
    [noted] = story.rows("Närvaro")
    assert (noted["Skolenhetskod"], noted["Nr"], noted["Antal"]) == (EKSKOLAN, 1, 4)
    story.all_stand("deltagare")


DECIDED = {"Björkskolan": "Certifierad", "Ekskolan": "Certifierad", "Rönnbärsskolan": "Ej certifierad"}


def the_unit_decides(story: Story) -> None:
    story.on("2022-05-20")
    with story.at("unni", "process_year") as page:
        for name, decision in DECIDED.items():
            click(page, "Skriv in beslutet")
            expect(page.get_by_role("heading", name=f"Beslut om {name}")).to_be_visible()
            page.get_by_role("radiogroup").get_by_text(decision, exact=True).click()
            fill(page, "Motivering", f"{decision} av goda skäl.")
            fill(page, "Diarienummer", "GRF-2022-17")
            click(page, "Spara")
            saved(page, f"Sparat. {name} är")
        expect(page.get_by_text("Alla skolor i läsåret 2021-2022 har ett beslut.")).to_be_visible()
    rows = story.rows("Certifikat")
    assert {(SCHOOLS[row["Skolenhetskod"]], row["Beslut"]) for row in rows} == set(DECIDED.items())
    assert {day(row["Datum"]) for row in rows} == {dt.date(2022, 5, 18)}
    assert [day(row["Giltigt till"]) for row in rows] == [dt.date(2025, 5, 18), dt.date(2025, 5, 18), None]
    assert without_grounds(str(rows[1]["Motivering"])) == "Certifierad av goda skäl."
    assert grounds_of(str(rows[1]["Motivering"])) is not None
    assert story.standings() == {
        "Ekskolan": "certifierad",
        "Björkskolan": "certifierad",
        "Rönnbärsskolan": "kandidat",
    }

    with story.at("petra", "process_year") as page:
        expect(page.get_by_text("Ekskolan är certifierad till och med 18 maj 2025.")).to_be_visible()
        with page.expect_download() as download:
            click(page, "Certifikatet som PDF")
        text = printed(download.value.path().read_bytes())
        for words in ("Ekskolan", "2021-2022", "18 maj 2022", "18 maj 2025", "GRF-2022-17"):
            assert words in text
        assert "Björkskolan" not in page.get_by_test_id("stMain").inner_text().split("Certifieringen")[1]


def three_years_later_it_is_renewed(story: Story) -> None:
    story.on("2025-05-20")
    assert story.standings() == {
        "Ekskolan": "dags att förnya",
        "Björkskolan": "dags att förnya",
        "Rönnbärsskolan": "kandidat",
    }
    with story.at("unni", "process_year") as page:
        due = "förnyelse: Björkskolan (gick ut 18 maj 2025) och Ekskolan (gick ut 18 maj 2025)."
        expect(page.get_by_text(due)).to_be_visible()
        click(page, "Förnya")
        fill(page, "Motivering", "Arbetet har fortsatt.")
        click(page, "Spara")
        saved(page, "Sparat. Björkskolan är certifierad på nytt till och med 20 maj 2028.")
    latest = story.rows("Certifikat")[-1]
    assert (latest["Skolenhetskod"], latest["Beslut"]) == (BJORKSKOLAN, "Förnyad")
    assert story.standings() == {
        "Ekskolan": "dags att förnya",
        "Björkskolan": "certifierad",
        "Rönnbärsskolan": "kandidat",
    }


def the_log_tells_all_of_it(story: Story) -> None:
    told = list(dict.fromkeys((who, event) for who, event, *_ in story.google.logged()))
    assert told == [
        ("petra@example.se", "Ansökan inskickad"),
        ("per@example.se", "Ansökan inskickad"),
        ("unni@example.se", "Beslut om ansökan"),
        ("unni@example.se", "Läsår upplagt"),
        ("unni@example.se", "Besök planerade"),
        ("petra@example.se", "Underlag delat"),
        ("unni@example.se", "Närvaro noterad"),
        ("unni@example.se", "Beslut om certifikat"),
    ]
    sheets = {sheet for _, _, sheet, *_ in story.google.logged()}
    assert sheets == {"Ansökningar", "Lärtillfällen", "Verksamhetsbesök", "Underlag", "Närvaro", "Certifikat"}


def day(value: object) -> dt.date | None:
    """A day as Google keeps it: a number of days, or its text."""
    if value in (None, ""):
        return None
    if isinstance(value, int | float):
        return dt.date(1899, 12, 30) + dt.timedelta(days=int(value))
    return dt.date.fromisoformat(str(value)[:10])


def printed(pdf: bytes) -> str:
    """What can be read in a PDF."""
    return " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)
