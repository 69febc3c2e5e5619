"""Google that fails, hangs or answers nonsense: the last copy with a notice, soon, over a restart too."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from config.settings import GoogleSettings, Settings
from services.assembly import INBOX, MAIN
from services.keeping import KeptRounds
from services.last_copies import LastCopies
from services.reading import Copy, Reader
from services.sharing import BackgroundCopy, share
from services.tables.schema import load_schema
from services.workbook.google_workbook import GoogleWorkbook
from services.workbook.pacing import Patience
from tests.on_google import NOON, Time, a_google_workbook, a_reader, asked, put
from tests.people import BJORKSKOLAN, EKSKOLAN, a_round, answers, register_sheets
from tests.sheets_server.serving import LocalGoogle

ROUNDS = {year: answers(12, L=3, U=2) + answers(12, BJORKSKOLAN, L=2, U=2) for year in ("2020", "2021")}
SHEETS = register_sheets(
    ROUNDS, rounds=[a_round("2020"), a_round("2021"), a_round("2022", "Öppen")], taking_part=[EKSKOLAN]
)
OUTAGES = {
    "503": 503,
    "500": 500,
    "a page of HTML": 502,
    "429": 429,
    "never an answer": {"kind": "hang", "seconds": 60},
    "half an answer": "half",
    "a cut connection": "reset",
}
IMPATIENT = Patience(0.3)


@pytest.fixture
def ids(google: LocalGoogle) -> dict[str, str]:
    return put(google, SHEETS)


@pytest.fixture
def time() -> Time:
    return Time()


def start(
    google: LocalGoogle, ids: dict[str, str], state: Path, time: Time, patience: Patience = IMPATIENT
) -> Reader:
    """A new process."""
    return a_reader(a_google_workbook(google, ids, time, patience), state, time)


def content(copy_or_reader: Copy | Reader) -> tuple:
    register = copy_or_reader.register if isinstance(copy_or_reader, Copy) else copy_or_reader.read()
    levels = {year: one.levels.tolist() for year, one in register.answers.items()}
    return register.schools, register.rounds, register.participation, levels


@pytest.mark.parametrize("outage", OUTAGES)
def test_in_an_outage_the_last_reading_stays_with_a_notice(
    google: LocalGoogle, ids: dict[str, str], tmp_path: Path, time: Time, outage: str
) -> None:
    reader = start(google, ids, tmp_path, time)
    before = content(reader)
    assert reader.notices == []
    google.control.edit("type", MAIN, range="Skolor!B2", value="Nya Ekskolan")
    google.control.fault(OUTAGES[outage])
    time.now += 60

    assert content(reader) == before
    assert [(one.spreadsheet, one.kept) for one in reader.notices] == [(MAIN, True), (INBOX, True)]
    assert reader.notices[0].sentence.startswith("Google ")

    google.control.clear_faults()
    time.now += 60
    assert content(reader)[0][EKSKOLAN].name == "Nya Ekskolan"
    assert reader.notices == []


@pytest.mark.parametrize("outage", OUTAGES)
def test_a_restart_in_an_outage_starts_from_what_is_on_disk(
    google: LocalGoogle, ids: dict[str, str], tmp_path: Path, time: Time, outage: str
) -> None:
    before = content(start(google, ids, tmp_path, time))
    google.control.fault(OUTAGES[outage])
    time.now += 3600

    reader = start(google, ids, tmp_path, time)

    assert content(reader) == before
    assert reader.as_of == NOON
    assert {one.spreadsheet for one in reader.notices} == set(SHEETS)
    assert all(one.kept for one in reader.notices)

    google.control.clear_faults()
    google.control.edit("type", MAIN, range="Skolor!B2", value="Nya Ekskolan")
    google.control.edit("type", "svar-2021", range="Svar!C2", value=4)
    time.now += 60
    after = content(reader)
    assert after[0][EKSKOLAN].name == "Nya Ekskolan"
    assert after[3]["2021"][0][0] == 4
    assert (reader.notices, reader.as_of) == ([], None)


def test_the_time_of_a_last_copy_is_when_it_was_last_found_to_be_true(
    google: LocalGoogle, ids: dict[str, str], tmp_path: Path, time: Time
) -> None:
    reader = start(google, ids, tmp_path, time)
    reader.read()
    time.now += 600
    reader.read()
    google.control.fault(503)
    again = start(google, ids, tmp_path, time)
    again.read()
    assert again.as_of is not None
    assert (again.as_of - NOON).total_seconds() == 600


def test_a_start_in_an_outage_without_anything_on_disk_says_so(
    google: LocalGoogle, ids: dict[str, str], tmp_path: Path, time: Time
) -> None:
    google.control.fault(503)
    reader = start(google, ids, tmp_path, time)
    assert reader.read().schools == {}
    assert (reader.notices[0].spreadsheet, reader.notices[0].kept) == (MAIN, False)


def test_what_is_on_disk_is_for_us_alone_and_goes_with_the_inbox(
    google: LocalGoogle, ids: dict[str, str], tmp_path: Path, time: Time
) -> None:
    start(google, ids, tmp_path, time).read()
    kept = tmp_path / "last"
    assert kept.stat().st_mode & 0o077 == 0
    assert {file.name for file in kept.iterdir()} == {"vebs.json.gz", "inkorg.json.gz"}
    assert all(file.stat().st_mode & 0o077 == 0 for file in kept.iterdir())
    del ids[INBOX]
    start(google, ids, tmp_path, time).read()
    assert {file.name for file in kept.iterdir()} == {"vebs.json.gz"}


@pytest.mark.parametrize("damage", [b"", b"{}", None])
def test_a_damaged_last_copy_is_none(tmp_path: Path, time: Time, damage: bytes | None) -> None:
    copies = LastCopies(tmp_path / "last", time.today)
    copies.keep("vebs", {})
    file = tmp_path / "last" / "vebs.json.gz"
    assert copies.load("vebs") is not None
    file.write_bytes(damage if damage is not None else file.read_bytes()[:-3])
    assert copies.load("vebs") is None
    assert copies.load("inkorg") is None


def test_a_last_copy_that_cannot_be_kept_is_only_a_slower_start(tmp_path: Path, time: Time) -> None:
    (tmp_path / "last").write_text("in the way", encoding="utf-8")
    copies = LastCopies(tmp_path / "last", time.today)
    copies.keep("vebs", {})
    copies.confirm("vebs")
    copies.forget("vebs")
    assert copies.load("vebs") is None


def test_sharing_taken_back_does_not_bring_the_last_copy_forth(
    google: LocalGoogle, ids: dict[str, str], tmp_path: Path, time: Time
) -> None:
    start(google, ids, tmp_path, time).read()
    google.control.edit("revoke", MAIN)
    reader = start(google, ids, tmp_path, time)
    assert reader.read().schools == {}
    assert "är inte delat" in reader.notices[0].sentence


class Visitors:
    """The shared copy of a process, its readings in real threads, that waits but a moment for them."""

    def __init__(
        self, google: LocalGoogle, ids: dict[str, str], state: Path, time: Time, patience: float = 0.2
    ) -> None:
        self.workbook: GoogleWorkbook = a_google_workbook(google, ids, time, Patience(5.0))
        self.threads: list[threading.Thread] = []
        kept, copies = KeptRounds(state / "rounds"), LastCopies(state / "last", time.today)
        settings = Settings(state, state, google=GoogleSettings(base_url=google.url))
        shared = share(self.workbook, settings, time.today)
        assert isinstance(shared, BackgroundCopy)
        self.shared = BackgroundCopy(
            Reader(self.workbook, load_schema(), kept, copies),
            Reader(shared._last.workbook, load_schema(), kept, copies),
            time.today,
            lambda: self.workbook.age(MAIN),
            patience=patience,
            ticks=time,
            start=self.begin,
        )

    def begin(self, work: Callable[[], None]) -> None:
        self.threads.append(threading.Thread(target=work, daemon=True))
        self.threads[-1].start()

    def settle(self) -> None:
        for thread in self.threads:
            thread.join(20)
            assert not thread.is_alive()


def test_while_google_hangs_a_visitor_is_shown_the_last_copy_with_a_notice_and_waits_once(
    google: LocalGoogle, ids: dict[str, str], tmp_path: Path, time: Time
) -> None:
    visitors = Visitors(google, ids, tmp_path, time, patience=30)
    first = visitors.shared.get()
    visitors.settle()
    assert first.notices == ()
    google.control.fault({"kind": "hang", "seconds": 2})
    time.now += 3600

    visitors.shared._patience = 0.2
    late = visitors.shared.get()

    assert late.register is first.register
    assert late.read_at == first.read_at
    assert [(one.spreadsheet, one.kept) for one in late.notices] == [(MAIN, True)]
    assert visitors.shared.get() is late
    assert len(visitors.threads) == 2  # one reading for all who wait
    google.control.clear_faults()
    visitors.settle()


def test_a_start_while_google_hangs_shows_what_is_on_disk(
    google: LocalGoogle, ids: dict[str, str], tmp_path: Path, time: Time
) -> None:
    before = Visitors(google, ids, tmp_path, time, patience=30).shared.get()
    time.now += 3600
    google.control.fault({"kind": "hang", "seconds": 2})
    visitors = Visitors(google, ids, tmp_path, time)

    copy = visitors.shared.get()

    assert content(copy) == content(before)
    assert copy.read_at == NOON
    assert {one.spreadsheet for one in copy.notices} == set(SHEETS)
    google.control.clear_faults()
    visitors.settle()
    time.now += 60
    visitors.shared._patience = 30
    assert visitors.shared.get().notices == ()


def test_once_the_outage_is_known_nobody_waits_for_it(
    google: LocalGoogle, ids: dict[str, str], tmp_path: Path, time: Time
) -> None:
    visitors = Visitors(google, ids, tmp_path, time, patience=30)
    visitors.shared.get()
    google.control.fault(503)
    time.now += 3600
    known = visitors.shared.get()
    assert [one.spreadsheet for one in known.notices] == [MAIN, INBOX]
    visitors.settle()
    asked(google)
    time.now += 5
    assert visitors.shared.get() is known
    google.control.clear_faults()
    google.control.fault({"kind": "hang", "seconds": 2})
    time.now += 3600
    assert visitors.shared.get() is known  # at once: nobody has to wait out the next failure
    google.control.clear_faults()
    visitors.settle()


def test_a_bug_in_reading_is_told_to_whoever_waits_and_does_not_stop_the_next_reading(
    google: LocalGoogle, ids: dict[str, str], tmp_path: Path, time: Time
) -> None:
    visitors = Visitors(google, ids, tmp_path, time, patience=30)
    schema, visitors.shared._reader.schema = visitors.shared._reader.schema, None
    with pytest.raises(AttributeError):
        visitors.shared.get()
    visitors.shared._reader.schema = schema
    time.now += 60
    assert visitors.shared.get().notices == ()


def test_what_was_written_while_a_reading_was_on_its_way_shows_after_renewing(
    google: LocalGoogle, ids: dict[str, str], tmp_path: Path, time: Time
) -> None:
    visitors = Visitors(google, ids, tmp_path, time, patience=30)
    visitors.shared.get()
    google.control.fault({"kind": "slow", "when": "after", "seconds": 0.5}, match={"kind": "read"}, times=2)
    time.now += 41
    visitors.shared.get()  # served at once; a slow reading is on its way, with what stood there before
    time.now += 1
    google.control.edit("type", MAIN, range="Skolor!B2", value="Skrivet av oss")  # stands for our write
    visitors.workbook.wrote(MAIN)

    copy = visitors.shared.renew()

    assert copy.register.schools[EKSKOLAN].name == "Skrivet av oss"
    assert copy.notices == ()
