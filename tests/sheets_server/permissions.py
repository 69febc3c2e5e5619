"""Sharing: who may read and write a file."""

import json
from typing import TYPE_CHECKING, Any

from tests.sheets_server.errors import drive_refusal, no_file
from tests.sheets_server.files import ROLES, DriveFile, person
from tests.sheets_server.routes import Call

if TYPE_CHECKING:
    from tests.sheets_server.google import Google

Json = dict[str, Any]


def _file(google: "Google", call: Call, role: str = "reader") -> DriveFile:
    file = google.files.get(call.params["id"])
    if file is None or not file.role(call.user):
        raise no_file(call.params["id"])
    if file.role(call.user) < ROLES[role]:
        raise drive_refusal(
            403, "insufficientFilePermissions", "The user does not have sufficient permissions for this file."
        )
    return file


def _permission(file: DriveFile, number: str) -> Json:
    for item in file.permissions:
        if item["id"] == number:
            return item
    raise drive_refusal(404, "notFound", f"Permission not found: {number}.", "permissionId")


def listed(google: "Google", call: Call, body: Json) -> Json:
    """Answer `permissions.list`."""
    return {"kind": "drive#permissionList", "permissions": _file(google, call).permissions}


def get(google: "Google", call: Call, body: Json) -> Json:
    """Answer `permissions.get`."""
    return _permission(_file(google, call), call.params["permission"])


def create(google: "Google", call: Call, body: Json) -> Json:
    """Answer `permissions.create`."""
    file = _file(google, call, "writer")
    kind, role = body.get("type"), body.get("role")
    if role not in ROLES:
        raise drive_refusal(
            400, "required", "The permission role field is required.", "permission.role", "other"
        )
    if kind not in ("user", "group", "domain", "anyone"):
        raise drive_refusal(
            400, "required", "The permission type field is required.", "permission.type", "other"
        )
    if role == "owner" and dict(call.query).get("transferOwnership", "").lower() != "true":
        text = "The transferOwnership parameter must be enabled when the permission role is 'owner'."
        raise drive_refusal(403, "forbidden", text, "transferOwnership")
    item = made(body)
    file.permissions = [one for one in file.permissions if one["id"] != item["id"]]
    if role == "owner":
        _hand_over(file, item)
    file.permissions.append(item)
    return item


def made(body: Json) -> Json:
    """Return a permission of any type."""
    kind, role = body["type"], body["role"]
    if kind in ("user", "group"):
        email = body.get("emailAddress")
        if not email or "@" not in email:
            text = "The specified emailAddress is invalid or not applicable for the given permission type."
            raise drive_refusal(400, "invalid", text, "permission.emailAddress", "other")
        return person(email, role, kind)
    common = {"kind": "drive#permission", "type": kind, "role": role, "allowFileDiscovery": False}
    if kind == "anyone":
        return {**common, "id": "anyoneWithLink"}
    domain = body.get("domain", "")
    number = person(domain, role)["id"] + "k"
    return {**common, "id": number, "domain": domain, "displayName": domain}


def _hand_over(file: DriveFile, item: Json) -> None:
    for one in file.permissions:
        if one["role"] == "owner":
            one["role"] = "writer"
    file.owner = item.get("emailAddress", file.owner)


def update(google: "Google", call: Call, body: Json) -> Json:
    """Answer `permissions.update`."""
    file = _file(google, call, "writer")
    item = _permission(file, call.params["permission"])
    role = body.get("role", item["role"])
    if role == "owner" and dict(call.query).get("transferOwnership", "").lower() == "true":
        _hand_over(file, item)
    item["role"] = role
    if "pendingOwner" in body:
        item["pendingOwner"] = json.loads(str(body["pendingOwner"]).lower())
    return item


def delete(google: "Google", call: Call, body: Json) -> None:
    """Answer `permissions.delete`."""
    file = _file(google, call)
    item = _permission(file, call.params["permission"])
    own = item.get("emailAddress") == call.user
    if item["role"] == "owner" or (not own and file.role(call.user) < ROLES["writer"]):
        raise drive_refusal(
            403, "insufficientFilePermissions", "The user does not have sufficient permissions for this file."
        )
    file.permissions.remove(item)
