"""Room for a round in the spreadsheets: its own for the answers, and its questions' columns in the inbox."""

import contextlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from config.settings import Settings
from services.answering.form import form_of
from services.assembly import INBOX
from services.connecting import Finder, Link, Plan, Wanted
from services.connecting import lay_out as lay_out_at_google
from services.errors import NotReady, SpreadsheetChanged
from services.register import Register
from services.tables.schema import Schema, Table
from services.template import lay_out
from services.workbook.opening import as_google
from services.workbook.port import CellChange, Snapshot, Workbook
from services.workbook.xlsx_new import write_new
from services.writing.desk import missing_column
from services.writing.rows import Grid

ANSWERS = "Svar"

TRIES = 3
"""Reads and writes in a row while people keep saving the file."""

MARGIN = 2
"""Rows for the headers, and one that stays blank."""


@dataclass(frozen=True, slots=True)
class Builder:
    """Makes room in a register; `wanted` says whose spreadsheets at Google to trust, `say` tells of it."""

    workbook: Workbook
    schema: Schema
    settings: Settings
    wanted: Wanted = field(default_factory=Wanted)
    say: Callable[[str], None] = field(default=lambda _: None)

    def make_room(self, register: Register, round_: str) -> None:
        """All that a round needs to be answered and to be closed; what is there already stays as it is.

        NotReady, or trouble with the spreadsheets, where it can't be made.
        """
        self.make_room_for_answers(register, round_)
        asked = _asked(register, round_)
        tables = [
            table.with_questions(asked) if table.has_questions else table
            for table in self.schema.of_spreadsheet(INBOX)
        ]
        self.lay_out(INBOX, tables, {table.name: _staff(register, round_) + MARGIN for table in tables})

    def make_room_for_answers(self, register: Register, round_: str) -> None:
        """The spreadsheet that a round's answers come to when it is closed."""
        answers = self.schema.table(ANSWERS).with_questions(_asked(register, round_))
        room = {answers.name: _staff(register, round_) + MARGIN}
        self.lay_out(answers.spreadsheet_of(round_), [answers], room)

    def lay_out(self, spreadsheet: str, tables: Sequence[Table], rows: Mapping[str, int]) -> None:
        """The spreadsheet with these sheets and all their columns, made where they are missing."""
        google = as_google(self.workbook)
        if google is not None:
            link = Link(google.client, google.book, self.say)
            finder = Finder(link, self.wanted)
            target = finder.target(spreadsheet)
            plan = Plan(target, tables, rows, is_new=spreadsheet in finder.made)
            lay_out_at_google(link, self.schema, plan)
            finder.tell_of_made()
        elif spreadsheet in self.workbook.spreadsheets():
            self._add_columns(spreadsheet, tables)
        else:
            self._write_new(spreadsheet, tables)

    def _write_new(self, spreadsheet: str, tables: Sequence[Table]) -> None:
        path = self.settings.data / f"{spreadsheet}.xlsx"
        try:
            with contextlib.suppress(FileExistsError):  # somebody else was first
                write_new(path, lay_out(self.schema, tables, {}))
        except OSError as fault:
            raise NotReady(
                f"Filen {path.name} går inte att skapa ({fault.strerror}). Se över mappen och försök igen."
            ) from fault
        self.say(f"{path.name}: fanns inte och är skapad.")

    def _add_columns(self, spreadsheet: str, tables: Sequence[Table]) -> None:
        """Columns for questions that the sheets lack, to the right of all there is."""
        for last in (*[False] * (TRIES - 1), True):
            seen = self.workbook.fresh(spreadsheet, {table.name for table in tables})
            changes = [change for table in tables for change in _columns_to_add(spreadsheet, table, seen)]
            if not changes:
                return
            try:
                self.workbook.write(spreadsheet, changes, seen)
            except SpreadsheetChanged:
                if last:
                    raise
                continue
            self.say(f"{spreadsheet}: lade till {len(changes)} kolumner.")
            return


def _asked(register: Register, round_: str) -> tuple[str, ...]:
    """What is asked in the form; a question without an area is in no form, and has no column."""
    return tuple(question.id for question in form_of(register, round_).questions)


def _staff(register: Register, round_: str) -> int:
    return sum(part.staff or 0 for part in register.school_rounds.get(round_, {}).values())


def _columns_to_add(spreadsheet: str, table: Table, seen: Snapshot) -> Iterable[CellChange]:
    """The headers to write; NotReady where the sheet lacks one that people must put back themselves.

    Only columns of questions are added: another that is missing has rather got a new name by mistake.
    """
    if table.name not in seen.sheets:
        raise NotReady(f"Bladet {table.name} saknas i {spreadsheet}. Lägg tillbaka det och försök igen.")
    grid = Grid(seen.sheets[table.name])
    own = [column.header for column in table.columns]
    if grid.header_index is None:
        return [CellChange(table.name, 1, place, header) for place, header in enumerate(own)]
    missing = [header for header in own if header not in grid.positions]
    questions = {column.header for column in table.columns if column.level}
    if renamed := [header for header in missing if header not in questions]:
        raise NotReady(missing_column(table.name, renamed[0]))
    first = len(seen.sheets[table.name].columns)
    return [
        CellChange(table.name, grid.header_index + 1, first + place, header)
        for place, header in enumerate(missing)
    ]
