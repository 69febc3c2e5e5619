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
    """Where things are. `state` is for what the app keeps for itself and may lose."""

    data: Path
    state: Path

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """Read VEBS_DATA and VEBS_STATE. SettingFault where one points at a file."""
        return cls(
            data=_folder(environment, "VEBS_DATA", ROOT / "data"),
            state=_folder(environment, "VEBS_STATE", ROOT / ".state"),
        )


def _folder(environment: Mapping[str, str], name: str, default: Path) -> Path:
    folder = Path(environment.get(name) or default).expanduser().resolve()
    if folder.exists() and not folder.is_dir():
        raise SettingFault(f"{name} should be a folder, but {folder} is a file.")
    return folder
