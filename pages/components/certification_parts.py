"""The parts of Certifiering."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from pages.components import charts, current, drawing, school_parts, verdicts, words
from services.certifying import SchoolStanding, candidates_by_line, simulate
from services.domain.access import Deed, Visitor
from services.domain.process import Standing
from services.domain.round import Round
from services.domain.rules import Criterion, Measure, Status
from services.domain.school import SchoolCode
from services.errors import UnknownChoice
from services.register import Register

_OUTCOME = {
    Status.MET: "uppfyller alla kriterier",
    Status.NEAR: "är nära att uppfylla alla kriterier",
    Status.NOT_YET: "uppfyller inte alla kriterier ännu",
    Status.NO_BASIS: "kan inte bedömas",
}


def question(visitor: Visitor) -> str:
    """What the page answers: a principal sees her own schools only."""
    if visitor.may(Deed.OPEN_ALL_SCHOOLS):
        return "Vilka skolor uppfyller kriterierna, och vad fattas för de andra?"
    return "Uppfyller skolan kriterierna, och vad fattas annars?"


def rules(register: Register, round_: Round) -> bool:
    """State the rules that are judged by; whether there are any."""
    try:
        criteria = register.rules(round_.rules_version)
    except UnknownChoice as trouble:
        st.warning(words.plain(str(trouble)))
        return False
    broken = [one for one in criteria if one.measure is None or one.line is None]
    if broken:
        numbers = words.listed([str(one.number) for one in broken])
        st.warning(
            f"Kriterium {numbers} i bladet Regler går inte att läsa. Ingen skola kan uppfylla det förrän "
            "det är rättat; se Kontroll."
        )
    said = words.listed([_criterion_words(register, one) for one in criteria if one not in broken])
    st.caption(f"Regelversion {words.plain(round_.rules_version or '')}: {words.plain(said)}.")
    return True


def _criterion_words(register: Register, criterion: Criterion) -> str:
    assert criterion.measure is not None
    line = words.line_of(criterion.measure, criterion.line)
    name = criterion.measure.value.lower()
    if not criterion.measure.is_of_an_area:
        return f"{name} minst {line}"
    return f"{name} minst {line} i {_area_name(register, criterion) or 'varje delområde'}"


def _area_name(register: Register, criterion: Criterion) -> str:
    return next((one.name for one in register.areas if one.number == criterion.area), "")


def summary(found: Sequence[SchoolStanding]) -> None:
    """How many schools there are of each outcome."""
    counts = {status: sum(one.verdict.status is status for one in found) for status in Status}
    drawing.key_numbers(
        [(words.STATUS_WORDS[status], words.whole(count), None) for status, count in counts.items()]
    )


def _with(found: Sequence[SchoolStanding], status: Status) -> list[SchoolStanding]:
    return [one for one in found if one.verdict.status is status]


def candidates(register: Register, found: Sequence[SchoolStanding]) -> None:
    """Those that qualify, with every figure."""
    met = _with(found, Status.MET)
    if not met:
        st.header("Ingen skola uppfyller alla kriterier")
        return
    st.header(f"{words.counted(len(met), 'skola', 'skolor')} uppfyller alla kriterier och kan ansöka")
    drawing.show_table(verdicts.candidates_table(met))
    st.caption(" · ".join(words.plain(f"{area.number} {area.name}") for area in register.areas))


def near(register: Register, found: Sequence[SchoolStanding]) -> None:
    """Those within reach, with what they miss."""
    close = _with(found, Status.NEAR)
    if close:
        st.header(f"{words.counted(len(close), 'skola', 'skolor')} är nära")
        st.caption("Det enda som fattas är en nivå, och den ligger högst 0,1 eller ett mätfel under gränsen.")
        drawing.show_table(verdicts.near_table(register, close))
        st.caption(verdicts.SURE_WORDS)


def not_yet(register: Register, found: Sequence[SchoolStanding]) -> None:
    """The others, out of the way until asked for."""
    others = [*_with(found, Status.NOT_YET), *_with(found, Status.NO_BASIS)]
    if others:
        label = f"{words.counted(len(others), 'skola', 'skolor')} har mer kvar eller saknar underlag"
        drawing.as_table(verdicts.shortfalls_table(register, others), label)


def one_school(register: Register, visitor: Visitor, round_: Round, found: Sequence[SchoolStanding]) -> None:
    """Every finding of the school that is chosen."""
    st.header("En skola, kriterium för kriterium")
    code = school_parts.choose_school(visitor, round_)
    one = next((one for one in found if one.school == code), None)
    if one is None:
        return
    on_its_way = (
        f" Läge i processen: {one.standing.value.lower()}." if one.standing is not Standing.NOT_YET else ""
    )
    st.write(f"**{words.plain(one.name)}** {_OUTCOME[one.verdict.status]}.{on_its_way}")
    if one.verdict.status is Status.NO_BASIS:
        st.info(f"Visas inte: färre än {round_.least_answers} svar.")
    else:
        drawing.show_table(verdicts.findings_table(register, one.verdict))
        st.caption(verdicts.SURE_WORDS)


def simulator(register: Register, visitor: Visitor, round_: Round) -> None:
    """Move the lines and see who comes in and who falls out; nothing is saved."""
    st.header("Pröva andra gränser")
    st.caption("Ingenting sparas och inget ändras i reglerna.")
    lines: dict[int, float] = {}
    criteria = [one for one in register.rules(round_.rules_version) if one.measure and one.line is not None]
    with st.grid(3, min_column_width=220):
        for criterion in criteria:
            lines[criterion.number] = _line_input(register, criterion, round_.name)
    found = simulate(register, round_.name, lines)
    may_see = [code for code in found.qualified if visitor.may_open_school(code)]
    st.write(
        f"**{words.counted(len(may_see), 'skola', 'skolor')}** uppfyller alla kriterier med de här gränserna."
    )
    come, go = st.columns(2)
    come.markdown(_names(register, "Kommer med", found.entering))
    go.markdown(_names(register, "Faller bort", found.leaving))
    level = next((one for one in criteria if one.measure is Measure.LEVEL), None)
    if level is not None:
        _by_line(register, round_, level)


def _by_line(register: Register, round_: Round, level: Criterion) -> None:
    """How many schools would qualify if only the line of the level were another."""
    assert level.line is not None
    frame = pd.DataFrame(candidates_by_line(register, round_.name, level.number), columns=["gräns", "antal"])
    table = pd.DataFrame(
        {"Gräns": [words.exactly(line) for line in frame["gräns"]], "Skolor": frame["antal"].map(words.whole)}
    )
    now = words.counted(len(simulate(register, round_.name, {}).qualified), "skola", "skolor")
    where = _area_name(register, level)
    drawing.figure(
        f"Med gränsen {words.line_of(level.measure, level.line)} uppfyller {now} alla kriterier",
        charts.by_line,
        frame,
        level.line,
        current.theme_is_dark(),
        table=table,
        note="Så många skolor uppfyller alla kriterier om bara gränsen för medelnivån"
        f"{f' i {words.plain(where)}' if where else ''} är en annan.",
        key="by_line",
    )


def _line_input(register: Register, criterion: Criterion, round_name: str) -> float:
    """A line to try, among those that make sense for the measure; its own line to begin with."""
    assert criterion.measure is not None and criterion.line is not None
    options = sorted({*_lines_to_try(criterion.measure), criterion.line})
    chosen = st.selectbox(
        words.plain(f"{criterion.measure.value} {_area_name(register, criterion)}"),
        options,
        index=options.index(criterion.line),
        format_func=lambda line: words.line_of(criterion.measure, line),
        key=f"line_{round_name}_{criterion.version}_{criterion.number}",
    )
    # The browser may send anything; only the lines that were offered are tried.
    return chosen if chosen in options else criterion.line


def _lines_to_try(measure: Measure) -> tuple[float, ...]:
    if measure in (Measure.SHARE_SECURE, Measure.RESPONSE_RATE):
        return tuple(step / 20 for step in range(21))
    if measure is Measure.ANSWERS:
        return tuple(float(count) for count in range(5, 55, 5))
    return tuple(step / 10 for step in range(10, 41))


def _names(register: Register, heading: str, codes: Sequence[SchoolCode]) -> str:
    if not codes:
        return f"**{heading}:** ingen"
    names = sorted((register.school_name(code) for code in codes), key=str.casefold)
    return f"**{heading}:** {words.plain(words.listed(names))}"
