"""People sort, insert, delete, retype and rename between any two requests of the writer's."""

import os
import random

import pytest

from services.errors import CellProtected, Conflict, RowGone, RowTrouble
from services.history import verify
from services.writing.deeds import NewRow, Outcome, Refused, RowChange, Saved
from tests.sheets_server.serving import LocalGoogle
from tests.writing.registers import MAIN, PLAN, UNNI, App, a_register, an_action, on_google

SEEDS = range(100 if "VEBS_SOAK" in os.environ else 6)
FIELDS = ("Mål", "Aktivitet", "Ansvarig roll")
OWN = "Egen kolumn"
KEYS = [f"a{number}" for number in range(8)]


class Hands:
    """What people are going to do, each thing before some request or other."""

    def __init__(self, google: LocalGoogle, chance: random.Random) -> None:
        self.google, self.chance = google, chance
        self.typed: dict[tuple[str, str], str] = {}
        self.deleted: set[str] = set()
        self.renamed: set[str] = set()
        for number in range(8):
            edits = chance.choice(
                (self.sort, self.insert, self.delete, self.retype, self.retype, self.rename)
            )()
            for later, edit in enumerate(edits):
                whole = {"spreadsheet": MAIN, "sheet": PLAN, **edit}
                skip = 2 * number + chance.randrange(3) + 2 * later
                google.control.fault(match={"service": "sheets"}, skip=skip, times=1, before=[whole])

    def sort(self) -> list[dict[str, object]]:
        header = self.chance.choice(("Insats", "Aktivitet", OWN))
        return [{"edit": "sort", "header": header, "descending": self.chance.random() < 0.5}]

    def insert(self) -> list[dict[str, object]]:
        return [
            {"edit": "insert_rows", "at": self.chance.randrange(1, 8), "count": self.chance.choice((1, 3))}
        ]

    def delete(self) -> list[dict[str, object]]:
        key = self.chance.choice(KEYS)
        self.deleted.add(key)
        return [{"edit": "delete_rows", "key": key, "header": "Insats"}]

    def retype(self) -> list[dict[str, object]]:
        key, field, text = (
            self.chance.choice(KEYS),
            self.chance.choice(FIELDS),
            f"hand {self.chance.random()}",
        )
        if key in self.deleted or (key, field) in self.typed:
            return []
        self.typed[key, field] = text
        return [{"edit": "type", "key": key, "header": "Insats", "column": field, "value": text}]

    def rename(self) -> list[dict[str, object]]:
        """A header, and back again a little later."""
        field = self.chance.choice((OWN, "Uppföljning", "Ansvarig roll"))
        if field in self.renamed or any(field == one for _, one in self.typed):
            return []
        self.renamed.add(field)
        there = {"edit": "rename_header", "header": field, "to": f"{field} (ny)"}
        return [there, {"edit": "rename_header", "header": f"{field} (ny)", "to": field}]


def submissions(chance: random.Random) -> list[RowChange | NewRow]:
    deeds: list[RowChange | NewRow] = []
    for key in KEYS:
        field = chance.choice(FIELDS)
        seen = an_action(key).get(field)
        deeds.append(RowChange(PLAN, (key,), {field: seen}, {field: f"app {key} {field}"}))
    deeds += [NewRow(PLAN, an_action(f"n{number}")) for number in range(3)]
    chance.shuffle(deeds)
    return deeds


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_is_overwritten_and_every_conflict_is_told(running_google, outbox, time, tmp_path, seed):
    chance = random.Random(seed)
    actions = [an_action(key) for key in KEYS]
    app = App(on_google(running_google, a_register(actions), tmp_path / "journal"), outbox, time)
    own = {row["Insats"]: row[OWN] for row in app.rows()}
    hands = Hands(running_google, chance)
    told: list[tuple[RowChange | NewRow, str]] = []
    for deed in submissions(chance):
        told.append((deed, app.writer.submit([deed], UNNI, "Prov")))
        if chance.random() < 0.5:
            app.run()
    app.run()
    running_google.control.clear_faults()
    assert running_google.control.problems()["edits"] == [] or hands.deleted
    outcomes = [(deed, app.writer.outcome(id_)) for deed, id_ in told]
    restore_headers(running_google, hands)
    rows = {str(row["Insats"]): row for row in app.rows() if "Insats" in row}
    for deed, outcome in outcomes:
        honest(hands, rows, deed, outcome)
    for key, row in rows.items():
        assert row.get(OWN) == own.get(key)
        told_of = {(str(deed.key[0]), *deed.new) for deed, _ in outcomes if isinstance(deed, RowChange)}
        for field in set(an_action()) - {f for k, f in told_of | set(hands.typed) if k == key}:
            assert row[field] == an_action(key)[field]
    assert len(rows) == len([row for row in app.rows() if "Insats" in row])
    assert len(app.log()) == sum(outcome == Saved() for _, outcome in outcomes)
    assert verify(app.log(), app.outbox.anchor()) is None


def honest(hands: Hands, rows: dict[str, dict], deed: RowChange | NewRow, outcome: Outcome) -> None:
    """What was told is what stands there, or what somebody typed in after it."""
    if isinstance(deed, NewRow):
        assert outcome == Saved()
        assert str(deed.values["Insats"]) in rows
        return
    key, (field,) = str(deed.key[0]), deed.new
    stands, typed = rows.get(key, {}).get(field), hands.typed.get((key, field))
    if outcome == Saved():
        assert key in hands.deleted or stands in (deed.new[field], typed)
        return
    assert isinstance(outcome, Refused)
    trouble = outcome.troubles[0]
    assert not isinstance(trouble, CellProtected)
    if isinstance(trouble, Conflict):
        assert (trouble.theirs, stands) == ({field: typed}, typed)
    elif isinstance(trouble, RowGone):
        assert key in hands.deleted
    else:
        assert isinstance(trouble, RowTrouble)
        assert field in hands.renamed


def restore_headers(google: LocalGoogle, hands: Hands) -> None:
    """Whatever was renamed and had not been named back yet."""
    for field in hands.renamed:
        if f"{field} (ny)" in google.control.values(MAIN, PLAN)[0]:
            edit = {"header": f"{field} (ny)", "to": field}
            google.control.edit("rename_header", MAIN, sheet=PLAN, **edit)
