"""What is asked when, and when a round has something to show."""

import pytest

from services.domain.question import Level, Question
from services.domain.round import LONGEST_STEM, Round, RoundStatus, file_stem


def a_question(first: str | None = None, last: str | None = None) -> Question:
    return Question("L1", 1, "Vi har en plan.", first_round=first, last_round=last)


@pytest.mark.parametrize(
    ("first", "last", "rounds"),
    [
        ("2020", "2021", ["2020", "2021"]),
        ("2020", None, ["2020", "2021", "2022"]),
        (None, "2020", ["2019", "2020"]),
        (None, None, ["2019", "2020", "2021", "2022"]),
        ("2021", "2020", []),
    ],
)
def test_a_question_is_asked_from_its_first_round_to_its_last_both_included(first, last, rounds) -> None:
    question = a_question(first, last)

    assert [name for name in ("2019", "2020", "2021", "2022") if question.asked_in(name)] == rounds


def test_the_levels_are_four_in_their_order() -> None:
    assert [(int(level), level.label) for level in Level] == [
        (1, "Påbörjad"),
        (2, "Aktiverad"),
        (3, "Trygg"),
        (4, "Välutvecklad"),
    ]


@pytest.mark.parametrize(
    ("status", "is_published", "has_answers"),
    [
        (RoundStatus.PLANNED, False, False),
        (RoundStatus.OPEN, False, False),
        (RoundStatus.CLOSED, False, True),
        (RoundStatus.PUBLISHED, True, True),
        (None, False, False),
    ],
)
def test_only_a_published_round_may_be_shown_and_only_a_closed_one_has_answers(
    status, is_published, has_answers
) -> None:
    round_ = Round("2021", status)

    assert (round_.is_published, round_.has_answers) == (is_published, has_answers)


# --- The names of a round's files --------------------------------------------------------------------


def test_a_round_of_any_name_has_files_of_its_own() -> None:
    names = ["2022", "2022/2023", "../2022", "Ö" * 5000, "Ö" * 4999, "con", ""]
    stems = [file_stem(name) for name in names]

    assert len(set(stems)) == len(names)
    assert all(len(stem) <= LONGEST_STEM and set(stem) <= set("0123456789abcdefglno-") for stem in stems)
    assert file_stem("2022") == "32303232", "a secret that is on a disk already is found again"
