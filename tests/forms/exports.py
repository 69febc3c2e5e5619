"""Exports as Google Forms and its spreadsheets make them, of answers that are known."""

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import openpyxl

from services.framework import load_framework
from tests.people import BJORKSKOLAN, EKSKOLAN, Row, Sheets, a_question, a_round, register_sheets

FIRST_MORNING = dt.datetime(2021, 1, 12, 9, 14, 33)  # noqa: DTZ001  # a spreadsheet's times have no zone
LABELS = ("", "Påbörjad", "Aktiverad", "Trygg", "Välutvecklad")
IDS = [f"{letter}{number}" for letter in "LU" for number in range(1, 5)]
STATEMENTS: dict[str, str] = {one["id"]: one["statement"] for one in load_framework()["questions"]}
QUESTIONS = [{**a_question(id_), "Påstående": STATEMENTS[id_]} for id_ in IDS]

Answered = Sequence[Row]


def a_forms_round(status: str = "Stängd", name: str = "2021") -> Row:
    return {**a_round(name, status), "Svarsform": "Google Forms"}


def a_town(status: str = "Stängd", answered: Answered | None = None, **tables) -> Sheets:
    """A register whose round 2021 is answered in Google Forms; without `answered` nothing is taken in yet."""
    tables = {"rounds": [a_forms_round(status)], "questions": QUESTIONS, **tables}
    sheets = register_sheets({"2021": answered or ()}, **tables)
    if answered is None:
        del sheets["svar-2021"]
    return sheets


def some_answers(count: int = 30) -> list[Row]:
    """Different people at two schools: blanks, all levels, and two who answer alike."""
    answers: list[Row] = []
    for person in range(count):
        levels = {id_: (person * 7 + at * (3 + person % 2)) % 5 or None for at, id_ in enumerate(IDS)}
        levels["L1"] = levels["L1"] or 1
        answers.append({"Skolenhetskod": EKSKOLAN if person % 3 else BJORKSKOLAN, **levels})
    return [*answers, answers[-1]]


def rows_of(
    answers: Iterable[Row],
    school: Callable[[str], object],
    level: Callable[[int | None], object],
    time: Callable[[dt.datetime], object],
) -> list[list[object]]:
    """A row an answer, a minute and a second apart: time, school, a level for each question."""
    return [
        [
            time(FIRST_MORNING + dt.timedelta(seconds=61 * at)),
            school(str(answer["Skolenhetskod"])),
            *(level(answer[id_]) for id_ in IDS),  # type: ignore[arg-type]
        ]
        for at, answer in enumerate(answers)
    ]


def as_csv(rows: Iterable[Sequence[object]], separator: str = ",", encoding: str = "utf-8-sig") -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator, quoting=csv.QUOTE_ALL).writerows(
        ["" if cell is None else cell for cell in row] for row in rows
    )
    return out.getvalue().encode(encoding)


def as_xlsx(rows: Iterable[Sequence[object]], title: str = "Formulärsvar 1") -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def swedish_time(time: dt.datetime) -> str:
    """As in the CSV that a form offers: 2021/01/12 9:14:33 fm CET."""
    return f"{time:%Y/%m/%d} {time.hour % 12 or 12}:{time:%M:%S} {'em' if time.hour >= 12 else 'fm'} CET"


def with_label(level: int | None) -> str:
    return f"{level} – {LABELS[level]}" if level else "Kan inte bedöma"


def by_sections(answers: Answered, names: Mapping[str, str]) -> bytes:
    """Swedish CSV; each school has a section of its own in the form, so every question stands there twice."""
    headers = ["Tidstämpel", "Vilken skola arbetar du på? "]
    headers += [f"{STATEMENTS[id_]} " for id_ in IDS] + [STATEMENTS[id_] for id_ in IDS]
    rows: list[list[object]] = []
    for time, school, *levels in rows_of(answers, str, with_label, swedish_time):
        blank: list[object] = [""] * len(levels)
        parts = [*levels, *blank] if school == EKSKOLAN else [*blank, *levels]
        rows.append([time, names[str(school)], *parts])
    return as_csv([headers, *rows])


def in_english(answers: Answered, renamed: Mapping[str, str] | None = None) -> bytes:
    """An .xlsx of the form's spreadsheet: numbered questions, codes as numbers, an address, a comment."""
    texts = {**STATEMENTS, **(renamed or {})}
    headers = ["Timestamp", "Email Address", "School code"]
    headers += [f"{number}. {texts[id_]}" for number, id_ in enumerate(IDS, 1)] + ["Any comments?"]
    rows = rows_of(answers, int, lambda level: level, lambda time: time)
    full = [
        [time, f"p{at}@example.se", code, *levels, "Tack!" if at % 2 else None]
        for at, (time, code, *levels) in enumerate(rows)
    ]
    return as_xlsx([headers, *full], "Form Responses 1")


def as_grid(answers: Answered, names: Mapping[str, str]) -> bytes:
    """CSV with semicolons as older programs of Windows write it; the questions are the rows of two grids."""
    titles = {"L": "Ledarskap och planering", "U": "Digitala verktyg i undervisningen"}
    headers = ["Tidstämpel", *(f"{titles[id_[0]]} [{STATEMENTS[id_]}]" for id_ in IDS), "Skola"]
    rows = rows_of(
        answers, lambda code: names[code], lambda level: LABELS[level or 0], "{:%Y-%m-%d %H.%M.%S}".format
    )
    turned = [[time, *levels, school] for time, school, *levels in rows]
    return as_csv([headers, *turned], ";", "cp1252")


def saved(folder: Path, content: bytes, name: str = "svar.csv") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(content)
    return path
