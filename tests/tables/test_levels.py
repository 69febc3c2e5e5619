"""A column of whole numbers at one look is what it is cell by cell, or it is left to be read cell by cell."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from services.tables.levels import whole_numbers

LEVELS = st.integers(1, 4) | st.just("")
OTHERS = (
    st.integers()
    | st.integers(-300, 300)
    | st.booleans()
    | st.none()
    | st.floats()
    | st.sampled_from([1.0, 4.0])
    | st.text(max_size=6)
    | st.sampled_from(["\0", "i\1\0\0\0", "\1", " ", "3"])
    | st.dates()
    | st.just(dt.time(8, 15))
)


@given(st.lists(LEVELS, min_size=1))
def test_a_clean_column_is_read_at_once(cells: list) -> None:
    assert whole_numbers(cells, 1, 4) == bytes(cell or 0 for cell in cells)


@given(st.lists(LEVELS | OTHERS))
def test_any_other_column_is_left_alone(cells: list) -> None:
    is_clean = all(cell == "" or (type(cell) is int and 1 <= cell <= 4) for cell in cells)
    found = whole_numbers(cells, 1, 4)
    if is_clean and cells:
        assert found == bytes(cell or 0 for cell in cells)
    else:
        assert found is None


@given(st.lists(st.integers(1, 255), min_size=1), st.integers(1, 255), st.integers(1, 255))
def test_the_range_is_the_columns_own(cells: list, one: int, other: int) -> None:
    least, most = sorted((one, other))
    inside = all(least <= cell <= most for cell in cells)
    assert whole_numbers(cells, least, most) == (bytes(cells) if inside else None)
