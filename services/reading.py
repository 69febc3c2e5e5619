"""One fresh copy of the sheets for the whole process, and what stands in the way of a fresher one."""

import datetime as dt
import threading
import time
from collections.abc import Callable, Sequence
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
from services.errors import SpreadsheetMissing, WorkbookTrouble
from services.keeping import KeptRounds
from services.register import Register
from services.tables.answers import Answers
from services.tables.parse import Parsed
from services.tables.problems import Problem
from services.tables.schema import Schema, Table
from services.workbook.port import Version, Workbook

CHECK_INTERVAL = 1.0
"""Seconds during which the copy is served without asking whether the spreadsheets have changed."""

AT_ONCE = 3
"""Spreadsheets read at the same time at the start: most of a reading waits, or runs outside Python."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A spreadsheet that can't be read just now; `kept` if an earlier reading of it is shown instead."""

    spreadsheet: str
    sentence: str
    kept: bool


@dataclass(frozen=True, slots=True)
class Copy:
    """The register as last read, when that was, and what could not be read."""

    register: Register
    read_at: dt.datetime
    notices: tuple[Notice, ...] = ()


class Reader:
    """Reads the spreadsheets of a workbook into registers, and only what has changed since last time."""

    def __init__(self, workbook: Workbook, schema: Schema, kept_rounds: KeptRounds | None = None) -> None:
        self.workbook, self.schema, self.kept_rounds = workbook, schema, kept_rounds
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
            self._last = base, sheets, self._with_answers(base, sheets)
        return self._last[2]

    def _base_register(self, main: MainTables, inbox: MainTables) -> Register:
        if self._base is None or self._base[0] is not main or self._base[1] is not inbox:
            self._base = main, inbox, build_register(main, inbox)
        return self._base[2]

    def _read_main(self) -> MainTables:
        try:
            version = self.workbook.version(MAIN)
            if self._main is None or self._main[0] != version:
                snapshot = self.workbook.read(MAIN)
                self._main = (snapshot.version, read_main(self.schema, snapshot.sheets))
        except WorkbookTrouble as trouble:
            self.notices.append(_notice(trouble, kept=self._main is not None))
            if self._main is None:
                return self._without_main
        return self._main[1]

    def _read_inbox(self, main: MainTables) -> MainTables:
        try:
            version = self.workbook.version(INBOX)
            if self._inbox is None or self._inbox[0] != version or self._inbox[1] is not main:
                snapshot = self.workbook.read(INBOX)
                self._inbox = (snapshot.version, main, read_inbox(self.schema, snapshot.sheets, main))
        except SpreadsheetMissing:
            self._inbox = None  # there is none until the first round opens
        except WorkbookTrouble as trouble:
            self.notices.append(_notice(trouble, kept=self._inbox is not None))
        return self._inbox[2] if self._inbox else NO_INBOX

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
        snapshot = self.workbook.read(spreadsheet)
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
    return Notice(trouble.spreadsheet, str(trouble), kept)


def _same(one: dict[str, Parsed], other: dict[str, Parsed]) -> bool:
    """Whether both hold the very same readings."""
    return one.keys() == other.keys() and all(one[name] is other[name] for name in one)


class SharedCopy:
    """The one copy of the register that all visitors of a process share.

    It is refreshed by whoever asks first after the interval; meanwhile the others are served the last
    copy, and only the very first reading makes everyone wait.
    """

    def __init__(
        self, reader: Reader, clock: Callable[[], dt.datetime], interval: float = CHECK_INTERVAL
    ) -> None:
        self._reader, self._clock, self._interval = reader, clock, interval
        self._refreshing = threading.Lock()
        self._copy: Copy | None = None
        self._checked = -float("inf")

    def get(self) -> Copy:
        """The copy, at most the interval old or on its way to be renewed."""
        copy = self._copy
        if copy is not None and time.monotonic() - self._checked < self._interval:
            return copy
        if not self._refreshing.acquire(blocking=copy is None):
            assert copy is not None
            return copy
        try:
            return self._refresh()
        finally:
            self._refreshing.release()

    def _refresh(self) -> Copy:
        copy = self._copy
        if copy is not None and time.monotonic() - self._checked < self._interval:
            return copy  # someone else was first while we waited
        register = self._reader.read()
        notices = tuple(self._reader.notices)
        if copy is None or copy.register is not register or copy.notices != notices:
            copy = Copy(register, self._clock(), notices)
        elif not notices:
            copy = replace(copy, read_at=self._clock())
        self._copy = copy
        self._checked = time.monotonic()
        return copy


def read_once(workbook: Workbook, schema: Schema) -> Copy:
    """Read everything now, for a command that runs and ends; what can't be read is a notice."""
    reader = Reader(workbook, schema)
    register = reader.read()
    return Copy(register, dt.datetime.now(dt.UTC), tuple(reader.notices))
