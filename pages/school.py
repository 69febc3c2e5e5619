"""Skola: one school beside the city."""

from pages.components import current, report_parts, school_parts
from pages.components.gate import admit
from pages.components.notices import choose_round, not_published, opening
from services.profile import profile, school_histories, standing_of

visitor = admit(__file__)
register = current.register()
opening("Skola", "Var står skolan, vad är den bra på, och vad är värt att tala om?")
round_ = choose_round(register)
code = school_parts.choose_school(visitor, round_) if round_ is not None else None
if round_ is not None and code is not None:
    found = profile(register, visitor, round_.name, code)
    standing = standing_of(register, visitor, round_.name, code, current.today())
    school_parts.heading(found, standing)
    report_parts.section(visitor, round_, code)
    if not not_published(round_) and not school_parts.not_shown(found, round_):
        school_parts.areas(register, found, round_)
        school_parts.criteria(register, standing)
        school_parts.years(register, visitor, round_.name, code, school_histories(register, code))
        school_parts.highlights(found)
        school_parts.questions(found)
        school_parts.plan(register, visitor, code)
