"""Delområden: one area, question by question."""

from pages.components import area_parts, current
from pages.components.gate import admit
from pages.components.notices import choose_round, left_out, not_published, opening
from services.overview import question_rows, school_rows
from services.publishing import round_figures

visitor = admit(__file__)
register = current.register()
opening("Delområden", "Vilka frågor är starka och svaga i staden, och var skiljer sig skolorna åt?")
round_ = choose_round(register)
if round_ is not None and not not_published(round_):
    area = area_parts.choose_area(register.areas)
    if area is not None:
        figures = round_figures(register, round_.name)
        rows = question_rows(register, round_.name, area.number)
        area_parts.key_row(area, figures, rows)
        left_out(figures.city.left_out, round_.least_answers)
        area_parts.questions(area, rows)
        area_parts.differing(rows)
        area_parts.spread(area, school_rows(register, visitor, round_.name), figures)
