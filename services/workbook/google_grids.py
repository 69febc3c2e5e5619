"""The values of a sheet as Google sends them, column by column, and what we make of them."""

from typing import TypeAlias

from services.workbook.port import Cell, Place, Sheet

Grid: TypeAlias = list[list[Cell]]
"""`grid[column][row]`, each column cut after its last cell."""


def as_sheet(grid: Grid) -> Sheet:
    """A grid as Google cuts it, with all columns equally long and no empty ones at the end."""
    height = max(map(len, grid), default=0)
    for column in grid:
        if len(column) < height:
            column += [""] * (height - len(column))
    return Sheet(tuple(grid))


def formula_like(grid: Grid) -> bool:
    """Whether a cell looks like a formula."""
    return any(isinstance(cell, str) and cell.startswith("=") for column in grid for cell in column)


def formulas(sheet: str, written: Grid, shown: Grid | None) -> list[Place] | None:
    """Where formulas stand: what is written there begins with "=" and is not what is shown.

    None if the two readings do not fit together, as somebody changed the sheet between them.
    """
    if shown is None or len(shown) != len(written):
        return None
    places: list[Place] = []
    for column, (cells, values) in enumerate(zip(written, shown, strict=True)):
        longest = max(len(cells), len(values))
        for row in range(longest):
            cell = cells[row] if row < len(cells) else ""
            value = values[row] if row < len(values) else ""
            if cell == value and type(cell) is type(value):
                continue
            if not (isinstance(cell, str) and cell.startswith("=")):
                return None
            places.append((sheet, row + 1, column))
    return places
