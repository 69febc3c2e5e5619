"""One cell, read by its column's type: a value, blank, or the rule it breaks."""

import datetime as dt
import re
from collections.abc import Callable
from functools import partial
from typing import Any

from services.tables.problems import Rule
from services.tables.schema import Column, Type

FIRST_SERIAL_DAY = dt.date(1899, 12, 30)
"""Day 0 of a spreadsheet's date numbers."""

LIKELY_SERIALS = range(36_526, 73_051)
"""Day numbers from 1 January 2000 up to 2100: a number outside is a slip, such as a year."""

MOST_EXACT = 10**15
"""A spreadsheet keeps fifteen digits; a larger number, or one that is none (NaN), is a slip."""

_ERRORS = re.compile(
    r"#(N/A|REF!|DIV/0!|VALUE!|NAME\?|NUM!|NULL!|ERROR!|SPILL!|CALC!|GETTING_DATA|FIELD!|BLOCKED!)"
)
_NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]*)?|[+-]?[.,][0-9]+")
_CODE = re.compile(r"[0-9]{8}")
_ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})([T ]00:00(:00)?)?")
_TIME = re.compile(r"([0-9]{1,2})[.:]([0-9]{2})([.:]([0-9]{2}))?")
_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]+")
_URL = re.compile(
    r"https?://([\w-]+(\.[\w-]+)*\.?|\[[0-9a-f:.]+\])(:([0-9]{1,5}))?([/?#][^\s\"<>`\\]*)?", re.I
)
"""An address on the web and nothing before its host: https://malmo.se@elsewhere.se leads elsewhere."""
_YES_OR_NO = {"ja": True, "nej": False, "true": True, "false": False, "sant": True, "falskt": False}

CellReader = Callable[[Any], Any]
"""Takes a cell that is neither blank nor an error; gives its value or raises Broken."""


class Broken(Exception):
    """The cell breaks this rule."""

    def __init__(self, rule: Rule) -> None:
        super().__init__(rule)
        self.rule = rule


def is_blank(value: object) -> bool:
    """Whether a person would call the cell empty."""
    return value is None or (isinstance(value, str) and not value.strip())


def cell_reader(column: Column, target: Column, *, label_allowed: bool = False) -> CellReader:
    """A function from a cell to its value, or to None where the cell is blank.

    `target` is the column a reference points to, or the column itself. Raises Broken.
    """
    read = _reader_of_type(target)
    if column.reference is not None:
        read = partial(_read_reference, read)
    if column.words or label_allowed:
        read = partial(_read_word_or_else, column.words, read, label_allowed)
    if column.minimum is not None or column.maximum is not None:
        read = partial(_within, column.minimum, column.maximum, read)
    return partial(_read_cell, read)


def _read_cell(read: CellReader, value: Any) -> Any:
    if isinstance(value, str):
        value = value.strip()
        if not value:
            return None
        if value[0] == "#" and _ERRORS.fullmatch(value):
            raise Broken(Rule.FORMULA_ERROR)
    elif value is None:
        return None
    return read(value)


def _reader_of_type(column: Column) -> CellReader:
    match column.type:
        case Type.TEXT | Type.LONGTEXT:
            return read_text
        case Type.CODE:
            return _read_code
        case Type.INTEGER:
            return _read_integer
        case Type.DECIMAL:
            return _read_decimal
        case Type.DATE:
            return _read_date
        case Type.TIME:
            return _read_time
        case Type.CHOICE:
            return partial(_read_choice, {choice.casefold(): choice for choice in column.choices})
        case Type.YESNO:
            return _read_yes_or_no
        case Type.EMAIL:
            return _read_email
        case Type.URL:
            return _read_url
        case Type.REF:
            raise AssertionError("a reference is read as the column it refers to")


def read_text(value: Any) -> str:
    """A cell as text; 2021.0 is "2021", a date is ISO text."""
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value)


def _read_code(value: Any) -> str:
    if isinstance(value, str):
        if _CODE.fullmatch(value):
            return value
        raise Broken(Rule.WRONG_TYPE)
    # A spreadsheet makes a number of a code that is typed in, and the leading zeros are lost.
    number = _read_integer(value)
    if not 0 < number < 10**8:
        raise Broken(Rule.WRONG_TYPE)
    return f"{number:08d}"


def _read_decimal(value: Any) -> float:
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        value = float(value.replace(",", "."))
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < MOST_EXACT:
        return float(value)
    raise Broken(Rule.WRONG_TYPE)


def _read_integer(value: Any) -> int:
    number = _read_decimal(value)
    if not number.is_integer():
        raise Broken(Rule.WRONG_TYPE)
    return int(number)


def _read_date(value: Any) -> dt.date:
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    if isinstance(value, int | float) and LIKELY_SERIALS.start <= value < LIKELY_SERIALS.stop:
        return FIRST_SERIAL_DAY + dt.timedelta(days=int(value))
    if isinstance(value, str) and (parts := _ISO_DATE.fullmatch(value)):
        try:
            return dt.date(int(parts[1]), int(parts[2]), int(parts[3]))
        except ValueError:
            pass
    raise Broken(Rule.WRONG_TYPE)


def _read_time(value: Any) -> dt.time:
    if isinstance(value, dt.datetime):
        return value.time()
    if isinstance(value, dt.time):
        return value
    if isinstance(value, float | int) and not isinstance(value, bool) and 0 <= value < 1:
        seconds = round(value * 86_400) % 86_400
        return dt.time(seconds // 3600, seconds // 60 % 60, seconds % 60)
    if isinstance(value, str) and (parts := _TIME.fullmatch(value)):
        try:
            return dt.time(int(parts[1]), int(parts[2]), int(parts[4] or 0))
        except ValueError:
            pass
    raise Broken(Rule.WRONG_TYPE)


def _read_choice(choices: dict[str, str], value: Any) -> str:
    if (choice := choices.get(read_text(value).casefold())) is None:
        raise Broken(Rule.NOT_A_CHOICE)
    return choice


def _read_yes_or_no(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if (answer := _YES_OR_NO.get(read_text(value).casefold())) is None:
        raise Broken(Rule.NOT_A_CHOICE)
    return answer


def _read_email(value: Any) -> str:
    if isinstance(value, str) and _EMAIL.fullmatch(value):
        return value.casefold()
    raise Broken(Rule.WRONG_TYPE)


def _read_url(value: Any) -> str:
    # What can't be seen has no place in an address: it may turn it around or hide where it leads.
    if isinstance(value, str) and value.isprintable() and (parts := _URL.fullmatch(value)):
        port = parts[4]
        if port is None or int(port) < 2**16:
            return value
    raise Broken(Rule.WRONG_TYPE)


def _read_reference(read: CellReader, value: Any) -> Any:
    """What can't be a key of the other table leads nowhere."""
    try:
        return read(value)
    except Broken:
        raise Broken(Rule.UNKNOWN_REFERENCE) from None


def _read_word_or_else(words: tuple[str, ...], read: CellReader, label_allowed: bool, value: Any) -> Any:
    text = read_text(value)
    for word in words:
        if text.casefold() == word.casefold():
            return word
    try:
        return read(value)
    except Broken:
        # What is not a key may be a name; the names are known only when the other table has been read.
        if label_allowed and isinstance(value, str):
            return value
        raise


def _within(minimum: int | None, maximum: int | None, read: CellReader, value: Any) -> Any:
    number = read(value)
    if (minimum is not None and number < minimum) or (maximum is not None and number > maximum):
        raise Broken(Rule.OUT_OF_RANGE)
    return number
