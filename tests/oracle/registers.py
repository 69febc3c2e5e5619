"""Random registers with seeded oddities, written as .xlsx files."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

from .clean import Draft, Record, build
from .layout import area_by_name, save
from .oddities import ODDITIES, RARE, spoil
from .schema import TABLES, Table, answer_table

LAYOUT = (
    "leading_zeros",
    "essential_in_some_areas",
    "all_measures",
    "single_area_criteria",
    "extra_round_Planerad",
    "extra_round_Öppen",
    "extra_round_Stängd",
    "area_under_least",
    "under_half",
    "area_by_name",
    "unknown_columns",
    "unknown_sheets",
    "shuffled_columns",
    "blank_rows",
    "blank_rows_above_header",
    "note_rows",
    "ragged_rows",
    "long_rows",
    "space_cells",
    "header_spaces",
    "value_spaces",
    "missing_headers",
    "doubled_headers",
    "decimals_as_text",
    "integers_as_text",
    "dates_as_text",
    "codes_as_numbers",
    "texts_as_numbers",
    "yes_as_bool",
    "choice_case",
)
OFTEN = 0.45
SELDOM = {"extra_round_Planerad": 0.2, "extra_round_Öppen": 0.25, "extra_round_Stängd": 0.2} | RARE
CLEAN_SHARE = 0.06  # registers with nothing odd at all


@dataclass(frozen=True)
class RegisterPlan:
    """A written register: the rounds and rules versions that can be asked for, and what is odd in it."""

    folder: Path
    seed: int
    rounds: tuple[str, ...]
    rules: tuple[str, ...]
    oddities: frozenset[str]


def write_random_register(folder: Path, seed: int) -> RegisterPlan:
    """Write `vebs.xlsx` and one `svar-<omgång>.xlsx` a closed round into the folder."""
    rng = random.Random(seed)
    calm = rng.random() < CLEAN_SHARE
    names = [*LAYOUT, *ODDITIES]
    chosen = {name for name in names if rng.random() < SELDOM.get(name, OFTEN) and not calm}
    draft = Draft(rng, frozenset(chosen))
    build(draft)
    questions = {str(row["Fråga"]): row for row in draft.tables["Frågor"]}
    spoil(draft)
    area_by_name(draft)
    folder.mkdir(parents=True, exist_ok=True)
    sheets = [(table, draft.tables[name]) for name, table in TABLES.items() if name in draft.tables]
    if rng.random() < 0.5:
        rng.shuffle(sheets)
    save(draft, folder / "vebs.xlsx", sheets)
    for name, rows in draft.answers.items():
        save(draft, folder / f"svar-{name}.xlsx", [(_answer_sheet(draft, name, questions), rows)])
    return RegisterPlan(folder, seed, tuple(draft.rounds), ("2018", "2021"), frozenset(draft.oddities))


def _answer_sheet(draft: Draft, name: str, questions: dict[str, Record]) -> Table:
    """Columns for the questions of the round, sometimes for all questions there are."""
    everything = draft.rng.random() < 0.5
    asked = [q for q, row in questions.items() if everything or str(row.get("Till omgång") or "9") >= name]
    return answer_table(asked)
