"""Where one visitor sits and answers: who she is to the round, where in the form she is, what is refused.

It lives in her own session, but for what she has filled in: that is kept on the server under her key with
every tap. What a button does is done in a callback, once; each asks anew who is there.
"""

import datetime as dt
import ipaddress
from dataclasses import dataclass

import streamlit as st

from pages.components import current, open_rounds, words
from services.answering import entry
from services.answering.desk import AnswerDesk, Respondent
from services.answering.form import Form, form_of
from services.answering.keys import CODE_LENGTH, is_code, plain_code
from services.domain.access import Visitor
from services.domain.round import Round
from services.domain.school import SchoolCode
from services.errors import AnswerTrouble

STEP_PARAMETER = "steg"
REVIEW, RECEIPT = "granska", "klart"
CODE_FIELD = "one_time_code"

_SEAT = "answering_seat"


@dataclass(slots=True)
class Seat:
    """`by_code` is whoever typed a one-time code, in a round and as a visitor; the code itself is not kept.

    `target` is the number of the question to go to in the step; `moves` counts how often she has gone on.
    `is_received` marks that what she sent has been looked for just now, and was still on its way.
    """

    by_code: tuple[Respondent, str, Visitor] | None = None
    school: SchoolCode | None = None
    is_choosing: bool = False
    refusal: str = ""
    trouble: str = ""
    target: int = 0
    moves: int = 0
    is_sending: bool = False
    is_received: bool = False
    sent_at: dt.datetime | None = None


def seat() -> Seat:
    """This visitor's own."""
    if _SEAT not in st.session_state:
        st.session_state[_SEAT] = Seat()
    found: Seat = st.session_state[_SEAT]
    return found


@dataclass(frozen=True, slots=True)
class Place:
    """Somebody at the desk of the round that is open, and the form she is asked to fill in."""

    who: Respondent
    round: Round
    desk: AnswerDesk
    form: Form


def place() -> Place | None:
    """Who is answering what, found anew; None where it is not known, or may not answer any more."""
    register = current.register()
    round_ = entry.open_round(register)
    if round_ is None:
        return None
    visitor = current.visitor()
    if seat().by_code is None and not schools(visitor, round_):
        return None
    entry.make_ready(register, open_rounds.secrets(), round_)
    desk = open_rounds.desk(round_.name)
    who = _by_code(desk, round_, visitor) or _by_login(desk, round_, visitor)
    return None if who is None else Place(who, round_, desk, form_of(register, round_.name))


def schools(visitor: Visitor, round_: Round) -> tuple[SchoolCode, ...]:
    """The visitor's own schools that are in the round."""
    register = current.register()
    parts = register.school_rounds.get(round_.name, {})
    return tuple(code for code in entry.own_schools(register, visitor) if code in parts)


def _by_code(desk: AnswerDesk, round_: Round, visitor: Visitor) -> Respondent | None:
    mine = seat()
    if mine.by_code is None:
        return None
    who, name, sitting = mine.by_code
    if (name, sitting.email) == (round_.name, visitor.email) and desk.still_admits(who):
        return who
    mine.by_code = None
    return None


def _by_login(desk: AnswerDesk, round_: Round, visitor: Visitor) -> Respondent | None:
    hers = schools(visitor, round_)
    if not hers or not visitor.email:
        return None
    if len(hers) == 1:
        return desk.by_login(visitor.email, hers[0])
    begun = desk.begun(visitor.email)
    if begun is not None and begun.version:
        return desk.by_login(visitor.email, begun.school)
    mine = seat()
    known = [] if mine.is_choosing else [mine.school, begun.school if begun else None]
    school = next((code for code in known if code in hers), None)
    return desk.by_login(visitor.email, school) if school else None


def try_code() -> None:
    """Sit down with the one-time code that was typed, if there is such a code and not too many were none."""
    written = str(st.session_state.get(CODE_FIELD) or "")
    mine, round_, visitor = seat(), entry.open_round(current.register()), current.visitor()
    mine.refusal = ""
    if round_ is None:
        return
    if schools(visitor, round_):
        mine.refusal = "Du är inloggad och svarar utan kod. Då blir det ett svar från dig, inte två."
        return
    if not is_code(written):
        mine.refusal = _not_a_code(written)
        return
    whence, guesses = address(), open_rounds.guesses()
    wait = guesses.wait(whence, current.now())
    if wait:
        mine.refusal = f"Det har blivit fel kod för många gånger. Vänta {_span(wait)} och försök sedan igen."
        return
    try:
        entry.make_ready(current.register(), open_rounds.secrets(), round_)
        found = open_rounds.desk(round_.name).by_code(written)
    except AnswerTrouble as trouble:
        mine.refusal = str(trouble)
        return
    if found is None:
        guesses.missed(whence, current.now())
        mine.refusal = "Den koden finns inte. Läs på lappen och skriv igen, eller be din rektor om en ny."
        return
    guesses.found(whence)
    del st.session_state[CODE_FIELD]
    mine.by_code = (found, round_.name, visitor)


def _not_a_code(written: str) -> str:
    signs = len(plain_code(written))
    if not signs:
        return "Skriv koden som står på lappen från din rektor."
    if signs != CODE_LENGTH:
        return f"En kod har {CODE_LENGTH} tecken. Du skrev {signs}."
    return "En kod har bara bokstäverna A–Z utom I och O, och siffrorna 2–9. Läs på lappen och skriv igen."


def _span(wait: dt.timedelta) -> str:
    seconds = max(1, -(-wait // dt.timedelta(seconds=1)))
    if seconds < 90:
        return words.counted(seconds, "sekund", "sekunder")
    return words.counted(-(-seconds // 60), "minut", "minuter")


def address() -> str:
    """Where the visitor comes from, to count her mistyped codes: never kept, never logged.

    The web server has already put the address that the proxy saw last in the place of the proxy's own. Of
    the newer long addresses one subscriber has a whole range, so the range counts as one.
    """
    told = st.context.ip_address
    if not isinstance(told, str):
        return "this computer"
    try:
        found = ipaddress.ip_address(told)
    except ValueError:
        return told
    if found.version == 4:
        return str(found)
    return str(ipaddress.ip_network((int(found), 64), strict=False))


def begin() -> None:
    """Go to where something is left to answer."""
    if (found := _place_or_refusal()) is not None:
        go(str(found.form.first_open(found.desk.reply(found.who).levels) + 1))


def go(step: str, target: int = 0) -> None:
    """Go to another step of the form; it stands in the address, so that the back button works."""
    mine = seat()
    mine.trouble, mine.target = "", target
    mine.moves += 1
    if step:
        st.query_params[STEP_PARAMETER] = step
    else:
        st.query_params.pop(STEP_PARAMETER, None)


def leave() -> None:
    """Let somebody else sit down here; what is filled in stays on the server."""
    st.session_state[_SEAT] = Seat()
    st.query_params.pop(STEP_PARAMETER, None)


def answer(question: str) -> None:
    """Keep what was just chosen, if it is something to choose."""
    found = _place_or_refusal()
    if found is None:
        return
    level = st.session_state.get(field(question))
    try:
        if given := found.form.valid({question: level}):
            found.desk.fill_in(found.who, given)
            seat().trouble = ""
    except AnswerTrouble as trouble:
        seat().trouble = str(trouble)


def field(question: str) -> str:
    """The key of a question's field."""
    return f"level_{question}"


def send() -> None:
    """Send what is filled in. A second click finds that it has been done, and so does the desk."""
    mine, found = seat(), _place_or_refusal()
    if found is None or mine.is_sending:
        return
    try:
        found.desk.send(found.who, current.register(), current.today())
    except AnswerTrouble as trouble:
        mine.trouble = str(trouble)
        return
    go(RECEIPT)
    mine.is_sending, mine.sent_at = True, current.now()


def try_again() -> None:
    """Hand on once more what could not be written."""
    found = _place_or_refusal()
    if found is not None:
        found.desk.try_again(found.who)


def _place_or_refusal() -> Place | None:
    try:
        return place()
    except AnswerTrouble as trouble:
        seat().trouble = str(trouble)
        return None


def choose_school() -> None:
    """Answer for the school that was chosen, if it is one of hers."""
    code, round_ = st.session_state.get("answering_school"), entry.open_round(current.register())
    if round_ is not None and code in schools(current.visitor(), round_):
        seat().school, seat().is_choosing = code, False
        found = _place_or_refusal()
        if found is not None and found.desk.reply(found.who).levels:
            found.desk.fill_in(found.who, {})  # what is filled in already goes with her


def choose_anew() -> None:
    """Let her choose again among her schools, as long as nothing is sent."""
    seat().is_choosing = True


def has_other_schools(found: Place) -> bool:
    """Whether she could answer for another school instead."""
    return not found.who.by_code and len(schools(current.visitor(), found.round)) > 1
