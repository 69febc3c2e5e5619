"""Frames for charts and their table twins: rounded as they are written, in Swedish."""

from collections.abc import Iterable, Sequence
from textwrap import wrap

import pandas as pd

from pages.components import words
from pages.components.charts import LEVEL_NAMES
from services.comparing import CITY, Segment
from services.domain.figures import CityArea, RoundFigures
from services.domain.question import Area
from services.domain.school import SchoolCode
from services.overview import SchoolRow
from services.profile import AreaBeside

HIDDEN = "Visas inte"


def area_label(area: Area) -> str:
    """An area with its number: 1 Ledarskap och planering."""
    return f"{area.number} {area.name}"


def row_label(area: Area) -> str:
    """The same over several lines, as `charts.ROW_AXIS` breaks them."""
    return "|".join(wrap(area_label(area), 20))


def rounded(value: float | None) -> float | None:
    """A level as a chart places it: two decimals."""
    return None if value is None else round(value, 2)


def heat(rows: Sequence[SchoolRow], areas: Sequence[Area]) -> pd.DataFrame:
    """A row for each school and area, whether it may be shown or not."""
    found = []
    for place, row in enumerate(rows):
        levels = {figure.area: figure.level for figure in row.areas}
        for area in areas:
            level = levels.get(area.number)
            found.append(
                {
                    "skola": row.name,
                    "ordning": place,
                    "kod": row.school,
                    "delområde": area_label(area),
                    "nivå": None if level is None else round(level + 1e-9, 1),
                    "text": words.number(level),
                }
            )
    return pd.DataFrame(found, columns=["skola", "ordning", "kod", "delområde", "nivå", "text"])


def heat_table(rows: Sequence[SchoolRow], areas: Sequence[Area]) -> pd.DataFrame:
    """The same as a table: a row a school."""
    found = []
    for row in rows:
        levels = {figure.area: figure.level for figure in row.areas}
        line = {
            "Skola": row.name,
            "Svar": words.whole(row.n),
            "Svarsfrekvens": words.percent(row.response_rate),
        }
        for area in areas:
            line[area_label(area)] = words.number(levels.get(area.number)) if row.areas else HIDDEN
        found.append(line)
    return pd.DataFrame(found)


def years(segments: Iterable[Segment], who: SchoolCode = CITY) -> pd.DataFrame:
    """An area over the years, for the city or a school."""
    found = [
        {
            "omgång": name,
            "nivå": rounded(segment.levels[name][who].mean),
            "text": words.number(segment.levels[name][who].mean),
            "del": str(part),
        }
        for part, segment in enumerate(segments)
        for name in segment.rounds
        if who in segment.levels[name]
    ]
    return pd.DataFrame(found, columns=["omgång", "nivå", "text", "del"])


def years_table(drawn: Sequence[tuple[Area, pd.DataFrame]]) -> pd.DataFrame:
    """The same as a table: a row an area and round."""
    found = [
        {"Delområde": area_label(area), "Omgång": name, "Nivå": text}
        for area, frame in drawn
        for name, text in zip(frame["omgång"], frame["text"], strict=True)
    ]
    return pd.DataFrame(found, columns=["Delområde", "Omgång", "Nivå"])


def spread(rows: Sequence[SchoolRow], figures: RoundFigures) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Every school's level in every area, and the city's marks."""
    labels = {area.number: row_label(area) for area in figures.areas}
    points = [
        {
            "rad": labels[figure.area],
            "skola": row.name,
            "nivå": rounded(figure.level),
            "text": words.number(figure.level),
        }
        for row in rows
        for figure in row.areas
        if figure.level is not None
    ]
    marks = [_mark(labels[area.area], area) for area in figures.city.areas if area.level_staff is not None]
    return (
        pd.DataFrame(points, columns=["rad", "skola", "nivå", "text"]),
        pd.DataFrame(marks, columns=["rad", "låg", "hög", "mitt", "text"]),
    )


def _mark(label: str, area: CityArea) -> dict[str, object]:
    return {
        "rad": label,
        "låg": rounded(area.low),
        "hög": rounded(area.high),
        "mitt": rounded(area.level_staff),
        "text": words.number(area.level_staff),
    }


def city_table(figures: RoundFigures) -> pd.DataFrame:
    """The city's areas: level, spread, deciles."""
    found = []
    for area in figures.areas:
        city = figures.city.area(area.number)
        if city is None:
            continue
        line = {"Delområde": area_label(area), "Nivå": words.number(city.level_staff)}
        if city.level_school is not None and city.level_staff is not None:
            apart = abs(city.level_school - city.level_staff) >= 0.05 - 1e-9
            line["Genomsnittlig skola"] = words.number(city.level_school, 2) if apart else "samma"
        line |= {
            "Spridning mellan skolor": words.number(city.spread, 2),
            "Lägsta tiondelen": words.number(city.low),
            "Högsta tiondelen": words.number(city.high),
            "Skolor": words.whole(city.schools),
        }
        found.append(line)
    return pd.DataFrame(found).fillna(words.NOTHING)


def beside(areas: Sequence[AreaBeside], lines: dict[int, float | None]) -> pd.DataFrame:
    """A school's areas beside the city's, with the line each must reach."""
    found = [
        {
            "rad": row_label(one.area),
            "delområde": area_label(one.area),
            "nivå": rounded(one.school.level),
            "text": words.level_beside(one.school.level, lines.get(one.area.number)),
            "låg": rounded(one.interval.low) if one.interval else None,
            "hög": rounded(one.interval.high) if one.interval else None,
            "staden": rounded(one.city.level_staff) if one.city else None,
            "stadstext": words.number(one.city.level_staff) if one.city else words.NOTHING,
            "gräns": lines.get(one.area.number),
        }
        for one in areas
    ]
    return pd.DataFrame(
        found, columns=["rad", "delområde", "nivå", "text", "låg", "hög", "staden", "stadstext", "gräns"]
    )


def parted(
    bars: Iterable[tuple[str, str, tuple[float, float, float, float]]], *, in_steps: bool = False
) -> pd.DataFrame:
    """Bars that part between Aktiverad and Trygg, from (label, text, shares); widths as they are written.

    Few people: shares in steps of five, so that the bar does not tell what its text hides.
    """
    found = []
    for label, text, shares in bars:
        drawn = [words.width_in_steps(share) if in_steps else round(100 * share) for share in shares]
        edge = -drawn[0] - drawn[1]
        for name, share, width in zip(LEVEL_NAMES, shares, drawn, strict=True):
            written = words.percent_in_steps(share) if in_steps else words.percent(share)
            found.append(
                {
                    "rad": label,
                    "fråga": text,
                    "nivå": name,
                    "från": edge,
                    "till": edge + width,
                    "mitt": edge + width / 2,
                    "text": written,
                }
            )
            edge += width
    return pd.DataFrame(found, columns=["rad", "fråga", "nivå", "från", "till", "mitt", "text"])
