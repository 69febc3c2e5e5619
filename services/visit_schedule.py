"""A schedule of visits between the schools of a process year, and how good it is.

A school takes part in at most one visit between two sessions, as host or as guest. Among all such
schedules the best is chosen by four aims, each only where the ones before it leave a choice:

1. as many visits as possible;
2. as even as possible: between the schools the number of visits hosted, and of visits made, differs by at
   most one, and so do the two numbers of each school;
3. as few and as late repetitions of a pair as possible: nobody meets twice before everybody has met once;
4. as much to learn as possible, and the most first.

Each aim is a mixed-integer linear programme (HiGHS, through scipy), held when the next is solved.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, permutations

import numpy as np
import numpy.typing as npt

from services.domain.school import SchoolCode
from services.domain.visit import GAPS, Match

EARLINESS = {1: 1.0, 2: 0.9, 3: 0.8, 4: 0.7, 5: 0.6}
"""What there is to learn weighs more the earlier the visit is: the best matches come first."""

Learning = Callable[[SchoolCode, SchoolCode], float]
"""How much a guest has to learn from a host, in levels, never below 0: (host, guest)."""


@dataclass(frozen=True, slots=True)
class Question:
    """What to schedule: the schools, the gaps to fill, when a school can't, and the visits that stand."""

    schools: tuple[SchoolCode, ...]
    gaps: tuple[int, ...] = GAPS
    unable: frozenset[tuple[SchoolCode, int]] = frozenset()
    standing: tuple[Match, ...] = ()

    def can(self, school: SchoolCode, gap: int) -> bool:
        """Whether the school is free then."""
        return (school, gap) not in self.unable and not any(
            one.after == gap and school in one.pair for one in self.standing
        )


@dataclass(frozen=True, slots=True)
class Worth:
    """What a schedule reaches in the four aims; the standing visits are counted with the new."""

    visits: int
    uneven: int
    repeated: int
    learning: float


@dataclass(frozen=True, slots=True)
class Schedule:
    """The new visits, what they reach, and `bound`: no schedule as even reaches more learning than that.

    `is_best` where there is proof that none is better.
    """

    matches: tuple[Match, ...]
    worth: Worth
    bound: float
    is_best: bool

    @property
    def gap(self) -> float:
        """How far from the best it may be at most, as a share of the bound."""
        return 0.0 if self.is_best or self.bound <= 0 else 1 - self.worth.learning / self.bound


def worth_of(asked: Question, matches: tuple[Match, ...], learning: Learning) -> Worth:
    """What a schedule reaches, counted visit by visit."""
    everything = (*asked.standing, *matches)
    hosts = [sum(one.host == school for one in everything) for school in asked.schools]
    guests = [sum(one.guest == school for one in everything) for school in asked.schools]
    own = sum(max(0, abs(host - guest) - 1) for host, guest in zip(hosts, guests, strict=True))
    return Worth(
        len(matches),
        _beyond_one(hosts) + _beyond_one(guests) + own,
        _repetitions(asked, everything),
        sum(EARLINESS[one.after] * learning(one.host, one.guest) for one in matches),
    )


def _beyond_one(counts: list[int]) -> int:
    """How many visits would have to be others for all counts to differ by at most one."""
    levels = range(max(counts, default=0) + 1)
    return min((sum(max(0, low - n) + max(0, n - low - 1) for n in counts) for low in levels), default=0)


def _repetitions(asked: Question, matches: tuple[Match, ...]) -> int:
    """How often pairs have met before, summed over the gaps and over every time beyond the first."""
    total = 0
    for gap in asked.gaps:
        met: dict[frozenset[SchoolCode], int] = {}
        for one in matches:
            if one.after <= gap:
                met[one.pair] = met.get(one.pair, 0) + 1
        total += sum(count * (count - 1) // 2 for count in met.values())
    return total


def best_schedule(asked: Question, learning: Learning, seconds: float = 20.0) -> Schedule:
    """The best schedule, or the best found in so many seconds with how near the best it must be."""
    if len(asked.schools) < 2:
        return Schedule((), worth_of(asked, (), learning), 0.0, True)
    programme = _Programme(asked, learning)
    proven = True
    for aim in (programme.visits, programme.unevenness, programme.repetitions):
        value, _, is_proven = programme.solve(aim, seconds)
        programme.hold(aim, value)
        proven = proven and is_proven
    value, bound, is_proven = programme.solve(-programme.learning, seconds)
    matches = programme.matches()
    return Schedule(matches, worth_of(asked, matches, learning), -bound, proven and is_proven)


Floats = npt.NDArray[np.float64]


class _Programme:
    """The variables and conditions; an aim is a row of costs, to be made as small as can be."""

    def __init__(self, asked: Question, learning: Learning) -> None:
        self._asked = asked
        self._places = [
            (gap, host, guest)
            for gap in asked.gaps
            for host, guest in permutations(asked.schools, 2)
            if asked.can(host, gap) and asked.can(guest, gap)
        ]
        self._names: dict[object, int] = {("go", *place): n for n, place in enumerate(self._places)}
        self._rows: list[tuple[Mapping[int, float], float, float]] = []
        self._upper: dict[int, float] = {}
        self._solution: Floats = np.zeros(0)
        self._one_visit_a_gap()
        self._slack = self._even()
        self._again = self._repeated()
        self.learning = self._costs(
            {n: EARLINESS[gap] * learning(host, guest) for n, (gap, host, guest) in enumerate(self._places)}
        )

    @cached_property
    def visits(self) -> Floats:
        """Fewer visits cost more."""
        return self._costs(dict.fromkeys(range(len(self._places)), -1.0))

    @cached_property
    def unevenness(self) -> Floats:
        """Every visit that a school has too few or too many."""
        return self._costs(dict.fromkeys(self._slack, 1.0))

    @cached_property
    def repetitions(self) -> Floats:
        """Every time a pair has met before, gap by gap."""
        return self._costs(dict.fromkeys(self._again, 1.0))

    def _costs(self, costs: Mapping[int, float]) -> Floats:
        row = np.zeros(len(self._names))
        for place, cost in costs.items():
            row[place] = cost
        return row

    def _variable(self, *name: object, upper: float = np.inf) -> int:
        place = self._names.setdefault(name, len(self._names))
        self._upper[place] = upper
        return place

    def _going(self, **wanted: object) -> dict[int, float]:
        """The visits with this host, guest or gap, with 1 for each."""
        order = {"gap": 0, "host": 1, "guest": 2}
        return {
            n: 1.0
            for n, place in enumerate(self._places)
            if all(place[order[what]] == value for what, value in wanted.items())
        }

    def _one_visit_a_gap(self) -> None:
        for gap in self._asked.gaps:
            for school in self._asked.schools:
                row = self._going(gap=gap, host=school) | self._going(gap=gap, guest=school)
                self._rows.append((row, 0.0, 1.0))

    def _even(self) -> list[int]:
        """Hosted and made: each school between a level and one more, but for what it lacks or has over."""
        slack: list[int] = []
        standing = self._asked.standing
        for role in ("host", "guest"):
            level = self._variable("level", role, upper=float(len(self._asked.gaps) + len(standing)))
            for school in self._asked.schools:
                already = sum(getattr(one, role) == school for one in standing)
                short, over = (self._variable(what, role, school) for what in ("short", "over"))
                slack += [short, over]
                row = self._going(**{role: school})
                self._rows.append(({**row, short: 1.0, level: -1.0}, -already, np.inf))
                self._rows.append(({**row, over: -1.0, level: -1.0}, -np.inf, 1.0 - already))
        for school in self._asked.schools:
            more = sum((one.host == school) - (one.guest == school) for one in standing)
            apart = self._variable("apart", school)
            slack.append(apart)
            row = self._going(host=school) | dict.fromkeys(self._going(guest=school), -1.0)
            self._rows.append(({**row, apart: -1.0}, -np.inf, 1.0 - more))
            self._rows.append(({**row, apart: 1.0}, -1.0 - more, np.inf))
        return slack

    def _repeated(self) -> list[int]:
        """For each pair, gap and time beyond the first: whether they have met that often by then."""
        again: list[int] = []
        for one, other in combinations(self._asked.schools, 2):
            together = self._going(host=one, guest=other) | self._going(host=other, guest=one)
            for gap in self._asked.gaps:
                row = {n: 1.0 for n in together if self._places[n][0] <= gap}
                before = sum(kept.pair == {one, other} and kept.after <= gap for kept in self._asked.standing)
                # Twice is one repetition, three times three: the k-th time adds k - 1 of them.
                for time in range(1, len(row) // 2 + before):
                    over = self._variable("again", one, other, gap, time)
                    again.append(over)
                    self._rows.append(({**row, over: -1.0}, -np.inf, float(time - before)))
        return again

    def hold(self, aim: Floats, value: float) -> None:
        """Let nothing that follows be worse in this aim."""
        row = {int(n): float(aim[n]) for n in np.flatnonzero(aim)}
        if row:
            self._rows.append((row, -np.inf, round(value) + 0.5))

    def solve(self, aim: Floats, seconds: float) -> tuple[float, float, bool]:
        """The value of the aim, the least it could be, and whether that is proven to be the same."""
        # Here, as scipy.optimize takes half a second to import, at every start of the app.
        from scipy.optimize import Bounds, LinearConstraint, milp
        from scipy.sparse import csr_array

        count = len(self._names)
        if not len(self._places):
            self._solution = np.zeros(count)
            return 0.0, 0.0, True
        entries = [(r, n, v) for r, (row, _, _) in enumerate(self._rows) for n, v in row.items()]
        rows, columns, values = zip(*entries, strict=True)
        matrix = csr_array((values, (rows, columns)), shape=(len(self._rows), count))
        upper = np.array([self._upper.get(n, 1.0) for n in range(count)])
        whole = np.ones(count, dtype=int)
        whole[self._again] = 0  # they are whole by themselves
        found = milp(
            aim,
            integrality=whole,
            bounds=Bounds(0.0, upper),
            constraints=LinearConstraint(
                matrix, [low for _, low, _ in self._rows], [high for _, _, high in self._rows]
            ),
            options={"time_limit": seconds, "mip_rel_gap": 1e-9},
        )
        if found.x is None:
            if len(self._solution):  # the solution of the aim before still holds
                return float(aim @ self._solution), -np.inf, False
            raise RuntimeError("no schedule at all was found in time")
        self._solution = np.asarray(found.x)
        value = float(aim @ self._solution)
        bound = value if found.mip_dual_bound is None else float(found.mip_dual_bound)
        return value, bound, found.status == 0

    def matches(self) -> tuple[Match, ...]:
        """The visits of the solution, in the order of the gaps."""
        chosen = (place for n, place in enumerate(self._places) if self._solution[n] > 0.5)
        return tuple(Match(gap, host, guest) for gap, host, guest in chosen)
