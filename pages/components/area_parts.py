"""The parts of Delområden."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from pages.components import charts, current, drawing, frames, words
from pages.components.address import choose
from services.domain.figures import RoundFigures
from services.domain.question import Area
from services.overview import QuestionRow, SchoolRow

AREA_PARAMETER = "omrade"


def choose_area(areas: Sequence[Area]) -> Area | None:
    """Let the visitor choose the area."""
    by_key = {str(area.number): area for area in areas}
    key = choose(AREA_PARAMETER, "Delområde", list(by_key), lambda one: frames.area_label(by_key[one]))
    if key is None:
        st.info("Det finns inga delområden än. Lägg till dem i bladet Delområden.")
        return None
    if by_key[key].description:
        st.write(words.plain(by_key[key].description))
    return by_key[key]


def key_row(area: Area, figures: RoundFigures, rows: Sequence[QuestionRow]) -> None:
    """The area in four numbers."""
    city = figures.city.area(area.number)
    if city is None or city.level_staff is None:
        st.info("Ingen skola har så många svar att delområdet kan visas.")
        return
    told = sum(row.told for row in rows)
    drawing.key_numbers(
        [
            ("Nivå", words.number(city.level_staff), "Medelnivån 1–4 för den genomsnittliga medarbetaren."),
            ("Spridning", words.number(city.spread, 2), "Standardavvikelsen mellan skolornas nivåer."),
            (
                "De flesta skolor",
                f"{words.number(city.low)}–{words.number(city.high)}",
                "Åtta av tio skolor ligger här. Den lägsta och den högsta tiondelen är borträknade.",
            ),
            (
                "Ändrade frågor",
                words.whole(told),
                "Frågor som har ändrats minst 0,1 sedan förra omgången, och mer än slumpen förklarar.",
            ),
        ]
    )
    if city.level_school is not None and abs(city.level_school - city.level_staff) >= 0.05 - 1e-9:
        st.caption(
            f"Räknat per skola är nivån {words.number(city.level_school, 2)}, räknat per medarbetare "
            f"{words.number(city.level_staff, 2)}: skolor av olika storlek ligger olika."
        )


def questions(area: Area, rows: Sequence[QuestionRow]) -> None:
    """The questions from lowest to highest, as bars that part in the middle."""
    shown = [row for row in rows if row.city.shares is not None]
    if not shown:
        return
    frame = frames.parted(
        (f"{row.question.id}: {words.number(row.city.mean)}", row.question.statement, row.city.shares)
        for row in shown
        if row.city.shares is not None
    )
    lowest = shown[0]
    st.header(f"Lägst: {words.plain(lowest.question.statement)}")
    st.caption("Frågorna från lägst till högst. Talet efter kolon är medelnivån i staden.")
    drawing.chart(
        charts.levels,
        frame,
        alt=f"Frågorna i {area.name} från lägst till högst; lägst är {lowest.question.statement}",
    )
    drawing.bullet_list(
        [
            f"**{words.plain(row.question.id)}** {words.plain(row.question.statement)}{_change_words(row)}"
            for row in shown
        ]
    )
    drawing.as_table(_question_table(shown))


def _change_words(row: QuestionRow) -> str:
    if not row.told or row.change is None:
        return ""
    return f" **({words.signed(row.change.difference)} sedan förra omgången)**"


def _question_table(rows: Sequence[QuestionRow]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "Fråga": row.question.id,
                "Påstående": row.question.statement,
                "Nivå": words.number(row.city.mean),
                **{
                    name: words.percent(share)
                    for name, share in zip(charts.LEVEL_NAMES, row.city.shares or (), strict=False)
                },
                "Kan inte bedöma": words.percent(row.city.unable),
                "Spridning mellan skolor": words.number(row.spread, 2),
                "Sedan förra omgången": words.signed(row.change.difference)
                if row.told and row.change
                else words.NOTHING,
            }
            for row in rows
        ]
    )


def differing(rows: Sequence[QuestionRow]) -> None:
    """The questions on which schools differ most."""
    known = sorted((row for row in rows if row.spread is not None), key=lambda row: -(row.spread or 0.0))
    if not known:
        return
    st.header("Här skiljer sig skolorna mest åt")
    drawing.bullet_list(
        [
            f"{words.plain(row.question.statement)} Spridning {words.number(row.spread, 2)}."
            for row in known[:3]
        ]
    )


def spread(area: Area, rows: Sequence[SchoolRow], figures: RoundFigures) -> None:
    """Every school's level in the area."""
    points, marks = frames.spread(rows, figures)
    label = frames.row_label(area)
    points, marks = points[points["rad"] == label], marks[marks["rad"] == label]
    if not len(points):
        return
    table = points.rename(columns={"skola": "Skola", "text": "Nivå"})[["Skola", "Nivå"]]
    city = figures.city.area(area.number)
    between = f"{words.number(city.low)} till {words.number(city.high)}" if city and city.low else ""
    drawing.figure(
        f"De flesta skolor ligger från {between}" if between else "Skolornas nivåer",
        charts.spread,
        points,
        marks,
        current.theme_is_dark(),
        table=table,
        note="Varje streck är en skola. I bandet ligger åtta av tio skolor, och romben är den genomsnittliga "
        "medarbetaren.",
        key="area_spread",
    )
