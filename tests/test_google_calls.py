"""What the pages cost in calls to Google, counted by the server, and that hand edits show all the same."""

import datetime as dt
from pathlib import Path

import pytest

from services.assembly import MAIN
from services.keeping import KeptRounds
from services.last_copies import LastCopies
from services.reading import Copy, Reader
from services.register import Register
from services.sharing import BackgroundCopy
from services.tables.schema import load_schema
from services.workbook.google_workbook import GoogleWorkbook
from tests.on_google import Time, a_google_workbook, asked, put
from tests.people import BJORKSKOLAN, EKSKOLAN, a_round, a_rule, a_workbook, answers, register_sheets
from tests.sheets_server.serving import LocalGoogle

YEARS = [str(year) for year in range(2015, 2022)]
ROUNDS = {year: answers(12, L=3, U=2) + answers(12, BJORKSKOLAN, L=2, U=2) for year in YEARS}
SHEETS = register_sheets(
    ROUNDS,
    rounds=[*(a_round(year) for year in YEARS), a_round("2022", "Öppen")],
    taking_part=[EKSKOLAN, BJORKSKOLAN],
)
"""Nine spreadsheets: the register, the inbox of an open round, and seven closed rounds."""


@pytest.fixture
def google(google: LocalGoogle) -> LocalGoogle:
    google.control.quota()
    return google


class App:
    """What a process shares, with a clock moved by hand; reading happens while one waits."""

    def __init__(self, google: LocalGoogle, ids: dict[str, str], state: Path, time: Time) -> None:
        self.time = time
        self.workbook: GoogleWorkbook = a_google_workbook(google, ids, time)
        copies = LastCopies(state / "last", time.today)
        kept = KeptRounds(state / "rounds")
        reader = Reader(self.workbook, load_schema(), kept, copies)
        self.shared = BackgroundCopy(
            reader,
            reader,
            time.today,
            lambda: self.workbook.age(MAIN),
            ticks=time,
            start=lambda work: work(),
        )

    def get(self) -> Copy:
        return self.shared.get()


@pytest.fixture
def app(google: LocalGoogle, tmp_path: Path) -> App:
    ids = put(google, SHEETS)
    google.control.clear_counts()
    return App(google, ids, tmp_path, Time())


def said(register: Register) -> tuple:
    """What the spreadsheets say, something from each of them."""
    answered = {
        year: (list(one.schools), one.questions, one.levels.tolist())
        for year, one in register.answers.items()
    }
    return register.rounds, register.questions, register.participation, register.problems, answered


def test_the_register_reads_as_it_does_from_anywhere_else(app: App) -> None:
    here = Reader(
        a_workbook(
            ROUNDS,
            rounds=[*map(a_round, YEARS), a_round("2022", "Öppen")],
            taking_part=[EKSKOLAN, BJORKSKOLAN],
        ),
        load_schema(),
    ).read()
    assert said(app.get().register) == said(here)
    assert app.get().notices == ()


def test_a_cold_start_is_one_call_a_spreadsheet_and_one_for_all(google: LocalGoogle, app: App) -> None:
    app.get()
    assert asked(google) == {"drive.files.list": 1, "sheets.values.batchGet": len(SHEETS)}


def test_a_warm_page_costs_nothing(google: LocalGoogle, app: App) -> None:
    first = app.get()
    asked(google)
    app.time.now += 19
    assert all(app.get() is first for _ in range(50))
    assert asked(google) == {}


def test_a_start_with_the_closed_rounds_kept_reads_only_the_others(
    google: LocalGoogle, app: App, tmp_path: Path
) -> None:
    before = app.get()
    asked(google)
    again = App(google, app.workbook.book.ids(), tmp_path, Time()).get()
    assert asked(google) == {"drive.files.list": 1, "sheets.values.batchGet": 2}
    assert said(again.register) == said(before.register)


@pytest.mark.parametrize("every", [1, 2, 7, 13])
def test_an_hour_with_fifty_viewers_stays_below_five_calls_a_minute(
    google: LocalGoogle, app: App, every: int
) -> None:
    google.control.clock(stop=True)
    app.get()
    asked(google)
    busiest = 0
    for _minute in range(60):
        for _ in range(60 // every):
            app.time.now += every
            google.control.clock(advance=every)
            for _viewer in range(50):
                app.get()
        calls = sum(asked(google).values())
        busiest = max(busiest, calls)
        assert calls <= 5
    assert busiest >= 3
    assert app.get().notices == ()


def test_nobody_is_shown_what_is_older_than_a_minute(google: LocalGoogle, app: App) -> None:
    """Whenever people come by, and however late Drive is: a role that was taken away is gone."""
    google.control.settings(hand_lag=180)
    app.get()
    for number, pause in enumerate((1, 19, 21, 39, 41, 59, 61, 119, 3600, 58, 58, 22, 22, 22, 60)):
        name = f"Skola {number}"
        google.control.edit("type", MAIN, range="Skolor!B2", value=name)
        edited = app.time.now
        while app.get().register.schools[EKSKOLAN].name != name:
            app.time.now += pause
            assert app.time.now - edited < 60 + pause, (number, pause)


def test_a_role_taken_away_by_hand_is_gone(google: LocalGoogle, app: App) -> None:
    siri = "siri@example.se"
    assert siri in {one.email for one in app.get().register.permissions}
    google.control.edit("delete_rows", MAIN, sheet="Behörigheter", key=siri)
    app.time.now += 60
    assert siri not in {one.email for one in app.get().register.permissions}


def test_what_we_wrote_ourselves_shows_at_once(google: LocalGoogle, app: App) -> None:
    app.get()
    google.control.edit("type", MAIN, range="Skolor!B2", value="Skrivet av oss")  # stands for our write
    app.workbook.wrote(MAIN)
    asked(google)
    assert app.shared.renew().register.schools[EKSKOLAN].name == "Skrivet av oss"
    assert asked(google) == {"sheets.values.batchGet": 1}


def test_dates_and_decimals_read_alike_in_a_swedish_and_an_american_spreadsheet(
    google: LocalGoogle, tmp_path: Path
) -> None:
    sheets = register_sheets([], rules=[a_rule(1, "Medelnivå", 2.8, version="v1")])
    registers = []
    for locale in ("sv_SE", "en_US"):
        google.control.reset(0)
        ids = put(google, sheets, locale)
        if locale == "sv_SE":
            google.control.edit("type", MAIN, range="Regler!E2", value="2,8")
            google.control.edit("type", MAIN, range="Omgångar!B2", value="2021-01-11")
        registers.append(App(google, ids, tmp_path / locale, Time()).get().register)
    assert registers[0].criteria == registers[1].criteria
    assert registers[0].criteria["v1"][0].line == 2.8
    assert registers[0].rounds == registers[1].rounds
    assert registers[0].rounds["2021"].opens == dt.date(2021, 1, 11)
