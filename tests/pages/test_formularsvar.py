"""Formulärsvar: an export of a form, from the file to the sheet, and everything that may be wrong with it."""

import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

from pages.components import current
from tests.forms.exports import (
    IDS,
    STATEMENTS,
    a_forms_round,
    a_town,
    as_csv,
    as_grid,
    by_sections,
    in_english,
    some_answers,
)
from tests.pages.registers import DEMO_DAY
from tests.pages.visiting import REFUSED, Opener, Visit, plain
from tests.people import SCHOOLS, Row, a_round, save

ANSWERS = some_answers()
GRID = as_grid(ANSWERS, SCHOOLS)
REWORDED = {"L1": STATEMENTS["L1"].replace(" ", " verkligen ", 1)}


class Page:
    """The page, as Unni works with it."""

    def __init__(self, data: Path, seen: Visit) -> None:
        self.data, self.seen = data, seen

    def choose(self, content: bytes, name: str = "svar.csv") -> "Page":
        self.seen.app.file_uploader[0].set_value((name, content, "text/csv")).run()
        self.seen.checked()
        return self

    def press(self, button: str) -> "Page":
        self.seen.app.button(key=button).click().run()
        self.seen.checked()
        return self

    def say(self, column: str, meaning: str | None) -> "Page":
        box = next(one for one in self.seen.app.selectbox if one.label.startswith(f"Kolumn {column}:"))
        box.set_value(meaning)
        return self

    @property
    def columns_asked(self) -> list[str]:
        return [one.label.split(":")[0] for one in self.seen.app.selectbox if one.label.startswith("Kolumn")]

    @property
    def buttons(self) -> list[str]:
        return [one.label for one in self.seen.app.button]

    @property
    def errors(self) -> list[str]:
        return [plain(one.value) for one in self.seen.app.error]

    @property
    def counts(self) -> list[str]:
        """New, already there, doubled, refused."""
        return list(self.seen.metrics.values())

    @property
    def held(self) -> bool:
        """Whether the session still has anybody's answers."""
        desk = self.seen.app.session_state["forms_desk"]
        return desk.export is not None or desk.uploaded is not None or desk.looked is not None

    def rows(self) -> list[tuple[Any, ...]]:
        """School and levels of every row in the sheet, in some order of their own."""
        path = self.data / "svar-2021.xlsx"
        if not path.exists():
            return []
        sheet = openpyxl.load_workbook(path)["Svar"]
        headers, *rows = sheet.iter_rows(values_only=True)
        told = [dict(zip(headers, row, strict=True)) for row in rows if any(row)]
        return sorted((str(row["Skolenhetskod"]), *(int(row[id_] or 0) for id_ in IDS)) for row in told)

    def log(self) -> list[tuple[Any, ...]]:
        """Vem, Händelse, Nyckel, Före, Efter."""
        sheet = openpyxl.load_workbook(self.data / "vebs.xlsx")["Logg"]
        found = [row for row in sheet.iter_rows(min_row=2, values_only=True) if row[0]]
        return [(row[1], row[2], row[4], row[6], row[7]) for row in found]


Make = Callable[..., Page]


@pytest.fixture
def forms(visit: Opener, tmp_path: Path) -> Iterator[Make]:
    """Opens the page on a town whose round 2021 is answered in Google Forms."""

    def make(status: str = "Stängd", who: str = "unni", **tables: Any) -> Page:
        data = save(tmp_path / "data", a_town(status, settings=[DEMO_DAY], **tables))
        visit.move(data, tmp_path)
        current.writer().start()
        return Page(data, visit("forms", who))

    yield make
    current.stop()


def contents(answers: Sequence[Row]) -> list[tuple[Any, ...]]:
    return sorted((str(row["Skolenhetskod"]), *(int(row[id_] or 0) for id_ in IDS)) for row in answers)


@pytest.mark.parametrize(
    ("content", "name"),
    [(GRID, "svar.csv"), (by_sections(ANSWERS, SCHOOLS), "svar.csv"), (in_english(ANSWERS), "svar.xlsx")],
    ids=["a grid", "sections", "in English"],
)
def test_an_export_is_looked_at_and_then_taken_in_once_and_logged(
    forms: Make, content: bytes, name: str
) -> None:
    page = forms().choose(content, name)
    assert page.counts == [str(len(ANSWERS)), "0", "0", "0"]
    assert page.rows() == []

    if page.columns_asked:
        page.press("forms_confirm")
    page.press("forms_take_in")

    assert page.rows() == contents(ANSWERS)
    assert f"{len(ANSWERS)} svar är inlästa till omgång 2021. 0 fanns redan." in page.seen.alerts
    assert "publicera omgången under Självskattning" in page.seen.text
    assert page.log() == [
        ("unni@example.se", "Läste in svar från Google Forms", "2021", "0", str(len(ANSWERS)))
    ]


def test_the_same_file_again_changes_nothing_and_says_so(forms: Make) -> None:
    page = forms().choose(GRID).press("forms_take_in")
    before = page.rows()

    page.choose(GRID)

    assert page.counts[:2] == ["0", str(len(ANSWERS))]
    assert "Alla svar i filen finns redan. Det finns inget att läsa in." in page.seen.alerts
    assert "Läs in svaren" not in page.buttons
    assert page.rows() == before and len(page.log()) == 1


def test_a_second_click_of_an_impatient_hand_does_nothing_more(forms: Make) -> None:
    page = forms().choose(GRID)
    button = page.seen.app.button(key="forms_take_in")
    button.click().run()

    # The browser had sent the second click before the page had changed.
    page.seen.app._run(button.click().root.get_widget_states())

    assert page.rows() == contents(ANSWERS) and len(page.log()) == 1
    assert page.errors == []


def test_a_longer_export_of_a_later_day_adds_what_is_new(forms: Make) -> None:
    page = forms().choose(as_grid(ANSWERS[:20], SCHOOLS)).press("forms_take_in").choose(GRID)

    assert page.counts[:2] == [str(len(ANSWERS) - 20), "20"]
    assert page.press("forms_take_in").rows() == contents(ANSWERS)


def test_a_reworded_question_is_asked_about_with_the_reason_and_remembered(forms: Make) -> None:
    page = forms().choose(in_english(ANSWERS, REWORDED), "svar.xlsx")

    assert "Kolumn D" in page.columns_asked
    assert "% lik frågan L1: " in page.seen.text
    assert "Läs in svaren" not in page.buttons
    page.press("forms_confirm")
    assert page.press("forms_take_in").rows() == contents(ANSWERS)

    page.choose(in_english(ANSWERS, REWORDED), "svar.xlsx")
    assert "Alla kolumner är kopplade." in page.seen.text
    assert "Bekräftad vid en tidigare inläsning" in page.seen.text


def test_what_was_confirmed_by_mistake_can_be_changed_before_anything_is_taken_in(forms: Make) -> None:
    page = forms().choose(in_english(ANSWERS, REWORDED), "svar.xlsx").say("D", "-").press("forms_confirm")
    assert "1 fråga i omgången finns inte i filen: L1. Den får inga svar." in page.seen.alerts

    page.say("D", "L1").press("forms_confirm").press("forms_take_in")

    assert page.rows() == contents(ANSWERS)


def test_without_a_school_any_column_may_be_it(forms: Make) -> None:
    names = dict.fromkeys(SCHOOLS, "vår skola")
    page = forms().choose(by_sections(ANSWERS, names).replace(b"Vilken skola arbetar du p\xc3\xa5?", b"Var"))

    assert "Ingen kolumn ser ut att vara skolan. Välj vilken det är, och bekräfta." in page.seen.text
    assert page.columns_asked == ["Kolumn B"]
    assert "Läs in svaren" not in page.buttons

    page.say("B", "Skola").press("forms_confirm")

    assert page.counts[3] == str(len(ANSWERS))
    assert "Skolan finns inte i bladet Skolor." in page.seen.text


def test_what_no_option_is_is_not_listened_to(forms: Make) -> None:
    page = forms().choose(in_english(ANSWERS, REWORDED), "svar.xlsx")
    states = page.seen.app._tree.get_widget_states()
    box = next(one for one in page.seen.app.selectbox if one.label.startswith("Kolumn D"))
    for state in states.widgets:
        if state.id == box.id:
            state.string_value = "Lösenord"
        if "forms_confirm" in state.id:
            state.trigger_value = True
    page.seen.app._run(states)

    assert "Lösenord" not in page.seen.text
    assert "Läs in svaren" not in page.buttons


def test_rows_and_cells_that_are_refused_are_listed_with_the_reason(forms: Make) -> None:
    rows: list[list[object]] = [["Tidstämpel", "Skola", *(STATEMENTS[id_] for id_ in IDS)]]
    first = ["2021-01-12 09.14.33", "Ekskolan", *(3 for _ in IDS)]
    rows += [first, first, ["2021-01-12 09.15.00", "Månskolan", *(3 for _ in IDS)]]
    rows += [["2021-01-12 09.16.00", "Ekskolan", *("" for _ in IDS)]]
    rows += [["2021-01-12 09.17.00", "Ekskolan", "kanske", *(3 for _ in IDS[1:])]]
    page = forms().choose(as_csv(rows))

    assert page.counts == ["2", "0", "1", "2"]
    tables = [table for table in page.seen.tables if "Varför" in table and "Rad i filen" in table]
    assert [tuple(row) for row in tables[0].to_numpy()] == [
        ("4", "Skolan finns inte i bladet Skolor."),
        ("5", "Raden har ingen nivå alls, så den räknas inte."),
    ]
    cells = page.seen.table("Cell i filen")
    assert cells["Cell i filen"].tolist() == ["C6"] and cells["Står det"].tolist() == ["kanske"]


def test_nobodys_level_is_shown(forms: Make) -> None:
    """A row that gives one question two levels is told of without them."""
    headers = ["Tidstämpel", "Skola", *(STATEMENTS[id_] for id_ in IDS), f"{STATEMENTS['L1']} "]
    row = ["2021-01-12 09.14.33", "Ekskolan", *("2 – Aktiverad" for _ in IDS), "3 – Trygg"]
    page = forms().choose(as_csv([headers, row]))

    cells = page.seen.table("Cell i filen")
    assert cells["Varför"].tolist() == ["Frågan L1 har flera olika svar på samma rad."]
    assert cells["Står det"].tolist() == [""]
    assert "Trygg" not in page.seen.text.replace("minst Trygg", "")


def test_while_the_round_is_open_it_can_only_be_looked_at(forms: Make) -> None:
    page = forms("Öppen")
    assert "Omgången är öppen." in page.seen.text

    page.choose(GRID)

    assert page.counts[0] == str(len(ANSWERS))
    assert "Svaren läses in först när alla har svarat" in page.seen.text
    assert "Läs in svaren" not in page.buttons
    assert page.rows() == []


def test_a_round_that_is_published_meanwhile_takes_nothing_in(forms: Make) -> None:
    page = forms().choose(GRID)
    book = openpyxl.load_workbook(page.data / "vebs.xlsx")
    sheet = book["Omgångar"]
    [status] = [cell for row in sheet.iter_rows() for cell in row if cell.value == "Stängd"]
    status.value = "Publicerad"
    book.save(page.data / "vebs.xlsx")

    page.press("forms_take_in")

    assert page.rows() == []
    assert any("publicerad" in sentence for sentence in [*page.errors, *page.seen.alerts])


@pytest.mark.parametrize(
    ("tables", "sentence"),
    [
        ({"rounds": [a_round("2021", "Stängd")]}, "Ingen omgång väntar på svar från Google Forms."),
        ({"rounds": [a_forms_round("Publicerad")]}, "En publicerad omgång tar inte emot fler."),
        ({"rounds": []}, "Skriv Google Forms i kolumnen Svarsform"),
    ],
    ids=["answered in the app", "published", "no round"],
)
def test_without_such_a_round_the_page_says_what_to_do(
    forms: Make, tables: dict[str, Any], sentence: str
) -> None:
    page = forms(answered=[], **tables)

    assert any(sentence in alert for alert in page.seen.alerts)
    assert len(page.seen.app.file_uploader) == 0


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 50_000_000)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "tom.csv"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "bild.png"),
        (b"PK\x03\x04skrot", "svar.xlsx"),
        (bomb(), "svar.xlsx"),
        (b"<html><script>alert(1)</script>", "<img src=x onerror=alert(1)>.csv"),
        (b"Namn;Betyg\nSiri;3\n", "betyg.csv"),
        (b"PK\x03\x04", "svar.zip"),
        (b'Tidst\xe4mpel;Skola\n"' + b"x" * 200_000, "svar.csv"),
    ],
    ids=["empty", "a picture", "damaged", "a bomb", "a script", "something else", "packed", "unended"],
)
def test_any_other_file_is_refused_in_a_sentence_and_let_go_of(
    forms: Make, content: bytes, name: str
) -> None:
    page = forms().choose(content, name)

    [sentence] = page.errors
    assert sentence.startswith(("Filen ", "Kalkylbladet "))
    assert "Traceback" not in page.seen.text
    assert not page.held
    assert len(page.seen.app.file_uploader) == 1


def test_hostile_headers_are_only_text(forms: Make) -> None:
    hostile = "![x](https://example.com/x.png) <b>fet</b> :smile: $x$"
    headers = ["Tidstämpel", "Skola", *(STATEMENTS[id_] for id_ in IDS), hostile]
    page = forms().choose(as_csv([headers, ["2021-01-12 09.14.33", "Ekskolan", *(3 for _ in range(9))]]))

    [label] = [one.label for one in page.seen.app.selectbox if one.label.startswith("Kolumn K")]
    assert "![x](" not in label and "\\!\\[x\\]" in label


def test_nothing_of_the_file_is_kept_longer_than_it_is_worked_with(
    forms: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    removed: list[str] = []
    monkeypatch.setattr(
        MemoryUploadedFileManager, "remove_file", lambda self, session_id, file_id: removed.append(file_id)
    )
    page = forms().choose(GRID)
    assert page.held and len(removed) == 1

    assert not page.press("forms_put_away").held
    assert not page.choose(GRID).press("forms_take_in").held

    page.choose(GRID)
    page.seen.go("checks", som="unni")
    assert "forms_desk" not in page.seen.app.session_state
    assert len(removed) == 3


@pytest.mark.parametrize("who", ["petra", "siri", "rut", "frida", "nils", ""])
def test_nobody_but_the_unit_comes_to_the_page(forms: Make, who: str) -> None:
    page = forms(who=who)

    assert page.seen.h1 == REFUSED
    assert len(page.seen.app.file_uploader) == 0


def test_whoever_loses_her_role_meanwhile_takes_nothing_in(forms: Make) -> None:
    page = forms().choose(GRID)
    book = openpyxl.load_workbook(page.data / "vebs.xlsx")
    for row in book["Behörigheter"].iter_rows(min_row=2):
        if row[0].value == "unni@example.se":
            row[0].value = "annan@example.se"
    book.save(page.data / "vebs.xlsx")
    current.shared_copy().renew()

    page.press("forms_take_in")

    assert page.seen.h1 == REFUSED
    assert page.rows() == []
