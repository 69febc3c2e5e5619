"""Handlingsplan: what a school has decided to do, what it might, and whether it made a difference."""

from pages.components import action_parts, action_tally_parts, current
from pages.components.gate import admit
from pages.components.notices import choose_round, opening
from pages.components.school_parts import choose_school
from services.domain.access import Deed
from services.plan_writing import may_write
from services.planning import effects, plan_of

visitor = admit(__file__)
register = current.register()
opening("Handlingsplan", "Vad gör skolan åt det den såg i självskattningen, och gjorde det skillnad?")
round_ = choose_round(register)
if round_ is not None:
    if visitor.may(Deed.OPEN_ALL_SCHOOLS):
        action_tally_parts.city(register, visitor, round_.name)
    code = choose_school(visitor, round_)
    if code is not None:
        actions = plan_of(register, visitor, code)
        action_parts.heading(register, code, actions)
        action_parts.outcome()
        writes = may_write(register, visitor, code)
        if writes:
            action_parts.form(register, round_, code)
        action_parts.cards(register, actions, effects(register, code, actions), writes=writes)
        if writes:
            action_parts.proposals(register, visitor, round_, code)
