"""`close-round`: from answers under keys to shuffled rows that are nobody's."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import click

from config.settings import Settings
from services.closing.opening import closing_office
from services.closing.round_closing import close
from services.domain.access import Role, Visitor
from services.forms.place import Place
from services.outbox import Outbox
from services.reading import read_once
from services.tables.schema import load_schema
from services.verbs.keeping import in_google
from services.verbs.options import google_option, in_one_sentence, place_option, round_option, tell
from services.workbook.excel import ExcelFolder
from services.workbook.port import Workbook
from services.writing.opening import open_writer, outbox_file

OPERATOR = Visitor("kommandoraden", frozenset({Role.UNIT}))
"""Whoever may run commands on the server holds its secrets anyway."""


@click.command("close-round")
@round_option
@place_option
@google_option
@in_one_sentence
def close_round(round_name: str, data: Path | None, google: bool) -> None:
    """Close a round: write its answers without keys, destroy its secret, empty the inbox; again at will."""
    settings = Settings.from_environment()
    workbook: Workbook
    if in_google(settings, data, google):
        from services.verbs.google import google_workbook  # a folder needs no Google

        workbook = google_workbook()
    else:
        settings = replace(settings, data=(data or settings.data).resolve())
        workbook = ExcelFolder(settings.data)
    register = read_once(workbook, load_schema()).register
    writer, outbox = open_writer(workbook, settings, _now), Outbox(outbox_file(workbook, settings))
    writer.start()
    try:
        asked = tuple(question.id for question in register.questions_in(round_name))
        Place(workbook, load_schema(), settings, say=tell).make_room(
            load_schema().table("Svar").with_questions(asked), round_name, len(register.permissions)
        )
        office = closing_office(workbook, settings, writer, outbox, round_name, _now)
        for step in close(office, register, OPERATOR, round_name):
            tell(f"{step}.")
        tell(f"Omgång {round_name} är stängd.")
    finally:
        writer.stop()
        outbox.close()


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
