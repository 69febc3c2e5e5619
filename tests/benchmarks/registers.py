"""A synthetic register of any size, as the `.xlsx` files of a folder: the same size, the same register."""

import datetime as dt
import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from services.assembly import MAIN
from services.demo.date import DEMO_DATE_SETTING
from services.tables.schema import load_schema
from services.tables.sheet import Cell
from services.template import Rows, framework_rows, lay_out
from services.workbook.xlsx_new import write_new

SCHOOLS = 78
ROUNDS = tuple(str(year) for year in range(2015, 2022))
ANSWERS = 4_000
"""Answers in one round: a city of 78 schools."""

_UNABLE = 0.05
_DIFFERENT = 2
"""So many rounds have answers of their own; later ones repeat them, because writing them takes long."""


@dataclass(frozen=True, slots=True)
class Size:
    """How large a register is. `answers` are those of one round."""

    answers: int = ANSWERS
    rounds: tuple[str, ...] = ROUNDS
    schools: int = SCHOOLS

    @property
    def name(self) -> str:
        """A folder's name."""
        return f"register-{len(self.rounds)}x{self.answers}"

    @property
    def codes(self) -> tuple[str, ...]:
        """The schools' codes."""
        return tuple(f"{12_340_000 + 37 * number:08d}" for number in range(self.schools))


def synthetic_register(folder: Path, size: Size) -> Path:
    """The folder of a register of this size below `folder`, made unless it is there."""
    register = folder / size.name
    if not (register / f"{MAIN}.xlsx").exists():
        register.mkdir(parents=True, exist_ok=True)
        schema = load_schema()
        files = [register / f"{schema.table('Svar').spreadsheet_of(name)}.xlsx" for name in size.rounds]
        for number, file in enumerate(files):
            if number < _DIFFERENT:
                _write_round(file, number, size)
            else:
                shutil.copyfile(files[number % _DIFFERENT], file)
        # Last, because a folder with a register is a folder that is ready.
        write_new(register / f"{MAIN}.xlsx", lay_out(schema, schema.of_spreadsheet(MAIN), _main_rows(size)))
    return register


def question_ids() -> tuple[str, ...]:
    """The ids of the framework's questions."""
    return tuple(str(row["Fråga"]) for row in framework_rows()["Frågor"])


def random_answers(size: Size, seed: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint8]]:
    """The index of each person's school, and persons × questions: 1–4, 0 for Kan inte bedöma."""
    rng = np.random.default_rng([seed, size.answers])
    school = rng.permutation(np.arange(size.answers) % size.schools)
    shape = (size.answers, len(question_ids()))
    of_school = rng.normal(2.8, 0.25, size.schools)[school][:, None]
    of_person = rng.normal(0, 0.4, (size.answers, 1))
    levels = np.clip(np.rint(of_school + of_person + rng.normal(0, 0.6, shape)), 1, 4)
    return school, np.where(rng.random(shape) < _UNABLE, 0, levels).astype(np.uint8)


def _write_round(file: Path, seed: int, size: Size) -> None:
    schema, questions, codes = load_schema(), question_ids(), size.codes
    school, levels = random_answers(size, seed)
    rows: list[dict[str, Cell]] = [
        {"Svar": f"{seed}a{number:06x}", "Skolenhetskod": codes[place]}
        | {id_: level or None for id_, level in zip(questions, person, strict=True)}
        for number, (place, person) in enumerate(zip(school, levels.tolist(), strict=True))
    ]
    table = schema.table("Svar").with_questions(questions)
    write_new(file, lay_out(schema, [table], {"Svar": rows}))


def _main_rows(size: Size) -> dict[str, Rows]:
    framework = framework_rows()
    staff = round(size.answers / size.schools * 1.25)
    return {
        **framework,
        "Skolor": [
            {"Skolenhetskod": code, "Skola": f"Skola {number:02d}", "Personal": staff, "Status": "Aktiv"}
            for number, code in enumerate(size.codes)
        ],
        "Frågor": [{**row, "Från omgång": size.rounds[0]} for row in framework["Frågor"]],
        "Omgångar": [_round_row(name) for name in size.rounds],
        "Skolans omgång": [
            {"Omgång": name, "Skolenhetskod": code, "Personal": staff}
            for name in size.rounds
            for code in size.codes
        ],
        "Behörigheter": [{"E-post": "unni@example.se", "Roll": "Enheten"}],
        "Inställningar": [
            *framework["Inställningar"],
            {"Namn": DEMO_DATE_SETTING, "Värde": "2022-01-24", "Förklaring": "Allt är påhittat."},
        ],
    }


def _round_row(name: str) -> dict[str, Cell]:
    return {
        "Omgång": name,
        "Öppnar": dt.date(int(name), 1, 11),
        "Stänger": dt.date(int(name), 2, 5),
        "Status": "Publicerad",
        "Regelversion": "2021",
        "Minsta antal svar": 5,
    }
