"""Nothing hidden can be learned from the services, by reading or by reckoning.

Most claims are put as two towns that differ only in what must stay hidden: whoever reads everything the
services tell must not be able to tell them apart. Each has a control, where one person more stands
behind the figure and the difference shows, so that the reader is known not to be blind.
"""

import numpy as np
import pytest

from services import certifying
from services.domain.access import Deed, Page
from services.domain.school import SchoolCode
from services.errors import NotPermitted
from services.exporting import candidates_object, results_object
from services.overview import school_rows
from services.profile import profile
from services.publishing import round_figures
from services.register import Register
from tests.attacks.channels import TODAY, plain, told_apart, visitors
from tests.attacks.towns import (
    ROUND,
    TWO_AREAS,
    A,
    Ask,
    B,
    C,
    D,
    E,
    F,
    Levels,
    Town,
    blank,
    few_in_area_2,
    mixed,
    same,
    usual,
)

HIDDEN_PAIR = (lambda n: same(n, 1), lambda n: same(n, 4))


def this_year(**others: Levels) -> dict[str, dict[str, Levels]]:
    """The usual three schools in two rounds, and others in both."""
    return {"2020": usual(**others), ROUND: usual(**others)}


def area_level(register: Register, school: str, area: int) -> float | None:
    found = round_figures(register, ROUND).school(SchoolCode(school))
    figure = found.area(area) if found else None
    return figure.level if figure else None


# --- Rounds that are not published -------------------------------------------------------------------


@pytest.mark.parametrize("status", ["Planerad", "Öppen", "Stängd", None])
def test_before_publishing_no_answer_changes_anything_that_is_told(status: str | None) -> None:
    low, high = (
        Town({"2020": usual(), ROUND: dict.fromkeys((A, B, C, D), answers)}, status={ROUND: status})
        for answers in (same(12, 1), same(12, 4))
    )
    assert told_apart(low.register(), high.register()) == []


def test_publishing_is_what_makes_the_difference() -> None:
    low, high = (Town({ROUND: dict.fromkeys((A, B, C, D), same(12, level))}) for level in (1, 4))
    channels = told_apart(low.register(), high.register())
    assert {f"results --json {ROUND}", f"simulator {ROUND}", "histories"} <= set(channels)


@pytest.mark.parametrize("status", ["Öppen", "Stängd"])
def test_before_publishing_participation_is_all_there_is(status: str) -> None:
    town = Town({ROUND: usual(D=same(3, 4))}, status={ROUND: status}, staff={D: 9})
    told = results_object(town.register(), ROUND)
    assert [(one["code"], one["n"], one["staff"]) for one in told["schools"]] == [
        (A, 25, 40),
        (B, 30, 40),
        (C, 22, 40),
        (D, 3, 9),
    ]
    assert all(one["areas"] == [] and not one["shown"] for one in told["schools"])
    assert [area["level_staff"] for area in told["city"]["areas"]] == [None, None]
    verdicts = candidates_object(town.register(), ROUND)["schools"]
    assert {one["status"] for one in verdicts} == {"no_basis"}
    assert all(one["findings"] == [] for one in verdicts)


# --- Schools with too few answers --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("least", "answers"), [(5, 4), (5, 1), (8, 7), (None, 4), ("1", 4), (0, 4), ("fem", 4)]
)
def test_a_school_with_too_few_answers_leaves_no_trace(least: int | str | None, answers: int) -> None:
    low, high = (Town(this_year(D=make(answers)), least=least).register() for make in HIDDEN_PAIR)
    assert told_apart(low, high) == []


def test_with_one_answer_more_the_school_shows() -> None:
    low, high = (Town(this_year(D=make(5))).register() for make in HIDDEN_PAIR)
    assert f"results --json {ROUND}" in told_apart(low, high)


def test_a_hidden_school_cannot_be_solved_from_the_citys_figures() -> None:
    told = results_object(Town({ROUND: usual(D=same(4, 4), E=same(4, 1))}).register(), ROUND)
    city = told["city"]["areas"][0]
    shown = [one for one in told["schools"] if one["shown"]]
    levels = np.array([one["areas"][0]["level"] for one in shown])
    staff = np.array([one["staff"] for one in shown], float)
    # With every school in the sum, what D and E would have to weigh in with:
    everyone = sum(one["staff"] for one in told["schools"])
    left_over = city["level_staff"] * everyone - (staff * levels).sum()
    assert left_over / (everyone - staff.sum()) == pytest.approx(city["level_staff"])
    # and with the shown ones alone nothing is left over, in any of the city's figures.
    assert city["level_staff"] == pytest.approx((staff * levels).sum() / staff.sum(), abs=1e-12)
    assert city["level_school"] == pytest.approx(levels.mean(), abs=1e-12)
    assert city["spread_sd"] == pytest.approx(levels.std(ddof=1), abs=1e-12)


def test_no_city_figure_depends_on_a_hidden_school_at_all() -> None:
    with_hidden = Town({ROUND: usual(D=same(4, 4))}).register()
    without = Town({ROUND: usual()}).register()
    one, other = (round_figures(register, ROUND).city for register in (with_hidden, without))
    assert (one.areas, one.questions, one.shown) == (other.areas, other.questions, other.shown)
    assert (one.left_out, other.left_out) == (1, 0)


def test_a_hidden_school_says_nothing_of_itself() -> None:
    register = Town({ROUND: usual(D=same(4, 4))}).register()
    told = next(one for one in results_object(register, ROUND)["schools"] if one["code"] == D)
    assert (told["n"], told["shown"], told["areas"]) == (4, False, [])
    verdict = next(one for one in candidates_object(register, ROUND)["schools"] if one["code"] == D)
    assert (verdict["status"], verdict["findings"]) == ("no_basis", [])


# --- Areas and questions with too few persons --------------------------------------------------------


def test_an_area_with_too_few_persons_leaves_no_trace() -> None:
    low, high = (Town(this_year(D=few_in_area_2(level))).register() for level in (1, 4))
    assert area_level(low, D, 1) is not None
    assert told_apart(low, high) == []


def test_with_one_person_more_the_area_shows() -> None:
    low, high = (Town(this_year(D=few_in_area_2(level, 5))).register() for level in (1, 4))
    assert f"results --json {ROUND}" in told_apart(low, high)


def test_the_only_question_of_an_area_hides_with_it() -> None:
    bank = (*TWO_AREAS[:4], Ask("U1", 2, essential=True))
    pair = [blank(mixed(12, 7, 5), range(4, 12), [4]) for _ in range(2)]
    for rows, level in zip(pair, (1, 4), strict=True):
        rows[:4] = [[*row[:4], level] for row in rows[:4]]
    shown = {code: mixed(20, seed, 5) for seed, code in enumerate((A, B, C))}
    low, high = (Town({ROUND: {**shown, D: rows}}, bank).register() for rows in pair)
    assert told_apart(low, high) == []


def test_a_question_with_too_few_persons_has_no_figure_and_weighs_nothing_in_the_city() -> None:
    few = blank(mixed(12, 7), range(4, 12), [3])
    register = Town({ROUND: usual(D=few)}).register()
    figures = round_figures(register, ROUND)
    question = figures.school(SchoolCode(D)).question("L4")  # type: ignore[union-attr]
    assert question is not None and question.n == 4
    assert (question.mean, question.se, question.shares, question.unable) == (None, None, None, None)
    without = round_figures(Town({ROUND: usual()}).register(), ROUND)
    assert figures.city.question("L4") == without.city.question("L4")


# --- The simulator as an oracle ----------------------------------------------------------------------


def _bisected(register: Register, school: str, number: int, low: float, high: float) -> float | None:
    """The figure behind a criterion, found by moving its line with all the others out of the way."""
    away = dict.fromkeys((one.number for one in register.rules("2021")), -1e9)

    def qualifies(line: float) -> bool:
        return school in certifying.simulate(register, ROUND, {**away, number: line}).qualified

    if not qualifies(low):
        return None
    while high - low > 1e-7:
        middle = (low + high) / 2
        low, high = (middle, high) if qualifies(middle) else (low, middle)
    return low


def test_moving_lines_finds_only_what_is_shown() -> None:
    """The attack works: it finds the lowest area of B. It finds nothing of D, E or F."""
    rows = {"D": same(4, 4), "E": few_in_area_2(4), "F": mixed(9, 5, low=3)}
    register = Town({ROUND: usual(**rows)}).register()
    lowest = min(area_level(register, B, area) or 0.0 for area in (1, 2))
    assert _bisected(register, B, 1, -1e6, 5.0) == pytest.approx(lowest, abs=1e-6)
    for number in range(1, 6):
        assert _bisected(register, D, number, -1e6, 100.0) is None
    for number in (1, 2, 3):  # E has no figure in area 2, so it never qualifies
        assert _bisected(register, E, number, -1e6, 100.0) is None
    assert _bisected(register, F, 3, -1e6, 100.0) is None, "of nine persons single questions are not shown"


def test_the_simulator_is_for_those_who_see_every_school() -> None:
    people = visitors(Town({ROUND: usual()}).register())
    may = {who for who, visitor in people.items() if visitor.may(Deed.SIMULATE)}
    assert may == {"unni", "rut"}
    assert all(people[who].may(Deed.SEE_ALL_SCHOOLS) for who in may)


# --- Principals, staff and strangers -----------------------------------------------------------------


@pytest.mark.parametrize(("who", "hers"), [("petra", {A}), ("per", {B, C}), ("siri", set()), ("nils", set())])
def test_nobody_is_shown_a_school_that_is_not_hers(who: str, hers: set[str]) -> None:
    register = Town(this_year(D=same(4, 4))).register()
    visitor = visitors(register)[who]
    refusals = set()
    for code in (*register.schools, "99999999", ""):
        if code in hers:
            assert profile(register, visitor, ROUND, SchoolCode(code)).school == code
            continue
        with pytest.raises(NotPermitted) as refused:
            profile(register, visitor, ROUND, SchoolCode(code))
        refusals.add(str(refused.value))
    assert len(refusals) == 1, "a school that is hidden, or does not exist, is refused in the same words"
    assert {one.school for one in certifying.standings(register, visitor, ROUND, TODAY)} == hers
    assert {one.school for one in school_rows(register, visitor, ROUND)} == hers


@pytest.mark.parametrize("who", ["petra", "per"])
def test_the_city_does_not_tell_a_principal_of_the_only_other_school(who: str) -> None:
    others = {"petra": {A: mixed(25, 1)}, "per": {B: mixed(30, 2), C: mixed(22, 3)}}[who]
    worlds = [Town({ROUND: {**others, D: same(20, level), E: same(4, 2)}}).register() for level in (1, 4)]
    mine = A if who == "petra" else B
    one, other = (plain(profile(world, visitors(world)[who], ROUND, SchoolCode(mine))) for world in worlds)
    assert one == other
    assert [area["city"] for area in one["areas"]] == [None, None]


def test_with_two_other_schools_the_city_is_shown_and_leaves_two_unknowns() -> None:
    register = Town({ROUND: {A: mixed(25, 1), D: same(20, 1), E: same(20, 4)}}).register()
    found = profile(register, visitors(register)["petra"], ROUND, SchoolCode(A))
    cities = [one.city.level_staff for one in found.areas if one.city]
    levels = [one.school.level for one in found.areas if one.school.level]
    left = [(3 * city - level) / 2 for city, level in zip(cities, levels, strict=True)]
    assert left == pytest.approx([2.5, 2.5]), "what is left is the two together: neither 1 nor 4"


def test_the_unit_sees_the_city_however_few_stand_behind_it() -> None:
    register = Town({ROUND: {A: mixed(25, 1), D: same(20, 4)}}).register()
    found = profile(register, visitors(register)["unni"], ROUND, SchoolCode(A))
    assert all(one.city is not None and one.city.schools == 2 for one in found.areas)


def test_staff_and_strangers_may_open_no_page_with_figures() -> None:
    without_figures = {Page.START, Page.ABOUT, Page.ANSWER}
    people = visitors(Town({ROUND: usual()}).register())
    for who in ("siri", "nils", "nobody"):
        assert {page for page in Page if people[who].may_open(page)} - {Page.TALK} == without_figures
        assert not any(people[who].may(deed) for deed in Deed)
