"""Filling blank sheets in Google with rows, in pieces that may be sent twice."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from services.workbook.google_terms import Json
from services.workbook.guarded.cells import Format, Scalar, cell_data, format_data

CELLS_A_CALL = 30_000
"""About a megabyte and a half: well below what Google takes, and a second's work for it."""


@dataclass(frozen=True, slots=True)
class Filling:
    """Rows to put in a sheet from `top` on, each from column A; rows and columns are counted from 0.

    `formats` are number formats of cells that their column does not give them already.
    """

    gid: int
    top: int
    rows: Sequence[Sequence[Scalar]]
    formats: Mapping[tuple[int, int], Format]


@dataclass(frozen=True, slots=True)
class Piece:
    """Requests of one call, and how many rows they fill."""

    requests: Sequence[Json]
    rows: int


def pieces(fillings: Sequence[Filling], cells: int = CELLS_A_CALL) -> Iterator[Piece]:
    """The fillings cut into calls of about so many cells; small sheets share a call."""
    requests: list[Json] = []
    rows = room = 0
    for filling in fillings:
        width = max((len(row) for row in filling.rows), default=0) or 1
        at = 0
        while at < len(filling.rows):
            if room <= 0:
                if requests:
                    yield Piece(requests, rows)
                requests, rows, room = [], 0, cells
            count = max(1, room // width)
            part = filling.rows[at : at + count]
            requests.append(_values(filling, at, part))
            at, rows, room = at + len(part), rows + len(part), room - len(part) * width
        requests += _formats(filling)
    if requests:
        yield Piece(requests, rows)


def _values(filling: Filling, at: int, rows: Sequence[Sequence[Scalar]]) -> Json:
    start = {"sheetId": filling.gid, "rowIndex": filling.top + at, "columnIndex": 0}
    data = [{"values": [cell_data(value) for value in row]} for row in rows]
    return {"updateCells": {"start": start, "rows": data, "fields": "userEnteredValue"}}


def _formats(filling: Filling) -> list[Json]:
    """Runs of the same format down a column, each one request."""
    runs: list[tuple[int, int, int, Format]] = []
    for (row, column), format_ in sorted(filling.formats.items(), key=lambda item: (item[0][1], item[0][0])):
        if runs and runs[-1][1:] == (row, column, format_):
            runs[-1] = (runs[-1][0], row + 1, column, format_)
        else:
            runs.append((row, row + 1, column, format_))
    return [
        {
            "repeatCell": {
                "range": {
                    "sheetId": filling.gid,
                    "startRowIndex": start,
                    "endRowIndex": end,
                    "startColumnIndex": column,
                    "endColumnIndex": column + 1,
                },
                "cell": format_data(format_),
                "fields": "userEnteredFormat.numberFormat",
            }
        }
        for start, end, column, format_ in runs
    ]
