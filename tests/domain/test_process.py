"""Where a school stands follows from its verdict, its applications and its certificates."""

import datetime as dt

import pytest

from services.domain.process import (
    Application,
    ApplicationStatus,
    Certificate,
    Decision,
    Standing,
    standing,
)
from services.domain.rules import Status
from tests.people import EKSKOLAN, TODAY

A_DAY = dt.timedelta(days=1)


def an_application(status: str | None, year: str = "2021-2022") -> Application:
    return Application("A1", "2021", EKSKOLAN, year, ApplicationStatus(status) if status else None)


def a_certificate(
    decision: str | None,
    year: str = "2021-2022",
    date: dt.date | None = dt.date(2022, 5, 18),
    valid_to: dt.date | None = None,
) -> Certificate:
    return Certificate("C1", EKSKOLAN, year, Decision(decision) if decision else None, date, valid_to)


def where(verdict: Status = Status.MET, *facts: Application | Certificate) -> Standing:
    applications = (fact for fact in facts if isinstance(fact, Application))
    certificates = (fact for fact in facts if isinstance(fact, Certificate))
    return standing(verdict, applications, certificates, TODAY)


@pytest.mark.parametrize("verdict", [Status.NEAR, Status.NOT_YET, Status.NO_BASIS])
def test_a_school_that_does_not_qualify_is_not_yet_a_candidate(verdict: Status) -> None:
    assert where(verdict) is Standing.NOT_YET


def test_a_school_that_qualifies_is_a_candidate() -> None:
    assert where(Status.MET) is Standing.CANDIDATE


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("Inskickad", Standing.APPLICANT),
        ("Antagen", Standing.PARTICIPANT),
        ("Avslagen", Standing.CANDIDATE),
        ("Återtagen", Standing.CANDIDATE),
        (None, Standing.CANDIDATE),
    ],
)
def test_an_application_moves_a_candidate_only_while_it_stands(status, expected) -> None:
    assert where(Status.MET, an_application(status)) is expected


def test_an_admitted_school_stays_a_participant_though_its_figures_fall() -> None:
    assert where(Status.NOT_YET, an_application("Antagen")) is Standing.PARTICIPANT


def test_an_admission_counts_before_another_application() -> None:
    applications = [an_application("Inskickad", "2022-2023"), an_application("Antagen")]

    assert where(Status.MET, *applications) is Standing.PARTICIPANT


@pytest.mark.parametrize("decision", ["Certifierad", "Förnyad"])
def test_a_certified_school_is_certified_whatever_its_figures(decision: str) -> None:
    assert where(Status.NOT_YET, an_application("Antagen"), a_certificate(decision)) is Standing.CERTIFIED


@pytest.mark.parametrize(
    ("valid_to", "expected"),
    [(TODAY, Standing.CERTIFIED), (TODAY - A_DAY, Standing.RENEWAL_DUE), (None, Standing.CERTIFIED)],
)
def test_a_certificate_holds_through_its_last_day(valid_to, expected) -> None:
    assert where(Status.MET, a_certificate("Certifierad", valid_to=valid_to)) is expected


def test_a_revoked_certificate_outweighs_the_one_before_it() -> None:
    given, taken = (
        a_certificate("Certifierad", date=dt.date(2021, 5, 1)),
        a_certificate("Återkallad", date=dt.date(2021, 9, 1)),
    )

    assert where(Status.MET, given, taken) is where(Status.MET, taken, given) is Standing.REVOKED


def test_a_renewal_outweighs_a_revocation_before_it() -> None:
    taken, given = (
        a_certificate("Återkallad", date=dt.date(2021, 5, 1)),
        a_certificate("Förnyad", date=dt.date(2021, 9, 1)),
    )

    assert where(Status.MET, given, taken) is Standing.CERTIFIED


def test_a_school_that_was_not_certified_no_longer_takes_part_in_that_year() -> None:
    assert where(Status.MET, an_application("Antagen"), a_certificate("Ej certifierad")) is Standing.CANDIDATE


def test_every_year_with_a_decision_is_over_and_not_only_the_last() -> None:
    facts = (
        an_application("Antagen", "2020-2021"),
        a_certificate("Ej certifierad", "2020-2021", dt.date(2021, 5, 1)),
        an_application("Antagen", "2021-2022"),
        a_certificate("Ej certifierad", "2021-2022", dt.date(2022, 5, 1)),
    )

    assert where(Status.NOT_YET, *facts) is Standing.NOT_YET


def test_a_school_that_was_not_certified_may_take_part_again() -> None:
    before = a_certificate("Ej certifierad", "2020-2021", dt.date(2021, 5, 1))

    assert where(Status.MET, before, an_application("Antagen", "2021-2022")) is Standing.PARTICIPANT


def test_a_certificate_whose_decision_can_not_be_read_gives_nothing() -> None:
    assert where(Status.NOT_YET, a_certificate(None)) is Standing.NOT_YET


def test_a_certificate_without_a_date_is_the_oldest() -> None:
    undated, dated = a_certificate("Återkallad", date=None), a_certificate("Certifierad")

    assert where(Status.MET, dated, undated) is Standing.CERTIFIED
