"""Which operation an address stands for."""

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote

Json = dict[str, Any]
ID = r"(?P<id>[^/:]+)"
FILE = r"(?:/upload)?/drive/v[23]/files"
SHEETS = (
    ("POST", r"/v4/spreadsheets", "spreadsheets.create"),
    ("GET", rf"/v4/spreadsheets/{ID}", "spreadsheets.get"),
    ("POST", rf"/v4/spreadsheets/{ID}:(?P<verb>batchUpdate|getByDataFilter)", "spreadsheets.{verb}"),
    ("POST", rf"/v4/spreadsheets/{ID}/sheets/(?P<sheet>[^/:]+):copyTo", "spreadsheets.sheets.copyTo"),
    (
        "GET",
        rf"/v4/spreadsheets/{ID}/developerMetadata/(?P<number>[^/:]+)",
        "spreadsheets.developerMetadata.get",
    ),
    ("POST", rf"/v4/spreadsheets/{ID}/developerMetadata:search", "spreadsheets.developerMetadata.search"),
    ("GET", rf"/v4/spreadsheets/{ID}/values:batchGet", "spreadsheets.values.batchGet"),
    (
        "POST",
        rf"/v4/spreadsheets/{ID}/values:(?P<verb>batch(?:Update|Clear|GetByDataFilter|UpdateByDataFilter|ClearByDataFilter))",
        "spreadsheets.values.{verb}",
    ),
    (
        "POST",
        rf"/v4/spreadsheets/{ID}/values/(?P<range>[^/]*):(?P<verb>append|clear)",
        "spreadsheets.values.{verb}",
    ),
    ("GET", rf"/v4/spreadsheets/{ID}/values/(?P<range>[^/]*)", "spreadsheets.values.get"),
    ("PUT", rf"/v4/spreadsheets/{ID}/values/(?P<range>[^/]*)", "spreadsheets.values.update"),
)
DRIVE = (
    ("GET", r"/drive/v3/about", "about.get"),
    ("POST", FILE, "files.create"),
    ("GET", FILE, "files.list"),
    ("GET", rf"{FILE}/(?P<id>[^/]+)", "files.get"),
    ("PATCH", rf"{FILE}/(?P<id>[^/]+)", "files.update"),
    ("PUT", rf"{FILE}/(?P<id>[^/]+)", "files.upload"),
    ("DELETE", rf"{FILE}/(?P<id>[^/]+)", "files.delete"),
    ("POST", rf"{FILE}/(?P<id>[^/]+)/copy", "files.copy"),
    ("GET", rf"{FILE}/(?P<id>[^/]+)/export", "files.export"),
    ("GET", rf"{FILE}/(?P<id>[^/]+)/comments", "comments.list"),
    ("GET", rf"{FILE}/(?P<id>[^/]+)/permissions", "permissions.list"),
    ("POST", rf"{FILE}/(?P<id>[^/]+)/permissions", "permissions.create"),
    ("GET", rf"{FILE}/(?P<id>[^/]+)/permissions/(?P<permission>[^/]+)", "permissions.get"),
    ("PATCH", rf"{FILE}/(?P<id>[^/]+)/permissions/(?P<permission>[^/]+)", "permissions.update"),
    ("DELETE", rf"{FILE}/(?P<id>[^/]+)/permissions/(?P<permission>[^/]+)", "permissions.delete"),
)
TOKEN_PATHS = ("/token", "/oauth2/v4/token", "/o/oauth2/token")
READS = re.compile(r"\.(get|batchGet|getByDataFilter|batchGetByDataFilter|search|list|export)$")


@dataclass
class Call:
    """One request: what it asks for, and with what."""

    method: str
    path: str
    query: list[tuple[str, str]]
    headers: dict[str, str]
    body: bytes
    service: str = "none"
    operation: str = ""
    params: dict[str, str] = field(default_factory=dict)
    user: str = ""

    @property
    def kind(self) -> str:
        """`read` or `write` as the quota counts it."""
        return "read" if READS.search("." + self.operation) else "write"

    @property
    def name(self) -> str:
        """The operation with its service, as `sheets.values.get`."""
        return f"{self.service}.{self.operation.removeprefix('spreadsheets.')}"


def read_call(method: str, raw_path: bytes, query: bytes, headers: dict[str, str], body: bytes) -> Call:
    """Recognise a request; `service` stays "none" for an address nobody answers."""
    path = raw_path.decode("ascii", "replace").partition("?")[0]
    pairs = parse_qsl(query.decode("ascii", "replace"), keep_blank_values=True)
    call = Call(method, path, pairs, headers, body)
    if path in TOKEN_PATHS and method == "POST":
        call.service, call.operation = "oauth", "token"
        return call
    for service, table in (("sheets", SHEETS), ("drive", DRIVE)):
        for verb, pattern, name in table:
            match = re.fullmatch(pattern, path) if verb == method else None
            if match:
                found = {key: unquote(text) for key, text in match.groupdict().items() if text is not None}
                call.service, call.operation = service, name.format(**found)
                call.params = found
                return call
    return call
