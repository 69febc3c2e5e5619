"""A town in which everything about a school is found nowhere else, and everybody who may see some of it.

Each school has a level, a number of staff, of answers and of those who have answered so far, and a line in
its plan, that no other school has and the city neither: whoever is sent one of them has been sent that
school.
"""

import re
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from streamlit.auth_util import set_cookie_with_chunks
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value, generate_xsrf_token_string

from tests.people import (
    QUESTIONS,
    Row,
    Sheets,
    a_part,
    a_round,
    a_school,
    answers,
    register_sheets,
    save,
)

A, B, C, D, E = "61000001", "62000002", "63000003", "64000004", "65000005"
ROUNDS = ("2020", "2021")
OPEN = "2022"
COOKIE_SECRET = "a secret of the tests and of nobody else"
CLIENT = "vebs"


@dataclass(frozen=True)
class Canary:
    """A school by which to know a leak: of `n` answers, so many are one level above the lowest given."""

    code: str
    name: str
    staff: int
    n: int
    so_far: int
    lowest: int
    above: int

    @property
    def plan(self) -> str:
        return f"Insats vid {self.name} ensam"

    @property
    def level(self) -> float:
        return self.lowest + self.above / self.n

    def signs(self) -> dict[str, re.Pattern[str]]:
        """What each thing about the school looks like, wherever it stands."""
        whole, decimals = f"{self.level:.6f}".split(".")
        one = f"{self.level:.1f}".split(".")[1]
        return {
            "name": re.compile(re.escape(self.name.removesuffix("skolan"))),
            "code": re.compile(self.code),
            "plan": re.compile(re.escape(self.plan)),
            "staff": _number(str(self.staff)),
            "answers": _number(str(self.n)),
            "level": _number(rf"{whole}[.,](?:{one}0*|{decimals[:2]}\d*)"),
            "so far": _number(str(self.so_far)),
        }


def _number(pattern: str) -> re.Pattern[str]:
    """The number by itself: not a part of a longer one, nor of a name or an id."""
    return re.compile(rf"(?<![\w.,#-]){pattern}(?![\w-]|[.,]\d)")


SCHOOLS = {
    one.code: one
    for one in (
        Canary(A, "Almskolan", 811, 101, 131, 3, 22),
        Canary(B, "Bokskolan", 823, 103, 137, 2, 43),
        Canary(C, "Cederskolan", 839, 107, 139, 2, 85),
        Canary(D, "Daggskolan", 853, 109, 149, 3, 98),
        Canary(E, "Ekbacken", 877, 113, 151, 1, 43),
    )
}
EVERY = frozenset(SCHOOLS)
NONE: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Person:
    """Somebody, her rows in Behörigheter, and what design 1 lets her see.

    Of the schools in `sees` their names and levels beside each other's; of those in `opens` everything; of
    those in `follows` how many have answered in an open round. Principals and staff are told of no school
    but their own, not even its name: which schools take part, apply or are short of answers is a figure too.
    Staff are told the name of the school they work at (`works_at`), and what came of their answers there.
    """

    name: str
    rows: tuple[tuple[str, str | None, str | None], ...] = ()
    sees: frozenset[str] = NONE
    opens: frozenset[str] = NONE
    follows: frozenset[str] = NONE
    works_at: frozenset[str] = NONE

    @property
    def email(self) -> str:
        return f"{self.name}@example.se" if self.name else ""

    def forbidden(self) -> dict[str, re.Pattern[str]]:
        """What she may never be sent, by what it is and of which school."""
        found = {}
        for code, school in SCHOOLS.items():
            may = {"name", "code"} if code in self.sees | self.opens | self.works_at else set()
            may |= {"staff", "answers", "level"} if code in self.sees | self.opens else set()
            # What came of the answers: the published summary, on the start page, and the school's plan.
            may |= {"staff", "answers", "level", "plan"} if code in self.works_at else set()
            may |= {"plan"} if code in self.opens else set()
            may |= {"so far", "staff"} if code in self.follows else set()
            found |= {
                f"{what} of {school.name}": sign for what, sign in school.signs().items() if what not in may
            }
        return found


EXPIRED = "2026-06-30"
PEOPLE = {
    one.name: one
    for one in (
        Person("unni", (("Enheten", None, None),), EVERY, EVERY, EVERY),
        Person("petra", (("Rektor", A, None),), NONE, frozenset({A}), frozenset({A})),
        Person("per", (("Rektor", B, None), ("Rektor", C, None)), NONE, frozenset({B, C}), frozenset({B, C})),
        Person("siri", (("Personal", A, None),), works_at=frozenset({A})),
        Person("rut", (("Förvaltningsledning", None, None),), EVERY, EVERY, EVERY),
        Person("frida", (("Forskare", None, None),), EVERY),
        Person("nils"),
        Person(
            "mira",
            (("Rektor", A, None), ("Personal", B, None)),
            NONE,
            frozenset({A}),
            frozenset({A}),
            frozenset({B}),
        ),
        Person(
            "rita", (("Rektor", A, None), ("Forskare", None, None)), EVERY, frozenset({A}), frozenset({A})
        ),
        Person("sanna", (("Rektor", A, EXPIRED),)),
        Person(""),
    )
}
"""The cast; Mira has a role at each of two schools, Rita two roles, Sanna's has ended; "" is nobody."""


def write(folder: Path, without: Iterable[str] = (), **tables: list[Row]) -> Path:
    """The town as files; the people in `without` have no rows in Behörigheter."""
    return save(folder, _sheets(set(without), **tables))


def _sheets(without: set[str], **tables: list[Row]) -> Sheets:
    rounds = [*map(a_round, ROUNDS), a_round(OPEN, "Öppen")]
    letters = {str(question["Fråga"])[0] for question in QUESTIONS}
    told = [
        row
        for one in SCHOOLS.values()
        for above, count in ((1, one.above), (0, one.n - one.above))
        for row in answers(count, one.code, **dict.fromkeys(letters, one.lowest + above))
    ]
    given: dict[str, list[Row]] = {
        "rounds": rounds,
        "schools": [a_school(one.code, one.name) for one in SCHOOLS.values()],
        "parts": [
            a_part(one.code, one.staff, round_) for round_ in (*ROUNDS, OPEN) for one in SCHOOLS.values()
        ],
        "actions": [_action(one) for one in SCHOOLS.values()],
        "permissions": [
            row for person in PEOPLE.values() if person.name not in without for row in rows(person)
        ],
        **tables,
    }
    return register_sheets(
        dict.fromkeys(ROUNDS, told),
        taking_part=[one.code for one in SCHOOLS.values() for _ in range(one.so_far)],
        **given,
    )


def _action(school: Canary) -> Row:
    return {
        "Insats": f"I-{school.code}",
        "Omgång": ROUNDS[-1],
        "Skolenhetskod": school.code,
        "Delområde": 1,
        "Mål": school.plan,
        "Aktivitet": school.plan,
        "Status": "Pågår",
    }


def rows(person: Person) -> list[Row]:
    return [
        {"E-post": person.email, "Roll": role, "Skolenhetskod": school, "Giltig till": until}
        for role, school, until in person.rows
    ]


def write_secrets(folder: Path) -> Path:
    """A file with secrets that has a login whose provider nobody needs to reach."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "secrets.toml"
    file.write_text(
        f"""
[auth]
redirect_uri = "http://127.0.0.1:8501/oauth2callback"
cookie_secret = "{COOKIE_SECRET}"
[auth.google]
client_id = "{CLIENT}"
client_secret = "not so secret"
server_metadata_url = "http://127.0.0.1:9/.well-known/openid-configuration"
[login]
domains = ["example.se"]
""",
        "utf-8",
    )
    return file


@dataclass(frozen=True)
class Login:
    """A login of somebody at a server, as Streamlit itself writes it in her browser."""

    email: str
    url: str
    at: float = field(default_factory=time.time)

    def connecting(self) -> Mapping[str, Any]:
        """What her browser says as it opens a websocket; whoever is nobody says nothing, not even whence."""
        if not self.email:
            return {}
        token = generate_xsrf_token_string()
        cookies = {"_streamlit_xsrf": token, **self._cookies()}
        return {
            "origin": self.url,
            "subprotocols": ["streamlit", token],
            "additional_headers": {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())},
        }

    def _cookies(self) -> Mapping[str, str]:
        told = {
            "origin": self.url,
            "is_logged_in": True,
            "iss": "https://login.example.se",
            "aud": CLIENT,
            "sub": self.email,
            "email": self.email,
            "email_verified": True,
            "given_name": self.email.partition("@")[0].title(),
            "iat": self.at,
        }
        kept: dict[str, str] = {}

        def sign(name: str, value: str) -> bytes:
            return create_signed_value(COOKIE_SECRET, name, value)

        def keep(name: str, value: str) -> None:
            kept[name] = sign(name, value).decode()

        set_cookie_with_chunks(keep, sign, "_streamlit_user", told, cookie_attr_size=0)
        return kept
