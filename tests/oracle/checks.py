"""Everything that is wrong in a folder of spreadsheets, with the place where it stands."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path

from .tables import CLOSED, Problem, Register, Row

Found = tuple[str, str, int | None, str | None, str | None, str]


def check(folder: Path) -> list[Found]:
    """Every problem as (spreadsheet, sheet, row, column, header, rule)."""
    register = Register(folder)
    _cycles(register)
    _dates(register)
    _staff(register)
    problems = [problem for data in register.tables.values() for problem in data.problems]
    problems += [problem for name in _closed(register) for problem in register.answers(name).problems]
    return [(*problem,) for problem in sorted(problems, key=_order)]


def _order(problem: Problem) -> tuple[str, str, int, str, str, str]:
    return (
        problem.spreadsheet,
        problem.sheet,
        problem.row or 0,
        problem.column or "",
        problem.header or "",
        problem.rule,
    )


def _closed(register: Register) -> list[str]:
    return [name for name, row in register.rounds.items() if row.text("Status") in CLOSED]


def _cycles(register: Register) -> None:
    """A school that comes back to itself through `Ersatt av`."""
    schools = register.tables["Skolor"]
    after = {row.text("Skolenhetskod"): row.text("Ersatt av") for row in schools.rows}
    for row in schools.rows:
        start = row.text("Skolenhetskod")
        code = after[start]
        steps = 1
        while code is not None and code != start and steps <= len(after):
            code = after.get(code)
            steps += 1
        if code == start:
            schools.report("reference_cycle", row.number, "Ersatt av")


def _dates(register: Register) -> None:
    """Rounds that close before they open, and rounds that open while another is open."""
    rounds = register.tables["Omgångar"]
    spans = list(_spans(register))
    for row, opens, closes in spans:
        if closes < opens:
            rounds.report("out_of_range", row.number, "Stänger")
    spans = [span for span in spans if span[1] <= span[2]]
    for row, opens, closes in spans:
        for other, other_opens, other_closes in spans:
            earlier = (other_opens, other.number) < (opens, row.number)
            if earlier and other_opens <= closes and opens <= other_closes:
                rounds.report("overlapping_rounds", row.number, "Öppnar")
                break


def _spans(register: Register) -> Iterator[tuple[Row, datetime.date, datetime.date]]:
    for row in register.rows("Omgångar"):
        opens, closes = row.day("Öppnar"), row.day("Stänger")
        if opens is not None and closes is not None:
            yield row, opens, closes


def _staff(register: Register) -> None:
    """More counted answers than staff."""
    data = register.tables["Skolans omgång"]
    for name in _closed(register):
        counted = register.counted(name)
        for code, row in register.listed(name).items():
            staff = row.integer("Personal")
            if staff is not None and len(counted[code]) > staff:
                data.report("more_answers_than_staff", row.number, "Personal")
