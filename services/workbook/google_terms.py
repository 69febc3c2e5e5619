"""The few things at Google that we speak of: a spreadsheet, its sheets, a file, and what was used."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Target:
    """A spreadsheet: the name people know it by, for the sentences, and Google's id of it."""

    name: str
    id: str


DRIVE = Target("Google Drive", "")


@dataclass(frozen=True, slots=True)
class SheetInfo:
    """One sheet of a spreadsheet; `gid` is its id in addresses and in requests."""

    title: str
    gid: int
    rows: int
    columns: int
    hidden: bool

    @classmethod
    def read(cls, properties: Json) -> "SheetInfo":
        """From the properties of a sheet, as Google tells them."""
        grid = properties.get("gridProperties", {})
        return cls(
            title=properties["title"],
            gid=properties.get("sheetId", 0),
            rows=grid.get("rowCount", 0),
            columns=grid.get("columnCount", 0),
            hidden=properties.get("hidden", False),
        )


@dataclass(frozen=True, slots=True)
class FileInfo:
    """A spreadsheet as Drive lists it; `version` grows with every change that Drive has noticed.

    `owner` is blank in a shared drive, where files belong to the drive.
    """

    id: str
    name: str
    version: str
    modified: str
    owner: str = ""

    @classmethod
    def read(cls, item: Json) -> "FileInfo":
        """From a file as Drive lists it."""
        owners = item.get("owners") or [{}]
        return cls(
            id=item["id"],
            name=item.get("name", ""),
            version=item.get("version", ""),
            modified=item.get("modifiedTime", ""),
            owner=owners[0].get("emailAddress", ""),
        )


@dataclass(frozen=True, slots=True)
class Grids:
    """The values of ranges, `values[range][column][row]`, and a digest that is equal for equal content."""

    values: list[list[list[Any]]]
    digest: str


@dataclass(frozen=True, slots=True)
class Usage:
    """Calls since the start by operation, calls of the last minute, and the last fault: age and sentence."""

    calls: Mapping[str, int]
    reads: int
    writes: int
    allowed: int
    fault: tuple[float, str] | None
