"""Answers through the group commit: how fast on this machine, and how many calls and seconds with Google.

Beside it, what becomes of the same answers when each is appended with gspread's own clients while Google
fails one call in five.
"""

import datetime as dt
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import gspread

from services.outbox import Outbox
from services.tables.schema import load_schema
from services.workbook.excel import ExcelFolder
from services.workbook.pacing import Pace
from services.workbook.port import Workbook
from services.writing.deeds import NewRow, Saved
from services.writing.tempo import LOCAL, Tempo
from services.writing.writer import Writer
from tests.benchmarks.measuring import Measurement
from tests.sheets_server.client import connect
from tests.sheets_server.serving import LocalGoogle, local_google
from tests.writing.failing import FAULTS, HURRIED
from tests.writing.registers import INBOX, a_register, headers, on_disk, on_google
from tests.writing.rush import a_rush

QUESTIONS = tuple(f"F{number:02d}" for number in range(1, 43))
THERE = 2_000
ANSWERS = 2_000
PEOPLE = 200
AT_ONCE = 200
ALONE = 60
"""So many with gspread's own clients: each answer is a call of its own."""

CLIENTS = (gspread.http_client.HTTPClient, gspread.http_client.BackOffHTTPClient)


def measure() -> list[Measurement]:
    """The local workbook, a rush at Google, and a Google that fails."""
    with tempfile.TemporaryDirectory() as name:
        return [
            *_measure_files(Path(name) / "files"),
            *_measure_rush(Path(name)),
            *_measure_failing(Path(name)),
        ]


def _answer(key: str) -> list[NewRow]:
    about = {"Nyckel": key, "Omgång": "2021", "Skolenhetskod": "00000001"}
    levels = {question: 1 + number % 4 for number, question in enumerate(QUESTIONS)}
    return [
        NewRow("Inkomna", {**about, "Version": 1, **levels}, INBOX),
        NewRow("Deltagande", about, INBOX),
    ]


def _inbox() -> dict[str, list[list[Any]]]:
    """An inbox where many have answered already."""
    sheets: dict[str, list[list[Any]]] = {}
    for number, sheet in enumerate(("Inkomna", "Deltagande")):
        columns = headers(sheet, *(QUESTIONS if number == 0 else ()))
        rows = [_answer(f"before{n}")[number].values for n in range(THERE)]
        sheets[sheet] = [columns, *([row[header] for header in columns] for row in rows)]
    return sheets


def _measure_files(folder: Path) -> list[Measurement]:
    folder.mkdir()
    on_disk(folder, {INBOX: _inbox()})
    workbook = ExcelFolder(folder, folder / "state")
    seconds, told = _submitted(workbook, folder, PEOPLE, ANSWERS, LOCAL)
    stored = workbook.read(INBOX).sheets["Inkomna"].height - 1 - THERE
    note = f"{ANSWERS / seconds:.0f}/s, stored {stored} of {told}, {PEOPLE} people, {THERE} rows there before"
    return [Measurement("an answer acknowledged, .xlsx", 1000 * seconds / ANSWERS, 10.0, "ms", note)]


def _submitted(
    workbook: Workbook, folder: Path, people: int, answers: int, tempo: Tempo
) -> tuple[float, int]:
    """People who each send in their share, waiting for each one; the seconds, and how many were saved."""
    outbox = Outbox(folder / "outbox" / "register.sqlite")
    writer = Writer(workbook, load_schema(), outbox, lambda: dt.datetime.now(dt.UTC), tempo)
    writer.start()
    saved: list[str] = []

    def work(person: int) -> None:
        for number in range(person, answers, people):
            key = f"k{number}"
            if writer.outcome(writer.submit(_answer(key), "", "Svar"), 300) == Saved():
                saved.append(key)

    begun = time.perf_counter()
    _all_at_once(work, people)
    seconds = time.perf_counter() - begun
    while outbox.watched():
        time.sleep(0.05)
    writer.stop()
    outbox.close()
    return seconds, len(saved)


def _measure_rush(folder: Path) -> list[Measurement]:
    rush = a_rush(10, folder)
    once = sum(times == 1 for times in rush.keys.values())
    refused = sum("429" in answer for answer in rush.answers)
    note = f"4,000 answers in 10 simulated minutes, stored once {once}, refused for the quota {refused}"
    return [
        Measurement("calls to Google in the busiest minute", rush.busiest, 45, "calls", note),
        Measurement("wait for the confirmation, p95, 200 at once among them", rush.wait(0.95), 5, "s"),
    ]


def _measure_failing(folder: Path) -> list[Measurement]:
    what = f"{AT_ONCE} writers, Google fails 1 call in 5: lost, doubled, told wrong"
    found = []
    with local_google() as google:
        wrong, note = _ours(google, folder / "failing")
        found.append(Measurement(what, wrong, 0, "answers", note))
        for client in CLIENTS:
            wrong, note = _alone(google, client)
            name = f"{client.__module__.partition('.')[0]}.{client.__name__}"
            found.append(Measurement(f"  {ALONE} with {name}, for comparison", wrong, ALONE, "answers", note))
    return found


def _ours(google: LocalGoogle, folder: Path) -> tuple[int, str]:
    workbook = on_google(google, {INBOX: _empty_inbox()}, folder / "journal", Pace(chance=lambda: 0.02))
    google.control.fault(match={"service": "sheets"}, rate=0.2, faults=FAULTS, seed=1)
    _, told = _submitted(workbook, folder, AT_ONCE, AT_ONCE, HURRIED)
    return _judged(google, AT_ONCE, {f"k{n}" for n in range(told)})


def _alone(google: LocalGoogle, client: type[gspread.http_client.HTTPClient]) -> tuple[int, str]:
    """Each answer appended by itself, as one would with gspread alone."""
    google.control.reset(0)
    id_ = google.control.spreadsheet(INBOX, _empty_inbox())
    google.control.fault(match={"service": "sheets"}, rate=0.2, faults=FAULTS, seed=1)
    told: set[str] = set()

    def work(number: int) -> None:
        row = list(_answer(f"k{number}")[0].values.values())
        try:
            sheet = connect(google.url, http_client=client).open_by_key(id_).worksheet("Inkomna")
            sheet.append_row(row)
        except Exception:  # whatever it is, the person is told that it failed
            return
        told.add(f"k{number}")

    _all_at_once(work, ALONE)
    return _judged(google, ALONE, told)


def _judged(google: LocalGoogle, sent: int, told: set[str]) -> tuple[int, str]:
    """How many were lost, doubled or told to have failed though they were saved."""
    google.control.clear_faults()
    while google.control.pending():
        time.sleep(0.05)
    rows = google.control.values(INBOX, "Inkomna")[1:]
    stored = Counter(str(row[0]) for row in rows if row and row[0])
    lost = len(told - stored.keys())
    doubled = sum(times > 1 for times in stored.values())
    misreported = len(stored.keys() - told)
    note = (
        f"lost {lost}, doubled {doubled}, failed though saved {misreported}, told saved {len(told)} of {sent}"
    )
    return lost + doubled + misreported, note


def _empty_inbox() -> dict[str, list[list[Any]]]:
    return {
        "Inkomna": [headers("Inkomna", *QUESTIONS)],
        "Deltagande": list(a_register()[INBOX]["Deltagande"]),
    }


def _all_at_once(work: Any, people: int) -> None:
    threads = [threading.Thread(target=work, args=(person,)) for person in range(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
