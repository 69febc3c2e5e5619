"""Cells that we overwrote although something else stood there: which they are, and where they are now."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from services.workbook.google_terms import Json
from services.workbook.guarded.cells import Scalar, has_formula, row_of, same, shown
from services.workbook.guarded.image import Image, moved_rows, not_to_be_written
from services.workbook.guarded.operation import NUMBER_FORMAT, Looks, Operation, Place, Spot
from services.workbook.port import Cell, Sheet

Done = Sequence[tuple[Operation, Image]]
"""Operations that were done, oldest first, and what each found."""

_TOP = 30
"""Rows that are looked through for headers."""

_ENOUGH = 2
"""Headers that have to be the same for a row to be taken for the header row."""


@dataclass(frozen=True, slots=True)
class Debt:
    """A cell to become what it was, as kept at `source`; `wrong` is what we put there, None if a formula."""

    source: Place
    kept: Json
    gid: int
    row: int
    column: int
    wrong: Scalar | None
    has_our_format: bool

    @property
    def looks(self) -> Looks:
        """What the value does not bring back by itself."""
        found: dict[str, Json] = {}
        if runs := self.kept.get("textFormatRuns"):
            found["textFormatRuns"] = {"textFormatRuns": runs}
        if self.has_our_format:
            old = self.kept.get("userEnteredFormat", {}).get("numberFormat")
            found[NUMBER_FORMAT] = {"userEnteredFormat": {"numberFormat": old}} if old else {}
        return found


@dataclass(frozen=True, slots=True)
class WrongRow:
    """A row with debts right after we wrote in it; the top rows as they stood then, and were thought to."""

    gid: int
    row: int
    after: tuple[Scalar | None, ...]
    headers: tuple[tuple[Scalar | None, ...], ...]
    headers_thought: tuple[tuple[Scalar | None, ...], ...]
    debts: tuple[Debt, ...]


def owed(done: Done) -> list[WrongRow]:
    """What is to be put back after these operations; nothing if all went as it was meant to."""
    debts: dict[Place, tuple[Debt, Operation, Image]] = {}
    for operation, image in done:
        wrong = moved_rows(operation, image)
        is_refused = not_to_be_written(operation, image) is not None
        for spot in operation.spots:
            if spot.source is None:
                is_owed = bool(wrong) or is_refused
            else:
                is_owed = (spot.gid, spot.row) in wrong
                if not is_owed:
                    debts.pop(spot.source, None)
            if is_owed:
                debt = _debt(operation, image, spot, debts)
                debts[debt.source] = debt, operation, image
    return _by_row(list(debts.values()))


def _debt(
    operation: Operation,
    image: Image,
    spot: Spot,
    debts: Mapping[Place, tuple[Debt, Operation, Image]],
) -> Debt:
    written: Scalar | None = spot.value
    if spot.source is not None:
        before = debts[spot.source][0].kept if spot.source in debts else {}
        written = None if has_formula(before) else shown(before)
    return Debt(
        operation.kept_at(spot),
        image.kept(operation, spot),
        spot.gid,
        spot.row,
        spot.column,
        written,
        NUMBER_FORMAT in spot.looks,
    )


def _by_row(debts: Sequence[tuple[Debt, Operation, Image]]) -> list[WrongRow]:
    rows: dict[tuple[str, int, int], list[tuple[Debt, Operation, Image]]] = {}
    for debt, operation, image in debts:
        rows.setdefault((operation.id, debt.gid, debt.row), []).append((debt, operation, image))
    found = []
    for (_, gid, row), items in rows.items():
        _, operation, image = items[0]
        after: list[Scalar | None] = [*image.stood(operation, operation.line_numbers[gid, row])]
        for debt, _, _ in items:
            after[debt.column] = debt.wrong
        own = tuple(debt for debt, _, _ in items)
        numbers = [n for n, line in enumerate(operation.lines) if line.gid == gid and line.row < _TOP]
        stood = tuple(image.stood(operation, number) for number in numbers)
        thought = tuple(operation.lines[number].cells for number in numbers)
        found.append(WrongRow(gid, row, tuple(after), stood, thought, own))
    return found


def found_again(wrong: WrongRow, sheet: Sheet, taken: set[int]) -> tuple[int, list[tuple[Debt, int]]] | None:
    """The row where it is now, and the column of each debt whose cell still holds what we wrote.

    People may have sorted, inserted, deleted and retyped since. A cell that somebody has typed in
    afterwards is theirs; a row that is nowhere has been deleted.
    """
    columns = _columns_now(wrong, sheet)
    others = [
        (column, value)
        for column, value in enumerate(wrong.after)
        if value not in ("", None) and column not in {debt.column for debt in wrong.debts}
    ]
    width = max([len(sheet.columns), *(place + 1 for place in columns.values())])
    ranks: list[tuple[tuple[int, int], int, list[tuple[Debt, int]]]] = []
    for row in range(max(sheet.height, wrong.row + 1)):
        now = row_of(sheet, row, width)
        ours = list(_still_ours(wrong, columns, now))
        score = sum(column in columns and _is(value, now[columns[column]]) for column, value in others)
        is_possible = score > 0 if others else row == wrong.row or _has_only(ours, now)
        if ours and is_possible and row not in taken:
            ranks.append(((score, -abs(row - wrong.row)), row, ours))
    ranks.sort(key=lambda rank: rank[0], reverse=True)
    if not ranks:
        return None
    # Like enough, or more like than any other: people may have typed in it since.
    is_clear = len(ranks) == 1 or ranks[0][0][0] > ranks[1][0][0]
    return ranks[0][1:] if is_clear or 2 * ranks[0][0][0] >= len(others) else None


def _still_ours(
    wrong: WrongRow, columns: Mapping[int, int], now: Sequence[Cell]
) -> Iterator[tuple[Debt, int]]:
    for debt in wrong.debts:
        column = columns.get(debt.column)
        if column is not None and (debt.wrong is None or _is(debt.wrong, now[column])):
            yield debt, column


def _has_only(ours: Sequence[tuple[Debt, int]], now: Sequence[Cell]) -> bool:
    """Whether the row holds what we wrote and nothing else."""
    own = {column for debt, column in ours if debt.wrong != ""}
    return bool(own) and all(value == "" for column, value in enumerate(now) if column not in own)


def _is(value: Scalar | None, now: Cell) -> bool:
    return value is not None and isinstance(now, str | float | bool) and same(value, now)


def _columns_now(wrong: WrongRow, sheet: Sheet) -> dict[int, int]:
    """Where each column of that moment is now: by its header, else beside the nearest one that is known."""
    width = max(len(sheet.columns), len(wrong.after))
    tops = [row_of(sheet, row, width) for row in range(min(sheet.height, _TOP))]
    known: dict[int, int] = {}
    for headers in (wrong.headers, wrong.headers_thought):
        if len(known) < _ENOUGH:  # the headers had been moved away, so that we did not see them
            pairs = [_same_texts(then, now) for then in headers for now in tops]
            known = max([known, *pairs], key=len)
    found = dict(known)
    for column in range(len(wrong.after)):
        if column not in found:
            near = min(known, key=lambda other: (abs(other - column), other), default=column)
            place = known.get(near, near) + column - near
            if 0 <= place < width and place not in found.values():
                found[column] = place
    return found


def _same_texts(then: Sequence[Scalar | None], now: Sequence[Cell]) -> dict[int, int]:
    return {
        column: now.index(text)
        for column, text in enumerate(then)
        if isinstance(text, str) and text != "" and then.count(text) == 1 and now.count(text) == 1
    }
