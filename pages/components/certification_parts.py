"""The parts of Certifiering."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from pages.components import charts, current, drawing, school_parts, verdicts, words
from services.certifying import SchoolStanding, candidates_by_line, simulate
from services.domain.access import Visitor
from services.domain.round import Round
from services.domain.rules import Criterion, Measure, Status
from services.domain.school import SchoolCode
from services.errors import UnknownChoice
from services.register import Register


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
    line = words.measured(criterion.measure, criterion.line)
    name = criterion.measure.value.lower()
    if not criterion.measure.is_of_an_area:
        return f"{name} minst {line}"
    area = next((one.name for one in register.areas if one.number == criterion.area), None)
    return f"{name} minst {line} i {area or 'varje delområde'}"


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
        st.write("Titta under Nära: där finns de som har minst kvar.")
        return
    st.header(f"{words.counted(len(met), 'skola', 'skolor')} uppfyller alla kriterier och kan ansöka")
    drawing.show_table(verdicts.candidates_table(met))
    st.caption(" · ".join(words.plain(f"{area.number} {area.name}") for area in register.areas))


def near(register: Register, found: Sequence[SchoolStanding]) -> None:
    """Those within reach, with what they miss."""
    close = _with(found, Status.NEAR)
    if close:
        st.header(f"{words.counted(len(close), 'skola', 'skolor')} är nära")
        st.caption("Det enda som fattas är en nivå inom 0,1, eller inom mätningens osäkerhet.")
        drawing.show_table(verdicts.near_table(register, close))


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
    st.write(
        f"**{words.plain(one.name)}**: {words.STATUS_WORDS[one.verdict.status].lower()}. "
        f"Läge: {one.standing.value.lower()}."
    )
    if one.verdict.status is Status.NO_BASIS:
        st.info(f"Visas inte: färre än {round_.least_answers} svar.")
    else:
        drawing.show_table(verdicts.findings_table(register, one.verdict))


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
    may_see = [code for code in found.qualified if visitor.may_see(code)]
    st.write(f"**{words.counted(len(may_see), 'skola', 'skolor')}** skulle uppfylla alla kriterier.")
    come, go = st.columns(2)
    come.markdown(_names(register, "Kommer med", found.entering))
    go.markdown(_names(register, "Faller bort", found.leaving))
    level = next((one for one in criteria if one.measure is Measure.LEVEL), None)
    if level is not None and level.line is not None:
        counts = candidates_by_line(register, round_.name, level.number)
        frame = pd.DataFrame(counts, columns=["gräns", "antal"])
        table = frame.assign(Gräns=frame["gräns"].map(words.number), Skolor=frame["antal"])[
            ["Gräns", "Skolor"]
        ]
        now = next((count for line, count in counts if abs(line - (level.line or 0)) < 1e-9), None)
        drawing.figure(
            f"Med gränsen {words.number(level.line)} uppfyller {words.counted(now or 0, 'skola', 'skolor')}",
            charts.by_line(frame, level.line, current.theme_is_dark()),
            table,
            note="Antal skolor som uppfyller alla kriterier vid olika gränser för medelnivån.",
            key="by_line",
        )


def _line_input(register: Register, criterion: Criterion, round_name: str) -> float:
    """A line to try, among those that make sense for the measure; its own line to begin with."""
    assert criterion.measure is not None and criterion.line is not None
    area = next((one.name for one in register.areas if one.number == criterion.area), "")
    options = sorted({*_lines_to_try(criterion.measure), criterion.line})
    chosen = st.selectbox(
        f"{criterion.measure.value} {area}".strip(),
        options,
        index=options.index(criterion.line),
        format_func=lambda line: words.measured(criterion.measure, line),
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
