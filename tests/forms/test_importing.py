"""Taking in: each reply once whatever interrupts it, and ids that tell nobody anything."""

import datetime as dt
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.settings import Settings
from services.connecting import register_of
from services.errors import ImportRefused, OutcomeUnknown, Unreachable
from services.forms.export import Export, read_export
from services.forms.importing import FormsImport, Preview, agreed
from services.forms.place import Place
from services.forms.replies import Reply, ids_of, moment
from services.tables.schema import load_schema
from services.workbook.memory import MemoryWorkbook
from services.workbook.port import Row, Workbook
from tests.forms.exports import FIRST_MORNING, IDS, a_town, as_grid, by_sections, in_english, some_answers
from tests.people import BJORKSKOLAN, EKSKOLAN, SCHOOLS

ANSWERS = some_answers()
NOW = dt.datetime(2021, 2, 8, 10, tzinfo=dt.UTC)
GRID = read_export(as_grid(ANSWERS, SCHOOLS), "svar.csv")


def a_book(answered: Sequence[Row] = ()) -> MemoryWorkbook:
    """A register whose round has a sheet for its answers."""
    return MemoryWorkbook(a_town(answered=list(answered) or []))


def an_import(book: Workbook, state: Path, export: Export = GRID) -> FormsImport:
    settings = Settings(data=state / "data", state=state)
    place = Place(book, load_schema(), settings)
    return FormsImport(place, register_of(place.schema, book.read("vebs").sheets), "2021", export)


def taken_in(book: Workbook, state: Path, export: Export = GRID) -> Preview:
    work = an_import(book, state, export)
    return work.take_in(agreed(work.match({})), "Unni", NOW)


def rows(book: Workbook) -> list[dict]:
    sheet = book.read("svar-2021").sheets["Svar"]
    headers, *below = zip(*sheet.columns, strict=True)
    return [dict(zip(headers, row, strict=True)) for row in below]


def contents(found: Sequence[Mapping]) -> list[tuple]:
    return sorted((str(row["Skolenhetskod"]), *(int(row.get(id_) or 0) for id_ in IDS)) for row in found)


@dataclass
class Interrupted:
    """A workbook whose first append meets with `trouble`, before or after the rows have landed."""

    inside: MemoryWorkbook
    trouble: BaseException | None
    landed: bool

    def __getattr__(self, name: str) -> Callable:
        return getattr(self.inside, name)

    def append(self, spreadsheet: str, rows: Mapping[str, Sequence[Row]]) -> None:
        trouble = self.trouble if spreadsheet != "vebs" else None
        if trouble is None or self.landed:
            self.inside.append(spreadsheet, rows)
        if trouble is not None:
            self.trouble = None
            raise trouble


class Killed(BaseException):
    """The process ended here."""


@pytest.mark.parametrize("landed", [True, False])
@pytest.mark.parametrize(
    "trouble",
    [
        Killed(),
        OutcomeUnknown("svar-2021", "Google svarade inte."),
        Unreachable("svar-2021", "Google svarar inte."),
    ],
)
def test_whatever_interrupts_it_every_reply_stands_there_once_when_run_again(
    tmp_path: Path, trouble: BaseException, landed: bool
) -> None:
    book = a_book()
    try:
        taken_in(Interrupted(book, trouble, landed), tmp_path)
    except BaseException as met:
        assert met is trouble

    taken_in(book, tmp_path)
    taken_in(book, tmp_path)

    assert contents(rows(book)) == contents(ANSWERS)
    assert len({row["Svar"] for row in rows(book)}) == len(ANSWERS)
    logged = zip(*book.read("vebs").sheets["Logg"].columns, strict=True)
    assert [row[6:8] for row in list(logged)[1:]] == [("0", str(len(ANSWERS)))]


def test_an_answer_that_google_did_not_confirm_but_wrote_is_taken_in(tmp_path: Path) -> None:
    book = a_book()
    unknown = OutcomeUnknown("svar-2021", "Google svarade inte.")

    found = taken_in(Interrupted(book, unknown, landed=True), tmp_path)

    assert (found.written, found.new) == (True, len(ANSWERS))


def test_a_row_that_somebody_changes_while_it_is_written_is_noticed(tmp_path: Path) -> None:
    class Meddled(MemoryWorkbook):
        def append(self, spreadsheet: str, rows: Mapping[str, Sequence[Row]]) -> None:
            super().append(spreadsheet, rows)
            if spreadsheet != "vebs":
                self.edit(
                    spreadsheet,
                    "Svar",
                    2,
                    2,
                    4 if self.read(spreadsheet).sheets["Svar"].columns[2][1] != 4 else 1,
                )

    with pytest.raises(ImportRefused, match="1 av 31 rader blev inte rätt"):
        taken_in(Meddled(a_town(answered=[])), tmp_path)


@settings(max_examples=settings.default.max_examples // 10)
@given(st.randoms(use_true_random=False), st.integers(0, 31), st.integers(0, 31))
def test_exports_of_any_days_in_any_order_and_form_add_up_to_every_reply_once(
    tmp_path_factory: pytest.TempPathFactory, chance: random.Random, first: int, second: int
) -> None:
    book, state = a_book(), tmp_path_factory.mktemp("state")
    for count in (first, second, len(ANSWERS)):
        make = chance.choice([as_grid, by_sections])
        data = make(ANSWERS[:count], SCHOOLS) if chance.random() < 0.6 else in_english(ANSWERS[:count])
        export = read_export(data, "svar")
        shuffled = list(export.rows)
        chance.shuffle(shuffled)
        taken_in(book, state, Export(export.name, export.headers, tuple(shuffled)))

    assert contents(rows(book)) == contents(ANSWERS)


def test_another_form_of_the_same_round_with_an_alike_answer_is_another_person(tmp_path: Path) -> None:
    book = a_book()
    taken_in(book, tmp_path)
    later = read_export(as_grid(ANSWERS, SCHOOLS).replace(b"2021-01-12 09", b"2021-01-13 11"), "b.csv")

    found = taken_in(book, tmp_path, later)

    assert (found.new, found.already) == (len(ANSWERS), 0)
    assert {one.elsewhere for one in found.schools} == {10, 21}


def test_rows_that_stood_there_before_are_compared_by_content_as_many_as_they_are(tmp_path: Path) -> None:
    alike = [answer for answer in ANSWERS if contents([answer]) == contents([ANSWERS[-1]])]
    book = a_book([*alike[:-1], {**alike[0], "L1": 4, "L2": 4, "L3": 1}])

    found = taken_in(book, tmp_path)

    assert (len(alike), found.already, found.new) == (3, 2, len(ANSWERS) - 2)
    assert sum(one.elsewhere for one in found.schools) == 1
    assert len(rows(book)) == len(ANSWERS) + 1


def test_a_row_taken_away_by_hand_comes_back_alone(tmp_path: Path) -> None:
    book = a_book()
    taken_in(book, tmp_path)
    for column in range(len(IDS) + 2):
        book.edit("svar-2021", "Svar", 5, column, "")

    found = taken_in(book, tmp_path)

    assert found.new == 1
    assert contents([row for row in rows(book) if row["Svar"]]) == contents(ANSWERS)


def test_two_replies_alike_to_the_second_are_two_and_the_very_same_row_is_one(tmp_path: Path) -> None:
    head = f"Timestamp,Skola,Kommentar,{','.join(IDS)}\n"
    row = "2021-01-12 09:14:33,Ekskolan,{}," + ",".join("3" * 8) + "\n"
    export = read_export((head + row.format("a") + row.format("b") + row.format("a")).encode(), "svar.csv")
    book = a_book()

    found = taken_in(book, tmp_path, export)

    assert (found.new, found.replies.doubled) == (2, (4,))
    assert taken_in(book, tmp_path, export).already == 2


def test_a_sheet_without_a_questions_column_says_which(tmp_path: Path) -> None:
    sheets = a_town(answered=[])
    sheets["svar-2021"]["Svar"] = [["Svar", "Skolenhetskod", *IDS[:-1]]]

    with pytest.raises(ImportRefused, match="Kolumnen U4 saknas i bladet Svar i svar-2021"):
        taken_in(MemoryWorkbook(sheets), tmp_path)


def test_conflicting_answers_of_one_person_to_one_question_are_that_cell_only(tmp_path: Path) -> None:
    data = f"Timestamp,Skola,L1,L1 ,{','.join(IDS[1:])}\n1,Ekskolan,2,3{',4' * 7}\n2,Ekskolan,2,2{',4' * 7}\n"

    found = taken_in(book := a_book(), tmp_path, read_export(data.encode(), "svar.csv"))

    assert [(one.cell, one.value) for one in found.cells] == [("D2", "3")]
    assert sorted(row["L1"] or 0 for row in rows(book)) == [0, 2]


MOMENTS = [
    FIRST_MORNING,
    FIRST_MORNING.replace(microsecond=400_000),
    44208.38510416667,
    "2021-01-12 09:14:33",
    "2021-01-12 09.14.33",
    "2021-01-12T09:14:33",
    "2021/01/12 9:14:33 fm CET",
    "2021/01/12 9:14:33 f.m. CET",
    "2021/01/12 9:14:33 AM GMT+1",
    "1/12/2021 9:14:33",
    "12/1/2021 09:14:33",
    "12.1.2021 kl. 9.14.33",
    "2021/01/12\u00a09:14:33\u202fAM",
]


@pytest.mark.parametrize("cell", MOMENTS)
def test_a_time_is_the_same_however_it_is_written(cell: object) -> None:
    assert moment(cell) == moment(FIRST_MORNING)


def test_times_that_differ_stay_apart() -> None:
    others = [
        "2021-01-12 21:14:33",
        "2021/01/12 9:14:33 em CET",
        "2021-01-12 09:14:34",
        "2021-02-12 09:14:33",
    ]

    assert len({moment(cell) for cell in others}) == 3
    assert moment(FIRST_MORNING) not in {moment(cell) for cell in others}
    assert moment("12:00:00") == moment("12:00:00") != moment("12:00:01")


@given(st.one_of(st.text(), st.floats(), st.integers(), st.booleans(), st.datetimes(), st.none()))
def test_any_cell_may_stand_where_the_time_is(cell: object) -> None:
    assert isinstance(moment(cell), str)


def test_an_id_says_nothing_to_whoever_guesses_time_school_and_answers() -> None:
    reply = Reply(2, moment(FIRST_MORNING), EKSKOLAN, dict.fromkeys(IDS, 3))
    alike = [
        reply,
        Reply(9, reply.time, BJORKSKOLAN, reply.levels),
        Reply(2, moment("x"), EKSKOLAN, reply.levels),
    ]

    ours, theirs = ids_of(alike, "2021", b"k" * 32), ids_of(alike, "2021", b"j" * 32)

    assert ours == ids_of(alike, "2021", b"k" * 32)
    assert len({*ours, *theirs}) == 6
    assert ids_of(alike, "2022", b"k" * 32) != ours
    assert all(len(id_) == 12 and id_[0].isalpha() and id_.isalnum() for id_ in ours)


def test_ids_of_two_registers_have_nothing_in_common(tmp_path: Path) -> None:
    one, other = a_book(), a_book()
    taken_in(one, tmp_path / "one")
    taken_in(other, tmp_path / "other")

    assert not {row["Svar"] for row in rows(one)} & {row["Svar"] for row in rows(other)}


def test_nothing_that_is_kept_holds_an_answer_a_school_or_a_time(tmp_path: Path) -> None:
    taken_in(a_book(), tmp_path)

    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())

    for word in (b"Ekskolan", EKSKOLAN.encode(), b"2021-01-12", b"2021 01 12", b"09:14", b"Unni"):
        assert word not in kept
