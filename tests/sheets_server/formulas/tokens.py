"""Cut a formula into its parts; joined again they are the same text."""

import re
from dataclasses import dataclass

TITLE = r"(?:'(?:[^']|'')+'|[A-Za-z_\u00c0-\uffff][\w.\u00c0-\uffff]*)!"
CELL = r"\$?[A-Za-z]{1,3}\$?[1-9]\d*"
COLUMN, ROW = r"\$?[A-Za-z]{1,3}", r"\$?[1-9]\d*"
REF = rf"(?:{TITLE})?(?:{CELL}:{COLUMN}(?:{ROW})?|{CELL}|{COLUMN}:{COLUMN}|{ROW}:{ROW})"
PATTERN = (
    r"(?P<string>\"(?:[^\"]|\"\")*\")"
    r"|(?P<error>#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|ERROR!))"
    rf"|(?P<ref>{REF})(?![\w(!.])"
    r"|(?P<call>[A-Za-z_][\w.]*(?=\s*\())"
    r"|(?P<name>(?!\d)[\w.]+)"
    r"|(?P<number>\d+(?:POINT\d*)?(?:[eE][+-]?\d+)?|POINT\d+)"
    r"|(?P<space>\s+)"
    r"|(?P<op><>|<=|>=|[-+*/^&=<>%(){}!:;,\\])"
    r"|(?P<other>.)"
)
SHAPES = {point: re.compile(PATTERN.replace("POINT", re.escape(point)), re.S) for point in ".,"}


@dataclass(frozen=True, slots=True)
class Token:
    """A part of a formula: what it is and its text."""

    kind: str
    text: str


def tokens(formula: str, decimal: str = ".") -> list[Token]:
    """Return the parts of a formula, its `=` left out."""
    found = SHAPES[decimal].finditer(formula, 1 if formula.startswith("=") else 0)
    return [Token(str(match.lastgroup), match.group()) for match in found]
