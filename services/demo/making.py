"""Making the demo register: the same seed always gives the same files."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from services.assembly import INBOX, MAIN
from services.demo.date import DEMO_DATE_SETTING
from services.demo.opinions import Opinion, answer, answer_as_told, make_opinion, years_before
from services.demo.process import area_values, process_rows
from services.demo.schools import CAST_SCHOOLS, DemoSchool, make_schools
from services.domain.question import Area, Question
from services.errors import DemoRefused
from services.tables.schema import load_schema
from services.tables.sheet import Cell
from services.template import Rows, framework_rows, lay_out
from services.workbook.excel import ExcelFolder
from services.workbook.xlsx_new import write_new

DEMO_DATE = dt.date(2022, 1, 24)
PUBLISHED = ("2019", "2020", "2021")
OPEN = "2022"
LEAST_SCHOOLS = 15
"""With fewer there is no room for nine candidates and the rest."""

Say = Callable[[str], None]

_DATES = {
    "2019": (dt.date(2019, 1, 7), dt.date(2019, 2, 1)),
    "2020": (dt.date(2020, 1, 8), dt.date(2020, 1, 31)),
    "2021": (dt.date(2021, 1, 11), dt.date(2021, 2, 5)),
    "2022": (dt.date(2022, 1, 10), dt.date(2022, 2, 4)),
}


@dataclass(frozen=True, slots=True)
class _Demo:
    """What the files are made from. `old_code` is what the school with a new code had before 2021."""

    areas: tuple[Area, ...]
    questions: tuple[Question, ...]
    schools: tuple[DemoSchool, ...]
    opinions: tuple[Opinion, ...]
    renamed: DemoSchool
    old_code: str

    def code_in(self, school: DemoSchool, round_name: str) -> str:
        return self.old_code if school == self.renamed and round_name < "2021" else school.code

    def asked_in(self, round_name: str) -> tuple[Question, ...]:
        return tuple(question for question in self.questions if question.asked_in(round_name))


def make_demo(folder: Path, seed: int = 2021, schools: int = 78, say: Say = lambda _: None) -> None:
    """Write the demo's spreadsheets into a folder that has none. DemoRefused if it has some."""
    if ExcelFolder(folder).spreadsheets():
        raise DemoRefused(f"I {folder} finns redan kalkylblad. Välj en tom mapp, så rörs inget av ditt.")
    if schools < LEAST_SCHOOLS:
        raise DemoRefused(f"Demon behöver minst {LEAST_SCHOOLS} skolor för att få plats med nio kandidater.")
    folder.mkdir(parents=True, exist_ok=True)
    demo = _invent(seed, schools)
    schema = load_schema()
    staff = {name: _staff_in(demo, name, seed) for name in (*PUBLISHED, OPEN)}
    for number, name in enumerate(PUBLISHED, 1):
        rng = np.random.default_rng([seed, int(name)])
        rows = _answer_rows(demo, name, staff[name], rng)
        table = schema.table("Svar").with_questions(tuple(question.id for question in demo.asked_in(name)))
        spreadsheet = table.spreadsheet_of(name)
        write_new(folder / f"{spreadsheet}.xlsx", lay_out(schema, [table], {"Svar": rows}))
        say(f"{number} av {len(PUBLISHED) + 2}: omgång {name}, {len(rows)} svar från {schools} skolor")
    _write_inbox(folder, demo, staff[OPEN], seed)
    say(f"{len(PUBLISHED) + 1} av {len(PUBLISHED) + 2}: omgång {OPEN}, som är öppen")
    # Last, because a folder with a register is a folder that is ready.
    tables = schema.of_spreadsheet(MAIN)
    write_new(folder / f"{MAIN}.xlsx", lay_out(schema, tables, _main_rows(demo, staff)))
    say(f"{len(PUBLISHED) + 2} av {len(PUBLISHED) + 2}: registret med skolor, frågor och regler")


def _invent(seed: int, count: int) -> _Demo:
    rng = np.random.default_rng(seed)
    schools = make_schools(count, rng)
    rows = framework_rows()
    areas = area_values(rows["Delområden"])
    opinions = tuple(make_opinion(school, len(areas), rng) for school in schools)
    renamed = next(school for school in schools[10:] if school.kind == "ordinary")
    old_code = f"{int(rng.integers(90_000_000, 99_999_999)):08d}"
    questions = tuple(_question_value(row) for row in _question_rows())
    return _Demo(areas, questions, tuple(schools), opinions, renamed, old_code)


def _question_rows() -> Rows:
    """The framework's questions, two of which replaced older ones on the way."""
    rows = [dict(row) for row in framework_rows()["Frågor"]]
    by_id = {row["Fråga"]: row for row in rows}
    reworded = {**by_id["K4"], "Fråga": "K9", "Påstående": "Vårdnadshavare får information."}
    by_id["K4"].update({"Från omgång": "2020", "Jämförbar med": "K9"})
    replaced = {**by_id["U8"], "Fråga": "U9", "Påstående": "Eleverna gör digitala prov.", "Väsentlig": "Nej"}
    by_id["U8"]["Från omgång"] = "2021"
    return [*rows, {**reworded, "Till omgång": "2019"}, {**replaced, "Till omgång": "2020"}]


def _question_value(row: Mapping[str, Cell]) -> Question:
    return Question(
        id=str(row["Fråga"]),
        area=int(str(row["Delområde"])),
        statement=str(row["Påstående"]),
        first_round=str(row["Från omgång"]),
        last_round=str(row["Till omgång"]) if row.get("Till omgång") else None,
    )


def _staff_in(demo: _Demo, round_name: str, seed: int) -> list[int]:
    """Staff come and go; in 2021 every school has as many as it has in general."""
    rng = np.random.default_rng([seed, int(round_name), 1])
    drift = rng.integers(-2, 3, len(demo.schools)) * (round_name != "2021")
    return [max(school.staff + int(change), 6) for school, change in zip(demo.schools, drift, strict=True)]


def _answer_rows(demo: _Demo, round_name: str, staff: Sequence[int], rng: np.random.Generator) -> Rows:
    questions = demo.asked_in(round_name)
    ids = [question.id for question in questions]
    rows: list[dict[str, Cell]] = []
    for school, opinion, employed in zip(demo.schools, demo.opinions, staff, strict=True):
        code = demo.code_in(school, round_name)
        for levels in _levels(demo, school, opinion, employed, round_name, rng):
            answered = {id_: int(level) or None for id_, level in zip(ids, levels, strict=True)}
            rows.append({"Skolenhetskod": code, **answered})
    shuffled = [rows[index] for index in rng.permutation(len(rows))]
    return [{"Svar": rng.bytes(6).hex(), **row} for row in shuffled]


def _levels(
    demo: _Demo, school: DemoSchool, opinion: Opinion, staff: int, round_name: str, rng: np.random.Generator
) -> npt.NDArray[np.uint8]:
    questions = demo.asked_in(round_name)
    if round_name == "2021":
        return answer_as_told(school, opinion, demo.areas, questions, rng)
    earlier = years_before(opinion, 2021 - int(round_name), rng)
    kind = school.kind if school.kind in ("quiet", "small") else "ordinary"
    return answer(earlier, staff, kind, questions, rng)


def _write_inbox(folder: Path, demo: _Demo, staff: Sequence[int], seed: int) -> None:
    """Two weeks into the open round about a third have answered."""
    rng = np.random.default_rng([seed, int(OPEN)])
    questions = demo.asked_in(OPEN)
    received: list[dict[str, Cell]] = []
    for school, opinion, employed in zip(demo.schools, demo.opinions, staff, strict=True):
        share = float(rng.beta(2, 3.2))
        levels = answer(years_before(opinion, -1, rng), employed, "ordinary", questions, rng)
        for person in levels[: int(share * employed)]:
            answered = {
                question.id: int(level) or None for question, level in zip(questions, person, strict=True)
            }
            key = rng.bytes(32).hex()
            received.append(
                {"Nyckel": key, "Omgång": OPEN, "Skolenhetskod": school.code, "Version": 1, **answered}
            )
    received = [received[index] for index in rng.permutation(len(received))]
    schema = load_schema()
    tables = [
        table.with_questions(tuple(question.id for question in questions)) if table.has_questions else table
        for table in schema.of_spreadsheet(INBOX)
    ]
    taking_part = [
        {header: row[header] for header in ("Nyckel", "Omgång", "Skolenhetskod")} for row in received
    ]
    layouts = lay_out(schema, tables, {"Inkomna": received, "Deltagande": taking_part})
    write_new(folder / f"{INBOX}.xlsx", layouts)


def _main_rows(demo: _Demo, staff: Mapping[str, Sequence[int]]) -> dict[str, Rows]:
    framework = framework_rows()
    raised: Rows = [
        {**row, "Regelversion": "2022", "Gräns": 3.1 if row["Mått"] == "Medelnivå" else row["Gräns"]}
        for row in framework["Regler"]
    ]
    essential: Mapping[str, Cell] = {
        "Regelversion": "2022",
        "Nr": len(raised) + 1,
        "Mått": "Lägsta väsentliga fråga",
        "Delområde": "Alla",
        "Gräns": 2.5,
        "Motivering": "Det viktigaste i varje delområde ska fungera för de flesta.",
    }
    return {
        **framework,
        **process_rows(demo.schools),
        "Skolor": _school_rows(demo),
        "Frågor": _question_rows(),
        "Regler": [*framework["Regler"], *raised, essential],
        "Omgångar": [_round_row(name) for name in (*PUBLISHED, OPEN)],
        "Skolans omgång": [
            {
                "Omgång": name,
                "Skolenhetskod": demo.code_in(school, name),
                "Personal": employed,
                "Svarskod": _answer_code(school, name),
            }
            for name, counts in staff.items()
            for school, employed in zip(demo.schools, counts, strict=True)
        ],
        "Behörigheter": _permission_rows(demo),
        "Inställningar": [
            *framework["Inställningar"],
            {
                "Namn": DEMO_DATE_SETTING,
                "Värde": DEMO_DATE.isoformat(),
                "Förklaring": "Allt är påhittat, och det här är dagens datum. Ta bort raden sedan.",
            },
        ],
    }


def _school_rows(demo: _Demo) -> Rows:
    rows: list[dict[str, Cell]] = []
    for school in sorted(demo.schools, key=lambda one: one.name):
        row: dict[str, Cell] = {
            "Skolenhetskod": school.code,
            "Skola": school.name,
            "Utbildningsområde": school.district,
            "Årskurser": school.grades,
            "Personal": school.staff,
            "Status": "Aktiv",
        }
        rows.append(row)
        if school == demo.renamed:
            before = replace(school, code=demo.old_code)
            rows.append(
                {**row, "Skolenhetskod": before.code, "Status": "Upphört", "Ersatt av": school.code}
                | {"Anteckning": "Skolan fick en ny skolenhetskod hösten 2020."}
            )
    return rows


def _round_row(name: str) -> dict[str, Cell]:
    opens, closes = _DATES[name]
    return {
        "Omgång": name,
        "Öppnar": opens,
        "Stänger": closes,
        "Status": "Öppen" if name == OPEN else "Publicerad",
        "Regelversion": "2022" if name == OPEN else "2021",
        "Minsta antal svar": 5,
        "Svarsform": "App",
    }


def _answer_code(school: DemoSchool, round_name: str) -> str:
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    rng = np.random.default_rng([int(school.code), int(round_name)])
    return "".join(letters[int(index)] for index in rng.integers(len(letters), size=10))


def _permission_rows(demo: _Demo) -> Rows:
    codes = {school.name: school.code for school in demo.schools}
    first, *others = (codes[name] for name in CAST_SCHOOLS)
    people: list[tuple[str, str, str | None]] = [
        ("unni@example.se", "Enheten", None),
        ("petra@example.se", "Rektor", first),
        *(("per@example.se", "Rektor", code) for code in others),
        ("siri@example.se", "Personal", first),
        ("rut@example.se", "Förvaltningsledning", None),
        ("frida@example.se", "Forskare", None),
    ]
    return [{"E-post": email, "Roll": role, "Skolenhetskod": school} for email, role, school in people]
