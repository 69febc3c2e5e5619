"""One small register for each rule of the check, with nothing else wrong in it."""

from collections.abc import Callable
from dataclasses import dataclass

from services.tables.problems import Rule
from services.workbook.memory import MemoryWorkbook
from tests.people import (
    EKSKOLAN,
    Sheets,
    a_round,
    answers,
    register_sheets,
)

Place = tuple[str, str, int | None, str | None, str | None]


@dataclass(frozen=True, slots=True)
class Case:
    """What to do to a clean register, where the problem then is, and what stands there."""

    spoil: Callable[[Sheets], object]
    place: Place
    value: object = None


def put(sheet: str, row: int, header: str, value: object) -> Callable[[Sheets], None]:
    """Write in the cell of `vebs`, the row as the spreadsheet numbers it."""

    def spoil(sheets: Sheets) -> None:
        grid = sheets["vebs"][sheet]
        grid[row - 1][grid[0].index(header)] = value

    return spoil


def _double_a_header(sheets: Sheets) -> None:
    sheets["vebs"]["Skolor"][0].append("Skola")


def _repeat_a_row(sheets: Sheets) -> None:
    sheets["vebs"]["Regler"].append(sheets["vebs"]["Regler"][1])


def _answer_more_than_there_are(sheets: Sheets) -> None:
    ids = range(100, 121)
    sheets["svar-2021"]["Svar"] += [[f"s{number}", EKSKOLAN, 3] for number in ids]


ONE_OF_EACH = {
    Rule.MISSING_SHEET: Case(
        lambda sheets: sheets["vebs"].pop("Certifikat"), ("vebs", "Certifikat", None, None, None)
    ),
    Rule.MISSING_COLUMN: Case(
        put("Skolor", 1, "Anteckning", "Anteckningar"), ("vebs", "Skolor", 1, None, "Anteckning")
    ),
    Rule.DUPLICATE_COLUMN: Case(_double_a_header, ("vebs", "Skolor", 1, "I", "Skola"), "Skola"),
    Rule.DUPLICATE_KEY: Case(_repeat_a_row, ("vebs", "Regler", 5, "A", "Regelversion"), "2021 · 1"),
    Rule.MISSING_KEY: Case(
        lambda sheets: sheets["vebs"]["Inställningar"].append([None, "3", "År"]),
        ("vebs", "Inställningar", 2, "A", "Namn"),
    ),
    Rule.REQUIRED: Case(put("Skolor", 3, "Skola", " "), ("vebs", "Skolor", 3, "B", "Skola")),
    Rule.WRONG_TYPE: Case(
        put("Skolor", 4, "Personal", "många"), ("vebs", "Skolor", 4, "E", "Personal"), "många"
    ),
    Rule.NOT_A_CHOICE: Case(
        put("Skolor", 2, "Status", "Öppen"), ("vebs", "Skolor", 2, "F", "Status"), "Öppen"
    ),
    Rule.UNKNOWN_REFERENCE: Case(
        put("Skolor", 2, "Ersatt av", "99999999"), ("vebs", "Skolor", 2, "G", "Ersatt av"), "99999999"
    ),
    Rule.OUT_OF_RANGE: Case(
        put("Omgångar", 2, "Minsta antal svar", 4), ("vebs", "Omgångar", 2, "F", "Minsta antal svar"), 4
    ),
    Rule.MORE_ANSWERS_THAN_STAFF: Case(
        _answer_more_than_there_are, ("vebs", "Skolans omgång", 2, "C", "Personal"), 20
    ),
    Rule.REFERENCE_CYCLE: Case(
        put("Skolor", 2, "Ersatt av", EKSKOLAN), ("vebs", "Skolor", 2, "G", "Ersatt av"), EKSKOLAN
    ),
    Rule.OVERLAPPING_ROUNDS: Case(
        put("Omgångar", 3, "Öppnar", "2021-02-05"), ("vebs", "Omgångar", 3, "B", "Öppnar"), "2021-02-05"
    ),
    Rule.FORMULA_ERROR: Case(
        put("Skolor", 2, "Skola", "#REF!"), ("vebs", "Skolor", 2, "B", "Skola"), "#REF!"
    ),
}


def spoiled_sheets(case: Case) -> Sheets:
    """The register's grids, with the one thing wrong."""
    sheets = register_sheets(answers(12, L=3, U=3), rounds=[a_round(), a_round("2022", "Planerad")])
    case.spoil(sheets)
    return sheets


def spoiled(case: Case) -> MemoryWorkbook:
    return MemoryWorkbook(spoiled_sheets(case))
