"""What the start page says to each role."""

import datetime as dt

import pandas as pd
import streamlit as st

from pages.components import drawing, entering, words
from services.domain.access import Page, Role, Visitor
from services.domain.plan import Action
from services.domain.question import Level
from services.domain.round import Round, RoundStatus
from services.next_steps import Doing, Step, next_steps
from services.register import Register
from services.telling_staff import AreaTold, Summary, summaries

_WAYS = {
    Page.OVERVIEW: (
        "overview.py",
        "Översikt",
        "Alla skolor i alla delområden, och vad som har ändrats.",
    ),
    Page.AREAS: ("areas.py", "Delområden", "Ett delområde i taget, fråga för fråga."),
    Page.SCHOOL: (
        "school.py",
        "Skola",
        "En skola bredvid staden: styrkor, svagheter och sådant att tala om.",
    ),
    Page.CERTIFICATION: (
        "certification.py",
        "Certifiering",
        "Vilka kriterier som är uppfyllda, och vad som fattas.",
    ),
    Page.PROCESS_YEAR: (
        "process_year.py",
        "Processåret",
        "Lärtillfällen, underlag och besök på vägen mot certifieringen.",
    ),
    Page.ACTION_PLAN: (
        "action_plan.py",
        "Handlingsplan",
        "Vad skolan gör åt det den såg, och om det gjorde skillnad.",
    ),
    Page.SELF_ASSESSMENT: (
        "self_assessment.py",
        "Självskattning",
        "Omgången från början till slut, och hur många som har svarat.",
    ),
    Page.TALK: ("talk.py", "Samtalsläge", "Frågorna på storbild, att tala om i arbetslaget."),
    Page.ANSWER: ("answer.py", "Svara", "Ditt eget svar, och ändringar medan omgången är öppen."),
    Page.FORMS: ("forms.py", "Formulärsvar", "Svar från Google Forms, att läsa in i en omgång."),
    Page.CHECKS: ("checks.py", "Kontroll", "Det som inte går att läsa i kalkylbladen, cell för cell."),
}
_PAGE_OF = {
    Doing.ANSWER: Page.ANSWER,
    Doing.TAKE_IN: Page.FORMS,
    Doing.READ: Page.SCHOOL,
}


def welcome(visitor: Visitor) -> None:
    """The heading, and what the service is in two sentences."""
    st.title(f"Hej {words.plain(visitor.name)}!" if visitor.is_known else "Varje elevs bästa skola")
    st.write(
        "En gång om året skattar personalen på Malmös skolor hur långt skolan har kommit i sin "
        "digitalisering. Här syns var skolorna står, och vilka som kan söka certifiering."
    )


def who_may_enter(visitor: Visitor) -> None:
    """A visitor without a role: how to get on."""
    st.info(entering.why_not(visitor))
    entering.log_in_button()
    st.page_link("answer.py", label="Svara med en engångskod från din rektor")
    st.page_link("about.py", label="Läs om tjänsten och hur svaren skyddas")


def what_now(register: Register, visitor: Visitor, today: dt.date) -> None:
    """What is going on, what there is to do, what came of her answers, and the pages she can go to."""
    for round_ in register.rounds.values():
        if round_.status is RoundStatus.OPEN:
            st.info(_open_round(register, visitor, round_, today))
    _to_do(register, next_steps(register, visitor, today))
    if Role.STAFF in visitor.roles:
        _told(summaries(register, visitor))
    ways = [_WAYS[page] for page in _WAYS if visitor.may_open(page)]
    st.header("Hit kan du gå")
    with st.grid(3, min_column_width=260):
        for file, title, about in ways:
            with st.container(border=True, height="stretch"):
                st.page_link(file, label=f"**{title}**")
                st.write(about)


def _open_round(register: Register, visitor: Visitor, round_: Round, today: dt.date) -> str:
    text = f"Omgång {words.plain(round_.name)} är öppen"
    if round_.closes is not None:
        days = (round_.closes - today).days
        left = f", {words.counted(days, 'dag', 'dagar')} kvar" if days > 0 else ""
        text += f" till och med {words.date(round_.closes)}{left}"
    answered = register.participation.get(round_.name, {})
    parts = register.school_rounds.get(round_.name, {})
    mine = [code for code in parts if visitor.may_follow(code)]
    if not mine or not answered:
        return f"{text}."
    staff = sum(parts[code].staff or 0 for code in mine)
    have = sum(answered.get(code, 0) for code in mine)
    return f"{text}. {words.whole(have)} av {words.whole(staff)} har svarat."


def _to_do(register: Register, steps: tuple[Step, ...]) -> None:
    if not steps:
        return
    st.header("Att göra nu")
    for step in steps:
        file, title, _ = _WAYS[_PAGE_OF.get(step.doing, Page.SELF_ASSESSMENT)]
        with st.container(border=True):
            st.markdown(_what_to_do(register, step))
            st.page_link(file, label=f"**Till {title}**")


def _what_to_do(register: Register, step: Step) -> str:
    round_ = words.plain(step.round.name)
    schools = words.plain(words.listed([register.school_name(code) for code in step.schools]))
    return {
        Doing.ANSWER: f"Svara på självskattningen för {schools}. Det tar ungefär tio minuter, och du kan "
        "ändra ditt svar så länge omgången är öppen.",
        Doing.INVITE: f"Bjud in personalen på {schools} att svara. Länk, engångskoder och en påminnelse att "
        "kopiera finns färdiga.",
        Doing.OPEN: f"Omgång {round_} är planerad. Se över den och öppna den när det är dags.",
        Doing.FOLLOW: f"Se hur det går i omgång {round_}, och vilka skolor som behöver en påminnelse.",
        Doing.CLOSE: f"Sista dagen att svara i omgång {round_} är passerad. Stäng den.",
        Doing.TAKE_IN: f"Omgång {round_} är stängd och har inga svar än. Läs in dem från Google Forms.",
        Doing.PUBLISH: f"Omgång {round_} är stängd men inte publicerad. Publicera den när du har sett över "
        "svaren, så får skolorna se sina resultat.",
        Doing.READ: f"Omgång {round_} är publicerad. Se resultatet för {schools}, och tala om det i "
        "personalgruppen.",
    }[step.doing]


def _told(found: tuple[Summary, ...]) -> None:
    """What came of the answers, school by school."""
    for one in found:
        st.header(f"Så blev det på {words.plain(one.name)}")
        if not one.round:
            st.info("Ingen omgång är publicerad för skolan än. När den är det står det här vad ni svarade.")
        elif not one.is_shown:
            st.info(
                f"Svaren i omgång {words.plain(one.round)} visas inte: färre än {one.least} svar. Så skyddas "
                "de som har svarat."
            )
        else:
            drawing.bullet_list(_said(one))
            st.caption("Fråga för fråga visar rektor resultatet för er.")
        _plan(one)


def _said(one: Summary) -> list[str]:
    """Who answered, and the strongest and the weakest area."""
    rate = f" ({words.percent(one.response_rate)})" if one.response_rate is not None else ""
    who = f"{words.whole(one.answers)} av {words.whole(one.staff)}{rate}"
    lines = [f"I omgång {words.plain(one.round)} svarade {who}."]
    strongest, weakest = one.strongest, one.weakest
    if strongest is None or weakest is None:
        return [*lines, "Inget delområde har så många svar att det kan visas."]
    if words.number(strongest.level) == words.number(weakest.level):
        which = "Alla delområden ligger" if len(one.areas) > 1 else f"{_name(strongest)} ligger"
        return [*lines, f"{which} på {_level(strongest)}."]
    return [
        *lines,
        f"Starkast är {_name(strongest)}: {_level(strongest)}.",
        f"Mest att vinna finns i {_name(weakest)}: {_level(weakest)}.",
    ]


def _name(told: AreaTold) -> str:
    return f"**{words.plain(told.area.name)}**"


def _level(told: AreaTold) -> str:
    """The level in figures, and the nearest in words: 3,2 av 4, närmast Trygg."""
    written = float(words.number(told.level).replace(",", "."))
    nearest = Level(min(4, max(1, int(written + 0.5))))
    return f"{words.number(told.level)} av 4, närmast {nearest.label}"


def _plan(one: Summary) -> None:
    st.subheader("Det här gör skolan")
    if not one.actions:
        st.write("Skolan har inga insatser i sin handlingsplan än. Rektor skriver dem tillsammans med er.")
        return
    drawing.show_table(pd.DataFrame([_row(action) for action in one.actions]))


def _row(action: Action) -> dict[str, str]:
    return {
        "Insats": action.activity,
        "Mål": action.goal,
        "Klart senast": words.date(action.due),
        "Status": action.status.value if action.status else words.NOTHING,
    }
