"""Självskattning: the round from preparation to publishing, and who has answered so far."""

from pages.components.gate import admit
from pages.components.notices import opening

visitor = admit(__file__)
opening("Självskattning", "")
