"""Om tjänsten: what the framework is, how answers are protected, accessibility, contact."""

import streamlit as st

from pages.components import about_text, current
from pages.components.gate import admit

visitor = admit(__file__)
st.title("Om tjänsten")
about_text.framework()
about_text.protection()
about_text.accessibility()
# Whoever is not admitted is told nothing that stands in the register, not even an address.
about_text.contact(current.register().settings.get("Kontaktadress", "") if visitor.is_known else "")
