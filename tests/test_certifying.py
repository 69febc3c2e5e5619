"""Which schools qualify by which rules, who may see it, and what other lines would mean."""

import pytest

from services.certifying import (
    LINES_TO_TRY,
    candidates_by_line,
    level_line,
    simulate,
    standings,
    tipping_point_of,
    verdicts,
)
from services.domain.process import Standing
from services.domain.rules import Status, Sureness
from services.errors import UnknownChoice
from tests.people import (
    BJORKSKOLAN,
    EKSKOLAN,
    QUESTIONS,
    RONNBARSSKOLAN,
    RULES,
    TODAY,
    a_register,
    a_round,
    a_rule,
    a_school,
    an_answer,
    an_application,
    answers,
    visitor,
)


def everyone(level: int, school: str = EKSKOLAN, count: int = 16) -> list:
    """Sixteen of the twenty, which is enough for every rule about how many."""
    return answers(count, school, L=level, U=level)


def mixed(level: float, school: str = EKSKOLAN) -> list:
    """Sixteen persons whose mean is the level, in steps of a sixteenth, in both areas."""
    high = round((level - 2) * 16)
    return [*everyone(3, school, high), *everyone(2, school, 16 - high)]


def statuses(register, version: str | None = None) -> list[Status]:
    return [verdict.status for verdict in verdicts(register, "2021", version)]


def test_a_school_at_the_line_in_every_area_qualifies() -> None:
    assert statuses(a_register(everyone(3))) == [Status.MET, Status.NO_BASIS, Status.NO_BASIS]


def test_a_school_below_the_line_in_one_area_is_not_a_candidate() -> None:
    assert statuses(a_register(answers(16, L=4, U=2)))[0] is Status.NOT_YET


def test_a_school_just_below_the_line_is_near_and_not_a_candidate() -> None:
    register = a_register(mixed(2.9375))  # one of sixteen at 2: 1/16 below the line

    (found, *_) = verdicts(register, "2021")

    assert found.status is Status.NEAR
    assert [finding.reached for finding in found.shortfalls] == [2.9375, 2.9375]
    # One person apart: s = 0.25, SE = 0.25/4 · √(1 − 16/20) = 0.028, and the line is 2.2 SE away.
    assert found.shortfalls[0].sureness is Sureness.UNLIKELY


@pytest.mark.parametrize(("n", "status"), [(13, Status.NOT_YET), (14, Status.MET)])
def test_seven_in_ten_must_have_answered(n: int, status: Status) -> None:
    assert statuses(a_register(everyone(4, count=n)))[0] is status  # of 20


@pytest.mark.parametrize(("n", "status"), [(9, Status.NOT_YET), (10, Status.MET)])
def test_ten_must_have_answered(n: int, status: Status) -> None:
    assert statuses(a_register(everyone(4, count=n), staff=10))[0] is status


def test_a_school_under_the_least_number_has_no_basis_however_good() -> None:
    register = a_register(everyone(4, count=14), rounds=[a_round(least=15)])

    assert statuses(register)[0] is Status.NO_BASIS


@pytest.mark.parametrize("status", ["Planerad", "Öppen", "Stängd"])
def test_nobody_has_a_basis_until_the_round_is_published(status: str) -> None:
    register = a_register(everyone(4), rounds=[a_round(status=status)])

    assert set(statuses(register)) == {Status.NO_BASIS}


def test_another_rules_version_may_say_something_else() -> None:
    register = a_register(everyone(3), rules=[*RULES, a_rule(1, "Medelnivå", "3,1", version="2022")])

    assert statuses(register)[0] is Status.MET
    assert statuses(register, "2022")[0] is Status.NEAR  # 0.1 below


@pytest.mark.parametrize(
    ("round_name", "version", "words"),
    [("2017", None, "Omgången 2017 finns inte"), ("2021", "2017", "Regelversionen 2017 har inga kriterier")],
)
def test_what_does_not_exist_is_said(round_name: str, version: str | None, words: str) -> None:
    with pytest.raises(UnknownChoice, match=words):
        verdicts(a_register(everyone(3)), round_name, version)


def test_by_no_rules_nobody_qualifies() -> None:
    with pytest.raises(UnknownChoice, match=r"Regelversionen \(tom\) har inga kriterier"):
        verdicts(a_register(everyone(4), rounds=[a_round() | {"Regelversion": ""}]), "2021")


@pytest.mark.parametrize("slip", [{"Gräns": "tre"}, {"Mått": "Medelnivån"}, {"Gräns": ""}])
def test_a_slip_of_the_hand_in_the_rules_makes_no_candidates(slip) -> None:
    register = a_register(everyone(4), rules=[RULES[0] | slip, *RULES[1:]])

    assert statuses(register)[0] is Status.NOT_YET


def test_essential_questions_have_a_line_of_their_own() -> None:
    rows = [an_answer(L1=2, L2=4, L3=4, L4=4, U=4)] * 16  # 3.5 in the area, 2 on L1
    rules = [*RULES, a_rule(4, "Lägsta väsentliga fråga", 2.5)]
    essential = [QUESTIONS[0] | {"Väsentlig": "Ja"}, *QUESTIONS[1:]]

    (found, *_) = verdicts(a_register(rows, rules=rules, questions=essential), "2021")

    assert [(finding.criterion.number, finding.area, finding.reached) for finding in found.shortfalls] == [
        (4, 1, 2.0)
    ]
    assert statuses(a_register(rows, rules=rules))[0] is Status.MET  # no question is essential


THREE = [*everyone(3), *everyone(2, BJORKSKOLAN), *everyone(4, RONNBARSSKOLAN)]


@pytest.mark.parametrize(
    ("who", "names"),
    [
        ("Unni", ["Björkskolan", "Ekskolan", "Rönnbärsskolan"]),
        ("Rut", ["Björkskolan", "Ekskolan", "Rönnbärsskolan"]),
        ("Petra", ["Ekskolan"]),
        ("Per", ["Björkskolan", "Rönnbärsskolan"]),
        ("Siri", []),
        ("Nils", []),
    ],
)
def test_a_visitor_sees_the_standing_of_her_schools_by_name(who: str, names: list[str]) -> None:
    found = standings(a_register(THREE), visitor(who), "2021", TODAY)

    assert [one.name for one in found] == names


def test_a_standing_brings_the_figures_and_the_verdict_of_the_same_school() -> None:
    bjork, ek, ronn = standings(a_register(THREE), visitor("Unni"), "2021", TODAY)

    assert [one.figures.area(1).level for one in (bjork, ek, ronn)] == [2.0, 3.0, 4.0]
    assert {one.school == one.figures.school == one.verdict.school for one in (bjork, ek, ronn)} == {True}
    assert [one.standing for one in (bjork, ek, ronn)] == [
        Standing.NOT_YET,
        Standing.CANDIDATE,
        Standing.CANDIDATE,
    ]


def test_an_application_made_under_an_old_code_is_the_schools_own() -> None:
    schools = [
        a_school(),
        a_school(BJORKSKOLAN) | {"Ersatt av": EKSKOLAN},
        a_school(RONNBARSSKOLAN, "Rönnbärsskolan"),
    ]
    register = a_register(THREE, schools=schools, applications=[an_application(BJORKSKOLAN, "Antagen")])

    found = {one.school: one.standing for one in standings(register, visitor("Unni"), "2021", TODAY)}

    assert found[EKSKOLAN] is Standing.PARTICIPANT
    assert found[RONNBARSSKOLAN] is Standing.CANDIDATE


def test_a_certificate_makes_a_school_certified() -> None:
    certificate = {"Certifikat": "C1", "Skolenhetskod": EKSKOLAN, "Läsår": "2020-2021"} | {
        "Beslut": "Certifierad",
        "Datum": "2021-05-18",
        "Giltigt till": "2024-05-18",
    }

    (found,) = standings(a_register(THREE, certificates=[certificate]), visitor("Petra"), "2021", TODAY)

    assert found.standing is Standing.CERTIFIED


def test_moving_a_line_says_who_comes_in_and_who_falls_out() -> None:
    register = a_register([*everyone(3), *mixed(2.9375, BJORKSKOLAN), *everyone(4, RONNBARSSKOLAN)])

    lower, higher, unmoved = (simulate(register, "2021", lines) for lines in ({1: 2.9}, {1: 3.5}, {}))

    assert (lower.entering, lower.leaving) == ((BJORKSKOLAN,), ())
    assert (higher.entering, higher.leaving) == ((), (EKSKOLAN,))
    assert higher.qualified == (RONNBARSSKOLAN,)
    assert (unmoved.entering, unmoved.leaving, unmoved.qualified) == ((), (), (EKSKOLAN, RONNBARSSKOLAN))


def test_a_simulation_changes_nothing() -> None:
    register = a_register(THREE)
    before, criteria = verdicts(register, "2021"), register.criteria["2021"]

    simulate(register, "2021", {1: 4.0, 2: 1.0, 3: 99})

    assert verdicts(register, "2021") is before
    assert register.criteria["2021"] is criteria
    assert [criterion.line for criterion in criteria] == [3.0, 0.7, 10.0]


def test_the_higher_the_line_the_fewer_candidates() -> None:
    register = a_register([*everyone(3), *mixed(2.5, BJORKSKOLAN), *everyone(4, RONNBARSSKOLAN)])

    found = dict(candidates_by_line(register, "2021", 1))

    assert tuple(found) == LINES_TO_TRY
    assert (found[2.4], found[2.5], found[2.55], found[3.0], found[3.05], found[3.6]) == (3, 3, 2, 2, 1, 1)


@pytest.mark.parametrize(
    ("rules", "lines"),
    [
        (RULES, [3.0, 3.0]),
        ([a_rule(1, "Medelnivå", 3), a_rule(2, "Medelnivå", "3,2", 2)], [3.0, 3.2]),
        ([a_rule(1, "Medelnivå", 3, 1)], [3.0, None]),
        ([a_rule(1, "Antal svar", 10)], [None, None]),
    ],
)
def test_the_line_drawn_in_an_area_is_the_highest_that_applies(rules, lines) -> None:
    register = a_register(rules=rules)

    assert [level_line(register, "2021", area) for area in (1, 2)] == lines


def test_those_who_did_not_answer_can_tip_a_finding_only_from_within_the_scale() -> None:
    (above, *_) = verdicts(a_register(mixed(2.9375)), "2021")
    below = above.findings[0]
    # N(m - T)/(N - n) = 20 * (2.9375 - 3) / (20 - 16) = -0.3125: a third of a level higher would do.
    tip = tipping_point_of(below)
    assert tip is not None
    assert tip.apart == pytest.approx(0.3125)
    assert tip.possible

    (far, *_) = verdicts(a_register(everyone(4)), "2021")
    # 20 * (4 - 3) / 4 = 5 levels lower than 4 is nowhere on the scale.
    tip = tipping_point_of(far.findings[0])
    assert tip is not None
    assert tip.apart == pytest.approx(5)
    assert not tip.possible
    assert tipping_point_of(far.findings[-1]) is None, "a count has no such point"
