"""From ten answers on a question is drawn, but not that nobody or everybody chose a level."""

import pytest

from pages.components import frames, words
from tests.attacks.reader import Attacker
from tests.attacks.towns import ROUND, D, Levels, Town, mixed, usual

Shares = tuple[float, float, float, float]
FEW = range(10, 20)
BAR = {"från", "till", "mitt"}


def shares_of(counts: tuple[int, int, int, int]) -> Shares:
    one, two, three, four = (count / sum(counts) for count in counts)
    return one, two, three, four


def drawn(shares: Shares) -> list[tuple[str, float]]:
    """What a bar says and how wide it is, level by level."""
    frame = frames.parted([("", "", shares)], in_steps=True)
    return list(zip(frame["text"], frame["till"] - frame["från"], strict=True))


@pytest.mark.parametrize("n", FEW)
def test_that_nobody_chose_a_level_looks_like_one_in_ten(n: int) -> None:
    assert words.percent_in_steps(0.0) == words.percent_in_steps(1 / n)
    assert words.percent_in_steps(1.0) == words.percent_in_steps((n - 1) / n)


@pytest.mark.parametrize("n", FEW)
def test_a_bar_is_as_wide_for_nobody_as_for_one(n: int) -> None:
    nobody, one = (drawn(shares_of(counts)) for counts in ((0, 1, n - 1, 0), (1, 0, n - 1, 0)))
    assert nobody[:2] == one[:2]


@pytest.mark.parametrize("n", FEW)
def test_a_bar_is_no_more_exact_than_its_words(n: int) -> None:
    """Rows that are written the same are drawn the same."""
    widths: dict[tuple[str, ...], set[tuple[float, ...]]] = {}
    for first in range(n + 1):
        for second in range(n + 1 - first):
            texts, drawn_widths = zip(*drawn(shares_of((first, second, 0, n - first - second))), strict=True)
            widths.setdefault(texts, set()).add(drawn_widths)
    assert [texts for texts, seen in widths.items() if len(seen) > 1] == []


@pytest.mark.slow
def test_a_mean_does_not_tell_that_everybody_chose_the_same(attacker: Attacker) -> None:
    """All of twelve on Välutvecklad, and all but one: the page of the school may not differ there."""
    seen = []
    for last in (4, 3):
        attacker.enter(Town({ROUND: usual(D=_all_but_the_last(last))}))
        sent = attacker.open("school", "unni", {"skola": D}).frames
        bars = next(frame for frame in sent if set(frame) >= BAR and frame["rad"].iloc[0].startswith("L1"))
        first = bars[bars["rad"] == bars["rad"].iloc[0]]
        label, _, _ = first["rad"].iloc[0].partition(" (")  # the city's mean follows
        table = next(frame for frame in sent if "Kan inte bedöma" in frame)
        seen.append((label, list(first["text"]), list(first["mitt"]), table["Skolan"].iloc[0]))
    assert seen[0] == seen[1]


def _all_but_the_last(last: int) -> Levels:
    rows = [[4, *row[1:]] for row in mixed(12, 4)]
    rows[-1][0] = last
    return rows


@pytest.mark.slow
def test_the_bars_of_few_are_sent_in_steps_of_five_and_nothing_finer(attacker: Attacker) -> None:
    attacker.enter(Town({ROUND: usual(D=mixed(13, 4))}))
    sent = attacker.open("school", "unni", {"skola": D}).frames
    bars = [frame for frame in sent if set(frame) >= BAR]
    assert len(bars) == 2
    for frame in bars:
        drawn_from = frame.drop(columns=[*BAR, "rad", "fråga", "nivå", "text"], errors="ignore")
        assert all(set(drawn_from[column]) <= {"", *frame["text"]} for column in drawn_from)
        assert all(edge % 2.5 == 0 for column in BAR for edge in frame[column])
        numbers = {int(text.strip("≤≥% \N{NO-BREAK SPACE}")) for text in frame["text"]}
        assert all(number % 5 == 0 for number in numbers)
