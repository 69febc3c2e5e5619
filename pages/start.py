"""Start: what the visitor can do now, by role."""

from pages.components import current, notices, starting
from pages.components.gate import admit

visitor = admit(__file__)
register = current.register()
starting.welcome(visitor)
if visitor.is_known:
    notices.unreadable()
    starting.what_now(register, visitor, current.today())
else:
    starting.who_may_enter(visitor)
