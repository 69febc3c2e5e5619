"""How fast Google is asked: never too often, never for longer than somebody has patience."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.workbook.pacing import (
    LONGEST_PAUSE,
    MINUTE,
    PAGE,
    WRITER,
    Allowance,
    Breaker,
    Kind,
    Pace,
    Patience,
    asked_pause,
    full_jitter,
)
from tests.on_google import Time

PAUSES = st.lists(st.floats(0, 100), max_size=60)


@given(PAUSES, st.integers(1, 5))
def test_no_minute_ever_has_more_calls_than_allowed(pauses: list[float], calls: int) -> None:
    time = Time()
    allowance = Allowance(calls, time)
    made: list[float] = []
    for pause in pauses:
        time.now += pause
        wait = allowance.book(1000.0)
        assert wait is not None
        made.append(time.now + wait)
    assert made == sorted(made)
    for first, after in zip(made, made[calls:], strict=False):
        assert after - first >= MINUTE - 1e-6


def test_a_call_waits_no_longer_than_it_must(time: Time) -> None:
    allowance = Allowance(2, time)
    assert [allowance.book(60.0) for _ in range(4)] == [0, 0, 60, 60]
    assert allowance.book(100.0) is None  # it would have to wait for two minutes, and nothing is booked
    time.now += 120
    assert allowance.book(0.0) == 0
    assert allowance.used() == 1


def test_many_threads_share_one_allowance(time: Time) -> None:
    allowance = Allowance(50, time)
    waits: list[float | None] = []
    threads = [threading.Thread(target=lambda: waits.append(allowance.book(0.0))) for _ in range(80)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (waits.count(0.0), waits.count(None)) == (50, 30)


@given(st.integers(0, 2000), st.floats(0, 1, exclude_max=True))
def test_a_pause_is_anything_up_to_a_bound_that_doubles(failures: int, chance: float) -> None:
    pause = full_jitter(failures, lambda: chance)
    assert 0 <= pause <= LONGEST_PAUSE
    if failures < 5:
        assert full_jitter(failures + 1, lambda: chance) == 2 * pause


def test_a_pause_is_at_least_what_google_asked_for_and_never_beyond_the_deadline(time: Time) -> None:
    pace = time.pace()
    deadline = pace.deadline(PAGE)
    assert pace.pause(0, 7.0, deadline)
    assert time.slept == [7.0]
    assert not pace.pause(0, 3.0, deadline)
    assert (time.slept, deadline.left) == ([7.0], 3.0)


def test_reads_and_writes_have_an_allowance_each_and_drive_none(time: Time) -> None:
    pace = Pace(clock=time, sleep=time.sleep, calls=1)
    deadline = pace.deadline(PAGE)
    assert all(pace.wait_for_turn(kind, deadline) for kind in (Kind.READ, Kind.WRITE, Kind.DRIVE, Kind.DRIVE))
    assert time.slept == []
    assert not pace.wait_for_turn(Kind.READ, deadline)
    assert pace.wait_for_turn(Kind.READ, pace.deadline(WRITER))
    assert time.slept == [60.0]


def test_a_deadline_ends(time: Time) -> None:
    deadline = time.pace().deadline(Patience(3.0))
    time.now += 2
    assert deadline.left == 1
    time.now += 2
    assert deadline.left == 0


def test_the_rest_after_a_failure_doubles_up_to_a_minute_and_ends_with_success(time: Time) -> None:
    breaker = Breaker(time)
    rests = []
    for _ in range(4):
        breaker.failed()
        breaker.failed()  # those who asked at the same time do not make it longer
        began = time.now
        while breaker.is_open():
            time.now += 1
        rests.append(time.now - began)
    assert rests == [15, 30, 60, 60]
    breaker.failed()
    breaker.worked()
    assert not breaker.is_open()
    breaker.failed()
    time.now += 15
    assert not breaker.is_open()


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "17"}, 17),
        ({"Retry-After": " 3 "}, 3),
        (
            {
                "Retry-After": "Mon, 24 Jan 2022 12:00:30 GMT",
                "Date": "Mon, 24 Jan 2022 12:00:00 GMT",
            },
            30,
        ),
        ({"Retry-After": "Mon, 24 Jan 2022 11:00:00 GMT", "Date": "Mon, 24 Jan 2022 12:00:00 GMT"}, 0),
        ({"Retry-After": "Mon, 24 Jan 2022 12:00:30 GMT"}, 0),
        ({"Retry-After": "Mon, 24 Jan 2022 12:00:30", "Date": "Mon, 24 Jan 2022 12:00:00 GMT"}, 0),
        ({"Retry-After": "snart"}, 0),
        ({"Retry-After": "-5"}, 0),
        ({"Retry-After": "٣"}, 0),
        ({}, 0),
    ],
)
def test_what_google_asks_for_is_read_as_seconds_or_as_a_date(
    headers: dict[str, str], seconds: float
) -> None:
    assert asked_pause(headers) == seconds


@pytest.fixture
def time() -> Time:
    return Time()
