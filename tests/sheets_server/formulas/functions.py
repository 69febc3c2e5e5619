"""The functions that people's sheets use most."""

import datetime as dt
import math
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.sheets_server.cells import CellError, Value, number
from tests.sheets_server.dates import moment, serial
from tests.sheets_server.formatting import by_pattern
from tests.sheets_server.formulas.arguments import (
    COMPARISONS,
    Function,
    Problem,
    compare,
    flat,
    num,
    numbers,
    one,
    truth,
)

if TYPE_CHECKING:
    from tests.sheets_server.formulas.evaluate import Work
    from tests.sheets_server.formulas.parser import Node


def _if(work: "Work", nodes: list["Node"]) -> Any:
    if truth(one(work, nodes, 0)):
        return one(work, nodes, 1)
    return one(work, nodes, 2, False)


def _iferror(work: "Work", nodes: list["Node"]) -> Any:
    try:
        found = one(work, nodes, 0)
    except Problem:
        return one(work, nodes, 1, "")
    return one(work, nodes, 1, "") if isinstance(found, CellError) else found


def _average(work: "Work", nodes: list["Node"]) -> float:
    found = numbers(work, nodes)
    if not found:
        raise Problem("#DIV/0!", "Evaluation of function AVERAGE caused a divide by zero error.")
    return sum(found) / len(found)


def _median(work: "Work", nodes: list["Node"]) -> float:
    found = sorted(numbers(work, nodes))
    if not found:
        raise Problem("#NUM!")
    half = len(found) // 2
    return found[half] if len(found) % 2 else (found[half - 1] + found[half]) / 2


def matches(value: Value, wanted: Value) -> bool:
    """Whether a value meets a criterion such as `>3`, `Ja` or `a*`."""
    if isinstance(wanted, str):
        sign, rest = re.match(r"^(<>|<=|>=|<|>|=)?(.*)$", wanted, re.S).groups()  # type: ignore[union-attr]
        try:
            limit: Value = float(rest)
        except ValueError:
            limit = rest
        if isinstance(limit, float):
            same = isinstance(value, int | float) and not isinstance(value, bool)
            return bool(COMPARISONS[sign or "="](value, limit)) if same else sign == "<>"
        pattern = re.escape(rest).replace(r"\*", ".*").replace(r"\?", ".")
        hit = bool(re.fullmatch(pattern, "" if value is None else str(value), re.I | re.S))
        return not hit if sign == "<>" else hit
    return value is not None and compare("=", value, wanted)


def _countif(work: "Work", nodes: list["Node"]) -> int:
    wanted = one(work, nodes, 1)
    return sum(matches(value, wanted) for value, _ in flat(work, nodes[:1]))


def _sumif(work: "Work", nodes: list["Node"]) -> float:
    wanted = one(work, nodes, 1)
    tested = [value for value, _ in flat(work, nodes[:1])]
    summed = [value for value, _ in flat(work, nodes[2:3])] if len(nodes) > 2 else tested
    pairs = zip(tested, summed, strict=False)
    return sum(item for value, item in pairs if matches(value, wanted) and isinstance(item, int | float))


def _vlookup(work: "Work", nodes: list["Node"]) -> Value:
    wanted, column = one(work, nodes, 0), int(num(work, nodes, 2))
    table = work.of(nodes[1])
    for row in table if isinstance(table, list) else [[table]]:
        if row[0] is not None and compare("=", row[0], wanted):
            return row[column - 1]
    raise Problem("#N/A", f"Did not find value '{wanted}' in VLOOKUP evaluation.")


def _round(work: "Work", nodes: list["Node"]) -> float:
    value, places = num(work, nodes, 0), int(num(work, nodes, 1))
    scale = 10.0**places
    return math.copysign(math.floor(abs(value) * scale + 0.5 + 1e-9) / scale, value)


def _mod(work: "Work", nodes: list["Node"]) -> float:
    if num(work, nodes, 1) == 0:
        raise Problem("#DIV/0!")
    return num(work, nodes, 0) % num(work, nodes, 1)


def _place(name: str) -> Function:
    def function(work: "Work", nodes: list["Node"]) -> int:
        if not nodes:
            return (work.row if name == "row" else work.column) + 1
        _, box = work.place(nodes[0])
        return ((box.top if name == "row" else box.left) or 0) + 1

    return function


def _date(work: "Work", nodes: list["Node"]) -> int:
    year, month, day = (int(num(work, nodes, at)) for at in range(3))
    return _days(year + (month - 1) // 12, (month - 1) % 12 + 1) + day - 1


def _days(year: int, month: int) -> int:
    if not 1900 <= year <= 9999:
        raise Problem("#NUM!")
    return int(serial(dt.date(year, month, 1)))


def _part(name: str) -> Function:
    return lambda work, nodes: getattr(moment(num(work, nodes, 0)), name)


def _text(work: "Work", nodes: list["Node"]) -> str:
    value = one(work, nodes, 0)
    return (
        value
        if isinstance(value, str)
        else by_pattern(work.number(value), str(one(work, nodes, 1)), work.evaluator.locale)
    )


def _string(change: Callable[[str], Any]) -> Function:
    return lambda work, nodes: change(work.text(one(work, nodes, 0)))


def _mid(work: "Work", nodes: list["Node"]) -> str:
    start = int(num(work, nodes, 1)) - 1
    return work.text(one(work, nodes, 0))[start : start + int(num(work, nodes, 2))]


def _is(test: Callable[[Any], bool]) -> Function:
    def function(work: "Work", nodes: list["Node"]) -> bool:
        try:
            return test(one(work, nodes, 0))
        except Problem as problem:
            return test(problem.error)

    return function


def _join(work: "Work", nodes: list["Node"]) -> str:
    return "".join(work.text(value) for value, _ in flat(work, nodes))


def _sqrt(work: "Work", nodes: list["Node"]) -> float:
    if num(work, nodes, 0) < 0:
        raise Problem("#NUM!")
    return math.sqrt(num(work, nodes, 0))


FUNCTIONS: dict[str, Function] = {
    "SUM": lambda work, nodes: number(sum(numbers(work, nodes))),
    "PRODUCT": lambda work, nodes: number(math.prod(numbers(work, nodes))),
    "AVERAGE": _average,
    "MEDIAN": _median,
    "MIN": lambda work, nodes: min(numbers(work, nodes), default=0),
    "MAX": lambda work, nodes: max(numbers(work, nodes), default=0),
    "COUNT": lambda work, nodes: sum(
        isinstance(value, int | float) and not isinstance(value, bool) for value, _ in flat(work, nodes)
    ),
    "COUNTA": lambda work, nodes: sum(value is not None for value, _ in flat(work, nodes)),
    "COUNTBLANK": lambda work, nodes: sum(value in (None, "") for value, _ in flat(work, nodes)),
    "COUNTIF": _countif,
    "SUMIF": _sumif,
    "VLOOKUP": _vlookup,
    "IF": _if,
    "IFERROR": _iferror,
    "AND": lambda work, nodes: all(truth(value) for value, _ in flat(work, nodes) if value is not None),
    "OR": lambda work, nodes: any(truth(value) for value, _ in flat(work, nodes) if value is not None),
    "NOT": lambda work, nodes: not truth(one(work, nodes, 0)),
    "TRUE": lambda work, nodes: True,
    "FALSE": lambda work, nodes: False,
    "ABS": lambda work, nodes: abs(num(work, nodes, 0)),
    "INT": lambda work, nodes: math.floor(num(work, nodes, 0)),
    "ROUND": _round,
    "SQRT": _sqrt,
    "POWER": lambda work, nodes: number(float(num(work, nodes, 0) ** num(work, nodes, 1))),
    "MOD": _mod,
    "PI": lambda work, nodes: math.pi,
    "ROW": _place("row"),
    "COLUMN": _place("column"),
    "DATE": _date,
    "YEAR": _part("year"),
    "MONTH": _part("month"),
    "DAY": _part("day"),
    "HOUR": _part("hour"),
    "MINUTE": _part("minute"),
    "TEXT": _text,
    "VALUE": lambda work, nodes: num(work, nodes, 0),
    "LEN": _string(len),
    "UPPER": _string(str.upper),
    "LOWER": _string(str.lower),
    "TRIM": _string(lambda text: " ".join(text.split())),
    "LEFT": lambda work, nodes: work.text(one(work, nodes, 0))[: int(num(work, nodes, 1, 1))],
    "RIGHT": lambda work, nodes: work.text(one(work, nodes, 0))[-int(num(work, nodes, 1, 1)) :],
    "MID": _mid,
    "CONCATENATE": _join,
    "CONCAT": _join,
    "HYPERLINK": lambda work, nodes: one(work, nodes, 1, one(work, nodes, 0)),
    "IMAGE": lambda work, nodes: None,
    "NA": lambda work, nodes: CellError("#N/A"),
    "ARRAYFORMULA": lambda work, nodes: work.of(nodes[0]),
    "ISBLANK": _is(lambda value: value is None),
    "ISNUMBER": _is(lambda value: isinstance(value, int | float) and not isinstance(value, bool)),
    "ISTEXT": _is(lambda value: isinstance(value, str)),
    "ISERROR": _is(lambda value: isinstance(value, CellError)),
}
