"""Correcting one cell at a time: which problems the app can mend, and with which values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from services.domain.access import Deed, Visitor
from services.errors import RowTrouble
from services.locking import Lock, lock_on
from services.register import Register
from services.tables.advice import advice_on_cell
from services.tables.cells import Broken, cell_reader
from services.tables.parse import TypedTable
from services.tables.problems import Problem, Rule, plain_value
from services.tables.schema import Column, Schema, Type, load_schema
from services.tables.sheet import Cell
from services.writing.deeds import RowChange, SubmissionId
from services.writing.writer import Writer

LONGEST = 10_000
"""Characters in one cell: more is no value but something pasted by mistake."""

CORRECTED, TURNED_BACK = "Rättad i Kontroll", "Ångrad i Kontroll"
"""What the log calls the two deeds."""


class Elsewhere(StrEnum):
    """Why a problem is mended in the spreadsheet and not in the app."""

    NOT_A_CELL = "Felet gäller hela bladet. Rätta det i kalkylbladet."
    ANSWERS = (
        "Svar ändras aldrig i appen. Rätta cellen i kalkylbladet, om det går att se vad som ska stå där."
    )
    NOT_EDITED = "Bladet skrivs bara av appen. Är det ändrat för hand, så ändra tillbaka i kalkylbladet."
    FORMULA = "I cellen står en formel, och appen skriver aldrig över formler. Rätta formeln i kalkylbladet."
    NO_KEY = (
        "Felet gäller det som skiljer raden från de andra, så appen kan inte peka ut den. "
        "Rätta raden i kalkylbladet."
    )
    RULES_LOCKED = Lock.RULES.value
    QUESTION_LOCKED = Lock.QUESTION.value
    ROUND_LOCKED = Lock.ROUND.value


@dataclass(frozen=True, slots=True)
class Correction:
    """One cell to correct: its row by key, and what stood there when the visitor opened it.

    `row` is the row as a person names it: "2021 · Ekskolan".
    """

    problem: Problem
    column: Column
    key: tuple[Cell, ...]
    row: str
    seen: Cell


@dataclass(frozen=True, slots=True)
class Change:
    """A value for the cell of a correction, with what the log is to call it, and an id that makes it once."""

    correction: Correction
    value: Cell
    id: str
    event: str = CORRECTED

    def deed(self) -> RowChange:
        """The same as the writer does it: this one cell, from what was seen."""
        return _deed(self.correction, self.value)

    def turned_back(self, id_: str) -> "Change":
        """The change that puts back what stood there, unless the cell has changed again since."""
        return Change(replace(self.correction, seen=self.value), self.correction.seen, id_, TURNED_BACK)

    def insisting(self, theirs: Cell, id_: str) -> "Change":
        """The same value over what somebody else has written in the meantime, which has now been seen."""
        return Change(replace(self.correction, seen=theirs), self.value, id_, self.event)


def _deed(correction: Correction, value: Cell) -> RowChange:
    problem, header = correction.problem, correction.column.header
    return RowChange(
        problem.sheet, correction.key, {header: correction.seen}, {header: value}, problem.spreadsheet
    )


@dataclass(frozen=True, slots=True)
class Written:
    """What a visitor wrote, read by the schema: the cell to store, or what to do instead."""

    value: Cell = None
    advice: str = ""


def ways_of(
    register: Register, visitor: Visitor, problems: Sequence[Problem]
) -> dict[Problem, Correction | Elsewhere]:
    """For each problem what the visitor can correct, or where it is done instead."""
    schema = load_schema()
    return {problem: correction_of(register, schema, visitor, problem) for problem in problems}


def correction_of(
    register: Register, schema: Schema, visitor: Visitor, problem: Problem
) -> Correction | Elsewhere:
    """What the visitor can correct of a problem, or where it is to be done instead.

    NotPermitted for whoever may not edit tables at all.
    """
    visitor.must(Deed.EDIT)
    if problem.spreadsheet not in {table.spreadsheet for table in schema.tables}:
        return Elsewhere.ANSWERS
    table = schema.table(problem.sheet)
    if table.has_questions:
        return Elsewhere.ANSWERS
    if not visitor.roles & set(table.editors):
        return Elsewhere.NOT_EDITED
    if problem.row is None or problem.column is None or problem.header is None:
        return Elsewhere.NOT_A_CELL
    if problem.rule in (Rule.MISSING_COLUMN, Rule.DUPLICATE_COLUMN):
        return Elsewhere.NOT_A_CELL
    if problem.rule is Rule.FORMULA_ERROR:
        return Elsewhere.FORMULA
    column, typed = table.column(problem.header), register.tables[table.name]
    if column.key or problem.row not in typed.rows:
        return Elsewhere.NO_KEY
    index = typed.rows.index(problem.row)
    key = tuple(typed.columns[one.header][index] for one in table.keys)
    seen = problem.value if problem.moment is None else problem.moment
    found = Correction(problem, column, key, row_name(register, schema, typed, index), seen)
    # Some columns may be changed, but not to every value: that is asked again when there is one.
    lock = lock_on(register, _deed(found, typed.columns[problem.header][index]))
    return found if lock is None else Elsewhere(lock.value)


def row_name(register: Register, schema: Schema, typed: TypedTable, index: int) -> str:
    """A row as a person names it: its label, or its key with references by name."""
    if typed.table.label is not None and (label := typed.columns[typed.table.label][index]):
        return str(label)
    parts = (
        _named(register, schema, column, typed.columns[column.header][index]) for column in typed.table.keys
    )
    return " · ".join(part for part in parts if part)


def _named(register: Register, schema: Schema, column: Column, value: Any) -> str:
    if value is None:
        return ""
    target = schema.table(column.reference.table) if column.reference is not None else None
    if target is None or target.label is None:
        return str(plain_value(value))
    rows = register.tables[target.name]
    labels = dict(zip(_keys_in(register, column), rows.columns[target.label], strict=True))
    return str(labels.get(value) or value)


def _keys_in(register: Register, column: Column) -> Sequence[Any]:
    """Everything in the column that this one refers to, row by row."""
    assert column.reference is not None
    return register.tables[column.reference.table].columns[column.reference.header]


def references(register: Register, schema: Schema, correction: Correction) -> Mapping[Any, str]:
    """What a reference may hold, by key, in the order of the sheet: the row it leads to, by name."""
    column = correction.column
    if column.reference is None:
        return {}
    itself = correction.key[0] if column.reference.table == correction.problem.sheet else None
    found: dict[Any, str] = {word: word for word in column.words}
    for key in dict.fromkeys(_keys_in(register, column)):
        if key is not None and key != itself:
            name, written = _named(register, schema, column, key), str(plain_value(key))
            found[key] = name if name == written else f"{name} ({written})"
    return found


def read_written(register: Register, schema: Schema, correction: Correction, written: Cell) -> Written:
    """What was written as the cell to store, by the same reader as the sheets are read by."""
    column, target = correction.column, schema.target(correction.column)
    try:
        value = cell_reader(column, target)(written)
        if value is None and column.required:
            raise Broken(Rule.REQUIRED)
        if column.reference is not None and value not in (None, *references(register, schema, correction)):
            raise Broken(Rule.UNKNOWN_REFERENCE)
    except Broken as breach:
        return Written(advice=advice_on_cell(breach.rule, column, target))
    if isinstance(value, str) and len(value) > LONGEST:
        return Written(advice="Texten är längre än 10 000 tecken. Korta den.")
    if value == correction.seen and type(value) is type(correction.seen):
        return Written(advice="Det står redan så i kalkylbladet. Skriv något annat, eller avbryt.")
    if lock := lock_on(register, _deed(correction, value)):
        return Written(advice=lock.value)
    if column.type is Type.YESNO and value is not None:
        return Written("Ja" if value else "Nej")  # as people write it
    return Written(value)


def submit(writer: Writer, register: Register, visitor: Visitor, change: Change) -> SubmissionId:
    """Ask for a change; durable when this returns, and made once however often it is asked for.

    NotPermitted for whoever may not edit tables; RowTrouble where a round that has opened locks the cell.
    """
    visitor.must(Deed.EDIT)
    if lock := lock_on(register, change.deed()):
        raise RowTrouble(lock.value)
    return writer.submit([change.deed()], visitor.signature, change.event, change.id)


def dismiss(writer: Writer, visitor: Visitor, id_: str) -> None:
    """Take a change that could not be made off the list: somebody has dealt with it.

    NotPermitted for whoever may not edit tables.
    """
    visitor.must(Deed.EDIT)
    writer.dismiss(SubmissionId(id_))
