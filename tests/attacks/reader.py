"""An attacker at the browser's end: every message the server sends for a page, byte by byte."""

import datetime as dt
from collections.abc import Mapping
from itertools import count
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Node

from pages.components import current
from tests.attacks.towns import Town

MENU = Path(__file__).parents[2] / "pages" / "menu.py"
PAGES = (
    *("start", "overview", "areas", "school", "certification", "process_year", "action_plan"),
    *("checks", "about"),
)
CLOCK = dt.datetime(2022, 1, 24, 9, 41, tzinfo=dt.UTC)


def _sent(element: Any) -> bytes:
    """An element as it is sent, but for the number by which its file is asked for: that is drawn by lot."""
    if "deferred_file_id" in {field.name for field in element.DESCRIPTOR.fields}:
        copy = type(element)()
        copy.CopyFrom(element)
        copy.ClearField("deferred_file_id")
        element = copy
    found: bytes = element.SerializeToString(deterministic=True)
    return found


class Visit:
    """A page as it came to the browser."""

    def __init__(self, app: AppTest) -> None:
        self.app = app
        assert not app.exception

    def forge(self, key: str, value: str) -> None:
        """Send something as the choice in a select box, whether it was offered or not."""
        states = self.app._tree.get_widget_states()
        box = next(one for one in states.widgets if one.id == self.app.selectbox(key=key).id)
        box.string_value = value
        self.app._run(states)
        assert not self.app.exception

    @property
    def bytes(self) -> list[bytes]:
        """All that was sent: every block and element, in order."""
        return [_sent(node.proto) for node in self._nodes()]

    @property
    def text(self) -> str:
        """All words and numbers that were sent, chart data and hidden columns included."""
        said = [str(node.proto) for node in self._nodes()]
        return "\n".join([*said, *(frame.to_csv() for frame in self.frames)])

    @property
    def frames(self) -> list[pd.DataFrame]:
        """Every table that was sent, those behind charts too."""
        tables = [one.value for one in (*self.app.dataframe, *self.app.table)]
        return tables + [
            pa.ipc.open_stream(dataset.data.data).read_all().to_pandas()
            for node in self._nodes()
            for dataset in getattr(node.proto, "datasets", ())
        ]

    @property
    def headings(self) -> list[str]:
        return [title.value for title in self.app.title]

    @property
    def widgets(self) -> set[str]:
        boxes = [*self.app.selectbox, *self.app.text_input]
        return {box.key for box in boxes if box.key}

    def _nodes(self) -> list[Any]:
        found: list[Any] = []
        waiting: list[Node] = [self.app._tree]
        while waiting:
            node = waiting.pop(0)
            if getattr(node, "proto", None) is not None:
                found.append(node)
            waiting += getattr(node, "children", {}).values()
        return found


class Attacker:
    """Opens pages over a town written as real spreadsheets."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self._folder, self._patch, self._towns = folder, patch, count()
        patch.setattr(current, "now", lambda: CLOCK)

    def come_from(self, ip_address: str) -> None:
        """Sit at another computer than the server."""
        self._patch.setattr(ContextProxy, "ip_address", property(lambda _: ip_address))

    def enter(self, town: Town) -> None:
        """From now on pages show this town."""
        place = self._folder / str(next(self._towns))
        town.write(place / "data")
        self._patch.setenv("VEBS_DATA", str(place / "data"))
        self._patch.setenv("VEBS_STATE", str(place / "state"))
        current.forget()

    def open(
        self,
        page: str,
        who: str,
        address: Mapping[str, str] | None = None,
        state: Mapping[str, Any] | None = None,
    ) -> Visit:
        """Open a page as someone, with anything at all in the address and in the session."""
        app = AppTest.from_file(str(MENU), default_timeout=60)
        app.query_params["som"] = who
        for parameter, value in (address or {}).items():
            app.query_params[parameter] = value
        for key, value in (state or {}).items():
            app.session_state[key] = value
        app.run()
        if page != "start":
            app.switch_page(f"{page}.py")
            app.run()
        return Visit(app)

    def told_apart(
        self, one: Town, other: Town, who: str, pages: tuple[str, ...] = PAGES, *addresses: Mapping[str, str]
    ) -> list[str]:
        """The pages by which someone can tell two towns apart."""
        seen = []
        for town in (one, other):
            self.enter(town)
            seen.append(
                {
                    f"{page} {dict(address)}": self.open(page, who, address).bytes
                    for page in pages
                    for address in addresses or ({},)
                }
            )
        return [page for page in seen[0] if seen[0][page] != seen[1][page]]
