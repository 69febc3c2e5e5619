"""What stays as it is once a round has opened: its rules, its questions and its least number of answers.

The app refuses to change them. Whoever has the sheets can all the same, by hand, and a round that is
published is shown by the questions and the least number it was published with: see `services.freezing`.
"""

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum

from services.domain.question import Question
from services.domain.round import RoundStatus
from services.register import Register
from services.tables.sheet import Cell
from services.writing.deeds import Deed, NewRow

_BACK = "Är den ändrad av misstag, så ändra tillbaka i kalkylbladet."
_OF_A_ROUND = frozenset({"Regelversion", "Minsta antal svar"})
_OF_A_QUESTION = frozenset(
    {"Delområde", "Påstående", "Påbörjad", "Aktiverad", "Trygg", "Välutvecklad", "Exempel", "Väsentlig"}
)
_SPAN = {"Från omgång": "first_round", "Till omgång": "last_round"}


class Lock(StrEnum):
    """Why a cell may not be changed, and what to do instead."""

    RULES = (
        "Regelversionen gäller i en omgång som har öppnat, så den är låst. Ska reglerna ändras, så lägg till "
        f"en ny version i Regler. {_BACK}"
    )
    QUESTION = (
        "Frågan ställs i en omgång som har öppnat, så den är låst. Ska den ändras, så lägg till en ny fråga "
        f"i Frågor och låt den här sluta. {_BACK}"
    )
    ROUND = (
        "Omgången har öppnat, så dess regler och minsta antal svar är låsta. De kan vara andra i nästa "
        f"omgång. {_BACK}"
    )


def lock_on(register: Register, deed: Deed) -> Lock | None:
    """What locks the row that is to be changed or added; None where it is not locked."""
    if isinstance(deed, NewRow):
        key, new = _first_of_key(deed), deed.values
    else:
        key, new = str(deed.key[0]), deed.new
    match deed.sheet:
        case "Regler":
            return Lock.RULES if key in _versions_in_use(register) else None
        case "Omgångar":
            return Lock.ROUND if key in _begun(register) and _OF_A_ROUND & new.keys() else None
        case "Frågor":
            return Lock.QUESTION if _changes_what_is_asked(register, key, new) else None
    return None


def _first_of_key(deed: NewRow) -> str:
    header = {"Regler": "Regelversion", "Omgångar": "Omgång", "Frågor": "Fråga"}.get(deed.sheet, "")
    return str(deed.values.get(header, ""))


def _begun(register: Register) -> frozenset[str]:
    """The rounds that are not planned any more; one whose status can't be read may be open."""
    return frozenset(one.name for one in register.rounds.values() if one.status is not RoundStatus.PLANNED)


def _versions_in_use(register: Register) -> frozenset[str]:
    begun = _begun(register)
    return frozenset(one.rules_version or "" for one in register.rounds.values() if one.name in begun)


def _changes_what_is_asked(register: Register, id_: str, new: Mapping[str, Cell]) -> bool:
    """Whether a question reads otherwise in a round that has begun, or is asked there and was not."""
    nowhere = Question(id_, None, "", first_round="")
    known = next((one for one in register.questions if one.id == id_), None)
    before = known or nowhere
    span = {field: str(new[header] or "") or None for header, field in _SPAN.items() if header in new}
    after = replace(before, **span)  # type: ignore[arg-type]  # its two rounds and nothing else
    for name in _begun(register):
        was, is_ = known is not None and before.asked_in(name), after.asked_in(name)
        if was != is_ or (was and _OF_A_QUESTION & new.keys()):
            return True
    return False
