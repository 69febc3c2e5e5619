"""Certifiering: who qualifies, why not the others, and what other lines would mean."""

from pages.components import application_parts, current
from pages.components import certification_parts as parts
from pages.components.gate import admit
from pages.components.notices import choose_round, left_out, not_published, opening
from services.certifying import standings
from services.domain.access import Deed
from services.publishing import round_figures

visitor = admit(__file__)
register = current.register()
opening("Certifiering", parts.question(visitor))
round_ = choose_round(register)
if round_ is not None and not not_published(round_) and parts.rules(register, round_):
    found = standings(register, visitor, round_.name, current.today())
    if visitor.may(Deed.OPEN_ALL_SCHOOLS):
        parts.summary(found)
        left_out(round_figures(register, round_.name).city.left_out, round_.least_answers)
        parts.candidates(register, found)
        parts.near(register, found)
        parts.not_yet(register, found)
    parts.one_school(register, visitor, round_, found)
    application_parts.section(register, visitor)
    if visitor.may(Deed.SIMULATE):
        parts.simulator(register, visitor, round_)
