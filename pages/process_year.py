"""Processåret: what happens in the läsår, what to do before next time, and how it ends."""

from pages.components import (
    attendance_parts,
    certificate_parts,
    contribution_parts,
    current,
    reminder_parts,
    session_parts,
    visit_parts,
)
from pages.components.gate import admit
from pages.components.notices import opening

visitor = admit(__file__)
register = current.register()
opening("Processåret", "Vad händer under läsåret, och vad ska göras till nästa gång?")
year = session_parts.choose_year(register, visitor)
if year is not None:
    number = session_parts.section(register, visitor, year)
    if number is not None:
        contribution_parts.section(register, visitor, year, number)
        attendance_parts.section(register, visitor, year, number)
    visit_parts.section(register, visitor, year)
certificate_parts.section(register, visitor, year)
if year is not None:
    reminder_parts.section(register, visitor, year)
