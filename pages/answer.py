"""Svara: the staff's form: one person's answer to the round that is open."""

from pages.components.gate import admit
from pages.components.notices import opening

visitor = admit(__file__)
opening("Svara", "")
