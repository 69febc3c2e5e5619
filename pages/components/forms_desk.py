"""The export that one visitor has in her hands: uploaded, looked at, confirmed, taken in.

It lives in her own session, no longer than she works with it: the file itself is let go of as soon as it is
read, its rows when they are taken in, when she chooses another file, or when she opens another page. Buttons
only note in a callback what is to be done; the page does it, so that an impatient second click finds that
it is on its way.
"""

import weakref
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import uuid4

import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from pages.components import current
from pages.components.gate import permitted
from services.domain.access import Deed
from services.errors import Trouble
from services.forms import intake
from services.forms.export import Export, read_export
from services.forms.importing import FormsImport, Preview
from services.forms.intake import Looked
from services.forms.place import Place
from services.register import Register
from services.tables.schema import load_schema

_DESK = "forms_desk"


def _some_key() -> str:
    return uuid4().hex[:12]


@dataclass(slots=True)
class Desk:
    """At most one export; `turn` names the fields on the screen, so that none remembers an earlier one.

    `seen` is the round and the register that it was last looked at with; `refusal` is why it can't be looked
    at, `trouble` why it could not be taken in.
    """

    turn: str = field(default_factory=_some_key)
    uploaded: UploadedFile | None = None
    export: Export | None = None
    looked: Looked | None = None
    seen: tuple[str, weakref.ref[Register]] | None = None
    said: Mapping[str, str] | None = None
    is_taking_in: bool = False
    refusal: str = ""
    trouble: str = ""
    taken: Preview | None = None

    @property
    def uploader(self) -> str:
        """The key of the field for the file."""
        return f"forms_file_{self.turn}"

    def field_of(self, column: int) -> str:
        """The key of the field that says what a column is."""
        return f"forms_column_{self.turn}_{column}"


def desk() -> Desk:
    """This visitor's own."""
    if _DESK not in st.session_state:
        st.session_state[_DESK] = Desk()
    found: Desk = st.session_state[_DESK]
    return found


def forget() -> None:
    """Let go of everything: the visitor has gone to another page."""
    if _DESK in st.session_state:
        _let_go_of_file(desk())
        del st.session_state[_DESK]


@permitted(Deed.RUN_ROUNDS)
def receive() -> None:
    """Take a file that has just been uploaded."""
    file = st.session_state.get(desk().uploader)
    if isinstance(file, UploadedFile):
        put_away()
        desk().uploaded = file


@permitted(Deed.RUN_ROUNDS)
def put_away() -> None:
    """Let go of the export, and be ready for another."""
    forget()


@permitted(Deed.RUN_ROUNDS)
def confirm() -> None:
    """Note what she has said of the columns."""
    mine = desk()
    if mine.looked is None or mine.is_taking_in:
        return
    fields = (*mine.looked.uncertain, *mine.looked.settled_by_people)
    answers = {one.header: st.session_state.get(mine.field_of(one.column)) for one in fields}
    mine.said = {header: target for header, target in answers.items() if isinstance(target, str)}
    mine.trouble = ""


@permitted(Deed.RUN_ROUNDS)
def take_in() -> None:
    """Note that it is to be taken in."""
    mine = desk()
    if mine.looked is not None and mine.looked.is_settled and mine.looked.has_work:
        mine.is_taking_in, mine.trouble = True, ""


def has_work(round_: str) -> bool:
    """Whether something waits to be done before the page can be drawn."""
    mine = desk()
    waits = mine.uploaded is not None or mine.said is not None or mine.is_taking_in
    return waits or (mine.export is not None and not _is_fresh(mine, round_))


def _is_fresh(mine: Desk, round_: str) -> bool:
    """Whether it has been looked at for this round, with the sheets as they are."""
    return mine.seen is not None and mine.seen[0] == round_ and mine.seen[1]() is current.register()


def work(round_: str) -> None:
    """Do what waits; what stands in the way is kept, to be said."""
    mine = desk()
    if mine.seen is not None and mine.seen[0] != round_:
        mine.looked, mine.trouble, mine.is_taking_in = None, "", False
    try:
        if mine.uploaded is not None:
            _read(mine, mine.uploaded)
        if mine.is_taking_in and _take_in(mine, round_):
            return
        _look(mine, round_)
    finally:
        mine.said, mine.is_taking_in = None, False


def _read(mine: Desk, file: UploadedFile) -> None:
    try:
        mine.export = read_export(file.getvalue(), file.name)
    except Trouble as trouble:
        mine.refusal = str(trouble)
    finally:
        _let_go_of_file(mine)


def _look(mine: Desk, round_: str) -> None:
    if mine.export is None:
        return
    register = current.register()
    mine.seen, before, mine.looked = (round_, weakref.ref(register)), mine.looked, None
    mine.refusal, mine.turn = "", _some_key()
    try:
        task = _task(register, round_, mine.export)
        if before is not None and mine.said is not None:
            mine.looked = intake.confirm(current.visitor(), task, before, mine.said)
        else:
            mine.looked = intake.look(current.visitor(), task, before.confirmed if before else {})
    except Trouble as trouble:
        mine.refusal = str(trouble)


def _take_in(mine: Desk, round_: str) -> bool:
    """Whether it has been taken in; what is left then is the account of it."""
    if mine.looked is None or mine.export is None:
        return False
    try:
        # As it is now: somebody may have published the round, or changed a school's row, a moment ago.
        task = _task(current.shared_copy().renew().register, round_, mine.export)
        taken = intake.take_in(current.visitor(), task, mine.looked, current.now())
    except Trouble as trouble:
        mine.trouble = str(trouble)
        return False
    forget()
    desk().taken = taken
    current.shared_copy().renew()
    return True


def _task(register: Register, round_: str, export: Export) -> FormsImport:
    place = Place(current.workbook(), load_schema(), current.settings())
    return FormsImport(place, register, round_, export)


def _let_go_of_file(mine: Desk) -> None:
    """Streamlit keeps what is uploaded as long as the session lives, whether it is on the screen or not."""
    file, mine.uploaded = mine.uploaded, None
    context = get_script_run_ctx()
    if file is not None and context is not None:
        manager = context.uploaded_file_mgr
        if isinstance(manager, MemoryUploadedFileManager):  # the only one there is, and that can forget
            manager.remove_file(context.session_id, file.file_id)
    mine.turn = _some_key()
