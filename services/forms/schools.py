"""Which school of a round a row means: by its name, the name or code it had or has got, or its code."""

import re
from collections.abc import Mapping
from enum import StrEnum

from services.domain.school import SchoolCode
from services.forms.wording import normalised
from services.register import Register
from services.tables.cells import is_blank, read_text
from services.tables.sheet import Cell

_CODE = re.compile(r"[0-9]{1,8}(?:[.,]0+)?")
_LONGEST = 300


class Reason(StrEnum):
    """Why a row of an export is not taken in."""

    NO_SCHOOL = "no_school"
    UNKNOWN_SCHOOL = "unknown_school"
    NOT_IN_ROUND = "not_in_round"
    SEVERAL_SCHOOLS = "several_schools"
    NO_LEVEL = "no_level"
    TOO_MANY_CELLS = "too_many_cells"


class RowRefused(ValueError):
    """A row can't be taken in; the text says why, in Swedish."""

    def __init__(self, reason: Reason, sentence: str) -> None:
        super().__init__(sentence)
        self.reason = reason


class Schools:
    """The schools that take part in a round, as people write them.

    In its own round a school stands under the name and the code it had then. A name or a code from before
    or after a change of code means whichever of them takes part.
    """

    def __init__(self, register: Register, round_name: str) -> None:
        self._register = register
        self._taking_part = register.school_rounds.get(round_name, {})
        self._round = round_name
        self._by_name: dict[str, list[SchoolCode]] = {}
        for school in register.schools.values():
            if name := normalised(school.name):
                self._by_name.setdefault(name, []).append(school.code)
        self._by_today: dict[SchoolCode, list[SchoolCode]] = {}
        for code in self._taking_part:
            self._by_today.setdefault(register.today_of(code), []).append(code)
        self._known: dict[str, SchoolCode | RowRefused] = {}

    def find(self, cell: Cell) -> SchoolCode:
        """The code of the school that takes part. RowRefused where that can't be told."""
        text = "" if is_blank(cell) else normalised(read_text(cell)[:_LONGEST])
        if text not in self._known:
            try:
                self._known[text] = self._find(text)
            except RowRefused as why:
                self._known[text] = why
        found = self._known[text]
        if isinstance(found, RowRefused):
            raise RowRefused(found.reason, str(found))
        return found

    def knows(self, cell: Cell) -> bool:
        """Whether the cell names a school that takes part."""
        try:
            self.find(cell)
        except RowRefused:
            return False
        return True

    def _find(self, text: str) -> SchoolCode:
        if not text:
            raise RowRefused(Reason.NO_SCHOOL, "Skolan är inte ifylld.")
        named = self._named(text)
        if not named:
            raise RowRefused(Reason.UNKNOWN_SCHOOL, "Skolan finns inte i bladet Skolor.")
        direct = [code for code in named if code in self._taking_part]
        today = {self._register.today_of(code) for code in named}
        found = direct or [code for one in today for code in self._by_today.get(one, ())]
        if not found:
            sentence = f"Skolan saknar rad i Skolans omgång för {self._round}."
            raise RowRefused(Reason.NOT_IN_ROUND, sentence)
        if len(found) > 1:
            sentence = f"Det kan vara flera skolor: {', '.join(sorted(found))}. Skriv skolenhetskoden."
            raise RowRefused(Reason.SEVERAL_SCHOOLS, sentence)
        return found[0]

    def _named(self, text: str) -> list[SchoolCode]:
        if _CODE.fullmatch(text):
            # A spreadsheet makes a number of a code, and the leading zeros are lost.
            code = SchoolCode(re.split("[.,]", text)[0].zfill(8))
            if code in self._register.schools:
                return [code]
        return self._by_name.get(text, [])

    @property
    def staff(self) -> Mapping[SchoolCode, int | None]:
        """How many work at each school that takes part, None where it can't be read."""
        return {code: part.staff for code, part in self._taking_part.items()}
