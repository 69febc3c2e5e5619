"""Requests and answers held against the discovery documents of google-api-python-client."""

import json
import re
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from typing import Any

from tests.sheets_server.errors import invalid, violations
from tests.sheets_server.fields import BadMask, Mask, parse_mask, unknown_path

Json = dict[str, Any]
LIST_VALUE = "type.googleapis.com/google.protobuf.ListValue"
TRUE_TEXTS, FALSE_TEXTS = ("true", "True", "1"), ("false", "False", "0")


@lru_cache(maxsize=4)
def document(name: str) -> Json:
    """Return a discovery document, `sheets.v4` or `drive.v3`."""
    folder = resources.files("googleapiclient") / "discovery_cache" / "documents"
    found: Json = json.loads((folder / f"{name}.json").read_text("utf-8"))
    return found


def method(name: str, path: str) -> Json:
    """Return a method's description, as `spreadsheets.values.get`."""
    *resources_, last = path.split(".")
    found: Json = document(name)
    for part in resources_:
        found = found["resources"][part]
    described: Json = found["methods"][last]
    return described


def snake(name: str) -> str:
    """Return `addSheet` as `add_sheet`, as Google's complaints name fields."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


@dataclass
class Check:
    """One reading of a message: what is wrong with it, by field."""

    document: str
    found: list[tuple[str, str]] = field(default_factory=list)

    def message(self, schema: str, value: Any, path: str) -> Any:
        """Return a message with nulls dropped and numbers read; notes what does not fit."""
        if not isinstance(value, dict):
            self.wrong(path, f"type.googleapis.com/google.apps.sheets.v4.{schema}", value)
            return value
        known = document(self.document)["schemas"][schema].get("properties", {})
        kept = {}
        for name, item in value.items():
            described = known.get(name)
            if described is None:
                where = f" at '{path}'" if path else ""
                text = f'Invalid JSON payload received. Unknown name "{name}"{where}: Cannot find field.'
                self.found.append((path, text))
            elif item is not None:
                kept[name] = self.value(
                    described, item, f"{path}.{snake(name)}" if path else snake(name), name
                )
        return kept

    def value(self, described: Json, value: Any, path: str, name: str) -> Any:
        """Return one field as its type asks."""
        if "$ref" in described:
            return self.message(described["$ref"], value, path)
        kind = described.get("type")
        if kind == "array":
            return self._array(described["items"], value, path, name)
        if kind == "object":
            return self._map(described, value, path, name)
        if kind == "any":
            return value
        return self._scalar(described, kind, value, path, name)

    def _array(self, items: Json, value: Any, path: str, name: str) -> Any:
        if items.get("type") == "array":
            return self._lists(value, path)
        if not isinstance(value, list):
            return [self.value(items, value, path, name)]
        return [self.value(items, item, f"{path}[{at}]", name) for at, item in enumerate(value)]

    def _lists(self, value: Any, path: str) -> Any:
        if not isinstance(value, list):
            self.wrong(path, LIST_VALUE, value)
            return value
        for at, row in enumerate(value):
            if not isinstance(row, list):
                self.wrong(f"{path}[{at}]", LIST_VALUE, row)
        return value

    def _map(self, described: Json, value: Any, path: str, name: str) -> Any:
        items = described.get("additionalProperties")
        if not isinstance(value, dict) or items is None:
            return value
        return {key: self.value(items, item, f"{path}.{key}", name) for key, item in value.items()}

    def _scalar(self, described: Json, kind: str | None, value: Any, path: str, name: str) -> Any:
        if "enum" in described:
            if value not in described["enum"]:
                self.wrong(
                    path, "type.googleapis.com/google.apps.sheets.v4." + name[:1].upper() + name[1:], value
                )
            return value
        if kind == "boolean":
            return self._boolean(value, path)
        if kind in ("integer", "number"):
            return self._number(described, kind, value, path)
        if kind == "string" and not isinstance(value, str):
            if described.get("format") in ("int64", "uint64") and isinstance(value, int):
                return str(value)
            self.wrong(path, "TYPE_STRING", value)
        return value

    def _boolean(self, value: Any, path: str) -> Any:
        if isinstance(value, bool):
            return value
        if value in ("true", "false"):
            return value == "true"
        self.wrong(path, "TYPE_BOOL", value)
        return value

    def _number(self, described: Json, kind: str, value: Any, path: str) -> Any:
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            self.wrong(path, "TYPE_INT32" if kind == "integer" else "TYPE_DOUBLE", value)
            return value
        try:
            read = float(value)
        except ValueError:
            read = float("nan")
        if read != read or (kind == "integer" and not read.is_integer()):
            names = {"int32": "TYPE_INT32", "int64": "TYPE_INT64", "float": "TYPE_FLOAT"}
            self.wrong(path, names.get(described.get("format", ""), "TYPE_DOUBLE"), value)
            return value
        return int(read) if kind == "integer" else value if isinstance(value, int | float) else read

    def wrong(self, path: str, kind: str, value: Any) -> None:
        """Note a value of the wrong type."""
        shown = f'"{value}"' if isinstance(value, str) else json.dumps(value)
        self.found.append((path, f"Invalid value at '{path}' ({kind}), {shown}"))


def clean_body(schema: str, body: Any, root: str = "") -> Json:
    """Return a Sheets request's body as read by Google; its 400 if anything does not fit."""
    check = Check("sheets.v4")
    cleaned = check.message(schema, {} if body is None else body, root)
    if check.found:
        raise violations(check.found)
    kept: Json = cleaned
    return kept


def answer_problems(name: str, schema: str, answer: Any) -> list[str]:
    """Return what in an answer its schema does not know."""
    check = Check(name)
    check.message(schema, answer, "")
    return [text for _, text in check.found]


def clean_query(path: str, given: list[tuple[str, str]]) -> Json:
    """Return a Sheets request's query as read by Google; its 400 if anything does not fit."""
    known = method("sheets.v4", path).get("parameters", {})
    common = document("sheets.v4")["parameters"]
    found: Json = {}
    problems: list[tuple[str, str]] = []
    for name, text in given:
        described = known.get(name) or common.get(name)
        if described is None or described.get("location") == "path":
            text = (
                f'Invalid JSON payload received. Unknown name "{name}": Cannot bind query parameter. '
                f"Field '{name}' could not be found in request message."
            )
            problems.append(("", text))
        elif described.get("repeated"):
            found.setdefault(name, []).append(text)
        else:
            found[name] = _query_value(name, described, text, problems)
    if problems:
        raise violations(problems)
    return found


def _query_value(name: str, described: Json, text: str, problems: list[tuple[str, str]]) -> Any:
    if described.get("type") == "boolean":
        if text in TRUE_TEXTS or text in FALSE_TEXTS:
            return text in TRUE_TEXTS
        problems.append((snake(name), f"Invalid value at '{snake(name)}' (TYPE_BOOL), \"{text}\""))
    elif "enum" in described and text not in described["enum"] and name not in ("alt", "$.xgafv"):
        kind = "type.googleapis.com/google.apps.sheets.v4." + name.removeprefix("response")[:1].upper()
        kind += name.removeprefix("response")[1:]
        problems.append((snake(name), f"Invalid value at '{snake(name)}' ({kind}), \"{text}\""))
    return text


def find_field(name: str) -> Any:
    """Return a function that finds the schema below a schema's field: "" for a leaf, None if unknown."""
    schemas = document(name)["schemas"]

    def find(schema: str, field_name: str) -> str | None:
        described = schemas[schema].get("properties", {}).get(field_name)
        if described is None:
            return None
        while described.get("type") == "array":
            described = described["items"]
        return str(described.get("$ref", ""))

    return find


def answer_mask(text: str, schema: str) -> Mask:
    """Return the mask of `fields=` for a Sheets answer; Google's 400 if it names an unknown field."""
    try:
        mask = parse_mask(text)
        bad = unknown_path(mask, schema, find_field("sheets.v4"))
    except BadMask:
        bad = text
    if bad:
        described = f"Error expanding 'fields' parameter. Cannot find matching fields for path '{bad}'."
        raise violations([(bad, described)], "Request contains an invalid argument.")
    return mask


def write_mask(text: str | None, schema: str) -> Mask:
    """Return the mask of a request's own `fields`; a 400 if it is missing or names an unknown field."""
    if not text:
        raise invalid("At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)")
    try:
        mask = parse_mask(text)
    except BadMask as error:
        raise invalid(f"Invalid field: {text}") from error
    bad = unknown_path(mask, schema, find_field("sheets.v4"))
    if bad:
        raise invalid(f"Invalid field: {bad.split('.')[-1]}")
    return mask
