"""What has been changed through the app: the rows of the sheet Logg, chained so that tampering shows."""

import datetime as dt
import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from services.errors import RowTrouble
from services.tables.cells import Broken, cell_reader, is_blank, read_text
from services.tables.schema import Column, Schema, Table
from services.workbook.cell_values import LONGEST_TEXT, header_text
from services.workbook.port import Cell, Row, Sheet
from services.writing.deeds import RowChange

LOG = "Logg"
HEADERS = ("Tid", "Vem", "Händelse", "Tabell", "Nyckel", "Fält", "Före", "Efter")
CHAIN = "Kedja"

_CUT_OFF = " … (avkortat)"
_KEY_JOIN = " · "
# What a spreadsheet may drop or exchange, so that a row reads back as it was chained.
_UNSTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One thing that was done: a field that got another value, or a new row (`field` blank).

    All is text as people read it; `after` of a new row is JSON of its values by header.
    """

    time: str
    who: str
    event: str
    table: str
    key: str
    field: str
    before: str
    after: str

    @property
    def texts(self) -> tuple[str, ...]:
        """The eight texts in the order of the columns."""
        fields = (self.time, self.who, self.event, self.table, self.key, self.field)
        return (*fields, self.before, self.after)

    def row(self, chain: str) -> Row:
        """The row as it is appended to the sheet."""
        return {**dict(zip(HEADERS, self.texts, strict=True)), CHAIN: chain}


@dataclass(frozen=True, slots=True)
class LogRow:
    """An entry as it stands in the sheet; `number` as the spreadsheet numbers it."""

    number: int
    entry: LogEntry
    chain: str


@dataclass(frozen=True, slots=True)
class Anchor:
    """What the app remembers of the log outside the sheet.

    The number of rows it has confirmed and the chain value of the last; the chain values of rows that
    may already stand after these; and after how many rows the log was found to be another than it left.
    """

    count: int
    chain: str
    pending: frozenset[str] = frozenset()
    breaks: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class BadRow:
    """The first row that is not as the app wrote it, and what is wrong."""

    number: int
    sentence: str


def chained(entry: LogEntry, previous: str) -> str:
    """The chain value of an entry: SHA-256 over the value before it and the entry's texts."""
    content = json.dumps([previous, *map(_even, entry.texts)], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(content.encode()).hexdigest()


def log_rows(sheet: Sheet | None) -> list[LogRow]:
    """The rows of the sheet Logg that have something in them, from the top."""
    if sheet is None:
        return []
    filled = [r for r in range(sheet.height) if any(not is_blank(values[r]) for values in sheet.columns)]
    if not filled:
        return []
    columns: dict[str, Sequence[Cell]] = {}
    for values in sheet.columns:
        columns.setdefault(header_text(values[filled[0]]), values)
    found = [columns.get(header) for header in (*HEADERS, CHAIN)]
    rows: list[LogRow] = []
    for r in filled[1:]:
        texts = ["" if values is None else _text(values[r]) for values in found]
        if any(texts):
            rows.append(LogRow(r + 1, LogEntry(*texts[:-1]), texts[-1]))
    return rows


def verify(rows: Sequence[LogRow], anchor: Anchor | None = None) -> BadRow | None:
    """The first row of the log that is not as the app wrote it; None where all is well.

    Without the anchor, rows that are missing at the very end are not found.
    """
    previous = ""
    broken_at = set(anchor.breaks) if anchor else set()
    for index, row in enumerate(rows):
        if row.chain != chained(row.entry, previous):
            return BadRow(row.number, "Raden är ändrad, insatt eller flyttad, eller så saknas den före.")
        if index in broken_at:
            return BadRow(row.number, "Före den här raden saknas rader, eller så har loggen bytts ut.")
        if anchor and index + 1 == anchor.count and row.chain != anchor.chain:
            return BadRow(row.number, "Loggen slutar inte som appen lämnade den.")
        if anchor and index >= anchor.count and row.chain not in anchor.pending:
            return BadRow(row.number, "Raden är inte skriven av appen.")
        previous = row.chain
    if anchor and (len(rows) < anchor.count or any(after >= len(rows) for after in broken_at)):
        after = rows[-1].number if rows else 1
        return BadRow(after + 1, "Härifrån saknas rader i slutet av loggen.")
    return None


@dataclass(frozen=True, slots=True)
class Occasion:
    """Who did it, what for, and when."""

    who: str
    event: str
    time: dt.datetime

    def entry(self, table: str, key: str, field: str, before: str, after: str) -> LogEntry:
        """An entry, of such text as reads back from a spreadsheet as it was written."""
        time = self.time.isoformat(" ", "seconds")
        texts = (time, self.who, self.event, table, key, field, before, after)
        return LogEntry(*(_storable(text) for text in texts))


def key_text(key: Iterable[Cell]) -> str:
    """A row's key as the log writes it."""
    return _KEY_JOIN.join(map(as_text, key))


def as_text(value: Cell) -> str:
    """A value as the log writes it: so that a person and the column's reader both can read it."""
    if is_blank(value):
        return ""
    if isinstance(value, bool):
        return "Ja" if value else "Nej"
    return read_text(value)


def row_as_text(values: Row) -> str:
    """A new row as the log writes it; blank cells are left out."""
    shown = {header: as_text(value) for header, value in values.items() if not is_blank(value)}
    return json.dumps(shown, ensure_ascii=False)


def undo(entries: Sequence[LogEntry], schema: Schema) -> list[RowChange]:
    """The changes that turn the entries back, where nobody has changed the fields since.

    A new row is turned back by blanking its cells. RowTrouble where the log does not hold enough.
    """
    by_row: dict[tuple[str, str], list[LogEntry]] = {}
    for entry in entries:
        by_row.setdefault((entry.table, entry.key), []).append(entry)
    return [_undone(found, schema) for found in by_row.values()]


def _undone(entries: Sequence[LogEntry], schema: Schema) -> RowChange:
    """One row's entries turned back, from the last of them to the first."""
    table = _table(schema, entries[0].table)
    seen: dict[str, str] = {}
    new: dict[str, str] = {}
    for entry in entries:
        if entry.field:
            seen[entry.field] = entry.after
            new.setdefault(entry.field, entry.before)
        else:
            added = _added_row(entry)
            seen |= {column.header: added.get(column.header, "") for column in table.columns}
            new |= dict.fromkeys(seen, "")
    if any(text.endswith(_CUT_OFF) for text in (*seen.values(), *new.values())):
        raise RowTrouble("Texten är för lång för loggen; ändra tillbaka den för hand.")
    return RowChange(
        table.name,
        _key(table, schema, entries[0]),
        _typed(table, schema, seen),
        _typed(table, schema, new),
        table.spreadsheet,
    )


def _added_row(entry: LogEntry) -> Mapping[str, str]:
    try:
        found: Mapping[str, str] = json.loads(entry.after)
    except ValueError:
        raise RowTrouble("Raden är för lång för loggen; ta bort den för hand.") from None
    return found


def _table(schema: Schema, name: str) -> Table:
    try:
        return schema.table(name)
    except StopIteration:
        raise RowTrouble(f"Tabellen {name} finns inte längre.") from None


def _key(table: Table, schema: Schema, entry: LogEntry) -> tuple[Cell, ...]:
    parts = [entry.key] if len(table.keys) == 1 else entry.key.split(_KEY_JOIN)
    if len(parts) != len(table.keys):
        raise RowTrouble(f"Nyckeln {entry.key} i loggen passar inte tabellen {table.name}.")
    return tuple(_value(schema, column, part) for column, part in zip(table.keys, parts, strict=True))


def _typed(table: Table, schema: Schema, texts: Mapping[str, str]) -> dict[str, Cell]:
    columns = {column.header: column for column in table.columns}
    if unknown := texts.keys() - columns.keys():
        raise RowTrouble(f"Tabellen {table.name} har ingen kolumn {min(unknown)} längre.")
    return {header: _value(schema, columns[header], text) for header, text in texts.items()}


def _value(schema: Schema, column: Column, text: str) -> Cell:
    """What the text says; what broke the column's rule already then stays text."""
    try:
        value: Cell = cell_reader(column, schema.target(column))(text)
    except Broken:
        value = text
    return value


def _text(cell: Cell) -> str:
    return "" if cell is None else read_text(cell)


def _even(text: str) -> str:
    """The text with line ends of one kind, whichever the spreadsheet made of them."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _storable(text: str) -> str:
    text = _UNSTABLE.sub("", _even(text))
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - len(_CUT_OFF)] + _CUT_OFF
