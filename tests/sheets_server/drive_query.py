"""The search language of `files.list`: `mimeType = 'x' and name contains 'y' and trashed = false`."""

import re
from collections.abc import Callable
from typing import Any

from tests.sheets_server.errors import drive_refusal

Test = Callable[[dict[str, Any]], bool]
TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")|(?P<op><=|>=|!=|=|<|>)|(?P<mark>[()])|(?P<word>[\w.]+))"
)
COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda one, two: one == two,
    "!=": lambda one, two: one != two,
    "<": lambda one, two: one < two,
    "<=": lambda one, two: one <= two,
    ">": lambda one, two: one > two,
    ">=": lambda one, two: one >= two,
}


def compile_query(text: str) -> Test:
    """Return a test of files; Drive's 400 if the query can't be read."""
    if not text.strip():
        return lambda file: True
    parts, at = [], 0
    while at < len(text.rstrip()):
        match = TOKEN.match(text, at)
        if not match:
            raise bad_query()
        parts.append(match.group().strip())
        at = match.end()
    reader = _Reader(parts)
    test = reader.either()
    if reader.parts:
        raise bad_query()
    return test


def bad_query() -> Exception:
    """Return Drive's refusal of a query."""
    return drive_refusal(400, "invalid", "Invalid Value", "q")


class _Reader:
    def __init__(self, parts: list[str]) -> None:
        self.parts = parts

    def take(self) -> str:
        """Return the next part."""
        if not self.parts:
            raise bad_query()
        return self.parts.pop(0)

    def either(self) -> Test:
        """Read what is joined by `or`."""
        tests = [self.both()]
        while self.parts and self.parts[0].lower() == "or":
            self.take()
            tests.append(self.both())
        return lambda file: any(test(file) for test in tests)

    def both(self) -> Test:
        """Read what is joined by `and`."""
        tests = [self.one()]
        while self.parts and self.parts[0].lower() == "and":
            self.take()
            tests.append(self.one())
        return lambda file: all(test(file) for test in tests)

    def one(self) -> Test:
        """Read one comparison, or what stands in parentheses."""
        word = self.take()
        if word.lower() == "not":
            test = self.one()
            return lambda file: not test(file)
        if word == "(":
            test = self.either()
            if self.take() != ")":
                raise bad_query()
            return test
        sign = self.take()
        if sign == "in":
            return _member(_plain(word), self.take())
        return _compared(word, sign, self.take())


def _plain(text: str) -> Any:
    if text[:1] in "'\"":
        return re.sub(r"\\(.)", r"\1", text[1:-1])
    return {"true": True, "false": False}.get(text.lower(), text)


def _member(value: Any, name: str) -> Test:
    if name == "parents":
        return lambda file: value in file.get("parents", [])
    wanted = {
        "owners": {"owner"},
        "writers": {"owner", "writer"},
        "readers": {"owner", "writer", "reader"},
    }.get(name)
    if wanted is None:
        raise bad_query()

    def test(file: dict[str, Any]) -> bool:
        if value == "me":
            return bool(file["ownedByMe"]) or name != "owners"
        return any(
            item.get("emailAddress") == value and item["role"] in wanted for item in file["permissions"]
        )

    return test


def _compared(name: str, sign: str, text: str) -> Test:
    value = _plain(text)
    known = (
        "name",
        "mimeType",
        "trashed",
        "starred",
        "modifiedTime",
        "createdTime",
        "sharedWithMe",
        "fullText",
    )
    if name not in known:
        raise bad_query()
    if name == "sharedWithMe":
        return lambda file: (not file["ownedByMe"]) == value
    if sign == "contains":
        field = "name" if name == "fullText" else name
        return lambda file: str(value).lower() in str(file.get(field, "")).lower()
    if sign not in COMPARE:
        raise bad_query()
    return lambda file: COMPARE[sign](file.get(name), value)
