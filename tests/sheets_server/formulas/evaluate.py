"""Work out a formula. What is not known here shows as #NAME?, as an unknown function does."""

import math
from typing import TYPE_CHECKING

from tests.sheets_server.a1 import read_box
from tests.sheets_server.boxes import Box
from tests.sheets_server.cells import Cell, CellError, Value, number
from tests.sheets_server.entering import read_moment, read_number
from tests.sheets_server.formulas.arguments import Problem, Table, as_text, compare, single_value
from tests.sheets_server.formulas.functions import FUNCTIONS
from tests.sheets_server.formulas.moving import split_title, title_of
from tests.sheets_server.formulas.parser import BadFormula, Node, parse
from tests.sheets_server.locales import locale_of

if TYPE_CHECKING:
    from tests.sheets_server.book import Book, Sheet

Result = Value | Table


class Evaluator:
    """Works out the formulas of a book once for each revision."""

    def __init__(self, book: "Book") -> None:
        self.book = book
        self.locale = locale_of(book.locale)
        self.known: dict[tuple[int, int, int], Value] = {}
        self.under_way: set[tuple[int, int, int]] = set()

    def value(self, sheet: "Sheet", row: int, column: int, cell: Cell | None = None) -> Value:
        """Return the value of a cell."""
        cell = cell or sheet.grid.cell(row, column)
        if cell.formula is None:
            return cell.value
        key = (sheet.sheet_id, row, column)
        if key in self.known:
            return self.known[key]
        if key in self.under_way:
            return CellError("#REF!", "Circular dependency detected.")
        self.under_way.add(key)
        try:
            self.known[key] = self._work_out(cell.formula, sheet, row, column)
        finally:
            self.under_way.discard(key)
        return self.known[key]

    def _work_out(self, formula: str, sheet: "Sheet", row: int, column: int) -> Value:
        try:
            tree = parse(formula, self.locale.decimal)
            found = single_value(Work(self, sheet, row, column).of(tree))
        except BadFormula:
            return CellError("#ERROR!", "Formula parse error.")
        except Problem as problem:
            return problem.error
        except RecursionError:
            return CellError("#REF!", "Circular dependency detected.")
        if isinstance(found, float) and not math.isfinite(found):
            return CellError("#NUM!", "The result is too large or no number.")
        return 0 if found is None else found


class Work:
    """One formula being worked out, in its own cell."""

    def __init__(self, evaluator: Evaluator, sheet: "Sheet", row: int, column: int) -> None:
        self.evaluator, self.sheet, self.row, self.column = evaluator, sheet, row, column

    def of(self, node: Node) -> Result:
        """Return the value of a part of the formula."""
        if node.kind == "value":
            return number(node.value) if isinstance(node.value, float) else node.value
        if node.kind == "error":
            raise Problem(node.value)
        if node.kind in ("ref", "name"):
            return self.table(node)
        if node.kind == "call":
            return self._call(node)
        if node.kind == "array":
            return [[single_value(self.of(part)) for part in node.parts]]
        parts = [single_value(self.of(part)) for part in node.parts]
        if node.kind == "percent":
            return self.number(parts[0]) / 100
        if node.kind == "unary":
            return self.number(parts[0]) * (-1 if node.value == "-" else 1)
        return self._binary(node.value, parts[0], parts[1])

    def table(self, node: Node) -> Table:
        """Return the values that a reference points at."""
        sheet, box = self.place(node)
        rect = box.within(sheet.grid.row_count, sheet.grid.column_count)
        if not rect.height or not rect.width:
            raise Problem("#REF!")
        bottom = rect.bottom
        if box.bottom is None:
            bottom = max(rect.top + 1, min(bottom, len(sheet.grid.rows)))
        read = self.evaluator.value
        return [
            [read(sheet, row, column) for column in range(rect.left, rect.right)]
            for row in range(rect.top, bottom)
        ]

    def place(self, node: Node) -> tuple["Sheet", Box]:
        """Return the sheet and the box that a reference points at."""
        book = self.evaluator.book
        if node.kind == "name":
            named = book.named(node.value)
            sheet = book.sheet_by_id(named["range"].get("sheetId", 0)) if named else None
            if named is None or sheet is None:
                raise Problem("#NAME?", f"Unknown range name: '{node.value}'.")
            return sheet, Box.from_json(named["range"])
        prefix, address = split_title(node.value)
        sheet = book.sheet_by_title(title_of(prefix)) if prefix else self.sheet
        box = read_box(address)
        if sheet is None or box is None:
            raise Problem("#REF!", f"Unresolved sheet name '{title_of(prefix)}'.")
        return sheet, box

    def number(self, value: Value) -> float:
        """Return a value as a number; text that looks like one counts."""
        if isinstance(value, CellError):
            raise Problem(value.text, value.message)
        if value is None:
            return 0
        if isinstance(value, str):
            found = read_number(value, self.evaluator.locale) or read_moment(value, self.evaluator.locale)
            if found is None or not isinstance(found.value, int | float):
                raise Problem("#VALUE!", f"'{value}' is a text and cannot be coerced to a number.")
            return found.value
        return number(value)

    def text(self, value: Value) -> str:
        """Return a value as text."""
        return as_text(value, self.evaluator.locale)

    def _binary(self, sign: str, first: Value, second: Value) -> Value:
        if sign == "&":
            return self.text(first) + self.text(second)
        if sign in ("=", "<>", "<", ">", "<=", ">="):
            return compare(sign, first, second)
        one, two = self.number(first), self.number(second)
        if sign == "/":
            if two == 0:
                raise Problem("#DIV/0!", "Function DIVIDE parameter 2 cannot be zero.")
            return number(one / two)
        try:
            result = {"+": one + two, "-": one - two, "*": one * two}.get(sign)
            return number(float(one**two) if result is None else result)
        except (OverflowError, ZeroDivisionError, TypeError) as error:
            raise Problem("#NUM!") from error

    def _call(self, node: Node) -> Result:
        function = FUNCTIONS.get(node.value)
        if function is None:
            raise Problem("#NAME?", f"Unknown function: '{node.value}'.")
        return function(self, node.parts)
