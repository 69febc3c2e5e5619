"""One fresh copy for everybody: read once, read again only where something changed, and never lost."""

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from services.publishing import round_figures
from services.reading import Copy, Notice, Reader, read_once
from services.register import Register
from services.sharing import SharedCopy
from services.tables.problems import Rule
from services.tables.schema import load_schema
from tests.moody import MoodyWorkbook
from tests.people import BJORKSKOLAN, EKSKOLAN, a_round, a_workbook, answers

ROUNDS = {"2020": answers(12, L=2, U=2), "2021": answers(12, L=3, U=3)}
OPEN = [a_round("2020"), a_round("2021"), a_round("2022", "Öppen")]
SPREADSHEETS = ["vebs", "svar-2020", "svar-2021", "inkorg"]


def a_moody_workbook() -> MoodyWorkbook:
    return MoodyWorkbook(a_workbook(ROUNDS, rounds=OPEN, taking_part=[EKSKOLAN]))


def a_reader(workbook: MoodyWorkbook) -> Reader:
    return Reader(workbook, load_schema())


def a_clock():
    """An hour passes each time somebody looks."""
    hours = iter(range(24))
    return lambda: dt.datetime(2022, 1, 24, next(hours), tzinfo=dt.UTC)


def told(register: Register) -> dict:
    """What the spreadsheets say, one thing from each."""
    return {
        "vebs": register.schools[EKSKOLAN].name,
        **{
            f"svar-{name}": round_figures(register, name).school(EKSKOLAN).areas[0].level
            for name in ("2020", "2021")
        },
        "inkorg": round_figures(register, "2022").school(EKSKOLAN).n,
    }


EDITS = {
    "vebs": ("Skolor", 2, 1, "Nya Ekskolan"),
    "svar-2020": ("Svar", 2, 2, 4),
    "svar-2021": ("Svar", 2, 2, 4),
    "inkorg": ("Deltagande", 3, 0, "k1"),
}
"""A change by hand in each spreadsheet: sheet, row, column and value."""


def edit(workbook: MoodyWorkbook, spreadsheet: str) -> None:
    workbook.inside.edit(spreadsheet, *EDITS[spreadsheet])
    if spreadsheet == "inkorg":
        workbook.inside.edit(spreadsheet, "Deltagande", 3, 1, "2022")
        workbook.inside.edit(spreadsheet, "Deltagande", 3, 2, EKSKOLAN)


def test_while_nothing_changes_it_is_the_very_same_register_and_nothing_is_read() -> None:
    workbook = a_moody_workbook()
    reader = a_reader(workbook)

    first = reader.read()
    workbook.was_read.clear()

    assert reader.read() is first
    assert workbook.was_read == []


@pytest.mark.parametrize("changed", SPREADSHEETS)
def test_a_change_by_hand_is_seen_and_only_that_spreadsheet_is_read_again(changed: str) -> None:
    workbook = a_moody_workbook()
    reader = a_reader(workbook)
    before = reader.read()
    workbook.was_read.clear()

    edit(workbook, changed)
    after = reader.read()

    assert after is not before
    assert {name for name in SPREADSHEETS if told(after)[name] != told(before)[name]} == {changed}
    # Who has answered refers to the schools, so the inbox is typed again with the register.
    assert workbook.was_read == (["vebs", "inkorg"] if changed == "vebs" else [changed])


@pytest.mark.parametrize("how", ["damaged", "gone"])
@pytest.mark.parametrize("lost", SPREADSHEETS)
def test_a_spreadsheet_that_can_no_longer_be_read_keeps_its_last_reading_with_a_notice(lost, how) -> None:
    workbook = a_moody_workbook()
    reader = a_reader(workbook)
    before = told(reader.read())
    edit(workbook, lost)
    getattr(workbook, how).add(lost)

    after = reader.read()

    if (lost, how) == ("inkorg", "gone"):
        # A round that closes takes the inbox away: nothing to tell.
        assert (told(after)["inkorg"], reader.notices) == (0, [])
        return
    assert told(after) == before
    sentence = f"{lost} finns inte." if how == "gone" else f"{lost} går inte att läsa."
    assert reader.notices == [Notice(lost, sentence, kept=True)]
    getattr(workbook, how).clear()
    assert told(reader.read())[lost] != before[lost]
    assert reader.notices == []


@pytest.mark.parametrize("lost", ["svar-2020", "svar-2021"])
def test_a_spreadsheet_that_was_never_read_is_empty_with_a_notice_and_a_problem(lost: str) -> None:
    workbook = a_moody_workbook()
    workbook.damaged.add(lost)
    reader = a_reader(workbook)

    register = reader.read()

    assert reader.notices == [Notice(lost, f"{lost} går inte att läsa.", kept=False)]
    assert [(one.spreadsheet, one.rule) for one in register.problems] == [(lost, Rule.MISSING_SHEET)]
    assert round_figures(register, lost.removeprefix("svar-")).city.shown == 0


def test_without_the_register_there_is_an_empty_one_and_a_notice() -> None:
    workbook = a_moody_workbook()
    workbook.gone.add("vebs")
    reader = a_reader(workbook)

    register = reader.read()

    assert (register.schools, register.rounds, register.areas) == ({}, {}, ())
    assert [(one.spreadsheet, one.kept) for one in reader.notices] == [("vebs", False)]
    assert reader.read() is register
    workbook.gone.clear()
    assert reader.read().schools.keys() >= {EKSKOLAN}


def test_a_question_added_to_the_bank_is_looked_for_in_the_answers() -> None:
    workbook = a_moody_workbook()
    for row in range(1, 14):
        workbook.inside.edit("svar-2021", "Svar", row, 10, "L5" if row == 1 else 4)
    reader = a_reader(workbook)
    before = reader.read()
    for column, value in enumerate(["L5", 1, "Påstående L5"]):
        workbook.inside.edit("vebs", "Frågor", 10, column, value)
    workbook.inside.edit("vebs", "Frågor", 10, 10, "2021")

    after = reader.read()

    assert told(before)["svar-2021"] == 3.0
    assert told(after)["svar-2021"] == pytest.approx((4 * 3 + 4) / 5)
    assert after.answers["2020"].questions == before.answers["2020"].questions


def test_a_round_that_is_published_by_hand_is_there_at_the_next_reading() -> None:
    workbook = a_moody_workbook()
    reader = a_reader(workbook)
    assert set(reader.read().answers) == {"2020", "2021"}

    workbook.inside.edit("vebs", "Omgångar", 4, 3, "Publicerad")

    assert set(reader.read().answers) == {"2020", "2021", "2022"}
    assert [notice.spreadsheet for notice in reader.notices] == ["svar-2022"]


def test_people_who_ask_at_once_share_one_reading() -> None:
    workbook = a_moody_workbook()
    workbook.may_go_on.clear()
    shared = SharedCopy(a_reader(workbook), a_clock(), interval=60)

    with ThreadPoolExecutor(16) as pool:
        asking = [pool.submit(shared.get) for _ in range(16)]
        assert workbook.reading_began.wait(10)
        workbook.may_go_on.set()
        copies = {id(one.result(10)) for one in asking}

    assert len(copies) == 1
    assert sorted(workbook.was_read) == sorted(SPREADSHEETS)


def test_while_somebody_reads_the_others_are_served_what_there_is() -> None:
    workbook = a_moody_workbook()
    shared = SharedCopy(a_reader(workbook), a_clock(), interval=0)
    before = shared.get()
    edit(workbook, "svar-2021")
    workbook.may_go_on.clear()
    workbook.reading_began.clear()
    slow: list[Copy] = []
    reader = threading.Thread(target=lambda: slow.append(shared.get()))
    reader.start()
    assert workbook.reading_began.wait(10)

    assert shared.get() is before
    assert not slow

    workbook.may_go_on.set()
    reader.join(10)
    assert told(slow[0].register)["svar-2021"] != told(before.register)["svar-2021"]


def test_within_the_interval_nobody_asks_the_spreadsheets_anything() -> None:
    workbook = a_moody_workbook()
    shared = SharedCopy(a_reader(workbook), a_clock(), interval=3600)
    copy = shared.get()
    workbook.asked.clear()
    edit(workbook, "vebs")

    assert shared.get() is copy
    assert workbook.asked == []


def test_after_the_interval_the_copy_is_as_fresh_as_the_spreadsheets() -> None:
    workbook = a_moody_workbook()
    shared = SharedCopy(a_reader(workbook), a_clock(), interval=0)
    first = shared.get()

    second = shared.get()

    assert second.register is first.register
    assert (first.read_at.hour, second.read_at.hour) == (0, 1)


def test_a_copy_that_could_not_be_renewed_does_not_grow_fresher() -> None:
    workbook = a_moody_workbook()
    shared = SharedCopy(a_reader(workbook), a_clock(), interval=0)
    shared.get()
    workbook.damaged.add("vebs")

    first, second = shared.get(), shared.get()

    assert second.register is first.register
    assert [notice.spreadsheet for notice in second.notices] == ["vebs"]
    assert second.read_at == first.read_at


def test_a_reading_that_breaks_lets_the_next_one_try() -> None:
    workbook = a_moody_workbook()
    inside, workbook.inside = workbook.inside, None  # a bug, not a trouble
    shared = SharedCopy(a_reader(workbook), a_clock(), interval=0)
    with pytest.raises(AttributeError):
        shared.get()

    workbook.inside = inside

    assert told(shared.get().register)["vebs"] == "Ekskolan"


def test_a_command_reads_everything_once() -> None:
    workbook = a_moody_workbook()
    workbook.damaged.add("svar-2020")

    copy = read_once(workbook, load_schema())

    assert sorted(workbook.was_read) == ["inkorg", "svar-2021", "vebs"]
    assert [notice.sentence for notice in copy.notices] == ["svar-2020 går inte att läsa."]
    assert copy.register.participation == {"2022": {EKSKOLAN: 1}}


def test_those_in_the_inbox_of_an_unknown_school_are_nobodys() -> None:
    workbook = a_workbook({}, rounds=[a_round("2022", "Öppen")], taking_part=[BJORKSKOLAN, "99999999"])

    register = read_once(workbook, load_schema()).register

    assert register.participation == {"2022": {BJORKSKOLAN: 1}}
    assert [(one.spreadsheet, one.row, one.rule) for one in register.problems] == [
        ("inkorg", 3, Rule.UNKNOWN_REFERENCE)
    ]
