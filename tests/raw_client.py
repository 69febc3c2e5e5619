"""A visitor without a browser: speaks streamlit.proto over a websocket, and shows everything it was sent.

The client that an attacker would write. Use it as

    with RawClient(server.url, origin=None) as client:
        answer = client.run(page="school", query="omgang=2021")
        assert "Ekskolan" not in answer.text
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from google.protobuf.message import Message
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import ClientConnection, connect

# The elements that carry figures.
FIGURES = frozenset(
    {
        "dataframe",
        "table",
        "vega_lite_chart",
        "metric",
        "plotly_chart",
        "echarts_chart",
        "graphviz_chart",
        "imgs",
    }
)


@dataclass(frozen=True, slots=True)
class Answer:
    """Every message of one run of the script."""

    messages: tuple[ForwardMsg, ...]

    @property
    def text(self) -> str:
        """All that was sent, as text: strings with their letters, bytes as they are."""
        return "\n".join(_text(message) for message in self.messages)

    @property
    def elements(self) -> tuple[Message, ...]:
        """The elements drawn, in order."""
        return tuple(
            message.delta.new_element for message in self.messages if message.delta.HasField("new_element")
        )

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of the elements drawn, in order: `heading`, `markdown`, `vega_lite_chart`."""
        return tuple(str(element.WhichOneof("type")) for element in self.elements)

    def widget(self, key: str) -> str:
        """Return the id of the widget with this key."""
        ids = (_id(element) for element in self.elements)
        found = next((one for one in ids if one.endswith(f"-{key}")), None)
        if found is None:
            raise AssertionError(f"no widget with the key {key!r} was drawn")
        return found


def _id(element: Any) -> str:
    kind = element.WhichOneof("type")
    return str(getattr(getattr(element, kind), "id", "")) if kind else ""


def _text(message: Message) -> str:
    return "\n".join(_leaves(message))


def _leaves(message: Message) -> Iterator[str]:
    """Walk a message's strings; bytes (a data frame) are read as UTF-8, so names in them are found."""
    for field, value in message.ListFields():
        for one in _several(field, value):
            if isinstance(one, Message):
                yield from _leaves(one)
            elif isinstance(one, bytes):
                yield one.decode("utf-8", errors="replace")
            else:
                yield str(one)


def _several(field: Any, value: Any) -> Sequence[Any]:
    kind = field.message_type
    if kind is not None and kind.GetOptions().map_entry:
        return [*value.keys(), *value.values()]
    return value if isinstance(value, Sequence) and not isinstance(value, str | bytes) else [value]


_CONNECTING: Mapping[str, Any] = {
    "subprotocols": ["streamlit"],
    "ping_interval": None,
    "max_size": None,
    "proxy": None,
}


class RawClient:
    """One session over one websocket."""

    def __init__(
        self, url: str, *, origin: str | None = None, timeout: float = 30.0, **connecting: Any
    ) -> None:
        """Prepare a connection to `url` (http://…); without an origin none is sent.

        `connecting` goes to websockets as it is: a socket of one's own, headers, what to trust.
        """
        self._url = url.replace("http", "ws", 1) + "/_stcore/stream"
        self._origin, self._timeout, self._connecting = origin, timeout, connecting
        self._socket: ClientConnection | None = None
        self._closing, self._session, self._page = ExitStack(), "", ""

    def __enter__(self) -> Self:
        """Open the websocket; refused, it raises."""
        opening = connect(
            self._url,
            origin=self._origin,  # type: ignore[arg-type]
            **{**_CONNECTING, **self._connecting},
            open_timeout=self._timeout,
        )
        self._socket = self._closing.enter_context(opening)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the websocket."""
        self._closing.close()

    def run(
        self,
        page: str = "",
        query: str = "",
        widgets: Mapping[str, object] | None = None,
        page_hash: str = "",
    ) -> Answer:
        """Ask for a run and return all that came until it finished.

        `page` is an address ("school"; "" is the start page), `widgets` maps widget ids to values,
        `page_hash` asks for a page as the menu does, by its hash instead of its address.
        """
        message = BackMsg()
        message.rerun_script.query_string = query
        message.rerun_script.page_name = page
        message.rerun_script.page_script_hash = page_hash
        for key, value in (widgets or {}).items():
            message.rerun_script.widget_states.widgets.append(widget_state(key, value))
        # A run is asked for even when it says nothing at all.
        message.rerun_script.SetInParent()
        self._open.send(message.SerializeToString())
        return Answer(tuple(self._until_finished()))

    def run_part(self, fragment: str, widgets: Mapping[str, object] | None = None, query: str = "") -> Answer:
        """Ask for a part of the page that is on the screen, and return all that came until it was drawn."""
        self.ask_for_part(fragment, widgets, query)
        return Answer(tuple(self._until_finished(part=True)))

    def ask_for_part(
        self, fragment: str, widgets: Mapping[str, object] | None = None, query: str = ""
    ) -> None:
        """Ask for a part of the page by itself; what is sent for it, if anything, comes with the next run."""
        message = BackMsg()
        message.rerun_script.fragment_id = fragment
        message.rerun_script.query_string = query
        message.rerun_script.page_script_hash = self._page
        for key, value in (widgets or {}).items():
            message.rerun_script.widget_states.widgets.append(widget_state(key, value))
        self._open.send(message.SerializeToString())

    def deferred(self, file_id: str) -> str:
        """Ask for a download that is made only when it is asked for; its address, "" if it is refused."""
        message = BackMsg()
        message.backend_operation_request.request_id = file_id
        message.backend_operation_request.session_id = self._session
        message.backend_operation_request.deferred_file.file_id = file_id
        self._open.send(message.SerializeToString())
        while True:
            answer = self._receive(time.monotonic() + self._timeout)
            if answer.HasField("backend_operation_response"):
                return str(answer.backend_operation_response.deferred_file.url)

    @property
    def _open(self) -> ClientConnection:
        if self._socket is None:
            raise RuntimeError("use the client in a with statement")
        return self._socket

    def _until_finished(self, *, part: bool = False) -> Iterator[ForwardMsg]:
        deadline = time.monotonic() + self._timeout
        while True:
            message = self._receive(deadline)
            yield message
            # A run that gave way is followed by another, and a part by the page that was asked for after it.
            goes_on = [ForwardMsg.FINISHED_EARLY_FOR_RERUN]
            if not part:
                goes_on.append(ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)
            if message.WhichOneof("type") == "script_finished" and message.script_finished not in goes_on:
                return

    def _receive(self, deadline: float) -> ForwardMsg:
        data = self._open.recv(timeout=max(0.01, deadline - time.monotonic()))
        message = ForwardMsg()
        message.ParseFromString(data if isinstance(data, bytes) else data.encode())
        if message.HasField("new_session"):
            self._session = message.new_session.initialize.session_id
        if message.HasField("navigation"):
            self._page = message.navigation.page_script_hash
        return message


def widget_state(key: str, value: object) -> WidgetState:
    """Return the state of one widget; `trigger` is a pressed button, and a whole state only gets its id."""
    state = WidgetState(id=key)
    if isinstance(value, WidgetState):
        state.MergeFrom(value)
        state.id = key
    elif value == "trigger":
        state.trigger_value = True
    elif isinstance(value, bool):
        state.bool_value = value
    elif isinstance(value, int):
        state.int_value = value
    elif isinstance(value, float):
        state.double_value = value
    elif isinstance(value, str):
        state.string_value = value
    elif isinstance(value, Sequence) and all(isinstance(one, str) for one in value):
        state.string_array_value.data.extend(value)
    elif isinstance(value, Sequence) and all(isinstance(one, int | float) for one in value):
        state.double_array_value.data.extend(value)
    else:
        raise TypeError(f"no widget state for {value!r}")
    return state
