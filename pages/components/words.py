"""How Swedish is written on a page: numbers, dates, names, and text that is nothing but text."""

import datetime as dt
import re

from services.days import day_in_words
from services.domain.rules import Measure, Status

NOTHING = "–"
MOST_DECIMALS = 15
"""What a figure a hair from its line may need: a float has no more."""
SHARES = (Measure.SHARE_SECURE, Measure.RESPONSE_RATE)
NO_BREAK = "\N{NO-BREAK SPACE}"

STATUS_WORDS = {
    Status.MET: "Uppfyller",
    Status.NEAR: "Nära",
    Status.NOT_YET: "Inte ännu",
    Status.NO_BASIS: "Underlag saknas",
}

_PUNCTUATION = re.compile(r"([!-/\[-`{-~<>=?@])")
_LINKLIKE = re.compile(r"(www)(?=\\?\.)|(:)(?=\S)|(@)", re.IGNORECASE)
_DRAWN = re.compile(r"(?<!\S)([<>~-])(?=(?:->|[>=-])(?!\S))")
"""Where Streamlit draws a sign instead of what was written: -> <- <-> -- >= <= ~= between blanks."""
_SEPARATORS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")
_REVERSING = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def number(value: float | None, decimals: int = 1) -> str:
    """A number with a decimal comma: 3,4. Halves are rounded away from zero, as people do."""
    if value is None:
        return NOTHING
    # So little that no other digit can change, and enough for 2,675 to be the half it is written as.
    nudge = 10.0 ** -max(9, decimals + 3)
    nudged = value + (nudge if value >= 0 else -nudge)
    text = f"{nudged:.{decimals}f}"
    return ("0" + text[2:] if float(text) == 0 and text.startswith("-") else text).replace(".", ",")


def level_beside(value: float | None, line: float | None, decimals: int = 1) -> str:
    """A figure with enough decimals never to look as if it were on the other side of its line."""
    if value is None or line is None:
        return number(value, decimals)
    reaches = value >= line - 1e-9
    texts = (number(value, count) for count in range(decimals, MOST_DECIMALS + 1))
    fitting = (text for text in texts if (float(text.replace(",", ".")) >= line - 1e-9) == reaches)
    return next(fitting, number(value, MOST_DECIMALS))


def exactly(value: float | None, decimals: int = 1) -> str:
    """A number that somebody has set, with all the decimals it has: 3,0 · 3,05."""
    if value is None:
        return NOTHING
    texts = (number(value, count) for count in range(decimals, MOST_DECIMALS + 1))
    return next((text for text in texts if abs(float(text.replace(",", ".")) - value) < 1e-9), number(value))


def whole(value: int | None) -> str:
    """A whole number with thousands apart: 3 529."""
    return NOTHING if value is None else f"{value:,}".replace(",", NO_BREAK)


def percent(share: float | None) -> str:
    """A share as whole per cent: 78 %."""
    return NOTHING if share is None else f"{number(share * 100, 0)}{NO_BREAK}%"


def percent_in_steps(share: float | None) -> str:
    """A share of few people: steps of five, and never that nobody or everybody chose something.

    Whatever is at most 10 % is written the same way as nobody, or the words would say who it was.
    """
    if share is None:
        return NOTHING
    step = 5 * int(share * 20 + 0.5 + 1e-9)
    if step <= 10:
        return f"≤{NO_BREAK}10{NO_BREAK}%"
    return f"≥{NO_BREAK}90{NO_BREAK}%" if step >= 90 else f"{step}{NO_BREAK}%"


def mean_of_few(mean: float | None) -> str:
    """A mean of few people: a level that all but one chose looks as if everybody had."""
    if mean is None:
        return NOTHING
    if mean >= 3.85 - 1e-9:
        return f"≥{NO_BREAK}3,9"
    return f"≤{NO_BREAK}1,1" if mean <= 1.15 - 1e-9 else number(mean)


def width_in_steps(share: float) -> int:
    """The width of a bar beside such words: it does not tell what they hide."""
    step = 5 * int(share * 20 + 0.5 + 1e-9)
    return 5 if step <= 10 else 95 if step >= 90 else step


def signed(value: float) -> str:
    """A difference with its sign: +0,2 or −0,1."""
    text = number(abs(value))
    return text if text == "0,0" else f"{'+' if value > 0 else '−'}{text}"


def date(day: dt.date | None) -> str:
    """A day in words: 24 januari 2022."""
    return NOTHING if day is None else day_in_words(day)


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
    one_line = _REVERSING.sub("", _SEPARATORS.sub(" ", text)).strip()
    # An invisible joiner breaks what would become a link, an emoji or a sign after the escapes are gone.
    escaped = _PUNCTUATION.sub(r"\\\1", _DRAWN.sub("\\1\N{WORD JOINER}", one_line))
    return _LINKLIKE.sub(lambda found: f"{found[0]}\N{WORD JOINER}", escaped)


def measured(measure: Measure | None, value: float | None, line: float | None = None) -> str:
    """A criterion's figure in its own unit, on the right side of its line: 2,97 · 68 % · 12."""
    if value is None:
        return NOTHING
    if measure in SHARES:
        return f"{level_beside(value * 100, None if line is None else line * 100, 0)}{NO_BREAK}%"
    return level_beside(value, line, 0 if measure is Measure.ANSWERS else 2)


def line_of(measure: Measure | None, line: float | None) -> str:
    """A criterion's line in its own unit, as exactly as it was set: 3,0 · 72,5 % · 10."""
    if line is None:
        return NOTHING
    if measure in SHARES:
        return f"{exactly(line * 100, 0)}{NO_BREAK}%"
    return exactly(line, 0 if measure is Measure.ANSWERS else 1)


def distance(measure: Measure | None, apart: float | None) -> str:
    """How far over or under its line a figure is, never as nothing where it is something: −0,04."""
    if apart is None:
        return NOTHING
    size, unit, least = abs(apart), "", 2
    if measure in SHARES:
        size, unit, least = size * 100, f"{NO_BREAK}%-enh.", 0
    elif measure is Measure.ANSWERS:
        least = 0
    texts = (number(size, count) for count in range(least, MOST_DECIMALS + 1))
    text = next((one for one in texts if float(one.replace(",", ".")) > 0), number(0.0, least))
    return f"{'−' if apart < -1e-9 else '+'}{text}{unit}"
