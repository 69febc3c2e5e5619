"""What people do to a register by hand: everything that must be reported or borne with."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from .clean import Draft, Record
from .schema import TABLES, Column

ERRORS = ("#N/A", "#REF!", "#DIV/0!", "#VALUE!")
UNREFERENCED = (
    *("Ansökningar", "Lärtillfällen", "Närvaro", "Underlag", "Verksamhetsbesök"),
    *("Handlingsplan", "Certifikat", "Inställningar", "Logg"),
)

# Without these there is no round to ask about.
PROTECTED = {("Omgångar", "Omgång"), ("Omgångar", "Regelversion"), ("Omgångar", "Status")}


def _pick(draft: Draft, fits: Callable[[Column], bool]) -> tuple[Record, Column] | None:
    """A random cell whose column fits, outside what must stand."""
    found: list[tuple[Record, Column]] = []
    sheets = [sheet for sheet in draft.tables if sheet not in ("Regler", "Logg") and draft.tables[sheet]]
    draft.rng.shuffle(sheets)
    for sheet in sheets:
        columns = [c for c in TABLES[sheet].columns if fits(c) and (sheet, c.header) not in PROTECTED]
        if columns:
            found.append((draft.rng.choice(draft.tables[sheet]), draft.rng.choice(columns)))
    return draft.rng.choice(found) if found else None


def _spoil(draft: Draft, fits: Callable[[Column], bool], values: tuple[object, ...]) -> None:
    for _ in range(draft.rng.randint(1, 3)):
        picked = _pick(draft, fits)
        if picked:
            picked[0][picked[1].header] = draft.rng.choice(values)


def _round_rows(draft: Draft) -> list[Record]:
    return [row for row in draft.tables["Omgångar"] if row["Omgång"] in draft.rounds]


def _some_listed(draft: Draft, count: int) -> list[Record]:
    return draft.rng.sample(draft.tables["Skolans omgång"], count)


def error_cells(draft: Draft) -> None:
    """Formula errors anywhere."""
    _spoil(draft, lambda column: True, ERRORS)


def wrong_types(draft: Draft) -> None:
    """Words where numbers, dates, codes or addresses should stand."""
    kinds = ("integer", "decimal", "date", "time", "code", "email", "url")
    _spoil(draft, lambda column: column.kind in kinds, ("fel", "2,5 eller så"))


def bad_choices(draft: Draft) -> None:
    """Words that are not among the choices."""
    _spoil(draft, lambda column: column.kind in ("choice", "yesno"), ("Kanske", "?"))


def blank_required(draft: Draft) -> None:
    """Nothing where something must stand."""
    _spoil(draft, lambda column: column.required, (None,))


def unknown_references(draft: Draft) -> None:
    """References to what is not there."""
    _spoil(draft, lambda column: column.kind == "ref", ("99999999", "Z9", 98))
    if draft.rng.random() < 0.4:
        row = dict(draft.rng.choice(_round_rows(draft)))
        day = datetime.date(2098, 1, 7)
        row |= {"Omgång": "2098", "Regelversion": "1999", "Öppnar": day, "Stänger": day}
        row["Status"] = draft.rng.choice(("Planerad", "Kanske", None))
        draft.tables["Omgångar"].append(row)


def numbers_out_of_range(draft: Draft) -> None:
    """Numbers outside what the column allows."""
    spots = (
        *(("Lärtillfällen", "Nr", 7), ("Närvaro", "Nr", 0), ("Verksamhetsbesök", "Efter tillfälle", 6)),
        *(("Skolor", "Personal", -1), ("Underlag", "Nr", 8)),
    )
    for sheet, header, value in draft.rng.sample(spots, 2):
        draft.rng.choice(draft.tables[sheet])[header] = value


def doubled_keys(draft: Draft) -> None:
    """The same key twice, with other things beside it."""
    rng = draft.rng
    for sheet in rng.sample(("Skolor", "Frågor", "Regler", "Omgångar", "Skolans omgång", "Närvaro"), 2):
        rows = draft.tables[sheet]
        twin = dict(rng.choice(rows))
        for column in TABLES[sheet].columns:
            if not column.key and rng.random() < 0.5:
                twin[column.header] = rng.choice(rows).get(column.header)
        first = sheet in ("Skolor", "Frågor", "Skolans omgång") and rng.random() < 0.5
        rows.insert(0 if first else len(rows), twin)


def missing_keys(draft: Draft) -> None:
    """Rows without (a part of) their key."""
    rng = draft.rng
    sheets = ["Skolor", "Delområden", "Frågor", "Regler", "Omgångar", "Skolans omgång", "Närvaro"]
    for sheet in rng.sample([*sheets, "Behörigheter"], 3):
        rows = draft.tables[sheet]
        rows.insert(rng.randint(0, len(rows)), dict(rng.choice(rows)))
        copy = dict(rng.choice(rows)) | {rng.choice(TABLES[sheet].keys).header: None}
        rows.insert(rng.randint(0, len(rows)), copy)


def reference_cycle(draft: Draft) -> None:
    """Schools that replace each other in a ring, perhaps with one more that leads into it."""
    ring = draft.rng.sample(draft.codes, draft.rng.randint(1, 3))
    after = dict(zip(ring, ring[1:] + ring[:1], strict=True))
    outside = next((code for code in draft.codes if code not in ring), None)
    if outside and draft.rng.random() < 0.5:
        after[outside] = ring[0]
    for row in draft.tables["Skolor"]:
        row["Ersatt av"] = after.get(str(row["Skolenhetskod"]))


def replaced_school(draft: Draft) -> None:
    """A school that another one has taken over."""
    old, new = draft.rng.sample(draft.tables["Skolor"], 2)
    old |= {"Ersatt av": new["Skolenhetskod"], "Status": "Upphört"}


def overlapping_rounds(draft: Draft) -> None:
    """A round that is left open into the next, or two in the same days."""
    first, other = draft.rng.sample(_round_rows(draft), 2)
    first["Öppnar"] = other["Öppnar"] if draft.rng.random() < 0.5 else datetime.date(2019, 12, 1)
    first["Stänger"] = other["Öppnar"] if draft.rng.random() < 0.3 else datetime.date(2025, 2, 1)


def closes_before_opens(draft: Draft) -> None:
    """A round with its dates the wrong way round."""
    row = draft.rng.choice(_round_rows(draft))
    row["Öppnar"], row["Stänger"] = datetime.date(2021, 1, 20), datetime.date(2021, 1, 10)


def least_number_bad(draft: Draft) -> None:
    """A least number of answers that is no number, none, or too low."""
    for row in draft.rng.sample(_round_rows(draft), 2):
        row["Minsta antal svar"] = draft.rng.choice((3, 0, 4.5, "fem", None))


def more_answers_than_staff(draft: Draft) -> None:
    """A staff smaller than the number of answers."""
    for row in _some_listed(draft, 3):
        row["Personal"] = draft.rng.randint(0, 4)


def missing_staff(draft: Draft) -> None:
    """No staff, so no response rate."""
    for row in _some_listed(draft, 3):
        row["Personal"] = None


def bad_staff(draft: Draft) -> None:
    """A staff that is no number of people."""
    for row in _some_listed(draft, 3):
        row["Personal"] = draft.rng.choice(("många", -3, 12.5))


def question_validity(draft: Draft) -> None:
    """Questions asked in some rounds only."""
    for row in draft.tables["Frågor"]:
        if draft.rng.random() < 0.3:
            header, value = draft.rng.choice((("Från", "2021"), ("Till", "2020"), ("Till", "2021")))
            row[f"{header} omgång"] = value


def bad_criteria(draft: Draft) -> None:
    """Criteria without a readable line, measure or area."""
    spots: list[tuple[str, object]] = [("Gräns", None), ("Gräns", "hög"), ("Gräns", "#N/A")]
    spots += [("Mått", "Magkänsla"), ("Mått", None)]
    spots += [("Delområde", 9), ("Delområde", "Okänt"), ("Delområde", None)]
    for header, value in draft.rng.sample(spots, 2):
        draft.rng.choice(draft.tables["Regler"])[header] = value


def missing_sheet(draft: Draft) -> None:
    """A sheet nobody else refers to is gone."""
    del draft.tables[draft.rng.choice([sheet for sheet in UNREFERENCED if sheet in draft.tables])]


def missing_answer_file(draft: Draft) -> None:
    """The spreadsheet of a closed round is gone."""
    del draft.answers[draft.rng.choice(list(draft.answers))]


def _answer_rows(draft: Draft) -> list[Record]:
    return [row for rows in draft.answers.values() for row in rows]


def _some_answers(draft: Draft, count: int) -> list[Record]:
    rows = _answer_rows(draft)
    return draft.rng.sample(rows, min(count, len(rows)))


def _add_answers(draft: Draft, change: Callable[[Record], Record]) -> None:
    for name, rows in draft.answers.items():
        for place in range(draft.rng.randint(1, 3) if rows else 0):
            row = dict(draft.rng.choice(rows))
            row["Svar"] = f"{name}-extra-{draft.rng.randint(0, 9**9)}-{place}"
            rows.insert(draft.rng.randint(0, len(rows)), row | change(row))


def levels_out_of_range(draft: Draft) -> None:
    """Levels that are none."""
    questions = [str(row["Fråga"]) for row in draft.tables["Frågor"]]
    for row in _some_answers(draft, 12):
        row[draft.rng.choice(questions)] = draft.rng.choice((0, 5, -1, 3.5, "x", "3,5", "3 – Trygg"))


def error_levels(draft: Draft) -> None:
    """Formula errors among the answers."""
    headers = [str(row["Fråga"]) for row in draft.tables["Frågor"]] + ["Svar", "Skolenhetskod"]
    for row in _some_answers(draft, 5):
        row[draft.rng.choice(headers)] = draft.rng.choice(ERRORS)


def doubled_answers(draft: Draft) -> None:
    """The same answer id twice."""
    for rows in draft.answers.values():
        for _ in range(draft.rng.randint(1, 3) if len(rows) > 1 else 0):
            one, other = draft.rng.sample(rows, 2)
            rows.insert(draft.rng.randint(0, len(rows)), dict(other) | {"Svar": one["Svar"]})


def answers_without_level(draft: Draft) -> None:
    """People who could not judge anything."""
    questions = [str(row["Fråga"]) for row in draft.tables["Frågor"]]
    _add_answers(draft, lambda row: dict.fromkeys(questions))
    for row in _some_answers(draft, 2):
        row.update(dict.fromkeys(questions))


def answers_of_unknown_schools(draft: Draft) -> None:
    """Answers of schools that are not in the register, or of no school."""
    _add_answers(draft, lambda row: {"Skolenhetskod": draft.rng.choice(("99999999", "Ekskolan", 12, None))})


def answers_without_id(draft: Draft) -> None:
    """Answers whose id is blank."""
    _add_answers(draft, lambda row: {"Svar": None})


def answers_of_unlisted_schools(draft: Draft) -> None:
    """Answers of a school that does not take part in the round."""
    rows = draft.tables["Skolans omgång"]
    for row in _some_listed(draft, 2):
        rows.remove(row)


ODDITIES: dict[str, Callable[[Draft], None]] = {
    work.__name__: work
    for work in (
        question_validity,
        replaced_school,
        reference_cycle,
        overlapping_rounds,
        closes_before_opens,
        least_number_bad,
        answers_of_unlisted_schools,
        more_answers_than_staff,
        missing_staff,
        bad_staff,
        bad_criteria,
        doubled_answers,
        answers_without_level,
        answers_of_unknown_schools,
        answers_without_id,
        levels_out_of_range,
        error_levels,
        numbers_out_of_range,
        bad_choices,
        blank_required,
        wrong_types,
        error_cells,
        unknown_references,
        missing_keys,
        doubled_keys,
        missing_sheet,
        missing_answer_file,
    )
}
RARE = {"missing_answer_file": 0.12, "wrong_types": 0.3, "error_cells": 0.3, "blank_required": 0.3}


def spoil(draft: Draft) -> None:
    """Do to the register what its flags say."""
    for name, work in ODDITIES.items():
        if draft.on(name):
            work(draft)
