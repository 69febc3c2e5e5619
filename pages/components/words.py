"""How Swedish is written on a page: numbers, dates, names, and text that is nothing but text."""

import datetime as dt
import re

from services.domain.access import Role
from services.domain.rules import Measure, Status

MONTHS = (
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
    "november",
    "december",
)
NOTHING = "–"
NO_BREAK = "\N{NO-BREAK SPACE}"

STATUS_WORDS = {
    Status.MET: "Uppfyller",
    Status.NEAR: "Nära",
    Status.NOT_YET: "Inte ännu",
    Status.NO_BASIS: "Underlag saknas",
}

ROLE_WORDS = {
    Role.UNIT: "Digitaliseringsenheten",
    Role.PRINCIPAL: "rektor",
    Role.STAFF: "personal",
    Role.READER: "förvaltningsledningen",
    Role.RESEARCHER: "forskare",
}

_PUNCTUATION = re.compile(r"([!-/\[-`{-~<>=?@])")
_LINKLIKE = re.compile(r"(www)\\?\.|(:)(?=\S)|(@)", re.IGNORECASE)
_SEPARATORS = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")
_REVERSING = re.compile(r"[\u202a-\u202e\u2066-\u2069\u200e\u200f]")


def number(value: float | None, decimals: int = 1) -> str:
    """A number with a decimal comma: 3,4. Halves are rounded away from zero, as people do."""
    if value is None:
        return NOTHING
    nudged = value + (1e-9 if value >= 0 else -1e-9)
    text = f"{nudged:.{decimals}f}"
    return ("0" + text[2:] if float(text) == 0 and text.startswith("-") else text).replace(".", ",")


def level_beside(value: float | None, line: float | None) -> str:
    """A figure with enough decimals never to look as if it were on the other side of its line."""
    if value is None or line is None or value >= line - 1e-9:
        return number(value)
    for decimals in range(1, 9):
        text = number(value, decimals)
        if float(text.replace(",", ".")) < line - 1e-9:
            return text
    return number(value, 9)


def whole(value: int | None) -> str:
    """A whole number with thousands apart: 3 529."""
    return NOTHING if value is None else f"{value:,}".replace(",", NO_BREAK)


def percent(share: float | None) -> str:
    """A share as whole per cent: 78 %."""
    return NOTHING if share is None else f"{number(share * 100, 0)}{NO_BREAK}%"


def percent_in_steps(share: float | None) -> str:
    """A share of few people: steps of five, and never that nobody or everybody chose something."""
    if share is None:
        return NOTHING
    if share <= 1e-9:
        return f"≤{NO_BREAK}10{NO_BREAK}%"
    if share >= 1 - 1e-9:
        return f"≥{NO_BREAK}90{NO_BREAK}%"
    return f"{5 * int(share * 20 + 0.5)}{NO_BREAK}%"


def signed(value: float) -> str:
    """A difference with its sign: +0,2 or −0,1."""
    text = number(abs(value))
    return text if text == "0,0" else f"{'+' if value > 0 else '−'}{text}"


def date(day: dt.date | None) -> str:
    """A day in words: 24 januari 2022."""
    return NOTHING if day is None else f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def clock(moment: dt.datetime) -> str:
    """A time of day: 09.41."""
    return moment.strftime("%H.%M")


def listed(words: list[str] | tuple[str, ...]) -> str:
    """Words in a row: a, b och c."""
    if not words:
        return ""
    *others, last = words
    return f"{', '.join(others)} och {last}" if others else last


def counted(count: int, one: str, many: str) -> str:
    """A number with its noun: 1 skola, 3 skolor."""
    return f"{whole(count)} {one if count == 1 else many}"


def plain(text: str) -> str:
    """Text from a cell, so that markdown shows it letter for letter: no link, image, formula or emoji."""
    one_line = _REVERSING.sub("", _SEPARATORS.sub(" ", text))
    escaped = _PUNCTUATION.sub(r"\\\1", one_line)
    # An invisible joiner breaks what would become a link or an emoji after the escapes are gone.
    return _LINKLIKE.sub(lambda found: f"{found[0]}\N{WORD JOINER}", escaped)


def measured(measure: Measure | None, value: float | None, line: float | None = None) -> str:
    """A criterion's figure in its own unit: 2,97 · 68 % · 12."""
    if value is None:
        return NOTHING
    if measure in (Measure.SHARE_SECURE, Measure.RESPONSE_RATE):
        return _percent_beside(value, line)
    if measure is Measure.ANSWERS:
        return number(value, 0)
    return level_beside(value, line)


def _percent_beside(share: float, line: float | None) -> str:
    if line is None or share >= line - 1e-9:
        return percent(share)
    shown = level_beside(share * 100, line * 100)
    whole_number = number(share * 100, 0)
    return f"{whole_number if float(whole_number) < line * 100 - 1e-7 else shown}{NO_BREAK}%"
