"""Samtalsläge: one question at a time on a big screen, for the arbetslag to talk about; nothing is stored."""

import streamlit as st

from pages.components import current, talk_parts
from pages.components.gate import admit

visitor = admit(__file__)
st.title("Samtalsläge")
talk_parts.section(current.register())
