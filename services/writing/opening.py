"""Opens the one writer of a register: its outbox on disk, and the tempo that its workbook bears."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from config.settings import Settings
from services.assembly import MAIN
from services.outbox import Outbox
from services.tables.schema import load_schema
from services.workbook.opening import as_google, register_name
from services.workbook.port import Workbook
from services.writing.tempo import GOOGLE, LOCAL
from services.writing.writer import Writer


def open_writer(workbook: Workbook, settings: Settings, clock: Callable[[], dt.datetime]) -> Writer:
    """A writer to this workbook that goes on with what waited when the last one ended."""
    tempo = LOCAL if as_google(workbook) is None else GOOGLE
    return Writer(workbook, load_schema(), Outbox(outbox_file(workbook, settings)), clock, tempo)


def outbox_file(workbook: Workbook, settings: Settings) -> Path:
    """Where what waits for this very register is kept, so that nothing is ever written to another."""
    return settings.state / "outbox" / f"{register_name(workbook, settings, MAIN)}.sqlite"
