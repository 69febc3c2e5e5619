"""Samtalsläge: one question at a time on a big screen, for the arbetslag to talk about; nothing is stored."""

from pages.components.gate import admit
from pages.components.notices import opening

visitor = admit(__file__)
opening("Samtalsläge", "")
