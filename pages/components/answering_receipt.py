"""What becomes of an answer: the receipt, who can see what of it, and the way out."""

import streamlit as st

from pages.components import answering_seat, current, notices, words
from pages.components.answering_entry import school_name
from pages.components.answering_seat import REVIEW, Place
from pages.components.gate import living
from services.answering.round_file import Reply
from services.domain.access import Page
from services.errors import AnswerTrouble
from services.publishing import LEAST_FOR_EXACT_SHARES, LEAST_FOR_QUESTIONS
from services.writing.deeds import Outcome, Received, Refused, Saved

PATIENCE, FEW = 1.0, 20
"""Seconds to wait for "Sparat" before "Mottaget" is said, and as long as how many answers are on their way:
among hundreds who send at the same moment nobody would see it, and all would wait for nothing."""

LOOK_AGAIN = "4s"


def receipt(found: Place, reply: Reply) -> None:
    """That it has come, when, and what she can do with it until the round closes."""
    st.header("Tack för ditt svar")
    outcome = st.container()
    if reply.is_changed:
        st.warning("Du har ändrat ditt svar men inte skickat ändringen. Svaret som du skickade gäller.")
        st.button("Granska och skicka ändringen", on_click=answering_seat.go, args=(REVIEW,), key="review")
    answered, asked = found.form.answered(reply.sent or {}), len(found.form.questions)
    st.markdown(
        f"Svaret gäller **{school_name(found.who.school)}** i omgång {words.plain(found.round.name)} "
        f"och omfattar {answered} av {asked} frågor. "
        "Du kan ändra det tills omgången stänger. Det senaste du skickar räknas."
    )
    with st.container(key="answering_nav", horizontal=True):
        st.button("Ändra svaret", on_click=answering_seat.go, args=("1",), key="change")
        leave_button(found)
    as_the_principal_sees_it(found)
    st.header("Så skyddas ditt svar")
    protection()
    with outcome:  # last, as it may be waited for
        _outcome_so_far(found)


def _outcome_so_far(found: Place) -> None:
    """Whether it stands in the sheet yet; if not, it is looked at again until it does."""
    mine = answering_seat.seat()
    outcome: Outcome | None = Received()
    if not mine.is_sending or current.writer().status().waiting <= FEW:
        outcome = _outcome(found, PATIENCE if mine.is_sending else 0.0)
    mine.is_sending = False
    if isinstance(outcome, Received):
        mine.is_received = True
        _while_on_its_way()
    else:
        _tell(outcome)


@living(Page.ANSWER, every=LOOK_AGAIN)
def _while_on_its_way() -> None:
    mine = answering_seat.seat()
    if not mine.is_received:  # else it has been looked at just now
        try:
            found = answering_seat.place()
        except AnswerTrouble:
            found = None
        if found is None or not isinstance(_outcome(found, 0.0), Received):
            st.rerun()
    mine.is_received = False
    _tell(Received())


def _outcome(found: Place, patience: float) -> Outcome | None:
    try:
        return found.desk.outcome(found.who, current.register(), patience)
    except AnswerTrouble as trouble:
        st.warning(words.plain(str(trouble)))
        return None


def _tell(outcome: Outcome | None) -> None:
    at = answering_seat.seat().sent_at
    when = f" Skickat {notices.moment(at)}." if at is not None else ""
    match outcome:
        case Saved():
            st.success(f"**Sparat.** Ditt svar är på plats.{when}")
        case Received():
            st.success(
                f"**Mottaget.** Ditt svar ligger tryggt på servern och skrivs in så snart det går.{when} "
                "Du kan stänga sidan."
            )
        case Refused():
            st.error(
                "Ditt svar ligger kvar på servern men kunde inte skrivas in. Försök igen. "
                "Hjälper det inte, säg till din rektor."
            )
            st.button("Försök igen", on_click=answering_seat.try_again, key="again")
        case None:
            pass


def leave_button(found: Place) -> None:
    """The way out; whoever has a code hands the screen over to the next."""
    if found.who.by_code:
        st.button("Lämna plats åt nästa", on_click=answering_seat.leave, key="leave")
    else:
        st.page_link("start.py", label="Till startsidan")


def protection() -> None:
    """How an answer is protected, as it is and no better."""
    st.markdown(
        "Ditt svar är **konfidentiellt medan omgången är öppen och avidentifierat när den stängts**.\n\n"
        "- Ditt namn och din e-post sparas aldrig bredvid svaret. Där står en nyckel, för att du ska kunna "
        "ändra dig och för att det ska bli ett svar per person.\n"
        "- Medan omgången är öppen skulle den som sköter servern, med mycket möda, kunna koppla nyckeln "
        "till dig. Ingen får göra det, och ingen annan kan det.\n"
        "- När omgången stängs förstörs nyckeln och svaren blandas. Sedan kan ingen ta reda på vem som "
        "har svarat vad, inte heller vi."
    )


def as_the_principal_sees_it(found: Place) -> None:
    """What the principal will see of her school's answers, by how many have answered so far."""
    school = found.who.school
    part = current.register().school_rounds[found.round.name].get(school)
    answered = current.register().participation.get(found.round.name, {}).get(school, 0)
    staff = part.staff if part is not None else None
    st.header("Så ser rektor ditt svar")
    of_all = f" av {words.whole(max(staff, answered))}" if staff else ""
    st.markdown(
        f"Hittills har **{words.whole(answered)}{of_all}** svarat på {school_name(school)}. "
        f"{_what_shows(answered, found.round.least_answers)}"
    )
    st.markdown(
        "Rektor ser aldrig ett enskilt svar, och inte vem som har svarat. Medan omgången är öppen ser "
        "ingen något resultat alls, bara hur många som har svarat."
    )


def _what_shows(answered: int, least: int) -> str:
    if answered < least:
        return (
            f"Så länge färre än {least} har svarat visas ingenting från skolan, "
            "inte ens när omgången är publicerad."
        )
    areas = (
        "När omgången är publicerad ser rektor skolans nivå i varje delområde "
        f"där minst {least} har svarat på minst hälften av frågorna"
    )
    if answered < LEAST_FOR_QUESTIONS:
        return f"{areas}, men inga enskilda frågor. De visas från {LEAST_FOR_QUESTIONS} svar."
    if answered < LEAST_FOR_EXACT_SHARES:
        return (
            f"{areas}, och varje fråga med andelar avrundade till närmaste femtal. "
            f"Exakta andelar visas först när minst {LEAST_FOR_EXACT_SHARES} har svarat."
        )
    return f"{areas}, och hur svaren på varje fråga fördelar sig."
