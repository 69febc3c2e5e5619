"""Closed rounds kept on disk as Parquet, so that a start does not read their spreadsheets again.

A kept round is known by the version of the spreadsheet it was read from, by what it was read as (the
questions and the schema), and by digests of its content and of what is said about it, which are computed
again when it is loaded.
Keeping is a convenience: whatever goes wrong with it, the spreadsheet is read instead.
"""

import hashlib
import json
import logging
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from services.tables.answers import level_array
from services.tables.parse import Parsed, TypedTable
from services.tables.problems import Problem, Rule
from services.tables.schema import Table
from services.workbook.port import Version

FORM = "3"
"""Changes when the code that reads or keeps answers changes what comes out."""

log = logging.getLogger(__name__)


def digest_of(typed: TypedTable) -> str:
    """SHA-256 of the content of an answer sheet: what a decision about the round stands on."""
    state = hashlib.sha256()
    for column in typed.table.columns:
        state.update(column.header.encode() + b"\x00")
        values = typed.columns[column.header]
        if column.minimum is None:
            state.update(json.dumps(list(values), ensure_ascii=False).encode())
        else:
            state.update(level_array(values).tobytes())
    return state.hexdigest()


class KeptRounds:
    """The folder where closed rounds are kept; it is made when first needed, for us alone."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def load(self, spreadsheet: str, version: Version | None, table: Table) -> Parsed | None:
        """The kept reading of this very version, or of whichever there is; None where there is none."""
        path = self._path(spreadsheet)
        try:
            found = pq.read_table(path)
            about: dict[str, Any] = json.loads(found.schema.metadata[b"vebs"])
            seal = found.schema.metadata[b"seal"].decode()
            if about["form"] != _form(table) or version not in (None, about["version"]):
                return None
            if seal != _seal(about, found[""].to_pylist()):
                return None
            parsed = _parsed(found, about, spreadsheet, table)
            return parsed if digest_of(parsed.typed) == about["digest"] else None
        except FileNotFoundError:
            return None
        except Exception as trouble:  # a damaged file is only a slower start
            log.warning("kept round %s could not be read: %s", spreadsheet, type(trouble).__name__)
            return None

    def keep(self, spreadsheet: str, version: Version, parsed: Parsed) -> None:
        """Keep a reading; the one kept before is replaced in one step."""
        typed = parsed.typed
        about = {
            "form": _form(typed.table),
            "version": version,
            "digest": digest_of(typed),
            "letters": dict(typed.letters),
            "unkeyed": sorted(typed.unkeyed),
            "problems": [asdict(replace(problem, moment=None)) for problem in parsed.problems],
        }
        columns: dict[str, Any] = {"": pa.array(typed.rows, pa.int32())}
        for column in typed.table.columns:
            values = typed.columns[column.header]
            is_level = column.minimum is not None
            columns[column.header] = (
                pa.array(level_array(values)) if is_level else pa.array(values, pa.string())
            )
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            unfinished = self._path(spreadsheet).with_suffix(f".{os.getpid()}")
            metadata = {b"vebs": json.dumps(about).encode(), b"seal": _seal(about, typed.rows).encode()}
            unfinished.touch(mode=0o600)
            pq.write_table(pa.table(columns).replace_schema_metadata(metadata), unfinished)
            unfinished.replace(self._path(spreadsheet))
        except OSError as trouble:
            log.warning("round %s could not be kept: %s", spreadsheet, type(trouble).__name__)

    def _path(self, spreadsheet: str) -> Path:
        return self.folder / f"{spreadsheet}.parquet"


def _form(table: Table) -> str:
    """What a round was read as: by this code, with these columns."""
    headers = [column.header for column in table.columns]
    return hashlib.sha256(json.dumps([FORM, headers]).encode()).hexdigest()


def _seal(about: Mapping[str, Any], rows: Sequence[int]) -> str:
    return hashlib.sha256(json.dumps([about, list(rows)]).encode()).hexdigest()


def _parsed(found: pa.Table, about: Mapping[str, Any], spreadsheet: str, table: Table) -> Parsed:
    columns = {
        column.header: found[column.header].to_pylist()
        if column.minimum is None
        else found[column.header].to_numpy()
        for column in table.columns
    }
    problems = (Problem(**{**one, "rule": Rule(one["rule"])}) for one in about["problems"])
    typed = TypedTable(
        table, spreadsheet, found[""].to_pylist(), columns, about["letters"], frozenset(about["unkeyed"])
    )
    return Parsed(typed, tuple(problems))
