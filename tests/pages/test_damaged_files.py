"""A file that can't be read is one sentence; the rest works, and what was read before stays."""

from pathlib import Path

import openpyxl
import pytest

from tests.pages.registers import small
from tests.pages.visiting import TITLES, Opener, Visit
from tests.people import EKSKOLAN

KEPT = "Det som visas är från den senaste läsningen."


def lose(path: Path) -> None:
    path.unlink()


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def replace_by_a_letter(path: Path) -> None:
    path.write_text("Hej Unni!\nHär kommer siffrorna.\n", "utf-8")


def replace_by_a_foreign_workbook(path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["Fastighet", "Yta"])
    book.save(path)


UNREADABLE = [lose, truncate, empty, replace_by_a_letter]
every_damage = pytest.mark.parametrize("damage", UNREADABLE, ids=lambda damage: damage.__name__)


def warnings(seen: Visit) -> list[str]:
    return [one.value.replace("\\", "") for one in seen.app.warning]


# --- Damaged from the start --------------------------------------------------------------------------


@every_damage
def test_without_the_register_nobody_gets_in_and_is_told_why(visit: Opener, tmp_path: Path, damage) -> None:
    data = small(tmp_path / "data")
    damage(data / "vebs.xlsx")
    visit.move(data, tmp_path)
    for page in ("start", "overview", "school"):
        text = visit(page).text
        assert "Behörigheterna går inte att läsa just nu. Filen vebs.xlsx" in text
        assert "Ekskolan" not in text
    assert visit("about", "").h1 == "Om tjänsten"


@every_damage
def test_on_a_trusted_computer_every_page_says_that_the_register_cannot_be_read(
    visit: Opener, tmp_path: Path, damage
) -> None:
    data = small(tmp_path / "data")
    damage(data / "vebs.xlsx")
    visit.move(data, tmp_path).trust_this_computer()
    for page in ("start", "areas", "checks"):
        seen = visit(page)
        assert seen.h1 == TITLES.get(page, "Hej Unni!")
        assert [text.startswith("Filen vebs.xlsx ") for text in warnings(seen)] == [True]
        assert not seen.app.error and not seen.app.success
    assert visit("checks").metrics["Oläsliga filer"] == "1"


@every_damage
def test_without_a_rounds_answers_that_round_is_empty_and_the_others_are_shown(
    visit: Opener, tmp_path: Path, damage
) -> None:
    data = small(tmp_path / "data")
    damage(data / "svar-2021.xlsx")
    visit.move(data, tmp_path)
    seen = visit("school", skola=EKSKOLAN)
    [warning] = warnings(seen)
    assert warning.startswith("Filen svar-2021.xlsx ") and KEPT not in warning
    assert seen.metrics["Svar"] == "0 av 40"
    assert any(text.startswith("Visas inte: färre än 5 svar.") for text in seen.alerts)


def test_a_foreign_workbook_is_a_list_of_missing_sheets_and_not_trouble(
    visit: Opener, tmp_path: Path
) -> None:
    data = small(tmp_path / "data")
    replace_by_a_foreign_workbook(data / "svar-2021.xlsx")
    seen = visit.move(data, tmp_path)("checks")
    assert not seen.app.warning
    [row] = seen.table("Gör så här").to_dict("records")
    assert (row["Blad"], row["Fel"]) == ("svar-2021: Svar", "Blad saknas")
    assert visit("overview").metrics["Svar"] == "0"


# --- Damaged while people look -----------------------------------------------------------------------


@every_damage
@pytest.mark.parametrize("file", ["vebs.xlsx", "svar-2021.xlsx"])
def test_what_was_read_before_is_kept_and_it_is_said(
    visit: Opener, tmp_path: Path, damage, file: str
) -> None:
    data = small(tmp_path / "data")
    seen = visit.move(data, tmp_path)("school", skola=EKSKOLAN)
    before = seen.text
    whole = (data / file).read_bytes()
    damage(data / file)
    visit.a_second_later(seen)
    [warning] = warnings(seen)
    assert warning.startswith(f"Filen {file} ") and warning.endswith(KEPT)
    assert seen.text.replace(warning, "").split() == before.split()
    (data / file).write_bytes(whole)
    assert warnings(visit.a_second_later(seen)) == []


def test_a_saved_change_is_there_at_the_next_look(visit: Opener, tmp_path: Path) -> None:
    data = small(tmp_path / "data")
    seen = visit.move(data, tmp_path)("school", skola=EKSKOLAN)
    assert seen.metrics["Svar"] == "30 av 40"
    book = openpyxl.load_workbook(data / "vebs.xlsx")
    book["Skolans omgång"]["C2"] = 60
    book.save(data / "vebs.xlsx")
    assert visit.a_second_later(seen).metrics["Svar"] == "30 av 60"
    assert seen.metrics["Svarsfrekvens"] == "50\N{NO-BREAK SPACE}%"
