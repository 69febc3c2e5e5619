"""What is locked once a round has opened, and what may still be changed."""

from pathlib import Path

import pytest

from services.checking import all_problems
from services.correcting import Change, Correction, Elsewhere, correction_of, read_written, submit
from services.errors import RowTrouble
from services.locking import Lock, lock_on
from services.outbox import Outbox
from services.register import Register
from services.tables.schema import load_schema
from services.tables.sheet import Cell
from services.writing.deeds import NewRow, RowChange
from services.writing.writer import Writer
from tests.people import TODAY, a_question, a_register, a_round, a_rule, a_workbook, read, visitor

SCHEMA = load_schema()
BEGUN = ["Öppen", "Stängd", "Publicerad", "Någon sorts"]


def in_status(status: str, **tables) -> Register:
    return a_register({}, rounds=[a_round("2022", status, tables.pop("least", 5))], **tables)


def a_change(sheet: str, key: tuple[Cell, ...], header: str, value: Cell) -> RowChange:
    return RowChange(sheet, key, {header: None}, {header: value})


LOCKED = [
    (a_change("Regler", ("2021", 1), "Gräns", 2.5), Lock.RULES),
    (NewRow("Regler", {"Regelversion": "2021", "Nr": 9, "Mått": "Antal svar", "Gräns": 50}), Lock.RULES),
    (a_change("Omgångar", ("2022",), "Regelversion", "2025"), Lock.ROUND),
    (a_change("Omgångar", ("2022",), "Minsta antal svar", 9), Lock.ROUND),
    (a_change("Frågor", ("L1",), "Påstående", "Något annat"), Lock.QUESTION),
    (a_change("Frågor", ("L1",), "Trygg", "Något annat"), Lock.QUESTION),
    (a_change("Frågor", ("L1",), "Delområde", 2), Lock.QUESTION),
    (a_change("Frågor", ("L1",), "Väsentlig", "Ja"), Lock.QUESTION),
    (a_change("Frågor", ("L1",), "Till omgång", "2021"), Lock.QUESTION),
    (a_change("Frågor", ("L1",), "Från omgång", "2023"), Lock.QUESTION),
    (NewRow("Frågor", a_question("L5")), Lock.QUESTION),
]
FREE = [
    a_change("Regler", ("2025", 1), "Gräns", 2.5),
    NewRow("Regler", {"Regelversion": "2025", "Nr": 1, "Mått": "Antal svar", "Gräns": 50}),
    a_change("Omgångar", ("2022",), "Stänger", TODAY),
    a_change("Frågor", ("L1",), "Till omgång", "2022"),
    a_change("Frågor", ("L1",), "Från omgång", "2020"),
    a_change("Frågor", ("L1",), "Tagg", "DNP"),
    NewRow("Frågor", a_question("L5", "2023")),
    a_change("Skolor", ("00123456",), "Personal", 41),
]


@pytest.mark.parametrize("status", BEGUN)
@pytest.mark.parametrize(("deed", "lock"), LOCKED)
def test_rules_questions_and_least_number_of_a_round_that_has_opened_are_locked(
    deed: RowChange | NewRow, lock: Lock, status: str
) -> None:
    assert lock_on(in_status(status), deed) is lock
    assert lock_on(in_status("Planerad"), deed) is None


@pytest.mark.parametrize("deed", FREE)
def test_what_touches_no_round_that_has_opened_may_be_changed(deed: RowChange | NewRow) -> None:
    assert lock_on(in_status("Öppen"), deed) is None


@pytest.mark.parametrize(
    ("tables", "header", "where"),
    [
        ({"rules": [a_rule(1, "Medelnivå", "tre")]}, "Gräns", Elsewhere.RULES_LOCKED),
        ({"least": "fem"}, "Minsta antal svar", Elsewhere.ROUND_LOCKED),
        (
            {"questions": [{**a_question("L1"), "Väsentlig": "kanske"}]},
            "Väsentlig",
            Elsewhere.QUESTION_LOCKED,
        ),
    ],
)
def test_kontroll_offers_no_correction_of_what_is_locked_and_says_why(
    tables: dict, header: str, where: Elsewhere
) -> None:
    def found(status: str) -> Correction | Elsewhere:
        register = in_status(status, **tables)
        [problem] = [one for one in all_problems(register) if one.header == header]
        return correction_of(register, SCHEMA, visitor("Unni"), problem)

    assert found("Öppen") is where
    assert isinstance(found("Planerad"), Correction)


def test_a_form_that_was_open_when_the_round_opened_saves_nothing(tmp_path: Path) -> None:
    rules = [a_rule(1, "Medelnivå", "tre")]
    before = in_status("Planerad", rules=rules)
    workbook = a_workbook({}, rounds=[a_round("2022", "Öppen")], rules=rules)
    writer = Writer(workbook, SCHEMA, Outbox(tmp_path / "outbox.sqlite"), lambda: None)
    [problem] = [one for one in all_problems(before) if one.header == "Gräns"]
    correction = correction_of(before, SCHEMA, visitor("Unni"), problem)
    assert isinstance(correction, Correction)

    assert read_written(read(workbook), SCHEMA, correction, "3,0").advice == Lock.RULES
    with pytest.raises(RowTrouble, match="låst"):
        submit(writer, read(workbook), visitor("Unni"), Change(correction, 3.0, "a-change"))
    assert writer.status().waiting == 0
