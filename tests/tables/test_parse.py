"""A sheet as people leave it: what is read, and where it says that something could not be."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.tables.cells import is_blank
from services.tables.parse import Parsed, parse_sheet
from services.tables.problems import Problem, Rule, column_letter, plain_value
from services.tables.schema import load_schema
from services.tables.sheet import Sheet
from tests.people import BJORKSKOLAN, EKSKOLAN
from tests.tables.test_cells import CELLS

SCHEMA = load_schema()
HEADERS = [column.header for column in SCHEMA.table("Skolor").columns]
A_SCHOOL = [EKSKOLAN, "Ekskolan", "Centrum", "F–6", 41, "Aktiv"]


def a_sheet(*rows: list) -> Sheet:
    width = max((len(row) for row in rows), default=0)
    return Sheet(tuple(zip(*([*row, *[""] * (width - len(row))] for row in rows), strict=True)))


def parse(*rows: list, table: str = "Skolor") -> Parsed:
    return parse_sheet(SCHEMA, SCHEMA.table(table), "vebs", a_sheet(*rows))


def places(parsed: Parsed) -> list[tuple]:
    return [(one.row, one.column, one.header, one.rule.value) for one in parsed.problems]


def test_a_clean_sheet_is_read_without_a_problem() -> None:
    parsed = parse(HEADERS, A_SCHOOL)

    assert parsed.problems == ()
    assert parsed.typed.rows == [2]
    assert {header: values[0] for header, values in parsed.typed.columns.items()} == {
        "Skolenhetskod": EKSKOLAN,
        "Skola": "Ekskolan",
        "Utbildningsområde": "Centrum",
        "Årskurser": "F–6",
        "Personal": 41,
        "Status": "Aktiv",
        "Ersatt av": None,
        "Anteckning": None,
    }


def test_columns_may_stand_in_any_order_beside_columns_of_peoples_own() -> None:
    order = [*reversed(HEADERS[:6]), "Egen kolumn", *HEADERS[6:]]

    parsed = parse(order, [*reversed(A_SCHOOL), "=1+1"])

    assert parsed.problems == ()
    assert list(parsed.typed.columns["Skola"]) == ["Ekskolan"]
    assert parsed.typed.letters["Skola"] == "E"  # the fifth of the reversed six
    assert "Egen kolumn" not in parsed.typed.columns


def test_headers_are_found_below_blank_rows_and_with_spaces_around_them() -> None:
    spaced = [f"  {header} " for header in HEADERS]

    parsed = parse([], [" "], spaced, A_SCHOOL, [], A_SCHOOL)

    assert parsed.typed.rows == [4, 6]
    assert parsed.problems == ()


def test_a_row_is_numbered_as_the_spreadsheet_numbers_it_past_blank_rows() -> None:
    parsed = parse(HEADERS, A_SCHOOL, [], ["", " "], [BJORKSKOLAN, "Björkskolan", "", "", "många", "Aktiv"])

    assert parsed.typed.rows == [2, 5]
    assert places(parsed) == [(5, "E", "Personal", "wrong_type")]


def test_a_row_with_something_only_in_peoples_own_columns_is_no_row() -> None:
    parsed = parse([*HEADERS, "Egen"], A_SCHOOL, ["", "", "", "", "", "", "", "", "min anteckning"])

    assert parsed.typed.rows == [2]
    assert parsed.problems == ()


def test_a_sheet_that_is_not_there_is_an_empty_table_and_a_problem() -> None:
    parsed = parse_sheet(SCHEMA, SCHEMA.table("Skolor"), "vebs", None)

    assert len(parsed.typed) == 0
    assert [(one.spreadsheet, one.sheet, one.row, one.rule) for one in parsed.problems] == [
        ("vebs", "Skolor", None, Rule.MISSING_SHEET)
    ]
    assert (
        parsed.problems[0].advice
        == "Bladet Skolor saknas i vebs. Lägg till det, eller byt tillbaka dess namn."
    )


@pytest.mark.parametrize("rows", [[], [[]], [[""], [" "]]])
def test_in_a_blank_sheet_every_column_is_missing(rows) -> None:
    parsed = parse(*rows)

    assert [one.header for one in parsed.problems] == HEADERS
    assert {(one.row, one.column, one.rule) for one in parsed.problems} == {(1, None, Rule.MISSING_COLUMN)}


def test_a_missing_column_is_blank_in_every_row_and_said_once() -> None:
    without_staff = [header for header in HEADERS if header != "Personal"]

    parsed = parse([], without_staff, [EKSKOLAN, "Ekskolan", "Centrum", "F–6", "Aktiv"])

    assert places(parsed) == [(2, None, "Personal", "missing_column")]
    assert list(parsed.typed.columns["Personal"]) == [None]
    assert parsed.typed.unkeyed == frozenset()


def test_without_its_key_column_no_row_counts() -> None:
    parsed = parse(HEADERS[1:], A_SCHOOL[1:])

    assert places(parsed) == [(1, None, "Skolenhetskod", "missing_column")]
    assert parsed.typed.unkeyed == {0}


def test_of_a_doubled_column_the_first_counts() -> None:
    parsed = parse([*HEADERS, "Skola"], [*A_SCHOOL, "", "", "En annan skola"])

    assert list(parsed.typed.columns["Skola"]) == ["Ekskolan"]
    assert places(parsed) == [(1, "I", "Skola", "duplicate_column")]


def test_a_cell_that_breaks_a_rule_is_blank_and_told_with_what_stands_there() -> None:
    parsed = parse(HEADERS, [*A_SCHOOL[:4], 41.5, "Aktiv"])

    assert list(parsed.typed.columns["Personal"]) == [None]
    assert parsed.problems == (
        Problem("vebs", "Skolor", 2, "E", "Personal", 41.5, Rule.WRONG_TYPE, advice="Skriv ett heltal."),
    )
    assert parsed.problems[0].place == "Skolor, cell E2"


@pytest.mark.parametrize(
    ("column", "value", "rule", "advice"),
    [
        (1, "", "required", "Fyll i Skola."),
        (0, "", "missing_key", "Fyll i Skolenhetskod. Raden räknas inte förrän det är gjort."),
        (0, "12", "wrong_type", "Skriv en skolenhetskod med åtta siffror."),
        (4, -1, "out_of_range", "Skriv ett heltal som är minst 0."),
        (4, "#REF!", "formula_error", "Formeln i cellen ger ett fel. Rätta formeln eller skriv värdet."),
        (5, "Öppen", "not_a_choice", "Välj Aktiv, Vilande eller Upphört."),
        (6, "12", "unknown_reference", "Värdet finns inte i Skolor. Rätta det här eller lägg till det där."),
    ],
)
def test_every_problem_says_what_to_do(column: int, value, rule: str, advice: str) -> None:
    row = [*A_SCHOOL, "", ""]
    row[column] = value

    parsed = parse(HEADERS, row)

    assert [(one.rule.value, one.advice) for one in parsed.problems] == [(rule, advice)]


def test_a_row_whose_key_can_not_be_read_is_marked_to_be_left_out() -> None:
    parsed = parse(HEADERS, A_SCHOOL, ["12", *A_SCHOOL[1:]], ["", *A_SCHOOL[1:]])

    assert parsed.typed.unkeyed == {1, 2}
    assert [one.rule for one in parsed.problems] == [Rule.WRONG_TYPE, Rule.MISSING_KEY]


@pytest.mark.parametrize(
    ("role", "is_missing"),
    [("Enheten", False), ("Forskare", False), ("Rektor", True), ("Personal", True)],
)
def test_a_permission_needs_a_school_only_for_principals_and_staff(role: str, is_missing: bool) -> None:
    headers = ["E-post", "Roll", "Skolenhetskod", "Giltig till"]

    parsed = parse(headers, ["a@example.se", role, "", ""], table="Behörigheter")

    assert places(parsed) == ([(2, "C", "Skolenhetskod", "missing_key")] if is_missing else [])


def test_true_is_not_one_though_they_are_equal() -> None:
    parsed = parse(HEADERS, [*A_SCHOOL[:4], 1, "Aktiv"], [BJORKSKOLAN, *A_SCHOOL[1:4], True, "Aktiv"])

    assert list(parsed.typed.columns["Personal"]) == [1, None]
    assert places(parsed) == [(3, "E", "Personal", "wrong_type")]


@pytest.mark.parametrize(("index", "letter"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_a_column_is_named_as_the_spreadsheet_names_it(index: int, letter: str) -> None:
    assert column_letter(index) == letter


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (dt.date(2022, 1, 24), "2022-01-24"),
        (dt.time(13, 30), "13:30:00"),
        (3.0, 3),
        (3.5, 3.5),
        (float("nan"), "nan"),
        (float("-inf"), "-inf"),
        (True, True),
        (None, None),
    ],
)
def test_a_value_is_told_as_json_can_tell_it(value, plain) -> None:
    found = plain_value(value)

    assert (found, type(found)) == (plain, type(plain))


PLAUSIBLE = st.sampled_from([EKSKOLAN, "Ekskolan", 1, 3.0, "3,5", "Aktiv", "Rektor", "a@b.se", dt.time(9)])
ANYTHING = CELLS | PLAUSIBLE
CHAOS = st.lists(ANYTHING, max_size=6)
TABLES = [table.with_questions(("L1", "L2")) if table.has_questions else table for table in SCHEMA.tables]


@st.composite
def spoiled_sheets(draw):
    """Any table's headers, some lost, doubled or moved, over rows of anything."""
    table = draw(st.sampled_from(TABLES))
    headers = draw(
        st.lists(st.sampled_from([column.header for column in table.columns]) | CELLS, max_size=10)
    )
    above = draw(st.lists(st.just([]) | st.just([" "]), max_size=2))
    rows = draw(st.lists(st.lists(ANYTHING, max_size=len(headers) + 1), max_size=6))
    return table, a_sheet(*above, headers, *rows)


@given(spoiled_sheets())
def test_whatever_stands_in_a_sheet_each_cell_is_read_or_told(spoiled) -> None:
    table, sheet = spoiled

    parsed = parse_sheet(SCHEMA, table, "vebs", sheet)

    told = {(one.row, one.column) for one in parsed.problems}
    rows = list(zip(*sheet.columns, strict=True))
    first = next((index for index, row in enumerate(rows) if not all(map(is_blank, row))), 0)
    letters = [column_letter(index) for index in range(len(sheet.columns))]
    for header, letter in parsed.typed.letters.items():
        values = dict(zip(parsed.typed.rows, parsed.typed.columns[header], strict=True))
        nothing = (None, 0) if table.column(header).level else (None,)
        for number, row in enumerate(rows[first + 1 :], first + 2):
            cell = row[letters.index(letter)]
            is_read, is_told = values.get(number) not in nothing, (number, letter) in told
            assert is_read + is_told == 1 or (is_blank(cell) and not is_read), (number, letter, cell)


@given(st.lists(CHAOS, max_size=8))
def test_no_grid_is_too_odd_and_every_column_of_the_table_is_there_or_missing(rows) -> None:
    table = SCHEMA.table("Frågor")

    parsed = parse_sheet(SCHEMA, table, "vebs", a_sheet(*rows))

    missing = {one.header for one in parsed.problems if one.rule is Rule.MISSING_COLUMN}
    assert missing | parsed.typed.letters.keys() == set(parsed.typed.columns)
    assert not missing & parsed.typed.letters.keys()
    assert all(len(values) == len(parsed.typed) for values in parsed.typed.columns.values())
