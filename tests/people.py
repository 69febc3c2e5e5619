"""The cast, and registers that show only the value that matters.

A register is written as people write it, cell by cell, into a workbook in memory, and read by the
product itself: what a test says of a figure, it says of the sheets.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

import openpyxl

from services.domain.access import Visitor, visitor_with
from services.domain.school import SchoolCode
from services.reading import Reader
from services.register import Register
from services.tables.schema import load_schema
from services.workbook.memory import MemoryWorkbook
from services.workbook.port import Cell

TODAY = dt.date(2022, 1, 24)

EKSKOLAN = SchoolCode("00123456")
BJORKSKOLAN = SchoolCode("22222222")
RONNBARSSKOLAN = SchoolCode("33333333")
SCHOOLS = {EKSKOLAN: "Ekskolan", BJORKSKOLAN: "Björkskolan", RONNBARSSKOLAN: "Rönnbärsskolan"}

AREAS = {"L": "Ledarskap och planering", "U": "Digitala verktyg i undervisningen"}
"""Two areas with four questions each: L1–L4 and U1–U4."""

Row = Mapping[str, Cell]
Sheets = dict[str, dict[str, list[list[Cell]]]]

_SHEET_OF = {
    "schools": "Skolor",
    "areas": "Delområden",
    "questions": "Frågor",
    "rules": "Regler",
    "rounds": "Omgångar",
    "parts": "Skolans omgång",
    "applications": "Ansökningar",
    "certificates": "Certifikat",
    "actions": "Handlingsplan",
    "permissions": "Behörigheter",
    "settings": "Inställningar",
    "sessions": "Lärtillfällen",
    "attendance": "Närvaro",
    "contributions": "Underlag",
    "visits": "Verksamhetsbesök",
}


def an_answer(school: str = EKSKOLAN, **levels: int | None) -> Row:
    """One person's answers: `L1=2` is one question, `L=3` all four of the area."""
    row: dict[str, Cell] = {"Skolenhetskod": school}
    for id_, level in levels.items():
        row |= {f"{id_}{number}": level for number in range(1, 5)} if len(id_) == 1 else {id_: level}
    return row


def answers(count: int, school: str = EKSKOLAN, **levels: int | None) -> list[Row]:
    """As many persons, all of the same opinion."""
    return [an_answer(school, **levels)] * count


def a_school(code: str = EKSKOLAN, name: str = "Ekskolan") -> Row:
    return {"Skolenhetskod": code, "Skola": name, "Status": "Aktiv"}


def a_question(id_: str, since: str = "2019") -> Row:
    """The first letter says which area it is in."""
    area = list(AREAS).index(id_[0]) + 1
    return {"Fråga": id_, "Delområde": area, "Påstående": f"Påstående {id_}", "Från omgång": since}


def a_round(name: str = "2021", status: str = "Publicerad", least: Cell = 5) -> Row:
    year = int(name)
    return {
        "Omgång": name,
        "Öppnar": dt.date(year, 1, 11),
        "Stänger": dt.date(year, 2, 5),
        "Status": status,
        "Regelversion": "2021",
        "Minsta antal svar": least,
    }


def a_part(school: str = EKSKOLAN, staff: Cell = 20, round_: str = "2021") -> Row:
    """A school's row in Skolans omgång."""
    return {"Omgång": round_, "Skolenhetskod": school, "Personal": staff}


def a_rule(number: int, measure: str, line: Cell, area: Cell = "Alla", version: str = "2021") -> Row:
    return {"Regelversion": version, "Nr": number, "Mått": measure, "Delområde": area, "Gräns": line}


def an_application(school: str = EKSKOLAN, status: str = "Inskickad", year: str = "2021-2022") -> Row:
    return {
        "Ansökan": f"A-{school}-{year}",
        "Omgång": "2021",
        "Skolenhetskod": school,
        "Läsår": year,
        "Inskickad": dt.date(2021, 4, 7),
        "Status": status,
    }


QUESTIONS = [a_question(f"{letter}{number}") for letter in AREAS for number in range(1, 5)]

RULES = [
    a_rule(1, "Medelnivå", 3),
    a_rule(2, "Svarsfrekvens", 0.7, None),
    a_rule(3, "Antal svar", 10, None),
]

PERMISSIONS: list[Row] = [
    {"E-post": "unni@example.se", "Roll": "Enheten"},
    {"E-post": "petra@example.se", "Roll": "Rektor", "Skolenhetskod": EKSKOLAN},
    {"E-post": "per@example.se", "Roll": "Rektor", "Skolenhetskod": BJORKSKOLAN},
    {"E-post": "per@example.se", "Roll": "Rektor", "Skolenhetskod": RONNBARSSKOLAN},
    {"E-post": "siri@example.se", "Roll": "Personal", "Skolenhetskod": EKSKOLAN},
    {"E-post": "rut@example.se", "Roll": "Förvaltningsledning"},
    {"E-post": "frida@example.se", "Roll": "Forskare"},
]


def register_sheets(
    answered: Iterable[Row] | Mapping[str, Iterable[Row]] = (),
    *,
    staff: Cell | Mapping[str, Cell] = 20,
    taking_part: Iterable[str] | None = None,
    **tables: Sequence[Row],
) -> Sheets:
    """A whole register as grids.

    `answered` is of round 2021, or by round; `taking_part` has a school for each who has answered in the
    open round. Three schools of 20 take part in every round, all rounds are published, and the rules are
    those of 2021.
    """
    by_round = dict(answered) if isinstance(answered, Mapping) else {"2021": list(answered)}
    rounds = tables.get("rounds", [a_round(name) for name in by_round])
    schools = tables.get("schools", [a_school(code, name) for code, name in SCHOOLS.items()])
    codes = list(dict.fromkeys(str(school["Skolenhetskod"]) for school in schools))
    rows: dict[str, Sequence[Row]] = {
        "schools": schools,
        "areas": [{"Nr": number, "Delområde": name} for number, name in enumerate(AREAS.values(), 1)],
        "questions": QUESTIONS,
        "rules": RULES,
        "rounds": rounds,
        "permissions": [row for row in PERMISSIONS if row.get("Skolenhetskod") in {None, *codes}],
        "parts": [
            a_part(code, staff[code] if isinstance(staff, Mapping) else staff, str(one["Omgång"]))
            for one in rounds
            for code in codes
            if not isinstance(staff, Mapping) or code in staff
        ],
        **tables,
    }
    schema = load_schema()
    by_sheet = {_SHEET_OF[name]: given for name, given in rows.items()}
    main = {
        table.name: grid([column.header for column in table.columns], by_sheet.get(table.name, ()))
        for table in schema.of_spreadsheet("vebs")
    }
    ids = [str(question["Fråga"]) for question in rows["questions"]]
    sheets: Sheets = {"vebs": main}
    for name, given in by_round.items():
        numbered = [{"Svar": f"s{index}", **row} for index, row in enumerate(given, 1)]
        sheets[f"svar-{name}"] = {"Svar": grid(["Svar", "Skolenhetskod", *ids], numbered)}
    if taking_part is not None:
        keys = [
            {"Nyckel": f"k{index}", "Omgång": by_name["Omgång"], "Skolenhetskod": code}
            for by_name in rounds
            if by_name["Status"] == "Öppen"
            for index, code in enumerate(taking_part)
        ]
        sheets["inkorg"] = {"Deltagande": grid(["Nyckel", "Omgång", "Skolenhetskod"], keys)}
    return sheets


def grid(headers: Sequence[str], rows: Iterable[Row]) -> list[list[Cell]]:
    """A sheet: its headers, and each row's cells under them."""
    return [list(headers), *([row.get(header) for header in headers] for row in rows)]


def a_workbook(*answered, **tables) -> MemoryWorkbook:
    """The register of `register_sheets`, in memory."""
    return MemoryWorkbook(register_sheets(*answered, **tables))


def a_register(*answered, **tables) -> Register:
    """The register of `register_sheets`, read."""
    return read(a_workbook(*answered, **tables))


def read(workbook: MemoryWorkbook) -> Register:
    return Reader(workbook, load_schema()).read()


def save(folder: Path, sheets: Sheets) -> Path:
    """The same as .xlsx files in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for spreadsheet, grids in sheets.items():
        book = openpyxl.Workbook()
        book.remove(book.worksheets[0])
        for name, rows in grids.items():
            sheet = book.create_sheet(name)
            for row in rows:
                sheet.append(row)
        book.save(folder / f"{spreadsheet}.xlsx")
    return folder


def visitor(name: str, register: Register | None = None, today: dt.date = TODAY) -> Visitor:
    """One of the cast: Unni, Petra, Per, Siri, Rut, Frida, or Nils whom nobody knows."""
    permissions = (register or _empty_register()).permissions
    return visitor_with(name, f"{name.casefold()}@example.se", permissions, today)


@cache
def _empty_register() -> Register:
    return a_register()
