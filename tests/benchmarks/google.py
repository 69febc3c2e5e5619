"""A large sheet read cold from the local Google, against other ways to read it, and what the pages cost.

The local Google takes longer to make an answer than anybody to read it, so it makes each one once and
a process of its own hands it out: what is compared is what happens on our side.
"""

import contextlib
import datetime as dt
import http.server
import json
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import gspread
import pandas as pd
import requests
from gspread_dataframe import get_as_dataframe

from services.assembly import MAIN, read_answer_sheet
from services.keeping import KeptRounds
from services.reading import Reader
from services.sharing import BackgroundCopy
from services.tables.answers import Answers, answers_of
from services.tables.schema import load_schema
from services.workbook.google import SheetsClient
from services.workbook.google_accounts import anonymous
from services.workbook.google_book import AddressBook
from services.workbook.google_workbook import GoogleWorkbook
from services.workbook.pacing import Pace, Patience
from tests.benchmarks.measuring import Measurement, best_of, in_milliseconds
from tests.benchmarks.registers import SCHOOLS, Size, random_answers
from tests.on_google import OPERATIONS, Time, a_google_workbook, put
from tests.people import EKSKOLAN, a_round, answers, register_sheets
from tests.sheets_server.client import connect
from tests.sheets_server.serving import LocalGoogle, local_google

ROWS = 28_000
QUESTIONS = tuple(f"F{number:02d}" for number in range(1, 47))
"""With the id and the school's code, 48 columns."""

ROUND = "2021"
TIMES = 7
VALUES = (
    "/v4/spreadsheets/{}/values:batchGet?ranges='Svar'&majorDimension=COLUMNS"
    "&valueRenderOption=UNFORMATTED_VALUE&dateTimeRenderOption=SERIAL_NUMBER&fields=valueRanges(majorDimension,values)"
)


def measure() -> list[Measurement]:
    """Reading a large sheet, and the calls of a start, a page and an hour."""
    return [*_measure_reading(), *_measure_calls()]


def _measure_reading() -> list[Measurement]:
    with _handed_out() as (url, id_):
        _typed_and_checked(url, id_)
        runs = (
            lambda: _typed_and_checked(url, id_),
            lambda: _bare(url, id_),
            lambda: pd.DataFrame(_sheet(url, id_).get_all_records()),
            lambda: get_as_dataframe(_sheet(url, id_)),
        )
        for run in runs:
            run()  # so that every answer has been made
        ours, bare, records, frame = best_of(runs, TIMES)
    what = f"{ROWS} × {len(QUESTIONS) + 2} from Google, typed and checked"
    mine = in_milliseconds(ours)
    return [
        Measurement(f"{what}, against download and JSON alone", ours / bare, 1.5, "×",
                    f"{mine}, alone {in_milliseconds(bare)}"),
        Measurement(f"{what}, against get_all_records and DataFrame", ours / records, 1 / 7, "×",
                    f"{records / ours:.1f} × faster than {in_milliseconds(records)}"),
        Measurement(f"{what}, against gspread-dataframe", ours / frame, 1 / 18, "×",
                    f"{frame / ours:.1f} × faster than {in_milliseconds(frame)}"),
    ]  # fmt: skip


def _typed_and_checked(url: str, id_: str) -> Answers:
    """As the app reads a round that it has not seen before."""
    client = SheetsClient(anonymous(), Pace(), url)
    workbook = GoogleWorkbook(client, AddressBook({f"svar-{ROUND}": id_}), patience=Patience(120.0))
    schema = load_schema()
    sheets = workbook.read(f"svar-{ROUND}", ["Svar"]).sheets
    parsed = read_answer_sheet(schema, ROUND, schema.table("Svar").with_questions(QUESTIONS), sheets)
    if parsed.problems or len(parsed.typed) != ROWS:
        raise AssertionError("the sheet should be clean and whole")
    return answers_of(parsed.typed, parsed.typed.columns["Skolenhetskod"])


def _bare(url: str, id_: str) -> object:
    """The same answer, only fetched and decoded, as requests decodes it."""
    with requests.Session() as session:
        answer = session.get(url + VALUES.format(id_), headers={"Authorization": "Bearer local"})
        return answer.json()


def _sheet(url: str, id_: str) -> gspread.Worksheet:
    return connect(url).open_by_key(id_).sheet1


@contextlib.contextmanager
def _handed_out() -> Iterator[tuple[str, str]]:
    """The address of a process that hands out what a local Google has made, and the id of the sheet."""
    with _process("-m", "tests.sheets_server", "--port", "0") as said:
        google = said.split()[3]
        school, levels = random_answers(Size(answers=ROWS), 1)
        rows: list[list[object]] = [["Svar", "Skolenhetskod", *QUESTIONS]]
        for number, (place, person) in enumerate(zip(school, levels.tolist(), strict=True)):
            asked = (person * 2)[: len(QUESTIONS)]
            code = 12_340_000 + int(place) % SCHOOLS
            rows.append([f"'a{number:07x}", f"'{code}", *(level or "" for level in asked)])
        body = json.dumps({"name": f"svar-{ROUND}", "sheets": {"Svar": rows}}).encode()
        with urllib.request.urlopen(f"{google}/_control/spreadsheet", body) as answer:
            id_ = json.load(answer)["result"]
        with _process("-m", "tests.benchmarks.google", google) as url:
            yield url, id_


@contextlib.contextmanager
def _process(*arguments: str) -> Iterator[str]:
    """A Python process; the first line it prints."""
    with subprocess.Popen([sys.executable, *arguments], stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().strip()
        finally:
            process.kill()


def _hand_out(google: str) -> None:
    """Answer on a loopback port with what the local Google answers, asking it only once for each thing."""
    made: dict[str, bytes] = {}

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            if self.path not in made:
                asked = urllib.request.Request(google + self.path, headers={"Authorization": "Bearer local"})
                with urllib.request.urlopen(asked) as answer:
                    made[self.path] = answer.read()
            self.send_response(200)
            self.send_header("Content-Type", "application/json; charset=UTF-8")
            self.send_header("Content-Length", str(len(made[self.path])))
            self.end_headers()
            self.wfile.write(made[self.path])

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        print(f"http://127.0.0.1:{server.server_port}", flush=True)  # noqa: T201
        server.serve_forever()


def _measure_calls() -> list[Measurement]:
    """Calls as the local Google counts them: a register of seven rounds and an open one."""
    years = [str(year) for year in range(2015, 2022)]
    sheets = register_sheets(
        {year: answers(12, L=3, U=3) for year in years},
        rounds=[*map(a_round, years), a_round("2022", "Öppen")],
        taking_part=[EKSKOLAN],
    )
    with local_google() as google, tempfile.TemporaryDirectory() as state:
        ids, time = put(google, sheets), Time()
        google.control.clear_counts()
        shared = _shared(a_google_workbook(google, ids, time), Path(state), time)
        shared.get()
        cold = _calls(google)
        for _ in range(50):
            shared.get()
        warm = _calls(google)
        for _ in range(3600):
            time.now += 1
            for _viewer in range(50):
                shared.get()
        hour = _calls(google)
    note = f"{cold} calls for {len(sheets)} spreadsheets"
    return [
        Measurement("calls of a cold start, a spreadsheet", cold / len(sheets), 2, "calls", note),
        Measurement("calls of a warm page", warm, 0, "calls"),
        Measurement(
            "calls of an hour with 50 viewers, a minute", hour / 60, 5, "calls", f"{hour} in the hour"
        ),
    ]


def _shared(workbook: GoogleWorkbook, state: Path, time: Time) -> BackgroundCopy:
    reader = Reader(workbook, load_schema(), KeptRounds(state / "rounds"))
    start = dt.datetime(2022, 1, 24, tzinfo=dt.UTC)
    return BackgroundCopy(
        reader, reader, lambda: start, lambda: workbook.age(MAIN), ticks=time, start=lambda work: work()
    )


def _calls(google: LocalGoogle) -> int:
    counts = google.control.counts()["requests"]
    google.control.clear_counts()
    return sum(counts.get(name, 0) for name in OPERATIONS)


if __name__ == "__main__":
    _hand_out(sys.argv[1])
