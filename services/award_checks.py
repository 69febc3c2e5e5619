"""Decisions about certificates that somebody has written by hand and that can't be right."""

from collections.abc import Iterator

from services.awarding import CERTIFICATES, last_session
from services.days import day_in_words
from services.domain.process import Decision
from services.domain.school import SchoolCode
from services.register import Register
from services.tables.problems import Problem, Rule
from services.visiting import schools_of


def awards_in_disorder(register: Register) -> Iterator[Problem]:
    """Decisions before the sixth session, of a school outside the läsår, or that end before they begin."""
    table = register.tables[CERTIFICATES]
    columns = ("Skolenhetskod", "Läsår", "Beslut", "Datum", "Giltigt till")
    for index, (school, year, what, day, until) in enumerate(
        zip(*(table.columns[header] for header in columns), strict=True)
    ):
        if day is not None and until is not None and until < day:
            yield table.problem(
                index,
                "Giltigt till",
                Rule.OUT_OF_RANGE,
                "Certifikatet slutar gälla före beslutet. Rätta ett av datumen.",
            )
        if what not in (Decision.CERTIFIED, Decision.NOT_CERTIFIED) or not year:
            continue
        last = last_session(register, year)
        if day is not None and last is not None and day < last:
            advice = f"Beslutet är före lärtillfälle 6, som är {day_in_words(last)}. Rätta Datum."
            yield table.problem(index, "Datum", Rule.OUT_OF_RANGE, advice)
        admitted = schools_of(register, year)
        if admitted and school is not None and register.today_of(SchoolCode(school)) not in admitted:
            advice = (
                f"Skolan är inte antagen till läsåret {year}. Rätta Skolenhetskod, Läsår eller Ansökningar."
            )
            yield table.problem(index, "Skolenhetskod", Rule.OUT_OF_RANGE, advice)
