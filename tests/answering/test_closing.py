"""Closing a round: every person's newest answer once, whatever it is interrupted by, and no way back."""

import random
import shutil
import time
from collections import Counter
from functools import partial

import pytest

from services.answering.keys import Key
from services.answering.round_file import RoundFile
from services.closing.emptying import empty_inbox
from services.closing.gathering import Received, answer_rows, newest
from services.closing.round_closing import Office, Step, close
from services.conducting import open_up, opening
from services.errors import ClosingTrouble, NotPermitted, NotReady, RoundSecretMissing, SpreadsheetUnreadable
from services.reading import Reader
from services.register import Register
from services.tables.schema import load_schema
from services.workbook.port import CellChange
from tests.answering.conftest import NOON, QUESTIONS, ROUND, OpenRound
from tests.people import BJORKSKOLAN, EKSKOLAN, TODAY, visitor

STAFF = 12


def everyone_answers(round_: OpenRound) -> Counter[tuple[object, ...]]:
    """Twelve people answer, four change their minds; what should stand in the end, without names."""
    chance = random.Random(7)
    final: dict[str, tuple[object, ...]] = {}
    for number in (*range(STAFF), *range(4)):
        email, school = f"person{number}@example.se", (EKSKOLAN, BJORKSKOLAN)[number % 2]
        levels = {id_: chance.randint(0, 4) for id_ in QUESTIONS} | {"L1": 1 + number % 4}
        who = round_.desk.by_login(email, school)
        round_.desk.keep(who, levels)
        round_.desk.send(who, round_.register, round_.today)
        final[email] = (school, *(levels[id_] or None for id_ in QUESTIONS))
        if number == 5:
            round_.write()
    return Counter(final.values())


def office(round_: OpenRound) -> Office:
    return Office(
        round_.workbook,
        load_schema(),
        round_.writer,
        round_.outbox,
        round_.secrets,
        round_.file,
        round_.state / "closing",
        lambda: NOON,
        partial(empty_inbox, round_.workbook, round_.outbox, None),
        random.Random(3),
        sleep=lambda seconds: time.sleep(seconds / 10),
    )


def fresh(round_: OpenRound) -> Register:
    return Reader(round_.workbook, load_schema()).read()


def closed(round_: OpenRound) -> Counter[tuple[object, ...]]:
    """What stands in svar-2022, without the ids."""
    sheet = round_.workbook.read(f"svar-{ROUND}", ["Svar"]).sheets["Svar"]
    headers, *rows = zip(*sheet.columns, strict=True)
    places = [headers.index(one) for one in ("Skolenhetskod", *QUESTIONS)]
    return Counter(tuple(row[place] or None for place in places) for row in rows if row[0])


def run(round_: OpenRound, until: Step | None = None) -> list[Step]:
    """Close it, or be interrupted just before a step; the server comes back with what lies on its disk."""
    seen: list[Step] = []
    steps = close(office(round_), fresh(round_), visitor("Unni"), ROUND)
    for step in steps:
        seen.append(step)
        if step is until:
            steps.close()
            break
    round_.file.close()
    round_.file = RoundFile(round_.state / "rounds" / "2022.sqlite")
    return seen


def test_the_newest_answer_of_everybody_is_there_once_and_nothing_else_is_left(round_: OpenRound) -> None:
    expected = everyone_answers(round_)
    keys = [key for key, _ in round_.file.replies()]

    round_.writer.start()
    assert run(round_) == list(Step)
    round_.writer.stop()

    assert closed(round_) == expected
    assert round_.rows() == round_.rows("Deltagande") == []
    assert fresh(round_).rounds[ROUND].status == "Stängd"
    with pytest.raises(RoundSecretMissing):
        round_.secrets.of(ROUND)
    left = b"".join(path.read_bytes() for path in round_.state.rglob("*") if path.is_file())
    assert not any(key.encode() in left for key in keys)


@pytest.mark.parametrize("step", Step)
def test_interrupted_before_any_step_it_goes_on_and_nothing_is_lost_or_doubled(
    round_: OpenRound, step: Step
) -> None:
    expected = everyone_answers(round_)
    round_.writer.start()
    run(round_, until=step)
    run(round_, until=step)
    run(round_)
    round_.writer.stop()

    assert closed(round_) == expected
    assert round_.rows() == []
    assert fresh(round_).rounds[ROUND].status == "Stängd"


def test_a_server_that_lost_its_secret_can_still_close(round_: OpenRound) -> None:
    expected = everyone_answers(round_)
    round_.write()
    shutil.rmtree(round_.state / "round-secrets")
    round_.file.destroy()
    round_.file = RoundFile(round_.state / "rounds" / "2022.sqlite")

    round_.writer.start()
    run(round_)
    round_.writer.stop()

    assert closed(round_) == expected


def test_closing_that_a_server_has_lost_all_memory_of_doubles_nothing(round_: OpenRound) -> None:
    expected = everyone_answers(round_)
    round_.write()
    run(round_, until=Step.DESTROY)
    shutil.rmtree(round_.state / "round-secrets")
    shutil.rmtree(round_.state / "rounds")
    round_.file = RoundFile(round_.state / "rounds" / "2022.sqlite")

    with pytest.raises(ClosingTrouble, match=f"står redan {STAFF} svar från en stängning"):
        run(round_)
    assert closed(round_) == expected
    assert len(round_.rows("Deltagande")) == STAFF


@pytest.mark.parametrize("status", ["Öppen", "Planerad"])
def test_a_closed_round_that_is_set_back_by_hand_takes_in_no_answer_and_loses_none(
    round_: OpenRound, status: str
) -> None:
    expected = everyone_answers(round_)
    round_.writer.start()
    run(round_)
    by_hand(round_, status)

    back = fresh(round_)
    if status == "Planerad":
        plan = opening(back, ROUND, TODAY, round_.secrets)
        with pytest.raises(NotReady, match="går inte att öppna igen"):
            open_up(plan, visitor("Unni"), round_.writer, round_.secrets, ROUND)
    for desk in (round_.desk, round_.another_desk()):
        with pytest.raises(RoundSecretMissing, match="kan inte öppnas igen"):
            desk.by_login("person0@example.se", EKSKOLAN)
    if status == "Öppen":
        assert run(round_) == [Step.DESTROY, Step.EMPTY, Step.TELL]
        assert fresh(round_).rounds[ROUND].status == "Stängd"
    round_.writer.stop()
    assert closed(round_) == expected


def test_a_question_that_was_taken_away_meanwhile_stops_it_before_its_answers_are_lost(
    round_: OpenRound,
) -> None:
    expected = everyone_answers(round_)
    round_.writer.start()
    snapshot = round_.workbook.fresh("vebs", ["Frågor"])
    columns = snapshot.sheets["Frågor"].columns
    area = [values[0] for values in columns].index("Delområde")
    row = next(values for values in columns if values[0] == "Fråga").index("U2")
    round_.workbook.write("vebs", [CellChange("Frågor", row + 1, area, 9)], snapshot)

    with pytest.raises(ClosingTrouble, match="Fråga U2 har svar, men ställs inte i omgång 2022"):
        run(round_)
    assert len(round_.rows("Deltagande")) == STAFF
    assert closed(round_) == Counter()
    snapshot = round_.workbook.fresh("vebs", ["Frågor"])
    round_.workbook.write("vebs", [CellChange("Frågor", row + 1, area, columns[area][row])], snapshot)
    run(round_)
    round_.writer.stop()
    assert closed(round_) == expected


def test_a_header_that_is_not_there_to_write_below_is_told_before_anything_is_written(
    round_: OpenRound,
) -> None:
    expected = everyone_answers(round_)
    round_.writer.start()
    snapshot = round_.workbook.fresh(f"svar-{ROUND}", ["Svar"])
    column = [values[0] for values in snapshot.sheets["Svar"].columns].index("U3")
    round_.workbook.write(f"svar-{ROUND}", [CellChange("Svar", 1, column, "U 3")], snapshot)

    with pytest.raises(ClosingTrouble, match="Rubriken U3 saknas i bladet Svar i svar-2022"):
        run(round_)
    assert len(round_.rows("Deltagande")) == STAFF
    snapshot = round_.workbook.fresh(f"svar-{ROUND}", ["Svar"])
    round_.workbook.write(f"svar-{ROUND}", [CellChange("Svar", 1, column, "U3")], snapshot)
    run(round_)
    round_.writer.stop()
    assert closed(round_) == expected


def test_a_renamed_header_in_the_inbox_leaves_no_key_behind_unnoticed(round_: OpenRound) -> None:
    everyone_answers(round_)
    round_.writer.start()
    run(round_, until=Step.EMPTY)
    snapshot = round_.workbook.fresh("inkorg", ["Deltagande"])
    round_.workbook.write("inkorg", [CellChange("Deltagande", 1, 1, "Omgången")], snapshot)

    with pytest.raises(SpreadsheetUnreadable, match="Kolumnen Omgång saknas i bladet Deltagande"):
        run(round_)
    snapshot = round_.workbook.fresh("inkorg", ["Deltagande"])
    round_.workbook.write("inkorg", [CellChange("Deltagande", 1, 1, "Omgång")], snapshot)
    run(round_)
    round_.writer.stop()
    assert round_.rows() == round_.rows("Deltagande") == []


def by_hand(round_: OpenRound, status: str) -> None:
    """Somebody writes another status in the sheet."""
    snapshot = round_.workbook.fresh("vebs", ["Omgångar"])
    column = [values[0] for values in snapshot.sheets["Omgångar"].columns].index("Status")
    round_.workbook.write("vebs", [CellChange("Omgångar", 2, column, status)], snapshot)


def test_a_row_that_somebody_changed_meanwhile_stops_it_before_anything_is_destroyed(
    round_: OpenRound,
) -> None:
    everyone_answers(round_)
    round_.write()
    run(round_, until=Step.VERIFY)
    snapshot = round_.workbook.fresh(f"svar-{ROUND}", ["Svar"])
    column = [values[0] for values in snapshot.sheets["Svar"].columns].index("L1")
    old = snapshot.sheets["Svar"].columns[column][1]
    round_.workbook.write(f"svar-{ROUND}", [CellChange("Svar", 2, column, 1 if old != 1 else 2)], snapshot)

    with pytest.raises(ClosingTrouble, match="blev inte som den skulle"):
        run(round_)
    assert len(round_.rows()) >= STAFF
    assert round_.secrets.of(ROUND)


def test_only_the_unit_closes_and_only_an_open_round(round_: OpenRound) -> None:
    with pytest.raises(NotPermitted):
        next(close(office(round_), fresh(round_), visitor("Petra"), ROUND))
    everyone_answers(round_)
    round_.writer.start()
    run(round_)
    by_hand(round_, "Publicerad")
    round_.writer.stop()

    with pytest.raises(ClosingTrouble, match="publicerad"):
        run(round_)


def test_rows_bear_no_key_and_no_order_and_the_same_ids_only_with_the_same_secret() -> None:
    people = [Received(Key(f"{n:064x}"), EKSKOLAN, 1, {"L1": 1 + n % 4}) for n in range(200)]
    again = [*people, Received(people[0].key, EKSKOLAN, 2, {"L1": 4})]

    first = answer_rows(newest(again), b"a" * 32, random.Random(1))
    second = answer_rows(newest(again), b"a" * 32, random.Random(2))
    other = answer_rows(newest(again), b"b" * 32, random.Random(1))

    assert first == second
    assert list(first) != list(second) != sorted(second)
    assert len(first) == len(people)
    assert not set(first) & set(other)
    assert not any(one.key[:12] in str(row) for one in people for row in first.values())
