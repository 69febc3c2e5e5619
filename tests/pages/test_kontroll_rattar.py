"""Rätta här on Kontroll: from the choice of a cell to the value in the file, and everything in between."""

import datetime as dt
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pages.components import correcting_desk, current
from services.tables.sheet import Cell
from tests.pages.registers import small
from tests.pages.visiting import Opener, Visit, plain
from tests.people import EKSKOLAN, SCHOOLS, a_part, a_round, a_rule, a_school

PERSONAL = "Skolans omgång C2: Personal för 2021 · Ekskolan"
PLANNED = [a_round("2021", "Planerad")]
"""While the round is planned its rules and questions may still be changed."""

HOSTILE = "![x](https://example.com/x.png) <b>fet</b> :smile: $x$"


class Kontroll:
    """The page on a register of its own, in which a person can type as well."""

    def __init__(self, data: Path, seen: Visit) -> None:
        self.data, self.seen = data, seen

    def choose(self, cell: str) -> "Kontroll":
        self.seen.app.selectbox(key="correcting_chosen").set_value(cell).run()
        self.seen.checked()
        return self

    @property
    def choices(self) -> list[str]:
        return list(self.seen.app.selectbox(key="correcting_chosen").options)

    @property
    def field(self) -> Any:
        """The field of the form, whatever its kind."""
        app = self.seen.app
        kinds = (app.text_input, app.text_area, app.selectbox, app.date_input)
        return next(one for kind in kinds for one in kind if one.label.startswith("Nytt värde"))

    def save(self, value: Any) -> "Kontroll":
        self.field.set_value(value)
        return self.press("correcting_save")

    def press(self, button: str) -> "Kontroll":
        self.seen.app.button(key=button).click().run()
        self.seen.checked()
        return self

    @property
    def buttons(self) -> list[str]:
        return [button.label for button in self.seen.app.button]

    @property
    def said(self) -> str:
        """Sentences that were not there before: notices, errors and running text."""
        app = self.seen.app
        boxes = (*app.success, *app.info, *app.warning, *app.error, *app.markdown, *app.subheader)
        return plain("\n".join(box.value for box in boxes))

    @property
    def listed(self) -> list[str]:
        """The cells in the list."""
        return [str(cell) for table in self.seen.tables for cell in table["Cell"]]

    def cell(self, sheet: str, name: str) -> Cell:
        return openpyxl.load_workbook(self.data / "vebs.xlsx")[sheet][name].value

    def cells(self) -> dict[tuple[str, str], Cell]:
        """Everything that stands in the file but the log."""
        book = openpyxl.load_workbook(self.data / "vebs.xlsx")
        return {
            (sheet.title, cell.coordinate): cell.value
            for sheet in book
            if sheet.title != "Logg"
            for row in sheet.iter_rows()
            for cell in row
            if cell.value is not None
        }

    def log(self) -> list[tuple[Cell, ...]]:
        """Vem, Händelse, Tabell, Nyckel, Fält, Före, Efter of each row of the log, which is written last."""
        until = time.monotonic() + 30
        while current.writer().status().log_rows_waiting and time.monotonic() < until:
            time.sleep(0.02)
        sheet = openpyxl.load_workbook(self.data / "vebs.xlsx")["Logg"]
        return [row[1:8] for row in sheet.iter_rows(min_row=2, values_only=True) if row[0]]

    def typed_by_hand(self, sheet: str, name: str, value: Cell) -> None:
        book = openpyxl.load_workbook(self.data / "vebs.xlsx")
        book[sheet][name] = value
        book.save(self.data / "vebs.xlsx")


Make = Callable[..., Kontroll]


@pytest.fixture
def kontroll(visit: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Make]:
    """Opens Kontroll on a small register with the tables given; the writer is at work."""

    def make(*, writing: bool = True, **tables: Any) -> Kontroll:
        data = small(tmp_path / "data", **tables)
        visit.move(data, tmp_path)
        if writing:
            current.writer().start()
        return Kontroll(data, visit("checks"))

    yield make
    current.stop()


def staff(value: Cell) -> list[Any]:
    return [a_part(code, value if code == EKSKOLAN else 40) for code in SCHOOLS]


# --- The form -----------------------------------------------------------------------------------------------


def test_a_cell_is_chosen_by_its_place_and_the_name_of_its_row(kontroll: Make) -> None:
    page = kontroll(parts=staff("femtio"), rounds=PLANNED, rules=[a_rule(1, "Medelnivå", "tre")])

    assert page.choices == ["Regler E2: Gräns för 2021 · 1", PERSONAL]


def test_the_form_says_which_row_what_stands_there_and_what_to_do(kontroll: Make) -> None:
    page = kontroll(parts=staff("femtio")).choose(PERSONAL)

    assert "Personal för 2021 · Ekskolan" in page.said
    assert "Bladet Skolans omgång i vebs. Nu står det **femtio**." in page.said
    assert "Skriv ett heltal." in page.said
    assert (page.field.label, page.field.value) == ("Nytt värde i Personal", "femtio")
    assert {"Spara", "Avbryt"} <= set(page.buttons)


@pytest.mark.parametrize(
    ("tables", "kind", "options"),
    [
        (
            {"schools": [{**a_school(), "Status": "Igång"}], "parts": [a_part()]},
            "selectbox",
            ["Aktiv", "Vilande", "Upphört"],
        ),
        (
            {"rounds": PLANNED, "rules": [a_rule(1, "Medelnivå", 3, "Nionde")]},
            "selectbox",
            [
                "Lämna tomt",
                "Alla",
                "Ledarskap och planering (1)",
                "Digitala verktyg i undervisningen (2)",
            ],
        ),
        ({"rounds": [{**a_round(), "Stänger": "snart"}]}, "date_input", None),
        ({"parts": staff("femtio")}, "text_input", None),
        ({"rounds": PLANNED, "rules": [a_rule(1, "Medelnivå", "tre")]}, "text_input", None),
    ],
)
def test_the_field_fits_the_column(
    kontroll: Make, tables: dict, kind: str, options: list[str] | None
) -> None:
    page = kontroll(**tables)
    page.choose(page.choices[0])

    assert page.field.type == kind
    assert options is None or page.field.options == options


def test_whoever_thinks_better_of_it_leaves_the_cell_as_it_was(kontroll: Make) -> None:
    page = kontroll(parts=staff("femtio"))
    before = page.cells()

    page.choose(PERSONAL).press("correcting_cancel")

    assert "Spara" not in page.buttons
    assert page.cells() == before


def test_nothing_from_a_cell_is_more_than_text(kontroll: Make) -> None:
    page = kontroll(schools=[{**a_school(), "Skola": HOSTILE}], parts=[a_part(EKSKOLAN, HOSTILE)])
    page.choose(page.choices[0])

    said = [box.value for box in (*page.seen.app.markdown, *page.seen.app.subheader)]
    assert any("fet" in text for text in said)
    assert not any(part in text for text in said for part in ("![", "<b>", ":smile:", "$x$"))


# --- Saving -------------------------------------------------------------------------------------------------


def test_a_corrected_cell_stands_in_the_file_and_is_gone_from_the_list(kontroll: Make) -> None:
    page = kontroll(parts=staff("femtio"))
    before = page.cells()

    page.choose(PERSONAL).save("50")

    assert "Sparat. Personal för 2021 · Ekskolan är nu **50**." in page.said
    assert page.cells() == before | {("Skolans omgång", "C2"): 50}
    assert page.listed == []
    assert "Spara" not in page.buttons
    assert page.log() == [
        (
            "unni@example.se",
            "Rättad i Kontroll",
            "Skolans omgång",
            f"2021 · {EKSKOLAN}",
            "Personal",
            "femtio",
            "50",
        )
    ]


@pytest.mark.parametrize(
    ("tables", "value", "place", "stored"),
    [
        ({"rounds": PLANNED, "rules": [a_rule(1, "Medelnivå", "tre")]}, "3,25", ("Regler", "E2"), 3.25),
        (
            {"rounds": [{**a_round(), "Stänger": "snart"}]},
            dt.date(2021, 2, 5),
            ("Omgångar", "C2"),
            dt.datetime.combine(dt.date(2021, 2, 5), dt.time()),
        ),
        ({"rounds": PLANNED, "rules": [a_rule(1, "Medelnivå", 3, "Nionde")]}, 2, ("Regler", "D2"), 2),
        ({"rounds": PLANNED, "rules": [a_rule(1, "Medelnivå", 3, "Nionde")]}, None, ("Regler", "D2"), None),
        (
            {"rounds": PLANNED, "rules": [a_rule(1, "Medelvärde", 3)]},
            "Medelnivå",
            ("Regler", "C2"),
            "Medelnivå",
        ),
    ],
)
def test_each_kind_of_value_is_stored_as_its_kind(
    kontroll: Make, tables: dict, value: Any, place: tuple[str, str], stored: Cell
) -> None:
    page = kontroll(**tables)
    page.choose(page.choices[0]).save(value)

    assert "Sparat." in page.said
    assert page.cell(*place) == stored


def test_what_the_schema_refuses_is_told_beside_the_field_and_not_sent(kontroll: Make) -> None:
    page = kontroll(parts=staff("femtio"))
    before = page.cells()

    page.choose(PERSONAL).save("sextio")

    assert [box.value for box in page.seen.app.error] == ["Skriv ett heltal\\."]
    assert page.field.value == "sextio"
    assert (page.cells(), page.log()) == (before, [])


def test_a_value_that_still_contradicts_another_is_saved_and_told(kontroll: Make) -> None:
    page = kontroll(parts=staff("femtio"))

    page.choose(PERSONAL).save("10")

    assert "Värdet är ändrat men räknas inte ännu. Skolan har 30 svar men bara 10 anställda." in page.said


def test_what_was_saved_can_be_undone_and_that_too(kontroll: Make) -> None:
    page = kontroll(parts=staff("femtio"))
    before = page.cells()
    page.choose(PERSONAL).save("50")

    page.press("correcting_undo")

    assert "Ångrat. I Personal för 2021 · Ekskolan står det **femtio** igen." in page.said
    assert page.cells() == before
    assert page.listed == ["C2"]
    page.press("correcting_undo")
    assert page.cell("Skolans omgång", "C2") == 50
    assert [(row[1], row[5], row[6]) for row in page.log()] == [
        ("Rättad i Kontroll", "femtio", "50"),
        ("Ångrad i Kontroll", "50", "femtio"),
        ("Ångrad i Kontroll", "femtio", "50"),
    ]


# --- When something stands in the way -----------------------------------------------------------------------


@pytest.fixture
def contested(kontroll: Make) -> Kontroll:
    """Somebody typed 52 in the sheet while the form was open, and 50 was saved."""
    page = kontroll(parts=staff("femtio")).choose(PERSONAL)
    page.typed_by_hand("Skolans omgång", "C2", 52)
    return page.save("50")


def test_a_cell_retyped_meanwhile_is_not_overwritten_but_asked_about(contested: Kontroll) -> None:
    assert contested.cell("Skolans omgång", "C2") == 52
    assert "När du öppnade stod det **femtio**" in contested.said
    assert "Nu står det **52**" in contested.said
    assert "Du vill skriva **50**" in contested.said
    assert {"Behåll det som står där", "Skriv mitt värde i stället"} <= set(contested.buttons)


def test_theirs_can_be_kept(contested: Kontroll) -> None:
    contested.press("conflict_keep")

    assert contested.cell("Skolans omgång", "C2") == 52
    assert "Personal för 2021 · Ekskolan står kvar som det var." in contested.said
    assert contested.listed == []
    assert contested.log() == []
    assert "kunde inte sparas" not in contested.said


def test_mine_can_be_written_over_theirs_now_that_it_is_seen(contested: Kontroll) -> None:
    contested.press("conflict_write")

    assert contested.cell("Skolans omgång", "C2") == 50
    assert "Sparat. Personal för 2021 · Ekskolan är nu **50**." in contested.said
    assert [row[5:] for row in contested.log()] == [("52", "50")]
    assert "kunde inte sparas" not in contested.said


def test_a_row_that_is_gone_is_told_in_a_sentence(kontroll: Make) -> None:
    page = kontroll(parts=staff("femtio")).choose(PERSONAL)
    page.typed_by_hand("Skolans omgång", "B2", "33333333")
    page.typed_by_hand("Skolans omgång", "B4", "00000001")

    page.save("50")

    [sentence] = [plain(box.value) for box in page.seen.app.error]
    assert "Skolans omgång" in sentence and sentence.endswith(".")
    assert page.cell("Skolans omgång", "C2") == "femtio"


def test_what_can_not_be_written_just_now_is_received_and_saved_later(
    kontroll: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(correcting_desk, "PATIENCE", 0.0)
    page = kontroll(writing=False, parts=staff("femtio")).choose(PERSONAL).save("50")

    assert "Mottaget – sparas så snart kalkylbladet går att skriva i." in page.said
    assert "**1 ändring väntar på att sparas**" in page.said
    assert page.cell("Skolans omgång", "C2") == "femtio"

    current.writer().start()
    desk = page.seen.app.session_state["correcting_desk"]
    [change] = desk.received
    current.writer().outcome(change.id, 10.0)
    page.seen.again()

    assert "Sparat. Personal för 2021 · Ekskolan är nu **50**." in page.said
    assert "Inget väntar på att sparas." in page.said
    assert page.cell("Skolans omgång", "C2") == 50


# --- How reading and saving goes ----------------------------------------------------------------------------


def test_a_quiet_day_is_told_in_words(kontroll: Make) -> None:
    page = kontroll()

    assert "Läsning och sparande" in page.seen.headings
    assert "Inget väntar på att sparas." in page.said
    assert "Inget fel sedan tjänsten startade." in page.said
    assert "Kalkylbladen lästes senast " in page.said
    assert not page.seen.app.get("progress"), "files have no quota"
    assert "Rätta här" not in page.seen.headings


def test_without_room_for_an_outbox_all_can_be_read_and_why_nothing_is_saved_is_told(
    kontroll: Make, tmp_path: Path
) -> None:
    (tmp_path / "outbox").write_text("in the way", "utf-8")

    page = kontroll(writing=False, parts=staff("femtio"))

    assert page.listed == ["C2"]
    [sentence] = [plain(box.value) for box in page.seen.app.error]
    assert sentence.endswith(".") and "Något gick fel" not in sentence


def test_what_can_only_be_mended_in_the_sheet_is_counted(kontroll: Make) -> None:
    page = kontroll(
        schools=[*(a_school(*one) for one in SCHOOLS.items()), a_school("99", "Kort kod")],
        parts=staff("femtio"),
    )

    assert page.choices == [PERSONAL]
    assert "1 rad kan bara rättas i kalkylbladet." in page.said
