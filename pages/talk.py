"""Samtalsläge: one question at a time on a big screen, for the arbetslag to talk about; nothing is stored."""

import streamlit as st

from pages.components import current, notices, talk_parts
from pages.components.gate import admit

visitor = admit(__file__)
st.title("Samtalsläge")
notices.outage()
talk_parts.section(current.register())
