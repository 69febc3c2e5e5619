"""What is asked: areas, questions and the four levels of an answer."""

from dataclasses import dataclass
from enum import IntEnum


class Level(IntEnum):
    """The four levels of the self-assessment, in their order."""

    STARTED = 1
    ACTIVATED = 2
    CONFIDENT = 3
    WELL_DEVELOPED = 4

    @property
    def label(self) -> str:
        """The level's Swedish name."""
        return LEVEL_LABELS[self - 1]


LEVEL_LABELS = ("Påbörjad", "Aktiverad", "Trygg", "Välutvecklad")


@dataclass(frozen=True, slots=True, order=True)
class Area:
    """One of the areas (delområden), ordered by its number."""

    number: int
    name: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """A statement that the staff take a stand on, with what each level looks like in daily work.

    It is asked from `first_round` to `last_round`, both included; None is no bound. `comparable_with`
    is the id of an older question that it may be compared with over the years. `area` is None where the
    sheet does not say which.
    """

    id: str
    area: int | None
    statement: str
    levels: tuple[str, str, str, str] = ("", "", "", "")
    example: str = ""
    tag: str | None = None
    essential: bool = False
    first_round: str | None = None
    last_round: str | None = None
    comparable_with: str | None = None

    def asked_in(self, round_name: str) -> bool:
        """Whether it is among the questions of this round."""
        began = self.first_round is None or self.first_round <= round_name
        return began and (self.last_round is None or round_name <= self.last_round)
