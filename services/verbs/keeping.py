"""`backup`, `restore` and `verify-log`: the register kept, brought back, and its log held to its chain."""

import datetime as dt
import sys
from dataclasses import replace
from pathlib import Path

import click

from config.settings import Settings
from services.connecting import Wanted
from services.verbs.options import (
    FOUND_PROBLEMS,
    google_option,
    in_one_sentence,
    json_option,
    place_option,
    print_found,
    tell,
)


@click.command()
@click.option(
    "--to",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder to make the dated folder in.  [default: backups in $VEBS_STATE]",
)
@place_option
@google_option
@json_option
@in_one_sentence
def backup(to: Path | None, data: Path | None, google: bool, as_json: bool) -> None:
    """Keep every spreadsheet in a dated folder, and print where."""
    from services.backing_up import back_up_folder, back_up_google, open_backup
    from services.verbs.google import open_link

    settings = Settings.from_environment()
    to = to or settings.state / "backups"
    now = dt.datetime.now().astimezone()
    if in_google(settings, data, google):
        folder = back_up_google(open_link(), to, now)
    else:
        folder = back_up_folder(data or settings.data, to, now, tell)
    kept = open_backup(folder)
    cells = {one.name: sum(one.cells.values()) for one in kept.spreadsheets}
    print_found({"folder": str(folder), "cells": cells} if as_json else str(folder))


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@place_option
@google_option
@click.option("--owner", "owners", multiple=True, help="Whose spreadsheets to trust, as in setup-google.")
@json_option
@in_one_sentence
def restore(folder: Path, data: Path | None, google: bool, owners: tuple[str, ...], as_json: bool) -> None:
    """Bring a backup back to where it is missing; never over what people have written since."""
    from services.backing_up import open_backup
    from services.restoring import restore_folder, restore_google
    from services.verbs.google import ask, open_link

    settings = Settings.from_environment()
    kept = open_backup(folder)
    if not in_google(settings, data, google):
        restore_folder(kept, data or settings.data, tell)
        return
    restored = restore_google(open_link(), kept, Wanted(owners=owners, ask=ask))
    if as_json:
        spreadsheets = [
            {
                "spreadsheet": one.spreadsheet,
                "cells": one.cells,
                "content_differs": one.content_differs,
                "looks_differ": len(one.differing) - one.content_differs,
            }
            for one in restored
        ]
        print_found({"spreadsheets": spreadsheets})
    for one in restored:
        for difference in one.differing[:20]:
            tell(f"{one.spreadsheet}: {difference.sheet} {difference.what} skiljer sig.")
    if any(one.differing for one in restored):
        sys.exit(FOUND_PROBLEMS)


@click.command("verify-log")
@place_option
@google_option
@json_option
@in_one_sentence
def verify_log(data: Path | None, google: bool, as_json: bool) -> None:
    """Whether the log is as the app wrote it: exit code 0, or 1 and the first row that is not."""
    from services.verbs.google import google_workbook
    from services.verifying import verify_log as verify
    from services.workbook.excel import ExcelFolder

    settings = Settings.from_environment()
    if in_google(settings, data, google):
        found = verify(google_workbook(), settings)
    else:
        place = (data or settings.data).resolve()
        found = verify(ExcelFolder(place), replace(settings, data=place))
    if as_json:
        bad = {"row": found.bad.number, "sentence": found.bad.sentence} if found.bad else None
        print_found({"whole": found.bad is None, "rows": found.rows, "first_bad": bad})
    else:
        print_found(found.sentence)
    if found.bad:
        sys.exit(FOUND_PROBLEMS)


def in_google(settings: Settings, data: Path | None, google: bool) -> bool:
    """Where the register is: where it is said, else where the settings have it."""
    return google or (data is None and settings.google is not None)
