"""Everything that one visitor can ask of one page, and everything that she is sent for it.

Nothing is listed here by hand that a new page could have more of: parameters are found in the source,
widgets, fragments and downloads in what the page sends.
"""

import ast
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import pyarrow as pa
from google.protobuf.message import Message
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

from tests.attacks.canaries import OPEN, ROUNDS, SCHOOLS, D, Login, Person
from tests.pages_on_disk import PAGES
from tests.pdf_words import said
from tests.raw_client import Answer, RawClient, widget_state
from tests.serving import Server

FOREIGN, OWN = SCHOOLS[D], "61000001"
HOSTILE = "'\"><script>alert(1)</script>{{7*7}}\x00%00../../etc/passwd"
VALUES: Mapping[str, Sequence[str]] = {
    "her own, or another's own": [OWN],
    "foreign": [FOREIGN.code],
    "foreign name": [FOREIGN.name],
    "unknown": ["99999999"],
    "empty": [""],
    "several": [OWN, FOREIGN.code],
    "several, foreign first": [FOREIGN.code, OWN],
    "a list in one": [f"{OWN},{FOREIGN.code}"],
    "hostile": [HOSTILE],
    "another round": [ROUNDS[0]],
    "the open round": [OPEN],
    "no round": ["2099"],
    "the unit": ["unni"],
    "an area": ["2"],
}
MEDIA = re.compile(r"/media/[\w.\-]+")
REFUSED = "Behörighet saknas"
GOING = ("-log_in", "-log_out")
"""Buttons after which it is another visitor, or nobody, who asks: what they do is tested by itself."""


def parameters() -> list[str]:
    """Every parameter of an address that some page reads or writes."""
    found = set()
    for path in sorted(PAGES.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
                names = [one.id for one in node.targets if isinstance(one, ast.Name)]
                if any(name.endswith("_PARAMETER") for name in names):
                    found.add(str(node.value.value))
            found |= set(_named_in_place(node))
    return sorted(found)


def _named_in_place(node: ast.AST) -> Iterator[str]:
    """A parameter that is written out where it is used."""
    key: ast.AST | None = None
    if isinstance(node, ast.Subscript) and ast.unparse(node.value).endswith("query_params"):
        key = node.slice
    elif isinstance(node, ast.Call) and node.args:
        called = ast.unparse(node.func)
        if "query_params." in called or called.split(".")[-1] in {"choose", "chosen"}:
            key = node.args[0]
    if isinstance(key, ast.Constant) and isinstance(key.value, str):
        yield key.value


def forged_values() -> Iterator[tuple[str, WidgetState]]:
    """What no option is, in every form in which a browser can say it."""
    state = widget_state
    for word in (FOREIGN.code, FOREIGN.name, OWN, "", HOSTILE, OPEN):
        yield f"text {word!r}", state("", word)
    for number in (0, 3, -1, 10**9):
        yield f"number {number}", state("", number)
    yield "float", state("", 3.17)
    yield "yes", state("", True)
    yield "press", state("", "trigger")
    yield "texts", state("", [FOREIGN.name, FOREIGN.code])
    yield "numbers", state("", [1e9, -1.0])
    yield "whole numbers", _set("int_array_value", [0, 3, 99])
    picked = f'{{"selection": {{"picked": [{{"kod": "{FOREIGN.code}"}}], "rows": [3], "columns": []}}}}'
    for name in ("json_value", "json_trigger_value"):
        yield f"picked as {name}", WidgetState(**{name: picked})
    yield (
        "an edited table",
        WidgetState(json_value='{"edited_rows": {"0": {"Skola": "x"}}, "added_rows": [{}]}'),
    )
    yield "broken", WidgetState(json_value="{")
    yield "bytes", WidgetState(bytes_value=b"\xff\x00")
    asked = WidgetState()
    asked.string_trigger_value.data = FOREIGN.name
    yield "asked", asked


def _set(name: str, values: Sequence[int]) -> WidgetState:
    state = WidgetState()
    getattr(state, name).data.extend(values)
    return state


@dataclass
class Sweep:
    """One visitor at one page of one server: what she asks, and each thing she should not have been sent."""

    server: Server
    page: str
    who: Person
    leaks: list[str] = field(default_factory=list)
    asked: int = 0

    def __post_init__(self) -> None:
        self._fetched: set[str] = set()
        self._searched: set[bytes] = set()
        self.judge(self.who)

    def judge(self, who: Person) -> None:
        """Look for what this person may not be sent."""
        self._forbidden = who.forbidden()

    def all(self, of_another: Answer | None = None) -> "Sweep":
        """Ask everything; also for the widgets and fragments of a page as another visitor was sent it.

        One thing at a time where the page is hers to see and something in it is not; else all at once.
        """
        with self.client() as client:
            first = self.look(client, "as it is", page=self.page)
            thorough = bool(self._forbidden) and REFUSED not in first.text
            others = [] if of_another is None else [of_another]
            hers, theirs = widget_ids(first), [one for other in others for one in widget_ids(other)]
            self._addresses(client, thorough=thorough)
            self._widgets(client, [*hers, *theirs], hers if thorough else [])
            for fragment in fragment_ids(first, *others):
                client.ask_for_part(fragment)
                self.look(client, f"part {fragment}", page=self.page)
            for menu in (one.navigation for one in first.messages if one.HasField("navigation")):
                for entry in menu.app_pages:
                    self.look(client, f"by hash {entry.url_pathname}", page_hash=entry.page_script_hash)
        return self

    def client(self) -> RawClient:
        """Her browser's end; without a login not even an origin is told."""
        return RawClient(self.server.url, **Login(self.who.email, self.server.url).connecting())

    def _addresses(self, client: RawClient, *, thorough: bool) -> None:
        known = parameters()
        for kind, values in VALUES.items():
            for some in (known, *([one] for one in known if thorough)):
                query = urlencode([(parameter, value) for parameter in some for value in values])
                self.look(client, f"{some}: {kind}", page=self.page, query=query)
        for round_ in (*ROUNDS, OPEN):
            query = urlencode([("omgang", round_), ("skola", FOREIGN.code), ("som", "unni"), ("omrade", "2")])
            self.look(client, query, page=self.page, query=query)

    def _widgets(self, client: RawClient, every: Sequence[str], alone: Sequence[str]) -> None:
        for kind, state in forged_values():
            for some in (every, *([one] for one in alone)):
                forged = {one: state for one in some if not one.endswith(GOING)}
                self.look(client, f"{kind} in {[*forged]}", page=self.page, widgets=forged)

    def look(self, client: RawClient, how: str, **asked: Any) -> Answer:
        """Ask once, and search everything that comes: what has come before has been searched before."""
        answer = client.run(**asked)
        self.asked += 1
        text = self.search(answer.messages, how)
        addresses = set(MEDIA.findall(text))
        for element in answer.elements:
            if element.WhichOneof("type") == "download_button" and element.download_button.deferred_file_id:
                addresses.add(client.deferred(element.download_button.deferred_file_id))
        for address in addresses - self._fetched:
            self._fetched.add(address)
            self._search("\n".join(file_words(self.server.get(address)[2])), f"{how}: {address}")
        return answer

    def search(self, messages: Iterable[ForwardMsg], how: str) -> str:
        """Search what is new among these messages; its words."""
        new = {message.SerializeToString(deterministic=True): message for message in messages}
        text = "\n".join(words_of(one for said, one in new.items() if said not in self._searched))
        self._searched |= set(new)
        self._search(text, how)
        return text

    def _search(self, text: str, how: str) -> None:
        found = [what for what, sign in self._forbidden.items() if sign.search(text)]
        self.leaks += [f"{self.page or 'start'}, {how}: {what}" for what in found]


def words_of(messages: Iterable[ForwardMsg]) -> Iterator[str]:
    """All that was sent, figures behind charts and tables too; but not the address that was asked for."""
    for message in messages:
        if not message.HasField("page_info_changed"):
            yield from _leaves(message)


def _leaves(message: Message) -> Iterator[str]:
    yield Answer((message,)).text  # type: ignore[arg-type]
    for data in _bytes_in(message):
        with suppress(pa.ArrowInvalid, OSError):
            yield pa.ipc.open_stream(data).read_all().to_pandas().to_csv(sep="|")


def _bytes_in(message: Message) -> Iterator[bytes]:
    for _, value in message.ListFields():
        several = (
            [value] if isinstance(value, bytes | str | Message) or not hasattr(value, "__iter__") else value
        )
        for one in several.values() if isinstance(several, Mapping) else several:
            if isinstance(one, bytes):
                yield one
            elif isinstance(one, Message):
                yield from _bytes_in(one)


def file_words(content: bytes) -> Iterator[str]:
    """What a downloaded file says; of one that holds others (.xlsx, .zip), what they say."""
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as whole:
            for name in whole.namelist():
                yield from file_words(whole.read(name))
    elif content.startswith(b"%PDF-"):
        yield said(content)  # packed as it is, its bytes would say anything by chance
    else:
        yield content.decode("utf-8", errors="replace")


def widget_ids(answer: Answer) -> list[str]:
    """Every widget that was drawn, whatever its kind."""
    inner = [getattr(one, str(one.WhichOneof("type")), None) for one in answer.elements]
    return [str(one.id) for one in inner if getattr(one, "id", "")]


def fragment_ids(*answers: Answer) -> list[str]:
    """Every part of the page that can be asked for by itself."""
    return [*dict.fromkeys(one for answer in answers for one in _fragments(answer.messages))]


def _fragments(messages: Sequence[ForwardMsg]) -> Iterator[str]:
    for message in messages:
        if message.HasField("auto_rerun"):
            yield message.auto_rerun.fragment_id
        elif message.HasField("delta") and message.delta.fragment_id:
            yield message.delta.fragment_id
