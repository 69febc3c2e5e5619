"""A level in each of the three ways, and nothing else."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.forms.levels import NotALevel, is_level, read_level

LABELS = ["Påbörjad", "Aktiverad", "Trygg", "Välutvecklad"]


@pytest.mark.parametrize("level", [1, 2, 3, 4])
def test_a_level_is_read_as_a_number_a_word_or_both(level: int) -> None:
    label = LABELS[level - 1]
    both = [f"{level} {dash} {label}" for dash in "-–—−‑"]
    written = [
        level,
        float(level),
        str(level),
        f" {level} ",
        f"{level}.0",
        f"{level},0",
        label,
        label.upper(),
    ]
    written += [*both, f"{level}–{label}", f"{level}. {label}", f"{level}: {label}", f"{level} = {label}"]
    written += [f"{label} ({level})", f"{level}\u00a0–\u00a0{label}", f"{level}) {label}", f"Nivå {level}"]

    assert [read_level(cell) for cell in written] == [level] * len(written)


@pytest.mark.parametrize(
    "cell", [None, "", "  ", "\u00a0", "Kan inte bedöma", "kan  inte bedöma.", "KAN INTE BEDÖMA"]
)
def test_blank_and_kan_inte_bedoma_are_no_level(cell: object) -> None:
    assert read_level(cell) == 0


@pytest.mark.parametrize(
    "cell",
    [
        *(0, 5, 2.5, True, False, "0", "5", "2 – Trygg", "Trygg (2)", "Tryggt", "3 4", "3–4", "-3", "33"),
        *("Trygg, Aktiverad", "1e0", "=3", "#N/A", dt.date(2021, 1, 3), float("nan"), "x" * 100_000),
    ],
)
def test_anything_else_is_no_level_at_all(cell: object) -> None:
    assert not is_level(cell)
    with pytest.raises(NotALevel):
        read_level(cell)


@given(st.text())
def test_any_text_is_a_level_or_is_refused(text: str) -> None:
    try:
        assert read_level(text) in range(5)
    except NotALevel:
        assert text.strip()
