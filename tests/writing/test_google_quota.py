"""Four thousand answers in ten minutes against Google's sixty calls a minute; the time is simulated."""

import os
from collections import Counter

import pytest

from tests.writing.rush import A_MINUTE, a_rush

MINUTES = 10 if "VEBS_SOAK" in os.environ else 2


@pytest.mark.slow
def test_the_quota_is_never_met_and_nobody_waits_long(tmp_path):
    rush = a_rush(MINUTES, tmp_path)
    assert rush.keys == Counter(f"k{number}" for number in range(A_MINUTE * MINUTES))
    assert not any("429" in answer for answer in rush.answers)
    assert rush.busiest <= 45
    assert rush.wait(0.95) <= 5
    assert rush.wait(1.0) <= 10
