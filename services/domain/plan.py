"""The action plan: what a school has decided to do about what it saw."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from services.domain.school import SchoolCode


class ActionStatus(StrEnum):
    """Where an action is."""

    PLANNED = "Planerad"
    ONGOING = "Pågår"
    DONE = "Klar"
    CANCELLED = "Avbruten"


@dataclass(frozen=True, slots=True)
class Action:
    """One action (insats); `area` and `question` are what it is about, `due` when it is to be done."""

    id: str
    school: SchoolCode
    round: str
    area: int | None
    question: str | None
    goal: str
    activity: str
    responsible: str = ""
    due: dt.date | None = None
    status: ActionStatus | None = None
    follow_up: str = ""

    @property
    def is_under_way(self) -> bool:
        """Whether anything is left to do of it."""
        return self.status not in (ActionStatus.DONE, ActionStatus.CANCELLED)

    def is_late(self, today: dt.date) -> bool:
        """Whether it should have been done by now."""
        return self.is_under_way and self.due is not None and self.due < today
