"""Charts as vector graphics for print: Vega-Lite in, SVG out."""

import re
from collections.abc import Mapping
from typing import Any

import vl_convert

FONT = "Libertinus Serif"
"""A font that Typst brings: the text of a chart stays text, and is set like the page around it."""

_LOCALE = {"decimal": ",", "thousands": " ", "grouping": [3], "currency": ["", " kr"]}
_ON_PAPER: Mapping[str, Any] = {
    "background": "white",
    "font": FONT,
    "view": {"stroke": None},
    "axis": {"labelColor": "#0e181c", "titleColor": "#0e181c", "gridColor": "#d5dcdf", "labelFontSize": 11},
    "title": {"color": "#0e181c"},
    "legend": {"labelColor": "#0e181c", "labelFontSize": 11},
}
_FOREIGN = re.compile(r"<image\b|\bhref=|<script\b|@import", re.IGNORECASE)


def vector_chart(spec: Mapping[str, Any], width: int | None) -> str:
    """The chart as SVG, so many pixels wide; None where its parts have widths of their own.

    Nothing is fetched to draw it, and nothing in it fetches.
    """
    drawn: dict[str, Any] = {**spec, "config": {**_ON_PAPER}}
    if width is not None:
        drawn |= {"width": width, "autosize": "fit-x"}
    svg: str = vl_convert.vegalite_to_svg(drawn, format_locale=_LOCALE, allowed_base_urls=[])
    if _FOREIGN.search(svg):
        raise ValueError("a printed chart refers to something outside itself")
    return svg
