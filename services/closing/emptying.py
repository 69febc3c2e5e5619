"""The inbox after closing: nothing of the round in its sheets, and no copy of it anywhere of ours."""

from services.assembly import INBOX
from services.closing.gathering import RECEIVED, TAKING_PART
from services.errors import ClosingTrouble, SpreadsheetChanged
from services.last_copies import LastCopies
from services.outbox import Outbox
from services.tables.cells import is_blank, read_text
from services.tables.sheet import Sheet
from services.workbook.cell_values import header_text
from services.workbook.port import Workbook
from services.writing.deeds import Deed, NewRow

TRIES = 5
"""How often the inbox may change under our hands before somebody is asked to leave it alone."""

_ROUND = "Omgång"


def empty_inbox(workbook: Workbook, outbox: Outbox, copies: LastCopies | None, round_: str) -> None:
    """Take the rows of the round out of the inbox, and forget every copy; doing it again does no harm."""
    for _ in range(TRIES):
        seen = workbook.fresh(INBOX, {RECEIVED, TAKING_PART})
        rows = {
            title: numbers for title, sheet in seen.sheets.items() if (numbers := _rows_of(sheet, round_))
        }
        if not rows:
            break
        try:
            workbook.remove(INBOX, rows, seen)
        except SpreadsheetChanged:
            continue  # somebody is at work in it: look again
    else:
        raise ClosingTrouble(f"Någon ändrar i {INBOX} just nu. Låt den vara, och stäng omgången igen.")

    def is_of_the_round(deed: Deed) -> bool:
        return isinstance(deed, NewRow) and deed.values.get(_ROUND) == round_

    outbox.forget(INBOX, is_of_the_round)
    workbook.forget(INBOX)
    if copies is not None and not copies.forget(INBOX):
        raise ClosingTrouble("En kopia av inkorgen på servern går inte att ta bort. Stäng omgången igen.")


def _rows_of(sheet: Sheet, round_: str) -> list[int]:
    """The numbers of the round's rows, as the spreadsheet numbers them."""
    rounds = next((v for v in sheet.columns if v and header_text(v[0]) == _ROUND), ())
    return [
        number
        for number, value in enumerate(rounds, 1)
        if number > 1 and not is_blank(value) and read_text(value).strip() == round_
    ]
