"""The Drive service, as much of it as spreadsheets need."""

import csv
import io
import json
from collections.abc import Callable
from typing import Any

from tests.sheets_server import exporting, permissions
from tests.sheets_server.accounts import DRIVE_READ, DRIVE_WRITE, EXPORT, Token, check_scope
from tests.sheets_server.book import Book
from tests.sheets_server.clock import stamp
from tests.sheets_server.discovery import find_field, method
from tests.sheets_server.drive_query import compile_query
from tests.sheets_server.entering import entered_cell
from tests.sheets_server.errors import drive_refusal, no_file
from tests.sheets_server.fields import BadMask, parse_mask, select, unknown_path
from tests.sheets_server.files import ROLES, SPREADSHEET, DriveFile
from tests.sheets_server.google import Google
from tests.sheets_server.locales import locale_of
from tests.sheets_server.routes import Call
from tests.sheets_server.writing import put

Json = dict[str, Any]
DEFAULTS = {
    "File": "kind,id,name,mimeType",
    "FileList": "kind,nextPageToken,incompleteSearch,files(kind,id,name,mimeType)",
    "Permission": "kind,id,type,role",
    "PermissionList": "kind,nextPageToken,permissions(kind,id,type,role)",
    "CommentList": "*",
    "About": "*",
}


def file_resource(google: Google, file: DriveFile, email: str) -> Json:
    """Return all that is told of a file."""
    change = file.shown(google.clock.now())
    may = {
        name: file.role(email) >= ROLES[role]
        for name, role in (("canEdit", "writer"), ("canDelete", "owner"))
    }
    owner = {"kind": "drive#user", "displayName": file.owner.partition("@")[0], "emailAddress": file.owner}
    found: Json = {
        "kind": "drive#file",
        "id": file.file_id,
        "name": file.name,
        "mimeType": file.mime_type,
        "createdTime": stamp(file.created),
        "modifiedTime": stamp(change.at),
        "version": str(change.version),
        "trashed": file.trashed,
        "explicitlyTrashed": file.trashed,
        "starred": False,
        "parents": file.parents,
        "owners": [owner | {"me": file.owner == email}],
        "ownedByMe": file.owner == email,
        "shared": len(file.permissions) > 1,
        "permissions": file.permissions,
        "permissionIds": [item["id"] for item in file.permissions],
        "capabilities": may | {"canShare": may["canEdit"], "canCopy": True},
        "webViewLink": f"https://docs.google.com/spreadsheets/d/{file.file_id}/edit?usp=drivesdk",
        "description": file.description,
        "properties": file.properties or None,
    }
    return {name: item for name, item in found.items() if item is not None}


def find(google: Google, file_id: str, email: str, role: str = "reader") -> DriveFile:
    """Return a file that someone may use; Drive's refusal if not."""
    file = google.files.get(file_id)
    if file is None or not file.role(email):
        raise no_file(file_id)
    if file.role(email) < ROLES[role]:
        raise drive_refusal(
            403, "insufficientFilePermissions", "The user does not have sufficient permissions for this file."
        )
    return file


def _get(google: Google, call: Call, body: Json) -> Json:
    return file_resource(google, find(google, call.params["id"], call.user), call.user)


def _create(google: Google, call: Call, body: Json) -> Json:
    name, kind = body.get("name") or "Untitled", body.get("mimeType")
    other = None if kind in (None, SPREADSHEET) else kind
    file = google.new_file(
        name, call.user, mime_type=other or ("application/octet-stream" if not kind else None)
    )
    return _described(google, file, body, call.user)


def _described(google: Google, file: DriveFile, body: Json, email: str) -> Json:
    file.parents = body.get("parents") or file.parents or ["root"]
    file.description = body.get("description", file.description)
    file.properties |= body.get("properties") or {}
    return file_resource(google, file, email)


def _copy(google: Google, call: Call, body: Json) -> Json:
    source = find(google, call.params["id"], call.user)
    name = body.get("name") or f"Copy of {source.name}"
    book = source.book.duplicate(google.new_id(), name) if source.book else None
    file = google.new_file(name, call.user, book, None if book else source.mime_type)
    return _described(google, file, {"parents": source.parents} | body, call.user)


def _update(google: Google, call: Call, body: Json) -> Json:
    file = find(google, call.params["id"], call.user, "writer")
    if body.get("name"):
        file.name = body["name"]
        if file.book:
            file.book.properties["title"] = file.name
    if "trashed" in body:
        find(google, file.file_id, call.user, "owner")
        file.trashed = bool(body["trashed"])
    file.touch(google.clock.now())
    return _described(
        google, file, {name: item for name, item in body.items() if name != "parents"}, call.user
    )


def _delete(google: Google, call: Call, body: Json) -> None:
    del google.files[find(google, call.params["id"], call.user, "owner").file_id]


def _upload(google: Google, call: Call, body: Json) -> Json:
    """Replace a spreadsheet by an uploaded table, as Drive v2 does."""
    file = find(google, call.params["id"], call.user, "writer")
    rows: list[list[Any]] = list(csv.reader(io.StringIO(call.body.decode("utf-8-sig"))))
    book = Book(file.file_id, file.name, file.book.locale if file.book else "en_US")
    grid, locale = book.sheets[0].grid, locale_of(book.locale)
    grid.resize(max(len(rows), grid.row_count), max([len(row) for row in rows] + [grid.column_count]))
    put(book.sheets[0], 0, 0, rows, lambda before, given: entered_cell(before, given, locale))
    file.book = book
    file.touch(google.clock.now())
    return {"kind": "drive#file", "id": file.file_id, "title": file.name, "mimeType": file.mime_type}


def _list(google: Google, call: Call, body: Json) -> Json:
    asked = dict(call.query)
    wanted = compile_query(asked.get("q", ""))
    found = [file for file in google.files.values() if file.role(call.user)]
    now = google.clock.now()
    found.sort(key=lambda file: (file.shown(now).at, file.order), reverse=True)
    for order in reversed([part for part in asked.get("orderBy", "").split(",") if part]):
        name, _, down = order.strip().partition(" ")
        found.sort(
            key=lambda file, name=name: str(file_resource(google, file, "").get(name, "")), reverse=bool(down)
        )
    shown = [file_resource(google, file, call.user) for file in found]
    matching = [item for item in shown if wanted(item)]
    size = max(1, min(int(asked.get("pageSize") or 100), 1000))
    start = int(asked.get("pageToken") or 0)
    answer: Json = {
        "kind": "drive#fileList",
        "incompleteSearch": False,
        "files": matching[start : start + size],
    }
    return answer | ({"nextPageToken": str(start + size)} if len(matching) > start + size else {})


def _comments(google: Google, call: Call, body: Json) -> Json:
    find(google, call.params["id"], call.user)
    if "fields" not in dict(call.query):
        text = "The 'fields' parameter is required for this method."
        raise drive_refusal(400, "required", text, "fields")
    return {"kind": "drive#commentList", "comments": []}


def _about(google: Google, call: Call, body: Json) -> Json:
    user = {
        "kind": "drive#user",
        "displayName": call.user.partition("@")[0],
        "me": True,
        "emailAddress": call.user,
    }
    return {"kind": "drive#about", "user": user}


def _export(google: Google, call: Call, body: Json) -> bytes:
    file = find(google, call.params["id"], call.user)
    return exporting.export(file, dict(call.query).get("mimeType", ""))


HANDLERS: dict[str, Callable[[Google, Call, Json], Any]] = {
    "about.get": _about,
    "files.get": _get,
    "files.create": _create,
    "files.copy": _copy,
    "files.update": _update,
    "files.upload": _upload,
    "files.delete": _delete,
    "files.list": _list,
    "files.export": _export,
    "comments.list": _comments,
    "permissions.list": permissions.listed,
    "permissions.get": permissions.get,
    "permissions.create": permissions.create,
    "permissions.update": permissions.update,
    "permissions.delete": permissions.delete,
}


def answer(google: Google, call: Call, token: Token) -> Any:
    """Return the answer to a Drive call: JSON, bytes, or None for an empty one."""
    reading = call.kind == "read" and call.operation != "files.export"
    check_scope(token, EXPORT if call.operation == "files.export" else DRIVE_READ if reading else DRIVE_WRITE)
    upload = call.operation == "files.upload"
    described = {} if upload else method("drive.v3", call.operation)
    schema = described.get("response", {}).get("$ref")
    mask = _mask(dict(call.query).get("fields"), schema) if schema else None
    found = HANDLERS[call.operation](google, call, _body(google, call, described))
    return found if mask is None else select(found, mask)


def _body(google: Google, call: Call, described: Json) -> Json:
    """Return the body; Drive passes over fields it does not know, so they are only noted."""
    if "request" not in described or not call.body.strip():
        return {}
    try:
        given = json.loads(call.body)
    except ValueError as error:
        raise drive_refusal(400, "parseError", "Parse Error") from error
    known = find_field("drive.v3")
    for name in given:
        if known(described["request"]["$ref"], name) is None:
            google.oddities.append(f"{call.name}: {name}")
    return {name: item for name, item in given.items() if item is not None}


def _mask(text: str | None, schema: str) -> Json:
    if not text and schema == "About":
        text_ = "The 'fields' parameter is required for this method."
        raise drive_refusal(400, "required", text_, "fields")
    try:
        mask = parse_mask(text or DEFAULTS.get(schema, "*"))
        bad = unknown_path(mask, schema, find_field("drive.v3"))
    except BadMask:
        bad = text
    if bad:
        raise drive_refusal(
            400, "invalidParameter", f"Invalid field selection {bad.split('.')[-1]}", "fields"
        )
    return mask
