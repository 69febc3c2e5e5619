"""Whoever has logged out is out: in every process, after a restart, whatever has become of the file."""

import datetime as dt
import hashlib
import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ended_logins import EndedLogins, Login, login_of
from tests.serving import ROOT

NOW = dt.datetime.now(dt.UTC)
NONE_YET = "0" * 64


def claims(**other: Any) -> dict[str, Any]:
    """What the provider said of Unni an hour ago."""
    told = {
        "iss": "https://login.example.se",
        "sub": "1",
        "email": "unni@example.se",
        "iat": NOW.timestamp() - 3600,
        "nonce": "a",
    }
    return told | other


UNNIS = login_of(claims())
PETRAS = login_of(claims(sub="2", email="petra@example.se"))


def file_of(state: Path) -> Path:
    [found] = [one for one in state.iterdir() if one.suffix == ""]
    return found


def test_an_ended_login_is_ended_and_no_other_is(tmp_path: Path) -> None:
    ended = EndedLogins(tmp_path)
    assert UNNIS not in ended
    ended.end(UNNIS, NOW)
    assert UNNIS in ended
    assert PETRAS not in ended


@pytest.mark.parametrize("other", [{"nonce": "b"}, {"iat": NOW.timestamp()}, {"iss": "https://evil.com"}])
def test_whoever_logs_in_again_at_once_is_in_again(tmp_path: Path, other: dict[str, Any]) -> None:
    ended = EndedLogins(tmp_path)
    ended.end(UNNIS, NOW)
    assert login_of(claims(**other)) not in ended


def test_what_one_process_has_ended_others_know_at_once_and_after_a_restart(tmp_path: Path) -> None:
    here, there = EndedLogins(tmp_path), EndedLogins(tmp_path)
    assert UNNIS not in there
    here.end(UNNIS, NOW)
    assert UNNIS in there
    there.end(PETRAS, NOW)
    assert PETRAS in here and UNNIS in here
    assert {UNNIS in later and PETRAS in later for later in [EndedLogins(tmp_path)]} == {True}


END_TWENTY = """
import datetime as dt, sys
from pathlib import Path
from services.ended_logins import EndedLogins, login_of
ended = EndedLogins(Path(sys.argv[1]))
for number in range(20):
    ended.end(login_of({"sub": f"{sys.argv[2]} {number}", "iat": 1e9}), dt.datetime.now(dt.UTC))
"""


def test_processes_that_end_logins_at_once_lose_none(tmp_path: Path) -> None:
    def end_twenty(name: str) -> None:
        command = [sys.executable, "-c", END_TWENTY, str(tmp_path), name]
        subprocess.run(command, cwd=ROOT, check=True, timeout=60)

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(end_twenty, "abc"))

    ended = EndedLogins(tmp_path)
    made = [login_of({"sub": f"{name} {number}", "iat": 1e9}) for name in "abc" for number in range(20)]
    assert [one for one in made if one not in ended] == []


def test_an_ended_login_is_kept_until_it_is_too_old_anyway(tmp_path: Path) -> None:
    ended = EndedLogins(tmp_path)
    ended.end(UNNIS, NOW - dt.timedelta(hours=13))
    ended.end(PETRAS, NOW)
    assert len(file_of(tmp_path).read_text("ascii").splitlines()) == 1
    assert PETRAS in ended


def test_the_file_tells_nothing_of_people(tmp_path: Path) -> None:
    EndedLogins(tmp_path).end(UNNIS, NOW)
    assert "unni" not in file_of(tmp_path).read_text("ascii")


def spoil(state: Path, content: bytes) -> None:
    """Put this in the file, a minute ago."""
    file = file_of(state)
    file.write_bytes(content)
    os.utime(file, (NOW.timestamp() - 60,) * 2)


WHOLE_LINE = f"{NONE_YET} {NOW.timestamp() - 600:.6f}\n".encode()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n",
        WHOLE_LINE[:-1],
        WHOLE_LINE[:-9],
        WHOLE_LINE[:70],
        WHOLE_LINE[5:],
        WHOLE_LINE + b"\xff\xfe\x00",
        b"<<<<<<< mine\n" + WHOLE_LINE,
        WHOLE_LINE.replace(b" ", b" nan "),
        b"\x00" * 4096,
    ],
    ids=[
        "nothing",
        "an empty line",
        "a line without its end",
        "a time cut short",
        "a time cut away",
        "a line without its beginning",
        "bytes that are no text",
        "the mark of a merge",
        "a time that is none",
        "zeroes",
    ],
)
def test_where_the_file_is_damaged_every_login_from_before_has_ended(tmp_path: Path, content: bytes) -> None:
    ended = EndedLogins(tmp_path)
    ended.end(PETRAS, NOW)
    spoil(tmp_path, content)

    assert UNNIS in EndedLogins(tmp_path), "she may have been the one in the line that is gone"
    assert UNNIS in ended
    later = login_of(claims(iat=NOW.timestamp()))
    assert later not in ended, "whoever logs in afterwards has not logged out"

    # The next who logs out makes the file whole, and what was lost stays lost.
    ended.end(later, NOW)
    again = EndedLogins(tmp_path)
    assert UNNIS in again and later in again
    assert login_of(claims(iat=NOW.timestamp(), nonce="c")) not in again


@given(content=st.binary(max_size=200), cut=st.integers(0, 200))
def test_no_file_whatever_lets_somebody_in_who_logged_out(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, cut: int
) -> None:
    state = tmp_path_factory.mktemp("state")
    EndedLogins(state).end(UNNIS, NOW)
    whole = file_of(state).read_bytes()
    damaged = whole[:cut] + content
    # Added to its end, foreign bytes may not take a whole line back.
    spoil(state, damaged)
    assert UNNIS in EndedLogins(state)


def test_without_a_file_nobody_has_logged_out(tmp_path: Path) -> None:
    assert UNNIS not in EndedLogins(tmp_path / "not there")


def test_a_file_that_disappears_lets_nobody_back_in_while_the_process_lives(tmp_path: Path) -> None:
    ended = EndedLogins(tmp_path)
    ended.end(UNNIS, NOW)
    file_of(tmp_path).unlink()
    assert UNNIS in ended


def test_where_nothing_can_be_written_this_process_still_knows(tmp_path: Path) -> None:
    ended = EndedLogins(tmp_path)
    (tmp_path / "ended-logins.new").mkdir()
    with pytest.raises(OSError, match="ended-logins"):
        ended.end(UNNIS, NOW)
    assert UNNIS in ended

    # Once there is room again, the next who logs out takes hers along.
    (tmp_path / "ended-logins.new").rmdir()
    ended.end(PETRAS, NOW)
    assert UNNIS in EndedLogins(tmp_path)


@pytest.mark.parametrize("issued", [None, "yesterday", [1], float("nan"), -1])
def test_a_login_without_a_time_has_ended(tmp_path: Path, issued: object) -> None:
    assert login_of(claims(iat=issued)) in EndedLogins(tmp_path)


def test_logins_with_odd_claims_are_told_apart(tmp_path: Path) -> None:
    odd = [
        {},
        {"sub": None},
        {"sub": "None"},
        {"sub": "\ud800"},
        {"email": "a\nb"},
        {"sub": "a", "email": "b"},
    ]
    made = {login_of(one).digest for one in odd}
    assert len(made) == len(odd) - 1  # nothing said and None said are the same
    assert all(len(one) == hashlib.sha256().digest_size * 2 for one in made)


@pytest.mark.skipif(os.name != "posix", reason="other systems have no such permissions")
def test_the_folder_may_be_made_by_the_first_who_logs_out(tmp_path: Path) -> None:
    state = tmp_path / "new" / "state"
    EndedLogins(state).end(Login(NONE_YET, 1.0), NOW)
    assert stat.S_ISREG(file_of(state).stat().st_mode)
