"""How it goes with Google, or with the files: the age of the copy, the calls, what waits to be saved."""

from collections.abc import Sequence

import streamlit as st

from pages.components import correcting_desk, current, drawing, words
from pages.components.gate import living
from pages.components.notices import moment
from services.domain.access import Page
from services.errors import Trouble
from services.writing.deeds import OutboxStatus, Setback

REFRESHED_EVERY = "5s"

QUOTA = 60
"""Calls of each kind that Google allows in a minute; ours stay below."""


@living(Page.CHECKS, REFRESHED_EVERY)
def section() -> None:
    """The state of reading and saving, drawn anew every few seconds."""
    st.header("Google" if current.is_on_google() else "Läsning och sparande")
    try:
        settled, outbox = correcting_desk.settle_received(), current.writer().status()
    except Trouble as trouble:
        st.error(words.plain(str(trouble)))
        return
    if settled:
        st.rerun()
    calls = current.calls_this_minute()
    if calls is not None:
        _quota(*calls)
    drawing.bullet_list([_read(), *_waiting(outbox), _last_fault(outbox)])
    # What the visitor is just being asked about is not listed besides.
    _setbacks([one for one in outbox.setbacks if not correcting_desk.desk().asks_about(one.id)])


def _quota(reads: int, writes: int) -> None:
    """What has been asked of Google, as bars that are read at a glance."""
    with st.grid(2, min_column_width=240):
        for kind, used in (("Läsningar", reads), ("Skrivningar", writes)):
            text = f"{kind} den senaste minuten: {words.whole(used)} av {QUOTA}"
            st.progress(min(used / QUOTA, 1.0), text=text)


def _read() -> str:
    copy = current.copy()
    what = "Google" if current.is_on_google() else "Kalkylbladen"
    return f"{what} lästes senast {moment(copy.read_at)}."


def _waiting(outbox: OutboxStatus) -> list[str]:
    said = []
    if not outbox.waiting:
        said.append("Inget väntar på att sparas.")
    else:
        count = words.counted(outbox.waiting, "ändring", "ändringar")
        since = f", sedan {moment(outbox.oldest)}" if outbox.oldest else ""
        said.append(f"**{count} väntar på att sparas**{since}. Inget behöver göras om.")
    if outbox.log_rows_waiting:
        rows = words.counted(outbox.log_rows_waiting, "rad", "rader")
        said.append(f"{rows} väntar på att skrivas i bladet Logg.")
    return said


def _last_fault(outbox: OutboxStatus) -> str:
    faults = [current.last_fault_of_google()]
    if outbox.last_fault is not None:
        faults.append((outbox.last_fault.at, outbox.last_fault.sentence))
    known = [fault for fault in faults if fault is not None]
    if not known and any(notice.outage for notice in current.copy().notices):
        return "Google svarar inte. Appen försöker igen av sig själv."
    if not known:
        return "Inget fel sedan tjänsten startade."
    at, sentence = max(known)
    return f"Senaste felet, {moment(at)}: {words.plain(sentence)}"


def _setbacks(setbacks: Sequence[Setback]) -> None:
    if not setbacks:
        return
    st.subheader(f"{words.counted(len(setbacks), 'ändring', 'ändringar')} kunde inte sparas")
    for one in setbacks:
        with st.container(border=True):
            sheets = words.plain(words.listed([*one.sheets]))
            said = " ".join(words.plain(sentence) for sentence in one.sentences)
            st.markdown(f"{moment(one.made)}, {words.plain(one.who)}, bladet {sheets}. {said}")
            st.button(
                "Ta bort ur listan",
                key=f"setback_{one.id}",
                on_click=correcting_desk.dismiss,
                args=(one.id,),
            )
