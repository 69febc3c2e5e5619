"""Settings of this deployment, read once at start from the environment and from the file with secrets.

A wrong one is named, loudly.
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

ROOT = Path(__file__).parents[1]

_GOOGLE_KEYS = {"service_account_file", "service_account", "spreadsheets"}
_PROVIDER_KEYS = ("client_id", "client_secret", "server_metadata_url")
_LEAST_COOKIE_SECRET = 32
_CALLBACK = "/oauth2callback"
_DEFAULT_PROVIDER = "default"
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class SettingFault(Exception):
    """A setting is wrong; the text says which and what to write."""


@dataclass(frozen=True, slots=True)
class GoogleSettings:
    """How to come to Google: as whom, to which spreadsheets, and where if not at Google's own address.

    Without a key and a key file, the app is whoever its machine runs as, or anybody where the base
    address is on this computer.
    """

    key: Mapping[str, Any] | None = field(default=None, repr=False)
    key_file: Path | None = None
    spreadsheets: Mapping[str, str] = field(default_factory=dict)
    base_url: str | None = None

    @property
    def is_anonymous(self) -> bool:
        """Whether it is a local Google, and nobody has said who we are."""
        return self.key is None and self.key_file is None and self.is_local

    @property
    def is_local(self) -> bool:
        """Whether it is a Google on this computer, with which nothing real is kept."""
        return self.base_url is not None and urlsplit(self.base_url).hostname in _LOOPBACK


@dataclass(frozen=True, slots=True)
class LoginSettings:
    """Where people log in, and whose accounts are let in.

    `provider` is the name of its section in the secrets, as `st.login` wants it; `domains` are in lower
    case; `address` is the one people have this app at, such as https://vebs.example.se. `contact` is whom
    to ask for a role, shown to those who have logged in and have none. `client_id` is what the provider
    calls this app.
    """

    provider: str
    domains: frozenset[str]
    address: str
    contact: str = ""
    client_id: str = ""

    @property
    def is_https(self) -> bool:
        """Whether people reach the app over an encrypted connection."""
        return urlsplit(self.address).scheme == "https"


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things are, and who is trusted.

    `state` is for what the app keeps for itself. `trust_this_computer` lets whoever sits at it see a
    register that has no login. `google` is None where the spreadsheets are the files in `data`, `login`
    where nobody can log in. `secrets` is the file they were read from.
    """

    data: Path
    state: Path
    trust_this_computer: bool = False
    google: GoogleSettings | None = None
    login: LoginSettings | None = None
    secrets: Path = ROOT / ".streamlit" / "secrets.toml"

    @classmethod
    def from_environment(
        cls, environment: Mapping[str, str] = os.environ, secrets: Path | None = None
    ) -> "Settings":
        """Read the variables that the README lists, and [google], [auth] and [login] of the secrets.

        SettingFault where one is wrong.
        """
        secrets = secrets or secrets_file(environment)
        written = _read(secrets)
        return cls(
            secrets=secrets,
            login=_login(written, secrets),
            data=_folder(environment, "VEBS_DATA", ROOT / "data"),
            state=_folder(environment, "VEBS_STATE", ROOT / ".state"),
            trust_this_computer=_switch(environment, "VEBS_TRUST_THIS_COMPUTER"),
            google=_google(environment, written, secrets),
        )


def secrets_file(environment: Mapping[str, str] = os.environ) -> Path:
    """The file with secrets: VEBS_SECRETS, or .streamlit/secrets.toml beside app.py.

    SettingFault where there is no such file.
    """
    named = environment.get("VEBS_SECRETS")
    if not named:
        return ROOT / ".streamlit" / "secrets.toml"
    file = Path(named).expanduser().resolve()
    # A slip of the hand here would otherwise start the app without its login.
    if file.suffix != ".toml" or not file.is_file():
        raise SettingFault(f"VEBS_SECRETS should be the name of a .toml file, but {file} is none.")
    return file


def _folder(environment: Mapping[str, str], name: str, default: Path) -> Path:
    folder = Path(environment.get(name) or default).expanduser().resolve()
    if folder.exists() and not folder.is_dir():
        raise SettingFault(f"{name} should be a folder, but {folder} is a file.")
    return folder


def _switch(environment: Mapping[str, str], name: str) -> bool:
    written = environment.get(name, "")
    if written not in ("", "0", "1"):
        raise SettingFault(f"{name} should be 1 or 0, but is {written}.")
    return written == "1"


def _login(written: Mapping[str, Any], secrets: Path) -> LoginSettings | None:
    if "auth" not in written:
        if "login" in written:
            raise SettingFault(f"{secrets.name} has [login] but no [auth]: nobody could log in.")
        return None
    auth = _table(written["auth"], "[auth]", secrets)
    named = [name for name, value in auth.items() if isinstance(value, dict)]
    if len(named) > 1:
        raise SettingFault(f"[auth] in {secrets.name} has {len(named)} providers; keep one.")
    provider, section = (named[0], auth[named[0]]) if named else (_DEFAULT_PROVIDER, auth)
    where = f"[auth.{provider}]" if named else "[auth]"
    for key in _PROVIDER_KEYS:
        if not isinstance(section.get(key), str) or not section[key]:
            raise SettingFault(f"{where} in {secrets.name} should have a line {key} = ….")
    cookie = auth.get("cookie_secret")
    if not isinstance(cookie, str) or len(cookie) < _LEAST_COOKIE_SECRET:
        raise SettingFault(
            f"cookie_secret in [auth] in {secrets.name} should be {_LEAST_COOKIE_SECRET}+ random signs."
        )
    contact = _table(written.get("login", {}), "[login]", secrets).get("contact", "")
    return LoginSettings(
        provider, _domains(written, secrets), _own_address(auth, secrets), str(contact), section["client_id"]
    )


def _domains(written: Mapping[str, Any], secrets: Path) -> frozenset[str]:
    domains = _table(written.get("login", {}), "[login]", secrets).get("domains")
    if not isinstance(domains, list) or not domains or not all(_is_domain(one) for one in domains):
        raise SettingFault(f'[login] in {secrets.name} should have a line like domains = ["malmo.se"].')
    return frozenset(str(one).casefold() for one in domains)


def _own_address(auth: Mapping[str, Any], secrets: Path) -> str:
    redirect = auth.get("redirect_uri")
    parts = urlsplit(redirect) if isinstance(redirect, str) and _is_address(redirect) else None
    # Held against what browsers send, sign for sign: they write names in lower case and leave 443 out.
    if parts is None or redirect != f"{parts.scheme}://{_as_browsers_write(parts)}{_CALLBACK}":
        raise SettingFault(
            f"redirect_uri in [auth] in {secrets.name} should be like https://vebs.example.se{_CALLBACK}."
        )
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        raise SettingFault(
            f"redirect_uri in [auth] in {secrets.name} should begin with https://: "
            "anybody on the way could otherwise take over a login."
        )
    return f"{parts.scheme}://{parts.netloc}"


def _as_browsers_write(parts: SplitResult) -> str:
    try:
        port = parts.port
        host = (parts.hostname or "").encode("idna").decode("ascii")
    except ValueError:
        return ""
    host = f"[{host}]" if ":" in host else host
    if port is None or port == {"http": 80, "https": 443}.get(parts.scheme):
        return host
    return f"{host}:{port}"


def _is_domain(written: object) -> bool:
    return isinstance(written, str) and "." in written and not any(sign in written for sign in "@ /")


def _google(
    environment: Mapping[str, str], secrets_written: Mapping[str, Any], secrets: Path
) -> GoogleSettings | None:
    base_url = environment.get("SHEETS_BASE_URL") or None
    if base_url is not None and not _is_address(base_url):
        raise SettingFault(f"SHEETS_BASE_URL should be like http://127.0.0.1:8600, but is {base_url}.")
    written = secrets_written.get("google")
    if written is None and base_url is None:
        return None
    section = _table(written or {}, "[google]", secrets)
    if unknown := sorted(section.keys() - _GOOGLE_KEYS):
        raise SettingFault(f"[google] in {secrets.name} has {unknown[0]}, which means nothing.")
    key, file = section.get("service_account"), section.get("service_account_file")
    if key is not None and file is not None:
        raise SettingFault(
            f"[google] in {secrets.name} has both service_account and service_account_file; keep one."
        )
    ids = _table(section.get("spreadsheets", {}), "[google.spreadsheets]", secrets)
    if not all(isinstance(id_, str) and id_ for id_ in ids.values()):
        raise SettingFault(f'[google.spreadsheets] in {secrets.name} should have lines like vebs = "1AbC…".')
    return GoogleSettings(
        key=None if key is None else _table(key, "[google.service_account]", secrets),
        key_file=None if file is None else _key_file(file, secrets),
        spreadsheets=ids,
        base_url=base_url,
    )


def _read(secrets: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(secrets.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as fault:
        raise SettingFault(f"{secrets.name} can't be read: {fault}.") from fault


def _table(written: object, name: str, secrets: Path) -> dict[str, Any]:
    if not isinstance(written, dict):
        raise SettingFault(f"{name} in {secrets.name} should be a section of its own.")
    return written


def _key_file(written: object, secrets: Path) -> Path:
    """A file name is meant from the folder of the secrets, or from the one that holds .streamlit."""
    if not isinstance(written, str) or not written:
        raise SettingFault(f"service_account_file in {secrets.name} should be the name of a file.")
    folder = secrets.parent.parent if secrets.parent.name == ".streamlit" else secrets.parent
    return folder / Path(written).expanduser()


def _is_address(written: str) -> bool:
    try:
        parts = urlsplit(written)
    except ValueError:  # such as an address with half a bracket
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)
