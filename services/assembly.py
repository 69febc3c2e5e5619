"""From the sheets of all spreadsheets to one Register: type, resolve, name."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.domain.access import Permission, Role
from services.domain.plan import Action, ActionStatus
from services.domain.process import Application, ApplicationStatus, Certificate, Decision
from services.domain.question import Area, Question
from services.domain.round import LEAST_ANSWERS_FLOOR, Round, RoundStatus, SchoolRound
from services.domain.rules import Criterion, Measure
from services.domain.school import School, SchoolCode, SchoolStatus
from services.register import Register
from services.tables.answers import Answers, answers_of
from services.tables.parse import Parsed, TypedTable, parse_sheet
from services.tables.problems import Problem, Rule
from services.tables.references import resolve_references, resolve_table
from services.tables.schema import Schema, Table
from services.tables.sheet import Sheet

MAIN = "vebs"
"""The spreadsheet with everything but the answers."""

INBOX = "inkorg"
"""The spreadsheet with the answers of the open round."""

Sheets = Mapping[str, Sheet]


@dataclass(frozen=True, slots=True)
class MainTables:
    """The spreadsheet `vebs`, typed and with its references resolved."""

    tables: Mapping[str, TypedTable]
    problems: tuple[Problem, ...]


def read_main(schema: Schema, sheets: Sheets | None) -> MainTables:
    """Type the tables of `vebs`; without the spreadsheet every table is empty and missing."""
    return _read_tables(schema, MAIN, sheets, {})


def read_inbox(schema: Schema, sheets: Sheets | None, main: MainTables) -> MainTables:
    """Type who has answered in the open round; without the spreadsheet nobody has."""
    if sheets is None:
        return MainTables({}, ())
    return _read_tables(schema, INBOX, sheets, main.tables, only=("Deltagande",))


def _read_tables(
    schema: Schema,
    spreadsheet: str,
    sheets: Sheets | None,
    known: Mapping[str, TypedTable],
    only: Sequence[str] | None = None,
) -> MainTables:
    problems: list[Problem] = []
    typed: dict[str, TypedTable] = {}
    for table in schema.of_spreadsheet(spreadsheet):
        if only is None or table.name in only:
            parsed = parse_sheet(schema, table, spreadsheet, (sheets or {}).get(table.name))
            typed[table.name] = parsed.typed
            problems += parsed.problems
    if known:
        resolved = {name: resolve_table(schema, one, known) for name, one in typed.items()}
    else:
        resolved = resolve_references(schema, typed)
    problems += [problem for parsed in resolved.values() for problem in parsed.problems]
    return MainTables({name: parsed.typed for name, parsed in resolved.items()}, tuple(problems))


def read_answer_sheet(schema: Schema, round_name: str, asked: Table, sheets: Sheets | None) -> Parsed:
    """Type the sheet `Svar` of one round, `asked` being the table with the round's questions.

    What it says of schools is not yet compared with the register.
    """
    sheet = None if sheets is None else sheets.get(asked.name)
    return parse_sheet(schema, asked, asked.spreadsheet_of(round_name), sheet)


def build_register(main: MainTables, inbox: MainTables) -> Register:
    """The register without answers, from its typed tables."""
    rows = {name: list(_rows(typed)) for name, typed in main.tables.items()}
    schools = [_school(row) for row in rows["Skolor"]]
    return Register(
        areas=tuple(sorted(_area(row) for row in rows["Delområden"])),
        questions=tuple(_question(row) for row in rows["Frågor"]),
        schools={school.code: school for school in schools},
        criteria=_by(_criterion, rows["Regler"], lambda criterion: criterion.version),
        rounds={row["Omgång"]: _round(row) for row in rows["Omgångar"]},
        school_rounds={
            name: {part.school: part for part in parts}
            for name, parts in _by(_school_round, rows["Skolans omgång"], lambda part: part.round).items()
        },
        applications=tuple(_application(row) for row in rows["Ansökningar"]),
        certificates=tuple(_certificate(row) for row in rows["Certifikat"]),
        actions=tuple(_action(row) for row in rows["Handlingsplan"] if row["Skolenhetskod"]),
        permissions=tuple(_permission(row) for row in rows["Behörigheter"]),
        settings={row["Namn"]: row["Värde"] or "" for row in rows["Inställningar"]},
        successors={school.code: school.replaced_by for school in schools if school.replaced_by},
        tables={**main.tables, **inbox.tables},
        participation=_participation(inbox),
        problems=main.problems + inbox.problems,
    )


def resolve_answers(
    register: Register, schema: Schema, round_name: str, sheet: Parsed
) -> tuple[Answers, list[Problem]]:
    """The answers of a round, and a problem for each row whose school takes no part in it."""
    typed = sheet.typed
    resolved = resolve_table(schema, typed, register.tables)
    problems = [*sheet.problems, *resolved.problems]
    taking_part: Mapping[SchoolCode, SchoolRound] = register.school_rounds.get(round_name, {})
    elsewhere = register.schools.keys() - taking_part.keys()
    schools = typed.columns["Skolenhetskod"]
    if not elsewhere.isdisjoint(schools):
        advice = f"Skolan saknas i Skolans omgång för {round_name}, så svaret räknas inte. Lägg till den där."
        for index, code in enumerate(schools):
            if code in elsewhere:
                problems.append(typed.problem(index, "Skolenhetskod", Rule.UNKNOWN_REFERENCE, advice))
    return answers_of(resolved.typed, resolved.typed.columns["Skolenhetskod"]), problems


RowOf = Mapping[str, Any]


def _rows(typed: TypedTable) -> Iterator[RowOf]:
    headers = tuple(typed.columns)
    for values in zip(*typed.columns.values(), strict=True):
        yield dict(zip(headers, values, strict=True))


def _by(
    make: Callable[[RowOf], Any], rows: list[RowOf], key: Callable[[Any], str]
) -> dict[str, tuple[Any, ...]]:
    groups: dict[str, list[Any]] = {}
    for row in rows:
        value = make(row)
        groups.setdefault(key(value), []).append(value)
    return {name: tuple(values) for name, values in groups.items()}


def _area(row: RowOf) -> Area:
    return Area(row["Nr"], row["Delområde"] or f"Delområde {row['Nr']}", row["Beskrivning"] or "")


def _question(row: RowOf) -> Question:
    return Question(
        id=row["Fråga"],
        area=row["Delområde"],
        statement=row["Påstående"] or row["Fråga"],
        levels=(
            row["Påbörjad"] or "",
            row["Aktiverad"] or "",
            row["Trygg"] or "",
            row["Välutvecklad"] or "",
        ),
        example=row["Exempel"] or "",
        tag=row["Tagg"],
        essential=bool(row["Väsentlig"]),
        first_round=row["Från omgång"],
        last_round=row["Till omgång"],
        comparable_with=row["Jämförbar med"],
    )


def _school(row: RowOf) -> School:
    return School(
        code=SchoolCode(row["Skolenhetskod"]),
        name=row["Skola"] or "",
        district=row["Utbildningsområde"] or "",
        grades=row["Årskurser"] or "",
        status=SchoolStatus(row["Status"] or SchoolStatus.ACTIVE),
        replaced_by=row["Ersatt av"],
        staff=row["Personal"],
    )


def _criterion(row: RowOf) -> Criterion:
    return Criterion(
        version=row["Regelversion"],
        number=row["Nr"],
        measure=Measure(row["Mått"]) if row["Mått"] else None,
        area=None if row["Delområde"] == "Alla" else row["Delområde"],
        line=row["Gräns"],
        reason=row["Motivering"] or "",
    )


def _round(row: RowOf) -> Round:
    return Round(
        name=row["Omgång"],
        status=RoundStatus(row["Status"]) if row["Status"] else None,
        opens=row["Öppnar"],
        closes=row["Stänger"],
        rules_version=row["Regelversion"],
        least_answers=max(LEAST_ANSWERS_FLOOR, row["Minsta antal svar"] or 0),
    )


def _school_round(row: RowOf) -> SchoolRound:
    return SchoolRound(row["Omgång"], row["Skolenhetskod"], row["Personal"], row["Förlängd till"])


def _application(row: RowOf) -> Application:
    return Application(
        id=row["Ansökan"],
        round=row["Omgång"] or "",
        school=row["Skolenhetskod"] or SchoolCode(""),
        school_year=row["Läsår"] or "",
        status=ApplicationStatus(row["Status"]) if row["Status"] else None,
        sent=row["Inskickad"],
        decided=row["Beslutsdatum"],
        motivation=row["Motivering"] or "",
        reasons=row["Beslutsmotivering"] or "",
    )


def _certificate(row: RowOf) -> Certificate:
    return Certificate(
        id=row["Certifikat"],
        school=row["Skolenhetskod"] or SchoolCode(""),
        school_year=row["Läsår"] or "",
        decision=Decision(row["Beslut"]) if row["Beslut"] else None,
        date=row["Datum"],
        valid_to=row["Giltigt till"],
    )


def _action(row: RowOf) -> Action:
    return Action(
        id=row["Insats"],
        school=row["Skolenhetskod"],
        round=row["Omgång"] or "",
        area=row["Delområde"],
        question=row["Fråga"],
        goal=row["Mål"] or "",
        activity=row["Aktivitet"] or "",
        responsible=row["Ansvarig roll"] or "",
        due=row["Klart senast"],
        status=ActionStatus(row["Status"]) if row["Status"] else None,
        follow_up=row["Uppföljning"] or "",
    )


def _permission(row: RowOf) -> Permission:
    return Permission(row["E-post"], Role(row["Roll"]), row["Skolenhetskod"], row["Giltig till"])


def _participation(inbox: MainTables) -> dict[str, dict[SchoolCode, int]]:
    counts: dict[str, dict[SchoolCode, int]] = {}
    if (typed := inbox.tables.get("Deltagande")) is not None:
        for round_name, school in zip(typed.columns["Omgång"], typed.columns["Skolenhetskod"], strict=True):
            if round_name is not None and school is not None:
                by_school = counts.setdefault(round_name, {})
                by_school[school] = by_school.get(school, 0) + 1
    return counts
