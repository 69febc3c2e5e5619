"""Taking in a round that was answered in Google Forms: what would happen, and making it happen once.

A round is taken in while it is `Stängd`: rows are written when a round has closed, all at once and shuffled,
so that neither their order nor the day they came says who wrote them; while it is open no result may be in
any channel, the sheet included. A longer export of a later day adds only what is new, as long as the round
is not published. A `Publicerad` round is frozen: late answers change what is shown only when enough rows of
a school differ (see the rules), which a single import can't promise, so it is refused. Looking at what an
export holds is free until then, so that headers can be seen to while people still answer.
"""

import datetime as dt
import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from services.domain.question import Question
from services.domain.round import RoundStatus
from services.domain.school import SchoolCode
from services.errors import ImportRefused, OutcomeUnknown
from services.forms.export import Export
from services.forms.matching import SCHOOL, Decided, How, Match, match_columns, missing_questions
from services.forms.place import Place
from services.forms.remembered import RoundMemory
from services.forms.replies import BadCell, RefusedRow, Replies, read_replies
from services.forms.schools import Reason, Schools
from services.forms.standing import (
    SortedOut,
    Standing,
    asked_table,
    missing_from,
    read_standing,
    sort_out,
    staff_of,
    wrong_in,
)
from services.forms.wording import normalised, shown
from services.register import Register

GOOGLE_FORMS = "Google Forms"
EVENT = "Läste in svar från Google Forms"


@dataclass(frozen=True, slots=True)
class SchoolCount:
    """A school's rows: new, there already, and those in the sheet that this export does not have."""

    school: SchoolCode
    name: str
    staff: int | None
    new: int
    already: int
    elsewhere: int

    @property
    def is_more_than_staff(self) -> bool:
        """Whether there will be more answers than people."""
        return self.staff is not None and self.new + self.already + self.elsewhere > self.staff


@dataclass(frozen=True, slots=True)
class Preview:
    """What an export holds, and what taking it in does; `written` once new rows stand in the sheet."""

    round: str
    file: str
    matches: tuple[Match, ...]
    missing: tuple[Question, ...]
    replies: Replies
    new: int
    already: int
    schools: tuple[SchoolCount, ...]
    written: bool = False
    is_unfinished: bool = False
    """An earlier import was interrupted before it was logged: to be run again, which doubles nothing."""

    @property
    def problems(self) -> tuple[RefusedRow, ...]:
        """The rows that somebody should look at: one without any level is just not counted."""
        return tuple(row for row in self.replies.refused if row.reason is not Reason.NO_LEVEL)

    @property
    def cells(self) -> tuple[BadCell, ...]:
        """The cells that somebody should look at."""
        return self.replies.cells


class FormsImport:
    """One export, on its way into one round."""

    def __init__(self, place: Place, register: Register, round_name: str, export: Export) -> None:
        self._place, self._register, self._round, self._export = place, register, round_name, export
        self._schools = Schools(register, round_name)
        self._questions = register.questions_in(round_name)
        self._asked = asked_table(place.schema, register, round_name)
        for name, round_ in register.rounds.items():
            if round_.is_published:
                place.remembered.forget(name)  # nothing is taken in any more
        require_forms(register, round_name)

    @property
    def questions(self) -> tuple[Question, ...]:
        """The questions of the round."""
        return self._questions

    def match(self, confirmed: Mapping[str, str]) -> tuple[Match, ...]:
        """The meaning of every column, by what has been confirmed now or earlier."""
        decided = Decided(confirmed, self._place.remembered.headers())
        return match_columns(self._export, self._questions, self._schools, decided)

    def remember(self, confirmed: Mapping[str, str]) -> None:
        """Remember what people say of headers, for the next export too."""
        with self._place.remembered.alone():
            self._place.remembered.keep_headers({text: said for text, said in confirmed.items() if text})

    def preview(self, matches: Sequence[Match]) -> Preview:
        """What would happen; nothing is written, and no secret is made."""
        replies = read_replies(self._export, matches, self._schools)
        standing, memory = self._standing(), self._place.remembered.round(self._round)
        sorted_ = sort_out(replies.good, standing, memory, self._asked, self._round)
        found = self._preview(matches, replies, sorted_, standing)
        return replace(found, is_unfinished=memory is not None and memory.begun is not None)

    def take_in(self, matches: Sequence[Match], who: str, now: dt.datetime) -> Preview:
        """Write the new rows, shuffled, in one batch; read them back; log it.

        Run again after any interruption: what stands there stays, what does not is written.
        ImportRefused where the round is not `Stängd`, or a column's meaning is not settled.
        """
        require_closed(self._register, self._round)
        if not is_settled(matches):
            raise ImportRefused("Alla kolumner måste vara kopplade innan svaren kan läsas in.")
        replies = read_replies(self._export, matches, self._schools)
        place = self._place
        with place.remembered.alone():
            standing = self._standing()
            memory = place.remembered.round(self._round)
            if memory is None:
                memory = place.remembered.begin(self._round, filter(None, standing.ids))
            self._require_same_columns(memory, standing, matches)
            sorted_ = sort_out(replies.good, standing, memory, self._asked, self._round)
            if sorted_.new or memory.begun is not None:
                begun = len(standing.ids) if memory.begun is None else memory.begun
                memory = replace(memory, begun=begun, columns={**memory.columns, **_columns(matches)})
                place.remembered.keep(self._round, memory)
                written = self._write(sorted_, standing) if sorted_.new else standing
                self._log(begun, len(written.ids), who, now)
                place.remembered.keep(self._round, replace(memory, begun=None))
            place.remembered.keep_headers(_confirmed(matches))
        return replace(self._preview(matches, replies, sorted_, standing), written=bool(sorted_.new))

    def _standing(self) -> Standing:
        return read_standing(self._place.workbook, self._place.schema, self._asked, self._round)

    def _write(self, sorted_: SortedOut, standing: Standing) -> Standing:
        """Append the new rows, and the sheet as it stands then."""
        spreadsheet = self._asked.spreadsheet_of(self._round)
        if standing.lacking:
            self._place.make_room(self._asked, self._round, len(sorted_.new))
        rows = [answer.row for answer in sorted_.new]
        secrets.SystemRandom().shuffle(rows)
        unknown: OutcomeUnknown | None = None
        try:
            self._place.workbook.append(spreadsheet, {self._asked.name: rows})
        except OutcomeUnknown as trouble:
            unknown = trouble
        except ValueError as fault:
            lacking = self._standing().lacking or f"Raderna går inte att skriva i {spreadsheet}."
            raise ImportRefused(f"{lacking} Lägg tillbaka det som saknas och kör igen.") from fault
        after = self._standing()
        if unknown is not None and missing_from(sorted_.new, after):
            raise unknown
        if wrong := wrong_in(sorted_.new, after, self._asked):
            raise ImportRefused(
                f"{wrong} av {len(rows)} rader blev inte rätt i {spreadsheet}: någon kan ha ändrat där under "
                "tiden. Kör igen, och se sedan över bladet med check."
            )
        return after

    def _log(self, before: int, after: int, who: str, now: dt.datetime) -> None:
        self._place.log(EVENT, self._asked.name, self._round, (before, after), who, now)

    def _require_same_columns(
        self, memory: RoundMemory, standing: Standing, matches: Sequence[Match]
    ) -> None:
        """ImportRefused where a header meant something else when rows that stand there were taken in."""
        if not set(standing.ids) - memory.before:
            return
        columns = _columns(matches)
        changed = [text for text, target in memory.columns.items() if columns.get(text, target) != target]
        if changed:
            header = next(one.header for one in matches if normalised(one.header) == changed[0])
            raise ImportRefused(
                f"Kolumnen {shown(header)} lästes in som {memory.columns[changed[0]]} förra gången och nu "
                f"som {columns[changed[0]]}, och då skulle svar räknas två gånger; ta bort raderna i "
                f"{self._asked.spreadsheet_of(self._round)} först, eller koppla som då."
            )

    def _preview(
        self, matches: Sequence[Match], replies: Replies, sorted_: SortedOut, standing: Standing
    ) -> Preview:
        missing = missing_questions(self._questions, matches)
        return Preview(
            self._round,
            self._export.name,
            tuple(matches),
            missing,
            replies,
            len(sorted_.new),
            len(sorted_.already),
            tuple(self._counts(sorted_, standing)),
        )

    def _counts(self, sorted_: SortedOut, standing: Standing) -> list[SchoolCount]:
        new = Counter(answer.reply.school for answer in sorted_.new)
        already = Counter(reply.school for reply in sorted_.already)
        there, staff = standing.by_school(), staff_of(self._register, self._round)
        name = self._register.school_name
        return [
            SchoolCount(
                code, name(code), staff.get(code), new[code], already[code], there[code] - already[code]
            )
            for code in sorted({*new, *already})
        ]


def require_forms(register: Register, round_name: str) -> None:
    """ImportRefused unless the round is answered in Google Forms and not published. UnknownChoice if none."""
    round_ = register.round(round_name)
    if round_.status is RoundStatus.PUBLISHED:
        raise ImportRefused(
            f"Omgång {round_name} är publicerad och därmed frusen, så inga fler svar kan läsas in."
        )
    if not is_forms_round(register, round_name):
        raise ImportRefused(
            f"Omgång {round_name} har Svarsform {_form_of(register, round_name) or '(tom)'} i bladet "
            f"Omgångar; skriv {GOOGLE_FORMS} där om svaren samlades in så."
        )
    if not register.questions_in(round_name):
        raise ImportRefused(f"Omgång {round_name} har inga frågor i bladet Frågor.")


def is_forms_round(register: Register, round_name: str) -> bool:
    """Whether the sheet Omgångar says that the round is answered in Google Forms."""
    return _form_of(register, round_name) == GOOGLE_FORMS


def _form_of(register: Register, round_name: str) -> object:
    typed = register.tables["Omgångar"]
    return dict(zip(typed.columns["Omgång"], typed.columns["Svarsform"], strict=True)).get(round_name)


def require_closed(register: Register, round_name: str) -> None:
    """ImportRefused unless the round is `Stängd`: see the module."""
    status = register.round(round_name).status
    if status is not RoundStatus.CLOSED:
        raise ImportRefused(
            f"Omgång {round_name} har status {status or '(tom)'}. Svaren läses in när den är Stängd, alla på "
            "en gång i blandad ordning; se redan nu vad filen innehåller med --dry-run."
        )


def _columns(matches: Sequence[Match]) -> dict[str, str]:
    return {normalised(match.header): match.target for match in matches}


def _confirmed(matches: Sequence[Match]) -> dict[str, str]:
    """What people have said of headers, to be remembered."""
    said: Mapping[str, str] = {
        normalised(match.header): match.target for match in matches if match.how is How.CONFIRMED
    }
    return {text: target for text, target in said.items() if text}


def is_settled(matches: Sequence[Match]) -> bool:
    """Whether every column's meaning is sure, and one of them is the school."""
    return SCHOOL in {match.target for match in matches} and all(match.is_sure for match in matches)


def agreed(matches: Sequence[Match]) -> tuple[Match, ...]:
    """The same matches with every proposal taken as confirmed."""
    return tuple(
        replace(match, how=How.CONFIRMED) if match.how is How.PROPOSED else match for match in matches
    )
