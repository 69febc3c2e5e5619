"""New spreadsheets: every table of the schema laid out, filled with the framework's start content."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.framework import load_framework
from services.tables.schema import Schema, Table, Type
from services.tables.sheet import Cell
from services.workbook.xlsx_new import SheetLayout

FIRST_ROUND = "2019"
"""The round from which the framework's own questions are asked."""

Rows = Sequence[Mapping[str, Cell]]

_WIDTHS = {Type.LONGTEXT: 48.0, Type.INTEGER: 11.0, Type.DECIMAL: 11.0, Type.DATE: 13.0, Type.TIME: 10.0}


def framework_rows(school_year: str | None = None) -> dict[str, Rows]:
    """The rows of a new register's tables, by sheet; with a läsår, its six sessions too."""
    framework = load_framework()
    rows: dict[str, Rows] = {
        "Delområden": [
            {"Nr": area["number"], "Delområde": area["name"], "Beskrivning": area["description"]}
            for area in framework["areas"]
        ],
        "Frågor": [_question_row(question) for question in framework["questions"]],
        "Regler": [
            {
                "Regelversion": rule["version"],
                "Nr": rule["number"],
                "Mått": rule["measure"],
                "Delområde": rule["area"] or None,
                "Gräns": rule["line"],
                "Motivering": rule["reason"],
            }
            for rule in framework["rules"]
        ],
        "Inställningar": [
            {"Namn": setting["name"], "Värde": setting["value"], "Förklaring": setting["explanation"]}
            for setting in framework["settings"]
        ],
    }
    if school_year is not None:
        rows["Lärtillfällen"] = [
            {
                "Läsår": school_year,
                "Nr": session["number"],
                "Tema": session["theme"],
                "Innehåll": session["contents"],
                "Förberedelse": session["preparation"],
            }
            for session in framework["sessions"]
        ]
    return rows


def _question_row(question: Mapping[str, Any]) -> Mapping[str, Cell]:
    started, activated, confident, well_developed = question["levels"]
    return {
        "Fråga": question["id"],
        "Delområde": question["area"],
        "Påstående": question["statement"],
        "Påbörjad": started,
        "Aktiverad": activated,
        "Trygg": confident,
        "Välutvecklad": well_developed,
        "Exempel": question["example"],
        "Tagg": question["tag"] or None,
        "Väsentlig": "Ja" if question["essential"] else "Nej",
        "Från omgång": FIRST_ROUND,
    }


def lay_out(schema: Schema, tables: Sequence[Table], rows: Mapping[str, Rows]) -> dict[str, SheetLayout]:
    """Sheets with headers, widths, drop-downs and the schema's help as notes, filled with rows."""
    return {table.name: _layout(schema, table, rows.get(table.name, ())) for table in tables}


def _layout(schema: Schema, table: Table, rows: Rows) -> SheetLayout:
    headers = [column.header for column in table.columns]
    types = [schema.target(column).type for column in table.columns]
    yes_or_no = {index: ("Ja", "Nej") for index, type_ in enumerate(types) if type_ is Type.YESNO}
    choices = {index: column.choices for index, column in enumerate(table.columns) if column.choices}
    return SheetLayout(
        rows=[headers, *([row.get(header) for header in headers] for row in rows)],
        widths=[_WIDTHS.get(type_, 18.0) if len(headers) < 20 else 9.0 for type_ in types],
        choices={**choices, **yes_or_no},
        dates=[index for index, type_ in enumerate(types) if type_ is Type.DATE],
        texts=[index for index, type_ in enumerate(types) if type_ in (Type.TEXT, Type.CODE)],
        notes={index: column.help for index, column in enumerate(table.columns[:20])},
    )
