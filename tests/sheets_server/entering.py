"""USER_ENTERED: what a typed text becomes, and the number format it brings along."""

import datetime as dt
import math
import re
from dataclasses import dataclass
from typing import Any

from tests.sheets_server.cells import Cell, CellError, Value, check_length, number
from tests.sheets_server.dates import serial
from tests.sheets_server.errors import invalid
from tests.sheets_server.locales import ENGLISH_MONTHS, Locale

ERRORS = ("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#ERROR!")
TIME = re.compile(r"^(\d{1,3}):(\d{2})(?::(\d{2})(\.\d+)?)?\s*([AaPp][Mm]|[fe]m)?$")
ISO = re.compile(r"^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})$")


@dataclass(frozen=True, slots=True)
class Entered:
    """What a text became: a value or a formula, with a number format (type, pattern) of its own."""

    value: Value = None
    formula: str | None = None
    format: tuple[str, str] | None = None


def enter(given: Any, locale: Locale) -> Entered:
    """Read a JSON value as if a person had typed it."""
    if given is None or isinstance(given, bool):
        return Entered(given)
    if isinstance(given, int | float):
        return Entered(number(given))
    if not isinstance(given, str):
        raise invalid(f"Invalid value: {given}")
    if given.startswith("'"):
        return Entered(given[1:])
    if len(given) > 1 and given.startswith("="):
        return Entered(None, given)
    text = given.strip()
    if not text:
        return Entered(given or None)
    upper = text.upper()
    if upper in ("TRUE", locale.yes):
        return Entered(True)
    if upper in ("FALSE", locale.no):
        return Entered(False)
    if upper in ERRORS:
        return Entered(CellError(upper))
    found = read_number(text, locale) or read_moment(text, locale)
    return found or Entered(given)


def entered_cell(before: Cell, given: Any, locale: Locale) -> Cell:
    """Return the cell after a person typed `given` in it."""
    check_length(given)
    kept = ((before.format or {}).get("numberFormat") or {}).get("type")
    if kept == "TEXT" and isinstance(given, str):
        return before.holding(given or None)
    found = enter(given, locale)
    cell = before.holding(found.value, found.formula)
    if found.format and not kept:
        kind, pattern = found.format
        cell = cell.formatted((cell.format or {}) | {"numberFormat": {"type": kind, "pattern": pattern}})
    return cell


def raw_cell(before: Cell, given: Any) -> Cell:
    """Return the cell with `given` stored as it is."""
    check_length(given)
    if given == "" or given is None:
        return before.holding(None)
    if isinstance(given, bool | str):
        return before.holding(given)
    if isinstance(given, int | float):
        return before.holding(number(given))
    raise invalid(f"Invalid value: {given}")


def read_number(text: str, locale: Locale) -> Entered | None:
    """Read a number, a percentage or an amount of money."""
    sign, body = 1, text
    if re.fullmatch(r"\(.*\)", body):
        sign, body = -1, body[1:-1].strip()
    if body[:1] in ("+", "-"):
        sign, body = (-sign if body[0] == "-" else sign), body[1:].strip()
    money = next((item for item in locale.money if body.lower().startswith(item.lower())), None)
    if money:
        body = body[len(money) :].strip()
    else:
        money = next((item for item in locale.money if body.lower().endswith(item.lower())), None)
        body = body[: -len(money)].strip() if money else body
    if money and body[:1] == "-":
        sign, body = -sign, body[1:]
    percent = body.endswith("%")
    body = body[:-1].strip() if percent else body
    group, point = f"[{re.escape(locale.groups)}]", re.escape(locale.decimal)
    shape = rf"(\d{{1,3}}(?:{group}\d{{3}})+|\d*)(?:{point}(\d*))?(?:[eE]([+-]?\d{{1,3}}))?"
    match = re.fullmatch(shape, body)
    if not match or not (match.group(1) or match.group(2)):
        return None
    whole, decimals, exponent = match.groups()
    digits = re.sub(group, "", whole) or "0"
    value = sign * float(f"{digits}.{decimals or 0}e{exponent or 0}")
    if math.isinf(value):
        return None
    grouped = digits != (whole or "0")
    return Entered(
        number(value / 100 if percent else value),
        None,
        _looks(percent, money, exponent, grouped, decimals, locale),
    )


def _looks(
    percent: bool,
    money: str | None,
    exponent: str | None,
    grouped: bool,
    decimals: str | None,
    locale: Locale,
) -> tuple[str, str] | None:
    if percent:
        return "PERCENT", "0.00%" if decimals else "0%"
    if money:
        pattern = locale.money_pattern
        return "CURRENCY", pattern if decimals or "," not in pattern else pattern.replace(".00", "")
    if exponent:
        return "SCIENTIFIC", "0.00E+00"
    if grouped:
        return "NUMBER", "#,##0.00" if decimals else "#,##0"
    return None


def read_moment(text: str, locale: Locale) -> Entered | None:
    """Read a date, a time, or a date with a time."""
    time = _time(text)
    if time is not None:
        pattern = (
            "h:mm am/pm"
            if re.search(r"[ap]m$", text, re.I)
            else "h:mm:ss"
            if text.count(":") == 2
            else "h:mm"
        )
        return Entered(number(time), None, ("TIME", pattern))
    date = _date(text, locale)
    if date:
        return Entered(serial(date[0]), None, ("DATE", date[1]))
    for match in re.finditer(r"[T ]", text):
        date, time = _date(text[: match.start()], locale), _time(text[match.end() :].removesuffix("Z"))
        if date and time is not None and time < 1:
            pattern = f"{date[1]} h:mm" + (":ss" if text.count(":") == 2 else "")
            return Entered(number(serial(date[0]) + time), None, ("DATE_TIME", pattern))
    return None


def _time(text: str) -> float | None:
    match = TIME.match(text.strip())
    if not match:
        return None
    hours, minutes = int(match.group(1)), int(match.group(2))
    seconds = int(match.group(3) or 0) + float(match.group(4) or 0)
    mark = (match.group(5) or "").lower()
    if mark and not 1 <= hours <= 12:
        return None
    if mark:
        hours = hours % 12 + (12 if mark in ("pm", "em") else 0)
    if minutes > 59 or seconds >= 60:
        return None
    return (hours * 3600 + minutes * 60 + seconds) / 86400


def _date(text: str, locale: Locale) -> tuple[dt.date, str] | None:
    iso = ISO.match(text)
    if iso:
        mark = iso.group(2)
        return _day(int(iso.group(1)), int(iso.group(3)), int(iso.group(4)), f"yyyy{mark}mm{mark}dd")
    numeric = re.match(r"^(\d{1,2})([-/.])(\d{1,2})(?:\2(\d{4}|\d{2}))?$", text)
    if numeric and numeric.group(2) in locale.date_marks:
        return _numeric(numeric, locale)
    return _named(text, locale)


def _numeric(match: re.Match[str], locale: Locale) -> tuple[dt.date, str] | None:
    first, mark, second, year = match.groups()
    if locale.order == "ymd" and year and mark != "/":
        return _day(_year(first), int(second), int(year), "yyyy-mm-dd") if len(year) < 3 else None
    days_first = locale.order == "dmy" or (locale.order == "ymd" and mark == "/")
    month, day = (second, first) if days_first else (first, second)
    shown = year or str(dt.datetime.now(dt.UTC).year)
    parts = ["d", "m"] if days_first else ["m", "d"]
    pattern = mark.join([*parts, *(["yyyy"] if year else [])])
    return _day(_year(shown), int(month), int(day), pattern)


def _year(text: str) -> int:
    year = int(text)
    return year if len(text) > 2 else year + (2000 if year < 50 else 1900)


def _named(text: str, locale: Locale) -> tuple[dt.date, str] | None:
    words = [word.strip(".") for word in re.split(r"[\s,]+|(?<=\d)-|-(?=\d)", text.strip()) if word]
    if len(words) != 3:
        return None
    names = {
        name[:length].lower(): at for at, name in enumerate(ENGLISH_MONTHS, 1) for length in (3, 4, len(name))
    }
    names |= {name.lower(): at for at, name in enumerate(locale.months, 1)}
    names |= {name[:3].lower(): at for at, name in enumerate(locale.months, 1)}
    for day, month, pattern in ((0, 1, "d mmm yyyy"), (1, 0, "mmm d, yyyy")):
        if words[month].lower() in names and words[day].isdigit() and re.fullmatch(r"\d{4}", words[2]):
            return _day(int(words[2]), names[words[month].lower()], int(words[day]), pattern)
    return None


def _day(year: int, month: int, day: int, pattern: str) -> tuple[dt.date, str] | None:
    try:
        return dt.date(year, month, day), pattern
    except ValueError:
        return None
