"""Everything that can go wrong in a way a person can do something about.

    Trouble                      the text is one Swedish sentence: where, and what to do
    ├── WorkbookTrouble          a spreadsheet could not be read or written
    │   ├── SpreadsheetMissing       it is not there
    │   ├── SpreadsheetUnreadable    truncated, foreign, encrypted or dangerous
    │   ├── SpreadsheetBusy          locked, open in another program, or without rights
    │   ├── SpreadsheetChanged       someone saved it between our read and our write
    │   └── CellProtected            the cell holds a formula
    ├── SchemaFault              config/tables.toml or config/framework.toml contradicts itself
    ├── UnknownChoice            a round, a school or a rules version that does not exist
    ├── DemoRefused              the demo would have to overwrite somebody's files
    └── NotPermitted             the visitor may not see or do this

Anything else that is raised is a bug: it is logged under an id, and the id is shown.
"""


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


class SchemaFault(Trouble):
    """The schema or the start content contradicts itself; found at start, never while running."""


class UnknownChoice(Trouble):
    """A round, a school or a rules version was asked for that does not exist."""


class DemoRefused(Trouble):
    """The demo register would have to overwrite somebody's files."""


class NotPermitted(Trouble):
    """The visitor may not see or do this."""
