"""How many have answered at each school, as a chart and as its table twin."""

from collections.abc import Sequence

import altair as alt
import pandas as pd

from pages.components import words
from pages.components.charts import ACCENT, LINE_COLOUR, ink
from services.participation import Participation

ROW, AXIS = 26, 48
_WIDEST = 145
"""The axis goes on beyond 100 %, to leave room for the labels."""

_PLACE = alt.EncodingSortField(field="ordning", op="min")
_COLUMNS = ["skola", "ordning", "svarat", "väntat", "text", "läge"]


def bars(frame: pd.DataFrame, wanted: float, dark: bool) -> alt.LayerChart:
    """A bar a school; columns skola, ordning, svarat, väntat (per cent), text, läge.

    `wanted` is the per cent that the rules want, drawn as a line; 0 where they want none.
    """
    row = alt.Y(
        "skola:N",
        sort=_PLACE,
        title=None,
        axis=alt.Axis(labelLimit=150, ticks=False, domain=False, labelOverlap=False),
    )
    axis = alt.Axis(
        values=[0, 25, 50, 75, 100], labelExpr="datum.value + ' %'", title=None, grid=True, labelFlush=True
    )
    scale = alt.Scale(domain=[0, _WIDEST], nice=False, clamp=True)
    base = alt.Chart(frame).encode(y=row)
    tooltip = [
        alt.Tooltip("skola:N", title="Skola"),
        alt.Tooltip("text:N", title="Har svarat"),
        alt.Tooltip("läge:N", title="Läge"),
    ]
    # A bar of no length can't be seen nor pointed at: the school's own words tell the same.
    expected = (
        base.transform_filter("datum.väntat > 0")
        .mark_bar(height=16, color=ACCENT, opacity=0.28)
        .encode(x=alt.X("väntat:Q", scale=scale, axis=axis), tooltip=tooltip)
    )
    answered = (
        base.transform_filter("datum.svarat > 0")
        .mark_bar(height=16, color=ACCENT)
        .encode(x=alt.X("svarat:Q", scale=scale, axis=axis), tooltip=tooltip)
    )
    labels = base.mark_text(align="left", dx=6, fontSize=12, color=ink(dark)).encode(
        x=alt.datum(100, scale=scale), text="text:N", tooltip=tooltip
    )
    layers = [expected, answered, labels]
    if wanted:
        line = alt.Chart(pd.DataFrame({"krav": [wanted]})).mark_rule(color=LINE_COLOUR, strokeWidth=2)
        layers.append(line.encode(x=alt.X("krav:Q", scale=scale)))
    return alt.layer(*layers).properties(height=ROW * max(1, len(frame)) + AXIS)


def frame(rows: Sequence[Participation]) -> pd.DataFrame:
    """The schools as `bars` draws them, in their order; two schools of one name are told apart."""
    names = [row.name for row in rows]
    found = [
        {
            "skola": row.name if names.count(row.name) == 1 else f"{row.name} ({row.school})",
            "ordning": place,
            "svarat": _per_cent(row.answered, row.staff),
            "väntat": _per_cent(row.answered if row.projected is None else row.projected, row.staff),
            "text": of_all(row.answered, row.staff),
            "läge": row.need.value,
        }
        for place, row in enumerate(rows)
    ]
    return pd.DataFrame(found, columns=_COLUMNS)


def table(rows: Sequence[Participation], *, is_open: bool) -> pd.DataFrame:
    """The same as a table; what is expected and until when only while it is open."""
    found = []
    for row in rows:
        line = {
            "Skola": row.name,
            "Läge": row.need.value,
            "Har svarat": words.whole(row.answered),
            "Anställda": words.whole(row.staff),
            "Svarsfrekvens": words.percent(row.rate),
        }
        if is_open:
            line |= {"Väntas till slut": words.whole(row.projected), "Sista dag": words.date(row.last_day)}
        found.append(line)
    return pd.DataFrame(found)


def of_all(answered: int, staff: int | None) -> str:
    """How many of how many: 23 av 37."""
    return f"{words.whole(answered)} av {words.whole(staff)}" if staff else words.whole(answered)


def _per_cent(count: int, staff: int | None) -> int:
    return min(100, round(100 * count / staff)) if staff else 0
