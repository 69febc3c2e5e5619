"""Where answers are taken in: the workbook, what is remembered, the log, and room for a round's answers."""

import contextlib
import datetime as dt
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from config.settings import Settings
from services.connecting import Finder, Link, Plan, Wanted
from services.connecting import lay_out as lay_out_at_google
from services.errors import ImportRefused
from services.forms.remembered import Remembered
from services.history import Occasion
from services.outbox import Outbox
from services.tables.schema import Schema, Table
from services.template import lay_out
from services.workbook.opening import as_google
from services.workbook.port import Workbook
from services.workbook.xlsx_new import write_new
from services.writing.opening import outbox_file
from services.writing.tempo import GOOGLE, LOCAL
from services.writing.waiting import Settled
from services.writing.writer import Writer

LOG_PATIENCE = 20.0
"""Seconds to wait for the row in the log; after that it is in the outbox, and written later."""

_COUNTED = "Antal rader"


@dataclass(frozen=True, slots=True)
class Place:
    """A register, as whoever imports reaches it; `settings.data` is its folder where it is one."""

    workbook: Workbook
    schema: Schema
    settings: Settings
    wanted: Wanted = field(default_factory=Wanted)
    say: Callable[[str], None] = field(default=lambda _: None)

    @property
    def remembered(self) -> Remembered:
        """What imports remember of this very register."""
        return Remembered(self.settings.state / "forms" / outbox_file(self.workbook, self.settings).stem)

    def make_room(self, asked: Table, round_name: str, rows: int) -> None:
        """The round's spreadsheet with its sheet and all columns, made where it is missing."""
        spreadsheet = asked.spreadsheet_of(round_name)
        google = as_google(self.workbook)
        if google is not None:
            link = Link(google.client, google.book, self.say)
            finder = Finder(link, self.wanted)
            target = finder.target(spreadsheet)
            plan = Plan(target, [asked], {asked.name: rows + 2}, is_new=spreadsheet in finder.made)
            lay_out_at_google(link, self.schema, plan)
            finder.tell_of_made()
        elif spreadsheet not in self.workbook.spreadsheets():
            path = self.settings.data / f"{spreadsheet}.xlsx"
            with contextlib.suppress(FileExistsError):  # somebody else was first
                self._write_new(path, asked)
            self.say(f"{path.name}: fanns inte och är skapad.")

    def _write_new(self, path: Path, asked: Table) -> None:
        try:
            write_new(path, lay_out(self.schema, [asked], {}))
        except FileExistsError:
            raise
        except OSError as fault:
            raise ImportRefused(
                f"Filen {path.name} går inte att skapa ({fault.strerror}); se över mappen och kör igen."
            ) from fault

    def log(
        self, event: str, table: str, key: str, counts: tuple[int, int], who: str, now: dt.datetime
    ) -> None:
        """Log how many rows there were and are; kept on disk until it stands in the sheet."""
        before, after = map(str, counts)
        entry = Occasion(who, event, now).entry(table, key, _COUNTED, before, after)
        outbox = Outbox(outbox_file(self.workbook, self.settings))
        tempo = LOCAL if as_google(self.workbook) is None else GOOGLE
        writer = Writer(self.workbook, self.schema, outbox, lambda: now, tempo)
        try:
            outbox.settle(Settled(entries=[entry]), now.date())
            writer.start()
            until = time.monotonic() + LOG_PATIENCE
            while outbox.status().log_rows_waiting and time.monotonic() < until:
                time.sleep(0.02)
            if outbox.status().log_rows_waiting:
                self.say("Raden i Logg väntar och skrivs av appen så snart det går.")
        finally:
            writer.stop()
            outbox.close()
