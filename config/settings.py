"""Settings of this deployment, read once at start from the environment and from .streamlit/secrets.toml.

A wrong one is named, loudly.
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).parents[1]

SECRETS_FILE = ROOT / ".streamlit" / "secrets.toml"
"""The file that Streamlit reads too."""

_GOOGLE_KEYS = {"service_account_file", "service_account", "spreadsheets"}
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
        has_key = self.key is not None or self.key_file is not None
        return not has_key and self.base_url is not None and urlsplit(self.base_url).hostname in _LOOPBACK


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things are, and who is trusted.

    `state` is for what the app keeps for itself. `trust_this_computer` lets whoever sits at it see a
    register that has no login. `google` is None where the spreadsheets are the files in `data`.
    """

    data: Path
    state: Path
    trust_this_computer: bool = False
    google: GoogleSettings | None = None

    @classmethod
    def from_environment(
        cls, environment: Mapping[str, str] = os.environ, secrets: Path = SECRETS_FILE
    ) -> "Settings":
        """Read VEBS_DATA, VEBS_STATE, VEBS_TRUST_THIS_COMPUTER, SHEETS_BASE_URL and [google] of the secrets.

        SettingFault where one is wrong.
        """
        return cls(
            data=_folder(environment, "VEBS_DATA", ROOT / "data"),
            state=_folder(environment, "VEBS_STATE", ROOT / ".state"),
            trust_this_computer=_switch(environment, "VEBS_TRUST_THIS_COMPUTER"),
            google=_google(environment, secrets),
        )


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


def _google(environment: Mapping[str, str], secrets: Path) -> GoogleSettings | None:
    base_url = environment.get("SHEETS_BASE_URL") or None
    if base_url is not None and not _is_address(base_url):
        raise SettingFault(f"SHEETS_BASE_URL should be like http://127.0.0.1:8600, but is {base_url}.")
    written = _read(secrets).get("google")
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
    """A file name is meant from the folder that holds .streamlit."""
    if not isinstance(written, str) or not written:
        raise SettingFault(f"service_account_file in {secrets.name} should be the name of a file.")
    return secrets.parent.parent / Path(written).expanduser()


def _is_address(written: str) -> bool:
    parts = urlsplit(written)
    return parts.scheme in ("http", "https") and bool(parts.hostname)
