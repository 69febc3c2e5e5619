"""`results`, `candidates` and `check`: what the spreadsheets say, from a folder or from Google."""

import functools
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Concatenate, ParamSpec

import click

from config.settings import Settings
from services import exporting
from services.assembly import MAIN
from services.checking import all_problems
from services.errors import UnknownChoice
from services.readable import candidates_table, problems_table, results_table
from services.reading import Copy, read_once
from services.sharing import frozen_rounds
from services.tables.schema import load_schema
from services.verbs.options import (
    FOUND_PROBLEMS,
    WRONG_USAGE,
    data_option,
    google_option,
    in_one_sentence,
    json_option,
    print_found,
    round_option,
    stop,
)
from services.workbook.excel import ExcelFolder
from services.workbook.port import Workbook

P = ParamSpec("P")


def reading(command: Callable[Concatenate[Copy, P], None]) -> Callable[..., None]:
    """Give the command what the spreadsheets say; notices go before it on stderr."""

    @functools.wraps(command)
    def run(data: Path, google: bool, *args: P.args, **kwargs: P.kwargs) -> None:
        workbook, settings = _workbook(data, google), Settings.from_environment()
        frozen = frozen_rounds(workbook, replace(settings, data=data.resolve()))
        copy = read_once(workbook, load_schema(), frozen)
        for notice in copy.notices:
            click.echo(notice.sentence, err=True)
        try:
            command(copy, *args, **kwargs)
        except UnknownChoice as trouble:
            # Without the register nothing can be chosen, and that has been said already.
            if not any(notice.spreadsheet == MAIN for notice in copy.notices):
                stop(trouble, WRONG_USAGE)
        if copy.notices:
            sys.exit(FOUND_PROBLEMS)

    return data_option(google_option(in_one_sentence(run)))


def _workbook(data: Path, google: bool) -> Workbook:
    if not google:
        return ExcelFolder(data)
    from services.verbs.google import google_workbook  # a folder needs no Google

    return google_workbook()


@click.command()
@round_option
@json_option
@reading
def results(copy: Copy, round_name: str, as_json: bool) -> None:
    """Levels by school and area, and the city's, of a published round."""
    found = exporting.results_object(copy.register, round_name)
    print_found(found if as_json else results_table(copy.register, found))


@click.command()
@round_option
@click.option("--rules", "version", help="Judge by another rules version than the round's own.")
@json_option
@reading
def candidates(copy: Copy, round_name: str, version: str | None, as_json: bool) -> None:
    """Which schools qualify, and which criteria the others miss."""
    found = exporting.candidates_object(copy.register, round_name, version)
    print_found(found if as_json else candidates_table(found))


@click.command()
@json_option
@reading
def check(copy: Copy, as_json: bool) -> None:
    """Everything in the sheets that could not be used, with the cell and what to do."""
    problems = all_problems(copy.register)
    print_found(exporting.problems_object(problems) if as_json else problems_table(problems))
    if problems:
        sys.exit(FOUND_PROBLEMS)
