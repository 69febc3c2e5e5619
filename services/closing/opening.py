"""What a round needs on this server, assembled: its file, its secret, and the office that closes it."""

import datetime as dt
from collections.abc import Callable
from functools import partial
from pathlib import Path

from config.settings import Settings
from services.answering.keys import RoundSecrets
from services.answering.round_file import RoundFile
from services.assembly import MAIN
from services.closing.emptying import empty_inbox
from services.closing.round_closing import Office
from services.domain.round import file_stem
from services.last_copies import LastCopies
from services.outbox import Outbox
from services.tables.schema import load_schema
from services.workbook.opening import as_google, register_name, state_folder
from services.workbook.port import Workbook
from services.writing.writer import Writer


def round_secrets(workbook: Workbook, settings: Settings) -> RoundSecrets:
    """The secrets of this register's open rounds."""
    return RoundSecrets(_folder(workbook, settings) / "secrets")


def round_file(workbook: Workbook, settings: Settings, round_: str) -> RoundFile:
    """What the server keeps of one open round of this register."""
    return RoundFile(_folder(workbook, settings) / f"{file_stem(round_)}.sqlite")


def closing_office(
    workbook: Workbook,
    settings: Settings,
    writer: Writer,
    outbox: Outbox,
    round_: str,
    clock: Callable[[], dt.datetime],
) -> Office:
    """The office that closes a round of this register."""
    on_disk = None
    if as_google(workbook) is not None:
        on_disk = LastCopies(state_folder(workbook, settings, MAIN) / "last", clock)
    return Office(
        workbook,
        load_schema(),
        writer,
        outbox,
        round_secrets(workbook, settings),
        round_file(workbook, settings, round_),
        _folder(workbook, settings) / "closing",
        clock,
        partial(empty_inbox, workbook, outbox, on_disk),
    )


def _folder(workbook: Workbook, settings: Settings) -> Path:
    return settings.state / "open-rounds" / register_name(workbook, settings, MAIN)
