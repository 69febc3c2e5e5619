"""Rows of ours that were added while the headers stood elsewhere: where they are, to be blanked again."""

from services.workbook.google_cells import same, scalar
from services.workbook.google_operation import Added, Spot
from services.workbook.port import Sheet


def blanks_of(added: Added, sheet: Sheet) -> list[Spot]:
    """A blank for each cell of the rows added, where they stand together; nothing where they do not."""
    top = next(
        (row for row in range(sheet.height - len(added.rows), -1, -1) if _stand_at(added, sheet, row)), None
    )
    if top is None:
        return []
    return [
        Spot(added.gid, row, column)
        for row, cells in enumerate(added.rows, top)
        for column, value, _ in cells
        if value != ""
    ]


def _stand_at(added: Added, sheet: Sheet, top: int) -> bool:
    return all(
        value == "" or (column < len(sheet.columns) and same(value, scalar(sheet.columns[column][row])))
        for row, cells in enumerate(added.rows, top)
        for column, value, _ in cells
    ) and any(value != "" for cells in added.rows for _, value, _ in cells)
