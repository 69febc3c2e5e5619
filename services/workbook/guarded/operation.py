"""One guarded change at Google: what should stand where, what is written, and room for what stood before.

Google knows no "only if nobody has changed it", but a batch of requests is done whole or not at all, and its
answer shows the spreadsheet as it then is. So every change begins by copying, within the same batch, the
rows it concerns to the app's own hidden sheet. The answer thereby tells what stood there at the very moment
of writing, and the copy can be put back if it was not what we thought.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any, TypeAlias

from services.workbook.cell_values import column_letters
from services.workbook.google_terms import Json
from services.workbook.guarded.cells import Scalar

Place: TypeAlias = tuple[int, int]
"""Row and column, both from 0."""

RowId: TypeAlias = tuple[int, int]
"""A sheet's number and a row, from 0."""

Looks: TypeAlias = Mapping[str, Json]
"""What is written beside a value: a field mask, and the cell that has those fields."""

NUMBER_FORMAT = "userEnteredFormat.numberFormat"

_MORE_ROWS = 3


@dataclass(frozen=True, slots=True)
class Line:
    """A row and the values it should have just before the change; None for one that may be anything."""

    gid: int
    row: int
    cells: tuple[Scalar | None, ...]
    is_header: bool = False


@dataclass(frozen=True, slots=True)
class Spot:
    """A cell to overwrite: with a value, or with what was kept at a place of the app's own sheet."""

    gid: int
    row: int
    column: int
    value: Scalar = ""
    source: Place | None = None
    looks: Looks = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Block:
    """Cells below and beside each other to be blanked: thousands of rows are one of them, or a few.

    What stood in them is not kept beside the copies of the lines: should they be the wrong ones, the rows
    are added again below all others.
    """

    gid: int
    row: int
    height: int
    width: int


def with_tops(lines: Sequence[Line], last_row: int) -> list[Line]:
    """The lines of a sheet and some below the headers, whatever they hold: the headers may be there now."""
    known = {line.row for line in lines}
    last_header = max((line.row for line in lines if line.is_header), default=-1)
    more = [row for row in range(min(last_header + 1 + _MORE_ROWS, last_row + 1)) if row not in known]
    blank = [Line(lines[0].gid, row, (None,) * len(lines[0].cells)) for row in more]
    return sorted([*lines, *blank], key=lambda line: line.row)


NewCell: TypeAlias = tuple[int, Scalar, tuple[str, str] | None]
"""Column, value and number format of a cell to add."""


@dataclass(frozen=True, slots=True)
class Added:
    """Rows to put after the last one of a sheet, and where their headers are to stand."""

    gid: int
    headers: tuple[tuple[str, int], ...]
    rows: tuple[tuple[NewCell, ...], ...]


@dataclass(frozen=True)
class Operation:
    """A guarded change, and its room in the app's own sheet `scratch`: from row `top` on.

    `grown` are rows or columns to add at the end of sheets: number, dimension, how many.
    """

    id: str
    scratch: int
    titles: tuple[tuple[int, str], ...]
    lines: tuple[Line, ...] = ()
    spots: tuple[Spot, ...] = ()
    added: tuple[Added, ...] = ()
    grown: tuple[tuple[int, str, int], ...] = ()
    blocks: tuple[Block, ...] = ()
    top: int = 0
    columns_before: int = 2
    makes_scratch: bool = False

    @cached_property
    def kept_rows(self) -> Mapping[RowId, int]:
        """Where in its room each row with cells to overwrite is kept: never further up than it stood.

        A formula that is copied has its references moved with it; upwards, they could fall off the sheet.
        """
        rows = sorted({(spot.gid, spot.row) for spot in self.spots})
        lowest = max((row for _, row in rows), default=0)
        start = max(self.lines_end, lowest)
        return {row: start + number for number, row in enumerate(rows)}

    @property
    def lines_end(self) -> int:
        """The first row below the copies of the lines."""
        return self.top + max(len(self.lines), 1)

    @cached_property
    def bottom(self) -> int:
        """The first row below its room."""
        return max(self.kept_rows.values(), default=self.lines_end - 1) + 1

    @cached_property
    def columns(self) -> int:
        """How wide the app's own sheet has to be; its first column has the operations' names."""
        widths = [len(line.cells) for line in self.lines] + [spot.column + 1 for spot in self.spots]
        return max(self.columns_before, max(widths, default=0) + 1)

    @cached_property
    def line_numbers(self) -> Mapping[RowId, int]:
        """The number of each line among the lines."""
        return {(line.gid, line.row): number for number, line in enumerate(self.lines)}

    def kept_at(self, spot: Spot) -> Place:
        """Where what stood in a spot is kept."""
        return self.kept_rows[spot.gid, spot.row], spot.column + 1

    def room(self, scratch_title: str) -> list[str]:
        """The ranges of its room."""
        last = column_letters(self.columns - 1)
        parts = [(self.top, self.lines_end)]
        if self.spots:
            parts.append((min(self.kept_rows.values()), self.bottom))
        return [f"'{scratch_title}'!A{top + 1}:{last}{bottom}" for top, bottom in parts]

    def to_json(self) -> Json:
        """For the journal."""
        return asdict(self)

    @classmethod
    def from_json(cls, given: Json) -> "Operation":
        """From the journal."""
        return cls(
            **{
                **given,
                "titles": _tuples(given["titles"]),
                "grown": _tuples(given["grown"]),
                "blocks": tuple(Block(**block) for block in given.get("blocks", ())),
                "lines": tuple(Line(**{**line, "cells": tuple(line["cells"])}) for line in given["lines"]),
                "spots": tuple(
                    Spot(**{**spot, "source": _tuples(spot["source"])}) for spot in given["spots"]
                ),
                "added": tuple(
                    Added(added["gid"], _tuples(added["headers"]), _tuples(added["rows"]))
                    for added in given["added"]
                ),
            }
        )


def _tuples(value: Any) -> Any:
    return tuple(_tuples(item) for item in value) if isinstance(value, list | tuple) else value


def runs(spots: tuple[Spot, ...]) -> Iterator[list[Spot]]:
    """Spots side by side in a row, together."""
    run: list[Spot] = []
    for spot in sorted(spots, key=lambda spot: (spot.gid, spot.row, spot.column)):
        if run and (spot.gid, spot.row, spot.column - 1) != (run[-1].gid, run[-1].row, run[-1].column):
            yield run
            run = []
        run.append(spot)
    if run:
        yield run
