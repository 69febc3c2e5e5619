"""Om tjänsten: what the framework is, how answers are protected, accessibility, contact."""

import streamlit as st

from pages.components import about_text, current
from pages.components.gate import admit

visitor = admit(__file__)
settings = current.register().settings
st.title("Om tjänsten")
about_text.framework(current.register().areas)
about_text.protection()
about_text.accessibility()
about_text.contact(settings.get("Kontaktadress", ""))
