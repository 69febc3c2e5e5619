"""Correcting a cell: what the app can mend and what not, what it takes for an answer, and who may."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import pytest

from services.checking import all_problems
from services.correcting import (
    Change,
    Correction,
    Elsewhere,
    correction_of,
    dismiss,
    read_written,
    references,
    submit,
    ways_of,
)
from services.errors import NotPermitted
from services.outbox import Outbox
from services.register import Register
from services.tables.problems import Problem, Rule
from services.tables.schema import load_schema
from services.tables.sheet import Cell
from services.writing.deeds import Saved
from services.writing.writer import Writer
from tests.people import (
    BJORKSKOLAN,
    EKSKOLAN,
    a_part,
    a_register,
    a_round,
    a_rule,
    a_school,
    a_workbook,
    answers,
    read,
    register_sheets,
    visitor,
)
from tests.writing.registers import on_disk

UNNI = visitor("Unni")
PLANNED = [a_round("2021", "Planerad")]
"""While the round is planned its rules and questions may still be changed."""
SCHEMA = load_schema()


def the_problem(register: Register, header: str | None = None) -> Problem:
    """The only problem, or the only one in that column."""
    [found] = [one for one in all_problems(register) if header in (None, one.header)]
    return found


def the_correction(register: Register, header: str | None = None) -> Correction:
    found = correction_of(register, SCHEMA, UNNI, the_problem(register, header))
    assert isinstance(found, Correction)
    return found


def a_school_with(**cells: Cell) -> Register:
    """Ekskolan with these cells, beside Björkskolan."""
    ekskolan = {**a_school(), **{name.replace("_", " "): value for name, value in cells.items()}}
    return a_register(schools=[ekskolan, a_school(BJORKSKOLAN, "Björkskolan")])


# --- What can be corrected -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tables", "header", "key", "row", "seen"),
    [
        ({"staff": {EKSKOLAN: "femtio"}}, "Personal", ("2021", EKSKOLAN), "2021 · Ekskolan", "femtio"),
        (
            {"rounds": PLANNED, "rules": [a_rule(1, "Medelnivå", "tre")]},
            "Gräns",
            ("2021", 1),
            "2021 · 1",
            "tre",
        ),
        (
            {"rounds": PLANNED, "rules": [a_rule(1, "Medelvärde", 3)]},
            "Mått",
            ("2021", 1),
            "2021 · 1",
            "Medelvärde",
        ),
        (
            {"schools": [{**a_school(), "Status": None}], "staff": {}},
            "Status",
            (EKSKOLAN,),
            "Ekskolan",
            None,
        ),
    ],
)
def test_a_bad_cell_in_a_row_with_a_key_can_be_corrected(
    tables: dict, header: str, key: tuple[Cell, ...], row: str, seen: Cell
) -> None:
    found = the_correction(a_register(**tables), header)

    assert (found.key, found.row, found.seen, found.column.header) == (key, row, seen, header)


def test_a_contradiction_between_good_cells_is_corrected_in_the_cell_that_is_listed() -> None:
    register = a_register(answers(12, EKSKOLAN, L=3), staff={EKSKOLAN: 10})

    found = the_correction(register, "Personal")

    assert found.problem.rule is Rule.MORE_ANSWERS_THAN_STAFF
    assert (found.key, found.seen) == (("2021", EKSKOLAN), 10)


def elsewhere(register: Register) -> Sequence[Elsewhere]:
    ways = ways_of(register, UNNI, all_problems(register))
    assert all(isinstance(way, Elsewhere) for way in ways.values()), ways
    return [way for way in ways.values() if isinstance(way, Elsewhere)]


@pytest.mark.parametrize(
    ("tables", "where"),
    [
        ({"schools": [a_school("99", "Kort kod")], "staff": {}}, Elsewhere.NO_KEY),
        ({"schools": [a_school(), a_school()], "staff": {}}, Elsewhere.NO_KEY),
        ({"parts": [a_part("99999999")]}, Elsewhere.NO_KEY),
        ({"parts": [a_part(EKSKOLAN, "#REF!")]}, Elsewhere.FORMULA),
    ],
)
def test_what_tells_rows_apart_and_what_a_formula_says_is_mended_in_the_sheet(
    tables: dict, where: Elsewhere
) -> None:
    assert set(elsewhere(a_register(**tables))) == {where}


def test_an_answer_is_never_changed_in_the_app() -> None:
    register = a_register(answers(5, EKSKOLAN, L=3) + answers(1, EKSKOLAN, L1=7))

    assert elsewhere(register) == [Elsewhere.ANSWERS]


def test_a_sheet_or_column_that_is_not_there_is_no_cell_to_correct() -> None:
    from services.workbook.memory import MemoryWorkbook
    from tests.people import register_sheets

    sheets = register_sheets()
    del sheets["vebs"]["Närvaro"]
    sheets["vebs"]["Skolor"] = [row[:3] + row[4:] for row in sheets["vebs"]["Skolor"]]

    register = read(MemoryWorkbook(sheets))

    assert {one.rule for one in all_problems(register)} == {Rule.MISSING_SHEET, Rule.MISSING_COLUMN}
    assert set(elsewhere(register)) == {Elsewhere.NOT_A_CELL}


@pytest.mark.parametrize("name", ["Petra", "Per", "Siri", "Rut", "Frida", "Nils"])
def test_nobody_but_the_unit_is_offered_a_correction(name: str) -> None:
    register = a_register(rounds=PLANNED, rules=[a_rule(1, "Medelnivå", "tre")])

    with pytest.raises(NotPermitted):
        ways_of(register, visitor(name), all_problems(register))


@pytest.mark.parametrize("name", ["Petra", "Per", "Siri", "Rut", "Frida", "Nils"])
def test_nobody_but_the_unit_changes_a_cell_or_dismisses_a_change(name: str, tmp_path: Path) -> None:
    workbook = a_workbook(rounds=PLANNED, rules=[a_rule(1, "Medelnivå", "tre")])
    writer = Writer(workbook, SCHEMA, Outbox(tmp_path / "outbox.sqlite"), lambda: dt.datetime.now(dt.UTC))
    correction = the_correction(read(workbook), "Gräns")

    with pytest.raises(NotPermitted):
        submit(writer, read(workbook), visitor(name), Change(correction, 3.0, "a-change"))
    with pytest.raises(NotPermitted):
        dismiss(writer, visitor(name), "a-change")

    assert writer.status().waiting == 0


def test_a_change_is_made_once_however_often_it_is_asked_for(tmp_path: Path) -> None:
    workbook = a_workbook(rounds=PLANNED, rules=[a_rule(1, "Medelnivå", "tre")])
    writer = Writer(workbook, SCHEMA, Outbox(tmp_path / "outbox.sqlite"), lambda: dt.datetime.now(dt.UTC))
    change = Change(the_correction(read(workbook), "Gräns"), 3.0, "a-change")

    for _ in range(2):
        id_ = submit(writer, read(workbook), UNNI, change)
    while writer.once() is not None:
        pass

    assert writer.outcome(id_) == Saved()
    after = workbook.read("vebs").sheets
    assert after["Regler"].columns[4][1] == 3.0
    assert len(after["Logg"].columns[0]) == 2, "the header and one row"


@pytest.mark.parametrize(
    ("tables", "sheet", "header", "value"),
    [
        # Somebody typed 3.5, and the spreadsheet program made a day of it.
        ({"rounds": PLANNED, "rules": [a_rule(1, "Medelnivå", dt.date(2026, 5, 3))]}, "Regler", "Gräns", 3.5),
        ({"staff": {EKSKOLAN: dt.time(12, 30)}}, "Skolans omgång", "Personal", 50),
        (
            {"rounds": [{**a_round("2021"), "Stänger": dt.date(2020, 2, 5)}]},
            "Omgångar",
            "Stänger",
            dt.date(2021, 2, 5),
        ),
    ],
)
def test_a_date_that_is_wrong_is_corrected_in_a_file_and_put_back_as_the_date_it_was(
    tables: dict, sheet: str, header: str, value: Cell, tmp_path: Path
) -> None:
    workbook = on_disk(tmp_path, register_sheets(**tables))
    correction = the_correction(read(workbook), header)
    writer = Writer(workbook, SCHEMA, Outbox(tmp_path / "outbox.sqlite"), lambda: dt.datetime.now(dt.UTC))

    def what_stands() -> Cell:
        columns = workbook.read("vebs").sheets[sheet].columns
        return next(column[1] for column in columns if column[0] == header)

    def after(change: Change) -> Cell:
        id_ = submit(writer, read(workbook), UNNI, change)
        while writer.once() is not None:
            pass
        assert writer.outcome(id_) == Saved()
        return what_stands()

    before, change = what_stands(), Change(correction, value, "a-change")

    assert after(change) == value
    assert after(change.turned_back("back")) == before == correction.seen
    assert isinstance(before, dt.date | dt.time)


# --- What is taken for a value -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tables", "header", "written", "value"),
    [
        ({"staff": {EKSKOLAN: "femtio"}}, "Personal", " 50 ", 50),
        ({"staff": {EKSKOLAN: "femtio"}}, "Personal", "50,0", 50),
        ({"rounds": PLANNED, "rules": [a_rule(1, "Medelnivå", "tre")]}, "Gräns", "3,25", 3.25),
        ({"rounds": PLANNED, "rules": [a_rule(1, "Medelvärde", 3)]}, "Mått", "Medelnivå", "Medelnivå"),
        ({"rounds": PLANNED, "rules": [a_rule(1, "Medelnivå", 3, "Nionde")]}, "Delområde", "Alla", "Alla"),
        ({"rounds": PLANNED, "rules": [a_rule(1, "Medelnivå", 3, "Nionde")]}, "Delområde", 2, 2),
        ({"rounds": PLANNED, "rules": [a_rule(1, "Medelnivå", 3, "Nionde")]}, "Delområde", None, None),
        (
            {"rounds": [{**a_round(), "Stänger": "snart"}]},
            "Stänger",
            dt.date(2021, 2, 5),
            dt.date(2021, 2, 5),
        ),
    ],
)
def test_a_value_is_read_as_the_sheets_are(tables: dict, header: str, written: Cell, value: Cell) -> None:
    register = a_register(**tables)

    found = read_written(register, SCHEMA, the_correction(register, header), written)

    assert (found.value, found.advice) == (value, "")
    assert type(found.value) is type(value)


@pytest.mark.parametrize(
    ("tables", "header", "written", "advice"),
    [
        ({"staff": {EKSKOLAN: "femtio"}}, "Personal", "sextio", "Skriv ett heltal."),
        ({"staff": {EKSKOLAN: "femtio"}}, "Personal", "50,5", "Skriv ett heltal."),
        ({"staff": {EKSKOLAN: "femtio"}}, "Personal", "-1", "Skriv ett heltal som är minst 0."),
        ({"staff": {EKSKOLAN: "femtio"}}, "Personal", "  ", "Fyll i Personal."),
        ({"rounds": PLANNED, "rules": [a_rule(1, "Medelnivå", "tre")]}, "Gräns", None, "Fyll i Gräns."),
        ({"rounds": [{**a_round(), "Status": "Klar"}]}, "Status", "Slut", "Välj Planerad"),
        (
            {"rounds": PLANNED, "rules": [a_rule(1, "Medelnivå", 3, "Nionde")]},
            "Delområde",
            9,
            "Värdet finns inte i Delområden.",
        ),
        ({"rounds": PLANNED, "rules": [a_rule(1, "Medelnivå", "tre")]}, "Gräns", "tre", "Skriv ett tal"),
    ],
)
def test_a_value_the_schema_refuses_comes_back_with_what_to_do(
    tables: dict, header: str, written: Cell, advice: str
) -> None:
    register = a_register(**tables)

    found = read_written(register, SCHEMA, the_correction(register, header), written)

    assert found.advice.startswith(advice)
    assert found.value is None


def test_the_very_value_that_stands_there_is_no_change() -> None:
    register = a_register(answers(12, EKSKOLAN, L=3), staff={EKSKOLAN: 10})

    found = read_written(register, SCHEMA, the_correction(register, "Personal"), "10")

    assert found.advice.startswith("Det står redan så")


def test_a_text_that_was_pasted_by_mistake_is_refused() -> None:
    register = a_school_with(Skola=None)

    found = read_written(register, SCHEMA, the_correction(register, "Skola"), "x" * 10_001)

    assert found.advice == "Texten är längre än 10 000 tecken. Korta den."


def test_yes_and_no_are_stored_as_people_write_them() -> None:
    question = {"Fråga": "L1", "Delområde": 1, "Påstående": "P", "Från omgång": "2019", "Väsentlig": "kanske"}
    register = a_register(rounds=PLANNED, questions=[question])

    assert read_written(register, SCHEMA, the_correction(register, "Väsentlig"), "ja").value == "Ja"


def test_a_reference_is_chosen_by_name_and_never_the_row_itself() -> None:
    register = a_school_with(Ersatt_av="99999999")

    found = references(register, SCHEMA, the_correction(register, "Ersatt av"))

    assert found == {BJORKSKOLAN: f"Björkskolan ({BJORKSKOLAN})"}
    assert read_written(register, SCHEMA, the_correction(register, "Ersatt av"), EKSKOLAN).advice


def test_words_may_stand_instead_of_a_reference() -> None:
    register = a_register(rounds=PLANNED, rules=[a_rule(1, "Medelnivå", 3, "Nionde")])

    found = references(register, SCHEMA, the_correction(register, "Delområde"))

    assert list(found) == ["Alla", 1, 2]
    assert found[1] == "Ledarskap och planering (1)"
