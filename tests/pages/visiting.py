"""A page as AppTest has it: what it says, its tables, and its charts with the data they were sent."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import pandas as pd
import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

from pages.components import current
from tests.pages_on_disk import PAGES

CAST = (*current.DEMO_CAST, "")
"""Everybody in the demo, and nobody."""

REFUSED = "Behörighet saknas"
TITLES = {
    "overview": "Översikt",
    "areas": "Delområden",
    "school": "Skola",
    "certification": "Certifiering",
    "process_year": "Processåret",
    "action_plan": "Handlingsplan",
    "self_assessment": "Självskattning",
    "answer": "Svara",
    "talk": "Samtalsläge",
    "forms": "Formulärsvar",
    "checks": "Kontroll",
    "about": "Om tjänsten",
}
"""The h1 of every page but the start page, which greets."""


@dataclass(frozen=True, slots=True)
class SentChart:
    """A chart as it came to the browser: its name for screen readers, its drawing, its data."""

    alt: str
    spec: Mapping[str, Any]
    frames: tuple[pd.DataFrame, ...]


class Visit:
    """One visitor's tab."""

    def __init__(self, app: AppTest) -> None:
        self.app = app

    @property
    def address(self) -> dict[str, Any]:
        return dict(self.app.query_params)

    @property
    def h1(self) -> str:
        [title] = self.app.title
        return title.value

    @property
    def headings(self) -> list[str]:
        return [plain(one.value) for one in self.app.header]

    @property
    def alerts(self) -> list[str]:
        """Notices, warnings and the like, but no errors."""
        boxes = (*self.app.info, *self.app.warning, *self.app.success)
        return [plain(one.value) for one in boxes]

    @property
    def metrics(self) -> dict[str, str]:
        return {one.label: one.value for one in self.app.metric}

    @property
    def tables(self) -> list[pd.DataFrame]:
        return [one.value for one in self.app.dataframe]

    def table(self, column: str) -> pd.DataFrame:
        """The first table with such a column."""
        return next(table for table in self.tables if column in table)

    @property
    def charts(self) -> list[SentChart]:
        return [_sent(one.proto) for one in self.app.get("vega_lite_chart")]

    @property
    def labels(self) -> list[str]:
        """Of select boxes and what can be folded out."""
        return [one.label for one in (*self.app.selectbox, *self.app.expander)]

    @property
    def text(self) -> str:
        """All that can be read on the page, tables, options and chart data included."""
        said = [
            one.value for one in (*self.app.title, *self.app.header, *self.app.markdown, *self.app.caption)
        ]
        said += [*self.alerts, *(one.value for one in self.app.error), *self.labels]
        said += [f"{label} {value}" for label, value in self.metrics.items()]
        said += [option for box in self.app.selectbox for option in box.options]
        said += [table.to_csv() for table in self.tables]
        said += [frame.to_csv() for chart in self.charts for frame in chart.frames]
        return plain("\n".join([*said, *(chart.alt for chart in self.charts)]))

    def chosen(self, parameter: str) -> str | None:
        """What a select box kept in the address shows, by its key."""
        box = [one for one in self.app.selectbox if one.key == f"choose_{parameter}"]
        return box[0].value if box else None

    def choose(self, parameter: str, value: str) -> Self:
        self.app.selectbox(key=f"choose_{parameter}").set_value(value).run()
        return self.checked()

    def go(self, page: str, **address: str) -> Self:
        """Open another page from the menu, which takes only what is given here along in the address."""
        self.app.query_params.clear()
        self.app.query_params.update(address)
        self.app.switch_page(f"{page}.py")
        return self.again()

    def again(self) -> Self:
        self.app.run()
        return self.checked()

    def checked(self) -> Self:
        assert not self.app.exception, self.app.exception[0].value
        return self


class Opener:
    """Opens pages as whoever is asked for, on the register in the folder it has moved to."""

    def __init__(self, patch: pytest.MonkeyPatch, data: Path, state: Path) -> None:
        self._patch = patch
        self.move(data, state)

    def move(self, data: Path, state: Path) -> Self:
        self._patch.setenv("VEBS_DATA", str(data))
        self._patch.setenv("VEBS_STATE", str(state))
        current.forget()
        return self

    def trust_this_computer(self) -> Self:
        """Let whoever is here see a register that has no rows for the cast."""
        self._patch.setenv("VEBS_TRUST_THIS_COMPUTER", "1")
        current.settings.cache_clear()
        return self

    def a_second_later(self, seen: Visit) -> Visit:
        """Run the page again when the copy is due to be looked at again."""
        self._patch.setattr(current.shared_copy(), "_checked", -math.inf)
        return seen.again()

    def __call__(self, page: str = "start", who: str = "unni", **address: str) -> Visit:
        visit = Visit(self.tab(who, **address)).again()
        return visit if page == "start" else visit.go(page, som=who, **address)

    def tab(self, who: str, **address: str) -> AppTest:
        """A tab in which nothing has been drawn yet."""
        app = AppTest.from_file(str(PAGES / "menu.py"), default_timeout=60)
        app.query_params.update({"som": who, **address})
        return app


def plain(text: str) -> str:
    """Text as it is read: without the escapes and joiners that keep markdown away from it."""
    return text.replace("\\", "").replace("\N{WORD JOINER}", "").replace("\N{NO-BREAK SPACE}", " ")


def _sent(proto: Any) -> SentChart:
    frames = (pa.ipc.open_stream(one.data.data).read_all().to_pandas() for one in proto.datasets)
    return SentChart(proto.alt, json.loads(proto.spec), tuple(frames))
