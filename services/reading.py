"""The spreadsheets, read into a register: only what has changed, and what stands in the way of the rest."""

import datetime as dt
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial

from services.assembly import (
    INBOX,
    MAIN,
    MainTables,
    build_register,
    read_answer_sheet,
    read_inbox,
    read_main,
    resolve_answers,
)
from services.errors import QuotaUsedUp, SpreadsheetMissing, Unreachable, WorkbookTrouble
from services.frozen_rounds import FrozenRounds
from services.keeping import KeptRounds
from services.last_copies import LastCopies, LastCopy
from services.register import Register
from services.tables.answers import Answers
from services.tables.parse import Parsed
from services.tables.problems import Problem
from services.tables.schema import Schema, Table
from services.workbook.port import Sheet, Version, Workbook

AT_ONCE = 3
"""Spreadsheets read at the same time at the start: most of a reading waits, or runs outside Python."""

OUTAGE = (Unreachable, QuotaUsedUp)
"""Trouble that passes by itself, and that says nothing against what was read before."""

INBOX_SHEETS = ("Deltagande",)
"""What is read of the inbox: who has answered, never what."""

_ANY = Version("kept")


@dataclass(frozen=True, slots=True)
class Notice:
    """A spreadsheet that can't be read just now; `kept` if an earlier reading of it is shown instead.

    In an `outage` nothing is wrong with the spreadsheet itself, and all of them are out of reach.
    """

    spreadsheet: str
    sentence: str
    kept: bool
    outage: bool = False


@dataclass(frozen=True, slots=True)
class Copy:
    """The register as last read, when that was, and what could not be read."""

    register: Register
    read_at: dt.datetime
    notices: tuple[Notice, ...] = ()


class Reader:
    """Reads the spreadsheets of a workbook into registers, and only what has changed since last time."""

    def __init__(
        self,
        workbook: Workbook,
        schema: Schema,
        kept_rounds: KeptRounds | None = None,
        last_copies: LastCopies | None = None,
        frozen: FrozenRounds | None = None,
    ) -> None:
        self.workbook, self.schema = workbook, schema
        self.kept_rounds, self.last_copies, self._frozen = kept_rounds, last_copies, frozen
        self.as_of: dt.datetime | None = None
        self._main: tuple[Version, MainTables] | None = None
        self._inbox: tuple[Version, MainTables, MainTables] | None = None
        self._rounds: dict[str, tuple[Version, Parsed]] = {}
        self._base: tuple[MainTables, MainTables, Register] | None = None
        self._last: tuple[Register, dict[str, Parsed], Register] | None = None
        self._without_main = read_main(schema, None)
        self._without_answers: dict[str, Parsed] = {}
        self.notices: list[Notice] = []

    def read(self) -> Register:
        """The register as the spreadsheets stand; the very same object while nothing has changed.

        A spreadsheet that cannot be read keeps its last reading, or is empty, and leaves a notice.
        """
        self.notices = []
        main = self._read_main()
        base = self._base_register(main, self._read_inbox(main))
        sheets = self._read_rounds(base, _rounds_with_answers(base))
        if self._last is None or self._last[0] is not base or not _same(self._last[1], sheets):
            found = self._with_answers(base, sheets)
            self._last = base, sheets, self._as_may_be_shown(found, sheets)
        return self._last[2]

    def _as_may_be_shown(self, register: Register, sheets: Mapping[str, Parsed]) -> Register:
        """The register with the published rounds as they were published."""
        if self._frozen is None:
            return register
        unread = [name for name, sheet in sheets.items() if sheet is self._without_answers.get(name)]
        return self._frozen.applied(register, unread)

    def _base_register(self, main: MainTables, inbox: MainTables) -> Register:
        if self._base is None or self._base[0] is not main or self._base[1] is not inbox:
            self._base = main, inbox, build_register(main, inbox)
        return self._base[2]

    def _read_main(self) -> MainTables:
        try:
            version = self.workbook.version(MAIN)
            if self._main is None or self._main[0] != version:
                version, sheets = self._fetch(MAIN, [one.name for one in self.schema.of_spreadsheet(MAIN)])
                if self._main is None or self._main[0] != version:
                    self._main = version, read_main(self.schema, sheets)
            self._confirm(MAIN)
            self.as_of = None
        except WorkbookTrouble as trouble:
            if self._main is None and (last := self._last_copy(MAIN, trouble)):
                self.as_of = last.read_at
                self._main = _ANY, read_main(self.schema, last.sheets)
            self.notices.append(_notice(trouble, kept=self._main is not None))
            if self._main is None:
                return self._without_main
        return self._main[1]

    def _read_inbox(self, main: MainTables) -> MainTables:
        try:
            version = self.workbook.version(INBOX)
            if self._inbox is None or self._inbox[0] != version or self._inbox[1] is not main:
                version, sheets = self._fetch(INBOX, INBOX_SHEETS)
                self._inbox = version, main, read_inbox(self.schema, sheets, main)
            self._confirm(INBOX)
        except SpreadsheetMissing:
            self._inbox = None  # there is none until the first round opens
            if self.last_copies is not None:
                self.last_copies.forget(INBOX)
        except WorkbookTrouble as trouble:
            if self._inbox is None and (last := self._last_copy(INBOX, trouble)):
                self._inbox = _ANY, main, read_inbox(self.schema, last.sheets, main)
            self.notices.append(_notice(trouble, kept=self._inbox is not None))
        return self._inbox[2] if self._inbox else NO_INBOX

    def _fetch(self, spreadsheet: str, titles: Sequence[str]) -> tuple[Version, Mapping[str, Sheet]]:
        snapshot = self.workbook.read(spreadsheet, titles)
        if self.last_copies is not None:
            self.last_copies.keep(spreadsheet, snapshot.sheets)
        return snapshot.version, snapshot.sheets

    def _confirm(self, spreadsheet: str) -> None:
        if self.last_copies is not None:
            self.last_copies.confirm(spreadsheet)

    def _last_copy(self, spreadsheet: str, trouble: WorkbookTrouble) -> LastCopy | None:
        """The copy on disk, where a spreadsheet could not be reached."""
        if self.last_copies is None or not isinstance(trouble, OUTAGE):
            return None
        return self.last_copies.load(spreadsheet)

    def _read_rounds(self, register: Register, names: Sequence[str]) -> dict[str, Parsed]:
        """The answers of each round; at the start several spreadsheets at a time."""
        read = partial(self._read_round, register)
        if self._rounds or len(names) < 2:
            found = list(map(read, names))
        else:
            with ThreadPoolExecutor(min(AT_ONCE, len(names))) as pool:
                found = list(pool.map(read, names))
        self.notices += [notice for _, notice in found if notice is not None]
        return {name: sheet for name, (sheet, _) in zip(names, found, strict=True)}

    def _read_round(self, register: Register, name: str) -> tuple[Parsed, Notice | None]:
        table = self.schema.table("Svar")
        spreadsheet = table.spreadsheet_of(name)
        asked = table.with_questions(tuple(question.id for question in register.questions_in(name)))
        known = self._rounds.get(name)
        if known is not None and known[1].typed.table != asked:
            known = None
        notice = None
        try:
            version = self.workbook.version(spreadsheet)
            if known is None or known[0] != version:
                known = self._rounds[name] = self._fetch_round(asked, name, spreadsheet, version)
        except WorkbookTrouble as trouble:
            if known is None and self.kept_rounds is not None and isinstance(trouble, OUTAGE):
                kept = self.kept_rounds.load(spreadsheet, None, asked)
                if kept is not None:
                    known = self._rounds[name] = _ANY, kept
            notice = _notice(trouble, kept=known is not None)
        return (known[1] if known is not None else self._no_answers(asked, name)), notice

    def _no_answers(self, asked: Table, name: str) -> Parsed:
        empty = self._without_answers.get(name)
        if empty is None or empty.typed.table != asked:
            empty = self._without_answers[name] = read_answer_sheet(self.schema, name, asked, None)
        return empty

    def _fetch_round(
        self, asked: Table, name: str, spreadsheet: str, version: Version
    ) -> tuple[Version, Parsed]:
        kept = self.kept_rounds.load(spreadsheet, version, asked) if self.kept_rounds else None
        if kept is not None:
            return version, kept
        snapshot = self.workbook.read(spreadsheet, [asked.name])
        parsed = read_answer_sheet(self.schema, name, asked, snapshot.sheets)
        if self.kept_rounds is not None:
            self.kept_rounds.keep(spreadsheet, snapshot.version, parsed)
        return snapshot.version, parsed

    def _with_answers(self, register: Register, sheets: dict[str, Parsed]) -> Register:
        answers: dict[str, Answers] = {}
        problems: list[Problem] = list(register.problems)
        for name, sheet in sheets.items():
            answers[name], found = resolve_answers(register, self.schema, name, sheet)
            problems += found
        return replace(register, answers=answers, problems=tuple(problems))


NO_INBOX = MainTables({}, ())


def _rounds_with_answers(register: Register) -> list[str]:
    return [name for name, round_ in register.rounds.items() if round_.has_answers]


def _notice(trouble: WorkbookTrouble, *, kept: bool) -> Notice:
    return Notice(trouble.spreadsheet, str(trouble), kept, isinstance(trouble, OUTAGE))


def _same(one: dict[str, Parsed], other: dict[str, Parsed]) -> bool:
    """Whether both hold the very same readings."""
    return one.keys() == other.keys() and all(one[name] is other[name] for name in one)


def read_once(workbook: Workbook, schema: Schema, frozen: FrozenRounds | None = None) -> Copy:
    """Read everything now, for a command that runs and ends; what can't be read is a notice."""
    reader = Reader(workbook, schema, frozen=frozen)
    register = reader.read()
    return Copy(register, dt.datetime.now(dt.UTC), tuple(reader.notices))
