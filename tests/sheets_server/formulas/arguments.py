"""What functions get: values, numbers and texts out of their arguments."""

import operator
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from tests.sheets_server.cells import CellError, Value
from tests.sheets_server.formatting import shown
from tests.sheets_server.locales import Locale

if TYPE_CHECKING:
    from tests.sheets_server.formulas.evaluate import Work
    from tests.sheets_server.formulas.parser import Node

Table = list[list[Value]]
Function = Callable[["Work", list["Node"]], Any]
COMPARISONS = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}


class Problem(Exception):
    """The formula gives an error value."""

    def __init__(self, text: str, message: str = "") -> None:
        super().__init__(text)
        self.error = CellError(text, message)


def single_value(found: Value | Table) -> Value:
    """Return one value: the first of a table."""
    return found[0][0] if isinstance(found, list) else found


def as_text(value: Value, locale: Locale) -> str:
    """Return a value as text; an error stays an error."""
    if isinstance(value, CellError):
        raise Problem(value.text, value.message)
    return shown(value, None, locale)


def compare(sign: str, first: Value, second: Value) -> bool:
    """Compare two values as a spreadsheet does: numbers before text before booleans."""
    for value in (first, second):
        if isinstance(value, CellError):
            raise Problem(value.text, value.message)
    return bool(COMPARISONS[sign](_rank(first, second), _rank(second, first)))


def _rank(value: Value, other: Value) -> tuple[int, Any]:
    if value is None:
        value = "" if isinstance(other, str) else False if isinstance(other, bool) else 0
    if isinstance(value, bool):
        return 2, value
    return (1, value.casefold()) if isinstance(value, str) else (0, value)


def flat(work: "Work", nodes: list["Node"]) -> Iterator[tuple[Value, bool]]:
    """Yield every value of the arguments, and whether it was written out rather than pointed at."""
    for node in nodes:
        found = work.of(node)
        if isinstance(found, list):
            yield from ((value, False) for row in found for value in row)
        else:
            yield found, True


def numbers(work: "Work", nodes: list["Node"]) -> list[float]:
    """Return the numbers among the arguments; text in cells is passed over."""
    kept: list[float] = []
    for value, written in flat(work, nodes):
        if isinstance(value, CellError):
            raise Problem(value.text, value.message)
        if written and value is not None:
            kept.append(work.number(value))
        elif isinstance(value, int | float) and not isinstance(value, bool):
            kept.append(value)
    return kept


def one(work: "Work", nodes: list["Node"], at: int, default: Any = None) -> Any:
    """Return one argument as a single value."""
    return single_value(work.of(nodes[at])) if at < len(nodes) else default


def num(work: "Work", nodes: list["Node"], at: int, default: float = 0) -> float:
    """Return one argument as a number."""
    return work.number(one(work, nodes, at)) if at < len(nodes) else default


def truth(value: Value) -> bool:
    """Return a value as yes or no."""
    if isinstance(value, CellError):
        raise Problem(value.text, value.message)
    if isinstance(value, str):
        raise Problem("#VALUE!")
    return bool(value)
