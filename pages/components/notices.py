"""What stands above and around a page: the demo bar, what it answers, how fresh it is, what is missing."""

import datetime as dt

import streamlit as st

from pages.components import current, words
from pages.components.address import choose
from services.domain.access import Visitor
from services.domain.round import Round, RoundStatus
from services.reading import Copy
from services.register import Register

FRESH_EVERY = "2s"

_ROUND_WORDS = {
    RoundStatus.PLANNED: "planerad",
    RoundStatus.OPEN: "öppen",
    RoundStatus.CLOSED: "stängd, inte publicerad",
    RoundStatus.PUBLISHED: "publicerad",
    None: "status saknas",
}


def demo_bar() -> None:
    """Mark the register as invented, and without a login let the visitor choose whom to be."""
    day = current.demo_date()
    may_choose = current.visitor_is_chosen()
    if day is None and not may_choose:
        return
    with st.container(border=True, key="demo_bar"):
        said, choice = st.columns([3, 2], vertical_alignment="center")
        if day is not None:
            said.markdown(f"**Demoläge: påhittade svar.** Datum {words.date(day)}.")
        else:
            said.markdown("**Utan inloggning.** Tjänsten nås bara från den här datorn.")
        if may_choose:
            with choice:
                _choose_visitor()


def _choose_visitor() -> None:
    choose(
        current.CAST_PARAMETER,
        "Vem vill du vara?",
        ("", *current.DEMO_CAST),
        lambda key: current.DEMO_CAST.get(key, "Ingen, inte inloggad"),
        default="",
    )


def opening(title: str, answers: str) -> None:
    """The page's heading, the question it answers, and when its figures were fetched."""
    st.title(title)
    st.markdown(answers)
    st.caption(f"Hämtat {moment(current.copy().read_at)}")
    unreadable()


def moment(at: dt.datetime) -> str:
    """A time of day, with the day where it is not today: 09.41."""
    here, now = at.astimezone(current.TIME_ZONE), current.now()
    return f"{'' if here.date() == now.date() else f'{words.date(here.date())} '}{words.clock(here)}"


def unreadable() -> None:
    """Say what can't be read, and whether what is shown is from an earlier reading."""
    outage()
    for notice in current.copy().notices:
        if not notice.outage:
            kept = " Det som visas är från den senaste läsningen." if notice.kept else ""
            st.warning(words.plain(notice.sentence) + kept)


def outage() -> None:
    """Say that Google does not answer, where that is so, and from when what is shown is."""
    copy = current.copy()
    notices = [notice for notice in copy.notices if notice.outage]
    if notices:
        missing = [notice.spreadsheet for notice in notices if not notice.kept]
        lacking = (
            f" Det som står i {words.plain(words.listed(missing))} saknas tills vidare." if missing else ""
        )
        st.warning(f"Google svarar inte just nu. Det du ser är läst {moment(copy.read_at)}.{lacking}")


def choose_round(register: Register, first: str | None = None) -> Round | None:
    """Let the visitor choose the round; None, with a word on what to do, where there is none.

    Until she has chosen it is the `first`, or the latest published one.
    """
    names = sorted(register.rounds)
    if not names:
        st.info("Det finns ingen omgång än. Lägg till en i bladet Omgångar i kalkylbladet vebs.")
        return None
    name = choose(
        current.ROUND_PARAMETER,
        "Omgång",
        names[::-1],
        lambda one: f"{one} ({_ROUND_WORDS[register.rounds[one].status]})",
        default=first or current.round_name(),
    )
    return register.rounds[name] if name else None


def not_published(round_: Round) -> bool:
    """Say why there are no results, if there are none; whether that was so."""
    if round_.is_published:
        return False
    if round_.status is RoundStatus.OPEN:
        until = f" till och med {words.date(round_.closes)}" if round_.closes else ""
        st.info(
            f"Omgång {words.plain(round_.name)} är öppen{until}. Resultat visas först när den är publicerad."
        )
    else:
        st.info(f"Omgång {words.plain(round_.name)} är inte publicerad, så inga resultat visas än.")
    return True


def left_out(count: int, least: int) -> None:
    """State how many schools are left out, so that nobody wonders where they are."""
    if count:
        schools = words.counted(count, "skola har", "skolor har")
        them = "Den" if count == 1 else "De"
        st.caption(
            f"{schools} färre än {least} svar. {them} visas inte och räknas inte med i stadens nivåer."
        )


@st.fragment(run_every=FRESH_EVERY)
def watch(drawn: Copy, visitor: Visitor) -> None:
    """Draw the page again when the spreadsheets have changed, or what this visitor may see of them."""
    if current.is_stale(drawn) or current.visitor() != visitor:
        st.rerun()
