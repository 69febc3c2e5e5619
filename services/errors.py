"""Everything that can go wrong in a way a person can do something about.

    Trouble                      the text is one Swedish sentence: where, and what to do
    ├── WorkbookTrouble          a spreadsheet could not be read or written
    │   ├── SpreadsheetMissing       it is not there
    │   ├── SpreadsheetUnreadable    truncated, foreign, encrypted or dangerous
    │   ├── SpreadsheetBusy          locked, open in another program, or without rights
    │   ├── SpreadsheetChanged       someone saved it between our read and our write
    │   ├── CellProtected            the cell holds a formula
    │   ├── NotConnected             Google does not accept who we say we are
    │   ├── NotShared                the spreadsheet is not shared with the app's address, or not for writing
    │   ├── Unreachable              Google does not answer; nothing was read or written
    │   ├── QuotaUsedUp              too many calls this minute; nothing was read or written
    │   ├── RequestRefused           Google says that the request is wrong; nothing was written
    │   └── OutcomeUnknown           Google did not say whether it wrote
    ├── RowTrouble               a row can't be changed as it was asked
    │   ├── RowGone                  nobody has that key any more
    │   ├── DuplicateKey             several rows have that key
    │   └── Conflict                 somebody else changed the same field
    ├── AnswerTrouble            an answer can't be taken in now
    │   ├── RoundSecretMissing       the round has no secret on this server
    │   ├── RoundNotOpen             it is not open, or not for this school
    │   └── StoreTrouble             the server does not get at its own disk
    ├── NotReady                 a step of a round can't be taken before something else is done
    ├── ClosingTrouble           a round can't be closed now; nothing is lost, it can be closed again
    ├── SchemaFault              config/tables.toml or config/framework.toml contradicts itself
    ├── UnknownChoice            a round, a school or a rules version that does not exist
    ├── DemoRefused              the demo would have to overwrite somebody's files
    ├── MoveRefused              setting up or moving would have to guess, or to overwrite
    ├── ImportRefused            an export of a form can't be read, or may not be taken in
    └── NotPermitted             the visitor may not see or do this

Anything else that is raised is a bug: it is logged under an id, and the id is shown.
"""

from collections.abc import Mapping


class Trouble(Exception):
    """Expected trouble; `str(trouble)` is the Swedish sentence to show."""


class WorkbookTrouble(Trouble):
    """A spreadsheet could not be read or written."""

    def __init__(self, spreadsheet: str, sentence: str) -> None:
        super().__init__(sentence)
        self.spreadsheet = spreadsheet


class SpreadsheetMissing(WorkbookTrouble):
    """The spreadsheet is not there."""


class SpreadsheetUnreadable(WorkbookTrouble):
    """The file is truncated, is not a spreadsheet, is encrypted, or would swell beyond reason."""


class SpreadsheetBusy(WorkbookTrouble):
    """The file is locked, open in another program, or we have no rights to it."""


class SpreadsheetChanged(WorkbookTrouble):
    """Someone saved the spreadsheet between our read and our write; nothing was written."""


class CellProtected(WorkbookTrouble):
    """The cell holds a formula, which is never overwritten."""


class NotConnected(WorkbookTrouble):
    """Google does not accept the account's key; nothing was read or written."""


class NotShared(WorkbookTrouble):
    """The spreadsheet is not there, or not shared with the app's address."""


class Unreachable(WorkbookTrouble):
    """Google does not answer; nothing was read or written."""


class QuotaUsedUp(WorkbookTrouble):
    """Google takes no more calls this minute; nothing was read or written."""


class RequestRefused(WorkbookTrouble):
    """Google says that the request is wrong, as where a sheet has been renamed; nothing was written."""


class OutcomeUnknown(WorkbookTrouble):
    """Google did not say whether it wrote: only reading again can tell."""


class RowTrouble(Trouble):
    """A row can't be changed as it was asked; nothing was written."""


class RowGone(RowTrouble):
    """No row has the key any more."""


class DuplicateKey(RowTrouble):
    """Several rows have the key."""


class Conflict(RowTrouble):
    """Somebody else changed the same fields since the visitor saw them.

    `base`, `theirs` and `mine` are the values of these fields by header: as seen, as they stand, as wanted.
    """

    def __init__(
        self,
        sentence: str,
        base: Mapping[str, object],
        theirs: Mapping[str, object],
        mine: Mapping[str, object],
    ) -> None:
        super().__init__(sentence)
        self.base, self.theirs, self.mine = base, theirs, mine


class AnswerTrouble(Trouble):
    """An answer can't be taken in now; what is filled in stays where it is."""


class RoundSecretMissing(AnswerTrouble):
    """The round has no secret on this server: it was not opened here, or is closed."""


class RoundNotOpen(AnswerTrouble):
    """The round is not open for this school today."""


class StoreTrouble(AnswerTrouble):
    """The server does not get at its own disk."""


class NotReady(Trouble):
    """A step of a round can't be taken before something else is done."""


class ClosingTrouble(Trouble):
    """A round can't be closed now; nothing is lost, and it can be closed again."""


class SchemaFault(Trouble):
    """The schema or the start content contradicts itself; found at start, never while running."""


class UnknownChoice(Trouble):
    """A round, a school or a rules version was asked for that does not exist."""


class DemoRefused(Trouble):
    """The demo register would have to overwrite somebody's files."""


class MoveRefused(Trouble):
    """Setting up, uploading or restoring would have to guess, or to overwrite what people have written."""


class ImportRefused(Trouble):
    """An export of a form can't be read, or its answers may not be taken in as things stand."""


class NotPermitted(Trouble):
    """The visitor may not see or do this."""
