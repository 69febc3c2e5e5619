"""A whole register read cold: typed and checked, against what its library alone needs for the same files."""

import time
from pathlib import Path

from python_calamine import CalamineWorkbook

from services.checking import all_problems
from services.reading import read_once
from services.tables.schema import load_schema
from services.workbook.excel import ExcelFolder
from tests.benchmarks.measuring import Measurement, best_of, in_milliseconds

TIMES = 9


def measure(register: Path) -> list[Measurement]:
    """Ours, checks and all, against calamine reading one file after the other into lists."""
    runs = (lambda: _typed_and_checked(register), lambda: _bare(register))
    ours, theirs = best_of(runs, TIMES)
    work, their_work = best_of(runs, 3, clock=time.process_time)
    # Files are read side by side, so with no core to spare the ratio is that of the work.
    note = f"{in_milliseconds(ours)}, calamine {in_milliseconds(theirs)}; work {work / their_work:.2f} ×"
    return [
        Measurement("register as .xlsx, cold, against calamine's own read", ours / theirs, 1.3, "×", note)
    ]


def _typed_and_checked(register: Path) -> None:
    problems = all_problems(read_once(ExcelFolder(register), load_schema()).register)
    if problems:
        raise AssertionError(f"the register should be clean, but: {problems[0]}")


def _bare(register: Path) -> None:
    for file in sorted(register.glob("*.xlsx")):
        with CalamineWorkbook.from_path(file) as workbook:
            for name in workbook.sheet_names:
                workbook.get_sheet_by_name(name).to_python()
