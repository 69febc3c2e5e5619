"""What takes other rows or tables to know: references that lead somewhere, keys that stand once."""

from collections.abc import Iterable, Mapping
from typing import Any

from services.tables.advice import advice_on_cell, advice_on_duplicate_key
from services.tables.parse import Parsed, TypedTable
from services.tables.problems import Problem, Rule, plain_value
from services.tables.schema import Column, Schema


def resolve_references(schema: Schema, parsed: Mapping[str, TypedTable]) -> dict[str, Parsed]:
    """The same tables with every reference known to lead to a row.

    A reference written as a label becomes the key. One that leads nowhere is blank from then on; where
    it is part of its row's key, the row is left out. Tables that are not given cannot be referred to.
    """
    resolved: dict[str, Parsed] = {}
    for name in _targets_first(schema, parsed):
        tables = {known: done.typed for known, done in resolved.items()} | {name: parsed[name]}
        resolved[name] = resolve_table(schema, parsed[name], tables)
    return resolved


def resolve_table(schema: Schema, typed: TypedTable, tables: Mapping[str, TypedTable]) -> Parsed:
    """One table with its references known to lead into `tables`, and each key once."""
    columns = dict(typed.columns)
    problems: list[Problem] = []
    lost = set(typed.unkeyed)
    for column in typed.table.columns:
        if column.reference is None or column.header not in typed.letters:
            continue
        known = _known_keys(column, tables)
        values = columns[column.header]
        if set(values) <= known.keys() | {None}:
            columns[column.header] = [None if value is None else known[value] for value in values]
            continue
        advice = advice_on_cell(Rule.UNKNOWN_REFERENCE, column, schema.target(column))
        found: list[Any] = []
        for index, value in enumerate(values):
            written = value.casefold() if isinstance(value, str) else value
            found.append(known.get(value, known.get(written)))
            if value is not None and found[-1] is None:
                problems.append(typed.problem(index, column.header, Rule.UNKNOWN_REFERENCE, advice))
                if column.key:
                    lost.add(index)
        columns[column.header] = found
    done = TypedTable(typed.table, typed.spreadsheet, typed.rows, columns, typed.letters)
    if lost:
        done = done.only([index for index in range(len(done)) if index not in lost])
    return _without_doubled_keys(done, problems)


def _without_doubled_keys(typed: TypedTable, problems: list[Problem]) -> Parsed:
    """Only the first row of each key."""
    headers = [column.header for column in typed.table.keys]
    if len(headers) == 1 and len(set(typed.columns[headers[0]])) == len(typed):
        return Parsed(typed, tuple(problems))
    keys = list(zip(*(typed.columns[header] for header in headers), strict=True))
    if not keys or len(set(keys)) == len(keys):
        return Parsed(typed, tuple(problems))
    first_seen: dict[tuple[Any, ...], int] = {}
    for index, key in enumerate(keys):
        first = first_seen.setdefault(key, index)
        if first != index:
            advice = advice_on_duplicate_key(typed.table, typed.rows[first])
            shown = " · ".join(str(plain_value(part)) for part in key if part is not None)
            value = key[0] if len(key) == 1 else shown
            problems.append(typed.problem(index, headers[0], Rule.DUPLICATE_KEY, advice, value))
    return Parsed(typed.only(list(first_seen.values())), tuple(problems))


def _known_keys(column: Column, tables: Mapping[str, TypedTable]) -> dict[Any, Any]:
    """Everything a reference may hold, and the key it stands for."""
    assert column.reference is not None
    known: dict[Any, Any] = {word: word for word in column.words}
    target = tables.get(column.reference.table)
    if target is None:
        return known
    if target.unkeyed:
        target = target.only([index for index in range(len(target)) if index not in target.unkeyed])
    keys = target.columns[column.reference.header]
    if target.table.written_as_label and target.table.label is not None:
        # The first row of a name counts, as with keys.
        for key, label in reversed(list(zip(keys, target.columns[target.table.label], strict=True))):
            if label is not None:
                known[label.casefold()] = key
    known.update((key, key) for key in keys if key is not None)
    return known


def _targets_first(schema: Schema, parsed: Mapping[str, TypedTable]) -> Iterable[str]:
    """Names in an order in which every table stands after those it refers to."""
    ordered: dict[str, None] = {}

    def place(name: str) -> None:
        if name in ordered or name not in parsed:
            return
        for column in schema.table(name).columns:
            if column.reference is not None and column.reference.table != name:
                place(column.reference.table)
        ordered[name] = None

    for name in parsed:
        place(name)
    return ordered


def cycles(successors: Mapping[str, str]) -> set[str]:
    """Everyone who, following successors, comes back to themselves."""
    on_cycle: set[str] = set()
    for start in successors:
        seen = {start}
        here = successors[start]
        while here in successors and here not in seen:
            seen.add(here)
            here = successors[here]
        if here == start:
            on_cycle.add(start)
    return on_cycle


def final_successor(start: str, successors: Mapping[str, str]) -> str:
    """Where the chain from `start` ends; in a cycle, `start` itself."""
    seen = {start}
    here = start
    while (after := successors.get(here)) is not None:
        if after in seen:
            return start
        seen.add(after)
        here = after
    return here
