"""Formulärsvar: answers from Google Forms taken into a round, after a look at what would happen."""

from pages.components.gate import admit
from pages.components.notices import opening

visitor = admit(__file__)
opening("Formulärsvar", "")
