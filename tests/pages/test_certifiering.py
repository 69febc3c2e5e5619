"""Certifiering: figures on the right side of their lines, and a simulator that changes nothing."""

from pathlib import Path

import pytest

from services.certifying import LINES_TO_TRY
from tests.pages.registers import small
from tests.pages.visiting import Opener, Visit
from tests.people import BJORKSKOLAN, EKSKOLAN, RONNBARSSKOLAN, a_rule, answers, register_sheets, save

LEVEL = "line_2021_2021_1"
OUTCOMES = ("Uppfyller", "Nära", "Inte ännu", "Underlag saknas")
CANDIDATES = [
    "Almgårdsskolan",
    "Asklundsskolan",
    "Hasselbacksskolan",
    "Hermodsdalsskolan",
    "Mellersta Förstadsskolan",
    "Olvonskolan",
    "Oxievångsskolan",
    "Rönnbärsskolan",
    "Slånbärsskolan",
]


def number(text: str) -> float:
    return float(text.replace(",", ".").replace("\N{NO-BREAK SPACE}", "").rstrip("%"))


def would(seen: Visit, heading: str) -> list[str]:
    """The schools that would come in, or fall out."""
    [line] = [text for text in seen.text.splitlines() if text.startswith(f"**{heading}:** ")]
    names = line.removeprefix(f"**{heading}:** ").replace(" och ", ", ")
    return [] if names == "ingen" else names.split(", ")


# --- What the lines say ------------------------------------------------------------------------------


def test_the_nine_candidates_are_listed_by_name_with_every_figure(visit: Opener) -> None:
    seen = visit("certification")
    table = seen.table("Läge")
    assert list(table["Skola"]) == CANDIDATES
    assert list(table.columns) == [
        "Skola",
        "Läge",
        *(f"Nivå {area}" for area in range(1, 6)),
        "Svarsfrekvens",
        "Antal svar",
    ]
    assert all(number(cell) >= 3 for area in range(1, 6) for cell in table[f"Nivå {area}"])
    assert [seen.metrics[name] for name in OUTCOMES] == ["9", "8", "59", "2"]


def test_no_unmet_figure_looks_as_if_it_reached_its_line(visit: Opener) -> None:
    near = visit("certification").table("Avstånd")
    assert len(near) >= 8
    for row in near.to_dict("records"):
        assert number(row["Skolan"]) < number(row["Gräns"])
        assert row["Avstånd"].startswith("−") and row["Avstånd"].strip("−0,") != ""


@pytest.mark.parametrize(
    ("line", "levels", "said", "written", "distance"),
    [
        (3.0, [3] * 299 + [2], "2,997", "3,0", "−0,003"),
        (3.0, [3] * 36 + [2] * 4, "2,90", "3,0", "−0,10"),
        (3.05, [3] * 38 + [4] * 2, "3,05", "3,05", "+0,00"),
        (2.975, [3] * 39 + [2], "2,98", "2,975", "+0,00"),
        (2.9751, [3] * 39 + [2], "2,975", "2,9751", "−0,0001"),
    ],
)
def test_a_level_close_to_its_line_has_the_decimals_it_takes(
    visit: Opener, tmp_path: Path, line: float, levels: list[int], said: str, written: str, distance: str
) -> None:
    rows = [row for level in levels for row in answers(1, EKSKOLAN, L=level, U=4)]
    rules = [a_rule(1, "Medelnivå", line)]
    visit.move(save(tmp_path / "data", register_sheets(rows, staff=500, rules=rules)), tmp_path)
    first = visit("certification", skola=EKSKOLAN).table("Uppfyllt").iloc[0]
    assert (first["Skolan"], first["Gräns"], first["Avstånd"]) == (said, written, distance)
    assert (first["Uppfyllt"] == "Ja") == (number(first["Skolan"]) >= number(first["Gräns"]))


def test_a_response_rate_just_under_its_line_is_not_rounded_up_to_it(visit: Opener, tmp_path: Path) -> None:
    rules = [a_rule(1, "Svarsfrekvens", 0.7, None)]
    data = small(tmp_path / "data", answered=139, staff=199, rules=rules)
    row = visit.move(data, tmp_path)("certification", skola=EKSKOLAN).table("Uppfyllt").iloc[0]
    assert (row["Skolan"], row["Gräns"], row["Uppfyllt"]) == (
        "69,8\N{NO-BREAK SPACE}%",
        "70\N{NO-BREAK SPACE}%",
        "Nej",
    )
    assert row["Avstånd"] == "−0,2\N{NO-BREAK SPACE}%-enh."


# --- The simulator -----------------------------------------------------------------------------------


def test_the_simulator_begins_at_the_rules_lines_and_moves_nobody(visit: Opener) -> None:
    seen = visit("certification")
    assert seen.app.selectbox(key=LEVEL).value == 3.0
    assert "**9 skolor** uppfyller alla kriterier med de här gränserna." in seen.text
    assert would(seen, "Kommer med") == would(seen, "Faller bort") == []


def test_the_simulator_names_who_falls_out_and_who_comes_in(visit: Opener) -> None:
    seen = visit("certification")
    levels = seen.table("Läge").set_index("Skola")[[f"Nivå {area}" for area in range(1, 6)]]
    seen.app.selectbox(key=LEVEL).set_value(3.2).run()
    fall = would(seen, "Faller bort")
    assert fall == [name for name in CANDIDATES if min(map(number, levels.loc[name])) < 3.2]
    assert f"**{len(CANDIDATES) - len(fall)} skolor** uppfyller" in seen.text or len(fall) == 8
    seen.app.selectbox(key=LEVEL).set_value(2.9).run()
    assert would(seen, "Faller bort") == []
    assert set(would(seen, "Kommer med")) >= {"Ekskolan", "Svalgårdsskolan"}


def test_the_simulator_changes_neither_verdicts_nor_files(visit: Opener, register: Path) -> None:
    files = {path.name: path.read_bytes() for path in register.iterdir() if path.is_file()}
    seen = visit("certification")
    before = {name: seen.metrics[name] for name in OUTCOMES}, seen.table("Läge")
    seen.app.selectbox(key=LEVEL).set_value(4.0).run()
    assert "**0 skolor** uppfyller alla kriterier med de här gränserna." in seen.text
    assert {name: seen.metrics[name] for name in OUTCOMES} == before[0]
    assert seen.table("Läge").equals(before[1])
    assert {path.name: path.read_bytes() for path in register.iterdir() if path.is_file()} == files
    other = visit("certification", "rut")
    assert other.app.selectbox(key=LEVEL).value == 3.0


def test_lines_tried_in_one_round_do_not_follow_to_another(visit: Opener) -> None:
    seen = visit("certification")
    seen.app.selectbox(key=LEVEL).set_value(2.0).run()
    seen.choose("omgang", "2020")
    assert seen.app.selectbox(key="line_2020_2021_1").value == 3.0


@pytest.mark.parametrize("line", [2.0, 3.0, 3.02, 3.9])
def test_the_heading_of_the_curve_counts_what_the_rules_count(
    visit: Opener, tmp_path: Path, line: float
) -> None:
    """Lines that the curve does not try are counted too."""
    rows = [row for code in (EKSKOLAN, BJORKSKOLAN, RONNBARSSKOLAN) for row in answers(20, code, L=3, U=3)]
    rules = [a_rule(1, "Medelnivå", line)]
    visit.move(save(tmp_path / "data", register_sheets(rows, rules=rules)), tmp_path)
    seen = visit("certification")
    count = 3 if line <= 3 else 0
    written = f"{line:.2f}".removesuffix("0").replace(".", ",")
    assert f"Med gränsen {written} uppfyller {count} skolor alla kriterier" in seen.headings
    assert seen.metrics["Uppfyller"] == str(count)


def test_the_table_of_the_curve_has_each_line_once(visit: Opener) -> None:
    table = visit("certification").table("Skolor")
    assert len(table) == table["Gräns"].nunique() == len(LINES_TO_TRY)
    assert list(table["Gräns"])[:3] == ["2,4", "2,45", "2,5"]
    counts = [int(cell) for cell in table["Skolor"]]
    assert counts == sorted(counts, reverse=True)


def test_whoever_may_not_simulate_sees_her_school_only(visit: Opener) -> None:
    seen = visit("certification", "petra")
    assert seen.headings == ["En skola, kriterium för kriterium", "Ansökningar"]
    assert "**Ekskolan** är nära att uppfylla alla kriterier." in seen.text
    assert not seen.charts and len(seen.tables) == 1
