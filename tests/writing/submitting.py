"""A process that submits answers and says which are acknowledged, until it is killed.

`python -m tests.writing.submitting FOLDER FIRST COUNT`: prints `received KEY` and `saved KEY` a line.
"""

import datetime as dt
import sys
import threading
from pathlib import Path

from services.outbox import Outbox
from services.tables.schema import load_schema
from services.workbook.excel import ExcelFolder
from services.writing.deeds import NewRow, RowChange, Saved
from services.writing.writer import Writer
from tests.writing.registers import PLAN, an_action, an_answer


def main(folder: Path, first: int, count: int) -> None:
    """Submit from several threads at once."""
    lock = threading.Lock()

    def say(word: str, key: str) -> None:
        with lock:
            sys.stdout.write(f"{word} {key}\n")
            sys.stdout.flush()

    outbox = Outbox(folder / "outbox" / "register.sqlite")
    workbook = ExcelFolder(folder, folder / "state")
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
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
