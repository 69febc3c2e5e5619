"""A part of a page that is worked in: its buttons and fields, and what came of it in the sheet."""

from pathlib import Path
from typing import Any, Self

import openpyxl
from streamlit.testing.v1 import AppTest

from tests.pages.visiting import Visit, plain


class Section:
    """One visitor's tab, on a register of its own; `sheet` is what it writes in, `field` begins its keys."""

    def __init__(self, script: Any, data: Path, who: str, *, sheet: str, field: str) -> None:
        self.data, self.sheet, self.field = data, sheet, field
        self.app = AppTest.from_function(script, default_timeout=60)
        self.app.query_params["som"] = who
        self.seen = Visit(self.app)
        self.seen.again()

    def press(self, key: str) -> Self:
        self.app.button(key=key).click().run()
        self.seen.checked()
        return self

    def choose(self, key: str, value: object) -> Self:
        self.app.selectbox(key=key).set_value(value).run()
        self.seen.checked()
        return self

    def fill_in(self, **values: Any) -> Self:
        app = self.app
        kinds = (
            app.selectbox,
            app.radio,
            app.date_input,
            app.time_input,
            app.text_area,
            app.text_input,
            app.number_input,
        )
        for name, value in values.items():
            key = f"{self.field}{name}"
            next(one for kind in kinds for one in kind if one.key == key).set_value(value)
        return self

    @property
    def buttons(self) -> set[str]:
        return {str(one.key) for one in self.app.button}

    @property
    def said(self) -> str:
        app = self.app
        boxes = (
            *app.success,
            *app.info,
            *app.warning,
            *app.error,
            *app.markdown,
            *app.header,
            *app.subheader,
            *app.caption,
        )
        return plain("\n".join(box.value for box in boxes))

    def rows(self) -> list[dict[str, Any]]:
        book = openpyxl.load_workbook(self.data / "vebs.xlsx")
        headers, *rows = book[self.sheet].iter_rows(values_only=True)
        return [dict(zip(headers, row, strict=True)) for row in rows if any(row)]

    def typed_by_hand(self, header: str, value: Any, row: int = 2) -> None:
        path = self.data / "vebs.xlsx"
        book = openpyxl.load_workbook(path)
        sheet = book[self.sheet]
        [column] = [cell.column for cell in sheet[1] if cell.value == header]
        sheet.cell(row, column).value = value
        book.save(path)
