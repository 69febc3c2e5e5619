"""Självskattning: the round from preparation to publishing, and who has answered so far."""

from pages.components import current, round_parts
from pages.components.gate import admit
from services.domain.access import Deed

visitor = admit(__file__)
round_parts.opening(visitor)
register = current.register()
round_ = round_parts.choose(register, visitor)
if visitor.may(Deed.RUN_ROUNDS):
    round_parts.conducted(register, visitor, round_)
elif round_ is not None:
    round_parts.followed(register, visitor, round_)
