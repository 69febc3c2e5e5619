"""Carrying a whole register from .xlsx files to Google; safe to run again, and it never overwrites."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from services.assembly import INBOX, MAIN
from services.connecting import Finder, Link, Plan, Wanted, lay_out, register_of, tables_of
from services.errors import MoveRefused
from services.tables.schema import Schema, Table
from services.tables.sheet import Cell, Sheet
from services.template import Rows, framework_rows
from services.workbook.cell_values import cell_name, header_text, is_blank
from services.workbook.google import in_sheet
from services.workbook.google_terms import Json, Target
from services.workbook.guarded.cells import Format, Scalar, format_of, header_row, same, scalar, stored
from services.workbook.guarded.scratch import is_scratch
from services.workbook.port import Workbook
from services.workbook.whole.filling import Filling, pieces
from services.workbook.whole.layout import COLUMNS, FORMATS, ROWS, enlarge, new_header
from services.workbook.whole.standing import PATIENT, Standing, look_at

LISTS = "Listor"
"""The sheet with the texts of drop-downs in our own .xlsx files; in Google the drop-downs hold them."""

NAMELESS = "Utan rubrik"

Present: TypeAlias = list[list[list[Scalar]]]
"""The columns of every sheet as they stand in Google."""


@dataclass(frozen=True, slots=True)
class Carried:
    """A sheet on its way: the columns below their headers; without a table, all there is, by number."""

    title: str
    table: Table | None
    columns: Mapping[str, Sequence[Cell]]

    @property
    def height(self) -> int:
        """Number of rows, without the header row."""
        return max(map(len, self.columns.values()), default=0)


@dataclass(frozen=True, slots=True)
class Moved:
    """What has been carried of one spreadsheet, and read back and found equal."""

    spreadsheet: str
    rows: int
    cells: int


def upload(link: Link, schema: Schema, folder: Workbook, wanted: Wanted) -> list[Moved]:
    """Carry every spreadsheet of the folder into blank tables at Google, and read it back.

    MoveRefused, before anything of that spreadsheet is written, where people have written something else.
    """
    register = register_of(schema, folder.read(MAIN).sheets)
    finder = Finder(link, wanted)
    moved = []
    for name in _ours(schema, folder):
        tables = tables_of(schema, name, [register])
        by_name = {table.name: table for table in tables}
        sheets = folder.read(name).sheets
        carried = [_carried(title, by_name.get(title), sheet) for title, sheet in sheets.items()]
        carried = [
            sheet for sheet in carried if sheet.table or not (sheet.title == LISTS or is_scratch(sheet.title))
        ]
        target = finder.target(name)
        # One row more than there are, so that a header never stands last.
        room = {sheet.title: sheet.height + 2 for sheet in carried}
        lay_out(link, schema, Plan(target, tables, room, name in finder.made))
        moved.append(_Move(link, schema, target, carried).run())
    finder.tell_of_made()
    return moved


def start_content(link: Link, schema: Schema, *, fill: bool) -> None:
    """Fill a register that is blank with the framework's areas, questions and rules; or tell how to."""
    target = link.book.target(MAIN)
    rows = framework_rows()
    tables = [table for table in schema.of_spreadsheet(MAIN) if table.name in rows]
    sheets = {table.name: _start_sheet(table, rows[table.name]) for table in tables}
    carried = [_carried(table.name, table, sheets[table.name]) for table in tables]
    move = _Move(link, schema, target, carried)
    if not move.is_blank():
        return
    if fill:
        move.run()
    else:
        link.say(
            "Registret är tomt. Fyll det med ramverkets delområden, frågor, regler och inställningar genom "
            "att köra setup-google --start, eller med ett helt register genom upload --data MAPP."
        )


def _start_sheet(table: Table, rows: Rows) -> Sheet:
    headers = [column.header for column in table.columns]
    return Sheet(tuple((header, *(row.get(header) for row in rows)) for header in headers))


def _ours(schema: Schema, folder: Workbook) -> list[str]:
    """The register's spreadsheets among those of a folder, the register itself first."""
    answers = schema.table("Svar").spreadsheet_of("")
    names = sorted(folder.spreadsheets())
    return [
        MAIN,
        *(name for name in names if name == INBOX or name.startswith(answers)),
    ]


def _carried(title: str, table: Table | None, sheet: Sheet) -> Carried:
    """The columns of a sheet by header; a header that is missing or doubled gets a name of its own."""
    top = header_row(sheet)
    if table is None or top is None:
        return Carried(title, table, {str(at): values for at, values in enumerate(sheet.columns)})
    columns: dict[str, Sequence[Cell]] = {}
    for values in sheet.columns:
        below = values[top + 1 :]
        text = header_text(values[top])
        if not text and all(map(is_blank, below)):
            continue
        name, number = text or NAMELESS, 2
        while name in columns:
            name, number = f"{text or NAMELESS} ({number})", number + 1
        columns[name] = below
    return Carried(title, table, columns)


class _Move:
    """One spreadsheet's way from a file to Google."""

    def __init__(self, link: Link, schema: Schema, target: Target, carried: Sequence[Carried]) -> None:
        self._link, self._schema, self._target, self._carried = link, schema, target, carried

    def run(self) -> Moved:
        """Compare, fill what is blank, and read back. MoveRefused where something else stands there."""
        name, say = self._target.name, self._link.say
        seen = look_at(self._link.client, self._target, {sheet.title for sheet in self._carried}).sheets
        self._prepare(seen)
        seen = look_at(self._link.client, self._target, {sheet.title for sheet in self._carried}).sheets
        fillings = [self._filling(sheet, seen[sheet.title]) for sheet in self._carried]
        missing = self._missing(fillings, self._present())
        total = sum(len(filling.rows) for filling in missing)
        done = 0
        for piece in pieces(missing):
            self._link.change(self._target, piece.requests)
            done += piece.rows
            say(f"{name}: {done} av {total} rader.")
        cells = self._verify(fillings) if total else sum(map(_count, fillings))
        rows = sum(len(filling.rows) for filling in fillings)
        say(f"{name}: finns i Google och är kontrolläst. Rader: {rows}, celler: {cells}, 0 skiljer sig.")
        return Moved(name, rows, cells)

    def is_blank(self) -> bool:
        """Whether the sheets hold nothing but their headers."""
        return all(max(map(len, columns), default=0) <= 1 for columns in self._present())

    def _prepare(self, seen: Mapping[str, Standing]) -> None:
        """Make the people's own sheets and the headers of their own columns."""
        requests: list[Json] = []
        for sheet in self._carried:
            standing = seen.get(sheet.title)
            if standing is None:
                size = (max(ROWS, sheet.height + 1), max(COLUMNS, len(sheet.columns)))
                properties = Standing.unmade(sheet.title, *size).properties
                requests.append({"addSheet": {"properties": properties}})
                continue
            own = [header for header in sheet.columns if sheet.table and header not in standing.headers]
            width = standing.width + len(own) if sheet.table else len(sheet.columns)
            room = enlarge(standing, standing.header_row + sheet.height + 1, width)
            requests += [work.request for work in room]
            requests += [new_header(standing, header, standing.width + at) for at, header in enumerate(own)]
        if requests:
            self._link.change(self._target, requests)

    def _filling(self, sheet: Carried, standing: Standing) -> Filling:
        """The rows as they are to stand, every column under its header."""
        if sheet.table is None:
            top, places = 0, {header: at for at, header in enumerate(sheet.columns)}
        else:
            top = standing.header_row + 1
            places = {header: standing.headers[header] for header in sheet.columns}
        width = max(places.values(), default=-1) + 1
        rows: list[list[Scalar]] = [[""] * width for _ in range(sheet.height)]
        formats: dict[tuple[int, int], Format] = {}
        for header, values in sheet.columns.items():
            column = places[header]
            typed = self._is_formatted(sheet.table, header)
            for at, value in enumerate(values):
                rows[at][column] = _stored(value)
                if not typed and (format_ := format_of(value)) is not None:
                    formats[top + at, column] = format_
        while rows and not any(value != "" for value in rows[-1]):
            rows.pop()
        return Filling(standing.gid, top, rows, formats)

    def _is_formatted(self, table: Table | None, header: str) -> bool:
        """Whether the schema gives the column its number format."""
        columns = {column.header: column for column in table.columns} if table else {}
        return header in columns and self._schema.target(columns[header]).type in FORMATS

    def _present(self) -> Present:
        ranges = [in_sheet(sheet.title) for sheet in self._carried]
        values = self._link.client.values(self._target, ranges, patience=PATIENT)
        return [[[scalar(value) for value in column] for column in columns] for columns in values]

    def _missing(self, fillings: Sequence[Filling], present: Present) -> list[Filling]:
        """What does not stand there yet. MoveRefused where something else does."""
        found = []
        for sheet, filling, columns in zip(self._carried, fillings, present, strict=True):
            for column, values in enumerate(columns):
                for row, value in enumerate(values[filling.top :]):
                    if value != "" and not same(_at(filling.rows, row, column), value):
                        raise self._occupied(sheet.title, cell_name(filling.top + row + 1, column))
            start = _first_missing(filling, columns)
            if start < len(filling.rows):
                found.append(replace(filling, top=filling.top + start, rows=filling.rows[start:]))
        return found

    def _occupied(self, title: str, cell: str) -> MoveRefused:
        return MoveRefused(
            f"Bladet {title} i {self._target.name} har redan annat innehåll (cell {cell}), och uppladdningen "
            "skriver inte över det; töm bladet under rubrikerna eller ta bort det, och kör igen."
        )

    def _verify(self, fillings: Sequence[Filling]) -> int:
        """Read everything back and count the cells. MoveRefused where one differs."""
        for sheet, filling, columns in zip(self._carried, fillings, self._present(), strict=True):
            height = max(len(filling.rows), max(map(len, columns), default=0) - filling.top)
            for row in range(height):
                for column in range(max(len(columns), len(filling.rows[0]) if filling.rows else 0)):
                    found = _in(columns, filling.top + row, column)
                    if not same(_at(filling.rows, row, column), found):
                        cell = cell_name(filling.top + row + 1, column)
                        raise MoveRefused(
                            f"Bladet {sheet.title} i {self._target.name} blev inte som i filen "
                            f"(cell {cell}); någon kan ha ändrat under tiden. Kör igen."
                        )
        return sum(map(_count, fillings))


def _stored(value: Cell) -> Scalar:
    """The value as Google keeps it, with line ends of one kind."""
    kept = stored(value)
    return kept.replace("\r\n", "\n") if isinstance(kept, str) else kept


def _first_missing(filling: Filling, columns: Sequence[Sequence[Scalar]]) -> int:
    """The first row of the filling that does not stand in the sheet as it should."""
    for row, values in enumerate(filling.rows):
        if any(not same(value, _in(columns, filling.top + row, at)) for at, value in enumerate(values)):
            return row
    return len(filling.rows)


def _at(rows: Sequence[Sequence[Scalar]], row: int, column: int) -> Scalar:
    return rows[row][column] if row < len(rows) and column < len(rows[row]) else ""


def _in(columns: Sequence[Sequence[Scalar]], row: int, column: int) -> Scalar:
    return columns[column][row] if column < len(columns) and row < len(columns[column]) else ""


def _count(filling: Filling) -> int:
    return sum(value != "" for row in filling.rows for value in row)
