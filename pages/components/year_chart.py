"""A process year as a line of time: its sessions and the visits between them."""

import altair as alt
import pandas as pd

from pages.components.charts import ACCENT, LINE_COLOUR, ink


def year_chart(frame: pd.DataFrame, today: str, dark: bool) -> alt.LayerChart:
    """Columns dag (ISO), rad (Lärtillfällen or Besök), text (what it is), nr; `today` is an ISO day."""
    rows = alt.Y(
        "rad:N", title=None, sort=["Lärtillfällen", "Besök"], axis=alt.Axis(ticks=False, domain=False)
    )
    axis = alt.Axis(format="%-d/%-m", labelOverlap=True, tickCount=8)
    days = alt.X("dag:T", title=None, scale=alt.Scale(padding=16), axis=axis)
    told = [alt.Tooltip("dag:T", title="Dag", format="%Y-%m-%d"), alt.Tooltip("text:N", title="Vad")]
    base = alt.Chart(frame).encode(x=days, y=rows)
    points = base.mark_point(filled=True, opacity=1, size=170, color=ACCENT).encode(
        shape=alt.Shape("rad:N", legend=None), tooltip=told
    )
    labels = base.mark_text(dy=-18, fontSize=12, fontWeight="bold", color=ink(dark)).encode(text="nr:N")
    now = alt.Chart(pd.DataFrame({"dag": [today], "text": ["I dag"]})).encode(x="dag:T")
    rule = now.mark_rule(color=LINE_COLOUR, strokeDash=[5, 4], strokeWidth=2)
    word = now.mark_text(align="left", dx=5, y=8, color=ink(dark), fontSize=12).encode(text="text:N")
    return (rule + word + points + labels).properties(height=170)
