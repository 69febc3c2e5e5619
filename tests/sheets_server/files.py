"""Files in Drive: spreadsheets with owner, sharing, times and versions."""

import itertools
from dataclasses import dataclass, field
from typing import Any

from tests.sheets_server.book import Book

Json = dict[str, Any]
SPREADSHEET = "application/vnd.google-apps.spreadsheet"
ROLES = {"reader": 1, "commenter": 2, "writer": 3, "fileOrganizer": 4, "organizer": 4, "owner": 5}
_order = itertools.count(1)


@dataclass
class Change:
    """One state of a file: when it came, when Drive shows it, and its version."""

    at: float
    shown_from: float
    version: int


@dataclass
class DriveFile:
    """A file, nearly always a spreadsheet."""

    file_id: str
    name: str
    owner: str
    created: float
    mime_type: str = SPREADSHEET
    book: Book | None = None
    parents: list[str] = field(default_factory=list)
    permissions: list[Json] = field(default_factory=list)
    trashed: bool = False
    description: str | None = None
    properties: Json = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    order: int = field(default_factory=lambda: next(_order))

    def __post_init__(self) -> None:
        self.permissions.append(person(self.owner, "owner"))
        self.changes.append(Change(self.created, self.created, 1))

    def touch(self, now: float, lag: float = 0) -> None:
        """Note a change; Drive shows it after `lag` seconds."""
        last = self.changes[-1]
        self.changes.append(Change(now, now + lag, last.version + 1))
        if len(self.changes) > 1000:
            del self.changes[:500]

    def shown(self, now: float) -> Change:
        """Return the newest state that Drive shows by now."""
        visible = [change for change in self.changes if change.shown_from <= now]
        return visible[-1] if visible else self.changes[0]

    def role(self, email: str) -> int:
        """Return how much someone may do: 0 nothing, 1 read, 3 write, 5 all."""
        best = 0
        for item in self.permissions:
            fits = item["type"] == "anyone" or item.get("emailAddress", "").lower() == email.lower()
            if item["type"] == "domain":
                fits = email.lower().endswith("@" + item.get("domain", "").lower())
            best = max(best, ROLES.get(item["role"], 0) if fits else 0)
        return best


def person(email: str, role: str, kind: str = "user") -> Json:
    """Return a permission of one person or group."""
    number = str(abs(hash_text(email)) % 10**20).rjust(20, "1")
    return {
        "kind": "drive#permission",
        "id": number,
        "type": kind,
        "emailAddress": email,
        "role": role,
        "displayName": email.partition("@")[0],
        "deleted": False,
        "pendingOwner": False,
    }


def hash_text(text: str) -> int:
    """Return a number that is the same for the same text in every run."""
    total = 7
    for byte in text.lower().encode():
        total = (total * 1000003 + byte) % 2**64
    return total
