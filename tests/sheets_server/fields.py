"""Field masks: which part of an answer is wanted, which part of an object is written."""

from collections.abc import Callable
from typing import Any

Mask = dict[str, "Mask"]
"""Names wanted at one level; an empty mask below a name means all of it."""


class BadMask(ValueError):
    """The text is no field mask; carries the part that could not be read."""


def parse_mask(text: str) -> Mask:
    """Read `a.b,c(d,e/f)` or `*`."""
    mask: Mask = {}
    rest = _list(text.replace(" ", ""), 0, mask)
    if rest != len(text.replace(" ", "")):
        raise BadMask(text)
    return mask


def _list(text: str, at: int, mask: Mask) -> int:
    while True:
        at = _path(text, at, mask)
        if at >= len(text) or text[at] != ",":
            return at
        at += 1


def _path(text: str, at: int, mask: Mask) -> int:
    start = at
    while at < len(text) and text[at] not in ",()./":
        at += 1
    name = text[start:at]
    if not name:
        raise BadMask(text)
    known = name in mask
    below = mask.setdefault(name, {})
    if at < len(text) and text[at] in "./":
        return _deeper(text, at + 1, below, known, _path)
    if at < len(text) and text[at] == "(":
        at = _deeper(text, at + 1, below, known, _list)
        if at >= len(text) or text[at] != ")":
            raise BadMask(text)
        return at + 1
    below.clear()
    return at


def _deeper(text: str, at: int, below: Mask, known: bool, reader: Callable[[str, int, Mask], int]) -> int:
    """Read what stands below a name; a name already wanted whole stays whole."""
    whole = known and not below
    at = reader(text, at, below)
    if whole:
        below.clear()
    return at


def select(value: Any, mask: Mask) -> Any:
    """Return the part of `value` that the mask names; messages on the way stay, even when empty."""
    if not mask or ("*" in mask and not mask["*"]):
        return value
    if isinstance(value, list):
        return [select(item, mask) for item in value]
    if not isinstance(value, dict):
        return value
    if "*" in mask:
        return {name: select(item, mask["*"]) for name, item in value.items()}
    return {name: select(value[name], below) for name, below in mask.items() if name in value}


def unknown_path(
    mask: Mask, schema: str, find: Callable[[str, str], str | None], prefix: str = ""
) -> str | None:
    """Return the first path the schema lacks; `find(schema, name)` gives the schema below, "" for a leaf."""
    for name, below in mask.items():
        if name == "*":
            continue
        path = f"{prefix}.{name}" if prefix else name
        found = find(schema, name)
        if found is None:
            return path
        if below:
            worse = unknown_path(below, found, find, path) if found else path
            if worse:
                return worse
    return None


def paths(mask: Mask, prefix: str = "") -> list[str]:
    """Return the leaves of a mask as dotted paths."""
    found = []
    for name, below in mask.items():
        path = f"{prefix}.{name}" if prefix else name
        found += paths(below, path) if below else [path]
    return found


def without_defaults(value: Any) -> Any:
    """Return a message as Google keeps it: what is false or empty is as if it had not been said."""
    if isinstance(value, list):
        return [without_defaults(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {name: without_defaults(item) for name, item in value.items() if item is not False and item != ""}


def overlay(target: dict[str, Any], source: dict[str, Any], mask: Mask) -> dict[str, Any]:
    """Return `target` with the masked fields taken from `source`; a masked field it lacks is dropped."""
    if not mask or "*" in mask:
        return dict(source)
    result = dict(target)
    for name, below in mask.items():
        if below:
            before, given = result.get(name) or {}, source.get(name) or {}
            inner = overlay(before, given, below)
            if inner or name in source:
                result[name] = inner
            else:
                result.pop(name, None)
        elif name in source:
            result[name] = source[name]
        else:
            result.pop(name, None)
    return result
