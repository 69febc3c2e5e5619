"""Judging a school on figures that may be shown: what meets a line, what is near, what has no basis."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.domain.figures import AreaFigure, CityFigures, QuestionFigure, RoundFigures, SchoolFigures
from services.domain.question import Area, Question
from services.domain.round import Round, RoundStatus
from services.domain.rules import Criterion, Finding, Measure, Status, Sureness, Verdict, judge
from tests.people import EKSKOLAN

AREAS = (Area(1, "Ledarskap och planering"), Area(2, "Digitala verktyg i undervisningen"))


def a_criterion(
    measure: Measure | None = Measure.LEVEL,
    line: float | None = 3.0,
    area: int | None = None,
    number: int = 1,
) -> Criterion:
    return Criterion("2021", number, measure, area, line)


def a_finding(
    reached: float | None,
    required: float | None = 3.0,
    se: float | None = 0.02,
    measure: Measure | None = Measure.LEVEL,
) -> Finding:
    return Finding(a_criterion(measure, required), 1, reached, 20, 30, se)


def a_level(area: int, level: float | None, se: float | None = 0.02, share: float = 0.5) -> AreaFigure:
    return AreaFigure(area, 20, level, se, None if level is None else share)


def a_mean(question: str, mean: float | None) -> QuestionFigure:
    return QuestionFigure(question, 20, mean, 0.1, None, None)


def a_school(*figures: AreaFigure | QuestionFigure, n: int = 20, staff: int | None = 25) -> SchoolFigures:
    areas = tuple(figure for figure in figures if isinstance(figure, AreaFigure))
    questions = tuple(figure for figure in figures if isinstance(figure, QuestionFigure))
    return SchoolFigures(EKSKOLAN, n, staff, True, areas, questions)


def verdict(
    school: SchoolFigures, *criteria: Criterion, essential: tuple[str, ...] = (), chance=lambda *_: 0.5
) -> Verdict:
    questions = tuple(
        Question(id_, 1 if id_[0] == "L" else 2, "", essential=id_ in essential) for id_ in ("L1", "L2", "U1")
    )
    nothing = CityFigures(0, 0, ())
    round_ = Round("2021", RoundStatus.PUBLISHED)
    return judge(RoundFigures(round_, AREAS, questions, (school,), nothing), school, criteria, chance)


@pytest.mark.parametrize(
    ("reached", "met"), [(3.0, True), (2.9999999999, True), (2.99999999, False), (2.96, False), (3.2, True)]
)
def test_a_line_is_met_at_the_line_unrounded(reached: float, met: bool) -> None:
    assert a_finding(reached).met is met


@pytest.mark.parametrize(("reached", "required"), [(None, 3.0), (4.0, None), (None, None)])
def test_without_a_figure_or_a_line_nothing_is_met_and_there_is_no_distance(reached, required) -> None:
    finding = a_finding(reached, required)

    assert (finding.met, finding.distance, finding.is_near) == (False, None, False)


@pytest.mark.parametrize(
    ("reached", "se", "is_near"),
    [
        (2.9, 0.02, True),  # 0.1 from the line
        (2.89, 0.02, False),  # 0.11 from the line, and the standard error is smaller
        (2.89, 0.12, True),  # within the standard error
        (2.87, 0.12, False),
        (2.9, None, True),  # no standard error is none
        (3.0, 0.02, False),  # met is not near
    ],
)
def test_near_is_within_a_tenth_or_within_the_standard_error(reached, se, is_near) -> None:
    assert a_finding(reached, 3.0, se).is_near is is_near


@pytest.mark.parametrize(
    ("measure", "is_near"),
    [
        (Measure.LEVEL, True),
        (Measure.LOWEST_ESSENTIAL, True),
        (Measure.SHARE_SECURE, False),
        (Measure.RESPONSE_RATE, False),
        (Measure.ANSWERS, False),
        (None, False),
    ],
)
def test_only_a_level_can_be_near(measure, is_near) -> None:
    assert a_finding(0.65, 0.7, measure=measure).is_near is is_near


@given(st.floats(1, 4), st.floats(1, 4), st.none() | st.floats(0, 1))
def test_a_finding_is_never_both_met_and_near_and_its_distance_says_which_side(reached, line, se) -> None:
    finding = a_finding(reached, line, se)

    assert not (finding.met and finding.is_near)
    assert finding.met is (finding.distance >= -1e-9)


@given(st.floats(1, 4), st.floats(1, 4), st.floats(0, 1))
def test_a_lowered_line_never_costs_a_school_its_place(reached, line, lower_by) -> None:
    assert a_finding(reached, line - lower_by).met or not a_finding(reached, line).met


@pytest.mark.parametrize(
    ("findings", "status"),
    [
        ([a_finding(3.0), a_finding(3.4)], Status.MET),
        ([a_finding(2.95), a_finding(3.4)], Status.NEAR),
        ([a_finding(2.95), a_finding(2.92)], Status.NEAR),
        ([a_finding(2.95), a_finding(2.5)], Status.NOT_YET),
        ([a_finding(2.95), a_finding(0.6, 0.7, None, Measure.RESPONSE_RATE)], Status.NOT_YET),
        ([a_finding(None), a_finding(3.4)], Status.NOT_YET),
        ([], Status.NO_BASIS),
    ],
)
def test_a_verdict_is_the_worst_of_its_findings(findings, status) -> None:
    assert Verdict(EKSKOLAN, tuple(findings)).status is status


def test_a_school_below_the_line_in_one_area_is_not_a_candidate_and_that_area_is_named() -> None:
    found = verdict(a_school(a_level(1, 3.4), a_level(2, 2.5)), a_criterion())

    assert found.status is Status.NOT_YET
    assert [(finding.area, finding.reached, finding.required) for finding in found.shortfalls] == [
        (2, 2.5, 3.0)
    ]


def test_a_school_that_may_not_be_shown_has_no_basis_and_no_finding() -> None:
    found = verdict(SchoolFigures(EKSKOLAN, 4, 25, False), a_criterion(), a_criterion(Measure.ANSWERS, 1.0))

    assert (found.findings, found.status) == ((), Status.NO_BASIS)


def test_a_rule_for_all_areas_makes_a_finding_in_each_in_their_order() -> None:
    found = verdict(a_school(a_level(2, 3.1), a_level(1, 3.4)), a_criterion())

    assert [(finding.area, finding.reached) for finding in found.findings] == [(1, 3.4), (2, 3.1)]


def test_a_rule_for_one_area_says_nothing_of_the_others() -> None:
    found = verdict(a_school(a_level(1, 1.0), a_level(2, 3.1)), a_criterion(area=2))

    assert [(finding.area, finding.met) for finding in found.findings] == [(2, True)]


def test_findings_stand_in_the_order_of_the_rules_numbers() -> None:
    criteria = (a_criterion(number=7), a_criterion(Measure.ANSWERS, 10.0, number=2))

    found = verdict(a_school(a_level(1, 3.0), a_level(2, 3.0)), *criteria)

    assert [finding.criterion.number for finding in found.findings] == [2, 7, 7]


def test_answers_and_response_rate_are_judged_once_for_the_school() -> None:
    rate, count = a_criterion(Measure.RESPONSE_RATE, 0.7), a_criterion(Measure.ANSWERS, 21.0)

    found = verdict(a_school(n=20, staff=25), rate, count)

    # 20 of 25 is 0.8 of the staff; 20 is under 21.
    assert [(finding.area, finding.reached, finding.met) for finding in found.findings] == [
        (None, 0.8, True),
        (None, 20.0, False),
    ]


def test_without_known_staff_a_response_rate_is_not_met() -> None:
    found = verdict(a_school(staff=None), a_criterion(Measure.RESPONSE_RATE, 0.0))

    assert [(finding.reached, finding.met) for finding in found.findings] == [(None, False)]


def test_an_area_without_a_figure_is_not_met() -> None:
    found = verdict(a_school(a_level(1, 3.4), a_level(2, None)), a_criterion())

    assert [(finding.area, finding.met) for finding in found.findings] == [(1, True), (2, False)]
    assert found.status is Status.NOT_YET


def test_the_share_at_least_secure_is_held_against_its_line() -> None:
    school = a_school(a_level(1, 2.0, share=0.75), a_level(2, 4.0, share=0.74))

    found = verdict(school, a_criterion(Measure.SHARE_SECURE, 0.75))

    assert [(finding.reached, finding.met) for finding in found.findings] == [(0.75, True), (0.74, False)]


@pytest.mark.parametrize("criterion", [a_criterion(None), a_criterion(line=None)])
def test_a_rule_that_can_not_be_read_makes_no_candidates(criterion: Criterion) -> None:
    found = verdict(a_school(a_level(1, 4.0), a_level(2, 4.0)), criterion)

    assert [finding.met for finding in found.findings] == [False, False]


def test_the_lowest_essential_question_is_the_one_that_counts() -> None:
    school = a_school(
        a_level(1, 3.0), a_level(2, 3.0), a_mean("L1", 2.9), a_mean("L2", 2.4), a_mean("U1", 1.0)
    )

    found = verdict(school, a_criterion(Measure.LOWEST_ESSENTIAL, 2.5), essential=("L1", "L2"))

    # U1 is not essential, so area 2 has none and makes no finding.
    assert [(finding.area, finding.reached, finding.met) for finding in found.findings] == [(1, 2.4, False)]


@pytest.mark.parametrize(
    "figures",
    [
        (a_level(1, 3.0),),  # too few answers for single questions
        (a_level(1, 3.0), a_mean("L1", 2.9)),  # one essential question has no figure
        (a_level(1, 3.0), a_mean("L1", 2.9), a_mean("L2", None)),
        (a_level(1, None), a_mean("L1", 2.9), a_mean("L2", 2.9)),  # the area may not be shown
    ],
)
def test_without_a_figure_for_every_essential_question_the_rule_is_not_met(figures) -> None:
    found = verdict(a_school(*figures), a_criterion(Measure.LOWEST_ESSENTIAL, 1.0, 1), essential=("L1", "L2"))

    assert [(finding.reached, finding.met) for finding in found.findings] == [(None, False)]


@pytest.mark.parametrize(
    ("chance", "words"),
    [
        (1.0, "mycket säkert"),
        (0.95, "mycket säkert"),
        (0.9499, "troligt"),
        (0.80, "troligt"),
        (0.7999, "går inte att avgöra"),
        (0.2001, "går inte att avgöra"),
        (0.20, "troligen inte"),
        (0.0, "troligen inte"),
    ],
)
def test_a_chance_is_told_in_words(chance: float, words: str) -> None:
    assert Sureness.of_chance(chance) == words


def test_how_sure_a_level_is_comes_from_its_mean_its_error_its_line_and_its_persons() -> None:
    asked = []

    def chance(*about: float) -> float:
        asked.append(about)
        return 0.9

    found = verdict(a_school(a_level(1, 3.2, se=0.1)), a_criterion(area=1), chance=chance)

    assert asked == [(3.2, 0.1, 3.0, 20)]
    assert found.findings[0].sureness is Sureness.LIKELY


def test_nothing_is_said_of_how_sure_a_figure_without_an_error_is() -> None:
    found = verdict(a_school(a_level(1, 3.2, se=None)), a_criterion(area=1))

    assert [finding.sureness for finding in found.findings] == [None]
