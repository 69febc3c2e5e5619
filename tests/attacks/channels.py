"""Everything the services tell: what an attacker can read, by the name of the channel."""

import dataclasses
import datetime as dt
import json
from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

from services import certifying, comparing, exporting, next_steps, overview, profile, readable, telling_staff
from services.checking import all_problems
from services.domain.access import NOBODY, Role, Visitor, visitor_with
from services.domain.school import SchoolCode
from services.errors import Trouble
from services.publishing import round_figures
from services.register import Register

TODAY = dt.date(2022, 1, 24)
PEOPLE = ("unni", "petra", "per", "siri", "rut", "frida", "nils")
LINES = (-1e9, 0.0, 0.3, 0.5, 0.7, 1.0, 1.5, 2.0, 2.25, 2.5, 2.75, 3.0, 3.5, 4.0, 5.0, 10.0, 20.0, 1e9)


def visitors(register: Register) -> dict[str, Visitor]:
    known = {who: visitor_with(who, f"{who}@example.se", register.permissions, TODAY) for who in PEOPLE}
    return {**known, "nobody": NOBODY}


def everything(register: Register) -> dict[str, Any]:
    """All that can be asked of the services, as plain objects in full precision."""
    told: dict[str, Any] = {"problems": plain(all_problems(register))}
    told["problems as text"] = readable.problems_table(all_problems(register))
    for name in register.rounds:
        told.update({f"{channel} {name}": what for channel, what in _of_round(register, name)})
    for one, other in combinations(sorted(register.rounds), 2):
        told[f"areas from {one} to {other}"] = plain(comparing.area_comparisons(register, one, other))
        told[f"questions from {one} to {other}"] = plain(comparing.question_changes(register, one, other))
    told["histories"] = plain(overview.histories(register))
    for code in register.schools:
        told[f"history of {code}"] = plain(profile.school_histories(register, code))
        told[f"what the staff of {code} are told"] = plain(
            telling_staff.summary(register, _staff(code), code)
        )
    for who, visitor in visitors(register).items():
        told[f"what {who} can do now"] = plain(next_steps.next_steps(register, visitor, TODAY))
    return told


def _staff(code: SchoolCode) -> Visitor:
    return Visitor("siri", frozenset({Role.STAFF}), worked_schools=frozenset({code}))


def _of_round(register: Register, name: str) -> Iterator[tuple[str, Any]]:
    figures = round_figures(register, name)
    yield "figures", plain(figures)
    results = exporting.results_object(register, name)
    yield "results --json", json.dumps(results)
    yield "results", readable.results_table(register, results)
    for version in (None, *register.criteria):
        found = exporting.candidates_object(register, name, version)
        yield f"candidates --rules {version} --json", json.dumps(found)
        yield f"candidates --rules {version}", readable.candidates_table(found)
    for area in register.areas:
        yield (
            f"question rows of area {area.number}",
            plain(overview.question_rows(register, name, area.number)),
        )
        yield f"shares of area {area.number}", plain(overview.area_shares(figures, area.number))
    for school in (comparing.CITY, *register.schools):
        yield f"changes of {school}", plain(overview.area_changes(register, name, school))
    for who, visitor in visitors(register).items():
        yield f"key figures for {who}", plain(overview.key_figures(register, visitor, name, TODAY))
        yield f"rows for {who}", plain(overview.school_rows(register, visitor, name))
        yield f"standings for {who}", plain(certifying.standings(register, visitor, name, TODAY))
        for code in register.schools:
            yield f"page of {code} for {who}", _profile(register, visitor, name, code)
    yield "simulator", _simulations(register, name)


def _profile(register: Register, visitor: Visitor, name: str, code: Any) -> Any:
    try:
        found = profile.profile(register, visitor, name, code)
        standing = profile.standing_of(register, visitor, name, code, TODAY)
    except Trouble as trouble:
        return str(trouble)
    talked_of = (found.strongest(), found.weakest(), found.disagreements(), found.in_steps)
    spreads = [(one.spread, one.has_two_peaks) for one in found.questions]
    return plain((found, standing, talked_of, spreads))


def _simulations(register: Register, name: str) -> Any:
    """Every line moved over its whole scale, alone and with all the others out of the way."""
    numbers = [one.number for one in register.rules("2021")]
    out_of_the_way = dict.fromkeys(numbers, -1e9)
    return [
        plain(certifying.simulate(register, name, lines))
        for number in numbers
        for line in LINES
        for lines in ({number: line}, {**out_of_the_way, number: line})
    ] + [plain(certifying.candidates_by_line(register, name, number)) for number in numbers]


def plain(told: Any) -> Any:
    """Dataclasses, mappings and sets as plain objects in one order; numbers as they are."""
    if dataclasses.is_dataclass(told) and not isinstance(told, type):
        return {one.name: plain(getattr(told, one.name)) for one in dataclasses.fields(told)}
    if isinstance(told, Mapping):
        return {str(key): plain(told[key]) for key in sorted(told, key=str)}
    if isinstance(told, set | frozenset):
        return sorted(map(str, told))
    if isinstance(told, tuple | list):
        return [plain(one) for one in told]
    return told


def told_apart(one: Register, other: Register) -> list[str]:
    """The channels by which an attacker can tell two registers apart."""
    here, there = everything(one), everything(other)
    assert here.keys() == there.keys()
    return [channel for channel in here if here[channel] != there[channel]]
