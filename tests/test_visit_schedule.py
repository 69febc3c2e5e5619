"""The schedule of visits: even, without needless repetition, and as good as any that can be."""

import os
from collections.abc import Iterator
from itertools import combinations, permutations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.domain.school import SchoolCode
from services.domain.visit import GAPS, Match
from services.visit_schedule import EARLINESS, Question, Schedule, Worth, best_schedule, worth_of

REGISTERS = 200 if "VEBS_SOAK" in os.environ else 12
LARGEST = 12 if "VEBS_SOAK" in os.environ else 8

Levels = dict[SchoolCode, tuple[float, ...]]


def codes(count: int) -> tuple[SchoolCode, ...]:
    return tuple(SchoolCode(f"{number:08d}") for number in range(1, count + 1))


def learning_of(levels: Levels):
    """How far the host is over the guest where it is most."""

    def learning(host: SchoolCode, guest: SchoolCode) -> float:
        return max(0.0, *(h - g for h, g in zip(levels[host], levels[guest], strict=True)))

    return learning


def same(_host: SchoolCode, _guest: SchoolCode) -> float:
    return 0.0


@st.composite
def towns(draw: st.DrawFn, largest: int = LARGEST) -> tuple[tuple[SchoolCode, ...], Levels]:
    schools = codes(draw(st.integers(2, largest)))
    level = st.integers(10, 40).map(lambda tenths: tenths / 10)
    return schools, {one: tuple(draw(level) for _ in range(5)) for one in schools}


def counts(schools: tuple[SchoolCode, ...], matches: tuple[Match, ...], role: str) -> list[int]:
    return [sum(getattr(one, role) == school for one in matches) for school in schools]


def needless(schools: tuple[SchoolCode, ...], matches: tuple[Match, ...]) -> list[Match]:
    """The visits of pairs that have met before, in a gap before which some pair has not met at all."""
    found = []
    for gap in GAPS:
        before = [one.pair for one in matches if one.after < gap]
        now = [one for one in matches if one.after == gap]
        if {frozenset(pair) for pair in combinations(schools, 2)} <= {*before, *(one.pair for one in now)}:
            break
        found += [one for one in now if one.pair in before]
    return found


@settings(max_examples=REGISTERS)
@given(towns())
def test_everybody_hosts_and_visits_as_often_and_no_pair_meets_twice_before_it_must(town) -> None:
    schools, levels = town
    found = best_schedule(Question(schools), learning_of(levels))

    hosts, guests = counts(schools, found.matches, "host"), counts(schools, found.matches, "guest")
    assert max(hosts) - min(hosts) <= 1 and max(guests) - min(guests) <= 1
    assert all(abs(host - guest) <= 1 for host, guest in zip(hosts, guests, strict=True))
    assert needless(schools, found.matches) == []
    assert len(found.matches) == 5 * (len(schools) // 2)
    for gap in GAPS:
        busy = [school for one in found.matches if one.after == gap for school in one.pair]
        assert len(busy) == len(set(busy)), "nobody is in two places"
    assert found.worth.learning <= found.bound + 1e-6
    assert found.is_best or found.gap > 0


@settings(max_examples=REGISTERS)
@given(towns(), st.data())
def test_nobody_is_asked_for_when_she_can_not_or_where_a_visit_already_stands(town, data) -> None:
    schools, levels = town
    times = list(product(schools, GAPS))
    unable = frozenset(data.draw(st.lists(st.sampled_from(times), max_size=6)))
    standing = (Match(1, schools[0], schools[1]),)
    asked = Question(schools, (2, 3, 4, 5), unable, standing)

    found = best_schedule(asked, learning_of(levels))

    assert {one.after for one in found.matches} <= {2, 3, 4, 5}
    assert not {(school, one.after) for one in found.matches for school in one.pair} & unable
    assert found.worth == worth_of(asked, found.matches, learning_of(levels))
    for gap in (2, 3, 4, 5):
        free = [school for school in schools if (school, gap) not in unable]
        assert sum(one.after == gap for one in found.matches) == len(free) // 2, "as many as can be"


# --- Against every schedule there is -------------------------------------------------------------------


def every_schedule(asked: Question) -> Iterator[tuple[Match, ...]]:
    return (sum(choice, ()) for choice in product(*(list(rounds(asked, gap)) for gap in asked.gaps)))


def rounds(asked: Question, gap: int) -> Iterator[tuple[Match, ...]]:
    """Every way to fill one gap."""
    free = [school for school in asked.schools if asked.can(school, gap)]
    possible = [Match(gap, host, guest) for host, guest in permutations(free, 2)]
    for size in range(len(free) // 2 + 1):
        for chosen in combinations(possible, size):
            if len({school for one in chosen for school in one.pair}) == 2 * size:
                yield chosen


def rank(worth: Worth) -> tuple[float, ...]:
    return -worth.visits, worth.uneven, worth.repeated, -round(worth.learning, 6)


def claimed_best(asked: Question, levels: Levels) -> Schedule:
    learning = learning_of(levels)
    best = min((worth_of(asked, one, learning) for one in every_schedule(asked)), key=rank)
    found = best_schedule(asked, learning)
    assert found.is_best
    assert (found.worth.visits, found.worth.uneven, found.worth.repeated) == (
        best.visits,
        best.uneven,
        best.repeated,
    )
    assert found.worth.learning == pytest.approx(best.learning, abs=1e-5)
    assert found.bound == pytest.approx(best.learning, abs=1e-5)
    return found


@settings(max_examples=REGISTERS)
@given(towns(3), st.data())
def test_two_and_three_schools_get_the_best_of_all_schedules_whatever_stands_in_the_way(town, data) -> None:
    schools, levels = town
    times = list(product(schools, GAPS))
    unable = frozenset(data.draw(st.lists(st.sampled_from(times), max_size=4)))
    claimed_best(Question(schools, GAPS, unable), levels)


@settings(max_examples=max(4, REGISTERS // 10))
@given(towns(4), st.data())
def test_four_schools_with_three_gaps_to_fill_get_the_best_of_all_schedules(town, data) -> None:
    schools, levels = town
    standing = (Match(1, schools[0], schools[1]), Match(2, schools[-1], schools[0]))
    unable = frozenset(data.draw(st.lists(st.sampled_from(list(product(schools, (3, 4, 5)))), max_size=2)))
    claimed_best(Question(schools, (3, 4, 5), unable, standing), levels)


# --- What it is for ------------------------------------------------------------------------------------


def test_the_school_that_is_strong_where_another_is_weak_hosts_it_and_that_comes_first() -> None:
    one, other, third, fourth = codes(4)
    levels = {one: (4.0, 2.0), other: (2.0, 2.0), third: (3.0, 3.0), fourth: (3.0, 3.0)}

    found = best_schedule(Question((one, other, third, fourth), (1,)), learning_of(levels))

    assert Match(1, one, other) in found.matches
    assert found.worth.learning == EARLINESS[1] * 2.0


def test_a_school_that_never_can_leaves_the_others_their_visits() -> None:
    one, other, third = codes(3)
    unable = frozenset((third, gap) for gap in GAPS)

    found = best_schedule(Question((one, other, third), GAPS, unable), same)

    assert len(found.matches) == 5
    assert {match.pair for match in found.matches} == {frozenset((one, other))}


@pytest.mark.parametrize("schools", [(), codes(1)])
def test_with_nobody_to_visit_there_is_no_schedule(schools) -> None:
    assert best_schedule(Question(schools), same).matches == ()
