"""A row's school: by name or code, as it was called in the round."""

import pytest

from services.forms.schools import Reason, RowRefused, Schools
from services.workbook.memory import MemoryWorkbook
from tests.forms.exports import a_town
from tests.people import BJORKSKOLAN, EKSKOLAN, RONNBARSSKOLAN, a_part, a_school, read

ENDED = {"Status": "Upphört"}


def schools(rows: list | None = None, parts: list | None = None) -> Schools:
    tables = {name: given for name, given in (("schools", rows), ("parts", parts)) if given}
    return Schools(read(MemoryWorkbook(a_town(**tables))), "2021")


def why(found: Schools, cell: object) -> Reason:
    with pytest.raises(RowRefused) as refused:
        found.find(cell)
    assert str(refused.value).endswith(".")
    return refused.value.reason


@pytest.mark.parametrize(
    "cell", ["Ekskolan", " EKSKOLAN ", "ekskolan\u00a0", "00123456", "123456", 123456, 123456.0, "123456,0"]
)
def test_a_school_is_found_by_its_name_or_its_code_with_or_without_zeros(cell: object) -> None:
    assert schools().find(cell) == EKSKOLAN


def test_a_school_that_is_missing_unknown_or_not_taking_part_is_told_apart() -> None:
    found = schools(parts=[a_part(EKSKOLAN)])

    assert why(found, None) is Reason.NO_SCHOOL
    assert why(found, "Hemskolan") is Reason.UNKNOWN_SCHOOL
    assert why(found, 99999999) is Reason.UNKNOWN_SCHOOL
    assert why(found, "Björkskolan") is Reason.NOT_IN_ROUND


def test_a_school_with_a_new_code_stands_under_the_one_that_took_part() -> None:
    rows = [
        {**a_school(EKSKOLAN, "Gamla eken"), **ENDED, "Ersatt av": BJORKSKOLAN},
        a_school(BJORKSKOLAN, "Nya eken"),
    ]
    before, after = schools(rows, [a_part(EKSKOLAN)]), schools(rows, [a_part(BJORKSKOLAN)])

    for cell in ("Gamla eken", "Nya eken", EKSKOLAN, BJORKSKOLAN, "123456"):
        assert (before.find(cell), after.find(cell)) == (EKSKOLAN, BJORKSKOLAN)


def test_the_same_name_under_two_codes_is_the_one_that_took_part() -> None:
    rows = [{**a_school(EKSKOLAN), **ENDED, "Ersatt av": BJORKSKOLAN}, a_school(BJORKSKOLAN, "Ekskolan")]

    assert schools(rows, [a_part(EKSKOLAN)]).find("Ekskolan") == EKSKOLAN
    assert schools(rows, [a_part(BJORKSKOLAN)]).find("Ekskolan") == BJORKSKOLAN


def test_schools_that_became_one_are_not_guessed_between() -> None:
    ended = [{**a_school(code, name), **ENDED, "Ersatt av": RONNBARSSKOLAN} for code, name in _two()]
    found = schools([*ended, a_school(RONNBARSSKOLAN, "Storskolan")], [a_part(EKSKOLAN), a_part(BJORKSKOLAN)])

    assert why(found, "Storskolan") is Reason.SEVERAL_SCHOOLS
    assert found.find("Björkskolan") == BJORKSKOLAN


def _two() -> list[tuple[str, str]]:
    return [(EKSKOLAN, "Ekskolan"), (BJORKSKOLAN, "Björkskolan")]


def test_two_schools_of_one_name_are_not_guessed_between() -> None:
    found = schools([a_school(EKSKOLAN), a_school(BJORKSKOLAN, "Ekskolan")])

    assert why(found, "Ekskolan") is Reason.SEVERAL_SCHOOLS
    assert found.find(BJORKSKOLAN) == BJORKSKOLAN
