"""A closed round kept on disk is its spreadsheet, or it is nothing: never something else."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.assembly import read_answer_sheet
from services.keeping import KeptRounds, digest_of
from services.reading import Reader
from services.register import Register
from services.tables.answers import level_array
from services.tables.parse import Parsed
from services.tables.schema import load_schema
from tests.moody import MoodyWorkbook
from tests.people import EKSKOLAN, a_round, a_workbook, an_answer, answers
from tests.tables.test_cells import CELLS
from tests.tables.test_parse import a_sheet

SPREADSHEET = "svar-2021"
ASKED = load_schema().table("Svar").with_questions(("L1", "L2"))
UNTIDY = [
    *answers(12, L=3, U=2),
    an_answer(L=1) | {"Svar": "s1"},
    an_answer("99999999", L=3),
    an_answer(L1=9, L2="x"),
    an_answer(L=2) | {"Svar": ""},
]
"""A doubled key, an unknown school, two cells that can't be read, and a row without a key."""


def an_untidy_workbook() -> MoodyWorkbook:
    return MoodyWorkbook(a_workbook(UNTIDY))


def read(workbook: MoodyWorkbook, folder: Path) -> Register:
    """As a new process does."""
    return Reader(workbook, load_schema(), KeptRounds(folder)).read()


def content(parsed: Parsed) -> tuple:
    typed = parsed.typed
    columns = [
        level_array(typed.columns[one.header]).tolist()
        if one.minimum is not None
        else list(typed.columns[one.header])
        for one in typed.table.columns
    ]
    return list(typed.rows), columns, dict(typed.letters), typed.unkeyed, parsed.problems


def said(register: Register) -> tuple:
    found = register.answers["2021"]
    return list(found.rows), list(found.schools), found.questions, found.levels.tolist(), register.problems


def a_reading(*rows: list) -> Parsed:
    return read_answer_sheet(load_schema(), "2021", ASKED, {"Svar": a_sheet(*rows)})


HEADERS = ["Svar", "Skolenhetskod", "L1", "L2"]
A_READING = a_reading(HEADERS, ["a", EKSKOLAN, 3, 4], ["", EKSKOLAN, 1, 1], ["c", EKSKOLAN, "", 7])


def test_a_kept_round_is_read_without_its_spreadsheet_and_says_the_same(tmp_path: Path) -> None:
    workbook = an_untidy_workbook()
    from_spreadsheet = read(workbook, tmp_path)
    workbook.was_read.clear()

    from_kept = read(workbook, tmp_path)

    assert workbook.was_read == ["vebs"]
    assert said(from_kept) == said(from_spreadsheet)
    assert len(from_kept.problems) == 5


def test_a_kept_round_is_for_us_alone(tmp_path: Path) -> None:
    read(an_untidy_workbook(), tmp_path / "rounds")

    kept = [tmp_path / "rounds", *(tmp_path / "rounds").iterdir()]

    assert [oct(path.stat().st_mode & 0o777) for path in kept] == ["0o700", "0o600"]


@given(st.lists(st.lists(CELLS | st.sampled_from([EKSKOLAN, 1, 2, 3, 4]), max_size=5), max_size=8))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_stands_in_the_spreadsheet_it_is_kept_as_it_was_read(tmp_path: Path, rows) -> None:
    parsed, kept = a_reading(HEADERS, *rows), KeptRounds(tmp_path)

    kept.keep(SPREADSHEET, "1", parsed)

    assert content(kept.load(SPREADSHEET, "1", ASKED)) == content(parsed)


def test_a_spreadsheet_that_has_changed_is_read_again_and_kept_again(tmp_path: Path) -> None:
    workbook = an_untidy_workbook()
    before = read(workbook, tmp_path)
    workbook.inside.edit(SPREADSHEET, "Svar", 2, 2, 4)
    workbook.was_read.clear()

    after = read(workbook, tmp_path)

    assert workbook.was_read == ["vebs", SPREADSHEET]
    assert (before.answers["2021"].levels[0, 0], after.answers["2021"].levels[0, 0]) == (3, 4)
    workbook.was_read.clear()
    assert said(read(workbook, tmp_path)) == said(after)
    assert workbook.was_read == ["vebs"]


def test_a_question_bank_that_has_changed_makes_what_is_kept_worthless(tmp_path: Path) -> None:
    kept = KeptRounds(tmp_path)
    kept.keep(SPREADSHEET, "1", A_READING)
    schema = load_schema()

    assert kept.load(SPREADSHEET, "1", ASKED) is not None
    for questions in (("L1", "L2", "L3"), ("L1",), ("L2", "L1"), ("L1", "L9")):
        assert kept.load(SPREADSHEET, "1", schema.table("Svar").with_questions(questions)) is None
    assert kept.load(SPREADSHEET, "2", ASKED) is None


def test_a_round_that_was_never_kept_is_not_there(tmp_path: Path) -> None:
    assert KeptRounds(tmp_path / "none").load(SPREADSHEET, "1", ASKED) is None


def test_a_file_that_is_damaged_anywhere_is_the_same_round_or_none(tmp_path: Path) -> None:
    kept = KeptRounds(tmp_path)
    kept.keep(SPREADSHEET, "1", A_READING)
    (path,) = tmp_path.iterdir()
    whole, lost = path.read_bytes(), 0

    for place in range(0, len(whole), 7):
        damaged = bytearray(whole)
        damaged[place] ^= 1 << place % 8
        path.write_bytes(damaged)
        found = kept.load(SPREADSHEET, "1", ASKED)
        assert found is None or content(found) == content(A_READING), place
        lost += found is None

    assert lost > 100  # of some 400 places tried, many hurt


@pytest.mark.parametrize("size", [0, 1, 4, 100, -8, -1])
def test_a_file_that_was_cut_off_is_only_a_slower_start(tmp_path: Path, size: int) -> None:
    workbook = an_untidy_workbook()
    right = said(read(workbook, tmp_path))
    (path,) = tmp_path.iterdir()
    path.write_bytes(path.read_bytes()[:size])
    workbook.was_read.clear()

    assert said(read(workbook, tmp_path)) == right
    assert workbook.was_read == ["vebs", SPREADSHEET]


@pytest.mark.parametrize("columns", [{}, {"": [2], "Svar": ["a"]}, {"x": [1]}])
def test_somebody_elses_parquet_file_is_only_a_slower_start(tmp_path: Path, columns) -> None:
    kept = KeptRounds(tmp_path)
    pq.write_table(pa.table(columns), tmp_path / f"{SPREADSHEET}.parquet")

    assert kept.load(SPREADSHEET, "1", ASKED) is None


def test_what_is_kept_is_for_us_alone_and_nothing_else_is_left_in_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "state" / "rounds"
    kept = KeptRounds(folder)

    kept.keep(SPREADSHEET, "1", A_READING)
    kept.keep(SPREADSHEET, "2", A_READING)

    assert [path.name for path in folder.iterdir()] == ["svar-2021.parquet"]
    assert folder.stat().st_mode & 0o077 == 0


def test_a_folder_that_can_not_be_made_costs_nothing_but_time(tmp_path: Path, caplog) -> None:
    in_the_way = tmp_path / "rounds"
    in_the_way.write_text("en fil")
    workbook = an_untidy_workbook()

    assert said(read(workbook, in_the_way)) == said(read(workbook, tmp_path / "elsewhere"))
    assert "svar-2021 could not be kept" in caplog.text
    assert EKSKOLAN not in caplog.text


def test_a_digest_changes_with_any_answer_and_with_nothing_else() -> None:
    rows = [["a", EKSKOLAN, 3, 4], ["b", EKSKOLAN, 1, ""]]
    base = digest_of(a_reading(HEADERS, *rows).typed)

    assert digest_of(a_reading([], HEADERS, [], *rows).typed) == base
    for row in range(2):
        for column, value in enumerate(["x", "00123457", 2, 2]):
            changed = [list(one) for one in rows]
            changed[row][column] = value
            assert digest_of(a_reading(HEADERS, *changed).typed) != base


def test_only_closed_rounds_are_kept(tmp_path: Path) -> None:
    rounds = [a_round("2020", "Stängd"), a_round("2021"), a_round("2022", "Öppen")]
    workbook = a_workbook({name: answers(6, L=3) for name in ("2020", "2021", "2022")}, rounds=rounds)

    Reader(workbook, load_schema(), KeptRounds(tmp_path)).read()

    assert {path.name for path in tmp_path.iterdir()} == {"svar-2020.parquet", "svar-2021.parquet"}
