"""From candidate to certificate: applications, certificates and where a school stands."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from services.domain.rules import Status
from services.domain.school import SchoolCode


class ApplicationStatus(StrEnum):
    """Where an application is."""

    SENT = "Inskickad"
    ADMITTED = "Antagen"
    REFUSED = "Avslagen"
    WITHDRAWN = "Återtagen"


@dataclass(frozen=True, slots=True)
class Application:
    """A school's application to the process of one läsår ("2021-2022"), after a round.

    `motivation` is the school's own, `reasons` those of the decision.
    """

    id: str
    round: str
    school: SchoolCode
    school_year: str
    status: ApplicationStatus | None
    sent: dt.date | None = None
    decided: dt.date | None = None
    motivation: str = ""
    reasons: str = ""

    @property
    def is_live(self) -> bool:
        """Whether it is neither refused nor withdrawn."""
        return self.status in (ApplicationStatus.SENT, ApplicationStatus.ADMITTED)


class Decision(StrEnum):
    """What was decided about a certificate."""

    CERTIFIED = "Certifierad"
    NOT_CERTIFIED = "Ej certifierad"
    RENEWED = "Förnyad"
    REVOKED = "Återkallad"


@dataclass(frozen=True, slots=True)
class Certificate:
    """A decision about a school's certificate, and the last day it is valid."""

    id: str
    school: SchoolCode
    school_year: str
    decision: Decision | None
    date: dt.date | None = None
    valid_to: dt.date | None = None


class Standing(StrEnum):
    """Where a school is on its way."""

    NOT_YET = "Inte ännu"
    CANDIDATE = "Kandidat"
    APPLICANT = "Sökande"
    PARTICIPANT = "Deltagare"
    CERTIFIED = "Certifierad"
    RENEWAL_DUE = "Dags att förnya"
    REVOKED = "Återkallad"


def standing(
    verdict: Status,
    applications: Iterable[Application],
    certificates: Iterable[Certificate],
    today: dt.date,
) -> Standing:
    """Where a school stands, from its verdict and its own applications and certificates."""
    certificates = tuple(certificates)
    latest = max(certificates, key=lambda certificate: certificate.date or dt.date.min, default=None)
    if latest is not None:
        if latest.decision is Decision.REVOKED:
            return Standing.REVOKED
        if latest.decision in (Decision.CERTIFIED, Decision.RENEWED):
            lapsed = latest.valid_to is not None and latest.valid_to < today
            return Standing.RENEWAL_DUE if lapsed else Standing.CERTIFIED
    decided_years = {certificate.school_year for certificate in certificates}
    open_statuses = {
        application.status for application in applications if application.school_year not in decided_years
    }
    if ApplicationStatus.ADMITTED in open_statuses:
        return Standing.PARTICIPANT
    if ApplicationStatus.SENT in open_statuses:
        return Standing.APPLICANT
    return Standing.CANDIDATE if verdict is Status.MET else Standing.NOT_YET
