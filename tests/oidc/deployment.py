"""A deployment of ours with a login: a small register with the cast in Behörigheter, secrets, a server."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.oidc.running import CLIENT, Provider
from tests.people import BJORKSKOLAN, EKSKOLAN, PERMISSIONS, Row, Sheets, answers, register_sheets, save
from tests.serving import Server, free_port, serving

COOKIE_SECRET = "a secret of the tests and of nobody else"
CONTACT = "digitalisering@example.se"
CAST = ("Unni", "Petra", "Per", "Siri", "Rut", "Frida", "Nils", "Sanna", "Rita", "Lena")
"""Those of the tests, and Sanna whose role has ended, Rita who leads a school and does research, Lena."""

MORE: list[Row] = [
    {
        "E-post": "sanna@example.se",
        "Roll": "Rektor",
        "Skolenhetskod": EKSKOLAN,
        "Giltig till": dt.date(2026, 6, 30),
    },
    {"E-post": "rita@example.se", "Roll": "Rektor", "Skolenhetskod": BJORKSKOLAN},
    {"E-post": "rita@example.se", "Roll": "Forskare"},
    {"E-post": "lena@example.se", "Roll": "Rektor", "Skolenhetskod": EKSKOLAN},
]

ALL_PERMISSIONS = (*PERMISSIONS, *MORE)


@dataclass(frozen=True, slots=True)
class Deployment:
    """A running server of ours, its provider, and the folders it lives in."""

    server: Server
    provider: Provider
    secrets: Path

    @property
    def url(self) -> str:
        """The address that people have it at."""
        return self.server.url

    def permits(self, *rows: Row) -> None:
        """Put these rows in Behörigheter instead of those there."""
        save(self.server.data, _sheets(rows))


@contextmanager
def deployment(folder: Path, provider: Provider) -> Iterator[Deployment]:
    """Serve the small register to whoever `provider` vouches for, while the block runs."""
    for name in CAST:
        provider.knows(
            name.casefold(), email=f"{name.casefold()}@example.se", email_verified=True, given_name=name
        )
    data = save(folder / "data", _sheets(ALL_PERMISSIONS))
    port, secrets = free_port(), folder / "secrets" / "secrets.toml"
    secrets.parent.mkdir()
    secrets.write_text(secrets_text(port, provider), "utf-8")
    with serving(
        data, folder / "server.log", environment={"VEBS_SECRETS": str(secrets)}, port=port
    ) as server:
        yield Deployment(server, provider, secrets)


def secrets_text(port: int, provider: Provider) -> str:
    """What the one who installs it writes in the file with secrets."""
    return f"""
[auth]
redirect_uri = "http://127.0.0.1:{port}/oauth2callback"
cookie_secret = "{COOKIE_SECRET}"

[auth.google]
client_id = "{CLIENT}"
client_secret = "not so secret"
server_metadata_url = "{provider.metadata_url}"
authorize_params = {{ hd = "example.se" }}

[login]
domains = ["example.se"]
contact = "{CONTACT}"
"""


def _sheets(permissions: tuple[Row, ...]) -> Sheets:
    answered = [row for school in (EKSKOLAN, BJORKSKOLAN) for row in answers(14, school, L=3, U=4)]
    return register_sheets(answered, permissions=list(permissions))
