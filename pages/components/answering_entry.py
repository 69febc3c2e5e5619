"""Coming in to Svara: by login, by the school's link with a login, or by a one-time code."""

import streamlit as st

from pages.components import answering_seat, current, entering, open_rounds, words
from pages.components.answering_seat import CODE_FIELD, Place
from services.answering import entry
from services.answering.entry import When, Window
from services.domain.access import Visitor
from services.domain.round import Round
from services.domain.school import SchoolCode
from services.errors import AnswerTrouble
from services.forms.importing import is_forms_round
from services.register import Register

CODE_PARAMETER = "kod"
"""In the address of a link for those who have codes; a code itself never stands there."""


def round_to_answer(register: Register) -> Round | None:
    """The round that takes answers in the app; None, with a word on what to expect, where there is none."""
    round_ = entry.open_round(register)
    if round_ is None:
        st.info(_nothing_open(register))
        st.page_link("start.py", label="Till startsidan")
        return None
    if is_forms_round(register, round_.name):
        st.info(
            f"Omgång {words.plain(round_.name)} besvaras i Google Forms, inte här. "
            "Din rektor har länken till formuläret."
        )
        return None
    return round_


def _nothing_open(register: Register) -> str:
    coming = entry.next_round(register, current.today())
    when = f" Nästa omgång öppnar {words.date(coming.opens)}." if coming is not None else ""
    return f"Ingen självskattning är öppen just nu.{when} Din rektor säger till när det är dags att svara."


def come_in(register: Register, visitor: Visitor, round_: Round) -> Place | None:
    """Whoever may answer; None where she must first say which school, type a code or log in."""
    if st.query_params.get(CODE_PARAMETER):
        st.query_params[CODE_PARAMETER] = ""  # somebody has put a code in it: it is to be seen by nobody
    try:
        found = answering_seat.place()
    except AnswerTrouble as trouble:
        st.warning(words.plain(str(trouble)))
        return None
    schools = answering_seat.schools(visitor, round_)
    if found is not None:
        if CODE_PARAMETER in st.query_params and schools:
            st.info("Du är inloggad och svarar utan kod.")
        _tell_of_another_school(round_, found, schools)
        return found
    if len(schools) > 1:
        _school_choice(register, schools)
        return None
    _code_first(visitor, round_)
    return None


def _tell_of_another_school(round_: Round, found: Place, schools: tuple[SchoolCode, ...]) -> None:
    linked = st.query_params.get(current.SCHOOL_PARAMETER)
    known = current.register().school_rounds.get(round_.name, {})
    if linked and linked in known and linked != found.who.school and linked not in schools:
        st.info(f"Länken gäller en annan skola. Du svarar för {school_name(found.who.school)}.")


def school_name(code: SchoolCode) -> str:
    """The school's name as plain text."""
    return words.plain(current.register().school_name(code))


def _school_choice(register: Register, schools: tuple[SchoolCode, ...]) -> None:
    st.write(
        "Du arbetar på flera skolor och svarar för en av dem. Välj den där du arbetar mest. "
        "Efter att svaret är skickat går det inte att byta."
    )
    linked = st.query_params.get(current.SCHOOL_PARAMETER)
    with st.container(key="answering"):
        picked = st.radio(
            "Vilken skola svarar du för?",
            schools,
            index=schools.index(SchoolCode(linked)) if linked in schools else None,
            format_func=lambda code: words.plain(register.school_name(code)),
            key="answering_school",
        )
    st.button(
        "Fortsätt",
        on_click=answering_seat.choose_school,
        type="primary",
        disabled=picked is None,
        key="answering_school_chosen",
    )


def _code_first(visitor: Visitor, round_: Round) -> None:
    """The field for a code, and for whoever has none the way to log in or whom to ask."""
    _tell_of_missing_secret(round_)
    st.write(
        "Har du fått en lapp med en engångskod av din rektor? Skriv koden här. "
        "Koden visar vilken skola du arbetar på, men inte vem du är."
    )
    with st.form("code", clear_on_submit=False):
        st.text_input(
            "Engångskod",
            key=CODE_FIELD,
            placeholder="ABCD-EFGH-JKLM",
            max_chars=40,
            autocomplete="off",
        )
        st.form_submit_button("Gå till frågorna", on_click=answering_seat.try_code, type="primary")
    if refusal := answering_seat.seat().refusal:
        st.error(words.plain(refusal))
    st.header("Har du ingen kod?")
    if visitor.is_known:
        st.write(_known_but_not_in_the_round(visitor, round_))
    else:
        st.write(entering.why_not(visitor))
        entering.log_in_button()
    st.page_link("start.py", label="Till startsidan")


def _tell_of_missing_secret(round_: Round) -> None:
    try:
        open_rounds.secrets().of(round_.name)
    except AnswerTrouble as trouble:
        st.warning(words.plain(f"{trouble} Fråga Digitaliseringsenheten."))


def _known_but_not_in_the_round(visitor: Visitor, round_: Round) -> str:
    own = entry.own_schools(current.register(), visitor)
    if own:
        names = words.listed([school_name(code) for code in own])
        return f"{names} är inte med i omgång {words.plain(round_.name)}. Fråga din rektor."
    return (
        "Frågorna är för skolornas personal och rektorer. Du har ingen skola i tjänsten. "
        "Arbetar du på en skola? Be din rektor att lägga till dig."
    )


def is_open(found: Place, window: Window | None) -> bool:
    """Whether she may answer today; else say since when not, or from when."""
    school, name = school_name(found.who.school), words.plain(found.round.name)
    if found.desk.is_sealed:
        st.info(f"Omgång {name} stängs just nu och tar inte emot fler svar. {_what_became(found)}")
        return False
    if window is None:
        st.info(f"{school} är inte med i omgång {name}. Fråga din rektor om det ska vara så.")
        return False
    if window.when is When.NOT_YET:
        st.info(f"Omgång {name} öppnar för svar {words.date(window.first)}. Kom tillbaka då.")
        return False
    if window.when is When.OVER:
        st.info(
            f"Sista dagen att svara för {school} var {words.date(window.last)}. {_what_became(found)} "
            "Har många inte hunnit svara? Då kan rektor be Digitaliseringsenheten om några dagar till."
        )
        return False
    return True


def _what_became(found: Place) -> str:
    reply = found.desk.reply(found.who)
    if not reply.version:
        return "Du har inte skickat något svar."
    return "Svaret som du har skickat är med."
