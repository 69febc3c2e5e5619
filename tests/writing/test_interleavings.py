"""Two who edit at the same time never overwrite each other, whoever they are and whatever they do."""

import os
import random

import pytest

from services.errors import Conflict, RowGone
from services.history import verify
from services.workbook.port import Cell, CellChange
from services.writing.deeds import Refused, RowChange, Saved
from tests.writing.beside import Beside
from tests.writing.registers import MAIN, PLAN, UNNI, App, a_register, an_action

ROUNDS = 100 if "VEBS_SOAK" in os.environ else 5
FIELDS = ("Mål", "Aktivitet", "Ansvarig roll")


class Person:
    """Somebody with the sheet open, who does something to it between any two calls of the app.

    `truth` is what she and the app have meant the fields to be, by row and header.
    """

    def __init__(self, workbook: Beside, chance: random.Random, edits: int) -> None:
        self.workbook, self.chance, self.left = workbook, chance, edits
        self.gone: set[str] = set()
        self.typed: dict[tuple[str, str], Cell] = {}
        self.renamed = False

    def __call__(self, call: str) -> None:
        if self.left and call in ("write", "append") and self.chance.random() < 0.8:
            self.left -= 1
            self.chance.choice((self.sort, self.insert, self.delete, self.retype, self.rename))()

    def rows(self) -> list[list[Cell]]:
        columns = self.workbook.real.fresh(MAIN, [PLAN]).sheets[PLAN].columns
        return [list(row) for row in zip(*columns, strict=True)]

    def put(self, rows: list[list[Cell]]) -> None:
        """Make the sheet look like this."""
        seen = self.workbook.real.fresh(MAIN, [PLAN])
        before = self.rows()
        width = len(before[0])
        rows += [[""] * width for _ in range(len(before) - len(rows))]
        self.workbook.real.write(
            MAIN,
            [
                CellChange(PLAN, r + 1, c, rows[r][c])
                for r in range(len(rows))
                for c in range(width)
                if r >= len(before) or rows[r][c] != before[r][c]
            ],
            seen,
        )

    def sort(self) -> None:
        rows = self.rows()
        body = rows[1:]
        self.chance.shuffle(body)
        self.put([rows[0], *body])

    def insert(self) -> None:
        rows = self.rows()
        rows.insert(self.chance.randrange(1, len(rows) + 1), [""] * len(rows[0]))
        self.put(rows)

    def delete(self) -> None:
        rows = self.rows()
        at = self.chance.randrange(1, len(rows))
        self.gone.add(str(rows[at][0]))
        self.put([*rows[:at], *rows[at + 1 :]])

    def retype(self) -> None:
        rows = self.rows()
        at, field = self.chance.randrange(1, len(rows)), self.chance.choice(FIELDS)
        if rows[at][0]:
            text = f"hand {self.chance.random()}"
            rows[at][rows[0].index(field)] = text
            self.typed[str(rows[at][0]), field] = text
            self.put(rows)

    def rename(self) -> None:
        """Her own column, or for a moment one of ours."""
        rows = self.rows()
        rows[0][-1] = f"Egen {self.chance.randrange(100)}"
        self.put(rows)


def checked(app: App, before: list[dict[str, Cell]], changes: dict[str, RowChange], person: Person) -> None:
    """Every field is what was there, what the app was told is saved, or what the person typed after it."""
    rows = {str(row["Insats"]): row for row in app.rows()}
    assert len(rows) == len(app.rows())
    for row in before:
        key = str(row["Insats"])
        if key in person.gone:
            continue
        for field in set(row) | set(FIELDS) - {"Egen kolumn"}:
            if field == "Egen kolumn":
                continue
            stands, typed = rows[key].get(field, ""), person.typed.get((key, field))
            saved = [c.new[field] for c in changes.values() if c.key == (key,) and field in c.new]
            assert stands in ([typed] if typed else []) + (saved or [row.get(field, "")])
            if typed and not saved:
                assert stands == typed
        own = [value for header, value in rows[key].items() if header.startswith("Egen")]
        assert own == [row["Egen kolumn"]]


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_a_person_and_the_app(opened, seed):
    chance = random.Random(seed)
    app: App = opened(a_register([an_action(f"a{n}") for n in range(8)]))
    app.workbook = Beside(app.workbook)
    app.__post_init__()
    before = app.rows()
    person = Person(app.workbook, chance, edits=6)
    app.workbook.before = person
    ids = {}
    for number in range(8):
        field = chance.choice(FIELDS)
        old = next(row for row in before if row["Insats"] == f"a{number}").get(field)
        change = RowChange(PLAN, (f"a{number}",), {field: old}, {field: f"app {seed} {number}"})
        ids[app.writer.submit([change], UNNI, "Ändring")] = change
        if chance.random() < 0.4:
            app.run()
    app.run()
    outcomes = {id_: app.writer.outcome(id_) for id_ in ids}
    saved = {id_: ids[id_] for id_, outcome in outcomes.items() if outcome == Saved()}
    checked(app, before, saved, person)
    for id_, outcome in outcomes.items():
        if isinstance(outcome, Refused):
            (trouble,) = outcome.troubles.values()
            ((key, field),) = [(str(ids[id_].key[0]), *ids[id_].new)]
            if isinstance(trouble, Conflict):
                assert (key, field) in person.typed
                assert str(trouble.theirs[field]).startswith("hand")
            else:
                assert isinstance(trouble, RowGone)
                assert key in person.gone
    assert len(app.log()) == len(saved)
    assert verify(app.log(), app.outbox.anchor()) is None


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_two_apps_that_know_nothing_of_each_other(opened, tmp_path, seed):
    """Two deployments on the same register, each with an outbox of its own."""
    chance = random.Random(seed)
    one: App = opened(a_register([an_action(f"a{n}") for n in range(4)]))
    other = App(one.workbook, type(one.outbox)(tmp_path / "other" / "x.sqlite"), one.time)
    workbook = Beside(one.workbook)
    one.workbook = workbook
    one.__post_init__()
    values = {f"a{n}": "Ett mål" for n in range(4)}
    told: list[tuple[str, str, object]] = []

    def meddle(call: str) -> None:
        """The other one writes between a read and a write of the first."""
        if call == "write" and chance.random() < 0.5:
            change_one(other, "två")

    def change_one(app: App, name: str) -> None:
        key = chance.choice(list(values))
        new = f"{name} {len(told)} {chance.random()}"
        seen = values[key]
        outcome = app.do(RowChange(PLAN, (key,), {"Mål": seen}, {"Mål": new}))
        told.append((key, new, outcome))
        if outcome == Saved():
            values[key] = new
        else:
            assert isinstance(outcome, Refused)
            trouble = outcome.troubles[0]
            assert isinstance(trouble, Conflict)
            assert trouble.base == {"Mål": seen}
            assert trouble.theirs == {"Mål": values[key]}

    workbook.before = meddle
    for _ in range(10):
        change_one(chance.choice((one, other)), "en")
    other.outbox.close()
    assert {row["Insats"]: row["Mål"] for row in one.rows()} == values
    assert len(one.log()) == sum(outcome == Saved() for _, _, outcome in told)
