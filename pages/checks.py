"""Kontroll: what can't be used in the sheets, cell by cell, and how fresh the copy is."""

from pages.components import check_parts, current
from pages.components.gate import admit
from pages.components.notices import opening
from services.checking import all_problems

visitor = admit(__file__)
opening("Kontroll", "Vad i kalkylbladen går inte att använda, och vad ska rättas?")
problems = all_problems(current.register())
check_parts.status(current.copy(), problems)
check_parts.listing(current.copy(), problems)
