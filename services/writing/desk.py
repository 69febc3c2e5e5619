"""What everyone who writes has at hand."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from services.errors import Trouble
from services.history import CHAIN, LOG
from services.outbox import Outbox
from services.tables.schema import Schema, Table
from services.workbook.port import Sheet
from services.writing.rows import Meanings, identity_of
from services.writing.tempo import PacedWorkbook
from services.writing.waiting import Settled


class Spoiled(Exception):
    """Nothing was written because of something in the group: it is to be tried in smaller parts."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(str(trouble))
        self.trouble = trouble


class SheetsHeld(Exception):
    """Nothing was written because of these sheets: what is for them has to wait, the sentence says why."""

    def __init__(self, sheets: frozenset[str], sentence: str) -> None:
        super().__init__(sentence)
        self.sheets = sheets


@dataclass(frozen=True, slots=True)
class Desk:
    """The workbook, the schema, the outbox and the clock."""

    workbook: PacedWorkbook
    schema: Schema
    outbox: Outbox
    clock: Callable[[], dt.datetime]

    def settle(self, settled: Settled) -> None:
        """Keep what a round came to."""
        self.outbox.settle(settled, self.clock().date())

    def identity(self, sheet: str) -> tuple[str, ...]:
        """The headers of the columns that tell one row of a sheet from all others."""
        if sheet == LOG:
            return (CHAIN,)
        return tuple(column.header for column in identity_of(self.schema.table(sheet)))

    def meanings(self, sheet: str, sheets: dict[str, Sheet] | None = None) -> Meanings:
        """A reader of the cells of a sheet; `sheets` where names may stand for keys."""
        return Meanings(self.schema, self.schema.table(sheet), sheets)


def is_ours(table: Table, header: str) -> bool:
    """Whether the app may write below this header."""
    return table.has_questions or any(column.header == header for column in table.columns)


def absent(spreadsheet: str, sheets: Iterable[str]) -> SheetsHeld:
    """Sheets are not there, or have no headers."""
    names = frozenset(sheets)
    name = min(names)
    return SheetsHeld(
        names, f"Bladet {name} saknas i {spreadsheet}; lägg tillbaka det, så skrivs det som väntar."
    )


def missing_column(sheet: str, header: str) -> str:
    """What to do about a column that is not there."""
    return f"Kolumnen {header} saknas i bladet {sheet}; lägg tillbaka rubriken och försök igen."
