"""Rows to be emptied, as few rectangles: thousands of cells are then one request each way."""

from collections.abc import Sequence
from dataclasses import replace

from services.workbook.guarded.cells import FAULTY
from services.workbook.guarded.image import Image
from services.workbook.guarded.operation import Added, Block, NewCell, Operation


def blocks_of(gid: int, numbers: Sequence[int], width: int) -> list[Block]:
    """All cells of these rows, so many from the left; the numbers in order, counted from 1."""
    blocks: list[Block] = []
    for number in numbers:
        last = blocks[-1] if blocks else None
        if last is not None and last.row + last.height == number - 1:
            blocks[-1] = replace(last, height=last.height + 1)
        else:
            blocks.append(Block(gid, number - 1, 1, width))
    return blocks


def added_again(operation: Operation, image: Image) -> tuple[Added, ...]:
    """The rows that an operation emptied, to be added below all others: nothing can be overwritten so."""
    rows: dict[int, list[tuple[NewCell, ...]]] = {}
    for block in operation.blocks:
        for row in range(block.row, block.row + block.height):
            stood = image.stood(operation, operation.line_numbers[block.gid, row])[: block.width]
            cells = tuple((at, value, None) for at, value in enumerate(stood) if value not in ("", FAULTY))
            if cells:
                rows.setdefault(block.gid, []).append(cells)
    return tuple(Added(gid, (), tuple(own)) for gid, own in rows.items())
