"""What the verbs share: options, exit codes, and how trouble ends a command."""

import functools
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn, ParamSpec

import click

from config.settings import SettingFault
from services.errors import QuotaUsedUp, Trouble, Unreachable

P = ParamSpec("P")

FOUND_PROBLEMS = 1
WRONG_USAGE = 2


def folder_in_use() -> Path:
    """The folder with the spreadsheets where none is named."""
    return Path(os.environ.get("VEBS_DATA") or "data")


data_option = click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default=folder_in_use,
    show_default="$VEBS_DATA or data",
    help="The folder with the spreadsheets.",
)
place_option = click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    help="A folder with spreadsheets.  [default: where the settings have the register]",
)
google_option = click.option(
    "--google", is_flag=True, help="The spreadsheets in Google, not those of a folder."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
round_option = click.option("--round", "round_name", required=True, help="The round, such as 2021.")


def in_one_sentence(command: Callable[P, None]) -> Callable[P, None]:
    """Turn trouble into a sentence on stderr and an exit code."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except SettingFault as fault:
            stop(str(fault), WRONG_USAGE)
        except Trouble as trouble:
            stop(trouble, FOUND_PROBLEMS)

    return run


def print_found(found: dict[str, Any] | str) -> None:
    """Print an object as one line of JSON, or a table as it is."""
    click.echo(found if isinstance(found, str) else json.dumps(found, ensure_ascii=False, allow_nan=False))


def tell(sentence: str) -> None:
    """Say how far a long command has come."""
    click.echo(sentence, err=True)


def stop(sentence: Trouble | str, code: int) -> NoReturn:
    """End with a sentence; the app tries again by itself, a command does not."""
    again = " Kör kommandot igen om en stund." if isinstance(sentence, Unreachable | QuotaUsedUp) else ""
    click.echo(f"{sentence}{again}", err=True)
    sys.exit(code)
