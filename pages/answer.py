"""Svara: the staff's form: one person's answer to the round that is open."""

import streamlit as st

from pages.components import answering_entry, answering_form, current, notices
from pages.components.gate import admit

visitor = admit(__file__)
st.title("Svara")
round_ = answering_entry.round_to_answer(current.register())
if round_ is not None and answering_entry.come_in(current.register(), visitor, round_):
    answering_form.section()
    st.stop()  # whoever answers is left in peace: nothing draws the page anew because others answer too
notices.outage()
