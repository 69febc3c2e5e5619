"""A preview of an import, as the object that scripts read and as lines for a person. No levels are in it."""

from typing import Any

from services.forms.importing import Preview, SchoolCount
from services.forms.matching import LEFT_OUT, SCHOOL, How, Match
from services.forms.wording import shown
from services.tables.problems import column_letter

MOST_LINES = 40
"""Rows and cells a person is told of; the object has all of them."""

_LEFT_OUT_AS = {
    How.NO_LEVELS: "läses inte in, för där står inga nivåer",
    How.OF_THE_FORM: "läses inte in",
}


def import_object(preview: Preview) -> dict[str, Any]:
    """All of it, for scripts."""
    return {
        "round": preview.round,
        "file": preview.file,
        "written": preview.written,
        "new": preview.new,
        "already": preview.already,
        "doubled": list(preview.replies.doubled),
        "refused": [
            {"row": one.row, "reason": one.reason.value, "sentence": one.sentence}
            for one in preview.replies.refused
        ],
        "cells": [
            {"cell": one.cell, "header": one.header, "value": one.value, "sentence": one.sentence}
            for one in preview.cells
        ],
        "columns": [_column(match) for match in preview.matches],
        "missing_questions": [question.id for question in preview.missing],
        "schools": [_school(one) for one in preview.schools],
    }


def _column(match: Match) -> dict[str, Any]:
    return {
        "column": column_letter(match.column),
        "header": shown(match.header, 2000),
        "target": match.target or None,
        "how": match.how.value,
        "likeness": match.likeness,
    }


def _school(count: SchoolCount) -> dict[str, Any]:
    return {
        "code": count.school,
        "name": count.name,
        "staff": count.staff,
        "new": count.new,
        "already": count.already,
        "elsewhere": count.elsewhere,
    }


def import_lines(preview: Preview) -> str:
    """What a person wants to know before and after."""
    did = "Inlästa" if preview.written else "Nya"
    lines = [
        f"{preview.file} till omgång {preview.round}",
        f"{did} svar: {preview.new}. Fanns redan: {preview.already}. "
        f"Samma rad två gånger i filen: {len(preview.replies.doubled)}. "
        f"Räknas inte: {len(preview.replies.refused)}.",
    ]
    lines += _of_columns(preview)
    lines += ["", *(_of_school(count) for count in preview.schools)] if preview.schools else []
    refused = [f"Rad {one.row}: {one.sentence}" for one in preview.replies.refused]
    cells = [f"Cell {one.cell}, {one.value}: {one.sentence}" for one in preview.cells]
    for told in (refused, cells):
        if told:
            lines += ["", *told[:MOST_LINES]]
        if len(told) > MOST_LINES:
            lines.append(f"… och {len(told) - MOST_LINES} till; alla står i --json.")
    return "\n".join(lines)


def _of_columns(preview: Preview) -> list[str]:
    """The columns that are not a question by the very same words, and questions without a column."""
    lines = []
    for match in preview.matches:
        if match.target in ("", LEFT_OUT):
            meaning = _LEFT_OUT_AS.get(match.how, "läses inte in" if match.target else "okänd")
        elif match.how is How.SAME_WORDS and match.target != SCHOOL:
            continue
        else:
            meaning = match.target if match.is_sure else f"{match.target} (förslag)"
        lines.append(f"Kolumn {column_letter(match.column)}, {shown(match.header)}: {meaning}")
    if preview.missing:
        lines.append(f"Frågor som inte finns i filen: {', '.join(one.id for one in preview.missing)}")
    return lines


def _of_school(count: SchoolCount) -> str:
    line = f"{count.school} {count.name}: {count.new} nya, {count.already} fanns redan"
    if count.elsewhere:
        line += f", {count.elsewhere} i kalkylbladet men inte i filen"
    if count.is_more_than_staff:
        line += f". Fler svar än personal ({count.staff})"
    return line
