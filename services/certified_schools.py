"""The register of certified schools: who holds a certificate, until when, and who is due to renew it."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from services.awarding import latest_of
from services.domain.access import Visitor
from services.domain.process import Certificate, Decision
from services.domain.school import SchoolCode
from services.register import Register

MONTHS = "Förnyelse aktuell månader före"
"""The setting that says how long before its last day a certificate is among those to renew."""
MONTHS_IF_UNSAID = 6


class Validity(StrEnum):
    """How a certificate stands today."""

    VALID = "Gäller"
    RENEWAL_NEAR = "Går snart ut"
    LAPSED = "Har gått ut"
    REVOKED = "Återkallat"
    NOT_CERTIFIED = "Ej certifierad"


@dataclass(frozen=True, slots=True)
class CertifiedSchool:
    """A school and the latest decision about it."""

    school: SchoolCode
    name: str
    latest: Certificate
    validity: Validity

    @property
    def is_to_renew(self) -> bool:
        """Whether it is time to talk of a renewal."""
        return self.validity in (Validity.RENEWAL_NEAR, Validity.LAPSED)


def certified_schools(register: Register, visitor: Visitor, today: dt.date) -> tuple[CertifiedSchool, ...]:
    """The schools of which something is decided and that she may open, by name."""
    codes = {register.today_of(one.school) for one in register.certificates if one.school}
    hers = {register.today_of(one) for one in visitor.led_schools}
    found = [_found(register, code, today) for code in codes if visitor.may_open_school(code) or code in hers]
    return tuple(sorted(found, key=lambda one: (one.name.casefold(), one.school)))


def _found(register: Register, code: SchoolCode, today: dt.date) -> CertifiedSchool:
    latest = latest_of(register, code)
    assert latest is not None
    return CertifiedSchool(code, register.school_name(code), latest, validity(register, latest, today))


def validity(register: Register, latest: Certificate, today: dt.date) -> Validity:
    """How a school's latest certificate stands."""
    if latest.decision is Decision.REVOKED:
        return Validity.REVOKED
    if latest.decision not in (Decision.CERTIFIED, Decision.RENEWED):
        return Validity.NOT_CERTIFIED
    if latest.valid_to is None:
        return Validity.VALID
    if latest.valid_to < today:
        return Validity.LAPSED
    return Validity.RENEWAL_NEAR if today >= renewal_from(register, latest.valid_to) else Validity.VALID


def renewal_from(register: Register, last_day: dt.date) -> dt.date:
    """The day from which a certificate with this last day is among those to renew."""
    told = register.settings.get(MONTHS, "").strip()
    months = int(told) if told.isdecimal() and int(told) <= 120 else MONTHS_IF_UNSAID
    whole = last_day.year * 12 + last_day.month - 1 - months
    first = dt.date(whole // 12, whole % 12 + 1, 1)
    day = last_day.day
    while day > 28 and (first + dt.timedelta(days=day - 1)).month != first.month:
        day -= 1
    return first.replace(day=day)
