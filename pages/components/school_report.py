"""Skola on paper: the same figures, words and charts as the page shows, under the same rules."""

import datetime as dt
import json
from collections.abc import Sequence
from textwrap import wrap
from typing import Any

import altair as alt
import pandas as pd

from pages.components import charts, frames, verdicts, words
from pages.components.school_parts import (
    BESIDE_NOTE,
    beside_table,
    beside_words,
    key_pairs,
    mean_of,
    question_label,
    question_table,
)
from services.certifying import SchoolStanding, level_line
from services.domain.access import Visitor
from services.domain.round import Round
from services.domain.school import SchoolCode
from services.overview import area_changes
from services.planning import plan_of
from services.printing.school_reports import Points, PrintedChart, Report, Rows, Section
from services.printing.vector_charts import vector_chart
from services.profile import Profile, QuestionBeside, profile, school_histories, standing_of
from services.publishing import LEAST_FOR_QUESTIONS
from services.register import Register

WIDTH, HALF, THIRD = 700, 285, 205
"""Pixels of a chart as wide as the page, or of one of two or three beside each other."""


def report_of(
    register: Register, visitor: Visitor, round_: Round, code: SchoolCode, today: dt.date
) -> Report:
    """What is printed of a school. NotPermitted if it is not the visitor's to see."""
    found = profile(register, visitor, round_.name, code)
    standing = standing_of(register, visitor, round_.name, code, today)
    sections: list[Section] = []
    if not round_.is_published:
        sections.append(Section("Inga resultat än", (f"Omgång {round_.name} är inte publicerad.",)))
    elif not found.figures.shown:
        said = f"Visas inte: färre än {round_.least_answers} svar. Så skyddas de som har svarat."
        sections.append(Section("Skolan visas inte", (said,)))
    else:
        sections += [
            *_areas(register, found, round_),
            *_criteria(register, standing),
            *_years(register, visitor, round_.name, code),
            *_highlights(found),
            *_questions(found),
        ]
    sections.append(_plan(register, visitor, code))
    key = tuple((label, value) for label, value, _ in key_pairs(found, standing))
    printed = f"Utskrivet {words.date(today)} ur Varje elevs bästa skola – digital certifiering."
    return Report(found.name, round_.name, printed, key, tuple(sections))


def _chart(chart: alt.TopLevelMixin, width: int | None, *, alt_text: str) -> PrintedChart:
    spec: dict[str, Any] = chart.to_dict(validate=False)  # the page has drawn the same, validated
    spec.pop("config", None)
    if width is None:
        # Beside each other, charts have no width of their own for their expressions to ask for.
        spec = json.loads(json.dumps(spec).replace("* width / 200", f"* {HALF} / 200"))
    return PrintedChart("", vector_chart(spec, width), alt_text)


def _rows(table: pd.DataFrame) -> Rows:
    header = tuple(str(name) for name in table.columns)
    return (header, *(tuple(map(str, row)) for row in table.itertuples(index=False)))


def _areas(register: Register, found: Profile, round_: Round) -> list[Section]:
    lines = {one.area.number: level_line(register, round_.name, one.area.number) for one in found.areas}
    drawn = [one for one in found.areas if one.school.level is not None]
    if not drawn:
        return [Section("Delområden", ("Inget delområde har så många svar att det kan visas.",))]
    frame = frames.beside(drawn, lines)
    table, said = beside_table(drawn, frame), beside_words(drawn)
    levels = ", ".join(
        f"{name} {level}" for name, level in zip(table["Delområde"], table["Skolan"], strict=True)
    )
    drawing = charts.beside_the_city(frame.drop(columns="delområde"), False)
    shown = _chart(drawing, WIDTH, alt_text=f"{said}. Skolan: {levels}.")
    return [Section(said, (BESIDE_NOTE,), (shown,), rows=_rows(table), widths=(4, 1, 1.3, 1))]


def _criteria(register: Register, standing: SchoolStanding | None) -> list[Section]:
    if standing is None:
        return [Section("Kriterier", ("Omgångens regelversion har inga kriterier.",))]
    missed = standing.verdict.shortfalls
    heading = (
        f"{words.counted(len(missed), 'kriterium', 'kriterier')} återstår att uppfylla"
        if missed
        else "Skolan uppfyller alla kriterier"
    )
    rows = _rows(verdicts.findings_table(register, standing.verdict))
    return [
        Section(heading, (verdicts.SURE_WORDS,), rows=rows, widths=(3.6, 1, 0.9, 1.1, 1.1, 1.7, 1.8, 1.2))
    ]


def _years(register: Register, visitor: Visitor, round_name: str, code: SchoolCode) -> list[Section]:
    here = register.today_of(code)
    histories = school_histories(register, code)
    if not histories or not visitor.may_open_school(here):
        return []
    told = {one.area: one for one in area_changes(register, round_name, here) if one.told}
    heading = (
        f"{words.counted(len(told), 'delområde', 'delområden')} har ändrats sedan förra omgången"
        if told
        else "Ingen säker förändring sedan förra omgången"
    )
    # One drawing for all areas: a school's charts are most of the time that its report takes.
    drawn, said = [], []
    for area, segments in histories:
        frame = frames.years(segments, here)
        since = f" ({words.signed(told[area.number].change.difference)})" if area.number in told else ""
        label = frames.area_label(area) + since
        drawn.append(charts.years(frame, False).properties(width=THIRD, height=110, title=_title(label)))
        levels = zip(frame["omgång"], frame["text"], strict=True)
        said.append(f"{label}: " + ", ".join(f"{name} {text}" for name, text in levels))
    shown = _chart(alt.concat(*drawn, columns=3), None, alt_text=f"Åren. {'. '.join(said)}.")
    note = "Räknat på de frågor som åren har gemensamt. Små skillnader kan vara slump."
    table = frames.years_table([(area, frames.years(segments, here)) for area, segments in histories])
    rows = _years_rows(table)
    return [Section(heading, (note,), (shown,), rows=rows, widths=(4, *[1.0] * (len(rows[0]) - 1)))]


def _years_rows(table: pd.DataFrame) -> Rows:
    """A row an area and a column a year: the same figures, on a third of the paper."""
    wide = table.pivot(index="Delområde", columns="Omgång", values="Nivå").fillna(words.NOTHING)
    return _rows(wide.reset_index())


def _title(label: str) -> alt.TitleParams:
    return alt.TitleParams(wrap(label, 34), anchor="start", fontSize=12)


def _highlights(found: Profile) -> list[Section]:
    if not found.questions:
        return []
    cards = (
        ("Starkast: vad gör vi som andra kan lära av?", found.strongest()),
        ("Svagast: vad skulle göra störst skillnad?", found.weakest()),
        ("Här går svaren isär: vad lägger vi in i nivåerna, och vem märker vad?", found.disagreements()),
    )
    points = []
    for title, questions in cards:
        lines = [
            f"{one.question.statement} {mean_of(one, in_steps=found.in_steps)}"
            + (" (svaren samlas på två nivåer)" if one.has_two_peaks else "")
            for one in questions
        ]
        points.append(Points(title, tuple(lines or ["Svaren är ganska samstämmiga i alla frågor."])))
    return [Section("Att tala om på en APT", points=tuple(points))]


def _questions(found: Profile) -> list[Section]:
    if not found.questions:
        said = f"Enskilda frågor visas först när minst {LEAST_FOR_QUESTIONS} har svarat."
        return [Section("Fråga för fråga", (said,))]
    note = ["Talet efter kolon är skolans medelnivå, och inom parentes står stadens."]
    if found.in_steps:
        note.append("Få har svarat, så andelarna är avrundade till närmaste femtal.")
    by_area = [(frames.area_label(one.area), _shown_in(found, one.area.number)) for one in found.areas]
    by_area = [(label, shown) for label, shown in by_area if shown]
    drawn = [_question_chart(found, label, shown) for label, shown in by_area]
    if not drawn:
        return []
    said = (
        f"Svaren på frågorna i {words.listed([label for label, _ in by_area])}. Samma tal står i tabellerna."
    )
    shown_chart = _chart(alt.concat(*drawn, columns=2), None, alt_text=said)
    tables = (
        Section(
            label,
            rows=_rows(question_table(shown, in_steps=found.in_steps)),
            widths=(0.8, 5.2, 1, 1, 1.2, 1.2, 1, 1.5, 1.3),
            level=3,
        )
        for label, shown in by_area
    )
    return [Section("Fråga för fråga", tuple(note), (shown_chart,)), *tables]


def _shown_in(found: Profile, area: int) -> list[QuestionBeside]:
    return [one for one in found.questions if one.question.area == area and one.school.shares is not None]


def _question_chart(found: Profile, label: str, shown: Sequence[QuestionBeside]) -> alt.LayerChart:
    frame = frames.parted(
        (
            (question_label(one, in_steps=found.in_steps), one.question.statement, one.school.shares)
            for one in shown
            if one.school.shares is not None
        ),
        in_steps=found.in_steps,
    )
    chart = charts.levels(frame)
    return chart.properties(width=HALF, height=24 * len(shown), title=_title(label))


def _plan(register: Register, visitor: Visitor, code: SchoolCode) -> Section:
    found = plan_of(register, visitor, code)
    if not found:
        return Section("Handlingsplan", ("Skolan har inga insatser än.",))
    header = ("Mål", "Aktivitet", "Ansvarig roll", "Klart senast", "Status", "Uppföljning")
    rows = [
        (
            one.goal,
            one.activity,
            one.responsible,
            words.date(one.due),
            one.status.value if one.status else words.NOTHING,
            one.follow_up,
        )
        for one in found
    ]
    return Section("Handlingsplan", rows=(header, *rows), widths=(2.6, 2.8, 1.4, 1.3, 1, 2))
