"""Charts: pure functions from rounded frames to Altair, one palette, levels always 1–4.

A frame that is drawn reaches the browser, so it holds what is shown and nothing more: figures rounded
as they are written, and no school that may not be seen. Text is written in Swedish beforehand.
"""

import altair as alt
import pandas as pd

LEVEL_NAMES = ("Påbörjad", "Aktiverad", "Trygg", "Välutvecklad")

LEVEL_COLOURS = ("#9a4a00", "#f0b27a", "#8cc0cc", "#11606f")
"""From brown to teal: told apart by colour-blind readers, and by lightness in print."""

HEAT_COLOURS = ("#f3e3d3", "#e7f5f8", "#81b7c5", "#116373", "#003a46")
HIDDEN_COLOUR = "#e3e7e9"
ACCENT = "#1f798b"
LINE_COLOUR = "#b4540a"

_AXIS_WORDS = "[[], ['1', 'Påbörjad'], ['2', 'Aktiverad'], ['3', 'Trygg'], ['4', 'Väl-', 'utvecklad']]"

LEVEL_AXIS = alt.Axis(
    values=[1, 2, 3, 4],
    labelExpr=f"{_AXIS_WORDS}[datum.value]",
    title=None,
    grid=True,
    labelOverlap=False,
    labelFlush=True,
)
SHORT_LEVEL_AXIS = alt.Axis(values=[1, 2, 3, 4], format="d", title=None, grid=True)
ROW_AXIS = alt.Axis(
    labelExpr="split(datum.label, '|')",
    labelLimit=190,
    labelLineHeight=13,
    labelOverlap=False,
    ticks=False,
    domain=False,
)
"""Labels of rows: a bar (|) begins a new line, so that they leave room for the chart on a phone."""

ROW_HEIGHT, AXIS_HEIGHT, LEGEND_HEIGHT = 54, 64, 60
"""What a row, the axis below them and the legend above them need, in pixels."""

LEVEL_SCALE = alt.Scale(domain=[1, 4], nice=False, clamp=True)


def ink(dark: bool) -> str:
    """The colour of text drawn inside a chart, on the page's own background."""
    return "#e6edef" if dark else "#0e181c"


def heat_map(frame: pd.DataFrame) -> alt.LayerChart:
    """Schools × areas; columns skola, ordning, kod, delområde (its number and name), nivå (or NaN), text."""
    picked = alt.selection_point(name="picked", fields=["kod"], empty=False)
    rows = alt.Y(
        "skola:N",
        # Said outright: schools without a figure would otherwise come last. By number: names listed here
        # would become part of an expression, and what is in a cell is never part of a program.
        sort=alt.EncodingSortField(field="ordning", op="min"),
        title=None,
        axis=alt.Axis(labelLimit=190, labelFlush=False, labelBaseline="middle", ticks=False, domain=False),
    )
    columns = alt.X(
        "delområde:N",
        sort=None,
        title=None,
        axis=alt.Axis(
            orient="top", labelAngle=0, ticks=False, domain=False, labelExpr="split(datum.label, ' ')[0]"
        ),
    )
    base = alt.Chart(frame).encode(x=columns, y=rows)
    cells = base.mark_rect(stroke="white", strokeWidth=1, cursor="pointer").encode(
        color=alt.Color(
            "nivå:Q", scale=alt.Scale(domain=[1, 2, 2.75, 3.4, 4], range=list(HEAT_COLOURS)), legend=None
        ),
        tooltip=[
            alt.Tooltip("skola:N", title="Skola"),
            alt.Tooltip("delområde:N", title="Delområde"),
            alt.Tooltip("text:N", title="Nivå"),
        ],
    )
    figures = base.mark_text(fontSize=12, cursor="pointer").encode(
        text="text:N",
        # Either colour has a contrast of at least 4.5 to the cell behind it, on every level.
        color=alt.condition("datum.nivå >= 3.15", alt.value("#ffffff"), alt.value("#0e181c")),
    )
    hidden = base.transform_filter("!isValid(datum.nivå)").mark_rect(
        stroke="white", strokeWidth=1, color=HIDDEN_COLOUR
    )
    return (cells.add_params(picked) + hidden + figures).properties(height=21 * frame["kod"].nunique() + 54)


def years(frame: pd.DataFrame, dark: bool) -> alt.LayerChart:
    """One area over the years; columns omgång, nivå, text, del (lines break between parts)."""
    rounds = alt.X("omgång:O", title=None, axis=alt.Axis(labelAngle=0))
    level = alt.Y("nivå:Q", scale=LEVEL_SCALE, axis=SHORT_LEVEL_AXIS)
    base = alt.Chart(frame).encode(x=rounds, y=level, detail="del:N")
    line = base.mark_line(color=ACCENT, strokeWidth=2.5)
    points = base.mark_point(color=ACCENT, filled=True, size=60, opacity=1).encode(
        tooltip=[alt.Tooltip("omgång:N", title="Omgång"), alt.Tooltip("text:N", title="Nivå")]
    )
    labels = base.mark_text(dy=-12, fontSize=12, color=ink(dark)).encode(text="text:N")
    return (line + points + labels).properties(height=170)


def spread(frame: pd.DataFrame, marks: pd.DataFrame, dark: bool) -> alt.LayerChart:
    """Every school on each row; columns rad, skola, nivå, text, and of marks rad, låg, hög, mitt, text."""
    row = alt.Y("rad:N", sort=None, title=None, axis=ROW_AXIS)
    level = alt.X("nivå:Q", scale=LEVEL_SCALE, axis=LEVEL_AXIS)
    deciles = (
        alt.Chart(marks)
        .mark_bar(height=22, color=ACCENT, opacity=0.22)
        .encode(y=row, x=alt.X("låg:Q", scale=LEVEL_SCALE, axis=LEVEL_AXIS), x2="hög:Q")
    )
    schools = (
        alt.Chart(frame)
        .mark_tick(color=ACCENT, thickness=2, size=20, opacity=0.55)
        .encode(
            y=row,
            x=level,
            tooltip=[alt.Tooltip("skola:N", title="Skola"), alt.Tooltip("text:N", title="Nivå")],
        )
    )
    mean = (
        alt.Chart(marks)
        .mark_point(shape="diamond", filled=True, size=110, color=LINE_COLOUR, opacity=1)
        .encode(y=row, x="mitt:Q")
    )
    labels = (
        alt.Chart(marks)
        .mark_text(dy=-19, fontSize=12, color=ink(dark))
        .encode(y=row, x="mitt:Q", text="text:N")
    )
    return (deciles + schools + mean + labels).properties(height=ROW_HEIGHT * len(marks) + AXIS_HEIGHT)


def beside_the_city(frame: pd.DataFrame, dark: bool) -> alt.LayerChart:
    """A school's areas with interval, and the city's mark; rad, nivå, text, låg, hög, staden, gräns."""
    row = alt.Y("rad:N", sort=None, title=None, axis=ROW_AXIS)
    base = alt.Chart(frame).encode(y=row)
    axis = alt.X("låg:Q", scale=LEVEL_SCALE, axis=LEVEL_AXIS)
    reach = base.mark_bar(height=12, color=ACCENT, opacity=0.3).encode(x=axis, x2="hög:Q")
    line = base.mark_tick(color=LINE_COLOUR, thickness=2, size=34).encode(x="gräns:Q")
    city = base.mark_point(shape="diamond", size=90, color=ink(dark), strokeWidth=2).encode(x="staden:Q")
    school = base.mark_point(filled=True, size=110, color=ACCENT, opacity=1).encode(
        x="nivå:Q",
        tooltip=[
            alt.Tooltip("rad:N", title="Delområde"),
            alt.Tooltip("text:N", title="Skolan"),
            alt.Tooltip("stadstext:N", title="Staden"),
        ],
    )
    labels = base.mark_text(dy=-17, fontSize=12, fontWeight="bold", color=ink(dark)).encode(
        x="nivå:Q", text="text:N"
    )
    return (reach + line + city + school + labels).properties(height=ROW_HEIGHT * len(frame) + AXIS_HEIGHT)


def levels(frame: pd.DataFrame) -> alt.LayerChart:
    """Bars that part between Aktiverad and Trygg; rad, fråga, nivå (name), från, till, mitt, text."""
    row = alt.Y(
        "rad:N",
        sort=None,
        title=None,
        axis=ROW_AXIS,
    )
    scale = alt.Scale(domain=[-100, 100])
    axis = alt.Axis(labels=False, ticks=False, grid=False, title=None, domain=False)
    base = alt.Chart(frame).encode(y=row)
    bars = base.mark_bar(height=20).encode(
        x=alt.X("från:Q", scale=scale, axis=axis),
        x2="till:Q",
        color=alt.Color(
            "nivå:N",
            sort=list(LEVEL_NAMES),
            scale=alt.Scale(domain=list(LEVEL_NAMES), range=list(LEVEL_COLOURS)),
            legend=alt.Legend(orient="top", title=None, columns=2),
        ),
        tooltip=[
            alt.Tooltip("fråga:N", title="Fråga"),
            alt.Tooltip("nivå:N", title="Nivå"),
            alt.Tooltip("text:N", title="Andel"),
        ],
    )
    figures = base.mark_text(fontSize=11).encode(
        x=alt.X("mitt:Q", scale=scale),
        # A figure is drawn where its part of the bar has room for it; the domain is 200 wide.
        text=alt.condition("(datum.till - datum.från) * width / 200 > 30", "text:N", alt.value("")),
        color=alt.condition(
            "datum.nivå == 'Påbörjad' || datum.nivå == 'Välutvecklad'",
            alt.value("#ffffff"),
            alt.value("#0e181c"),
        ),
    )
    lines = [label.count("|") + 1 for label in frame["rad"].unique()]
    row_height = max([26, *(13 * count + 8 for count in lines)])
    return (bars + figures).properties(height=row_height * max(1, len(lines)) + LEGEND_HEIGHT)


def by_line(frame: pd.DataFrame, line: float, dark: bool) -> alt.LayerChart:
    """How many schools would qualify at each line of the level; columns gräns, antal."""
    lowest, highest = min(2.4, line), max(3.6, line)
    base = alt.Chart(frame).encode(
        x=alt.X(
            "gräns:Q",
            scale=alt.Scale(domain=[lowest, highest], nice=False),
            axis=alt.Axis(
                title="Gräns för medelnivå",
                values=[2.4, 2.6, 2.8, 3.0, 3.2, 3.4, 3.6],
                labelExpr="replace(format(datum.value, '.1f'), '.', ',')",
            ),
        ),
        y=alt.Y("antal:Q", axis=alt.Axis(title="Skolor som uppfyller", tickMinStep=1)),
    )
    steps = base.mark_line(interpolate="step-after", color=ACCENT, strokeWidth=2.5)
    here = (
        alt.Chart(pd.DataFrame({"gräns": [line]}))
        .mark_rule(color=LINE_COLOUR, strokeWidth=2)
        .encode(x="gräns:Q")
    )
    label = (
        alt.Chart(pd.DataFrame({"gräns": [line], "text": ["gränsen nu"]}))
        .mark_text(align="left", dx=6, color=ink(dark), fontSize=12)
        .encode(x="gräns:Q", y=alt.value(8), text="text:N")
    )
    return (steps + here + label).properties(height=300)
