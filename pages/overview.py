"""Översikt: where the schools stand in a round, and how the city has moved."""

from pages.components import current, overview_parts
from pages.components.gate import admit
from pages.components.notices import choose_round, left_out, not_published, opening
from services.overview import histories, key_figures, school_rows
from services.publishing import round_figures

visitor = admit(__file__)
register = current.register()
opening("Översikt", "Var står skolorna, och vad har ändrats sedan sist?")
round_ = choose_round(register)
if round_ is not None:
    figures = round_figures(register, round_.name)
    rows = school_rows(register, visitor, round_.name)
    if not_published(round_):
        overview_parts.participation(rows)
    else:
        overview_parts.key_row(key_figures(register, visitor, round_.name, current.today()))
        left_out(figures.city.left_out, round_.least_answers)
        overview_parts.years(register, round_.name, histories(register))
        overview_parts.spread(rows, figures)
        overview_parts.distribution(figures)
        overview_parts.heat_map(visitor, rows, figures)
