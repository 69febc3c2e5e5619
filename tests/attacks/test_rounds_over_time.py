"""Nobody is exposed over time, whatever happens to rounds: random histories, and the ways found by them.

After every step an attacker reads all there is. She remembers every figure and takes any from any other,
and she compares with the town as it would be had the answers that may not be shown been others.
Histories are short and a few dozen; with VEBS_SOAK there are more than a thousand.
"""

import os
import random
import tempfile
from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from services.frozen_rounds import FrozenRounds
from services.register import Register
from tests.attacks.histories import Attacker, Moment
from tests.attacks.towns import TWO_AREAS, A, B, C, D, E, Levels, mixed

IS_SOAK = "VEBS_SOAK" in os.environ
ROUNDS, SCHOOLS = ("2020", "2021"), (A, B, C, D)
STATUSES = ("Planerad", "Öppen", "Stängd", "Publicerad", None)

in_a_round, at_a_school = st.sampled_from(ROUNDS), st.sampled_from(SCHOOLS)
seeds, persons = st.integers(0, 99), st.integers(1, 7)


class RoundsOverTime(RuleBasedStateMachine):
    """Two rounds and four schools about the least number; one round is published by hand to begin with."""

    def __init__(self) -> None:
        super().__init__()
        self._place = tempfile.TemporaryDirectory()
        self.folder = Path(self._place.name) / "frozen"
        self.frozen = FrozenRounds(self.folder)
        self.attacker = Attacker(self.folder)
        self.earlier: list[Moment] = []

    def teardown(self) -> None:
        self._place.cleanup()

    @initialize(sizes=st.tuples(*(st.integers(3, 13) for _ in SCHOOLS)), second=st.sampled_from(STATUSES))
    def begin(self, sizes: tuple[int, ...], second: str | None) -> None:
        answers = {
            name: {
                school: mixed(n, seed)
                for seed, (school, n) in enumerate(zip(SCHOOLS, sizes, strict=True), start)
            }
            for start, name in enumerate(ROUNDS)
        }
        self.now = Moment(answers, {"2020": "Publicerad", "2021": second})
        self._look()

    @rule(name=in_a_round, school=at_a_school, count=persons, seed=seeds)
    def some_answer(self, name: str, school: str, count: int, seed: int) -> None:
        self._put(name, school, self._rows(name, school) + mixed(count, seed, low=seed % 2))

    @rule(
        name=in_a_round,
        school=at_a_school,
        count=persons,
        seed=seeds,
        places=st.sets(st.integers(0, 6), min_size=1),
    )
    def some_change_their_answers(
        self, name: str, school: str, count: int, seed: int, places: set[int]
    ) -> None:
        """Each person may change another set of questions than the others."""
        chance, rows = random.Random(seed), [list(row) for row in self._rows(name, school)]
        for row in rows[:count]:
            for place in places if chance.random() < 0.8 else chance.sample(range(7), 2):
                row[place] = chance.randint(0, 4)
        self._put(name, school, rows)

    @rule(name=in_a_round, school=at_a_school, count=persons)
    def rows_are_taken_away(self, name: str, school: str, count: int) -> None:
        self._put(name, school, self._rows(name, school)[count:])

    @rule(name=in_a_round, school=at_a_school, other=at_a_school, count=persons)
    def rows_move_to_another_school(self, name: str, school: str, other: str, count: int) -> None:
        rows = self._rows(name, school)
        if school != other:
            self.now = self.now.with_school(name, school, rows[count:])
            self._put(name, other, self._rows(name, other) + rows[:count])

    @rule(data=st.data())
    def the_sheets_are_put_back(self, data: st.DataObject) -> None:
        """Somebody restores an earlier version, or the server shows its last copy in an outage."""
        self.now = data.draw(st.sampled_from(self.earlier))
        self._look()

    @rule(name=in_a_round, status=st.sampled_from((*STATUSES, "Publicerad")))
    def the_status_is_written_by_hand(self, name: str, status: str | None) -> None:
        self.now = replace(self.now, status={**self.now.status, name: status})
        self._look()

    @rule(name=in_a_round)
    def the_unit_publishes(self, name: str) -> None:
        """As the app does it: frozen first, and then the sheet."""
        self.now = replace(self.now, status={**self.now.status, name: "Stängd"})
        self.frozen.hold(self._look(), name)
        self.now = replace(self.now, status={**self.now.status, name: "Publicerad"})
        self._look()

    @rule(school=at_a_school, staff=st.sampled_from((None, 3, 12, 40, 90)))
    def the_staff_is_counted_anew(self, school: str, staff: int | None) -> None:
        self.now = replace(self.now, staff={**self.now.staff, school: staff})
        self._look()

    @rule(school=at_a_school, into=st.sampled_from((A, E)))
    def a_school_becomes_another(self, school: str, into: str) -> None:
        self.now = replace(self.now, became={**self.now.became, school: into} if school != into else {})
        self._look()

    @rule(least=st.sampled_from((0, 5, 6, 10)))
    def the_least_number_is_changed(self, least: int) -> None:
        self.now = replace(self.now, least=least)
        self._look()

    @rule(
        place=st.integers(0, 6),
        change=st.sampled_from(({"area": 1}, {"area": 2}, {"last": "2019"}, {"last": "2020"}, {})),
    )
    def a_question_is_changed(self, place: int, change: dict[str, object]) -> None:
        bank = list(self.now.questions)
        bank[place] = replace(TWO_AREAS[place], **change)  # type: ignore[arg-type]
        self.now = replace(self.now, questions=tuple(bank))
        self._look()

    @rule(name=in_a_round, school=at_a_school)
    def a_school_leaves_a_round_or_comes_back(self, name: str, school: str) -> None:
        schools = dict(self.now.answers[name])
        if schools.pop(school, None) is None:
            schools[school] = self._last(name, school)
        if schools:
            self.now = replace(self.now, answers={**self.now.answers, name: schools})
            self._look()

    @rule(name=in_a_round)
    def the_answers_can_not_be_read_for_a_while(self, name: str) -> None:
        self.now = replace(self.now, unreadable=frozenset({name}))
        self._look()
        self.now = replace(self.now, unreadable=frozenset())
        self._look()

    @rule()
    def another_process_takes_over(self) -> None:
        self.frozen = FrozenRounds(self.folder)
        self._look()

    def _rows(self, name: str, school: str) -> Levels:
        return self.now.answers[name].get(school, [])

    def _last(self, name: str, school: str) -> Levels:
        return next(
            moment.answers[name][school] for moment in self.earlier[::-1] if school in moment.answers[name]
        )

    def _put(self, name: str, school: str, rows: Levels) -> None:
        self.now = self.now.with_school(name, school, rows)
        self._look()

    def _look(self) -> Register:
        self.earlier.append(self.now)
        return self.attacker.look(self.now, self.frozen)


TestRoundsOverTime = RoundsOverTime.TestCase
TestRoundsOverTime.settings = settings(
    max_examples=1050 if IS_SOAK else 20,
    stateful_step_count=8 if IS_SOAK else 5,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
