"""The real ones: the shared copy, the clock, who is visiting, and what is chosen in the address."""

import datetime as dt
import logging
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

import streamlit as st

from config.settings import Settings
from pages.components import login
from pages.components.address import chosen
from services.comparing import published_rounds
from services.demo.date import DEMO_DATE_SETTING
from services.domain.access import NOBODY, Role, Visitor, visitor_with
from services.domain.login import Identity, LoginFault
from services.domain.school import SchoolCode
from services.ended_logins import EndedLogins
from services.errors import Trouble, WorkbookTrouble
from services.reading import Copy
from services.register import Register, permissions_of
from services.sharing import SharedCopy, share
from services.tables.problems import Problem, Rule
from services.workbook.opening import link_to, open_workbook, usage_of
from services.workbook.port import Workbook
from services.writing.opening import open_writer
from services.writing.writer import Writer

log = logging.getLogger(__name__)

TIME_ZONE = ZoneInfo("Europe/Stockholm")

DEMO_CAST = {
    "unni": "Unni, Digitaliseringsenheten",
    "petra": "Petra, rektor på en skola",
    "per": "Per, rektor på två skolor",
    "siri": "Siri, personal på en skola",
    "rut": "Rut, förvaltningsledningen",
    "frida": "Frida, forskare",
    "nils": "Nils, utan behörighet",
}
"""Whom the demo lets a visitor be; the addresses are `<key>@example.se` in the sheet Behörigheter.

No school is named: whoever has not chosen yet is told nothing of the register.
"""

ROLE_WITHOUT_LOGIN = {"unni": Role.UNIT, "rut": Role.READER, "frida": Role.RESEARCHER}
"""What some of the cast may do in a register without rows for them, if this computer is trusted."""

FORWARDED = ("X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Forwarded", "Via")
"""Headers that a proxy in front sends along."""

CAST_PARAMETER = "som"
ROUND_PARAMETER = "omgang"
SCHOOL_PARAMETER = "skola"


def now() -> dt.datetime:
    """The time in Malmö."""
    return dt.datetime.now(TIME_ZONE)


@cache
def settings() -> Settings:
    """This deployment's settings."""
    return Settings.from_environment()


@cache
def ended_logins() -> EndedLogins:
    """The logins that have been ended by logging out."""
    return EndedLogins(settings().state)


@cache
def shared_copy() -> SharedCopy:
    """The one copy of the register in this process."""
    return share(open_workbook(settings()), settings(), now)


def workbook() -> Workbook:
    """Where the shared copy is read from, and all is written to."""
    return shared_copy().workbook


def writer() -> Writer:
    """The one way in which this process writes."""
    return _writer_to(shared_copy())


@lru_cache(maxsize=1)
def _writer_to(shared: SharedCopy) -> Writer:
    return open_writer(shared.workbook, settings(), now)


def is_on_google() -> bool:
    """Whether the spreadsheets are at Google; else they are files."""
    return usage_of(workbook()) is not None


def calls_this_minute() -> tuple[int, int] | None:
    """How often Google has been read and written in the last minute; None where there is no Google."""
    usage = usage_of(workbook())
    return None if usage is None else (usage.reads, usage.writes)


def last_fault_of_google() -> tuple[dt.datetime, str] | None:
    """When Google last failed, and in which way; None if it has not."""
    usage = usage_of(workbook())
    if usage is None or usage.fault is None:
        return None
    seconds, sentence = usage.fault
    return now() - dt.timedelta(seconds=seconds), sentence


def link(problem: Problem) -> str | None:
    """Where a person finds the cell at Google; None where the spreadsheets are files."""
    sheet, cell = problem.sheet, f"{problem.column}{problem.row}" if problem.column and problem.row else None
    # The number of a sheet may have to be asked for, and of one that is not there in vain.
    if problem.rule is Rule.MISSING_SHEET or any(notice.outage for notice in copy().notices):
        sheet = None
    try:
        return link_to(workbook(), problem.spreadsheet, sheet, cell)
    except WorkbookTrouble:
        return None


def start() -> None:
    """Read everything before the first visitor comes, and go on with what the last process had to write."""
    shared_copy().get()
    try:
        writer().start()
    except Trouble as trouble:  # without an outbox everything can still be read
        log.warning("nothing can be saved: %s", trouble)


def stop() -> None:
    """Let go of what the process shares; what is not written yet waits for the next process."""
    if _writer_to.cache_info().currsize:
        writer().stop()
    forget()


def forget() -> None:
    """Forget what the process shares: the next who asks finds the settings as they are then."""
    for remembered in (_writer_to, shared_copy, ended_logins, settings):
        remembered.cache_clear()


def copy() -> Copy:
    """The register as last read, with when that was and what could not be read."""
    return shared_copy().get()


def register() -> Register:
    """All tables, as fresh as they get."""
    return copy().register


def demo_date() -> dt.date | None:
    """The day it is in the demo; None in a real register."""
    try:
        return dt.date.fromisoformat(register().settings.get(DEMO_DATE_SETTING, ""))
    except ValueError:
        return None


def today() -> dt.date:
    """The day to judge by."""
    return demo_date() or now().date()


def visitor_is_chosen() -> bool:
    """Whether the visitor chooses whom to be: where there is no login, and only on this very computer."""
    has_login = settings().login is not None or (st.secrets.load_if_toml_exists() and "auth" in st.secrets)
    # Streamlit names the address of everyone who is not on this computer; a proxy says whom it speaks for.
    is_elsewhere = isinstance(st.context.ip_address, str) or any(
        header in st.context.headers for header in FORWARDED
    )
    return not has_login and not is_elsewhere


def identity() -> Identity | LoginFault | None:
    """Who has logged in, or why her login lets her in no more; None where nobody has."""
    login_settings = settings().login
    return None if login_settings is None else login.logged_in(login_settings, ended_logins(), now())


def visitor() -> Visitor:
    """Who is looking, with what the sheet Behörigheter lets her do: asked anew every time."""
    if settings().login is not None:
        who = identity()
        return _with_roles(who.name, who.email) if isinstance(who, Identity) else NOBODY
    return _chosen_visitor()


def _with_roles(name: str, email: str) -> Visitor:
    return visitor_with(name, email, permissions_of(register(), email), today())


def _chosen_visitor() -> Visitor:
    key = chosen(CAST_PARAMETER, ("", *DEMO_CAST)) if visitor_is_chosen() else ""
    if not key:
        return NOBODY
    name = DEMO_CAST[key].split(",")[0]
    found = _with_roles(name, f"{key}@example.se")
    if found.is_known or key not in ROLE_WITHOUT_LOGIN or not settings().trust_this_computer:
        return found
    # Somebody's own register, where the cast has no rows: she has said that whoever is here may see it.
    return Visitor(name, frozenset({ROLE_WITHOUT_LOGIN[key]}))


def round_name() -> str | None:
    """The round that is chosen: the latest published one until another is; None where there is none."""
    rounds = register().rounds
    published = published_rounds(register())
    first = published[-1] if published else next(iter(rounds), None)
    return chosen(ROUND_PARAMETER, sorted(rounds), first)


def school(visitor_: Visitor, round_: str) -> SchoolCode | None:
    """The school that is chosen among those in the round that the visitor may see, by name the first."""
    options = schools(visitor_, round_)
    code = chosen(SCHOOL_PARAMETER, options, options[0] if options else None)
    return SchoolCode(code) if code else None


def schools(visitor_: Visitor, round_: str) -> list[SchoolCode]:
    """The schools in a round that the visitor may see, ordered by name."""
    everything = register()
    codes = visitor_.schools_among(everything.school_rounds.get(round_, {}))
    return sorted(codes, key=lambda code: (everything.school_name(code).casefold(), code))


def is_stale(drawn: Copy) -> bool:
    """Whether the register, or what stands in the way of reading it, has changed since this was drawn."""
    newest = copy()
    return newest.register is not drawn.register or newest.notices != drawn.notices


def theme_is_dark() -> bool:
    """Whether the visitor's screen is in dark mode."""
    return st.context.theme.type == "dark"
