"""A register in which every column of every table holds every hostile text, and the pages still draw.

Columns are taken from the schema, so a new one is filled from the day it is there. Each table has rows that
are as they should be, hostile in all that is free text; rows with a good key and everything else hostile;
and rows that are hostile through and through. The latter two are what Kontroll lists.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl
from openpyxl.cell import WriteOnlyCell

from services.tables.schema import Column, Schema, Table, Type, load_schema
from services.workbook.port import Cell

CHUNKS = 4
"""Cells over which the hostile texts of a column are spread, one to a line."""

FREE = (Type.TEXT, Type.LONGTEXT)
SCHOOLS = tuple(f"1000000{number}" for number in range(1, 5))
FEW = SCHOOLS[3]
"""Where too few have answered to be shown."""
AREAS = (1, 2, 3)
OWN_SHEET = "Eget <b onclick=x> & =1"
DAY = dt.date(2022, 1, 24)

Row = Mapping[str, Cell]
Grid = list[list[Cell]]


@dataclass(frozen=True)
class HostileRegister:
    """The hostile texts, and the sheets full of them."""

    texts: Sequence[str]
    schema: Schema = field(default_factory=load_schema)

    @property
    def rounds(self) -> dict[str, str]:
        """Names of rounds by status; answers lie in a file of that name, so no slash."""
        return {
            "Publicerad förra": "2020 <b class=evilmark onclick=x> [a](javascript:x) $x$ :smile:",
            "Publicerad": "2021 <img class=evilmark src=x onerror=window.__xss=1> ![a](b) **c** :red[d]",
            "Öppen": f"2022 {self.cell(5, 1)}",
        }

    @property
    def school_year(self) -> str:
        """The läsår that the first two schools take part in."""
        return f"2021 {self.cell(6, 2)}"

    @property
    def version(self) -> str:
        """The name of the rules."""
        return self.cell(7, 0)

    def cell(self, column: int, row: int) -> str:
        """One cell: a part of the hostile texts, a line each, beginning with another in every column."""
        share = -(-len(self.texts) // CHUNKS)
        first = (column + row) % CHUNKS * share
        part = list(self.texts[first : first + share])
        turn = column * 7 % len(part)
        return "\n".join(part[turn:] + part[:turn])

    def questions(self) -> list[tuple[str, int]]:
        """Ids, hostile too, and the area of each; an id is a header as well, where blanks are one."""
        short = [" ".join(text.split()) for text in self.texts if len(text) < 60]
        return [
            (f"F{area}{number} {short[area * 11 + number]}", area) for area in AREAS for number in range(4)
        ]

    def good(self) -> dict[str, list[Row]]:
        """What the pages need to have something to draw."""
        last, latest, open_ = self.rounds.values()
        return {
            "Skolor": [{"Skolenhetskod": code, "Status": "Aktiv", "Personal": 30} for code in SCHOOLS],
            "Delområden": [{"Nr": area} for area in AREAS],
            "Frågor": [
                {
                    "Fråga": id_,
                    "Delområde": area,
                    "Från omgång": "2019",
                    "Till omgång": None,
                    "Väsentlig": "Ja",
                }
                for id_, area in self.questions()
            ],
            "Regler": [
                {
                    "Regelversion": self.version,
                    "Nr": number,
                    "Mått": measure,
                    "Delområde": where,
                    "Gräns": line,
                }
                for number, measure, where, line in (
                    (1, "Medelnivå", 1, 2),
                    (2, "Lägsta väsentliga fråga", 2, 1.5),
                    (3, "Svarsfrekvens", None, 0.5),
                )
            ],
            "Omgångar": [
                self._round(last, "Publicerad", 2020),
                self._round(latest, "Publicerad", 2021),
                self._round(open_, "Öppen", 2022),
            ],
            "Skolans omgång": [
                {"Omgång": name, "Skolenhetskod": code, "Personal": 30}
                for name in self.rounds.values()
                for code in SCHOOLS
            ],
            "Ansökningar": [
                {
                    "Omgång": latest,
                    "Skolenhetskod": code,
                    "Läsår": self.school_year,
                    "Inskickad": DAY,
                    "Status": "Antagen",
                }
                for code in SCHOOLS[:2]
            ],
            "Lärtillfällen": [{"Läsår": self.school_year, "Nr": 1, "Datum": DAY + dt.timedelta(days=9)}],
            "Underlag": [
                {"Läsår": self.school_year, "Nr": 1, "Skolenhetskod": code, "Länk": "https://example.se/x"}
                for code in SCHOOLS[:2]
            ],
            "Verksamhetsbesök": [
                {
                    "Läsår": self.school_year,
                    "Efter tillfälle": 1,
                    "Värdskola": SCHOOLS[0],
                    "Besökande skola": SCHOOLS[1],
                    "Status": "Planerat",
                }
            ],
            "Handlingsplan": [
                {"Omgång": latest, "Skolenhetskod": code, "Delområde": 1, "Status": "Pågår"}
                for code in SCHOOLS
                for _ in range(2)
            ],
            "Certifikat": [{"Skolenhetskod": SCHOOLS[2], "Beslut": "Certifierad", "Datum": DAY}],
            "Behörigheter": [
                {"E-post": "unni@example.se", "Roll": "Enheten"},
                {"E-post": "petra@example.se", "Roll": "Rektor", "Skolenhetskod": SCHOOLS[0]},
            ],
            "Inställningar": [
                {"Namn": "Demodatum", "Värde": "2022-01-24"},
                {"Namn": "Kontaktadress"},
            ],
            "Deltagande": [
                {"Nyckel": f"k{number}", "Omgång": open_, "Skolenhetskod": SCHOOLS[0]} for number in range(12)
            ],
        }

    def _round(self, name: str, status: str, year: int) -> Row:
        return {
            "Omgång": name,
            "Status": status,
            "Öppnar": dt.date(year, 1, 11),
            "Stänger": dt.date(year, 2, 5),
            "Regelversion": self.version,
            "Minsta antal svar": 5,
        }

    def grid(self, table: Table) -> Grid:
        """One sheet: its headers and a hostile one, then the good, the keyed and the hopeless rows."""
        headers = [column.header for column in table.columns]
        rows: list[list[Cell]] = [
            [self._free(table, column, row, number) for column in table.columns]
            for number, row in enumerate(self.good().get(table.name, []))
        ]
        places = range(len(headers))
        rows += [
            [self._keyed(column, place, number) for place, column in enumerate(table.columns)]
            for number in range(CHUNKS)
        ]
        rows += [[self.cell(place, number) for place in places] for number in range(CHUNKS)]
        own = [self.cell(9, 2), *(self.cell(9, number) for number in range(len(rows)))]
        return [[*line, mine] for line, mine in zip([headers, *rows], own, strict=True)]

    def told(self, table: str, row: int, header: str) -> str:
        """What stands in a cell, by its row below the headers."""
        headers, *rows = self.grid(self.schema.table(table))
        return str(rows[row][headers.index(header)])

    def _free(self, table: Table, column: Column, row: Row, number: int) -> Cell:
        if column.header in row or column.type not in FREE:
            return row.get(column.header)
        # Keys are told apart by their first letters: the same texts come back every few rows.
        return f"{number} {self.cell(table.columns.index(column), number)}"

    def _keyed(self, column: Column, place: int, number: int) -> Cell:
        if not column.key:
            return self.cell(place, number)
        return self._key(column, number, place)

    def _key(self, column: Column, number: int, place: int) -> Cell:
        if column.reference is not None:
            found = [row[column.reference.header] for row in self.good()[column.reference.table]]
            # Rows that are good already have the first ones.
            return found[-1 - number % len(found)]
        match column.type:
            case Type.CODE:
                return f"9000000{number}"
            case Type.INTEGER:
                return min(90 + number, column.maximum or 99)
            case Type.EMAIL:
                return f"nisse{number}@example.se"
            case Type.CHOICE:
                return column.choices[-1]
        return f"n{number} {self.cell(place, number)}"

    def sheets(self) -> dict[str, dict[str, Grid]]:
        """Every spreadsheet, with a sheet of the unit's own in the first."""
        found: dict[str, dict[str, Grid]] = {}
        for table in self.schema.tables:
            if "{" not in table.spreadsheet:
                found.setdefault(table.spreadsheet, {})[table.name] = self.grid(table)
        found["vebs"][OWN_SHEET] = [[self.cell(place, row) for place in range(4)] for row in range(CHUNKS)]
        for name in list(self.rounds.values())[:2]:
            found[f"svar-{name}"] = {"Svar": self._answers()}
        return found

    def _answers(self) -> Grid:
        ids = [id_ for id_, _ in self.questions()]
        rows: Grid = []
        for place, code in enumerate(SCHOOLS):
            for person in range(3 if code == FEW else 24):
                levels = [1 + (person + place + number) % 4 for number in range(len(ids))]
                rows.append(
                    [f"s{place}-{person} {self.cell(0, person)}", code, *levels, self.cell(1, person)]
                )
        rows += [[self.cell(column, number) for column in range(len(ids) + 3)] for number in range(CHUNKS)]
        return [["Svar", "Skolenhetskod", *ids, self.cell(3, 1)], *rows]

    def text_cells(self) -> Iterator[tuple[str, str, Cell]]:
        """Every cell of every column of the schema that holds words: table, header, cell."""
        for table in self.schema.tables:
            headers, *rows = self._answers() if table.name == "Svar" else self.grid(table)
            for place, column in enumerate(table.columns):
                assert headers[place] == column.header
                for row in rows:
                    yield table.name, column.header, row[place]

    def save(self, folder: Path) -> Path:
        """The same as .xlsx files in a folder; what looks like a formula stays the text it is."""
        folder.mkdir(parents=True, exist_ok=True)
        for spreadsheet, grids in self.sheets().items():
            book = openpyxl.Workbook(write_only=True)
            for name, rows in grids.items():
                sheet = book.create_sheet("Eget" if name == OWN_SHEET else name)
                sheet.title = name
                for row in rows:
                    sheet.append([_text(sheet, cell) if isinstance(cell, str) else cell for cell in row])
            book.save(folder / f"{spreadsheet}.xlsx")
        return folder


def _text(sheet: object, words: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value="")
    cell._value, cell.data_type = words, "s"
    return cell
