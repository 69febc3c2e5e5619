"""What stands in a round's sheet `Svar` already, and which rows of an export are there or are new."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.assembly import read_answer_sheet
from services.domain.school import SchoolCode
from services.errors import ImportRefused, SpreadsheetMissing
from services.forms.remembered import RoundMemory
from services.forms.replies import Reply, ids_of
from services.register import Register
from services.tables.answers import level_array
from services.tables.problems import Rule
from services.tables.schema import Schema, Table
from services.workbook.port import Row, Workbook

Content = tuple[str | None, tuple[int, ...]]
"""A school's code, and a level for each question of the round, 0 where blank."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply with the id it has, or is to have, in the sheet."""

    id: str
    reply: Reply

    @property
    def row(self) -> Row:
        """The row as it is appended."""
        return {"Svar": self.id, "Skolenhetskod": self.reply.school, **self.reply.levels}


@dataclass(frozen=True, slots=True)
class Standing:
    """The rows of the sheet: ids and content side by side; `lacking` says what the sheet has to get first."""

    ids: tuple[str | None, ...]
    contents: tuple[Content, ...]
    lacking: str = ""

    def by_school(self) -> Counter[str]:
        """How many rows each school has."""
        return Counter(school for school, _ in self.contents if school is not None)


def asked_table(schema: Schema, register: Register, round_name: str) -> Table:
    """The table `Svar` with the questions of the round."""
    return schema.table("Svar").with_questions(tuple(one.id for one in register.questions_in(round_name)))


def read_standing(workbook: Workbook, schema: Schema, asked: Table, round_name: str) -> Standing:
    """The sheet as it stands at this moment; without the spreadsheet there is nothing in it."""
    spreadsheet = asked.spreadsheet_of(round_name)
    try:
        sheets = workbook.fresh(spreadsheet, [asked.name]).sheets
    except SpreadsheetMissing:
        return Standing((), (), f"Kalkylbladet {spreadsheet} finns inte.")
    parsed = read_answer_sheet(schema, round_name, asked, sheets)
    lacking = ""
    for problem in parsed.problems:
        if problem.rule is Rule.MISSING_SHEET:
            lacking = f"Bladet {asked.name} saknas i {spreadsheet}."
        elif problem.rule is Rule.MISSING_COLUMN and not lacking:
            lacking = f"Kolumnen {problem.header} saknas i bladet {asked.name} i {spreadsheet}."
        elif problem.rule is Rule.DUPLICATE_COLUMN:
            raise ImportRefused(f"{problem.place} i {spreadsheet}: {problem.advice}")
    columns = parsed.typed.columns
    levels = [level_array(columns[column.header]).tolist() for column in asked.columns[2:]]
    persons = zip(*levels, strict=True) if levels else iter([()] * len(parsed.typed))
    contents = zip(columns["Skolenhetskod"], persons, strict=True)
    return Standing(tuple(columns["Svar"]), tuple(contents), lacking)


@dataclass(frozen=True, slots=True)
class SortedOut:
    """The replies of an export: those that stand in the sheet already, and those that do not."""

    already: tuple[Reply, ...]
    new: tuple[Answer, ...]


def sort_out(
    replies: Sequence[Reply], standing: Standing, memory: RoundMemory | None, asked: Table, round_name: str
) -> SortedOut:
    """Which replies are new.

    A reply is there if its id is. Rows from before the round's secret was made (the state folder was lost,
    or somebody wrote them there) have other ids, and are compared by content: as many alike rows of a
    school as stand there are there. Without a memory, as before the first import, all rows are such, and
    the ids given here are for counting only.
    """
    ids = ids_of(replies, round_name, memory.secret if memory else b"")
    there = {id_ for id_ in standing.ids if id_ is not None}
    older = Counter(
        content
        for id_, content in zip(standing.ids, standing.contents, strict=True)
        if memory is None or id_ in memory.before
    )
    already: list[Reply] = []
    new: list[Answer] = []
    for id_, reply in zip(ids, replies, strict=True):
        content = content_of(reply, asked)
        if memory is not None and id_ in there and id_ not in memory.before:
            already.append(reply)
        elif older[content]:
            older[content] -= 1
            already.append(reply)
        else:
            new.append(Answer(id_, reply))
    return SortedOut(tuple(already), tuple(new))


def content_of(reply: Reply, asked: Table) -> Content:
    """The reply as the sheet would have it."""
    return reply.school, tuple(reply.levels.get(column.header, 0) for column in asked.columns[2:])


def wrong_in(new: Sequence[Answer], standing: Standing, asked: Table) -> int:
    """How many of the rows do not stand in the sheet exactly once, as they should."""
    found: dict[str, list[Content]] = {}
    for id_, content in zip(standing.ids, standing.contents, strict=True):
        if id_ is not None:
            found.setdefault(id_, []).append(content)
    return sum(found.get(one.id) != [content_of(one.reply, asked)] for one in new)


def missing_from(new: Sequence[Answer], standing: Standing) -> int:
    """How many of the rows do not stand in the sheet at all."""
    return len({one.id for one in new} - {*standing.ids})


def staff_of(register: Register, round_name: str) -> Mapping[SchoolCode, int | None]:
    """How many work at each school that takes part."""
    return {code: part.staff for code, part in register.school_rounds.get(round_name, {}).items()}
