"""The inbox after closing: nothing of the round in its sheets, and no copy of it anywhere of ours."""

from services.assembly import INBOX
from services.closing.gathering import RECEIVED, TAKING_PART
from services.errors import ClosingTrouble
from services.last_copies import LastCopies
from services.outbox import Outbox
from services.workbook.emptying import empty
from services.workbook.port import Workbook
from services.writing.deeds import Deed, NewRow

_ROUND = "Omgång"


def empty_inbox(workbook: Workbook, outbox: Outbox, copies: LastCopies | None, round_: str) -> None:
    """Take the rows of the round out of the inbox, and forget every copy; doing it again does no harm."""
    empty(workbook, INBOX, {RECEIVED, TAKING_PART}, (_ROUND, round_))

    def is_of_the_round(deed: Deed) -> bool:
        return isinstance(deed, NewRow) and deed.values.get(_ROUND) == round_

    outbox.forget(INBOX, is_of_the_round)
    workbook.forget(INBOX)
    if copies is not None and not copies.forget(INBOX):
        raise ClosingTrouble("En kopia av inkorgen på servern går inte att ta bort. Stäng omgången igen.")
