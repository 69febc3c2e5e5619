"""Where an answer is taken in: who may answer, her draft, and what is sent to the inbox."""

import datetime as dt
from dataclasses import dataclass

from services.answering.form import Form, form_of
from services.answering.keys import Key, RoundSecrets, code_key, is_code, person_key
from services.answering.round_file import CANNOT_JUDGE, Levels, Reply, RoundFile
from services.assembly import INBOX
from services.domain.round import Round
from services.domain.school import SchoolCode
from services.errors import DuplicateKey, RoundNotOpen
from services.register import Register
from services.tables.sheet import Cell
from services.workbook.port import Workbook
from services.writing.deeds import NewRow, Outcome, Refused, SubmissionId
from services.writing.writer import Writer

EVENT = "Svar"

_RECEIVED, _TAKING_PART = "Inkomna", "Deltagande"


@dataclass(frozen=True, slots=True)
class Respondent:
    """Somebody who may answer: her key, her school, and whether she came by a code; not who she is."""

    key: Key
    school: SchoolCode
    by_code: bool = False


class AnswerDesk:
    """Takes in the answers of one open round."""

    def __init__(
        self, round_: str, secrets: RoundSecrets, file: RoundFile, writer: Writer, workbook: Workbook
    ) -> None:
        self._round, self._secrets, self._file = round_, secrets, file
        self._writer, self._workbook = writer, workbook

    def by_login(self, email: str, school: SchoolCode) -> Respondent:
        """Somebody who is logged in, at her school; the one where she has sent an answer stays hers."""
        key = self._person(email)
        begun = self._file.reply(key)
        is_sent = begun is not None and begun.version > 0
        return Respondent(key, begun.school if begun and is_sent else school)

    def begun(self, email: str) -> Reply | None:
        """What somebody who is logged in has filled in so far; None where she has not begun."""
        return self._file.reply(self._person(email))

    def _person(self, email: str) -> Key:
        return person_key(self._secrets.of(self._round), self._round, email)

    def by_code(self, written: str) -> Respondent | None:
        """Whoever has this one-time code; None where there is no such code."""
        if not is_code(written):
            return None
        key = code_key(self._secrets.of(self._round), self._round, written)
        school = self._file.school_of(key)
        return None if school is None else Respondent(key, school, by_code=True)

    def still_admits(self, who: Respondent) -> bool:
        """Whether a code that was good when it was typed has not been taken back since."""
        return self._file.school_of(who.key) is not None

    @property
    def is_sealed(self) -> bool:
        """Whether the round is being closed, and takes in nothing more."""
        return self._file.is_sealed

    def reply(self, who: Respondent) -> Reply:
        """What she has filled in so far, on this device or another."""
        return self._file.reply(who.key) or Reply(who.school, {})

    def keep(self, who: Respondent, levels: Levels) -> None:
        """Keep a draft, on disk when this returns."""
        self._file.keep(who.key, who.school, levels)

    def fill_in(self, who: Respondent, levels: Levels) -> None:
        """Add some answers to the draft, or change them; two devices at once do not undo each other's."""
        self._file.fill_in(who.key, who.school, levels)

    def send(self, who: Respondent, register: Register, today: dt.date) -> SubmissionId:
        """Send what she has filled in; twice the same is sent once. RoundNotOpen when it is too late."""
        require_open(register, self._round, who.school, today)
        form = form_of(register, self._round)
        if form.is_empty(self.reply(who).levels):
            raise RoundNotOpen("Du har inte svarat på någon fråga än. Svara på minst en och skicka sedan.")
        sent = self._file.send(who.key, lambda reply: self._submit(who, reply, form))
        assert sent.submission is not None
        return sent.submission

    def outcome(self, who: Respondent, register: Register, patience: float = 0.0) -> Outcome | None:
        """What has come of what she sent; None if nothing was sent.

        A version that stands in the inbox already, of a server that lost its disk, is surpassed.
        """
        reply = self.reply(who)
        if reply.submission is None:
            return None
        try:
            found = self._writer.outcome(reply.submission, patience)
        except ValueError:  # the outbox has forgotten it, or never got it: it is the same submission again
            form = form_of(register, self._round)
            self._file.send_again(who.key, lambda one: self._submit(who, one, form))
            return self._writer.outcome(reply.submission, patience)
        if isinstance(found, Refused) and _is_outdone(found):
            self._writer.dismiss(reply.submission)
            form = form_of(register, self._round)
            highest = self._highest(who.key)
            newer = self._file.surpass(who.key, highest, lambda one: self._submit(who, one, form))
            assert newer.submission is not None
            return self._writer.outcome(newer.submission, patience)
        return found

    def try_again(self, who: Respondent) -> None:
        """Hand on once more what could not be written as the inbox was then."""
        reply = self.reply(who)
        if reply.submission is not None and isinstance(self._writer.outcome(reply.submission), Refused):
            self._writer.again(reply.submission)

    def _submit(self, who: Respondent, reply: Reply, form: Form) -> SubmissionId:
        assert reply.sent is not None and reply.submission is not None
        person: dict[str, Cell] = {"Nyckel": who.key, "Omgång": self._round, "Skolenhetskod": reply.school}
        given: dict[str, Cell] = {
            question.id: level
            for question in form.questions
            if (level := reply.sent.get(question.id, CANNOT_JUDGE)) != CANNOT_JUDGE
        }
        deeds = [
            NewRow(_RECEIVED, {**person, "Version": reply.version, **given}, INBOX),
            NewRow(_TAKING_PART, person, INBOX),
        ]
        return self._writer.submit(deeds, "", EVENT, reply.submission)

    def _highest(self, key: Key) -> int:
        """The highest version of this key that stands in the inbox."""
        columns = self._workbook.columns(INBOX, {_RECEIVED: ("Nyckel", "Version")}).get(_RECEIVED, {})
        pairs = zip(columns.get("Nyckel", ()), columns.get("Version", ()), strict=True)
        return max((int(v) for k, v in pairs if k == key and isinstance(v, int | float)), default=0)


def _is_outdone(refused: Refused) -> bool:
    """Whether another version of the same number stands in the inbox."""
    return any(isinstance(trouble, DuplicateKey) for trouble in refused.troubles.values())


def require_open(register: Register, round_: str, school: SchoolCode, today: dt.date) -> Round:
    """The round, if the staff of the school may answer today; RoundNotOpen with the reason otherwise."""
    found = register.round(round_)
    part = register.school_rounds.get(round_, {}).get(school)
    if part is None:
        raise RoundNotOpen(f"Skolan är inte med i omgång {round_}. Fråga din rektor.")
    if not part.is_open_on(today, found):
        raise RoundNotOpen(f"Omgång {round_} är inte öppen för svar nu. Fråga din rektor när den är det.")
    return found
