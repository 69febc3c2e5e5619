"""Headers find their questions: surely by the same words, as a proposal where they are nearly the same."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.forms.export import read_export
from services.forms.matching import Decided, How, Match, match_columns, missing_questions
from services.forms.schools import Schools
from services.register import Register
from services.workbook.memory import MemoryWorkbook
from tests.forms.exports import FIRST_MORNING, IDS, STATEMENTS, a_town, as_csv, swedish_time
from tests.forms.test_wording import mangled
from tests.people import read

NOTHING = Decided({}, {})
TOWN = read(MemoryWorkbook(a_town()))


def matched(
    headers: list[str], cells: list[object] | None = None, decided: Decided = NOTHING, town: Register = TOWN
) -> tuple[Match, ...]:
    """The columns of an export with one row, of 3 where nothing else is said."""
    row = [swedish_time(FIRST_MORNING), *(cells or ["3"] * len(headers))]
    export = read_export(as_csv([["Tidstämpel", *headers], row]), "svar.csv")
    return match_columns(export, town.questions_in("2021"), Schools(town, "2021"), decided)


def only(header: str, cell: object = "3", decided: Decided = NOTHING) -> Match:
    (match,) = matched([header], [cell], decided)
    return match


@pytest.mark.parametrize(
    "header",
    [
        "{}",
        " {} ",
        "L3. {}",
        "L3 {}",
        "3. {}",
        "3) {}",
        "Fråga 3: {}",
        "L3 – {}",
        "Ledarskap [{}]",
        "A [x] [3. {}]",
        "L3",
    ],
)
def test_a_header_with_the_questions_words_is_that_question(header: str) -> None:
    match = only(header.format(STATEMENTS["L3"]))

    assert (match.target, match.how, match.is_sure) == ("L3", How.SAME_WORDS, True)


@given(st.sampled_from(IDS), st.booleans(), st.randoms(use_true_random=False))
def test_mangled_headers_are_as_sure(id_: str, is_grid: bool, chance: random.Random) -> None:
    header = mangled(STATEMENTS[id_], chance)

    assert only(f"Delområde [{header}]" if is_grid else header).target == id_


def test_a_renamed_question_is_a_proposal_with_how_alike_it_is() -> None:
    match = only("Skolans plan för digitalisering är aktuell och välkänd av personalen.")

    assert (match.target, match.how, match.is_sure) == ("L2", How.PROPOSED, False)
    assert match.likeness is not None and 0.75 < match.likeness < 1


def test_the_number_of_one_question_with_the_words_of_another_is_not_sure() -> None:
    match = only(f"L2. {STATEMENTS['L3']}")

    assert (match.target, match.how) == ("L3", How.PROPOSED)


def test_two_renamed_headers_never_become_the_same_question() -> None:
    first, second = matched([f"{STATEMENTS['L2'][:-1]} nu", f"{STATEMENTS['L2'][:-1]} idag"])

    assert sorted([first.target, second.target]) == ["", "L2"]


def test_a_question_that_is_there_already_is_not_proposed() -> None:
    same, near = matched([STATEMENTS["L2"], f"{STATEMENTS['L2'][:-1]} nu"])

    assert (same.target, near.target, near.how) == ("L2", "", How.UNKNOWN)


def test_a_header_as_near_to_two_questions_is_nobodys() -> None:
    town = read(MemoryWorkbook(a_town(questions=[*_twins()])))

    (match,) = matched(["Vi planerar våra lektioner väl"], town=town)

    assert (match.target, match.how) == ("", How.UNKNOWN)


def _twins() -> list[dict]:
    from tests.people import a_question

    return [
        {**a_question("L1"), "Påstående": "Vi planerar våra lektioner väl i ettan"},
        {**a_question("L2"), "Påstående": "Vi planerar våra lektioner väl i tvåan"},
    ]


def test_statements_that_two_questions_share_are_nobodys() -> None:
    from tests.people import a_question

    same = [{**a_question(id_), "Påstående": "Vi planerar"} for id_ in ("L1", "L2")]
    (match,) = matched(["Vi planerar"], town=read(MemoryWorkbook(a_town(questions=same))))

    assert not match.is_sure


def test_a_question_that_is_not_asked_in_the_round_is_not_matched() -> None:
    from tests.people import a_question

    questions = [a_question("L1"), {**a_question("L9", "2022"), "Påstående": "Något nytt"}]
    (match,) = matched(["Något nytt"], town=read(MemoryWorkbook(a_town(questions=questions))))

    assert match.target == ""


def test_what_a_form_adds_and_comments_are_left_out() -> None:
    email, comment, score = matched(
        ["E-postadress", "Något mer du vill säga?", "Poäng"], ["p@example.se", "Tack!", "0 / 0"]
    )

    assert {email.target, comment.target, score.target} == {"-"}
    assert (email.how, comment.how) == (How.OF_THE_FORM, How.NO_LEVELS)


def test_a_column_of_levels_that_nobody_knows_is_asked_about() -> None:
    match = only("Hur nöjd är du med lunchen?")

    assert (match.target, match.how, match.is_sure) == ("", How.UNKNOWN, False)


def test_a_renamed_question_is_asked_about_even_if_its_answers_are_unreadable() -> None:
    assert only(f"{STATEMENTS['L2'][:-1]} nu", "Instämmer").how is How.PROPOSED


@pytest.mark.parametrize("header", ["Skola", "School", " VILKEN SKOLA ARBETAR DU PÅ? ", "Skolenhetskod"])
def test_the_school_is_known_by_its_usual_headers(header: str) -> None:
    assert only(header, "Ekskolan").target == "Skola"


def test_the_school_is_proposed_by_what_stands_in_the_column() -> None:
    match = only("Var håller du hus?", "ekskolan")

    assert (match.target, match.how) == ("Skola", How.PROPOSED)


def test_what_is_confirmed_now_goes_before_everything_and_what_was_before_only_fills_in() -> None:
    now = Decided({"lunchen": "L1"}, {"lunchen": "L2"})

    assert (only("Lunchen", decided=now).target, only("Lunchen", decided=now).how) == ("L1", How.CONFIRMED)
    assert only("Lunchen", decided=Decided({}, {"lunchen": "L2"})).how is How.REMEMBERED
    assert (
        only(STATEMENTS["L1"], decided=Decided({}, {STATEMENTS["L1"].casefold()[:-1]: "L2"})).target == "L1"
    )
    assert only("Lunchen", decided=Decided({}, {"lunchen": "L99"})).how is How.UNKNOWN


def test_questions_that_no_column_asks_are_named() -> None:
    questions = TOWN.questions_in("2021")

    missing = missing_questions(questions, matched([STATEMENTS[id_] for id_ in IDS if id_ != "U3"]))

    assert [question.id for question in missing] == ["U3"]
