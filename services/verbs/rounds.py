"""`close-round`: from answers under keys to shuffled rows that are nobody's."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import click

from config.settings import Settings
from services.closing.opening import closing_office
from services.closing.round_closing import close, require_closable
from services.domain.access import Role, Visitor
from services.errors import UnknownChoice
from services.making_room import Builder
from services.outbox import Outbox
from services.reading import read_once
from services.tables.schema import load_schema
from services.verbs.keeping import in_google
from services.verbs.options import (
    WRONG_USAGE,
    google_option,
    in_one_sentence,
    place_option,
    round_option,
    stop,
    tell,
)
from services.workbook.opening import open_google, open_workbook
from services.writing.opening import open_writer, outbox_file

OPERATOR = Visitor("kommandoraden", frozenset({Role.UNIT}))
"""Whoever may run commands on the server holds its secrets anyway."""

BACKUPS = "Säkerhetskopior från när omgången var öppen har kvar inkorgen: ta bort dem där ni har dem."


@click.command("close-round")
@round_option
@place_option
@google_option
@in_one_sentence
def close_round(round_name: str, data: Path | None, google: bool) -> None:
    """Close a round: write its answers without keys, destroy its secret, empty the inbox; again at will."""
    settings = Settings.from_environment()
    if not in_google(settings, data, google):
        settings = replace(settings, data=(data or settings.data).resolve(), google=None)
    # As the app opens it, with the state folder: the versions that it keeps of the inbox are to go as well.
    workbook = open_google(settings) if google else open_workbook(settings)
    register = read_once(workbook, load_schema()).register
    try:
        require_closable(register, round_name)
    except UnknownChoice as trouble:
        stop(trouble, WRONG_USAGE)
    writer, outbox = open_writer(workbook, settings, _now), Outbox(outbox_file(workbook, settings))
    writer.start()
    try:
        Builder(workbook, load_schema(), settings, say=tell).make_room_for_answers(register, round_name)
        office = closing_office(workbook, settings, writer, outbox, round_name, _now)
        for step in close(office, register, OPERATOR, round_name):
            tell(f"{step}.")
        tell(BACKUPS)
        tell(f"Omgång {round_name} är stängd.")
    finally:
        writer.stop()
        outbox.close()


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
