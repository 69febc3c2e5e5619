"""What the writer promises, whichever workbook it writes in."""

import datetime as dt

import pytest

from services.errors import CellProtected, Conflict, DuplicateKey, RowGone, RowTrouble
from services.history import verify
from services.workbook.memory import Formula
from services.writing.deeds import NewRow, Received, Refused, RowChange, Saved
from tests.writing.registers import INBOX, PLAN, UNNI, a_change, a_register, an_action, an_answer


def only_trouble(outcome: object) -> Exception:
    assert isinstance(outcome, Refused)
    assert not outcome.saved
    (trouble,) = outcome.troubles.values()
    return trouble


def test_a_new_row_is_there_when_it_is_said_to_be_saved(opened):
    app = opened(a_register())
    id_ = app.writer.submit([NewRow(PLAN, an_action("a1"))], UNNI, "Ny insats")
    assert app.writer.outcome(id_) == Received()
    assert app.rows() == []
    assert app.after(id_) == Saved()
    assert app.rows() == [an_action("a1")]


def test_the_same_submission_twice_is_one_row(opened):
    app = opened(a_register())
    for _ in range(2):
        app.writer.submit([NewRow(PLAN, an_action("a1"))], UNNI, "Ny insats", "x1")
    app.run()
    app.writer.submit([NewRow(PLAN, an_action("a1"))], UNNI, "Ny insats", "x1")
    app.run()
    assert app.rows() == [an_action("a1")]
    assert app.writer.outcome("x1") == Saved()


def test_the_same_row_in_two_submissions_is_one_row(opened):
    app = opened(a_register())
    ids = [app.writer.submit([NewRow(PLAN, an_action("a1"))], UNNI, "Ny insats") for _ in range(2)]
    app.run()
    assert [app.writer.outcome(id_) for id_ in ids] == [Saved(), Saved()]
    assert app.rows() == [an_action("a1")]
    assert len(app.log()) == 1


def test_a_key_that_another_row_has_is_refused(opened):
    app = opened(a_register([an_action("a1")]))
    trouble = only_trouble(app.do(NewRow(PLAN, an_action("a1", Mål="Ett annat"))))
    assert isinstance(trouble, DuplicateKey)
    assert "a1" in str(trouble)
    assert len(app.rows()) == 1
    assert app.log() == []


def test_a_change_writes_only_the_fields_that_change(opened):
    app = opened(a_register([an_action("a1"), an_action("a2")]))
    before = app.rows()
    assert app.do(a_change("a2")) == Saved()
    assert app.rows() == [before[0], {**before[1], "Mål": "Ett annat mål"}]


def test_values_are_compared_by_what_they_mean(opened):
    action = an_action("a1", Delområde="Ledning", **{"Klart senast": dt.date(2026, 6, 1)})
    app = opened(a_register([action]))
    change = RowChange(
        PLAN,
        ("a1",),
        {"Delområde": 1, "Klart senast": dt.date(2026, 6, 1), "Omgång": "2021"},
        {"Delområde": 2, "Klart senast": None, "Omgång": "2022"},
    )
    assert app.do(change) == Saved()
    expected = {**action, "Delområde": 2, "Omgång": "2022"}
    del expected["Klart senast"]
    assert app.rows() == [expected | {"Egen kolumn": "anteckning 0"}]


def test_a_row_is_found_by_a_key_of_several_columns(opened):
    app = opened(a_register())
    for number in (1, 2):
        row = {"Läsår": "2025-2026", "Nr": number, "Skolenhetskod": "00000001", "Antal": 10}
        assert app.do(NewRow("Närvaro", row)) == Saved()
    change = RowChange("Närvaro", ("2025-2026", 2, "00000001"), {"Antal": 10}, {"Antal": 12})
    assert app.do(change) == Saved()
    assert [row["Antal"] for row in app.rows("Närvaro")] == [10, 12]


def test_what_somebody_else_has_changed_is_a_conflict_that_tells_all_three(opened):
    app = opened(a_register([an_action("a1", Mål="Deras mål")]))
    before = app.rows()
    trouble = only_trouble(app.do(a_change("a1", "Ett mål", "Mitt mål")))
    assert isinstance(trouble, Conflict)
    assert (trouble.base, trouble.theirs, trouble.mine) == (
        {"Mål": "Ett mål"},
        {"Mål": "Deras mål"},
        {"Mål": "Mitt mål"},
    )
    assert app.rows() == before
    assert app.log() == []


def test_a_cell_that_nobody_can_read_is_not_taken_for_a_blank_one(opened):
    app = opened(a_register([an_action("a1", **{"Klart senast": "till sommaren"})]))
    change = a_change("a1", None, dt.date(2026, 6, 1), "Klart senast")
    trouble = only_trouble(app.do(change))
    assert isinstance(trouble, Conflict)
    assert trouble.theirs == {"Klart senast": "till sommaren"}
    chosen = a_change("a1", "till sommaren", dt.date(2026, 6, 1), "Klart senast")
    assert app.do(chosen) == Saved()


def test_all_of_a_submission_is_refused_where_a_part_of_it_is(opened):
    app = opened(a_register([an_action("a1"), an_action("a2", Mål="Deras mål")]))
    before = app.rows()
    outcome = app.do(a_change("a1"), a_change("a2"), NewRow(PLAN, an_action("a3")))
    assert isinstance(outcome, Refused)
    assert list(outcome.troubles) == [1]
    assert app.rows() == before


def test_all_of_a_submission_is_refused_where_a_row_of_it_is_there_already(opened):
    app = opened(a_register([an_action("a1")]))
    before = app.rows()
    outcome = app.do(NewRow(PLAN, an_action("a1", Mål="Ett annat")), NewRow(PLAN, an_action("a2")))
    assert isinstance(outcome, Refused)
    assert list(outcome.troubles) == [0]
    assert app.rows() == before


def test_of_two_changes_of_a_field_the_second_sees_the_first(opened):
    app = opened(a_register([an_action("a1")]))
    first, second = (
        app.writer.submit([a_change("a1", new=new)], UNNI, "Ändring") for new in ("Först", "Sedan")
    )
    app.run()
    assert app.writer.outcome(first) == Saved()
    trouble = only_trouble(app.writer.outcome(second))
    assert isinstance(trouble, Conflict)
    assert trouble.theirs == {"Mål": "Först"}
    assert app.rows()[0]["Mål"] == "Först"


def test_a_row_that_is_gone_or_there_twice_is_refused(opened):
    app = opened(a_register([an_action("a1"), an_action("a1")]))
    assert isinstance(only_trouble(app.do(a_change("a2"))), RowGone)
    assert isinstance(only_trouble(app.do(a_change("a1"))), DuplicateKey)


def test_a_change_of_a_row_that_is_still_on_its_way_waits_for_it(opened):
    app = opened(a_register([an_action("a1")]))
    app.writer.submit([a_change("a1"), NewRow(PLAN, an_action("a2"))], UNNI, "Båda")
    assert app.do(a_change("a2", new="Nytt")) == Saved()
    assert [row["Mål"] for row in app.rows()] == ["Ett annat mål", "Nytt"]


def test_a_formula_is_never_written_over(opened):
    action = an_action("a1", Mål=Formula('="Ett" & " mål"', "Ett mål"))
    app = opened(a_register([action, an_action("a2"), an_action("a3")]))
    ids = [app.writer.submit([a_change(key)], UNNI, "Ändring") for key in ("a2", "a1", "a3")]
    app.run()
    outcomes = [app.writer.outcome(id_) for id_ in ids]
    assert isinstance(outcomes[1], Refused)
    assert isinstance(outcomes[1].troubles[0], CellProtected | Conflict)
    assert [outcomes[0], outcomes[2]] == [Saved(), Saved()]
    assert [row.get("Mål") for row in app.rows()][1:] == ["Ett annat mål", "Ett annat mål"]


def test_one_bad_row_stops_no_other(opened):
    app = opened(a_register())
    good = [app.writer.submit([NewRow(PLAN, an_action(f"a{n}"))], UNNI, "Ny") for n in range(3)]
    long = app.writer.submit([NewRow(PLAN, an_action("b1", Mål="å" * 32_768))], UNNI, "Ny")
    unknown = app.writer.submit([NewRow(PLAN, an_action("b2", Rektor="x"))], UNNI, "Ny")
    lacking = app.writer.submit(an_answer("k1", L9=4), "", "Svar")
    answer = app.writer.submit(an_answer("k2"), "", "Svar")
    app.run()
    assert {app.writer.outcome(id_) for id_ in [*good, answer]} == {Saved()}
    for id_, word in ((long, "för lång"), (unknown, "Rektor"), (lacking, "L9")):
        trouble = only_trouble(app.writer.outcome(id_))
        assert isinstance(trouble, RowTrouble)
        assert word in str(trouble)
    assert [row["Insats"] for row in app.rows()] == ["a0", "a1", "a2"]
    assert [row["Nyckel"] for row in app.rows("Deltagande", INBOX)] == ["k2"]
    assert {setback.id for setback in app.writer.status().setbacks} == {long, unknown, lacking}


def test_a_column_of_the_sheet_that_is_not_in_the_schema_is_never_written(opened):
    app = opened(a_register([an_action("a1")]))
    trouble = only_trouble(app.do(a_change("a1", "anteckning 0", "vår", "Egen kolumn")))
    assert "Egen kolumn" in str(trouble)
    assert app.rows()[0]["Egen kolumn"] == "anteckning 0"


def test_answers_are_written_with_their_questions_and_never_logged(opened):
    app = opened(a_register())
    assert app.do(*an_answer("k1", L2=4)) == Saved()
    assert app.do(*an_answer("k1", version=2, L1=1)) == Saved()
    answers = app.rows("Inkomna", INBOX)
    assert [(row["Nyckel"], row["Version"], row["L1"]) for row in answers] == [("k1", 1, 3), ("k1", 2, 1)]
    assert [row["Nyckel"] for row in app.rows("Deltagande", INBOX)] == ["k1"]
    assert app.log() == []


def test_every_field_that_changes_is_a_row_of_the_log(opened):
    app = opened(a_register([an_action("a1")]))
    day = dt.date(2026, 6, 1)
    app.do(NewRow(PLAN, an_action("a2", Status="Klar")), event="Ny insats")
    app.do(
        RowChange(
            PLAN, ("a1",), {"Mål": "Ett mål", "Klart senast": None}, {"Mål": "=1+1", "Klart senast": day}
        ),
        event="Reviderad",
    )
    shown = [row.entry.texts[1:] for row in app.log()]
    assert shown[0][:5] == (UNNI, "Ny insats", PLAN, "a2", "")
    assert '"Status": "Klar"' in shown[0][6]
    assert shown[1:] == [
        (UNNI, "Reviderad", PLAN, "a1", "Mål", "Ett mål", "=1+1"),
        (UNNI, "Reviderad", PLAN, "a1", "Klart senast", "", "2026-06-01"),
    ]
    assert verify(app.log(), app.outbox.anchor()) is None


@pytest.mark.parametrize("text", ["  kant  ", "rad\r\nrad\ttabb", "\x01\x0b", "'citat", "😀\u202e", "TRUE"])
def test_the_log_holds_whatever_text_is_logged(opened, text):
    app = opened(a_register([an_action("a1")]))
    assert app.do(a_change("a1", new=text)) == Saved()
    assert len(app.log()) == 1
    assert verify(app.log(), app.outbox.anchor()) is None
