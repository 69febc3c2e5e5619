"""The visits of a process year as the unit and the two principals see, plan and tell of them."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from streamlit.testing.v1 import AppTest

from pages.components import current
from tests.pages.registers import DEMO_DAY
from tests.pages.visiting import Opener, Visit, plain
from tests.people import BJORKSKOLAN, EKSKOLAN, RONNBARSSKOLAN, an_application, register_sheets, save
from tests.test_visiting import ADMITTED, TOWN, a_visit


def script() -> None:
    from pages.components import current, visit_parts

    visit_parts.section(current.register(), current.visitor(), "2021-2022")


class Section:
    """The section on a register of its own."""

    def __init__(self, data: Path, who: str) -> None:
        self.data = data
        self.app = AppTest.from_function(script, default_timeout=60)
        self.app.query_params["som"] = who
        self.seen = Visit(self.app)
        self.seen.again()

    def press(self, key: str) -> "Section":
        self.app.button(key=key).click().run()
        self.seen.checked()
        return self

    def choose(self, id_: str) -> "Section":
        self.app.selectbox(key="visits_chosen").set_value(id_).run()
        self.seen.checked()
        return self

    def fill_in(self, **values: Any) -> "Section":
        for name, value in values.items():
            kinds = (self.app.selectbox, self.app.date_input, self.app.text_area)
            next(one for kind in kinds for one in kind if one.key == f"visits_field_{name}").set_value(value)
        return self

    @property
    def buttons(self) -> set[str]:
        return {str(one.key) for one in self.app.button}

    @property
    def said(self) -> str:
        app = self.app
        boxes = (
            *app.success,
            *app.info,
            *app.warning,
            *app.error,
            *app.markdown,
            *app.header,
            *app.subheader,
        )
        return plain("\n".join(box.value for box in boxes))

    def rows(self) -> list[dict[str, Any]]:
        headers, *rows = openpyxl.load_workbook(self.data / "vebs.xlsx")["Verksamhetsbesök"].iter_rows(
            values_only=True
        )
        return [dict(zip(headers, row, strict=True)) for row in rows if any(row)]

    def typed_by_hand(self, header: str, value: Any) -> None:
        path = self.data / "vebs.xlsx"
        book = openpyxl.load_workbook(path)
        sheet = book["Verksamhetsbesök"]
        [column] = [cell.column for cell in sheet[1] if cell.value == header]
        sheet.cell(2, column).value = value
        book.save(path)


Make = Callable[..., Section]


@pytest.fixture
def section(visit: Opener, tmp_path: Path) -> Iterator[Make]:
    def make(who: str = "unni", **tables: Any) -> Section:
        tables = {"applications": ADMITTED, "settings": [DEMO_DAY], **tables}
        data = save(tmp_path / "data", register_sheets(TOWN, **tables))
        visit.move(data, tmp_path)
        current.writer().start()
        return Section(data, who)

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

    seen.choose("B1")
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
    seen = section("petra", visits=[a_visit()]).choose("B1")
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
