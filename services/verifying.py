"""Holding the log to its chain, and to what the app remembers of it outside the spreadsheet."""

from dataclasses import dataclass

from config.settings import Settings
from services.assembly import MAIN
from services.history import LOG, Anchor, BadRow, LogRow, log_rows, verify
from services.outbox import Outbox
from services.workbook.port import Workbook
from services.writing.opening import outbox_file

_LOOKS = 5


@dataclass(frozen=True, slots=True)
class LogFinding:
    """How many rows the log has, its first bad row if any, and whether its end could be checked too."""

    rows: int
    bad: BadRow | None
    is_anchored: bool

    @property
    def sentence(self) -> str:
        """The finding as a person reads it."""
        if self.bad is not None:
            return f"Loggen är bruten på rad {self.bad.number}: {self.bad.sentence}"
        if self.is_anchored:
            return f"Loggen är hel, som appen skrev den. Antal rader: {self.rows}."
        if not self.rows:
            return "Loggen är tom."
        return (
            f"Loggens {self.rows} rader hänger ihop. Om rader saknas i slutet går inte att säga härifrån: "
            "appens egna anteckningar om loggen finns inte i den här lagringsmappen."
        )


def verify_log(workbook: Workbook, settings: Settings) -> LogFinding:
    """Check every row of the log, and its end where the app has kept notes of it."""
    anchor = _anchor(workbook, settings)
    for _ in range(_LOOKS):
        rows, before = _rows(workbook), anchor
        anchor = _anchor(workbook, settings)
        if anchor == before:
            break  # nothing was logged while we read
    return LogFinding(len(rows), verify(rows, anchor), anchor is not None)


def _rows(workbook: Workbook) -> list[LogRow]:
    return log_rows(workbook.fresh(MAIN, {LOG}).sheets.get(LOG))


def _anchor(workbook: Workbook, settings: Settings) -> Anchor | None:
    path = outbox_file(workbook, settings)
    if not path.exists():
        return None
    outbox = Outbox(path)
    try:
        return outbox.anchor()
    finally:
        outbox.close()
