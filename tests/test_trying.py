"""The checklist for a real account, run on the local Google: it says what it saw and leaves nothing."""

import pytest

from services.trying import NAME, Bench, Result, Seen, Verdict, agree, place, run, summary
from services.trying_checks import (
    CHECKS,
    appended_below_looks,
    copied_formulas,
    hand_edits_in_drive,
    image_in_the_answer,
    quota,
    typed_cells,
    unknown_fields,
)
from services.trying_moves import set_up_twice
from services.workbook.google import SheetsClient
from services.workbook.google_accounts import account_of_key, anonymous
from services.workbook.google_terms import Target
from tests.on_google import Time
from tests.sheets_server.serving import LocalGoogle


@pytest.fixture
def bench(google: LocalGoogle) -> Bench:
    time = Time()
    client = SheetsClient(anonymous(), time.pace(), google.url)
    return Bench(client, place(client, None), lambda _: False, time, time.sleep)


def test_the_local_google_is_as_our_code_thinks_in_all_that_can_be_tried(bench) -> None:
    results = list(run(bench, CHECKS))

    by_verdict = {verdict: [r.claim for r in results if r.seen.verdict is verdict] for verdict in Verdict}
    assert by_verdict[Verdict.DIFFERS] == []
    assert len(by_verdict[Verdict.UNTRIED]) == 3
    assert summary(results) == f"{len(CHECKS) - 3} som väntat, 0 avviker, 3 kunde inte provas."


def test_every_sheet_that_was_made_is_taken_away(google, bench) -> None:
    list(run(bench, CHECKS))

    (file,) = google.control.files()
    assert (file["name"], file["sheets"]) == (NAME, ["Sheet1"])


def test_the_next_run_uses_the_same_spreadsheet(google, bench) -> None:
    again = place(bench.client, None)

    assert again == bench.target
    assert place(bench.client, "given") == Target(NAME, "given")


def test_a_strangers_file_of_that_name_is_not_used(google) -> None:
    key = google.control.service_account("app@project.iam.gserviceaccount.com")
    foreign = google.control.spreadsheet(NAME, shared_with=["app@project.iam.gserviceaccount.com"])

    client = SheetsClient(account_of_key(key), Time().pace(), google.url)

    assert place(client, None).id != foreign


def test_a_person_who_types_is_waited_for_until_drive_has_noticed(google, bench) -> None:
    google.control.settings(hand_lag=60.0)
    google.control.clock(stop=True)
    asked: list[str] = []

    def types(question: str) -> bool:
        asked.append(question)
        google.control.edit("type", bench.target.id, range="'för hand'!A1", value="hej")
        return True

    def sleep(seconds: float) -> None:
        google.control.clock(advance=seconds)
        bench.client.pace.sleep(seconds)

    bench.ask, bench.sleep = types, sleep
    seen = hand_edits_in_drive(bench)
    google.control.clock(run=True)

    assert seen == Seen(Verdict.AS_THOUGHT, "efter 60 s")
    assert asked == [f"Skriv något i cell A1 i bladet ”för hand” i kalkylbladet {NAME}. Klart?"]


def test_the_quota_is_tried_only_when_somebody_asks_for_it(google, bench) -> None:
    google.control.quota(True)
    assert quota(bench).verdict is Verdict.UNTRIED

    bench.ask = lambda _: True
    seen = quota(bench)

    assert seen.verdict is Verdict.AS_THOUGHT
    assert seen.what.startswith("429 efter ")


def test_a_google_that_is_otherwise_is_told_as_it_was_seen(bench) -> None:
    assert agree("så", 1, 1) == Seen(Verdict.AS_THOUGHT, "så")
    assert agree("så", [44585], [""]) == Seen(Verdict.DIFFERS, "väntade [44585], såg ['']")


def test_a_check_that_can_not_reach_google_does_not_stop_the_rest(google, bench) -> None:
    google.control.fault(503, match={"operation": "sheets.batchUpdate"}, times=1)

    results = list(run(bench, [("ett", typed_cells), ("två", copied_formulas)]))

    assert [result.seen.verdict for result in results] == [Verdict.DIFFERS, Verdict.AS_THOUGHT]
    assert results[0].seen.what.startswith("Google svarade inte på om ändringen")


@pytest.mark.parametrize(
    "check",
    [unknown_fields, image_in_the_answer, appended_below_looks, set_up_twice],
    ids=lambda c: c.__name__,
)
def test_one_check_can_be_made_alone(bench, check) -> None:
    assert check(bench).verdict is Verdict.AS_THOUGHT


def test_a_line_tells_verdict_claim_and_what_was_seen() -> None:
    result = Result("Datum är dagnummer", Seen(Verdict.DIFFERS, "såg text"))

    assert result.line == "avviker          Datum är dagnummer: såg text"
