"""Whatever is asked for in whatever order, beside people and restarts, ends as the plain model says."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.errors import Conflict, DuplicateKey, OutcomeUnknown, RowGone, Unreachable
from services.history import verify
from services.outbox import Outbox
from services.workbook.memory import MemoryWorkbook
from services.workbook.port import Cell
from services.writing.deeds import (
    NewRow,
    Refused,
    RowChange,
    Saved,
    SubmissionId,
    deed_as_json,
    deed_from_json,
)
from tests.writing.beside import Beside
from tests.writing.registers import MAIN, PLAN, UNNI, App, Time, a_register, an_action

KEYS = st.sampled_from([f"a{number}" for number in range(5)])
GOALS = st.sampled_from(["Ett mål", "Två", "3", " kant ", "=1+1"])


class Deeds(RuleBasedStateMachine):
    """The model: the goal of each action, as the deeds change it one after the other."""

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        outbox = Outbox(Path(self.folder.name) / "o" / "x.sqlite")
        self.workbook = Beside(MemoryWorkbook(a_register()))
        self.app = App(self.workbook, outbox, Time())
        self.goals: dict[str, str] = {}
        self.waiting: list[tuple[SubmissionId, NewRow | RowChange]] = []
        self.logged = 0

    @rule(key=KEYS, goal=GOALS)
    def add(self, key: str, goal: str) -> None:
        self.submit(NewRow(PLAN, an_action(key, Mål=goal)))

    @rule(key=KEYS, seen=GOALS, goal=GOALS)
    def change(self, key: str, seen: str, goal: str) -> None:
        self.submit(RowChange(PLAN, (key,), {"Mål": seen}, {"Mål": goal}))

    def submit(self, deed: NewRow | RowChange) -> None:
        self.waiting.append((self.app.writer.submit([deed], UNNI, "Prov"), deed))

    @rule(times=st.integers(0, 3), before=st.booleans(), unknown=st.booleans())
    def write(self, times: int, before: bool, unknown: bool) -> None:
        """Write all that waits, one submission after the other, with some trouble on the way."""
        left = [times]

        def fail(call: str) -> None:
            if left[0] and call in ("append", "write"):
                left[0] -= 1
                raise OutcomeUnknown(MAIN, "?") if unknown else Unreachable(MAIN, "?")

        if before:
            self.workbook.before = fail
        elif unknown:
            self.workbook.after = fail
        self.app.run()
        self.workbook.before = self.workbook.after = lambda _: None
        self.app.run()
        adds_first = sorted(self.waiting, key=lambda one: isinstance(one[1], RowChange))
        for id_, deed in adds_first:
            self.hold(deed, self.app.writer.outcome(id_))
        self.waiting = []

    @rule()
    def restart(self) -> None:
        self.app = self.app.restarted()

    def hold(self, deed: NewRow | RowChange, outcome: object) -> None:
        """Hold an outcome against the model, and do the deed in the model."""
        key = str(deed.values["Insats"] if isinstance(deed, NewRow) else deed.key[0])
        goal = str(deed.values["Mål"] if isinstance(deed, NewRow) else deed.new["Mål"])
        stands = self.goals.get(key)
        if isinstance(deed, NewRow):
            is_new = stands is None
            self.logged += is_new
            expected: type | None = None if is_new or meant(stands) == meant(goal) else DuplicateKey
        elif stands is None:
            expected = RowGone
        else:
            seen = str(deed.seen["Mål"])
            is_fine = meant(stands) in (meant(seen), meant(goal))
            expected = None if is_fine else Conflict
            is_new = is_fine and meant(stands) != meant(goal) and meant(seen) != meant(goal)
            self.logged += is_new
        if expected is None:
            assert outcome == Saved()
            if is_new:
                self.goals[key] = goal
        else:
            assert isinstance(outcome, Refused)
            assert isinstance(outcome.troubles[0], expected)

    @invariant()
    def the_sheet_is_as_the_model_says(self) -> None:
        if not hasattr(self, "app") or self.waiting:
            return
        assert {row["Insats"]: row["Mål"] for row in self.app.rows()} == self.goals
        log = self.app.log()
        assert len(log) == self.logged
        assert verify(log, self.app.outbox.anchor()) is None

    def teardown(self) -> None:
        if hasattr(self, "app"):
            self.app.outbox.close()
            self.folder.cleanup()


def meant(goal: str | None) -> str | None:
    return goal.strip() if goal is not None else None


TestDeeds = Deeds.TestCase
TestDeeds.settings = settings(
    max_examples=max(12, settings.default.max_examples // 10 if settings.default else 12),
    stateful_step_count=12,
)

CELLS = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**53), 2**53), st.floats(allow_nan=False), st.text(),
    st.dates(), st.datetimes(), st.times(),
)  # fmt: skip


@given(st.dictionaries(st.text(), CELLS), st.lists(CELLS))
def test_a_deed_comes_out_of_the_outbox_as_it_went_in(values: Mapping[str, Cell], key: list[Cell]):
    for deed in (NewRow(PLAN, values, "x"), RowChange(PLAN, tuple(key), values, values)):
        found = deed_from_json(deed_as_json(deed))
        assert found == deed
        assert types_in(found) == types_in(deed)


def types_in(deed: NewRow | RowChange) -> list[type]:
    """True equals 1, and a day equals no moment: the kinds have to be the same too."""
    if isinstance(deed, NewRow):
        return [type(value) for value in deed.values.values()]
    return [type(value) for value in (*deed.key, *deed.seen.values(), *deed.new.values())]
