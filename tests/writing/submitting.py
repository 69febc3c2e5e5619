"""A process that submits answers and says which are acknowledged, until it is killed.

`python -m tests.writing.submitting FOLDER FIRST COUNT [URL MAIN INBOX]` prints `received KEY` and
`saved KEY`, a line each. The register is the folder's files, or these two spreadsheets of the
Google at that address.
"""

import datetime as dt
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from services.assembly import INBOX, MAIN
from services.outbox import Outbox
from services.tables.schema import load_schema
from services.workbook.excel import ExcelFolder
from services.workbook.google import SheetsClient
from services.workbook.google_accounts import anonymous
from services.workbook.google_book import AddressBook
from services.workbook.google_workbook import GoogleWorkbook
from services.workbook.pacing import Pace
from services.workbook.port import Workbook
from services.writing.deeds import NewRow, RowChange, Saved
from services.writing.writer import Writer
from tests.writing.registers import PLAN, an_action, an_answer


def open_register(folder: Path, google: Sequence[str]) -> Workbook:
    """As a process that has just been started opens it; what must outlive it is in the folder."""
    if not google:
        return ExcelFolder(folder, folder / "state")
    url, main_id, inbox_id = google
    client = SheetsClient(anonymous(), Pace(calls=10**6), url)
    return GoogleWorkbook(client, AddressBook({MAIN: main_id, INBOX: inbox_id}), journal=folder / "journal")


def main(folder: Path, first: int, count: int, google: Sequence[str]) -> None:
    """Submit from several threads at once."""
    lock = threading.Lock()

    def say(word: str, key: str) -> None:
        with lock:
            sys.stdout.write(f"{word} {key}\n")
            sys.stdout.flush()

    outbox = Outbox(folder / "outbox" / "register.sqlite")
    workbook = open_register(folder, google)
    writer = Writer(workbook, load_schema(), outbox, lambda: dt.datetime.now(dt.UTC))
    writer.start()
    say("started", "-")

    def work(numbers: range) -> None:
        for number in numbers:
            key = f"k{number}"
            deeds: list[NewRow | RowChange] = [*an_answer(key)]
            if number % 10 == 0:
                deeds = [NewRow(PLAN, an_action(key))]
            id_ = writer.submit(deeds, "", "Svar", f"id-{key}")
            say("received", key)
            if writer.outcome(id_, 60) == Saved():
                say("saved", key)

    threads = [threading.Thread(target=work, args=(range(first + n, first + count, 4),)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    writer.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:])
