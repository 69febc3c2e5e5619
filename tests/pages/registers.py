"""Registers in folders: the small ones that show a single state, and the ones that are empty or damaged."""

from collections.abc import Mapping
from pathlib import Path

from services.tables.schema import load_schema
from services.template import Rows, lay_out
from services.workbook.xlsx_new import write_new
from tests.people import (
    BJORKSKOLAN,
    EKSKOLAN,
    RONNBARSSKOLAN,
    Row,
    answers,
    register_sheets,
    save,
)

DEMO_DAY: Row = {"Namn": "Demodatum", "Värde": "2022-01-24"}


def small(folder: Path, answered: int = 30, others: int = 30, **tables) -> Path:
    """Three schools: `answered` persons at Ekskolan, `others` at each of the two others; all on Trygg."""
    rows = answers(answered, EKSKOLAN, L=3, U=3)
    for school in (BJORKSKOLAN, RONNBARSSKOLAN):
        rows += answers(others, school, L=3, U=2)
    tables.setdefault("settings", [DEMO_DAY])
    tables.setdefault("staff", 40)
    return save(folder, register_sheets(rows, **tables))


def mixed(count: int, school: str = EKSKOLAN) -> list[Row]:
    """As many persons, one in four on each level on L1, the others on Trygg."""
    everyone = answers(count, school, L=3, U=3)
    return [{**row, "L1": 1 + index % 4} for index, row in enumerate(everyone)]


def from_template(folder: Path, rows: Mapping[str, Rows]) -> Path:
    """A new register as the unit gets it: every sheet laid out, and in them these rows."""
    folder.mkdir()
    schema = load_schema()
    write_new(folder / "vebs.xlsx", lay_out(schema, schema.of_spreadsheet("vebs"), rows))
    return folder
