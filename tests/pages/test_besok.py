"""The visits of a process year as the unit and the two principals see, plan and tell of them."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pages.components import current
from tests.pages.registers import DEMO_DAY
from tests.pages.section import Section
from tests.pages.visiting import Opener, plain
from tests.people import BJORKSKOLAN, EKSKOLAN, RONNBARSSKOLAN, an_application, register_sheets, save
from tests.test_visiting import ADMITTED, TOWN, a_visit


def script() -> None:
    from pages.components import current, visit_parts

    visit_parts.section(current.register(), current.visitor(), "2021-2022")


Make = Callable[..., Section]


@pytest.fixture
def section(visit: Opener, tmp_path: Path) -> Iterator[Make]:
    def make(who: str = "unni", **tables: Any) -> Section:
        tables = {"applications": ADMITTED, "settings": [DEMO_DAY], **tables}
        data = save(tmp_path / "data", register_sheets(TOWN, **tables))
        visit.move(data, tmp_path)
        current.writer().start()
        return Section(script, data, who, sheet="Verksamhetsbesök", field="visits_field_")

    yield make
    current.stop()


def test_the_unit_looks_at_a_proposal_adds_it_and_takes_it_back(section: Make) -> None:
    seen = section()
    assert "Inga besök är planerade än." in seen.said

    seen.press("visits_propose")
    assert seen.rows() == [], "nothing is written by asking"
    assert "Alla skolor är värd ungefär lika ofta" in seen.said
    assert "Ingen annan fördelning ger skolorna mer att lära av varandra." in seen.said
    assert "1 Ledarskap och planering" in seen.seen.table("Mest att lära").to_csv()

    seen.press("visits_adopt")
    assert [(row["Efter tillfälle"], row["Status"]) for row in seen.rows()] == [
        (gap, "Planerat") for gap in range(1, 6)
    ]
    assert "Sparat. 5 planerade besök läggs till läsåret 2021-2022." in seen.said
    assert "0 av 5 besök är genomförda." in seen.said
    by_school = seen.seen.table("Efter 1")
    assert sorted(map(int, by_school["Värd"])) == [1, 2, 2]

    seen.press("visits_undo")
    assert seen.rows() == []
    assert "Ångrat." in seen.said


def test_schools_that_can_not_are_left_out_of_the_gap(section: Make) -> None:
    seen = section()
    seen.app.multiselect(key="visits_unable_1").set_value([EKSKOLAN])
    seen.press("visits_propose").press("visits_adopt")

    first = next(row for row in seen.rows() if row["Efter tillfälle"] == 1)
    assert {first["Värdskola"], first["Besökande skola"]} == {BJORKSKOLAN, RONNBARSSKOLAN}


def test_a_visit_to_oneself_is_refused_with_a_sentence_and_the_form_stays(section: Make) -> None:
    seen = section().press("visits_new")
    seen.fill_in(after=2, host=EKSKOLAN, guest=EKSKOLAN).press("visits_add")

    assert "En skola kan inte besöka sig själv. Välj två olika skolor." in seen.said
    assert seen.rows() == [] and "visits_add" in seen.buttons

    seen.fill_in(guest=BJORKSKOLAN, focus=2).press("visits_add")
    [row] = seen.rows()
    assert (row["Värdskola"], row["Besökande skola"], row["Fokus"]) == (EKSKOLAN, BJORKSKOLAN, 2)


def test_a_principal_tells_of_her_visit_and_gets_no_other_form(section: Make) -> None:
    rows = [a_visit(RONNBARSSKOLAN, EKSKOLAN), a_visit(RONNBARSSKOLAN, BJORKSKOLAN, 2)]
    seen = section("petra", visits=rows)
    assert [plain(one) for one in seen.app.selectbox(key="visits_chosen").options] == [
        "Efter 1: Ekskolan hos Rönnbärsskolan"
    ]
    assert {"visits_propose", "visits_new"}.isdisjoint(seen.buttons)

    seen.choose("visits_chosen", "B1")
    assert "visits_field_host" not in {one.key for one in seen.app.selectbox}
    seen.fill_in(status="Genomfört", observations="Eleverna valde själva.").press("visits_save")
    assert [(row["Status"], row["Iakttagelser"]) for row in seen.rows()] == [
        ("Genomfört", "Eleverna valde själva."),
        ("Planerat", None),
    ]
    assert "1 av 2 besök är genomförda." in seen.said
    assert "Eleverna valde själva." in seen.said


@pytest.mark.parametrize("answer", ["visits_theirs", "visits_mine", "visits_both"])
def test_two_who_write_at_once_are_shown_both_texts_and_lose_neither(section: Make, answer: str) -> None:
    seen = section("petra", visits=[a_visit()]).choose("visits_chosen", "B1")
    seen.fill_in(observations="Alla fick hjälp.")
    seen.typed_by_hand("Iakttagelser", "Det var lugnt.")
    seen.press("visits_save")

    assert "Någon hann före" in seen.said
    assert "Nu står det: Det var lugnt." in seen.said and "Du skrev: Alla fick hjälp." in seen.said
    assert seen.rows()[0]["Iakttagelser"] == "Det var lugnt."
    seen.press(answer)
    assert (
        seen.rows()[0]["Iakttagelser"]
        == {
            "visits_theirs": "Det var lugnt.",
            "visits_mine": "Alla fick hjälp.",
            "visits_both": "Det var lugnt.\n\nAlla fick hjälp.",
        }[answer]
    )
    assert "Någon hann före" not in seen.said


@pytest.mark.parametrize("who", ["siri", "rut", "frida", "nils"])
def test_nobody_else_is_told_of_the_visits(section: Make, who: str) -> None:
    assert section(who, visits=[a_visit()]).said == ""


def test_a_principal_whose_school_is_not_in_the_year_is_told_nothing(section: Make) -> None:
    refused = [an_application(EKSKOLAN, "Avslagen"), *ADMITTED[1:]]
    seen = section("petra", applications=refused, visits=[a_visit(RONNBARSSKOLAN, BJORKSKOLAN)])
    assert seen.said == ""
    assert "Rönnbärsskolan" not in seen.seen.text
