"""Refuses a file that is damaged, foreign or would swell beyond reason, before anything parses it.

The sizes that the archive declares are added up first; calamine and zipfile both stop at a part
that turns out larger than declared. Then the start of every XML part and all tags of the sheets are
looked through, a piece at a time, so that a refusal costs little memory.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import IO

from services.errors import SpreadsheetUnreadable
from services.workbook.cell_values import column_letters, column_number

LARGEST_FILE = 50_000_000
LARGEST_CONTENT = 200_000_000
LARGEST_RATIO = 200
MOST_PARTS = 4_000
MOST_ROWS = 200_000
MOST_COLUMNS = 1_000
MOST_CELLS = 10_000_000

_RATIO_COUNTS_FROM = 1_000_000
_MEMORY_TO_SPARE = 2_000_000  # cells that may be blank without anyone asking why
_PIECE = 1 << 18
_LONGEST_TAG = 1 << 20
_XML = (".xml", ".rels", ".vml")
_DECLARATION = "innehåller en dokumenttypsdeklaration eller okänd teckenkodning; spara om den i LibreOffice."
_WORKBOOK_TYPE = b"spreadsheetml.sheet.main+xml"
_PROLOG = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:\s++|<\?(?>.*?\?>)|<!--(?>.*?-->))*+<(?:[\w.-]+:)?([\w.-]+)", re.DOTALL
)
_ENCODING = re.compile(rb"""<\?xml[^>]*encoding\s*=\s*["'](?!utf-8["']|us-ascii["'])""", re.IGNORECASE)
_DIMENSION = re.compile(rb"<(?:\w+:)?dimension\s[^>]*?:([A-Z]{1,3})([1-9][0-9]{0,6})\"")
_PREFIXED_CELL = re.compile(rb":c[\s>]")
_ROW_OR_CELL = re.compile(rb"<(?:[\w.-]+:)?(row|c)((?:\s[^>]*)?)>")
_PLACE = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{0,9})([0-9]{1,9})["']""")
_ERROR = re.compile(rb"""\st\s*=\s*["']e["']""")


class Damaged(SpreadsheetUnreadable):
    """The file may be half-written: a moment later it may be whole."""


def unreadable(file: str, what: str) -> SpreadsheetUnreadable:
    """The trouble with a file; `what` goes on from its name and says what to do."""
    return SpreadsheetUnreadable(PurePath(file).stem, f"Filen {file} {what}")


def damaged(file: str) -> Damaged:
    """The trouble with a file that ends too early or is garbled."""
    return Damaged(
        PurePath(file).stem,
        f"Filen {file} är skadad eller inte färdigsparad; spara den igen eller lägg tillbaka en äldre.",
    )


def inspect(data: bytes, file: str) -> frozenset[str]:
    """Refuse what cannot be read safely; return the parts whose sheets hold error cells."""
    _check_kind_of_file(data, file)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_sizes(archive.infolist(), len(data), file)
            _check_content_type(archive, file)
            parts = [info for info in archive.infolist() if not info.is_dir()]
            return frozenset(info.filename for info in parts if _holds_errors(archive, info, file))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as fault:
        raise damaged(file) from fault


def _check_kind_of_file(data: bytes, file: str) -> None:
    if len(data) > LARGEST_FILE:
        raise unreadable(file, "är för stor; ta bort bilder och blad som inte behövs.")
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise unreadable(
            file,
            "är lösenordsskyddad eller sparad i det gamla formatet .xls; spara den som .xlsx utan lösenord.",
        )
    if not data.startswith(b"PK"):
        raise (
            damaged(file)
            if not data.strip(b"\0")
            else unreadable(file, "är inte en Excel-arbetsbok; spara den som .xlsx.")
        )
    # Counted before zipfile makes an object of every entry.
    if data.count(b"PK\x01\x02") > MOST_PARTS:
        raise unreadable(file, "innehåller orimligt många delar; spara om den i Excel eller LibreOffice.")


def _check_sizes(parts: list[zipfile.ZipInfo], size: int, file: str) -> None:
    total = sum(part.file_size for part in parts)
    if total > LARGEST_CONTENT:
        raise unreadable(
            file, "sväller till en orimlig storlek när den packas upp; ta bort det som inte behövs."
        )
    swollen = [p for p in parts if p.file_size > max(_RATIO_COUNTS_FROM, LARGEST_RATIO * p.compress_size)]
    if swollen or total > max(_RATIO_COUNTS_FROM, LARGEST_RATIO * size):
        raise unreadable(
            file, "är packad på ett orimligt sätt och öppnas inte; spara om den i Excel eller LibreOffice."
        )
    if any(part.flag_bits & 0x1 for part in parts):
        raise unreadable(file, "är krypterad; spara den som .xlsx utan lösenord.")
    names = [part.filename.casefold() for part in parts]
    odd = any(part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for part in parts)
    if odd or len(set(names)) < len(names):
        raise unreadable(file, "är packad på ett ovanligt sätt; spara om den i Excel eller LibreOffice.")


def _check_content_type(archive: zipfile.ZipFile, file: str) -> None:
    try:
        info = archive.getinfo("[Content_Types].xml")
    except KeyError:
        raise unreadable(file, "är inte en Excel-arbetsbok; spara den som .xlsx.") from None
    if info.file_size > _RATIO_COUNTS_FROM:
        raise damaged(file)
    types = archive.read(info)
    if b"macroEnabled" in types or b"vbaProject" in types:
        raise unreadable(file, "innehåller makron; spara den som Excel-arbetsbok utan makron (.xlsx).")
    if _WORKBOOK_TYPE not in types:
        raise unreadable(file, "är inte en Excel-arbetsbok; spara den som .xlsx.")


def _holds_errors(archive: zipfile.ZipFile, info: zipfile.ZipInfo, file: str) -> bool:
    with archive.open(info) as stream:
        start = stream.read(_PIECE)
        if not info.filename.casefold().endswith(_XML) and b"<" not in start[:1000]:
            return False
        root = _PROLOG.match(start)
        if _ENCODING.match(start) or (root is None and info.filename.casefold().endswith(_XML)):
            raise unreadable(file, _DECLARATION)
        if root is None or root[1] != b"worksheet":
            return False
        window = _Window.around(start, info.file_size)
        errors = window.errors_inside(_whole_tags(start, stream, file))
    if errors is not None:
        return errors
    with archive.open(info) as stream:
        return _walk(_whole_tags(stream.read(_PIECE), stream, file), info.file_size, file)


def _whole_tags(piece: bytes, stream: IO[bytes], file: str) -> Iterator[bytes]:
    """The content, whose first piece has been read already, in pieces that cut no tag."""
    rest = b""
    while piece:
        piece = rest + piece
        end = piece.rfind(b">") + 1
        rest = piece[end:]
        if len(rest) > _LONGEST_TAG:
            raise damaged(file)
        yield piece[:end]
        piece = stream.read(_PIECE)


@dataclass(frozen=True, slots=True)
class _Window:
    """The corner of the sheet where cells cost no more memory than the file's size explains.

    calamine holds a place for every cell up to the last row and column, so one far cell costs
    gigabytes. Nearly every cell is plain and inside the corner, which one expression can tell.
    """

    rows: int
    columns: int
    odd_cell: re.Pattern[bytes]

    @classmethod
    def around(cls, start: bytes, size: int) -> "_Window":
        letters = "BZ"
        row = _rounded_down(min(_cells_explained(size) // (column_number(letters) + 1), MOST_ROWS))
        if declared := _DIMENSION.search(start):
            wider = max(letters, declared[1].decode(), key=column_number)
            taller = max(row, int(declared[2]))
            if _rows_up_to(taller) * _columns_up_to(wider) <= _cells_explained(size):
                letters, row = wider, taller
        place = rb"r=\"%s%s\"" % (_up_to(letters, "A", "Z"), _up_to(str(row), "1", "9"))
        # Written so that the expression never has to try a longer repeat twice: it meets every cell.
        plain = place + rb"(?:[>/]|(?: s=\"[0-9]++\")?+(?:[>/]| t=\"[a-df-z]))"
        return cls(
            min(_rows_up_to(row), MOST_ROWS),
            min(_columns_up_to(letters), MOST_COLUMNS),
            re.compile(rb"<c(?! %s)(?=[\s>])([^>]*)>" % plain),
        )

    def errors_inside(self, pieces: Iterator[bytes]) -> bool | None:
        """Whether there are error cells; None if something lies outside, or says not where it lies."""
        errors = False
        for piece in pieces:
            if b":c" in piece and _PREFIXED_CELL.search(piece):
                return None
            for cell in self.odd_cell.finditer(piece):
                if cell[1].endswith(b"/"):
                    continue
                place = _PLACE.search(cell[1])
                if (
                    place is None
                    or int(place[2]) > self.rows
                    or column_number(place[1].decode()) >= self.columns
                ):
                    return None
                errors = errors or _ERROR.search(cell[1]) is not None
        return errors


def _cells_explained(size: int) -> int:
    """How many cells a sheet of that many bytes may span; most of them can be blank."""
    return min(MOST_CELLS, max(_MEMORY_TO_SPARE, size // 4))


def _rounded_down(row: int) -> int:
    """The largest row number of the form 19999."""
    power = int("1" + "0" * (len(str(row + 1)) - 1))
    return (row + 1) // power * power - 1


def _rows_up_to(row: int) -> int:
    digits = str(row)
    return int(digits[0] + "9" * (len(digits) - 1))


def _columns_up_to(letters: str) -> int:
    return column_number(letters[0] + "Z" * (len(letters) - 1)) + 1


def _up_to(last: str, first: str, highest: str) -> bytes:
    """An expression for everything shorter than `last`, or as long and with no later first character."""
    rest = len(last) - 1
    any_ = b"[%s-%s]" % (b"A" if first == "A" else b"0", highest.encode())
    if not rest:
        return any_
    return b"[%s-%s]?%s{1,%d}+" % (first.encode(), last[0].encode(), any_, rest)


def _walk(pieces: Iterator[bytes], size: int, file: str) -> bool:
    """Look at every cell; True if one of them is an error."""
    row = rows = column = columns = 0
    errors = False
    for piece in pieces:
        for tag in _ROW_OR_CELL.finditer(piece):
            attributes = tag[2]
            place = _PLACE.search(attributes)
            if tag[1] == b"row":
                row, column = int(place[2]) if place else row + 1, 0
                continue
            column += 1
            if place and place[1]:
                column, row = column_number(place[1].decode()) + 1, int(place[2])
            if not attributes.endswith(b"/"):
                rows, columns = max(rows, row), max(columns, column)
                errors = errors or _ERROR.search(attributes) is not None
        _check_extent(rows, columns, size, file)
    return errors


def _check_extent(rows: int, columns: int, size: int, file: str) -> None:
    cells = rows * columns
    if rows <= MOST_ROWS and columns <= MOST_COLUMNS and cells <= _cells_explained(size):
        return
    raise unreadable(
        file,
        f"har ett blad med innehåll ända till rad {rows} och kolumn {column_letters(columns - 1)}; "
        "ta bort det som står utanför tabellen.",
    )
