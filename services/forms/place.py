"""Where answers are taken in: the workbook, what is remembered, the log, and room for a round's answers."""

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from config.settings import Settings
from services.connecting import Wanted
from services.forms.remembered import Remembered
from services.history import Occasion
from services.making_room import MARGIN, Builder
from services.outbox import Outbox
from services.tables.schema import Schema, Table
from services.workbook.opening import as_google
from services.workbook.port import Workbook
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
        """The round's spreadsheet with its sheet and all columns, made where it is missing.

        A file that lacks a column is for people to mend: answers may stand there under another header.
        """
        spreadsheet = asked.spreadsheet_of(round_name)
        if as_google(self.workbook) is None and spreadsheet in self.workbook.spreadsheets():
            return
        builder = Builder(self.workbook, self.schema, self.settings, self.wanted, self.say)
        builder.lay_out(spreadsheet, [asked], {asked.name: rows + MARGIN})

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
