"""The schema: every table and column of the register, as `config/tables.toml` describes them."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from services.errors import SchemaFault

ROUND_PLACE = "{omgång}"
"""Stands for the round in the name of a spreadsheet that exists once a round."""

SCHEMA_FILE = Path(__file__).parents[2] / "config" / "tables.toml"


class Type(StrEnum):
    """What a column holds."""

    TEXT = "text"
    LONGTEXT = "longtext"
    CODE = "code"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    TIME = "time"
    CHOICE = "choice"
    YESNO = "yesno"
    REF = "ref"
    EMAIL = "email"
    URL = "url"


@dataclass(frozen=True, slots=True)
class Reference:
    """The table, and the column of it, whose values a `ref` column may hold."""

    table: str
    header: str


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its exact header, what it may hold, and a sentence of help.

    `level` marks the answers to a question: small whole numbers, and very many of them.
    """

    header: str
    type: Type
    help: str
    key: bool = False
    required: bool = False
    minimum: int | None = None
    maximum: int | None = None
    choices: tuple[str, ...] = ()
    reference: Reference | None = None
    words: tuple[str, ...] = ()
    may_be_blank: bool = False
    filled_when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    level: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet: where it lives, its columns, who may edit it, and how a row of it is named."""

    spreadsheet: str
    name: str
    help: str
    columns: tuple[Column, ...]
    editors: tuple[str, ...] = ()
    label: str | None = None
    written_as_label: bool = False
    has_questions: bool = False
    append_only: bool = False

    @property
    def keys(self) -> tuple[Column, ...]:
        """The columns that together tell one row from all others."""
        return tuple(column for column in self.columns if column.key)

    def column(self, header: str) -> Column:
        """The column with this header."""
        return next(column for column in self.columns if column.header == header)

    def spreadsheet_of(self, round_name: str) -> str:
        """The spreadsheet that holds this table for one round."""
        return self.spreadsheet.replace(ROUND_PLACE, round_name)

    def with_questions(self, question_ids: tuple[str, ...]) -> "Table":
        """This table as it looks in a round: a level column for each question that is asked."""
        levels = tuple(
            Column(id_, Type.INTEGER, "Nivå 1–4, tomt är Kan inte bedöma.", minimum=1, maximum=4, level=True)
            for id_ in question_ids
        )
        return replace(self, columns=self.columns + levels)


@dataclass(frozen=True, slots=True)
class Schema:
    """All tables, in the order of the file."""

    tables: tuple[Table, ...]

    def table(self, name: str) -> Table:
        """The table of this name."""
        return next(table for table in self.tables if table.name == name)

    def of_spreadsheet(self, spreadsheet: str) -> tuple[Table, ...]:
        """The tables that live in one spreadsheet, named as in the schema."""
        return tuple(table for table in self.tables if table.spreadsheet == spreadsheet)

    def target(self, column: Column) -> Column:
        """The column a `ref` column refers to; any other column is its own."""
        if column.reference is None:
            return column
        return self.target(self.table(column.reference.table).column(column.reference.header))


@cache
def load_schema(path: Path = SCHEMA_FILE) -> Schema:
    """Read the schema and make sure that it does not contradict itself.

    SchemaFault where it can't be read, or where a type, a reference or a label does not exist.
    """
    try:
        described: list[dict[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8"))["table"]
        single_keys = {
            table["sheet"]: keys[0]["header"]
            for table in described
            if len(keys := [column for column in table["columns"] if column.get("key")]) == 1
        }
        schema = Schema(tuple(_table(table, single_keys) for table in described))
    except (OSError, KeyError, ValueError) as fault:
        raise SchemaFault(f"Tabellbeskrivningen {path.name} går inte att läsa: {fault}.") from fault
    for table in schema.tables:
        _refuse_contradictions(schema, table)
    return schema


def _table(described: dict[str, Any], single_keys: Mapping[str, str]) -> Table:
    return Table(
        spreadsheet=described["spreadsheet"],
        name=described["sheet"],
        help=described["help"],
        columns=tuple(_column(column, single_keys) for column in described["columns"]),
        editors=tuple(described.get("editors", ())),
        label=described.get("label"),
        written_as_label=described.get("written_as_label", False),
        has_questions=described.get("questions", False),
        append_only=described.get("append_only", False),
    )


def _column(described: dict[str, Any], single_keys: Mapping[str, str]) -> Column:
    reference = None
    if target := described.get("ref"):
        name, _, header = target.partition(".")
        reference = Reference(name, header or single_keys[name])
    return Column(
        header=described["header"],
        type=Type(described["type"]),
        help=described["help"],
        key=described.get("key", False),
        required=described.get("required", False),
        minimum=described.get("min"),
        maximum=described.get("max"),
        choices=tuple(described.get("choices", ())),
        reference=reference,
        words=tuple(described.get("words", ())),
        may_be_blank=described.get("blank", False),
        filled_when={header: tuple(values) for header, values in described.get("unless", {}).items()},
    )


def _refuse_contradictions(schema: Schema, table: Table) -> None:
    headers = [column.header for column in table.columns]
    doubled = {header for header in headers if headers.count(header) > 1}
    if doubled:
        raise SchemaFault(f"Tabellen {table.name} har kolumnen {min(doubled)} två gånger.")
    if table.label is not None and table.label not in headers:
        raise SchemaFault(f"Tabellen {table.name} saknar kolumnen {table.label} som den visas med.")
    for column in table.columns:
        if (column.type is Type.REF) != (column.reference is not None):
            raise SchemaFault(f"Kolumnen {column.header} i {table.name} ska ha både typen ref och ett mål.")
        if (column.type is Type.CHOICE) != bool(column.choices):
            raise SchemaFault(f"Kolumnen {column.header} i {table.name} ska ha både typen choice och val.")
        if not column.filled_when.keys() <= set(headers):
            raise SchemaFault(f"Kolumnen {column.header} i {table.name} beror på en kolumn som inte finns.")
        try:
            schema.target(column)
        except StopIteration:
            raise SchemaFault(
                f"Kolumnen {column.header} i {table.name} pekar på en tabell eller kolumn som inte finns."
            ) from None
