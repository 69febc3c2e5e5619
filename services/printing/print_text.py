"""Text from a cell as it is printed: one line, of signs that the fonts of the paper have."""

MISSING = "?"
"""Stands for a sign that no font has: a PDF that everybody can read may not hold an empty box."""

_PUNCTUATION = frozenset("–—‘’‚“”„†‡•…‰‹›€™−≤≥≠≈→←↑↓×")
_LAST_LETTER = "\u045f"
"""Latin, Greek and Cyrillic letters; the fonts that Typst brings have them all."""


def printable(text: str) -> str:
    """The text on one line, without what is not seen."""
    return " ".join(_known(word) for word in text.split())


def _known(word: str) -> str:
    return "".join(sign if _has_glyph(sign) else MISSING for sign in word if sign.isprintable())


def _has_glyph(sign: str) -> bool:
    return sign in _PUNCTUATION or (sign <= _LAST_LETTER and not "\u0300" <= sign <= "\u0383")
