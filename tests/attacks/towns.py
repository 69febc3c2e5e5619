"""Small towns to attack: a few schools, rounds and questions, as sheets in memory or as files."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from services.assembly import INBOX, MAIN
from services.demo.date import DEMO_DATE_SETTING
from services.reading import read_once
from services.register import Register
from services.tables.schema import Table, load_schema
from services.template import Rows, lay_out
from services.workbook.memory import MemoryWorkbook
from services.workbook.xlsx_new import SheetLayout, write_new

Levels = list[list[int]]
"""Persons × questions; 0 is Kan inte bedöma."""

A, B, C, D, E, F = "10000001", "10000002", "10000003", "10000004", "10000005", "10000006"
"""Petra leads A, Per leads B and C, Siri works at A."""

NAMES = {A: "Alskolan", B: "Bokskolan", C: "Cederskolan", D: "Daggskolan", E: "Enskolan", F: "Furuskolan"}
ROUND = "2021"
ALL = "Alla"

EVERY_MEASURE = (
    ("2021", 1, "Medelnivå", ALL, 2.5),
    ("2021", 2, "Andel minst Trygg", ALL, 0.5),
    ("2021", 3, "Lägsta väsentliga fråga", ALL, 2.0),
    ("2021", 4, "Svarsfrekvens", None, 0.1),
    ("2021", 5, "Antal svar", None, 5),
    ("lax", 1, "Medelnivå", ALL, 1.0),
    ("one", 1, "Lägsta väsentliga fråga", 1, 2.5),
)
ROLES = (
    ("unni", "Enheten", None),
    ("petra", "Rektor", A),
    ("per", "Rektor", B),
    ("per", "Rektor", C),
    ("siri", "Personal", A),
    ("rut", "Förvaltningsledning", None),
    ("frida", "Forskare", None),
)


@dataclass(frozen=True)
class Ask:
    """A question of the bank."""

    id: str
    area: int = 1
    first: str = "2019"
    last: str | None = None
    like: str | None = None
    essential: bool = False

    def asked_in(self, round_name: str) -> bool:
        return self.first <= round_name <= (self.last or round_name)


TWO_AREAS = tuple(Ask(f"L{n}", 1, essential=n == 1) for n in range(1, 5)) + tuple(
    Ask(f"U{n}", 2, essential=n == 2) for n in range(1, 4)
)
"""Area 1 with four questions and area 2 with three."""


@dataclass(frozen=True)
class Town:
    """`answers` by round and school; every school in it takes part in the round."""

    answers: Mapping[str, Mapping[str, Levels]]
    questions: Sequence[Ask] = TWO_AREAS
    staff: Mapping[str, int | None] = field(default_factory=dict)
    status: Mapping[str, str | None] = field(default_factory=dict)
    became: Mapping[str, str] = field(default_factory=dict)
    least: int | str | None = 5
    is_demo: bool = True

    def asked_in(self, round_name: str) -> tuple[Ask, ...]:
        return tuple(question for question in self.questions if question.asked_in(round_name))

    def layouts(self) -> dict[str, dict[str, SheetLayout]]:
        schema = load_schema()
        made = {MAIN: lay_out(schema, schema.of_spreadsheet(MAIN), self._main_rows())}
        svar = schema.table("Svar")
        for name in self.answers:
            asked = svar.with_questions(tuple(question.id for question in self.asked_in(name)))
            made[svar.spreadsheet_of(name)] = lay_out(schema, [asked], {"Svar": self._answer_rows(name)})
        opened = [name for name in self.answers if self.status.get(name) == "Öppen"]
        if opened:
            made[INBOX] = self._inbox(schema.of_spreadsheet(INBOX), opened[0])
        return made

    def register(self) -> Register:
        """What the service reads; a slip in the town itself would be a problem, and is none."""
        sheets = {
            spreadsheet: {name: layout.rows for name, layout in layouts.items()}
            for spreadsheet, layouts in self.layouts().items()
        }
        return read_once(MemoryWorkbook(sheets), load_schema()).register

    def write(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        for spreadsheet, layouts in self.layouts().items():
            write_new(folder / f"{spreadsheet}.xlsx", layouts)

    def _main_rows(self) -> dict[str, Rows]:
        codes = sorted({code for schools in self.answers.values() for code in schools} | set(self.became))
        settings = [{"Namn": DEMO_DATE_SETTING, "Värde": "2022-01-24"}] if self.is_demo else []
        rows: dict[str, Rows] = {
            "Skolor": [
                {"Skolenhetskod": code, "Skola": NAMES[code], "Status": "Aktiv"}
                | {"Ersatt av": self.became.get(code)}
                for code in codes
            ],
            "Delområden": [{"Nr": nr, "Delområde": f"Område {nr}"} for nr in self._areas()],
            "Frågor": [
                {"Fråga": ask.id, "Delområde": ask.area, "Påstående": f"Påstående {ask.id}."}
                | {"Från omgång": ask.first, "Till omgång": ask.last, "Jämförbar med": ask.like}
                | {"Väsentlig": "Ja" if ask.essential else "Nej"}
                for ask in self.questions
            ],
            "Regler": [
                {"Regelversion": version, "Nr": nr, "Mått": measure, "Delområde": area, "Gräns": line}
                for version, nr, measure, area, line in EVERY_MEASURE
                if area in (None, ALL) or area in self._areas()
            ],
            "Omgångar": [
                {"Omgång": name, "Öppnar": dt.date(int(name), 1, 7), "Stänger": dt.date(int(name), 2, 5)}
                | {"Status": self.status.get(name, "Publicerad"), "Regelversion": "2021"}
                | {"Minsta antal svar": self.least}
                for name in sorted(self.answers)
            ],
            "Skolans omgång": [
                {"Omgång": name, "Skolenhetskod": code, "Personal": self.staff.get(code, 40)}
                for name, schools in self.answers.items()
                for code in schools
            ],
            "Behörigheter": [
                {"E-post": f"{who}@example.se", "Roll": role, "Skolenhetskod": school}
                for who, role, school in ROLES
                if school is None or school in codes
            ],
            "Inställningar": settings,
        }
        return rows

    def _areas(self) -> list[int]:
        return sorted({question.area for question in self.questions})

    def _answer_rows(self, name: str) -> Rows:
        return [
            {"Svar": f"{code}-{number}", "Skolenhetskod": code}
            | {ask.id: level or None for ask, level in zip(self.asked_in(name), levels, strict=True)}
            for code, persons in self.answers[name].items()
            for number, levels in enumerate(persons)
        ]

    def _inbox(self, tables: Sequence[Table], name: str) -> dict[str, SheetLayout]:
        """The open round's answers as they lie while it is open."""
        schema = load_schema()
        ids = tuple(ask.id for ask in self.asked_in(name))
        named = [table.with_questions(ids) if table.has_questions else table for table in tables]
        took: list[dict[str, Any]] = [
            {**row, "Nyckel": row["Svar"], "Omgång": name, "Version": 1} for row in self._answer_rows(name)
        ]
        return lay_out(schema, named, {table.name: took for table in named})


def same(persons: int, level: int, questions: int = len(TWO_AREAS)) -> Levels:
    """Everyone chooses the same level on every question."""
    return [[level] * questions for _ in range(persons)]


def mixed(persons: int, seed: int, questions: int = len(TWO_AREAS), low: int = 1) -> Levels:
    """Everyone answers everything, this way and that."""
    rng = np.random.default_rng(seed)
    levels: Levels = rng.integers(low, 5, (persons, questions)).tolist()
    return levels


def usual(**others: Levels) -> dict[str, Levels]:
    """Three schools with enough answers, and what is said of others (by letter)."""
    letters = dict(zip("ABCDEF", (A, B, C, D, E, F), strict=True))
    shown = {A: mixed(25, 1), B: mixed(30, 2), C: mixed(22, 3)}
    return {**shown, **{letters[letter]: levels for letter, levels in others.items()}}


def blank(levels: Levels, persons: range, questions: Sequence[int]) -> Levels:
    """The same answers, but these persons left these questions out."""
    return [
        [0 if person in persons and index in questions else level for index, level in enumerate(row)]
        for person, row in enumerate(levels)
    ]


def few_in_area_2(level: int, persons: int = 4) -> Levels:
    """Twelve answer area 1; so many of them area 2."""
    rest = blank(mixed(12, 7), range(persons, 12), range(4, 7))
    return [row[:4] + [level] * 3 if row[4] else row for row in rest]
