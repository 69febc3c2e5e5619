"""The command line: `python -m services VERB [--data DIR]`.

Exit codes: 0 fine, 1 problems found, 2 wrong usage. What goes wrong is one sentence on stderr.
"""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Concatenate, ParamSpec

import click

from services import exporting
from services.assembly import MAIN
from services.checking import all_problems
from services.errors import DemoRefused, Trouble, UnknownChoice
from services.readable import candidates_table, problems_table, results_table
from services.reading import Copy, read_once
from services.tables.schema import load_schema
from services.workbook.excel import ExcelFolder

P = ParamSpec("P")

FOUND_PROBLEMS = 1
WRONG_USAGE = 2

data_option = click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default=lambda: Path(os.environ.get("VEBS_DATA", "data")),
    show_default="$VEBS_DATA or data",
    help="The folder with the spreadsheets.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
round_option = click.option("--round", "round_name", required=True, help="The round, such as 2021.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Varje elevs bästa skola – digital certifiering: figures, candidates and checks."""


def reading(command: Callable[Concatenate[Copy, P], None]) -> Callable[..., None]:
    """Give the command what the spreadsheets say, and turn trouble into a sentence and an exit code."""

    def run(data: Path, *args: P.args, **kwargs: P.kwargs) -> None:
        try:
            copy = read_once(ExcelFolder(data), load_schema())
            for notice in copy.notices:
                click.echo(notice.sentence, err=True)
            try:
                command(copy, *args, **kwargs)
            except UnknownChoice as trouble:
                # Without the register nothing can be chosen, and that has been said already.
                if not any(notice.spreadsheet == MAIN for notice in copy.notices):
                    _stop(trouble, WRONG_USAGE)
            if copy.notices:
                sys.exit(FOUND_PROBLEMS)
        except Trouble as trouble:
            _stop(trouble, FOUND_PROBLEMS)

    run.__name__, run.__doc__ = command.__name__, command.__doc__
    return run


@cli.command()
@round_option
@json_option
@data_option
@reading
def results(copy: Copy, round_name: str, as_json: bool) -> None:
    """Levels by school and area, and the city's, of a published round."""
    found = exporting.results_object(copy.register, round_name)
    _print(found if as_json else results_table(copy.register, found))


@cli.command()
@round_option
@click.option("--rules", "version", help="Judge by another rules version than the round's own.")
@json_option
@data_option
@reading
def candidates(copy: Copy, round_name: str, version: str | None, as_json: bool) -> None:
    """Which schools qualify, and which criteria the others miss."""
    found = exporting.candidates_object(copy.register, round_name, version)
    _print(found if as_json else candidates_table(found))


@cli.command()
@json_option
@data_option
@reading
def check(copy: Copy, as_json: bool) -> None:
    """Everything in the sheets that could not be used, with the cell and what to do."""
    problems = all_problems(copy.register)
    _print(exporting.problems_object(problems) if as_json else problems_table(problems))
    if problems:
        sys.exit(FOUND_PROBLEMS)


@cli.command()
@data_option
@click.option(
    "--seed",
    default=2021,
    type=click.IntRange(0),
    show_default=True,
    help="The same seed gives the same files.",
)
@click.option("--schools", default=78, show_default=True, help="How many schools.")
@click.option("--if-empty", is_flag=True, help="Do nothing where there are spreadsheets already.")
def demo(data: Path, seed: int, schools: int, if_empty: bool) -> None:
    """Make an invented register to look at."""
    try:
        if if_empty and ExcelFolder(data).spreadsheets():
            return
        from services.demo.making import make_demo  # only this verb needs it, and imports take time

        click.echo(f"Gör ett påhittat register i {data} …")
        make_demo(data, seed, schools, say=click.echo)
    except DemoRefused as trouble:
        _stop(trouble, WRONG_USAGE)
    except Trouble as trouble:
        _stop(trouble, FOUND_PROBLEMS)
    except OSError as fault:
        _stop(f"Mappen {data} går inte att skriva i ({fault.strerror}). Välj en annan.", FOUND_PROBLEMS)


def _print(found: dict[str, Any] | str) -> None:
    click.echo(found if isinstance(found, str) else json.dumps(found, ensure_ascii=False, allow_nan=False))


def _stop(sentence: Trouble | str, code: int) -> None:
    click.echo(str(sentence), err=True)
    sys.exit(code)


if __name__ == "__main__":
    cli(prog_name="python -m services")
