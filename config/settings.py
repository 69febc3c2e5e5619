"""Settings of this deployment, read once at start from the environment; a wrong one is named, loudly."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]


class SettingFault(Exception):
    """A setting is wrong; the text says which and what to write."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things are, and who is trusted.

    `state` is for what the app keeps for itself and may lose. `trust_this_computer` lets whoever sits at
    it see a register that has no login.
    """

    data: Path
    state: Path
    trust_this_computer: bool = False

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """Read VEBS_DATA, VEBS_STATE and VEBS_TRUST_THIS_COMPUTER. SettingFault where one is wrong."""
        return cls(
            data=_folder(environment, "VEBS_DATA", ROOT / "data"),
            state=_folder(environment, "VEBS_STATE", ROOT / ".state"),
            trust_this_computer=_switch(environment, "VEBS_TRUST_THIS_COMPUTER"),
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
