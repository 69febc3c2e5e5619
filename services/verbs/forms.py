"""`import-forms`: a round that was answered in Google Forms."""

import datetime as dt
import functools
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Concatenate, ParamSpec

import click

from config.settings import Settings
from services.assembly import MAIN
from services.connecting import Wanted, register_of
from services.errors import ImportRefused, UnknownChoice
from services.forms.export import load_export
from services.forms.importing import FormsImport, Preview, agreed, is_settled
from services.forms.mapping_file import mapping_text, read_mapping, write_mapping
from services.forms.matching import Match
from services.forms.place import Place
from services.forms.telling import import_lines, import_object
from services.tables.schema import load_schema
from services.verbs.google import ask
from services.verbs.keeping import in_google
from services.verbs.options import (
    FOUND_PROBLEMS,
    WRONG_USAGE,
    google_option,
    in_one_sentence,
    json_option,
    place_option,
    print_found,
    round_option,
    stop,
    tell,
)
from services.verbs.setting_up import owner_option
from services.workbook.opening import open_workbook

WHO = "kommandoraden"


P = ParamSpec("P")


def placing(command: Callable[Concatenate[Place, P], None]) -> Callable[..., None]:
    """Give the command the register: where it is said, else where the settings have it."""

    @functools.wraps(command)
    def run(
        data: Path | None, google: bool, owners: tuple[str, ...], *args: P.args, **kwargs: P.kwargs
    ) -> None:
        settings = Settings.from_environment()
        if not in_google(settings, data, google):
            settings = replace(settings, data=(data or settings.data).resolve(), google=None)
        wanted = Wanted(owners=owners, ask=ask)
        command(Place(open_workbook(settings), load_schema(), settings, wanted, tell), *args, **kwargs)

    return place_option(google_option(owner_option(in_one_sentence(run))))


@click.command("import-forms")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@round_option
@click.option(
    "--mapping",
    type=click.Path(dir_okay=False, path_type=Path),
    help="What each uncertain column is (TOML); the command writes it out where it is not there.",
)
@click.option("--yes", "how", flag_value="yes", help="Take every proposal for an uncertain column.")
@click.option("--dry-run", "how", flag_value="dry-run", help="Tell what would happen, and write nothing.")
@json_option
@placing
def import_forms(
    place: Place, file: Path, round_name: str, mapping: Path | None, how: str | None, as_json: bool
) -> None:
    """Take the answers of a Google Form into a closed round, once: what is there already stays as it is."""
    work = _import(place, round_name, file)
    matches = work.match(read_mapping(mapping, work.questions) if mapping and mapping.exists() else {})
    if how == "yes":
        matches = agreed(matches)
    if how == "dry-run" or not is_settled(matches):
        found = work.preview(matches)
    else:
        found = work.take_in(matches, WHO, dt.datetime.now().astimezone())
    print_found(import_object(found) if as_json else import_lines(found))
    if how == "dry-run" and not is_settled(matches):
        raise ImportRefused("Alla kolumner är inte säkra; kör utan --dry-run, så skrivs en fil att se över.")
    if not is_settled(matches):
        _ask_for_mapping(work, matches, file, round_name, mapping)
    _tell_of_problems(found)


def _import(place: Place, round_name: str, file: Path) -> FormsImport:
    register = register_of(place.schema, place.workbook.read(MAIN).sheets)
    try:
        return FormsImport(place, register, round_name, load_export(file))
    except UnknownChoice as trouble:
        stop(trouble, WRONG_USAGE)


def _ask_for_mapping(
    work: FormsImport, matches: Sequence[Match], file: Path, round_name: str, mapping: Path | None
) -> None:
    """Write out what is to be confirmed, and end."""
    path = mapping or file.with_name(f"{file.stem}.koppling.toml")
    write_mapping(path, mapping_text(matches, work.questions, file.name, round_name))
    raise ImportRefused(
        f"Inget är inläst: alla kolumner är inte säkra. Se över {path} och kör igen med --mapping {path}."
    )


def _tell_of_problems(found: Preview) -> None:
    if rows := len(found.problems):
        tell(f"Rader som inte kunde läsas in, fast de kan vara svar: {rows}.")
    if cells := len(found.cells):
        tell(f"Celler som inte är någon nivå och räknas som tomma: {cells}.")
    if found.problems or found.cells:
        sys.exit(FOUND_PROBLEMS)
