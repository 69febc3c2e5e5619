"""Single columns of a sheet at Google, found by their headers with one call."""

import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from services.workbook.cell_values import column_letters, header_text, is_blank
from services.workbook.google import in_sheet
from services.workbook.port import Cell, Columns, Sheet


@dataclass(frozen=True, slots=True)
class Guess:
    """Where columns are thought to be: sheet, header and column number of each."""

    places: tuple[tuple[str, str, int], ...]

    def ranges(self) -> list[str]:
        """What to ask Google for."""
        return [
            in_sheet(sheet, f"{column_letters(column)}:{column_letters(column)}")
            for sheet, _, column in self.places
        ]

    def confirmed(self, found: list[list[list[Cell]]]) -> Columns | None:
        """The columns below their headers; None if one of them is not where it was thought to be."""
        cells = [part[0] if part else [] for part in found]
        columns: dict[str, dict[str, list[Cell]]] = {}
        for (sheet, header, _), values in zip(self.places, cells, strict=True):
            first = next((row for row, value in enumerate(values) if not is_blank(value)), None)
            if first is None or header_text(values[first]) != header:
                return None
            columns.setdefault(sheet, {})[header] = values[first + 1 :]
        for of_sheet in columns.values():
            height = max(map(len, of_sheet.values()))
            for values in of_sheet.values():
                values += [""] * (height - len(values))
        return columns


class Places:
    """Remembers where the headers of sheets were seen last."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], dict[str, int]] = {}
        self._lock = threading.Lock()

    def remember(self, spreadsheet: str, sheets: Mapping[str, Sheet]) -> None:
        """Note where the headers stand: the first of two equal ones counts."""
        for name, sheet in sheets.items():
            rows = range(sheet.height)
            first = next((r for r in rows if any(not is_blank(cells[r]) for cells in sheet.columns)), None)
            places: dict[str, int] = {}
            if first is not None:
                for column, cells in enumerate(sheet.columns):
                    places.setdefault(header_text(cells[first]), column)
            with self._lock:
                self._known[spreadsheet, name] = places

    def guess(self, spreadsheet: str, wanted: Mapping[str, Collection[str]]) -> Guess | None:
        """Where all of these columns should be; None if one of them has not been seen."""
        places: list[tuple[str, str, int]] = []
        for sheet, headers in wanted.items():
            known = self._known.get((spreadsheet, sheet), {})
            if not known.keys() >= set(headers):
                return None
            places += [(sheet, header, known[header]) for header in headers]
        return Guess(tuple(places)) if places else None
