"""Read a formula into a tree."""

from dataclasses import dataclass, field
from typing import Any

from tests.sheets_server.formulas.tokens import Token, tokens

BINARY = ({"=", "<>", "<", ">", "<=", ">="}, {"&"}, {"+", "-"}, {"*", "/"}, {"^"})


class BadFormula(ValueError):
    """The text is no formula: the cell shows #ERROR!."""


@dataclass(frozen=True, slots=True)
class Node:
    """A part of a formula's tree."""

    kind: str  # value, error, ref, name, call, binary, unary, percent, array
    value: Any = None
    parts: list[Any] = field(default_factory=list)


class Parser:
    """A descent through the operators, the loosest first."""

    def __init__(self, formula: str, decimal: str) -> None:
        self.decimal = decimal
        self.tokens = [token for token in tokens(formula, decimal) if token.kind != "space"]
        self.at = 0

    def read(self) -> Node:
        """Return the tree of the whole formula."""
        node = self._binary(0)
        if self.at != len(self.tokens):
            raise BadFormula(self.tokens[self.at].text)
        return node

    def _peek(self) -> Token:
        return self.tokens[self.at] if self.at < len(self.tokens) else Token("end", "")

    def _take(self, text: str = "") -> Token:
        token = self._peek()
        if token.kind == "end" or (text and token.text != text):
            raise BadFormula(token.text)
        self.at += 1
        return token

    def _binary(self, level: int) -> Node:
        if level == len(BINARY):
            return self._unary()
        node = self._binary(level + 1)
        while self._peek().kind == "op" and self._peek().text in BINARY[level]:
            sign = self._take().text
            node = Node("binary", sign, [node, self._binary(level + 1)])
        return node

    def _unary(self) -> Node:
        if self._peek().kind == "op" and self._peek().text in "+-":
            return Node("unary", self._take().text, [self._unary()])
        node = self._primary()
        while self._peek().text == "%":
            self._take()
            node = Node("percent", None, [node])
        return node

    def _primary(self) -> Node:
        token = self._take()
        if token.kind == "number":
            return Node("value", float(token.text.replace(self.decimal, ".")))
        if token.kind == "string":
            return Node("value", token.text[1:-1].replace('""', '"'))
        if token.kind in ("ref", "error"):
            return Node(token.kind, token.text)
        if token.kind == "name":
            if token.text.upper() in ("TRUE", "FALSE"):
                return Node("value", token.text.upper() == "TRUE")
            return Node("name", token.text)
        if token.kind == "call":
            return Node("call", token.text.upper(), self._arguments("(", ")"))
        if token.text == "(":
            node = self._binary(0)
            self._take(")")
            return node
        if token.text == "{":
            self.at -= 1
            return Node("array", None, self._arguments("{", "}"))
        raise BadFormula(token.text)

    def _arguments(self, start: str, end: str) -> list[Node]:
        self._take(start)
        found: list[Node] = []
        while self._peek().text != end:
            empty = self._peek().text in (",", ";", "\\")
            found.append(Node("value") if empty else self._binary(0))
            if self._peek().text in (",", ";", "\\"):
                self._take()
                if self._peek().text == end:
                    found.append(Node("value"))
        self._take(end)
        return found


def parse(formula: str, decimal: str = ".") -> Node:
    """Read a formula; BadFormula if it is none."""
    return Parser(formula, decimal).read()
