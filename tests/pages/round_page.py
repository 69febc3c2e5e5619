"""The page Självskattning on a town of its own, in which a person types as well."""

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pages.components import current, open_rounds
from services.errors import RoundSecretMissing
from tests.answering.conftest import QUESTIONS
from tests.pages.registers import DEMO_DAY
from tests.pages.visiting import Opener, Visit, plain
from tests.people import (
    Row,
    a_round,
    answers,
    grid,
    register_sheets,
    save,
)

INBOX_HEADERS = ["Nyckel", "Omgång", "Skolenhetskod", "Version", *QUESTIONS]


class Page:
    """The page on a register of its own, in which a person can type as well."""

    def __init__(self, data: Path, seen: Visit) -> None:
        self.data, self.seen = data, seen

    def press(self, button: str) -> "Page":
        self.seen.app.button(key=button).click().run()
        self.seen.checked()
        return self

    def fill_in(self, **values: Any) -> "Page":
        app = self.seen.app
        for key, value in values.items():
            kinds = (app.text_input, app.date_input, app.selectbox)
            next(one for kind in kinds for one in kind if one.key == key).set_value(value)
        return self

    @property
    def buttons(self) -> dict[str, bool]:
        """By key, whether it can be pressed."""
        return {
            one.key: not one.disabled for one in self.seen.app.button if str(one.key).startswith("round_")
        }

    @property
    def errors(self) -> list[str]:
        return [plain(one.value) for one in self.seen.app.error]

    @property
    def said(self) -> str:
        app = self.seen.app
        boxes = (*app.success, *app.info, *app.warning, *app.error, *app.markdown, *app.header, *app.caption)
        return plain("\n".join(box.value for box in boxes))

    def rows(self, sheet: str, spreadsheet: str = "vebs") -> list[dict[str, Any]]:
        """The rows of a sheet that say anything."""
        headers, *rows = openpyxl.load_workbook(self.data / f"{spreadsheet}.xlsx")[sheet].iter_rows(
            values_only=True
        )
        return [dict(zip(headers, row, strict=True)) for row in rows if any(row)]

    def status(self, round_: str = "2022") -> str:
        return next(row["Status"] for row in self.rows("Omgångar") if row["Omgång"] == round_)

    def log(self) -> list[tuple[Any, ...]]:
        """Vem, Händelse, Nyckel, Efter of the log, which is written last."""
        until = time.monotonic() + 30
        while current.writer().status().log_rows_waiting and time.monotonic() < until:
            time.sleep(0.02)
        return [(row["Vem"], row["Händelse"], row["Nyckel"], row["Efter"]) for row in self.rows("Logg")]

    def typed_by_hand(
        self, sheet: str, header: str, value: Any, row: int = 2, spreadsheet: str = "vebs"
    ) -> None:
        path = self.data / f"{spreadsheet}.xlsx"
        book = openpyxl.load_workbook(path)
        [column] = [cell.column for cell in book[sheet][1] if cell.value == header]
        book[sheet].cell(row, column).value = value
        book.save(path)
        current.shared_copy().renew()


Make = Callable[..., Page]


@pytest.fixture
def page(visit: Opener, tmp_path: Path) -> Iterator[Make]:
    """Opens the page on a town whose round 2022 has this status, and round 2021 is published."""

    def make(
        status: str = "Öppen",
        who: str = "unni",
        *,
        answered: Sequence[str] = (),
        rows: Sequence[Row] = (),
        secret: bool = True,
        **tables: Any,
    ) -> Page:
        tables = {"rounds": [a_round("2021"), a_round("2022", status)], "settings": [DEMO_DAY], **tables}
        sheets = register_sheets({"2021": answers(12, L=3, U=3), "2022": rows}, **tables)
        if status in ("Planerad", "Öppen"):
            del sheets["svar-2022"]
        if status == "Öppen":
            sheets["inkorg"] = an_inbox(answered)
        data = save(tmp_path / "data", sheets)
        visit.move(data, tmp_path)
        if status == "Öppen" and secret:
            open_rounds.secrets().make("2022")
        current.writer().start()
        return Page(data, visit("self_assessment", who, omgang="2022"))

    yield make
    open_rounds.forget()
    current.stop()


def an_inbox(answered: Sequence[str]) -> dict[str, list[list[Any]]]:
    """Somebody has answered for each of the schools: Trygg in everything."""
    rows = [
        {"Nyckel": f"{n:064x}", "Omgång": "2022", "Skolenhetskod": school, "Version": 1}
        | dict.fromkeys(QUESTIONS, 3)
        for n, school in enumerate(answered)
    ]
    return {"Inkomna": grid(INBOX_HEADERS, rows), "Deltagande": grid(INBOX_HEADERS[:3], rows)}


def secret_is_there() -> bool:
    try:
        return bool(open_rounds.secrets().of("2022"))
    except RoundSecretMissing:
        return False
