"""FORMATTED_VALUE: how a value is shown, by its number format and the spreadsheet's locale."""

import re
from functools import lru_cache
from typing import Any

from tests.sheets_server.cells import CellError, Value
from tests.sheets_server.dates import moment
from tests.sheets_server.locales import Locale

DEFAULT_PATTERNS = {
    "PERCENT": "0.00%",
    "SCIENTIFIC": "0.00E+00",
    "NUMBER": "#,##0.00",
    "TEXT": "@",
}
FIRST_DAY, LAST_DAY = -693593, 2958466
DATE_TYPES = ("DATE", "TIME", "DATE_TIME")
TOKEN = re.compile(
    r'"[^"]*"|\\.|\[[^\]]*\]|_.|am/pm|a/p|y+|m+|d+|h+|s+|[#0?]+(?:[#0?,]*[#0?])?|\.[#0?]+|E[+-]0+|%|,|.',
    re.I | re.S,
)


def is_date(number_format: dict[str, Any] | None) -> bool:
    """Whether a number is shown as a date or a time."""
    return number_format is not None and number_format.get("type") in DATE_TYPES


def shown(value: Value, number_format: dict[str, Any] | None, locale: Locale) -> str:
    """Return the text of a value as people see it."""
    if value is None:
        return ""
    if isinstance(value, CellError):
        return value.text
    if isinstance(value, bool):
        return locale.yes if value else locale.no
    if isinstance(value, str):
        return value
    if not number_format:
        return automatic(value, locale)
    kind = number_format.get("type", "")
    pattern = number_format.get("pattern") or _default(kind, locale)
    if not pattern or pattern.lower() == "general":
        return automatic(value, locale)
    return by_pattern(value, pattern, locale)


def _default(kind: str, locale: Locale) -> str:
    own = {
        "DATE": locale.date,
        "TIME": locale.time,
        "DATE_TIME": f"{locale.date} {locale.time}",
        "CURRENCY": locale.money_pattern,
    }
    return own.get(kind) or DEFAULT_PATTERNS.get(kind, "")


def automatic(value: float, locale: Locale) -> str:
    """Return a number without a format of its own."""
    if float(value).is_integer() and abs(value) < 1e15:
        return str(int(value))
    size = abs(value)
    if size >= 1e15 or size < 1e-9:
        mantissa, _, exponent = f"{value:.5E}".partition("E")
        mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
        text = f"{mantissa}E{exponent[0]}{exponent[1:].lstrip('0').rjust(2, '0')}"
    else:
        digits = max(0, 10 - len(str(int(size)))) if size >= 1 else 10
        text = f"{value:.{digits}f}".rstrip("0").rstrip(".")
    return text.replace(".", locale.decimal)


def by_pattern(value: float, pattern: str, locale: Locale) -> str:
    """Return a number by a pattern such as `#,##0.00`, `0%` or `yyyy-mm-dd`."""
    parts = _sections(pattern)
    chosen = parts[0]
    if len(parts) > 1 and value < 0:
        chosen, value = parts[1], -value
    elif len(parts) > 2 and value == 0:
        chosen = parts[2]
    tokens = _tokens(chosen)
    if any(re.fullmatch(r"y+|m+|d+|h+|s+|\[[hms]+\]", token, re.I) for token in tokens):
        in_years = FIRST_DAY <= value < LAST_DAY
        return _moment(value, tokens, locale) if in_years else automatic(value, locale)
    if not any(token[0] in "0#?@" or token.startswith(".") for token in tokens):
        return "".join(_literal(token) for token in tokens)
    return _number(value, tokens, locale)


def _sections(pattern: str) -> list[str]:
    return re.findall(r'(?:"[^"]*"|\\.|[^;])+', pattern) or [pattern]


@lru_cache(maxsize=256)
def _tokens(pattern: str) -> tuple[str, ...]:
    return tuple(TOKEN.findall(pattern))


def _literal(token: str) -> str:
    if token.startswith('"'):
        return token[1:-1]
    if token.startswith("\\"):
        return token[1:]
    if token.startswith("["):
        money = re.fullmatch(r"\[\$([^-\]]*)(?:-[^\]]*)?\]", token)
        return money.group(1) if money else ""
    return " " if token.startswith("_") else token


def _number(value: float, tokens: tuple[str, ...], locale: Locale) -> str:
    if "%" in tokens:
        value *= 100
    science = next((token for token in tokens if re.fullmatch(r"E[+-]0+", token, re.I)), None)
    decimals = next((token[1:] for token in tokens if re.fullmatch(r"\.[#0?]+", token)), "")
    whole = next((token for token in tokens if re.fullmatch(r"[#0?]+(?:[#0?,]*[#0?])?", token)), "")
    exponent = 0
    if science and value:
        exponent = int(f"{abs(value):.{len(decimals)}E}".partition("E")[2])
        value /= 10**exponent
    text = f"{abs(value) + 1e-15 * abs(value):.{len(decimals)}f}"
    before, _, after = text.partition(".")
    while after and len(after) > decimals.count("0") and after[-1] == "0":
        after = after[:-1]
    before = before.rjust(len(re.findall("0", whole)), "0") if before != "0" or "0" in whole else ""
    if "," in whole:
        before = re.sub(r"(?<=\d)(?=(\d{3})+$)", locale.group_shown, before)
    sign = "-" if value < 0 and float(text) != 0 else ""
    return sign + _assembled(tokens, before, after, exponent, locale)


def _assembled(tokens: tuple[str, ...], before: str, after: str, exponent: int, locale: Locale) -> str:
    shown_number = before + (locale.decimal + after if after else "")
    pieces, done = [], False
    for token in tokens:
        if re.fullmatch(r"[#0?]+(?:[#0?,]*[#0?])?|\.[#0?]+", token):
            pieces.append("" if done else shown_number)
            done = True
        elif re.fullmatch(r"E[+-]0+", token, re.I):
            sign = "-" if exponent < 0 else "+" if "+" in token else ""
            pieces.append("E" + sign + str(abs(exponent)).rjust(len(token) - 2, "0"))
        elif token == "@":
            pieces.append(shown_number)
        else:
            pieces.append(_literal(token))
    return "".join(pieces)


def _moment(value: float, tokens: tuple[str, ...], locale: Locale) -> str:
    at = moment(value)
    half = any(token.lower() in ("am/pm", "a/p") for token in tokens)
    pieces = []
    for index, token in enumerate(tokens):
        low = token.lower()
        if low in ("am/pm", "a/p"):
            mark = locale.day_marks[at.hour >= 12]
            pieces.append(mark if low == "am/pm" else mark[0])
        elif re.fullmatch(r"\[[hms]+\]", low):
            size = {"h": 24, "m": 1440, "s": 86400}[low[1]]
            pieces.append(str(int(value * size + 1e-6)).rjust(len(low) - 2, "0"))
        elif re.fullmatch(r"[ymdhs]+", low):
            pieces.append(_part(at, low, half, _is_minute(tokens, index), locale))
        elif re.fullmatch(r"\.0+", token):
            pieces.append(f".{at.microsecond:06d}"[: len(token)])
        else:
            pieces.append(_literal(token))
    return "".join(pieces)


def _is_minute(tokens: tuple[str, ...], index: int) -> bool:
    """Whether the `m` at that place is minutes: hours stand before it or seconds after it."""
    before = [
        token.lower().strip("[]") for token in tokens[:index] if re.fullmatch(r"\[?[ymdhs]+\]?", token, re.I)
    ]
    after = [token.lower() for token in tokens[index + 1 :] if re.fullmatch(r"[ymdhs]+", token, re.I)]
    return bool(before and before[-1][0] == "h") or bool(after and after[0][0] == "s")


def _part(at: Any, token: str, half: bool, minute: bool, locale: Locale) -> str:
    size = len(token)
    if token[0] == "y":
        return f"{at.year % 100:02d}" if size < 3 else f"{at.year:04d}"
    if token[0] == "m" and not minute:
        if size >= 3:
            return locale.short_month(at.month) if size == 3 else locale.months[at.month - 1]
        return f"{at.month:0{size}d}"
    if token[0] == "d":
        if size >= 3:
            name = locale.days[at.weekday()]
            return name[:3] if size == 3 else name
        return f"{at.day:0{size}d}"
    if token[0] == "h":
        hour = (at.hour % 12 or 12) if half else at.hour
        return f"{hour:0{min(size, 2)}d}"
    return f"{at.minute if token[0] == 'm' else at.second:0{min(size, 2)}d}"
