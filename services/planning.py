"""Schools' action plans."""

from services.domain.plan import Action
from services.domain.school import SchoolCode
from services.register import Register


def actions_of(register: Register, school: SchoolCode) -> tuple[Action, ...]:
    """A school's actions, those of its earlier codes too, in the order of the sheet."""
    here = register.today_of(school)
    return tuple(action for action in register.actions if register.today_of(action.school) == here)
