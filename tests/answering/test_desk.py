"""Staff answer: once a person, changed as often as she likes, from any device, by login or by code."""

import datetime as dt
import shutil

import pytest

from services.answering.keys import RoundSecrets, code_key, new_code
from services.assembly import INBOX
from services.errors import RoundNotOpen, RoundSecretMissing
from services.writing.deeds import Received, Saved
from tests.answering.conftest import NOON, ROUND, OpenRound
from tests.people import BJORKSKOLAN, EKSKOLAN

SIRI = "siri@example.se"


def sent_by_siri(round_: OpenRound, **levels: int) -> None:
    who = round_.desk.by_login(SIRI, EKSKOLAN)
    round_.desk.keep(who, {**round_.desk.reply(who).levels, **levels})
    round_.desk.send(who, round_.register, round_.today)


def test_what_siri_sends_stands_in_the_inbox_under_a_key_that_is_not_her(round_: OpenRound) -> None:
    sent_by_siri(round_, L1=3, L2=0, U1=4)
    round_.write()

    [row] = round_.rows()
    [part] = round_.rows("Deltagande")
    assert (row["L1"], row["L2"] or None, row["U1"]) == (3, None, 4)
    assert (row["Omgång"], row["Skolenhetskod"], row["Version"]) == (ROUND, EKSKOLAN, 1)
    assert row["Nyckel"] == part["Nyckel"] != SIRI
    assert len(str(row["Nyckel"])) == 64


def test_two_clicks_send_once_and_a_change_is_a_higher_version_of_the_same_key(round_: OpenRound) -> None:
    sent_by_siri(round_, L1=3)
    sent_by_siri(round_, L1=3)
    round_.write()
    sent_by_siri(round_, L1=4)
    round_.write()

    assert [(row["Version"], row["L1"]) for row in round_.rows()] == [(1, 3), (2, 4)]
    assert len({row["Nyckel"] for row in round_.rows()}) == 1
    assert len(round_.rows("Deltagande")) == 1


def test_she_goes_on_from_another_device_where_she_was(round_: OpenRound) -> None:
    phone = round_.desk.by_login(SIRI, EKSKOLAN)
    round_.desk.keep(phone, {"L1": 2, "L2": 0})

    elsewhere = round_.another_desk()
    laptop = elsewhere.by_login("Siri@Example.SE ", EKSKOLAN)

    assert elsewhere.reply(laptop).levels == {"L1": 2, "L2": 0}


def test_whoever_works_at_two_schools_answers_for_the_one_she_began_with(round_: OpenRound) -> None:
    sent_by_siri(round_, L1=3)
    again = round_.desk.by_login(SIRI, BJORKSKOLAN)

    assert again.school == EKSKOLAN


def test_she_is_told_that_it_is_received_and_then_that_it_is_saved(round_: OpenRound) -> None:
    sent_by_siri(round_, L1=3)
    who = round_.desk.by_login(SIRI, EKSKOLAN)

    assert isinstance(round_.desk.outcome(who, round_.register), Received)
    round_.write()
    assert isinstance(round_.desk.outcome(who, round_.register), Saved)


def test_a_server_that_lost_its_disk_goes_past_the_version_that_stands_there(round_: OpenRound) -> None:
    sent_by_siri(round_, L1=1)
    round_.write()
    sent_by_siri(round_, L1=2)
    round_.write()
    key = round_.desk.by_login(SIRI, EKSKOLAN).key
    round_.file._database.execute("DELETE FROM reply")
    sent_by_siri(round_, L1=4)
    round_.write()

    who = round_.desk.by_login(SIRI, EKSKOLAN)
    round_.desk.outcome(who, round_.register)
    round_.write()

    assert isinstance(round_.desk.outcome(who, round_.register), Saved)
    versions = {row["Version"]: row["L1"] for row in round_.rows() if row["Nyckel"] == key}
    assert versions == {1: 1, 2: 2, 3: 4}


def test_an_answer_without_a_single_level_is_not_sent(round_: OpenRound) -> None:
    who = round_.desk.by_login(SIRI, EKSKOLAN)
    round_.desk.keep(who, {"L1": 0})

    with pytest.raises(RoundNotOpen, match="inte svarat på någon fråga"):
        round_.desk.send(who, round_.register, round_.today)


@pytest.mark.parametrize("day", [dt.date(2022, 1, 10), dt.date(2022, 2, 6)])
def test_before_and_after_the_round_nothing_is_taken_in(round_: OpenRound, day: dt.date) -> None:
    who = round_.desk.by_login(SIRI, EKSKOLAN)
    round_.desk.keep(who, {"L1": 3})

    with pytest.raises(RoundNotOpen, match="inte öppen för svar"):
        round_.desk.send(who, round_.register, day)
    assert round_.desk.reply(who).levels == {"L1": 3}


def test_a_code_answers_once_for_its_own_school_however_it_is_typed(round_: OpenRound) -> None:
    code = new_code()
    round_.file.issue([code_key(round_.secrets.of(ROUND), ROUND, code)], BJORKSKOLAN)

    found = round_.desk.by_code(f" {code.lower().replace('-', ' ')} ")

    assert found is not None
    assert found.school == BJORKSKOLAN
    assert round_.desk.by_code(new_code()) is None
    assert round_.desk.by_code("ABC") is None


def test_without_the_rounds_secret_no_key_can_be_made_again(round_: OpenRound) -> None:
    before = round_.desk.by_login(SIRI, EKSKOLAN).key
    assert round_.desk.by_login(SIRI, EKSKOLAN).key == before

    shutil.rmtree(round_.state / "round-secrets")
    with pytest.raises(RoundSecretMissing, match="ingen hemlighet"):
        round_.desk.by_login(SIRI, EKSKOLAN)
    round_.secrets.make(ROUND)

    assert round_.desk.by_login(SIRI, EKSKOLAN).key != before


def test_a_round_whose_secret_is_destroyed_never_has_another(round_: OpenRound) -> None:
    round_.secrets.destroy(ROUND)

    for answering in (
        lambda: round_.desk.by_login(SIRI, EKSKOLAN),
        lambda: round_.another_desk().by_code(new_code()),
        lambda: RoundSecrets(round_.state / "round-secrets").make(ROUND),
    ):
        with pytest.raises(RoundSecretMissing, match="tar inte emot fler svar"):
            answering()
    assert list((round_.state / "round-secrets").glob("*.secret")) == []


def test_a_secret_that_was_half_written_is_made_anew(round_: OpenRound) -> None:
    (path,) = (round_.state / "round-secrets").glob("*.secret")
    path.write_bytes(b"half")

    with pytest.raises(RoundSecretMissing, match="ingen hemlighet"):
        round_.secrets.of(ROUND)
    assert len(round_.secrets.make(ROUND)) == 32
    assert round_.secrets.make(ROUND) == round_.secrets.of(ROUND)


def test_while_the_round_is_being_closed_nothing_more_is_taken_in(round_: OpenRound) -> None:
    sent_by_siri(round_, L1=3)
    round_.file.seal(NOON)
    who = round_.desk.by_login(SIRI, EKSKOLAN)

    with pytest.raises(RoundNotOpen, match="stängs"):
        round_.desk.keep(who, {"L1": 4})
    with pytest.raises(RoundNotOpen, match="stängs"):
        round_.desk.send(who, round_.register, round_.today)
    assert [reply.sent for _, reply in round_.file.replies()] == [{"L1": 3}]


def test_an_answer_that_the_outbox_has_forgotten_is_not_handed_on_again_once_the_round_is_sealed(
    round_: OpenRound,
) -> None:
    sent_by_siri(round_, L1=3)
    who = round_.desk.by_login(SIRI, EKSKOLAN)
    round_.outbox.forget(INBOX, lambda _: True)
    assert isinstance(round_.desk.outcome(who, round_.register), Received)

    round_.outbox.forget(INBOX, lambda _: True)
    round_.file.seal(NOON)
    with pytest.raises(RoundNotOpen, match="stängs"):
        round_.desk.outcome(who, round_.register)
    assert round_.outbox.spreadsheets() == set()
