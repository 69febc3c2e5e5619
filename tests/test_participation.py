"""Who needs help while a round is open: how many have answered, and how many that will be."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.participation import Need, participation, projection, working_days
from tests.people import BJORKSKOLAN, EKSKOLAN, RONNBARSSKOLAN, a_part, a_register, a_round, visitor

MONDAY, FRIDAY = dt.date(2022, 1, 10), dt.date(2022, 1, 14)
DAYS = st.dates(dt.date(2021, 1, 1), dt.date(2023, 1, 1))


def followed(who: str, today: dt.date = dt.date(2022, 1, 21), **answered: int):
    codes = {"ek": EKSKOLAN, "bjork": BJORKSKOLAN, "ronn": RONNBARSSKOLAN}
    taking_part = [codes[name] for name, count in answered.items() for _ in range(count)]
    register = a_register({}, rounds=[a_round("2022", "Öppen")], taking_part=taking_part)
    return participation(register, visitor(who), "2022", today)


def test_schools_that_need_help_come_first_and_say_why() -> None:
    rows = followed("Unni", ek=18, bjork=1)

    assert [(row.name, row.answered, row.staff, row.need) for row in rows] == [
        ("Rönnbärsskolan", 0, 20, Need.NOT_BEGUN),
        ("Björkskolan", 1, 20, Need.TOO_FEW),
        ("Ekskolan", 18, 20, Need.ON_ITS_WAY),
    ]


def test_a_school_that_will_miss_the_response_rate_is_told_apart() -> None:
    [row] = [row for row in followed("Unni", ek=5) if row.school == EKSKOLAN]

    # Five in nine of twenty working days: eleven in the end, and fourteen are wanted.
    assert (row.projected, row.need, row.rate) == (11, Need.TOO_SLOW, 0.25)


def test_a_principal_follows_her_own_schools_and_staff_and_researchers_none() -> None:
    assert [row.name for row in followed("Petra", ek=3)] == ["Ekskolan"]
    assert {row.name for row in followed("Per", ek=3)} == {"Björkskolan", "Rönnbärsskolan"}
    assert followed("Siri", ek=3) == followed("Frida", ek=3) == followed("Nils", ek=3) == []
    assert len(followed("Rut", ek=3)) == 3


def test_without_staff_there_is_neither_rate_nor_projection() -> None:
    register = a_register({}, rounds=[a_round("2022", "Öppen")], parts=[a_part(EKSKOLAN, None, "2022")])
    [row] = participation(register, visitor("Unni"), "2022", FRIDAY)

    assert (row.rate, row.projected, row.need) == (None, None, Need.UNKNOWN)


@pytest.mark.parametrize(
    ("first", "last", "count"),
    [
        (MONDAY, FRIDAY, 5),
        (MONDAY, dt.date(2022, 1, 16), 5),
        (dt.date(2022, 1, 15), dt.date(2022, 1, 16), 0),
        (FRIDAY, dt.date(2022, 1, 17), 2),
        (FRIDAY, MONDAY, 0),
    ],
)
def test_working_days(first: dt.date, last: dt.date, count: int) -> None:
    assert working_days(first, last) == count


@given(DAYS, DAYS)
def test_working_days_are_as_counted_one_by_one(first: dt.date, last: dt.date) -> None:
    days = [first + dt.timedelta(days=n) for n in range(max(0, (last - first).days + 1))]

    assert working_days(first, last) == sum(day.weekday() < 5 for day in days)


@given(st.integers(0, 60), st.integers(1, 60), DAYS, DAYS, DAYS)
def test_a_projection_is_never_below_what_is_there_nor_above_the_staff(
    answered: int, staff: int, opens: dt.date, last: dt.date, today: dt.date
) -> None:
    found = projection(answered, staff, opens, last, today)

    assert found is None or answered <= found <= max(staff, answered)
