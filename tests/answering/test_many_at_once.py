"""A whole staff sends at the same moment, while Google fails one call in five: each answer is there once."""

import os
from collections import Counter
from pathlib import Path

import pytest

from tests.answering.crowd import a_town, at_once, fail, send

pytestmark = pytest.mark.slow

CROWDS = (
    ({"logins": 400, "questions_an_area": 20}, {"codes": 400, "questions_an_area": 20})
    if "VEBS_SOAK" in os.environ
    else ({"logins": 13, "codes": 12},)
)


@pytest.mark.parametrize("crowd", CROWDS, ids=lambda crowd: " and ".join(map(str, crowd)))
def test_everybody_who_sends_at_once_is_told_so_and_stands_there_once(
    tmp_path: Path, crowd: dict[str, int]
) -> None:
    with a_town(tmp_path, **crowd) as town, town.seats() as sitting:
        at_once([seat.fill_in for seat in sitting])
        fail(town.google)

        sent = send(sitting)

        assert [one.text for one in sent if not one.is_acknowledged] == []
        assert len(sent) == len(sitting) == len(town.answers)
        town.wait_until_stored()
        assert sum(rule["hits"] for rule in town.google.tell("rules")) >= 1
        assert town.stored() == town.expected()
        assert town.taking_part() == Counter(dict.fromkeys(town.answers, 1))


def test_an_impatient_click_and_a_reload_send_nothing_more(tmp_path: Path) -> None:
    with a_town(tmp_path, logins=3, codes=2) as town, town.seats() as sitting:
        at_once([seat.fill_in for seat in sitting])
        fail(town.google)

        at_once([seat.send_twice for seat in sitting])
        shown = [seat.reload().text for seat in sitting if not seat.code]

        town.wait_until_stored()
        assert town.stored() == town.expected()
        assert town.versions() == {1}
        assert [text for text in shown if "Tack för ditt svar" not in text] == []
