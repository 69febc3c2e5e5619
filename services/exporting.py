"""Figures, verdicts and problems as the objects that scripts read: the command line's contract."""

from collections.abc import Sequence
from typing import Any

from services.certifying import verdicts
from services.domain.figures import AreaFigure, CityArea, SchoolFigures
from services.domain.rules import Finding, Verdict
from services.publishing import round_figures
from services.register import Register
from services.tables.problems import Problem

Object = dict[str, Any]


def results_object(register: Register, round_name: str) -> Object:
    """A round's figures, schools in code order, in full precision."""
    figures = round_figures(register, round_name)
    return {
        "round": round_name,
        "schools": [_school(register, school) for school in figures.schools],
        "city": {
            "shown": figures.city.shown,
            "left_out": figures.city.left_out,
            "areas": [_city_area(area) for area in figures.city.areas],
        },
    }


def _school(register: Register, school: SchoolFigures) -> Object:
    return {
        "code": school.school,
        "name": register.schools[school.school].name,
        "n": school.n,
        "staff": school.staff,
        "response_rate": school.response_rate,
        "shown": school.shown,
        "areas": [_area(figure) for figure in school.areas],
    }


def _area(figure: AreaFigure) -> Object:
    return {
        "nr": figure.area,
        "level": figure.level,
        "n": figure.n,
        "se": figure.se,
        "share_secure": figure.share_secure,
    }


def _city_area(area: CityArea) -> Object:
    return {
        "nr": area.area,
        "level_staff": area.level_staff,
        "level_school": area.level_school,
        "spread_sd": area.spread,
    }


def candidates_object(register: Register, round_name: str, version: str | None = None) -> Object:
    """The verdict of every school in a round, with its findings, schools in code order."""
    return {
        "round": round_name,
        "rules": version or register.round(round_name).rules_version,
        "schools": [_verdict(register, one) for one in verdicts(register, round_name, version)],
    }


def _verdict(register: Register, verdict: Verdict) -> Object:
    return {
        "code": verdict.school,
        "name": register.schools[verdict.school].name,
        "status": verdict.status.value,
        "findings": [_finding(finding) for finding in verdict.findings],
    }


def _finding(finding: Finding) -> Object:
    measure = finding.criterion.measure
    return {
        "nr": finding.criterion.number,
        "measure": measure.value if measure else None,
        "area": finding.area,
        "reached": finding.reached,
        "required": finding.required,
        "met": finding.met,
    }


def problems_object(problems: Sequence[Problem]) -> Object:
    """Everything wrong in the sheets; `advice` is for people and left out."""
    return {
        "problems": [
            {
                "spreadsheet": one.spreadsheet,
                "sheet": one.sheet,
                "row": one.row,
                "column": one.column,
                "header": one.header,
                "value": one.value,
                "rule": one.rule.value,
            }
            for one in problems
        ]
    }
