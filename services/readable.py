"""The command line's objects as tables that a person can read in a terminal."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.register import Register
from services.tables.problems import Problem

_STATUSES = {"met": "Uppfyller", "near": "Nära", "not_yet": "Inte ännu", "no_basis": "Underlag saknas"}


def results_table(register: Register, found: Mapping[str, Any]) -> str:
    """A line a school, with its level in each area, and the city last."""
    numbers = [area.number for area in register.areas]
    lines = [["Kod", "Skola", "Svar", "Personal", *map(str, numbers)]]
    for school in found["schools"]:
        levels = {area["nr"]: area["level"] for area in school["areas"]}
        shown = [_number(levels.get(number)) for number in numbers]
        lines.append([school["code"], school["name"], str(school["n"]), _whole(school["staff"]), *shown])
    city = {area["nr"]: area["level_staff"] for area in found["city"]["areas"]}
    lines.append(["", "Staden", "", "", *(_number(city.get(number)) for number in numbers)])
    areas = "\n".join(f"{area.number} {area.name}" for area in register.areas)
    left_out = f"{found['city']['shown']} skolor visas, {found['city']['left_out']} visas inte."
    return f"Omgång {found['round']}\n{areas}\n\n{_aligned(lines)}\n\n{left_out}"


def candidates_table(found: Mapping[str, Any]) -> str:
    """A line a school that has a basis, those that qualify first, with what the others miss."""
    order = list(_STATUSES)
    schools = sorted(found["schools"], key=lambda one: (order.index(one["status"]), one["name"], one["code"]))
    lines = [["Kod", "Skola", "Utfall", "Det som fattas"]]
    for school in schools:
        missed = ", ".join(_shortfall(finding) for finding in school["findings"] if not finding["met"])
        lines.append([school["code"], school["name"], _STATUSES[school["status"]], missed])
    met = sum(school["status"] == "met" for school in schools)
    return f"Omgång {found['round']}, regler {found['rules']}: {met} skolor uppfyller.\n\n{_aligned(lines)}"


def problems_table(problems: Sequence[Problem]) -> str:
    """A line a problem: where, what stands there, and what to do."""
    if not problems:
        return "Inga fel i kalkylbladen."
    lines = [["Kalkylblad", "Plats", "Värde", "Gör så här"]]
    lines += [
        [one.spreadsheet, one.place, "" if one.value is None else str(one.value), one.advice]
        for one in problems
    ]
    return f"{_aligned(lines)}\n\n{len(problems)} fel."


def _shortfall(finding: Mapping[str, Any]) -> str:
    area = f" {finding['area']}" if finding["area"] is not None else ""
    reached, required = _apart(finding["reached"], finding["required"])
    return f"{finding['measure']}{area} {reached} < {required}"


def _apart(reached: float | None, required: float | None) -> tuple[str, str]:
    """With as many decimals as it takes not to show a figure under its line as the line."""
    pairs = ((_number(reached, decimals), _number(required, decimals)) for decimals in range(3, 12))
    return next((pair for pair in pairs if pair[0] != pair[1]), ("–", "–"))


def _number(value: float | None, decimals: int = 3) -> str:
    return "–" if value is None else f"{value:.{decimals}f}".rstrip("0").rstrip(".").replace(".", ",")


def _whole(value: int | None) -> str:
    return "–" if value is None else str(value)


def _aligned(lines: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )
