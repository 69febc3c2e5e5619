"""What the schools work with: how many have actions in which area, and about which questions."""

import altair as alt
import pandas as pd
import streamlit as st

from pages.components import current, drawing, frames, words
from pages.components.charts import ACCENT, AXIS_HEIGHT, ROW_AXIS, ROW_HEIGHT, ink
from services.domain.access import Visitor
from services.planning import questions_worked_with, schools_without_plan, worked_with
from services.register import Register


def chart(frame: pd.DataFrame, dark: bool) -> alt.LayerChart:
    """How many schools have an action in each area; columns rad, skolor, text."""
    base = alt.Chart(frame).encode(y=alt.Y("rad:N", sort=None, title=None, axis=ROW_AXIS))
    scale = alt.Scale(domainMin=0, nice=True)
    bars = base.mark_bar(height=22, color=ACCENT).encode(
        x=alt.X("skolor:Q", title="Skolor", scale=scale, axis=alt.Axis(tickMinStep=1, format="d")),
        tooltip=[alt.Tooltip("rad:N", title="Delområde"), alt.Tooltip("skolor:Q", title="Skolor")],
    )
    labels = base.mark_text(align="left", dx=6, fontSize=12, color=ink(dark)).encode(
        x="skolor:Q", text="text:N"
    )
    return (bars + labels).properties(height=ROW_HEIGHT * len(frame) + AXIS_HEIGHT)


def city(register: Register, visitor: Visitor, round_name: str) -> None:
    """How many schools work with what, in actions that come from this round."""
    found = worked_with(register, visitor, round_name)
    most = max(found, key=lambda one: one.schools, default=None)
    leading = [one for one in found if most is not None and one.schools == most.schools]
    without = schools_without_plan(register, visitor, round_name)
    if most is None or not most.schools:
        st.info("Ingen skola har skrivit någon insats från den här omgången än.")
    else:
        frame = pd.DataFrame(
            [
                {
                    "rad": frames.row_label(one.area),
                    "skolor": one.schools,
                    "text": words.whole(one.schools),
                }
                for one in found
            ]
        )
        table = pd.DataFrame(
            [
                {
                    "Delområde": frames.area_label(one.area),
                    "Skolor med insats": words.whole(one.schools),
                    "Varav pågår eller planeras": words.whole(one.under_way),
                }
                for one in found
            ]
        )
        drawing.figure(
            f"Flest skolor arbetar med {words.listed([frames.area_label(one.area) for one in leading])}",
            chart,
            frame,
            current.theme_is_dark(),
            table=table,
            key="worked_with",
        )
        _questions(register, visitor, round_name)
    if without:
        with st.expander(f"{words.counted(len(without), 'skola', 'skolor')} utan insats från omgången"):
            drawing.bullet_list([words.plain(register.school_name(code)) for code in without])


def _questions(register: Register, visitor: Visitor, round_name: str) -> None:
    found = questions_worked_with(register, visitor, round_name)
    if found:
        drawing.as_table(
            pd.DataFrame(
                [
                    {
                        "Fråga": one.question.id,
                        "Påstående": one.question.statement,
                        "Skolor med insats": words.whole(one.schools),
                    }
                    for one in found
                ]
            ),
            "Visa vilka frågor skolorna arbetar med",
        )
