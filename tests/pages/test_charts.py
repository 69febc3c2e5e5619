"""Charts: one scale, the areas in their order, and no more in the data than what is drawn."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
import pytest

from pages.components import charts
from pages.components.words import NOTHING
from tests.pages.visiting import Opener, SentChart, Visit

ROWS = ["1 Ledarskap|och planering", "2 Digitala verktyg", "10 Resurser"]
NAMES = ["1 Ledarskap och planering", "2 Digitala verktyg", "10 Resurser"]
SPREAD = pd.DataFrame(
    {"rad": ROWS, "skola": ["Ek", "Al", "Bok"], "nivå": [3.0, 1.0, 4.0], "text": ["3,0"] * 3}
)
MARKS = pd.DataFrame({"rad": ROWS, "låg": 2.0, "hög": 3.5, "mitt": 2.8, "text": "2,8"})
BESIDE = pd.DataFrame(
    {
        "rad": ROWS,
        "nivå": [2.96, 1.0, 4.0],
        "text": ["2,96", "1,0", "4,0"],
        "låg": [2.9, 1.0, None],
        "hög": [3.1, 1.2, None],
        "staden": [2.8, 3.0, None],
        "stadstext": ["2,8", "3,0", "–"],
        "gräns": 3.0,
    }
)
YEARS = pd.DataFrame({"omgång": ["2019", "2021"], "nivå": [2.6, 2.8], "text": ["2,6", "2,8"], "del": "0"})
HEAT = pd.DataFrame(
    {
        "skola": "Ekskolan",
        "ordning": 0,
        "kod": "00123456",
        "delområde": NAMES,
        "nivå": [2.6, None, 4.0],
        "text": "2,6",
    }
)
BARS = pd.DataFrame(
    {
        "rad": np.repeat(ROWS, 4),
        "fråga": "Vi prövar.",
        "nivå": charts.LEVEL_NAMES * 3,
        "från": [-50, -25, 0, 25] * 3,
        "till": [-25, 0, 25, 50] * 3,
        "mitt": [-37.5, -12.5, 12.5, 37.5] * 3,
        "text": "25 %",
    }
)
LINES = pd.DataFrame({"gräns": [2.4, 3.0, 3.6], "antal": [50, 9, 0]})
DRAWN = {
    "years": lambda dark: charts.years(YEARS, dark),
    "spread": lambda dark: charts.spread(SPREAD, MARKS, dark),
    "beside_the_city": lambda dark: charts.beside_the_city(BESIDE, dark),
    "heat_map": lambda _: charts.heat_map(HEAT),
    "levels": lambda _: charts.levels(BARS),
    "by_line": lambda dark: charts.by_line(LINES, 3.0, dark),
}
OF_LEVELS = ("years", "spread", "beside_the_city")
both_modes = pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
every_chart = pytest.mark.parametrize("name", DRAWN)


def nodes(spec: Any) -> Iterator[Mapping[str, Any]]:
    """Every object of a specification, its data left out."""
    if isinstance(spec, Mapping):
        yield spec
        for key, value in spec.items():
            if key not in ("datasets", "data", "config"):
                yield from nodes(value)
    elif isinstance(spec, Sequence) and not isinstance(spec, str):
        for one in spec:
            yield from nodes(one)


def encodings(spec: Any, *channels: str) -> Iterator[Mapping[str, Any]]:
    for node in nodes(spec):
        found = node.get("encoding", {})
        yield from (found[channel] for channel in channels if channel in found)


def fields(spec: Any) -> set[str]:
    """Every column that is drawn, told in a tooltip, or decides how something looks."""
    named = {node["field"] for node in nodes(spec) if isinstance(node.get("field"), str)}
    picked = {field for node in nodes(spec) for field in node.get("fields", ()) if isinstance(field, str)}
    return named | picked | set(re.findall(r"datum\.(\w+)", json.dumps(spec, ensure_ascii=False)))


# --- Every function ----------------------------------------------------------------------------------


def test_every_chart_there_is_is_tried() -> None:
    made = {
        name
        for name, one in vars(charts).items()
        if callable(one) and getattr(one, "__annotations__", {}).get("return") is alt.LayerChart
    }
    assert made == set(DRAWN)


@both_modes
@pytest.mark.parametrize("name", OF_LEVELS)
def test_levels_are_drawn_from_one_to_four_whatever_the_data(name: str, dark: bool) -> None:
    spec = DRAWN[name](dark).to_dict()
    scales = [one["scale"] for one in encodings(spec, "x", "y") if "scale" in one]
    assert scales
    assert all(scale["domain"] == [1, 4] and scale["nice"] is False for scale in scales)
    assert all(
        one["axis"]["values"] == [1, 2, 3, 4]
        for one in encodings(spec, "x", "y")
        if "values" in one.get("axis", {})
    )


def test_the_heat_maps_colours_are_those_of_the_whole_scale_and_every_figure_can_be_read() -> None:
    spec = charts.heat_map(HEAT).to_dict()
    [scale] = [node["scale"] for node in nodes(spec) if "range" in node.get("scale", {})]
    assert (scale["domain"][0], scale["domain"][-1]) == (1, 4)
    [text] = [
        node for node in nodes(spec) if "datum.nivå >= 3.15" in str(node.get("test", node.get("condition")))
    ][:1]
    assert text
    for tenth in range(10, 41):
        ink = "#ffffff" if tenth / 10 >= 3.15 else "#0e181c"
        assert contrast(ink, colour_at(tenth / 10, scale["domain"], scale["range"])) >= 4.5


@pytest.mark.parametrize("name", ["spread", "beside_the_city", "levels"])
def test_rows_stand_in_the_order_of_the_areas_and_not_of_the_alphabet(name: str) -> None:
    rows = [one for one in encodings(DRAWN[name](False).to_dict(), "y") if one.get("field") == "rad"]
    assert rows
    assert all(one["sort"] is None for one in rows)


def test_the_heat_map_keeps_schools_and_areas_in_the_order_given() -> None:
    found = list(encodings(charts.heat_map(HEAT).to_dict(), "x", "y"))
    sorts = {one["field"]: one["sort"] for one in found}
    assert sorts == {"skola": {"field": "ordning", "op": "min"}, "delområde": None}


@pytest.mark.parametrize("name", ["spread", "beside_the_city", "heat_map", "levels"])
def test_no_text_from_a_cell_is_part_of_the_drawing_where_vega_would_run_it(name: str) -> None:
    drawing = {part: drawn for part, drawn in DRAWN[name](False).to_dict().items() if part != "datasets"}
    said = json.dumps(drawing, ensure_ascii=False)
    for text in ("Ekskolan", "Vi prövar", *ROWS, *NAMES):
        assert text not in said


def test_the_four_levels_have_the_same_colours_in_the_same_order_everywhere() -> None:
    [scale] = [one["scale"] for one in encodings(charts.levels(BARS).to_dict(), "color") if "scale" in one]
    assert scale["domain"] == list(charts.LEVEL_NAMES)
    assert scale["range"] == list(charts.LEVEL_COLOURS)
    for colour, ink in zip(charts.LEVEL_COLOURS, ("#ffffff", "#0e181c", "#0e181c", "#ffffff"), strict=True):
        assert contrast(ink, colour) >= 4.5


@both_modes
@every_chart
def test_every_column_that_a_chart_names_is_there(name: str, dark: bool) -> None:
    spec = DRAWN[name](dark).to_dict()
    columns = {column for rows in spec["datasets"].values() for column in rows[0]}
    assert columns == fields(spec) - {"value", "label"}


@every_chart
def test_a_chart_names_nothing_in_english_and_has_no_title_of_its_own(name: str) -> None:
    spec = DRAWN[name](False).to_dict()
    titles = {node["title"] for node in nodes(spec) if isinstance(node.get("title"), str)}
    assert titles <= {
        *("Skola", "Skolan", "Staden", "Delområde", "Nivå", "Omgång", "Fråga", "Andel"),
        *("Gräns för medelnivå", "Skolor som uppfyller"),
    }


@pytest.mark.parametrize("line", [1.5, 3.0, 3.95])
def test_the_curve_shows_the_line_wherever_it_is(line: float) -> None:
    [scale, *_] = [
        one["scale"] for one in encodings(charts.by_line(LINES, line, False).to_dict(), "x") if "scale" in one
    ]
    assert scale["domain"][0] <= line <= scale["domain"][1]


def colour_at(value: float, domain: Sequence[float], colours: Sequence[str]) -> str:
    channels = (np.interp(value, domain, [int(one[at : at + 2], 16) for one in colours]) for at in (1, 3, 5))
    return "#" + "".join(f"{round(channel):02x}" for channel in channels)


def contrast(one: str, other: str) -> float:
    """The contrast of two colours as WCAG counts it."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return float(np.dot(linear, (0.2126, 0.7152, 0.0722)))


# --- As they are sent --------------------------------------------------------------------------------

PLACES = [
    ("overview", "unni"),
    ("areas", "frida"),
    ("school", "petra"),
    ("school", "unni"),
    ("certification", "rut"),
]
every_place = pytest.mark.parametrize(("page", "who"), PLACES, ids=[f"{page}-{who}" for page, who in PLACES])


def sent(seen: Visit) -> list[SentChart]:
    assert seen.charts
    return seen.charts


@every_place
def test_every_chart_says_what_it_shows_to_those_who_cannot_see_it(
    visit: Opener, page: str, who: str
) -> None:
    names = [chart.alt for chart in sent(visit(page, who))]
    assert all(len(name.split()) >= 3 for name in names), names
    assert len(set(names)) == len(names)


@every_place
def test_what_a_chart_writes_stands_in_a_table_too(visit: Opener, page: str, who: str) -> None:
    seen = visit(page, who)
    cells = {str(cell) for table in seen.tables for cell in table.to_numpy().ravel()}
    for chart in sent(seen):
        for frame in chart.frames:
            for column in {"text", "stadstext", "omgång"} & set(frame):
                missing = set(frame[column]) - cells - {"gränsen nu", NOTHING}
                assert not missing, (chart.alt, column, missing)
    assert sum(label.startswith("Visa") for label in seen.labels) >= 1


@every_place
def test_the_data_of_a_chart_is_rounded_and_holds_only_what_is_drawn(
    visit: Opener, page: str, who: str
) -> None:
    for chart in sent(visit(page, who)):
        for frame in chart.frames:
            assert set(frame) <= fields(chart.spec), chart.alt
            for column in frame.select_dtypes("number"):
                known = frame[column].dropna()
                assert np.allclose(known, known.round(2), rtol=0, atol=1e-12), (chart.alt, column)


def test_a_school_that_is_not_shown_is_in_no_chart_but_as_a_dash(visit: Opener) -> None:
    seen = visit("overview")
    levels = seen.table("Svarsfrekvens").set_index("Skola")
    hidden = set(levels[levels.eq("Visas inte").any(axis=1)].index)
    assert len(hidden) == 2
    frames = [frame for chart in seen.charts for frame in chart.frames if "skola" in frame]
    [heat], others = [one for one in frames if "kod" in one], [one for one in frames if "kod" not in one]
    rows = heat[heat["skola"].isin(hidden)]
    assert set(rows["text"]) == {"–"} and rows["nivå"].isna().all()
    assert others
    assert all(not hidden & set(frame["skola"]) for frame in others)


def test_a_principals_charts_name_no_school_at_all(visit: Opener) -> None:
    for chart in sent(visit("school", "petra")):
        assert all("skola" not in frame and "kod" not in frame for frame in chart.frames)


def test_areas_come_in_their_order_in_every_chart(visit: Opener) -> None:
    for page in ("overview", "school"):
        for chart in sent(visit(page)):
            for frame in chart.frames:
                labels = [
                    label for label in frame.get("rad", frame.get("delområde", ())) if re.match(r"\d", label)
                ]
                numbers = [int(label.split()[0]) for label in dict.fromkeys(labels)]
                assert numbers == sorted(numbers)
