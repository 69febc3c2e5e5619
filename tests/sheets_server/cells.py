"""One cell: what was entered, how it looks, and what hangs on it."""

import struct
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from tests.sheets_server.errors import invalid

MOST_LETTERS = 50_000
Scalar = bool | int | float | str | None


@dataclass(frozen=True, slots=True)
class CellError:
    """A value that is an error, as `#REF!`."""

    text: str
    message: str = ""

    @property
    def kind(self) -> str:
        """Its name in the API."""
        names = {"#DIV/0!": "DIVIDE_BY_ZERO", "#N/A": "N_A", "#ERROR!": "ERROR", "#NULL!": "NULL_VALUE"}
        return names.get(self.text, self.text.strip("#!?/").replace("/", "_"))


Value = Scalar | CellError


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell; never changed, only replaced."""

    value: Value = None
    formula: str | None = None
    format: dict[str, Any] | None = None
    note: str | None = None
    validation: dict[str, Any] | None = None
    extra: dict[str, Any] | None = None

    @property
    def filled(self) -> bool:
        """Whether it has a value or a formula."""
        return self.value is not None or self.formula is not None

    @property
    def blank(self) -> bool:
        """Whether nothing at all is kept here."""
        return not (self.filled or self.format or self.note or self.validation or self.extra)

    def holding(self, value: Value, formula: str | None = None) -> "Cell":
        """Return the cell with other content and the same looks."""
        if self.format is None and self.note is None and self.validation is None and self.extra is None:
            return plain(value) if formula is None else Cell(None, formula)
        extra = {name: item for name, item in (self.extra or {}).items() if name == "developerMetadata"}
        return replace(self, value=value, formula=formula, extra=extra or None)

    def formatted(self, looks: dict[str, Any] | None) -> "Cell":
        """Return the cell with other looks."""
        return replace(self, format=looks or None)


EMPTY = Cell()


def check_length(value: Any) -> None:
    """Refuse a text that no cell can hold."""
    if isinstance(value, str) and len(value) > MOST_LETTERS:
        raise invalid(
            f"Your input contains more than the maximum of {MOST_LETTERS} characters in a single cell."
        )


def plain(value: Value) -> Cell:
    """Return a cell with a value and nothing else; small ones are shared."""
    if value is None:
        return EMPTY
    if isinstance(value, bool) or (isinstance(value, int) and -1000 < value < 10000):
        return _shared(type(value), value)
    if isinstance(value, str) and len(value) < 12:
        return _shared(str, value)
    return Cell(value)


@lru_cache(maxsize=4096)
def _shared(_kind: type, value: Value) -> Cell:
    return Cell(value)


def number(value: float) -> int | float:
    """Return a number as JSON shows it: whole ones without a decimal point."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e21:
        return int(value)
    return value


def single(value: float) -> float | int:
    """Return the shortest text of a 32-bit float, as Google prints colours."""
    packed = struct.unpack("f", struct.pack("f", value))[0]
    for digits in range(1, 10):
        short = float(f"{packed:.{digits}g}")
        if struct.pack("f", short) == struct.pack("f", packed):
            return number(short)
    return number(packed)


def colour(given: dict[str, Any]) -> dict[str, Any]:
    """Return a colour as it is kept: eight bits a channel, black channels left out."""
    kept: dict[str, Any] = {}
    for name in ("red", "green", "blue"):
        level = int(struct.unpack("f", struct.pack("f", min(max(given.get(name, 0), 0), 1)))[0] * 255)
        if level:
            kept[name] = single(level / 255)
    if given.get("alpha", 1) != 1:
        kept["alpha"] = given["alpha"]
    return kept


def coloured(given: Any) -> Any:
    """Return looks with every colour as it is kept, and each colour and its style side by side."""
    if isinstance(given, list):
        return [coloured(item) for item in given]
    if not isinstance(given, dict):
        return given
    result: dict[str, Any] = {}
    for name, item in given.items():
        if name.endswith(("Color", "color")) and isinstance(item, dict) and "rgbColor" not in item:
            result[name] = colour(item)
        else:
            result[name] = coloured(item)
    for name in [name for name in result if name.endswith("ColorStyle")]:
        if isinstance(result[name], dict) and "rgbColor" in result[name]:
            result[name.removesuffix("Style")] = result[name]["rgbColor"]
    for name in [
        name for name in result if name.endswith("Color") and name not in ("rgbColor", "themeColor")
    ]:
        result.setdefault(name + "Style", {"rgbColor": result[name]})
    return result
