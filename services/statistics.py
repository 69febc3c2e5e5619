"""How sure a figure is: standard errors with the finite population in mind, intervals, changes.

The self-assessment is nearly a census of a school's staff, so every standard error carries the finite
population factor √(1 − n/N) (Cochran, Sampling Techniques, 1977, ch. 2).
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtr, stdtrit

CONFIDENCE = 0.90
"""Confidence of every interval that is drawn."""

FALSE_DISCOVERY_RATE = 0.10
"""Share of false alarms that is accepted among all changes told on one page."""

LEAST_CHANGE = 0.1
"""A smaller difference is never called a change."""

NO_SPREAD = 1e-12
"""A standard error below this is zero but for the rounding of floating point numbers."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean level, its standard error (None where it can't be told) and its number of persons."""

    mean: float
    se: float | None
    n: int


@dataclass(frozen=True, slots=True)
class Interval:
    """Lowest and highest plausible level, never outside the scale 1–4."""

    low: float
    high: float


def interval(estimate: Estimate, confidence: float = CONFIDENCE) -> Interval | None:
    """m ± t(n − 1)·SE, cut to the scale."""
    if estimate.se is None or estimate.n < 2:
        return None
    reach = float(stdtrit(estimate.n - 1, (1 + confidence) / 2)) * estimate.se
    return Interval(max(1.0, estimate.mean - reach), min(4.0, estimate.mean + reach))


def chance_over(mean: float, se: float, line: float, n: int) -> float:
    """The chance that all of the staff would reach the line: 1 − F_t((T − m)/SE) with n − 1 degrees."""
    if se < NO_SPREAD or n < 2:
        return 1.0 if mean >= line - 1e-9 else 0.0
    return float(stdtr(n - 1, (mean - line) / se))


def tipping_point(mean: float, line: float, n: int, staff: int) -> float | None:
    """δ = N(m − T)/(N − n): how much lower those who did not answer must lie for all to fall to the line."""
    if staff <= n:
        return None
    return staff * (mean - line) / (staff - n)


@dataclass(frozen=True, slots=True)
class Change:
    """The same thing in two rounds, on the questions both have. `p` is None where it can't be tested."""

    before: Estimate
    after: Estimate
    p: float | None

    @property
    def difference(self) -> float:
        """Later minus earlier, in levels."""
        return self.after.mean - self.before.mean


def compare(before: Estimate, after: Estimate) -> Change:
    """Welch's test with the finite population factor in both years."""
    if before.se is None or after.se is None or before.n < 2 or after.n < 2:
        return Change(before, after, None)
    a, b = before.se**2, after.se**2
    if a + b < NO_SPREAD**2:
        same = abs(after.mean - before.mean) <= 1e-9
        return Change(before, after, 1.0 if same else 0.0)
    degrees = (a + b) ** 2 / (a**2 / (before.n - 1) + b**2 / (after.n - 1))
    t = (after.mean - before.mean) / math.sqrt(a + b)
    return Change(before, after, 2 * float(stdtr(degrees, -abs(t))))


def told_changes(changes: Sequence[Change]) -> tuple[bool, ...]:
    """Which of all the changes tested on one page may be called changes.

    At least 0.1 levels, and surviving Benjamini–Hochberg over all the tests of the page.
    """
    survivors = _survivors([change.p for change in changes])
    return tuple(
        index in survivors and abs(change.difference) >= LEAST_CHANGE - 1e-9
        for index, change in enumerate(changes)
    )


def _survivors(chances: Sequence[float | None]) -> frozenset[int]:
    """Benjamini and Hochberg (1995): all up to the last p(k) that is at most k/m · q.

    Written out because scipy.stats takes a second to import, at every start of the app.
    """
    ranked = sorted((p, index) for index, p in enumerate(chances) if p is not None)
    last = max(
        (k for k, (p, _) in enumerate(ranked, 1) if p <= k / len(ranked) * FALSE_DISCOVERY_RATE + 1e-12),
        default=0,
    )
    return frozenset(index for _, index in ranked[:last])


def combined_error(weights_and_errors: Iterable[tuple[float, float | None]]) -> float | None:
    """The standard error of a weighted mean of independent means; None where one of them is unknown."""
    pairs = list(weights_and_errors)
    if not pairs or any(se is None for _, se in pairs):
        return None
    total = sum(weight for weight, _ in pairs)
    if not total:
        return None
    return float(np.sqrt(sum((weight / total * (se or 0.0)) ** 2 for weight, se in pairs)))
