"""The rows of an export as replies: school and levels, and what of them can't be used, with row and cell."""

import datetime as dt
import hmac
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from services.domain.school import SchoolCode
from services.forms.export import Export, ExportRow
from services.forms.levels import NotALevel, read_level
from services.forms.matching import LEFT_OUT, SCHOOL, Match
from services.forms.schools import Reason, RowRefused, Schools
from services.forms.wording import normalised, shown
from services.tables.cells import FIRST_SERIAL_DAY, LIKELY_SERIALS, is_blank, read_text
from services.tables.problems import column_letter
from services.tables.sheet import Cell

_LETTERS = "abcdefghjkmnpqrstuvwxyz"
_SIGNS = _LETTERS + "23456789"
_HALF_A_SECOND = dt.timedelta(milliseconds=500)
_MOMENT = re.compile(
    r"(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})[ t]+(?:kl\.? )?(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?"
    r"(?:\.\d+)?(?: ?([fepa])\.?m)?"
)


@dataclass(frozen=True, slots=True)
class Reply:
    """A row that can be taken in: `levels` are 1–4 by question, without those that were left blank."""

    row: int
    time: str
    school: SchoolCode
    levels: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that can't be taken in, and why."""

    row: int
    reason: Reason
    sentence: str


@dataclass(frozen=True, slots=True)
class BadCell:
    """A cell that says no level, or another one than a column with the same question: it counts as blank."""

    cell: str
    header: str
    value: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Replies:
    """All rows of an export: `doubled` are rows that stand there twice, time and all."""

    good: tuple[Reply, ...]
    refused: tuple[RefusedRow, ...]
    cells: tuple[BadCell, ...]
    doubled: tuple[int, ...]


def read_replies(export: Export, matches: Sequence[Match], schools: Schools) -> Replies:
    """Read every row; a bad cell costs that cell, the very same row counts once."""
    by_target: dict[str, list[Match]] = {}
    for match in matches:
        if match.target not in (LEFT_OUT, ""):
            by_target.setdefault(match.target, []).append(match)
    school_columns = by_target.pop(SCHOOL, [])
    good: list[Reply] = []
    refused: list[RefusedRow] = []
    cells: list[BadCell] = []
    doubled: list[int] = []
    seen: set[tuple[Cell, ...]] = set()
    for row in export.rows:
        if row.cells in seen and not is_blank(row.cells[0]):
            doubled.append(row.number)
            continue
        seen.add(row.cells)
        try:
            school = _school(row, school_columns, schools)
            good.append(Reply(row.number, moment(row.cells[0]), school, _levels(row, by_target, cells)))
        except RowRefused as why:
            refused.append(RefusedRow(row.number, why.reason, str(why)))
    return Replies(tuple(good), tuple(refused), tuple(cells), tuple(doubled))


def _school(row: ExportRow, columns: Sequence[Match], schools: Schools) -> SchoolCode:
    """The school by all columns that name one, which a form with several sections has."""
    if row.too_long:
        sentence = "Raden har fler celler än det finns rubriker, så det går inte att säga vad som hör vart."
        raise RowRefused(Reason.TOO_MANY_CELLS, sentence)
    filled = [row.cells[match.column] for match in columns if not is_blank(row.cells[match.column])]
    found = {schools.find(cell) for cell in filled or [None]}
    if len(found) > 1:
        sentence = f"Raden nämner flera skolor: {', '.join(sorted(found))}."
        raise RowRefused(Reason.SEVERAL_SCHOOLS, sentence)
    return found.pop()


def _levels(row: ExportRow, questions: Mapping[str, Sequence[Match]], bad: list[BadCell]) -> dict[str, int]:
    """The row's levels by question. RowRefused where there is none."""
    levels: dict[str, int] = {}
    for id_, columns in questions.items():
        given: dict[int, Match] = {}
        for match in columns:
            try:
                if level := read_level(row.cells[match.column]):
                    given.setdefault(level, match)
            except NotALevel:
                bad.append(_bad(row, match, "Ingen nivå; skriv 1–4, nivåns namn eller inget alls."))
        if len(given) == 1:
            levels[id_] = next(iter(given))
        elif given:
            bad.append(_bad(row, given[max(given)], f"Frågan {id_} har flera olika svar på samma rad."))
    if not levels:
        raise RowRefused(Reason.NO_LEVEL, "Raden har ingen nivå alls, så den räknas inte.")
    return levels


def _bad(row: ExportRow, match: Match, sentence: str) -> BadCell:
    place = f"{column_letter(match.column)}{row.number}"
    return BadCell(place, shown(match.header), shown(read_text(row.cells[match.column]), 40), sentence)


def moment(cell: Cell) -> str:
    """A time to the second, the same from CSV and from a spreadsheet.

    Some write the day first and some the month, and nobody says which; so the lower of them stands first.
    """
    if isinstance(cell, int | float) and not isinstance(cell, bool) and _is_serial(cell):
        cell = dt.datetime.combine(FIRST_SERIAL_DAY, dt.time()) + dt.timedelta(days=cell)
    if isinstance(cell, dt.datetime):
        cell = (cell + _HALF_A_SECOND).replace(microsecond=0)
        return _even(cell.year, cell.month, cell.day, cell.time())
    if is_blank(cell):
        return ""
    text = normalised(read_text(cell))
    if (found := _MOMENT.match(text)) is None:
        return text
    first, second, third, hour, minute, seconds = (int(part or 0) for part in found.groups()[:6])
    if found[7] in ("e", "p") and hour < 12:
        hour += 12
    elif found[7] in ("f", "a") and hour == 12:
        hour = 0
    year, month, day = (first, second, third) if first > 31 else (third, second, first)
    if year < 1000 or hour > 23 or minute > 59 or seconds > 59:
        return text
    return _even(year, month, day, dt.time(hour, minute, seconds))


def _is_serial(number: float) -> bool:
    """Whether the number is a day in this century, as spreadsheets count them."""
    return LIKELY_SERIALS.start <= number < LIKELY_SERIALS.stop


def _even(year: int, month: int, day: int, time: dt.time) -> str:
    return f"{year:04d} {min(month, day):02d} {max(month, day):02d} {time.isoformat()}"


def ids_of(replies: Iterable[Reply], round_name: str, secret: bytes) -> list[str]:
    """The id of each reply: the same for the same row every time, and nothing to anyone without the secret.

    An HMAC-SHA-256 over round, time, school and levels: times can be guessed and levels are few, so a plain
    digest could be tried out. Replies that are alike to the second are numbered; which is which is no
    matter.
    """
    times: Counter[tuple[str, ...]] = Counter()
    found: list[str] = []
    for reply in replies:
        levels = (f"{id_}={level}" for id_, level in sorted(reply.levels.items()))
        parts = (round_name, reply.time, reply.school, *levels)
        times[parts] += 1
        found.append(_id(secret, (*parts, str(times[parts]))))
    return found


def _id(secret: bytes, parts: Iterable[str]) -> str:
    # Each part with its length, so that no two lists of parts are the same text.
    told = "".join(f"{len(part)}:{part}" for part in parts)
    number = int.from_bytes(hmac.digest(secret, told.encode("utf-8", "surrogatepass"), "sha256"))
    number, first = divmod(number, len(_LETTERS))
    signs = [_LETTERS[first]]
    for _ in range(11):
        number, sign = divmod(number, len(_SIGNS))
        signs.append(_SIGNS[sign])
    return "".join(signs)
