"""Formulärsvar: answers from Google Forms taken into a round, after a look at what would happen."""

from pages.components import current, forms_parts
from pages.components.gate import admit
from pages.components.notices import opening
from services.forms.intake import rounds_in_forms

visitor = admit(__file__)
opening("Formulärsvar", "Vilka svar från Google Forms kan läsas in i en omgång, och vilka är redan inlästa?")
round_ = forms_parts.choose_round(rounds_in_forms(current.register()))
if round_ is not None:
    forms_parts.section(round_)
