"""Verdicts and findings as tables."""

from collections.abc import Sequence

import pandas as pd

from pages.components import words
from services.certifying import SchoolStanding, tipping_point_of
from services.domain.question import Area
from services.domain.rules import Finding, Measure, Verdict
from services.register import Register

SURE = "Nås om alla svarar?"
SURE_WORDS = f"{SURE} säger hur troligt det är att nivån hade nått gränsen om hela personalen hade svarat."

_SHORT = {Measure.LEVEL: "Nivå", Measure.SHARE_SECURE: "Minst Trygg", Measure.LOWEST_ESSENTIAL: "Väsentlig"}


def findings_table(register: Register, verdict: Verdict) -> pd.DataFrame:
    """Every criterion of one school: value, line, distance, how sure, how many it stands on."""
    areas = {area.number: area for area in register.areas}
    return pd.DataFrame(
        [
            {
                "Kriterium": criterion_name(finding, areas),
                "Skolan": _reached(finding),
                "Gräns": words.line_of(finding.criterion.measure, finding.required),
                "Uppfyllt": "Ja" if finding.met else "Nej",
                "Avstånd": words.distance(finding.criterion.measure, finding.distance),
                SURE: finding.sureness.value if finding.sureness else words.NOTHING,
                "De som inte svarat": _tipping_words(finding),
                "Svar": f"{finding.n} av {words.whole(finding.staff)}",
            }
            for finding in verdict.findings
        ]
    )


def _tipping_words(finding: Finding) -> str:
    """What those who did not answer would have to think for the outcome to be another."""
    tip = tipping_point_of(finding)
    if tip is None:
        return words.NOTHING
    if not tip.possible:
        return "kan inte ändra det"
    return f"{words.number(tip.apart)} {'lägre' if finding.met else 'högre'} ändrar det"


def candidates_table(found: Sequence[SchoolStanding]) -> pd.DataFrame:
    """A row a school: where it stands, and its figure for every criterion, areas by their number."""
    rows = []
    for one in found:
        row = {"Skola": one.name, "Läge": one.standing.value}
        for finding in one.verdict.findings:
            row[_short_name(finding)] = _reached(finding)
        rows.append(row)
    return pd.DataFrame(rows).fillna(words.NOTHING)


def near_table(register: Register, found: Sequence[SchoolStanding]) -> pd.DataFrame:
    """A row for each criterion that a school near its lines misses."""
    areas = {area.number: area for area in register.areas}
    return pd.DataFrame(
        [
            {
                "Skola": one.name,
                "Det som fattas": criterion_name(finding, areas),
                "Skolan": _reached(finding),
                "Gräns": words.line_of(finding.criterion.measure, finding.required),
                "Avstånd": words.distance(finding.criterion.measure, finding.distance),
                SURE: finding.sureness.value if finding.sureness else words.NOTHING,
            }
            for one in found
            for finding in one.verdict.shortfalls
        ]
    )


def shortfalls_table(register: Register, found: Sequence[SchoolStanding]) -> pd.DataFrame:
    """A row a school: what it misses, in words."""
    areas = {area.number: area for area in register.areas}
    return pd.DataFrame(
        [
            {
                "Skola": one.name,
                "Läge": one.standing.value,
                "Utfall": words.STATUS_WORDS[one.verdict.status],
                "Det som fattas": ", ".join(_shortfall(finding, areas) for finding in one.verdict.shortfalls),
            }
            for one in found
        ]
    )


def criterion_name(finding: Finding, areas: dict[int, Area]) -> str:
    """What is measured, and where: Medelnivå 3 Professionell fortbildning."""
    measure = finding.criterion.measure
    name = measure.value if measure else "Kriteriet går inte att läsa"
    if finding.area is None:
        return name
    area = areas.get(finding.area)
    return f"{name}: {finding.area} {area.name}" if area else f"{name}: {finding.area}"


def _short_name(finding: Finding) -> str:
    measure = finding.criterion.measure
    name = _SHORT.get(measure, measure.value) if measure else "Oläsligt"
    return name if finding.area is None else f"{name} {finding.area}"


def _shortfall(finding: Finding, areas: dict[int, Area]) -> str:
    if finding.reached is None:
        return f"{criterion_name(finding, areas)}: underlag saknas"
    line = words.line_of(finding.criterion.measure, finding.required)
    return f"{criterion_name(finding, areas)} {_reached(finding)} (gräns {line})"


def _reached(finding: Finding) -> str:
    return words.measured(finding.criterion.measure, finding.reached, finding.required)
