"""Codes can't be guessed: ten misses are free, then every further try waits longer."""

import datetime as dt

from services.answering.guessing import (
    FORGOTTEN_AFTER,
    FREE_MISSES,
    FREE_TOGETHER,
    LONGEST_TOGETHER,
    LONGEST_WAIT,
    GuessGuard,
)
from services.answering.keys import CODE_LENGTH, CODE_SIGNS, RoundSecrets, code_key, is_code, new_code
from services.answering.round_file import RoundFile
from tests.people import EKSKOLAN

NOON = dt.datetime(2022, 1, 24, 12, 0, tzinfo=dt.UTC)
NOTHING = dt.timedelta()


def test_somebody_may_mistype_ten_times_and_then_waits_longer_each_time() -> None:
    guard = GuessGuard()
    waits = []
    for _ in range(FREE_MISSES + 12):
        waits.append(guard.wait("siri", NOON))
        guard.missed("siri", NOON)

    assert waits[:FREE_MISSES] == [NOTHING] * FREE_MISSES
    assert waits[FREE_MISSES:] == sorted(waits[FREE_MISSES:])
    assert NOTHING < waits[FREE_MISSES] < waits[FREE_MISSES + 3]
    assert waits[-1] == LONGEST_WAIT
    assert guard.wait("petra", NOON) == NOTHING


def test_waiting_helps_and_after_an_hour_all_is_forgotten() -> None:
    guard = GuessGuard()
    for _ in range(FREE_MISSES):
        guard.missed("siri", NOON)
    wait = guard.wait("siri", NOON)

    assert guard.wait("siri", NOON + wait) == NOTHING
    for _ in range(9):
        guard.missed("siri", NOON)
    assert guard.wait("siri", NOON + FORGOTTEN_AFTER) == NOTHING


def test_whoever_had_a_code_after_all_starts_afresh() -> None:
    guard = GuessGuard()
    for _ in range(FREE_MISSES + 3):
        guard.missed("siri", NOON)
    guard.found("siri")

    assert guard.wait("siri", NOON) == NOTHING


def test_many_visitors_together_are_slowed_but_never_shut_out() -> None:
    guard = GuessGuard()
    for number in range(FREE_TOGETHER + 30):
        guard.missed(f"visitor {number}", NOON)

    assert guard.wait("siri", NOON) == LONGEST_TOGETHER


def test_a_code_has_sixty_bits_and_none_of_ten_thousand_guesses_hits(tmp_path) -> None:
    assert len(CODE_SIGNS) == len(set(CODE_SIGNS)) == 32
    assert CODE_LENGTH * 5 >= 50
    secret, file = RoundSecrets(tmp_path / "secrets").make("2022"), RoundFile(tmp_path / "2022.sqlite")
    codes = [new_code() for _ in range(40)]
    file.issue([code_key(secret, "2022", code) for code in codes], EKSKOLAN)

    guesses = [new_code() for _ in range(10_000)]

    assert all(is_code(code) for code in (*codes, *guesses))
    assert len(set(guesses)) == 10_000
    assert not any(file.school_of(code_key(secret, "2022", guess)) for guess in guesses)
    assert all(file.school_of(code_key(secret, "2022", code)) == EKSKOLAN for code in codes)


def test_neither_codes_nor_answers_are_left_when_the_file_is_destroyed(tmp_path) -> None:
    secret, file = RoundSecrets(tmp_path / "secrets").make("2022"), RoundFile(tmp_path / "r" / "2022.sqlite")
    key = code_key(secret, "2022", "ABCD-EFGH-JKLM")
    file.issue([key], EKSKOLAN)
    file.keep(key, EKSKOLAN, {"L1": 3})
    assert any(key.encode() in part.read_bytes() for part in (tmp_path / "r").iterdir())

    file.destroy()

    assert list((tmp_path / "r").iterdir()) == []
