"""Schools: who they are, and who they became."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

SchoolCode = NewType("SchoolCode", str)
"""Skolenhetskod: eight digits as text, leading zeros kept."""


class SchoolStatus(StrEnum):
    """Whether a school is running."""

    ACTIVE = "Aktiv"
    DORMANT = "Vilande"
    CLOSED = "Upphört"


@dataclass(frozen=True, slots=True)
class School:
    """One school, as the register knows it today; `staff` is None where the sheet does not say."""

    code: SchoolCode
    name: str
    district: str = ""
    grades: str = ""
    status: SchoolStatus = SchoolStatus.ACTIVE
    replaced_by: SchoolCode | None = None
    staff: int | None = None
