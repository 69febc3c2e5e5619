"""Who may see what: one table of roles, pages and deeds, and which schools a visitor may see."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from services.domain.school import SchoolCode
from services.errors import NotPermitted


class Role(StrEnum):
    """What a person is to the service, as the sheet Behörigheter says it."""

    UNIT = "Enheten"
    PRINCIPAL = "Rektor"
    STAFF = "Personal"
    READER = "Förvaltningsledning"
    RESEARCHER = "Forskare"


class Page(StrEnum):
    """The pages, by the name of their file."""

    START = "start"
    OVERVIEW = "overview"
    AREAS = "areas"
    SCHOOL = "school"
    CERTIFICATION = "certification"
    PROCESS_YEAR = "process_year"
    ACTION_PLAN = "action_plan"
    ANSWER = "answer"
    TALK = "talk"
    SELF_ASSESSMENT = "self_assessment"
    FORMS = "forms"
    CHECKS = "checks"
    ABOUT = "about"


class Deed(StrEnum):
    """What can be done beyond looking."""

    SEE_ALL_SCHOOLS = "see all schools' levels"
    OPEN_ALL_SCHOOLS = "open any school's page"
    FOLLOW_ROUNDS = "see how many have answered before a round is published"
    SIMULATE = "simulate rules"
    EDIT = "edit tables"
    RUN_ROUNDS = "open, extend, close and publish rounds"
    PLAN_SESSIONS = "lay out, move and note the attendance of learning sessions"
    CONTRIBUTE = "share with the schools of a läsår"
    PLAN_VISITS = "propose, add and move visits between schools"
    TELL_OF_VISITS = "say when a visit is and what came of it"
    WRITE_ACTIONS = "write the action plan of a school one leads"
    FOLLOW_APPLICATIONS = "follow applications, as the school or as the unit"
    APPLY = "apply for a school one leads"
    RULE_ON_APPLICATIONS = "admit and refuse schools"
    CERTIFY = "decide who is certified, renew and revoke"
    INVITE = "invite the staff of a school of her own, and give out codes"


_EVERYONE = frozenset(Role)
_DASHBOARD_READERS = frozenset({Role.UNIT, Role.READER, Role.RESEARCHER})

OPEN_TO_ALL = frozenset({Page.START, Page.ABOUT, Page.ANSWER})
"""Pages that need no role: they show nothing of the register, or ask for a one-time code first."""

MAY_OPEN: dict[Page, frozenset[Role]] = {
    Page.START: _EVERYONE,
    Page.ABOUT: _EVERYONE,
    Page.ANSWER: _EVERYONE,
    Page.OVERVIEW: _DASHBOARD_READERS,
    Page.AREAS: _DASHBOARD_READERS,
    Page.SCHOOL: frozenset({Role.UNIT, Role.READER, Role.PRINCIPAL}),
    Page.CERTIFICATION: frozenset({Role.UNIT, Role.READER, Role.PRINCIPAL}),
    Page.PROCESS_YEAR: frozenset({Role.UNIT, Role.PRINCIPAL}),
    Page.ACTION_PLAN: frozenset({Role.UNIT, Role.READER, Role.PRINCIPAL}),
    Page.TALK: frozenset({Role.UNIT, Role.PRINCIPAL, Role.STAFF}),
    Page.SELF_ASSESSMENT: frozenset({Role.UNIT, Role.PRINCIPAL}),
    Page.FORMS: frozenset({Role.UNIT}),
    Page.CHECKS: frozenset({Role.UNIT}),
}

MAY_DO: dict[Deed, frozenset[Role]] = {
    Deed.SEE_ALL_SCHOOLS: _DASHBOARD_READERS,
    Deed.OPEN_ALL_SCHOOLS: frozenset({Role.UNIT, Role.READER}),
    Deed.FOLLOW_ROUNDS: frozenset({Role.UNIT, Role.READER}),
    Deed.SIMULATE: frozenset({Role.UNIT, Role.READER}),
    Deed.EDIT: frozenset({Role.UNIT}),
    Deed.RUN_ROUNDS: frozenset({Role.UNIT}),
    Deed.PLAN_SESSIONS: frozenset({Role.UNIT}),
    Deed.CONTRIBUTE: frozenset({Role.UNIT, Role.PRINCIPAL}),
    Deed.PLAN_VISITS: frozenset({Role.UNIT}),
    Deed.TELL_OF_VISITS: frozenset({Role.UNIT, Role.PRINCIPAL}),
    Deed.WRITE_ACTIONS: frozenset({Role.PRINCIPAL}),
    Deed.FOLLOW_APPLICATIONS: frozenset({Role.UNIT, Role.PRINCIPAL}),
    Deed.APPLY: frozenset({Role.PRINCIPAL}),
    Deed.RULE_ON_APPLICATIONS: frozenset({Role.UNIT}),
    Deed.CERTIFY: frozenset({Role.UNIT}),
    Deed.INVITE: frozenset({Role.PRINCIPAL}),
}


@dataclass(frozen=True, slots=True)
class Permission:
    """A row of the sheet Behörigheter; `until` is its last day."""

    email: str
    role: Role
    school: SchoolCode | None = None
    until: dt.date | None = None

    def holds_on(self, day: dt.date) -> bool:
        """Whether it is valid that day."""
        return self.until is None or day <= self.until


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who is looking: a name to greet, roles, and for principals and staff their schools.

    `email` is whom she is logged in as, or chosen to be; what she may do does not follow from it.
    """

    name: str = ""
    roles: frozenset[Role] = field(default_factory=frozenset)
    led_schools: frozenset[SchoolCode] = field(default_factory=frozenset)
    worked_schools: frozenset[SchoolCode] = field(default_factory=frozenset)
    email: str = field(default="", repr=False, compare=False)

    @property
    def signature(self) -> str:
        """How she signs what she does, in the log that the unit reads."""
        return self.email or self.name

    @property
    def is_known(self) -> bool:
        """Whether the visitor has any role at all."""
        return bool(self.roles)

    def may_open(self, page: Page) -> bool:
        """Whether one of the visitor's roles opens the page."""
        return page in OPEN_TO_ALL or bool(self.roles & MAY_OPEN[page])

    def may(self, deed: Deed) -> bool:
        """Whether one of the visitor's roles allows the deed."""
        return bool(self.roles & MAY_DO[deed])

    def must(self, deed: Deed) -> None:
        """Go on only if one of the visitor's roles allows the deed; NotPermitted otherwise."""
        if not self.may(deed):
            raise NotPermitted("Din roll har inte behörighet till det här. Fråga Digitaliseringsenheten.")

    def may_see(self, school: SchoolCode) -> bool:
        """Whether the visitor may see this school's levels beside those of others."""
        return self.may(Deed.SEE_ALL_SCHOOLS) or school in self.led_schools

    def may_open_school(self, school: SchoolCode) -> bool:
        """Whether the visitor may see all that is told of this school: its questions, its verdict, its plan.

        A researcher who leads a school sees that one so, and no other.
        """
        return self.may(Deed.OPEN_ALL_SCHOOLS) or school in self.led_schools

    def may_follow(self, school: SchoolCode) -> bool:
        """Whether the visitor may see how many have answered there while the round is not published."""
        return self.may(Deed.FOLLOW_ROUNDS) or school in self.led_schools

    def may_invite(self, school: SchoolCode) -> bool:
        """Whether the visitor may invite this school's staff to answer, and give out codes for it."""
        return self.may(Deed.INVITE) and school in self.led_schools

    def must_invite(self, school: SchoolCode) -> None:
        """Go on only if the visitor may invite this school's staff; NotPermitted otherwise."""
        if not self.may_invite(school):
            raise NotPermitted("Bara skolans rektor kan bjuda in personalen. Fråga Digitaliseringsenheten.")

    def schools_among(self, codes: Iterable[SchoolCode]) -> tuple[SchoolCode, ...]:
        """Those of the schools of which the visitor may see everything."""
        return tuple(code for code in codes if self.may_open_school(code))


NOBODY = Visitor()
"""A visitor of whom nothing is known."""


def visitor_with(name: str, email: str, permissions: Iterable[Permission], today: dt.date) -> Visitor:
    """The visitor behind an e-mail address, with the permissions that hold today."""
    held = [one for one in permissions if one.email == email.casefold() and one.holds_on(today)]
    return Visitor(
        name,
        frozenset(one.role for one in held),
        frozenset(one.school for one in held if one.role is Role.PRINCIPAL and one.school),
        frozenset(one.school for one in held if one.role is Role.STAFF and one.school),
        email,
    )
