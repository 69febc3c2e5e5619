"""Kontroll: what can't be used in the sheets, cell by cell, to correct; and how it goes with Google."""

from pages.components import check_parts, correcting_parts, current, google_status
from pages.components.gate import admit
from pages.components.notices import opening
from services.checking import all_problems
from services.correcting import ways_of

visitor = admit(__file__)
opening("Kontroll", "Vad i kalkylbladen går inte att använda, och vad ska rättas?")
register = current.register()
problems = all_problems(register)
ways = ways_of(register, visitor, problems)
check_parts.status(current.copy(), problems)
check_parts.listing(current.copy(), problems, ways)
correcting_parts.section(register, ways)
google_status.section()
