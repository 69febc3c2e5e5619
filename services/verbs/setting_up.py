"""`setup-google` and `upload`: a register at Google, laid out and filled."""

from pathlib import Path

import click

from services.connecting import Wanted, connect
from services.moving import start_content
from services.moving import upload as carry
from services.tables.schema import load_schema
from services.verbs.google import ask, open_link
from services.verbs.options import in_one_sentence, json_option, print_found, tell
from services.workbook.excel import ExcelFolder

owner_option = click.option(
    "--owner", "owners", multiple=True, help="Whose spreadsheets to trust: an address, or what follows its @."
)


@click.command()
@click.option("--round", "rounds", multiple=True, help="Make room for the answers of this round too.")
@click.option(
    "--data",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Make room for the rounds of this folder's register too.",
)
@click.option("--start", is_flag=True, help="Fill a blank register with the framework's questions and rules.")
@owner_option
@in_one_sentence
def setup_google(rounds: tuple[str, ...], data: Path | None, start: bool, owners: tuple[str, ...]) -> None:
    """Connect the spreadsheets at Google and make the sheets, headers and drop-downs they lack."""
    link = open_link()
    address = link.client.address
    tell(
        f"Appens adress hos Google är {address}. Dela kalkylbladen med den, som redigerare."
        if address
        else "Appens konto hos Google har ingen adress att visa."
    )
    schema = load_schema()
    folder = ExcelFolder(data) if data else None
    connect(link, schema, Wanted(rounds, folder, owners, ask))
    start_content(link, schema, fill=start)


@click.command()
@click.option(
    "--data",
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder with the spreadsheets to carry.",
)
@owner_option
@json_option
@in_one_sentence
def upload(data: Path, owners: tuple[str, ...], as_json: bool) -> None:
    """Carry a folder's register to blank spreadsheets at Google, and read it back."""
    moved = carry(open_link(), load_schema(), ExcelFolder(data), Wanted(owners=owners, ask=ask))
    if as_json:
        print_found(
            {
                "spreadsheets": [
                    {"spreadsheet": one.spreadsheet, "rows": one.rows, "cells": one.cells} for one in moved
                ]
            }
        )
