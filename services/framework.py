"""The framework as it is public, and as a new register starts with it."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from services.errors import SchemaFault

FRAMEWORK_FILE = Path(__file__).parents[1] / "config" / "framework.toml"


@cache
def load_framework(path: Path = FRAMEWORK_FILE) -> Mapping[str, Any]:
    """The start content as `config/framework.toml` has it. SchemaFault where it can't be read."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as fault:
        raise SchemaFault(f"Startinnehållet {path.name} går inte att läsa: {fault}.") from fault
