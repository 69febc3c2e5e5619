"""A round: where it is and what is next, for the unit; how it goes, for a principal; and its log."""

import pandas as pd
import streamlit as st

from pages.components import (
    current,
    drawing,
    inviting_parts,
    notices,
    open_rounds,
    participation_parts,
    round_desk,
    round_forms,
    words,
)
from pages.components.round_desk import Kind, Wish
from pages.components.round_step_parts import BUTTONS, confirmation, outcome, show, told, work
from services.answering import entry
from services.domain.access import Deed, Visitor
from services.domain.round import Round, RoundStatus, Withheld
from services.errors import Trouble
from services.next_steps import is_over
from services.register import Register
from services.round_log import Happening, log_of
from services.round_standing import Standing, round_in_focus, standing

STEPS = (RoundStatus.PLANNED, RoundStatus.OPEN, RoundStatus.CLOSED, RoundStatus.PUBLISHED)
_NEXT = {
    Standing.PLANNED: (Kind.OPEN, "Nästa steg: öppna", ""),
    Standing.OPEN: (Kind.CLOSE, "När tiden är ute: stäng", ""),
    Standing.HALF_CLOSED: (
        Kind.CLOSE,
        "Stängningen är inte klar",
        "Omgången började stängas men blev inte klar, eller så är den stängd för hand i kalkylbladet. Ingen "
        "kan svara, och inget har gått förlorat. Stäng den igen här, så görs det som är kvar.",
    ),
    Standing.CLOSED: (Kind.PUBLISH, "Nästa steg: publicera", ""),
}
"""What is done next, under which heading, and what is to be known first."""

_STUCK = {
    Standing.OPENED_BY_HAND: (
        "Omgången är öppnad för hand i kalkylbladet, så servern har ingen hemlighet för den och ingen kan "
        "svara. Sätt tillbaka Status till Planerad i bladet Omgångar, och öppna omgången här."
    ),
    Standing.PUBLISHED_UNCLOSED: (
        "Omgången är publicerad för hand utan att ha stängts här, så svar kan ligga kvar i inkorgen. Sätt "
        "Status till Öppen i bladet Omgångar, stäng omgången här och publicera den igen."
    ),
    Standing.UNKNOWN: (
        "Det går inte att läsa omgångens status. Rätta den under Kontroll, så kan ni gå vidare här."
    ),
}


def opening(visitor: Visitor) -> None:
    """The heading, and the question that this visitor has."""
    asked = (
        "Var är omgången, vad är nästa steg, och vilka skolor behöver hjälp att nå fram?"
        if visitor.may(Deed.RUN_ROUNDS)
        else "Hur många på din skola har svarat, och hur bjuder du in resten?"
    )
    notices.opening("Självskattning", asked)


def choose(register: Register, visitor: Visitor) -> Round | None:
    """Let the visitor choose the round; the one that something is to be done with comes first."""
    if not register.rounds:
        if not visitor.may(Deed.RUN_ROUNDS):
            st.info("Det finns ingen omgång än. När Digitaliseringsenheten har förberett en står den här.")
        return None
    first = round_in_focus(register)
    chosen = notices.choose_round(register, first.name if first else None)
    if chosen is not None:
        _lead_on(register, chosen)
    return chosen


def conducted(register: Register, visitor: Visitor, round_: Round | None) -> None:
    """All that the unit does with a round, and with none."""
    work()
    outcome()
    if round_ is not None:
        _conducted(register, visitor, round_)
        _withheld(register, round_)
        _log(register, round_)
    round_forms.prepare(register)
    confirmation()


def followed(register: Register, visitor: Visitor, round_: Round) -> None:
    """What a principal is told of a round, and how many have answered at her schools."""
    parts = register.school_rounds.get(round_.name, {})
    mine = [code for code in parts if visitor.may_follow(code)]
    name = words.plain(round_.name)
    if not mine:
        st.info(f"Din skola är inte med i omgång {name}. Är det fel, så hör av dig till enheten.")
        return
    match round_.status:
        case RoundStatus.PLANNED:
            days = f"{words.date(round_.opens)} till {words.date(round_.closes)}"
            st.info(f"Omgång {name} är planerad: {days}. När den öppnar finns länk och koder här.")
        case RoundStatus.OPEN:
            st.markdown("Ingen ser några resultat förrän omgången är stängd och publicerad.")
        case RoundStatus.CLOSED:
            st.info(f"Omgång {name} är stängd. Resultatet visas när enheten har publicerat den.")
        case RoundStatus.PUBLISHED:
            st.markdown(f"Omgång {name} är publicerad. Resultatet finns på skolans sida.")
            st.page_link("school.py", label="Till Skola")
    participation_parts.draw(register, visitor, round_)
    if round_.status is RoundStatus.OPEN:
        _inviting(register, visitor, round_)


def _inviting(register: Register, visitor: Visitor, round_: Round) -> None:
    if _standing(register, round_) is not None:  # which makes the demo's round ready
        inviting_parts.section(register, visitor, round_)


def _lead_on(register: Register, chosen: Round) -> None:
    """Lead from a round that is done with to the one that something is to be done with."""
    other = round_in_focus(register)
    if other is None or other == chosen or not chosen.is_published or other.is_published:
        return
    name = words.plain(other.name)
    with st.container(horizontal=True, vertical_alignment="center", key="round_focus"):
        st.markdown(f"Omgång {name} är {(other.status or RoundStatus.PLANNED).value.lower()}.")
        st.button(f"Visa omgång {name}", on_click=show, args=(other.name,), key="round_show")


def _conducted(register: Register, visitor: Visitor, round_: Round) -> None:
    """Where the round is, who has answered, and the next step: first where it is what there is to do."""
    found = _standing(register, round_)
    if found is None:
        return
    _steps(round_)
    # As long as people answer, who they are that don't is what there is to see.
    waits = found is Standing.OPEN and not is_over(register, round_, current.today())
    if not waits:
        _what_next(register, round_, found)
    participation_parts.draw(register, visitor, round_)
    round_forms.extend(register, round_)
    if waits:
        _next_step(register, round_, found)


def _what_next(register: Register, round_: Round, found: Standing) -> None:
    if stuck := _STUCK.get(found):
        st.warning(stuck)
    elif found is Standing.WAITS_FOR_FORMS:
        st.info("Omgången är stängd och har inga svar än. Läs in dem från Google Forms, och kom tillbaka.")
        st.page_link("forms.py", label="Till Formulärsvar")
    elif found is Standing.PUBLISHED:
        st.markdown("Omgången är klar. Resultaten finns i Översikt, Skola och Certifiering.")
        st.page_link("overview.py", label="Till Översikt")
    else:
        _next_step(register, round_, found)


def _standing(register: Register, round_: Round) -> Standing | None:
    """None, with a word on why, where the server does not get at its own disk."""
    try:
        secrets = open_rounds.secrets()
        if round_.status is RoundStatus.OPEN:
            entry.make_ready(register, secrets, round_)
        return standing(register, round_, secrets, round_desk.is_sealed(round_.name, round_.status))
    except Trouble as trouble:
        st.error(words.plain(str(trouble)))
        return None


def _steps(round_: Round) -> None:
    if round_.status is None:
        return
    at = STEPS.index(round_.status)
    said = [
        f"**{one.value}** (nu)" if place == at else f"{one.value}{' ✓' * (place < at)}"
        for place, one in enumerate(STEPS)
    ]
    st.markdown(" → ".join(said))
    if round_.status is RoundStatus.OPEN and round_.closes is not None:
        days = (round_.closes - current.today()).days
        left = f" {words.counted(days, 'dag', 'dagar')} kvar." if days > 0 else ""
        st.markdown(f"Personalen kan svara till och med {words.date(round_.closes)}.{left}")


def _next_step(register: Register, round_: Round, found: Standing) -> None:
    kind, heading, first = _NEXT[found]
    mine = round_desk.desk()
    with st.container(border=True, key="round_next"):
        st.header(heading)
        if first:
            st.warning(first)
        plan = Wish(kind, round_.name).plan(register)
        told(plan)
        st.button(
            BUTTONS[kind],
            on_click=round_desk.ask,
            args=(kind, round_.name),
            type="primary",
            disabled=bool(plan.obstacles) or mine.doing is not None,
            key="round_next_step",
        )


def _withheld(register: Register, round_: Round) -> None:
    """Which late changes of a published round are not shown, and why."""
    rows = [one for one in register.withheld if one.round == round_.name]
    if not rows:
        return
    st.header(
        words.counted(len(rows), "skolas sena ändringar visas inte", "skolors sena ändringar visas inte")
    )
    st.markdown(
        f"Svaren i svar-{words.plain(round_.name)} är ändrade sedan omgången publicerades. Skolans gamla "
        f"siffror står kvar tills minst {round_.least_answers} personers svar skiljer sig i allt som är "
        "ändrat: i varje fråga, i varje delområde och sammanlagt. Annars kunde den som jämför före och "
        "efter räkna ut vad enstaka personer har svarat."
    )
    drawing.show_table(pd.DataFrame([_withheld_row(register, one) for one in rows]))
    st.caption("Är ändringen ett misstag, så ändra tillbaka i kalkylbladet. Då försvinner raden.")


def _withheld_row(register: Register, one: Withheld) -> dict[str, str]:
    return {
        "Skola": register.school_name(one.school),
        "Minst antal svar som skiljer sig": words.whole(one.rows),
    }


def _log(register: Register, round_: Round) -> None:
    """What has been done with the round, the latest first."""
    st.header("Logg")
    found = log_of(register, round_.name)
    if not found:
        st.markdown("Inget är gjort med omgången i appen än. Det ni gör här skrivs i loggen.")
        return
    drawing.show_table(pd.DataFrame([_log_row(one) for one in found]))
    st.caption("Hela loggen finns i bladet Logg.")


def _log_row(one: Happening) -> dict[str, str]:
    at = one.at.astimezone(current.TIME_ZONE) if one.at else None
    return {
        "När": f"{words.date(at.date())} {words.clock(at)}" if at else words.NOTHING,
        "Vem": one.who,
        "Vad": one.event,
        "Ändrat": "; ".join(one.changes),
    }
