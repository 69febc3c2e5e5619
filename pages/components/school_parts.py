"""The parts of Skola."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from pages.components import charts, current, drawing, frames, refusals, verdicts, words
from pages.components.address import choose
from services.certifying import SchoolStanding, level_line
from services.comparing import Segment
from services.domain.access import Visitor
from services.domain.process import Standing
from services.domain.question import Area
from services.domain.round import Round
from services.domain.school import SchoolCode
from services.overview import area_changes
from services.planning import actions_of
from services.profile import AreaBeside, Profile, QuestionBeside
from services.publishing import LEAST_FOR_QUESTIONS
from services.register import Register

BESIDE_NOTE = (
    "Punkten är skolan och romben är staden. Bandet visar osäkerheten: hela personalens nivå ligger "
    "där med 90 procents säkerhet. Det stående strecket är gränsen i kriteriet."
)


def choose_school(visitor: Visitor, round_: Round) -> SchoolCode | None:
    """Let the visitor choose among the schools she may see."""
    register = current.register()
    options = current.schools(visitor, round_.name)
    asked = SchoolCode(st.query_params.get(current.SCHOOL_PARAMETER, ""))
    if asked in register.schools and not visitor.may_open_school(asked):
        refusals.note("school", visitor)
    if not options:
        st.info("Ingen av dina skolor är med i den här omgången. Välj en annan omgång.")
        return None
    code = choose(
        current.SCHOOL_PARAMETER, "Skola", options, lambda one: register.school_name(SchoolCode(one))
    )
    return SchoolCode(code) if code else None


def heading(found: Profile, standing: SchoolStanding | None) -> None:
    """The school's name and its key figures."""
    st.header(words.plain(found.name))
    drawing.key_numbers(key_pairs(found, standing))


def key_pairs(found: Profile, standing: SchoolStanding | None) -> list[tuple[str, str, str | None]]:
    """The school's key figures, as (label, value, help)."""
    pairs: list[tuple[str, str, str | None]] = [
        ("Svar", f"{words.whole(found.figures.n)} av {words.whole(found.figures.staff)}", None),
        ("Svarsfrekvens", words.percent(found.figures.response_rate), None),
    ]
    if standing is not None and found.figures.shown:
        pairs.append(("Kriterierna", words.STATUS_WORDS[standing.verdict.status], None))
    if standing is not None and (found.figures.shown or standing.standing is not Standing.NOT_YET):
        pairs.append(("Läge i processen", standing.standing.value, None))
    return pairs


def not_shown(found: Profile, round_: Round) -> bool:
    """Say why the school may not be shown, if so; whether it was."""
    if found.figures.shown:
        return False
    st.info(
        f"Visas inte: färre än {round_.least_answers} svar. Så skyddas de som har svarat. "
        "När fler svarar i nästa omgång visas skolan igen."
    )
    return True


def areas(register: Register, found: Profile, round_: Round) -> None:
    """The five areas beside the city's, with interval and line."""
    lines = {one.area.number: level_line(register, round_.name, one.area.number) for one in found.areas}
    drawn = [one for one in found.areas if one.school.level is not None]
    if not drawn:
        st.info("Inget delområde har så många svar att det kan visas.")
        return
    frame = frames.beside(drawn, lines)
    drawing.figure(
        beside_words(drawn),
        charts.beside_the_city,
        frame.drop(columns="delområde"),
        current.theme_is_dark(),
        table=beside_table(drawn, frame),
        note=BESIDE_NOTE,
        key="areas",
    )


def beside_table(drawn: Sequence[AreaBeside], frame: pd.DataFrame) -> pd.DataFrame:
    """The school's areas as a table, from the frame of their chart."""
    table = frame.rename(columns={"delområde": "Delområde", "text": "Skolan", "stadstext": "Staden"})
    table["Osäkerhet"] = [
        f"{words.number(one.interval.low)}–{words.number(one.interval.high)}"
        if one.interval
        else words.NOTHING
        for one in drawn
    ]
    return table[["Delområde", "Skolan", "Osäkerhet", "Staden"]]


def beside_words(drawn: Sequence[AreaBeside]) -> str:
    """How many areas are over the city's, as they are written: equal figures are not over each other."""
    pairs = [
        (words.number(one.school.level), words.number(one.city.level_staff))
        for one in drawn
        if one.city is not None and one.city.level_staff is not None
    ]
    if not pairs:
        return "Skolans delområden"
    above = sum(school > city for school, city in pairs)
    return f"Skolan ligger över staden i {above} av {words.counted(len(pairs), 'delområde', 'delområden')}"


def criteria(register: Register, standing: SchoolStanding | None) -> None:
    """The verdict, criterion by criterion."""
    if standing is None:
        st.info("Omgångens regelversion har inga kriterier, så skolan kan inte bedömas.")
        return
    missed = standing.verdict.shortfalls
    st.header(
        "Skolan uppfyller alla kriterier"
        if not missed
        else f"{words.counted(len(missed), 'kriterium', 'kriterier')} återstår att uppfylla"
    )
    drawing.show_table(verdicts.findings_table(register, standing.verdict))
    st.caption(verdicts.SURE_WORDS)


def years(
    register: Register,
    visitor: Visitor,
    round_name: str,
    code: SchoolCode,
    histories: Sequence[tuple[Area, tuple[Segment, ...]]],
) -> None:
    """The school's areas over the years, if what it has become is the visitor's to see."""
    here = register.today_of(code)
    if not histories or not visitor.may_open_school(here):
        return
    told = {one.area: one for one in area_changes(register, round_name, here) if one.told}
    st.header(
        f"{words.counted(len(told), 'delområde', 'delområden')} har ändrats sedan förra omgången"
        if told
        else "Ingen säker förändring sedan förra omgången"
    )
    st.caption("Räknat på de frågor som åren har gemensamt. Små skillnader kan vara slump.")
    drawn = [(area, frames.years(segments, here)) for area, segments in histories]
    with st.grid(3, min_column_width=220):
        for area, frame in drawn:
            with st.container(border=True, height="stretch"):
                st.markdown(f"**{words.plain(frames.area_label(area))}**")
                drawing.chart(
                    charts.years,
                    frame,
                    current.theme_is_dark(),
                    alt=f"{area.name} över åren: {', '.join(frame['text'])}",
                )
                if area.number in told:
                    st.caption(f"{words.signed(told[area.number].change.difference)} sedan förra omgången.")
    drawing.as_table(frames.years_table(drawn))


def highlights(found: Profile) -> None:
    """Strongest, weakest, and where colleagues see things differently: for an APT."""
    if not found.questions:
        return
    st.header("Att tala om på en APT")
    cards = (
        ("Starkast", found.strongest(), "Vad gör vi som andra kan lära av?"),
        ("Svagast", found.weakest(), "Vad skulle göra störst skillnad?"),
        ("Här går svaren isär", found.disagreements(), "Vad lägger vi in i nivåerna, och vem märker vad?"),
    )
    with st.grid(3, min_column_width=220):
        for title, questions_, ask in cards:
            with st.container(border=True, height="stretch"):
                st.markdown(f"**{title}**")
                if questions_:
                    drawing.bullet_list([_question_words(one, in_steps=found.in_steps) for one in questions_])
                    st.caption(ask)
                else:
                    st.write("Svaren är ganska samstämmiga i alla frågor.")


def _question_words(one: QuestionBeside, *, in_steps: bool) -> str:
    two = " Svaren samlas på två nivåer." if one.has_two_peaks else ""
    return f"{words.plain(one.question.statement)} **{mean_of(one, in_steps=in_steps)}**{two}"


def mean_of(one: QuestionBeside, *, in_steps: bool) -> str:
    """A question's level as it may be written."""
    return words.mean_of_few(one.school.mean) if in_steps else words.number(one.school.mean)


def questions(found: Profile) -> None:
    """Every question with its distribution and the city's mark, area by area."""
    if not found.questions:
        st.info(
            f"Enskilda frågor visas först när minst {LEAST_FOR_QUESTIONS} har svarat. "
            "Delområdena ovan bygger på alla svar."
        )
        return
    st.header("Fråga för fråga")
    st.caption("Talet efter kolon är skolans medelnivå, och inom parentes står stadens.")
    if found.in_steps:
        st.caption("Få har svarat, så andelarna är avrundade till närmaste femtal.")
    for one in found.areas:
        mine = [question for question in found.questions if question.question.area == one.area.number]
        shown = [question for question in mine if question.school.shares is not None]
        if not shown:
            continue
        frame = frames.parted(
            (
                (
                    question_label(question, in_steps=found.in_steps),
                    question.question.statement,
                    question.school.shares,
                )
                for question in shown
                if question.school.shares is not None
            ),
            in_steps=found.in_steps,
        )
        st.markdown(f"**{words.plain(frames.area_label(one.area))}**")
        drawing.chart(
            charts.levels,
            frame,
            alt=f"Svaren på frågorna i {one.area.name}",
        )
        drawing.as_table(question_table(shown, in_steps=found.in_steps), "Visa frågorna i ord och som tabell")


def question_label(one: QuestionBeside, *, in_steps: bool) -> str:
    """A question in a chart: its id, the school's level, and the city's in brackets."""
    city = words.number(one.city.mean) if one.city else words.NOTHING
    return f"{one.question.id}: {mean_of(one, in_steps=in_steps)} ({city})"


def question_table(questions_: Sequence[QuestionBeside], *, in_steps: bool) -> pd.DataFrame:
    """A row a question: the school, the city, and how the answers are spread."""
    write = words.percent_in_steps if in_steps else words.percent
    return pd.DataFrame(
        [
            {
                "Fråga": one.question.id,
                "Påstående": one.question.statement,
                "Skolan": mean_of(one, in_steps=in_steps),
                "Staden": words.number(one.city.mean) if one.city else words.NOTHING,
                **{
                    name: write(share)
                    for name, share in zip(charts.LEVEL_NAMES, one.school.shares or (), strict=False)
                },
                "Kan inte bedöma": write(one.school.unable),
            }
            for one in questions_
        ]
    )


def plan(register: Register, visitor: Visitor, code: SchoolCode) -> None:
    """The school's actions; of what it has become only if that is the visitor's to see."""
    st.header("Handlingsplan")
    all_hers = visitor.may_open_school(register.today_of(code))
    found = [one for one in actions_of(register, code) if all_hers or visitor.may_open_school(one.school)]
    if not found:
        st.info("Skolan har inga insatser än. De skrivs i bladet Handlingsplan.")
        return
    drawing.show_table(
        pd.DataFrame(
            [
                {
                    "Mål": one.goal,
                    "Aktivitet": one.activity,
                    "Ansvarig roll": one.responsible,
                    "Klart senast": words.date(one.due),
                    "Status": one.status.value if one.status else words.NOTHING,
                }
                for one in found
            ]
        )
    )
