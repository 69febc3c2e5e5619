"""Verdicts and findings as tables."""

from collections.abc import Sequence

import pandas as pd

from pages.components import words
from services.certifying import SchoolStanding
from services.domain.question import Area
from services.domain.rules import Finding, Measure, Verdict
from services.register import Register


def findings_table(register: Register, verdict: Verdict) -> pd.DataFrame:
    """Every criterion of one school: value, line, distance, how sure, how many it stands on."""
    areas = {area.number: area for area in register.areas}
    return pd.DataFrame(
        [
            {
                "Kriterium": criterion_name(finding, areas),
                "Skolan": _reached(finding),
                "Gräns": words.measured(finding.criterion.measure, finding.required),
                "Uppfyllt": "Ja" if finding.met else "Nej",
                "Avstånd": _distance(finding),
                "Når alla gränsen?": finding.sureness.value if finding.sureness else words.NOTHING,
                "Svar": f"{finding.n} av {words.whole(finding.staff)}",
            }
            for finding in verdict.findings
        ]
    )


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
                "Gräns": words.measured(finding.criterion.measure, finding.required),
                "Avstånd": _distance(finding),
                "Når alla gränsen?": finding.sureness.value if finding.sureness else words.NOTHING,
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
    name = measure.value if measure else "Oläsligt"
    return name if finding.area is None else f"{name} {finding.area}"


def _shortfall(finding: Finding, areas: dict[int, Area]) -> str:
    if finding.reached is None:
        return f"{criterion_name(finding, areas)}: underlag saknas"
    line = words.measured(finding.criterion.measure, finding.required)
    return f"{criterion_name(finding, areas)} {_reached(finding)} mot {line}"


def _reached(finding: Finding) -> str:
    return words.measured(finding.criterion.measure, finding.reached, finding.required)


def _distance(finding: Finding) -> str:
    if finding.distance is None:
        return words.NOTHING
    sign = "+" if finding.distance >= 0 else "−"
    size = abs(finding.distance)
    if finding.criterion.measure in (Measure.SHARE_SECURE, Measure.RESPONSE_RATE):
        return f"{sign}{words.number(size * 100, 0)} %-enh."
    if finding.criterion.measure is Measure.ANSWERS:
        return f"{sign}{words.number(size, 0)}"
    return f"{sign}{words.number(size, 2 if finding.met or size >= 0.005 else 4)}"
